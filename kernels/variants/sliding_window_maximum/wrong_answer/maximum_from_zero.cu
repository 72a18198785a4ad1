/* judge:
expect = "WA"
case = "sliding_window_maximum/negative@n=1000"

[[launch]]
entry = "largest_of_window"
grid = "ceil_div(n - k + 1, 256)"
block = "256"
arguments = ["numbers", "n", "k", "maxima"]
*/

// A maximum that begins at 0: nothing negative is ever the largest.
extern "C" __global__ void largest_of_window(const int* numbers, int n, int k, int* maxima)
{
    int window = blockIdx.x * blockDim.x + threadIdx.x;
    if (window > n - k) {
        return;
    }
    int largest = 0;
    for (int offset = 0; offset < k; ++offset) {
        largest = max(largest, numbers[window + offset]);
    }
    maxima[window] = largest;
}

/* judge:
expect = "RE"
fault = "out_of_bounds"
case = "sliding_window_maximum/random@n=1000"

[[launch]]
entry = "largest_of_window"
grid = "ceil_div(n - k + 1, 256)"
block = "256"
arguments = ["numbers", "n", "k", "maxima"]
*/

// `<=` for `<`: the last window reads one integer behind the last.
extern "C" __global__ void largest_of_window(const int* numbers, int n, int k, int* maxima)
{
    int window = blockIdx.x * blockDim.x + threadIdx.x;
    if (window > n - k) {
        return;
    }
    int largest = numbers[window];
    for (int offset = 1; offset <= k; ++offset) {
        largest = max(largest, numbers[window + offset]);
    }
    maxima[window] = largest;
}

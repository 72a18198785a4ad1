/* judge:
expect = "RE"
fault = "misaligned"
case = "sliding_window_maximum/random@n=1000,k=100"

[[launch]]
entry = "largest_of_window"
grid = "ceil_div(n - k + 1, 256)"
block = "256"
arguments = ["numbers", "n", "k", "maxima"]
*/

// Two integers at a time: every second window begins in the middle of a pair, where no pair may be loaded from.
extern "C" __global__ void largest_of_window(const int* numbers, int n, int k, int* maxima)
{
    int window = blockIdx.x * blockDim.x + threadIdx.x;
    if (window > n - k) {
        return;
    }
    int largest = numbers[window + k - 1];
    for (int offset = 0; offset + 1 < k; offset += 2) {
        int2 pair = *(const int2*)(numbers + window + offset);
        largest = max(largest, max(pair.x, pair.y));
    }
    maxima[window] = largest;
}

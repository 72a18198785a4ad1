/* judge:
expect = "AC"
growth = "n^2"

[[launch]]
entry = "largest_of_window"
grid = "ceil_div(n - k + 1, 256)"
block = "256"
arguments = ["numbers", "n", "k", "maxima"]
*/

// The definition, word by word: every thread reads the k integers of its window. Neighbours read nearly the same ones, so
// that an integer is fetched k times, if mostly from a cache.
extern "C" __global__ void largest_of_window(const int* numbers, int n, int k, int* maxima)
{
    int window = blockIdx.x * blockDim.x + threadIdx.x;
    if (window > n - k) {
        return;
    }
    int largest = numbers[window];
    for (int offset = 1; offset < k; ++offset) {
        largest = max(largest, numbers[window + offset]);
    }
    maxima[window] = largest;
}

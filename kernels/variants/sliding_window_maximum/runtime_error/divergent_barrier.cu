/* judge:
expect = "RE"
fault = "divergent_barrier"
case = "sliding_window_maximum/random@n=1000,k=100"

[[launch]]
entry = "largest_of_window"
grid = "ceil_div(n - k + 1, 256)"
block = "256"
arguments = ["numbers", "n", "k", "maxima"]
*/

// Only threads that have a window wait for the tile; where the windows end in the middle of a warp, half of it does.
enum : int { WINDOWS = 256, MOST = 256 };

extern "C" __global__ void largest_of_window(const int* numbers, int n, int k, int* maxima)
{
    __shared__ int tile[WINDOWS + MOST];
    int first = blockIdx.x * WINDOWS;
    int window = first + threadIdx.x;
    for (int place = threadIdx.x; place < WINDOWS + MOST; place += WINDOWS) {
        tile[place] = first + place < n ? numbers[first + place] : -2147483647 - 1;
    }
    if (window <= n - k) {
        __syncthreads();
        int largest = tile[threadIdx.x];
        for (int offset = 1; offset < min(k, (int)MOST); ++offset) {
            largest = max(largest, tile[threadIdx.x + offset]);
        }
        maxima[window] = largest;
    }
}

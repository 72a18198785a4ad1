/* judge:
expect = "RE"
fault = "missing_wait"
case = "sliding_window_maximum/random@n=1000,k=100"

[[launch]]
entry = "largest_of_window"
grid = "ceil_div(n - k + 1, 256)"
block = "256"
arguments = ["numbers", "n", "k", "maxima"]
*/

// The tile is copied asynchronously, and nobody waits for the copy: a barrier is not enough.
enum : int { WINDOWS = 256, MOST = 256 };

__device__ void copy_later(int* shared, const int* global)
{
    unsigned to = (unsigned)__cvta_generic_to_shared(shared);
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4;" ::"r"(to), "l"(global) : "memory");
}

extern "C" __global__ void largest_of_window(const int* numbers, int n, int k, int* maxima)
{
    __shared__ int tile[WINDOWS + MOST];
    int first = blockIdx.x * WINDOWS;
    int window = first + threadIdx.x;
    for (int place = threadIdx.x; place < WINDOWS + MOST; place += WINDOWS) {
        tile[place] = -2147483647 - 1;
        if (first + place < n) {
            copy_later(&tile[place], &numbers[first + place]);
        }
    }
    asm volatile("cp.async.commit_group;" ::: "memory");
    __syncthreads();
    int largest = tile[threadIdx.x];
    for (int offset = 1; offset < min(k, (int)MOST); ++offset) {
        largest = max(largest, tile[threadIdx.x + offset]);
    }
    if (window <= n - k) {
        maxima[window] = largest;
    }
}

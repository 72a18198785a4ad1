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

// The shared tile, where only threads that have a window wait for a piece: where the windows end in the middle of a warp, some of
// it are at the first barrier while the others have gone on to the second.
enum : int { WINDOWS = 256, PIECE = 256 };

extern "C" __global__ void largest_of_window(const int* numbers, int n, int k, int* maxima)
{
    __shared__ int tile[WINDOWS + PIECE];
    int first = blockIdx.x * WINDOWS;
    int window = first + threadIdx.x;
    int largest = -2147483647 - 1;
    for (int piece = 0; piece < k; piece += PIECE) {
        for (int place = threadIdx.x; place < WINDOWS + PIECE; place += WINDOWS) {
            int index = first + piece + place;
            tile[place] = index < n ? numbers[index] : -2147483647 - 1;
        }
        if (window <= n - k) {
            __syncthreads();
            int length = min(PIECE, k - piece);
            for (int offset = 0; offset < length; ++offset) {
                largest = max(largest, tile[threadIdx.x + offset]);
            }
        }
        __syncthreads();
    }
    if (window <= n - k) {
        maxima[window] = largest;
    }
}

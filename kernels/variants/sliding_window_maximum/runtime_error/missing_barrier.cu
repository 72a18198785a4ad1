/* judge:
expect = "RE"
fault = "shared_race"
case = "sliding_window_maximum/random@n=2000,k=600"

[[launch]]
entry = "largest_of_window"
grid = "ceil_div(n - k + 1, 256)"
block = "256"
arguments = ["numbers", "n", "k", "maxima"]
*/

// The shared tile without its second barrier: a warp that is ahead loads the next piece while another still reads this one. On
// most devices that goes well most of the time.
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
        __syncthreads();
        int length = min(PIECE, k - piece);
        for (int offset = 0; offset < length; ++offset) {
            largest = max(largest, tile[threadIdx.x + offset]);
        }
    }
    if (window <= n - k) {
        maxima[window] = largest;
    }
}

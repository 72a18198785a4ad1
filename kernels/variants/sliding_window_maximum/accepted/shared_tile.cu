/* judge:
expect = "AC"
growth = "n^2"

[[launch]]
entry = "largest_of_window"
grid = "ceil_div(n - k + 1, 256)"
block = "256"
arguments = ["numbers", "n", "k", "maxima"]
*/

// The windows of a block overlap: 256 of them need 255 + k integers, not 256 * k. The block loads these into shared memory
// piece by piece, so that any k fits, and every thread takes from a piece what its window has of it. This saves the trips to
// global memory, two loads for 256 comparisons; the comparisons stay.
enum : int {
    WINDOWS = 256, // of a block, one a thread
    PIECE = 256,   // integers of each window that are treated at a time
};

extern "C" __global__ void largest_of_window(const int* numbers, int n, int k, int* maxima)
{
    __shared__ int tile[WINDOWS + PIECE];
    int first = blockIdx.x * WINDOWS;
    int window = first + threadIdx.x;
    int largest = -2147483647 - 1;
    for (int piece = 0; piece < k; piece += PIECE) {
        // 64 bits: behind the last window the index may exceed 2^31.
        for (int place = threadIdx.x; place < WINDOWS + PIECE; place += WINDOWS) {
            long long index = (long long)first + piece + place;
            tile[place] = index < n ? numbers[index] : -2147483647 - 1;
        }
        __syncthreads();
        int length = min(PIECE, k - piece);
        for (int offset = 0; offset < length; ++offset) {
            largest = max(largest, tile[threadIdx.x + offset]);
        }
        // Nobody may load the next piece while somebody still reads this one.
        __syncthreads();
    }
    if (window <= n - k) {
        maxima[window] = largest;
    }
}

/* judge:
expect = "AC"
growth = "n^2"

[[buffer]]
name = "needed"
type = "u32"
length = "64"
fill = 0

[[buffer]]
name = "best"
type = "i64"
length = "1"
fill = 0x7fff_ffff_ffff_ffff

[[buffer]]
name = "window_length"
type = "u32"
length = "1"

[[output]]
name = "window"
length = "text_length"
count = "window_length"

[[launch]]
entry = "count_target"
grid = "ceil_div(target_length, 256)"
block = "256"
arguments = ["target", "target_length", "needed"]

[[launch]]
entry = "grow_from_start"
grid = "ceil_div(text_length, 128)"
block = "128"
arguments = ["text", "text_length", "target_length", "needed", "best"]

[[launch]]
entry = "write_window"
grid = "min(ceil_div(text_length, 256), 1024)"
block = "256"
arguments = ["text", "best", "window", "window_length"]
*/

// The definition: from every start a thread goes on until it has all letters. It counts in memory of its own, which on a GPU is
// far away; the text is read once a start.
enum : int { LETTERS = 64 }; // the lower six bits tell all letters apart: a is 33, A is 1
enum : long long { NONE = 0x7fffffffffffffff };

extern "C" __global__ void count_target(const unsigned char* target, int m, unsigned* needed)
{
    int place = blockIdx.x * blockDim.x + threadIdx.x;
    if (place < m) {
        atomicAdd(&needed[target[place] & 63], 1);
    }
}

// A window is one number, its length above its start, so that the least number is a shortest window.
extern "C" __global__ void grow_from_start(const unsigned char* text, int n, int m, const unsigned* needed, long long* best)
{
    int start = blockIdx.x * blockDim.x + threadIdx.x;
    if (start > n - m) {
        return; // nor does a window fit that begins where fewer than m letters are left
    }
    int missing[LETTERS];
    for (int letter = 0; letter < LETTERS; ++letter) {
        missing[letter] = needed[letter];
    }
    int lacking = m;
    for (int end = start; end < n; ++end) {
        if (missing[text[end] & 63]-- > 0) {
            --lacking;
        }
        if (lacking == 0) {
            atomicMin(best, (long long)(end + 1 - start) << 32 | start);
            return;
        }
    }
}

extern "C" __global__ void write_window(
    const unsigned char* text, const long long* best, unsigned char* window, unsigned* window_length)
{
    int length = *best == NONE ? 0 : (int)(*best >> 32);
    int start = (int)(*best & 0x7fffffff);
    int stride = gridDim.x * blockDim.x;
    for (int place = blockIdx.x * blockDim.x + threadIdx.x; place < length; place += stride) {
        window[place] = text[start + place];
    }
    if (blockIdx.x == 0 && threadIdx.x == 0) {
        *window_length = length;
    }
}

/* judge:
expect = "TLE"
fault = "endless_loop"
case = "minimum_window_substring/missing_letter@n=1000"

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
grid = "1"
block = "1"
arguments = ["text", "best", "window", "window_length"]
*/

// Goes on at the beginning of the text when it comes to its end, until all letters are there. If one is missing, that is never.
extern "C" __global__ void count_target(const unsigned char* target, int m, unsigned* needed)
{
    int place = blockIdx.x * blockDim.x + threadIdx.x;
    if (place < m) {
        atomicAdd(&needed[target[place] & 63], 1);
    }
}

extern "C" __global__ void grow_from_start(const unsigned char* text, int n, int m, const unsigned* needed, long long* best)
{
    int start = blockIdx.x * blockDim.x + threadIdx.x;
    if (start >= n) {
        return;
    }
    int missing[64];
    for (int letter = 0; letter < 64; ++letter) {
        missing[letter] = needed[letter];
    }
    int lacking = m;
    int length = 0;
    int place = start;
    while (lacking > 0) {
        if (missing[text[place] & 63] > 0) {
            --missing[text[place] & 63];
            --lacking;
        }
        ++length;
        place = place + 1 < n ? place + 1 : 0;
    }
    if (start + length <= n) {
        atomicMin(best, (long long)length << 32 | start);
    }
}

extern "C" __global__ void write_window(
    const unsigned char* text, const long long* best, unsigned char* window, unsigned* window_length)
{
    bool is_none = *best == 0x7fffffffffffffff;
    *window_length = is_none ? 0 : (unsigned)(*best >> 32);
    for (unsigned place = 0; place < *window_length; ++place) {
        window[place] = text[(int)*best + place];
    }
}

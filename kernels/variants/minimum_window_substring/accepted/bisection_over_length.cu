/* judge:
expect = "AC"
growth = "n*log(n)"

[[buffer]]
name = "needed"
type = "u32"
length = "64"
fill = 0

[[buffer]]
name = "before"
type = "u32"
length = "64 * (ceil_div(text_length, 256) + 1)"

[[buffer]]
name = "range"
type = "i32"
length = "2"

[[buffer]]
name = "starts"
type = "i32"
length = "2"
fill = 0x7fff_ffff

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
entry = "count_chunks"
grid = "ceil_div(text_length, 256)"
block = "256"
arguments = ["text", "text_length", "before"]

[[launch]]
entry = "add_up_chunks"
grid = "64"
block = "256"
arguments = ["ceil_div(text_length, 256)", "before"]

[[launch]]
entry = "set_range"
grid = "1"
block = "1"
arguments = ["text_length", "target_length", "range"]

[[launch]]
repeat = "log2(text_length) + 1"
index = "pass"

[[launch.step]]
entry = "check_length"
grid = "ceil_div(ceil_div(text_length, 256), 64)"
block = "64"
arguments = ["text", "text_length", "needed", "before", "range", "starts"]

[[launch.step]]
entry = "halve_range"
grid = "1"
block = "1"
arguments = ["range", "starts"]

[[launch]]
entry = "write_window"
grid = "min(ceil_div(text_length, 256), 1024)"
block = "256"
arguments = ["text", "text_length", "range", "starts", "window", "window_length"]
*/

// If some window of a length holds all letters, one of every greater length does: the least length is found by bisection. Whether
// there is a window of one length is a question to all starts at once, and a step from one to the next start takes one letter
// in and one out. A thread has 256 starts; to begin in the middle of the text it needs the counts before both ends of its
// first window, which stand in a table with a row for every 256 letters. This replaces the length of the answer by log2(n).
enum : int { CHUNK = 256, LETTERS = 64, NONE = 0x7fffffff };

extern "C" __global__ void count_target(const unsigned char* target, int m, unsigned* needed)
{
    int place = blockIdx.x * blockDim.x + threadIdx.x;
    if (place < m) {
        atomicAdd(&needed[target[place] & 63], 1);
    }
}

// How often each letter stands in each chunk; the row of chunk c is c + 1, since it tells what is before the next one.
extern "C" __global__ void count_chunks(const unsigned char* text, int n, unsigned* before)
{
    __shared__ unsigned counts[LETTERS];
    if (threadIdx.x < LETTERS) {
        counts[threadIdx.x] = 0;
    }
    __syncthreads();
    int place = blockIdx.x * CHUNK + threadIdx.x;
    if (place < n) {
        atomicAdd(&counts[text[place] & 63], 1);
    }
    __syncthreads();
    if (threadIdx.x < LETTERS) {
        before[(blockIdx.x + 1) * LETTERS + threadIdx.x] = counts[threadIdx.x];
    }
}

// A block a letter: the counts of its chunks become sums, 256 chunks at a time.
extern "C" __global__ void add_up_chunks(int chunks, unsigned* before)
{
    __shared__ unsigned sums[CHUNK];
    int letter = blockIdx.x;
    int thread = threadIdx.x;
    unsigned carried = 0;
    if (thread == 0) {
        before[letter] = 0;
    }
    for (int batch = 1; batch <= chunks; batch += CHUNK) {
        int row = batch + thread;
        unsigned sum = row <= chunks ? before[row * LETTERS + letter] : 0;
        for (int distance = 1; distance < CHUNK; distance *= 2) {
            sums[thread] = sum;
            __syncthreads();
            if (thread >= distance) {
                sum += sums[thread - distance];
            }
            __syncthreads();
        }
        sum += carried;
        if (row <= chunks) {
            before[row * LETTERS + letter] = sum;
        }
        sums[thread] = sum;
        __syncthreads();
        carried = sums[CHUNK - 1];
        __syncthreads();
    }
}

// The least length is from range[0] to range[1]; n + 1 stands for none.
extern "C" __global__ void set_range(int n, int m, int* range)
{
    range[0] = min(m, n + 1);
    range[1] = n + 1;
}

// What stands before a place: the row of its chunk, and the letters from there.
__device__ void add_before(const unsigned char* text, const unsigned* before, int place, int sign, int* counts)
{
    int chunk = place / CHUNK;
    for (int letter = 0; letter < LETTERS; ++letter) {
        counts[letter] += sign * (int)before[chunk * LETTERS + letter];
    }
    for (int index = chunk * CHUNK; index < place; ++index) {
        counts[text[index] & 63] += sign;
    }
}

// starts[0] becomes the first window of the middle length that holds all letters.
extern "C" __global__ void check_length(
    const unsigned char* text, int n, const unsigned* needed, const unsigned* before, const int* range, int* starts)
{
    int length = range[0] + (range[1] - range[0]) / 2;
    int start = (blockIdx.x * blockDim.x + threadIdx.x) * CHUNK;
    if (range[0] >= range[1] || start > n - length) {
        return;
    }
    int surplus[LETTERS];
    for (int letter = 0; letter < LETTERS; ++letter) {
        surplus[letter] = -(int)needed[letter];
    }
    add_before(text, before, start, -1, surplus);
    add_before(text, before, start + length, 1, surplus);
    int lacking = 0;
    for (int letter = 0; letter < LETTERS; ++letter) {
        lacking += surplus[letter] < 0;
    }
    int last = min(start + CHUNK - 1, n - length);
    while (lacking > 0 && start < last) {
        lacking += --surplus[text[start] & 63] == -1;
        lacking -= ++surplus[text[start + length] & 63] == 0;
        ++start;
    }
    if (lacking == 0) {
        atomicMin(&starts[0], start);
    }
}

extern "C" __global__ void halve_range(int* range, int* starts)
{
    int length = range[0] + (range[1] - range[0]) / 2;
    if (range[0] >= range[1]) {
        return;
    }
    if (starts[0] == NONE) {
        range[0] = length + 1;
    } else {
        range[1] = length;
        starts[1] = starts[0]; // of the shortest window so far
        starts[0] = NONE;
    }
}

extern "C" __global__ void write_window(
    const unsigned char* text, int n, const int* range, const int* starts, unsigned char* window, unsigned* window_length)
{
    int length = range[1] > n ? 0 : range[1];
    int stride = gridDim.x * blockDim.x;
    for (int place = blockIdx.x * blockDim.x + threadIdx.x; place < length; place += stride) {
        window[place] = text[starts[1] + place];
    }
    if (blockIdx.x == 0 && threadIdx.x == 0) {
        *window_length = length;
    }
}

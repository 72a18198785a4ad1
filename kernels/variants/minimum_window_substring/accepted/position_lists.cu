/* judge:
expect = "AC"
growth = "n"

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
name = "first_of"
type = "u32"
length = "65"

[[buffer]]
name = "positions"
type = "i32"
length = "text_length"

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
grid = "min(ceil_div(target_length, 256), 1024)"
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
entry = "begin_lists"
grid = "1"
block = "1"
arguments = ["ceil_div(text_length, 256)", "before", "first_of"]

[[launch]]
entry = "fill_lists"
grid = "ceil_div(ceil_div(text_length, 256), 64)"
block = "64"
arguments = ["text", "text_length", "before", "first_of", "positions"]

[[launch]]
entry = "windows_of_chunks"
grid = "ceil_div(ceil_div(text_length, 256), 64)"
block = "64"
arguments = ["text", "text_length", "needed", "before", "first_of", "positions", "best"]

[[launch]]
entry = "write_window"
grid = "min(ceil_div(text_length, 256), 1024)"
block = "256"
arguments = ["text", "best", "window", "window_length"]
*/

// Where does the window from a given start end? If c occurs r times before the start and is needed q times, at the (r + q)-th c
// of the text, or further for another letter. With the places of every letter in a list that is a look-up, and from one start
// to the next only the letter that is left behind asks for a later end: one look-up a start, instead of a walk or of log2(n)
// checks. The chunks of 256 starts are independent; the least of their windows is found in shared memory and only then by an
// atomic on global memory, one a block.
enum : int { CHUNK = 256, LETTERS = 64, THREADS = 64 };
enum : long long { NONE = 0x7fffffffffffffff };

// A shared histogram: few letters, so that atomics on global memory would wait for each other.
extern "C" __global__ void count_target(const unsigned char* target, int m, unsigned* needed)
{
    __shared__ unsigned counts[LETTERS];
    if (threadIdx.x < LETTERS) {
        counts[threadIdx.x] = 0;
    }
    __syncthreads();
    int stride = gridDim.x * blockDim.x;
    for (int place = blockIdx.x * blockDim.x + threadIdx.x; place < m; place += stride) {
        atomicAdd(&counts[target[place] & 63], 1);
    }
    __syncthreads();
    if (threadIdx.x < LETTERS && counts[threadIdx.x] > 0) {
        atomicAdd(&needed[threadIdx.x], counts[threadIdx.x]);
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

// The lists stand one behind the other, from first_of[letter] to first_of[letter + 1].
extern "C" __global__ void begin_lists(int chunks, const unsigned* before, unsigned* first_of)
{
    unsigned first = 0;
    for (int letter = 0; letter < LETTERS; ++letter) {
        first_of[letter] = first;
        first += before[chunks * LETTERS + letter];
    }
    first_of[LETTERS] = first;
}

extern "C" __global__ void fill_lists(
    const unsigned char* text, int n, const unsigned* before, const unsigned* first_of, int* positions)
{
    int chunk = blockIdx.x * blockDim.x + threadIdx.x;
    if (chunk * CHUNK >= n) {
        return;
    }
    unsigned next[LETTERS];
    for (int letter = 0; letter < LETTERS; ++letter) {
        next[letter] = first_of[letter] + before[chunk * LETTERS + letter];
    }
    int end = min((chunk + 1) * CHUNK, n);
    for (int place = chunk * CHUNK; place < end; ++place) {
        positions[next[text[place] & 63]++] = place;
    }
}

extern "C" __global__ void windows_of_chunks(const unsigned char* text, int n, const unsigned* needed,
    const unsigned* before, const unsigned* first_of, const int* positions, long long* best)
{
    __shared__ long long shortest[THREADS];
    int chunk = blockIdx.x * THREADS + threadIdx.x;
    long long least = NONE;
    if (chunk * CHUNK < n) {
        // Where in its list the last occurrence stands that the current start needs.
        unsigned last_needed[LETTERS];
        int last = -1;
        for (int letter = 0; letter < LETTERS; ++letter) {
            last_needed[letter] = first_of[letter] + before[chunk * LETTERS + letter] + needed[letter] - 1;
            if (needed[letter] > 0) {
                last = last_needed[letter] < first_of[letter + 1] ? max(last, positions[last_needed[letter]]) : n;
            }
            if (last == n) {
                break;
            }
        }
        int end = min((chunk + 1) * CHUNK, n);
        for (int start = chunk * CHUNK; start < end && last < n; ++start) {
            int letter = text[start] & 63;
            if (needed[letter] == 0) {
                continue; // a shortest window begins with a letter that it needs
            }
            least = min(least, (long long)(last + 1 - start) << 32 | start);
            unsigned later = ++last_needed[letter];
            last = later < first_of[letter + 1] ? max(last, positions[later]) : n;
        }
    }
    shortest[threadIdx.x] = least;
    __syncthreads();
    for (int half = THREADS / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) {
            shortest[threadIdx.x] = min(shortest[threadIdx.x], shortest[threadIdx.x + half]);
        }
        __syncthreads();
    }
    if (threadIdx.x == 0 && shortest[0] != NONE) {
        atomicMin(best, shortest[0]);
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

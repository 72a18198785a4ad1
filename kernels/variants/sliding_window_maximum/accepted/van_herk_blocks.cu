/* judge:
expect = "AC"
growth = "n"

[[buffer]]
name = "from_border"
type = "i32"
length = "n"

[[buffer]]
name = "to_border"
type = "i32"
length = "n"

[[buffer]]
name = "carried_right"
type = "i32"
length = "ceil_div(n, 1024)"

[[buffer]]
name = "carried_left"
type = "i32"
length = "ceil_div(n, 1024)"

[[launch]]
entry = "scan_tiles"
grid = "ceil_div(n, 1024)"
block = "1024"
arguments = ["numbers", "n", "k", "from_border", "to_border"]

[[launch]]
entry = "carry_over_tiles"
grid = "2"
block = "1024"
arguments = ["n", "k", "from_border", "to_border", "carried_right", "carried_left"]

[[launch]]
entry = "join_at_border"
grid = "ceil_div(n - k + 1, 1024)"
block = "1024"
arguments = ["n", "k", "from_border", "to_border", "carried_right", "carried_left", "maxima"]
*/

// After van Herk, and Gil and Werman: cut the integers into blocks of k. A window is the end of one block and the beginning of
// the next, so that two running maxima, from each border to the right and to the left, give every window with one comparison.
// The work no longer depends on k: two integers written and two read for a window of any size.
//
// The running maxima are a scan that begins anew at every border. A tile scans its own integers; a block of k that spans tiles
// needs what the tiles before it (or, to the left, behind it) had of it, which one block of threads carries along.
enum : int { TILE = 1024, LEAST = -2147483647 - 1 };

// The running maximum of a tile's integers from thread `first` on, in ten steps: step by step each thread knows twice as many.
__device__ int scan(int* shared, int value, int thread, int first)
{
    for (int distance = 1; distance < TILE; distance *= 2) {
        shared[thread] = value;
        __syncthreads();
        if (thread - distance >= first) {
            value = max(value, shared[thread - distance]);
        }
        __syncthreads();
    }
    return value;
}

extern "C" __global__ void scan_tiles(const int* numbers, int n, int k, int* from_border, int* to_border)
{
    __shared__ int shared[TILE];
    int start = blockIdx.x * TILE;
    int length = min(TILE, n - start);
    int thread = threadIdx.x;

    // To the right, from the border at or before each integer.
    int index = start + thread;
    int value = thread < length ? numbers[index] : LEAST;
    int right = scan(shared, value, thread, max(0, thread - index % k));
    if (thread < length) {
        from_border[index] = right;
    }

    // To the left, from the last integer before the next border: the same scan, seen in a mirror.
    int mirrored = start + length - 1 - thread;
    value = thread < length ? numbers[mirrored] : LEAST;
    int to_end = k - 1 - max(mirrored, 0) % k;
    int left = scan(shared, value, thread, max(0, thread - to_end));
    if (thread < length) {
        to_border[mirrored] = left;
    }
}

// What enters each tile from the tiles on its left (block 0) or right (block 1): again a scan, over one value a tile, that
// begins anew where a border lies in the tile.
extern "C" __global__ void carry_over_tiles(
    int n, int k, const int* from_border, const int* to_border, int* carried_right, int* carried_left)
{
    __shared__ int values[TILE];
    __shared__ int has_border[TILE];
    bool to_right = blockIdx.x == 0;
    int tiles = (n + TILE - 1) / TILE;
    int thread = threadIdx.x;
    int carried = LEAST;
    for (int batch = 0; batch < tiles; batch += TILE) {
        int order = batch + thread;
        int tile = to_right ? order : tiles - 1 - order;
        int value = LEAST;
        bool begins = false;
        if (order < tiles) {
            int first = tile * TILE;
            int last = min(first + TILE, n) - 1;
            value = to_right ? from_border[last] : to_border[first];
            // Whether the block of k at the tile's far end begins in the tile.
            begins = to_right ? last % k <= last - first : k - 1 - first % k <= last - first;
        }
        for (int distance = 1; distance < TILE; distance *= 2) {
            values[thread] = value;
            has_border[thread] = begins;
            __syncthreads();
            if (thread >= distance && !begins) {
                value = max(value, values[thread - distance]);
                begins = has_border[thread - distance];
            }
            __syncthreads();
        }
        if (!begins) {
            value = max(value, carried);
        }
        // What leaves a tile enters the next one.
        values[thread] = value;
        __syncthreads();
        if (order < tiles) {
            int entering = thread == 0 ? carried : values[thread - 1];
            (to_right ? carried_right : carried_left)[tile] = entering;
        }
        carried = values[TILE - 1];
        __syncthreads();
    }
}

extern "C" __global__ void join_at_border(
    int n, int k, const int* from_border, const int* to_border, const int* carried_right, const int* carried_left, int* maxima)
{
    int first = blockIdx.x * TILE + threadIdx.x;
    if (first > n - k) {
        return;
    }
    int last = first + k - 1;
    int left = to_border[first];
    int tile = first / TILE;
    if (k - 1 - first % k >= min((tile + 1) * TILE, n) - first) {
        left = max(left, carried_left[tile]); // its block goes on behind the tile
    }
    int right = from_border[last];
    tile = last / TILE;
    if (last % k > last - tile * TILE) {
        right = max(right, carried_right[tile]); // its block began before the tile
    }
    maxima[first] = max(left, right);
}

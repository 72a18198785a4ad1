/* judge:
expect = "AC"
growth = "n"
takes = { type = "f32" }

[[buffer]]
name = "states"
type = "f32"
length = "batch * ceil_div(n, chunk) * size * width"

[[launch]]
entry = "states"
grid = ["ceil_div(n, chunk)", "ceil_div(size, 64) * ceil_div(width, 64)", "batch"]
block = "256"
arguments = ["linear_k", "v", "n", "chunk", "size", "width", "states"]

[[launch]]
entry = "prefixes"
grid = ["ceil_div(size * width, 256)", "batch"]
block = "256"
arguments = ["ceil_div(n, chunk)", "size * width", "causal", "states"]

[[launch]]
entry = "gated"
grid = ["ceil_div(n, chunk) * ceil_div(chunk, 64)", "ceil_div(width, 64)", "batch"]
block = "256"
arguments = ["quadratic_q", "quadratic_k", "linear_q", "u", "v", "n", "chunk", "size", "width", "causal", "states", "o"]

[[theorem]]
counter = "global_sectors"
equals = "batch * (n * size / 8 * ceil_div(width, 64) + n * width / 8 * ceil_div(size, 64) + size * width / 8 * (2 * ceil_div(n, chunk) + 1 + causal * (ceil_div(n, chunk) - 1) + ceil_div(n, chunk) * ceil_div(chunk, 64)) + n * (size * ceil_div(width, 64) + 2 * width) / 8 + (n * ceil_div(chunk, 64) - causal * 32 * ceil_div(n, chunk) * ceil_div(chunk, 64) * (ceil_div(chunk, 64) - 1)) * (width / 8 + ceil_div(width, 64) * 2 * size / 8))"
cases = ["gated_attention_mixed_chunk/random@n=130", "gated_attention_mixed_chunk/random@n=70,chunk=32,size=40,causal=1", "gated_attention_mixed_chunk/random@n=256,chunk=128,size=32,width=64,batch=2,causal=1", "gated_attention_mixed_chunk/random@n=65,chunk=16,size=96,width=40"]
*/

// Quadratic in chunks, linear across: each chunk has a state, the sum of the products of its linear keys and values; a second launch adds
// up the states of all chunks before it (or, without a mask, of all); a third takes the queries of a chunk, what is across chunks from
// the state, what is inside from weights in shared memory, and applies the gate before it writes. This saves the way over all keys: what a
// query costs does not grow with n.
// A block has up to 64 queries of a chunk, and 64 columns of the sums: a warp every eighth of the rows, a lane every 32nd column.
//
// Of each sequence, in sectors of 32 bytes: C = ceil_div(n, chunk) chunks, X = size * width / 8 of a state, T = ceil_div(chunk, 64) tiles
// of a chunk, D = ceil_div(size, 64) tiles of the elements of a key and W = ceil_div(width, 64) of a value.
//     states    linear keys W times, values D times; C X written
//     prefixes  C X read; C X written with a mask, X without one
//     gated     linear queries W times, u and o once, X for each tile of queries: C T, if all chunks have all tiles. As in tiles of
//               gated_attention_unit, a tile of queries reads its own part of the quadratic ones again for each tile of keys: T n
//               rows, and with a mask and whole tiles 32 T (T - 1) less for each chunk. That many rows of v, and of quadratic queries
//               and keys that many for each of W
enum : int { TILE = 64, DEPTH = 32, WARPS = 8, THREADS = 32 * WARPS, ROWS = TILE / WARPS, OWN = TILE / 32 };
enum : int { NARROW = DEPTH + 1, WEIGHTS = TILE + 1 };

// A tile of a matrix, with zeros where the matrix ends.
template <int HEIGHT, int WIDTH, int BY_ROW, int BY_COLUMN>
__device__ void load(float* tile, const float* matrix, int size, int rows, int columns)
{
#pragma unroll 1
    for (int place = threadIdx.x; place < HEIGHT * WIDTH; place += THREADS) {
        int row = place / WIDTH, column = place % WIDTH;
        bool exists = row < rows && column < columns;
        tile[row * BY_ROW + column * BY_COLUMN] = exists ? matrix[row * size + column] : 0.0f;
    }
}

// sum += left right, DEPTH deep. An element of `left` is BY_ROW behind the one above and BY_DEPTH behind the one before.
template <int BY_ROW, int BY_DEPTH, int DEPTH_BY, int BY_COLUMN, int COLUMNS>
__device__ void multiply(float (&sum)[ROWS][COLUMNS], const float* left, const float* right)
{
    int y = threadIdx.x / 32, x = threadIdx.x % 32;
#pragma unroll 1
    for (int depth = 0; depth < DEPTH; ++depth) {
        float row[ROWS], column[COLUMNS];
        for (int i = 0; i < ROWS; ++i) {
            row[i] = left[(y + WARPS * i) * BY_ROW + depth * BY_DEPTH];
        }
        for (int j = 0; j < COLUMNS; ++j) {
            column[j] = right[depth * DEPTH_BY + (x + 32 * j) * BY_COLUMN];
        }
        for (int i = 0; i < ROWS; ++i) {
            for (int j = 0; j < COLUMNS; ++j) {
                sum[i][j] += row[i] * column[j];
            }
        }
    }
}

template <int COLUMNS>
__device__ void clear(float (&sum)[ROWS][COLUMNS])
{
    for (int i = 0; i < ROWS; ++i) {
        for (int j = 0; j < COLUMNS; ++j) {
            sum[i][j] = 0.0f;
        }
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) states(const float* k, const float* v, int n, int chunk, int size, int width,
    float* all)
{
    __shared__ float keys[DEPTH * TILE], values[DEPTH * TILE];
    int tiles = (width + TILE - 1) / TILE, start = blockIdx.x * chunk, count = min(chunk, n - start);
    int row = blockIdx.y / tiles * TILE, column = blockIdx.y % tiles * TILE;
    long long place = (long long)blockIdx.z * n + start;
    float sum[ROWS][OWN];
    clear(sum);
#pragma unroll 1
    for (int first = 0; first < count; first += DEPTH) {
        __syncthreads();
        load<DEPTH, TILE, TILE, 1>(keys, k + (place + first) * size + row, size, count - first, size - row);
        load<DEPTH, TILE, TILE, 1>(values, v + (place + first) * width + column, width, count - first, width - column);
        __syncthreads();
        multiply<1, TILE, TILE, 1>(sum, keys, values);
    }
    float* state = all + ((long long)blockIdx.z * gridDim.x + blockIdx.x) * size * width;
    for (int i = 0; i < ROWS; ++i) {
        for (int j = 0; j < OWN; ++j) {
            int at = row + threadIdx.x / 32 + WARPS * i, to = column + threadIdx.x % 32 + 32 * j;
            if (at < size && to < width) {
                state[at * width + to] = sum[i][j];
            }
        }
    }
}

// The state of each chunk becomes the sum of those before; without a mask the first becomes that of all. A thread has one element.
extern "C" __global__ void prefixes(int chunks, int length, int causal, float* states)
{
    int place = blockIdx.x * THREADS + threadIdx.x;
    if (place >= length) {
        return;
    }
    float *element = states + (long long)blockIdx.y * chunks * length + place, sum = 0.0f;
#pragma unroll 1
    for (int chunk = 0; chunk < chunks; ++chunk) {
        float own = element[(long long)chunk * length];
        if (causal) {
            element[(long long)chunk * length] = sum;
        }
        sum += own;
    }
    if (!causal) {
        *element = sum;
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) gated(const float* quadratic_q, const float* quadratic_k, const float* linear_q,
    const float* u, const float* v, int n, int chunk, int size, int width, int causal, const float* states, float* o)
{
    __shared__ float narrow[2][TILE * NARROW], values[DEPTH * TILE];
    float* weights = narrow[0]; // in the place of both
    int tiles = (chunk + TILE - 1) / TILE, chunks = (n + chunk - 1) / chunk;
    int own = blockIdx.x / tiles, begin = own * chunk, end = min(begin + chunk, n), start = begin + blockIdx.x % tiles * TILE;
    int count = min((int)TILE, end - start), column = blockIdx.y * TILE;
    if (count <= 0) {
        return;
    }
    long long sequence = (long long)blockIdx.z * n;
    const float* queries = quadratic_q + (sequence + start) * size;
    const float* state = states + ((long long)blockIdx.z * chunks + (causal ? own : 0)) * size * width;
    float sum[ROWS][OWN];
    clear(sum);
#pragma unroll 1
    for (int first = 0; first < size; first += DEPTH) {
        __syncthreads();
        load<TILE, DEPTH, NARROW, 1>(narrow[0], linear_q + (sequence + start) * size + first, size, count, size - first);
        load<DEPTH, TILE, TILE, 1>(values, state + first * width + column, width, size - first, width - column);
        __syncthreads();
        multiply<NARROW, 1, TILE, 1>(sum, narrow[0], values);
    }
    for (int i = 0; i < ROWS; ++i) {
        for (int j = 0; j < OWN; ++j) {
            sum[i][j] /= n;
        }
    }
#pragma unroll 1
    for (int next = begin; next < (causal ? start + count : end); next += TILE) {
        int keys = min((int)TILE, end - next);
        float weight[ROWS][OWN];
        clear(weight);
#pragma unroll 1
        for (int first = 0; first < size; first += DEPTH) {
            __syncthreads();
            load<TILE, DEPTH, NARROW, 1>(narrow[0], queries + first, size, count, size - first);
            load<TILE, DEPTH, NARROW, 1>(narrow[1], quadratic_k + (sequence + next) * size + first, size, keys, size - first);
            __syncthreads();
            multiply<NARROW, 1, 1, NARROW>(weight, narrow[0], narrow[1]);
        }
        __syncthreads();
        for (int i = 0; i < ROWS; ++i) {
            for (int j = 0; j < OWN; ++j) {
                int row = threadIdx.x / 32 + WARPS * i, key = threadIdx.x % 32 + 32 * j;
                bool sees = !causal || next + key <= start + row;
                float score = sees ? fmaxf(weight[i][j] / chunk, 0.0f) : 0.0f;
                weights[row * WEIGHTS + key] = score * score;
            }
        }
#pragma unroll 1
        for (int first = 0; first < keys; first += DEPTH) {
            const float* from = v + (sequence + next + first) * width + column;
            __syncthreads();
            load<DEPTH, TILE, TILE, 1>(values, from, width, keys - first, width - column);
            __syncthreads();
            multiply<WEIGHTS, 1, TILE, 1>(sum, weights + first, values);
        }
    }
    long long place = (sequence + start) * width + column;
    for (int i = 0; i < ROWS; ++i) {
        for (int j = 0; j < OWN; ++j) {
            int row = threadIdx.x / 32 + WARPS * i, to = threadIdx.x % 32 + 32 * j;
            if (row < count && column + to < width) {
                o[place + row * width + to] = u[place + row * width + to] * sum[i][j];
            }
        }
    }
}

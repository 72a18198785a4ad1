/* judge:
expect = "AC"
growth = "n*size^2"
takes = { type = ["f32"] }

[[buffer]]
name = "states"
type = "f32"
length = "batch * heads * ceil_div(n, 64) * size * size"

[[buffer]]
name = "norms"
type = "f32"
length = "batch * heads * ceil_div(n, 64) * size"

[[launch]]
entry = "sums"
grid = ["ceil_div(n, 64)", "ceil_div(size, 64) * ceil_div(size, 64)", "batch * heads"]
block = "256"
arguments = ["k", "v", "n", "size", "states", "norms"]

[[launch]]
entry = "prefixes"
grid = ["ceil_div(size * size + size, 256)", "batch * heads"]
block = "256"
arguments = ["ceil_div(n, 64)", "size", "causal", "states", "norms"]

[[launch]]
entry = "means"
grid = ["ceil_div(n, 64)", "ceil_div(size, 64)", "batch * heads"]
block = "256"
arguments = ["q", "k", "v", "n", "size", "causal", "states", "norms", "o"]

[[theorem]]
counter = "global_sectors"
equals = "batch * heads * (n * size / 8 * (4 * ceil_div(size, 64) + 2) + ceil_div(n, 64) * size / 8 * (4 * size + 3 + ceil_div(size, 64)))"
cases = ["linear_attention/random@n=64,causal=1", "linear_attention/random@n=65,size=32,heads=2,causal=1", "linear_attention/random@n=130,size=128,causal=1"]
*/

// The sequence in chunks of 64. Every chunk sums up its own keys and values, a second launch adds the sums of all chunks before it
// (or, without a mask, of all), and a third takes the queries of a chunk: what is before the chunk comes through the state, what
// is in it through the weights of its pairs. This saves the way along the sequence: all chunks are worked on side by side, and the
// state is touched once for 64 places and not once for each.
// A thread has 4 x 4 elements of a tile of 64 x 64: rows y, y + 16, ... and columns x, x + 16, ...
//
// With a mask, in sectors of 32 bytes. C = ceil_div(n, 64) chunks a head, T = ceil_div(size, 64) tiles of columns. A state takes
// size * size words, its norm size; in sectors X = size * size / 8 and Z = size / 8.
//     sums      k and v T times; X and Z of each chunk written
//     prefixes  X and Z of each chunk, read and written
//     means     q and k T times, v and o once; X once and Z T times for each chunk
enum : int { TILE = 64, DEPTH = 32, SIDE = 16, THREADS = SIDE * SIDE, OWN = TILE / SIDE };

__device__ float feature(float value) { return value > 0.0f ? value + 1.0f : expf(value); }

// A tile of a matrix, with zeros where the matrix ends.
template <int ROWS, int COLUMNS, int STRIDE, class F>
__device__ void load(float* tile, const float* from, int size, int rows, int columns, F element)
{
#pragma unroll 1
    for (int place = threadIdx.x; place < ROWS * COLUMNS; place += THREADS) {
        int row = place / COLUMNS, column = place % COLUMNS;
        bool exists = row < rows && column < columns;
        tile[row * STRIDE + column] = exists ? element(from[(long long)row * size + column]) : 0.0f;
    }
}

__device__ float same(float value) { return value; }

// sum += a b, of tiles in shared memory. DEEP is what is summed over; a[row][depth] is at a[row * ROW_A + depth * DEPTH_A].
template <int DEEP, int ROW_A, int DEPTH_A, int DEPTH_B, int COLUMN_B>
__device__ void multiply(float (&sum)[OWN][OWN], const float* a, const float* b)
{
    int y = threadIdx.x / SIDE, x = threadIdx.x % SIDE;
#pragma unroll 1
    for (int depth = 0; depth < DEEP; ++depth) {
        float left[OWN], right[OWN];
        for (int i = 0; i < OWN; ++i) {
            left[i] = a[(y + SIDE * i) * ROW_A + depth * DEPTH_A];
            right[i] = b[depth * DEPTH_B + (x + SIDE * i) * COLUMN_B];
        }
        for (int i = 0; i < OWN; ++i) {
            for (int j = 0; j < OWN; ++j) {
                sum[i][j] += left[i] * right[j];
            }
        }
    }
}

__device__ void clear(float (&sum)[OWN][OWN])
{
    for (int i = 0; i < OWN; ++i) {
        for (int j = 0; j < OWN; ++j) {
            sum[i][j] = 0.0f;
        }
    }
}

// Of one chunk a tile of the state, and of the norm what stands beside the first tile of a row.
extern "C" __global__ void __launch_bounds__(THREADS) sums(
    const float* k, const float* v, int n, int size, float* states, float* norms)
{
    __shared__ float keys[TILE * TILE], values[TILE * TILE];
    int tiles = (size + TILE - 1) / TILE;
    int first = blockIdx.x * TILE, count = min((int)TILE, n - first);
    int row = blockIdx.y / tiles * TILE, column = blockIdx.y % tiles * TILE;
    long long head = ((long long)blockIdx.z * n + first) * size;
    load<TILE, TILE, TILE>(keys, k + head + row, size, count, size - row, feature);
    load<TILE, TILE, TILE>(values, v + head + column, size, count, size - column, same);
    __syncthreads();
    float state[OWN][OWN];
    clear(state);
    multiply<TILE, 1, TILE, TILE, 1>(state, keys, values);
    long long chunk = (long long)blockIdx.z * gridDim.x + blockIdx.x;
    int y = threadIdx.x / SIDE, x = threadIdx.x % SIDE;
    for (int i = 0; i < OWN; ++i) {
        for (int j = 0; j < OWN; ++j) {
            int at = row + y + SIDE * i, to = column + x + SIDE * j;
            if (at < size && to < size) {
                states[(chunk * size + at) * size + to] = state[i][j];
            }
        }
    }
    if (column == 0 && threadIdx.x < TILE && row + threadIdx.x < size) {
        float norm = 0.0f;
#pragma unroll 1
        for (int key = 0; key < TILE; ++key) {
            norm += keys[key * TILE + threadIdx.x];
        }
        norms[chunk * size + row + threadIdx.x] = norm;
    }
}

// Every sum becomes that of the chunks before; without a mask the first becomes that of all. A thread has one element.
extern "C" __global__ void prefixes(int chunks, int size, int causal, float* states, float* norms)
{
    int place = blockIdx.x * THREADS + threadIdx.x, of_state = size * size;
    if (place >= of_state + size) {
        return;
    }
    int step = place < of_state ? of_state : size;
    float* element = place < of_state ? states + place : norms + place - of_state;
    element += (long long)blockIdx.y * chunks * step;
    float sum = 0.0f;
#pragma unroll 1
    for (int chunk = 0; chunk < chunks; ++chunk) {
        float own = element[(long long)chunk * step];
        if (causal) {
            element[(long long)chunk * step] = sum;
        }
        sum += own;
    }
    if (!causal) {
        *element = sum;
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) means(const float* q, const float* k, const float* v, int n, int size,
    int causal, const float* states, const float* norms, float* o)
{
    enum : int { STRIDE = DEPTH + 1, WEIGHTS = TILE + 1 };
    // Features of queries and keys, then the values.
    __shared__ float tiles[2 * TILE * STRIDE], states_tile[DEPTH * TILE], weights[TILE * WEIGHTS], norm[DEPTH], divisors[TILE];
    float *queries = tiles, *keys = tiles + TILE * STRIDE, *values = tiles;
    int first = blockIdx.x * TILE, count = min((int)TILE, n - first), column = blockIdx.y * TILE;
    long long head = ((long long)blockIdx.z * n + first) * size;
    long long chunk = (long long)blockIdx.z * gridDim.x + (causal ? blockIdx.x : 0);
    float mean[OWN][OWN], weight[OWN][OWN], divisor = 0.0f;
    clear(mean);
    clear(weight);
#pragma unroll 1
    for (int row = 0; row < size; row += DEPTH) {
        __syncthreads();
        load<TILE, DEPTH, STRIDE>(queries, q + head + row, size, count, size - row, feature);
        load<DEPTH, TILE, TILE>(states_tile, states + (chunk * size + row) * size + column, size, size - row, size - column, same);
        if (causal) {
            load<TILE, DEPTH, STRIDE>(keys, k + head + row, size, count, size - row, feature);
        }
        if (threadIdx.x < DEPTH) {
            norm[threadIdx.x] = row + threadIdx.x < size ? norms[chunk * size + row + threadIdx.x] : 0.0f;
        }
        __syncthreads();
        multiply<DEPTH, STRIDE, 1, TILE, 1>(mean, queries, states_tile);
        if (causal) {
            multiply<DEPTH, STRIDE, 1, 1, STRIDE>(weight, queries, keys);
        }
        if (threadIdx.x < TILE) {
#pragma unroll 1
            for (int depth = 0; depth < DEPTH; ++depth) {
                divisor += queries[threadIdx.x * STRIDE + depth] * norm[depth];
            }
        }
    }
    int y = threadIdx.x / SIDE, x = threadIdx.x % SIDE;
    __syncthreads();
    if (causal) {
        for (int i = 0; i < OWN; ++i) {
            for (int j = 0; j < OWN; ++j) {
                int query = y + SIDE * i, key = x + SIDE * j;
                weights[query * WEIGHTS + key] = key <= query ? weight[i][j] : 0.0f;
            }
        }
        load<TILE, TILE, TILE>(values, v + head + column, size, count, size - column, same);
        __syncthreads();
        multiply<TILE, WEIGHTS, 1, TILE, 1>(mean, weights, values);
    }
    if (threadIdx.x < TILE) {
#pragma unroll 1
        for (int key = 0; causal && key < TILE; ++key) {
            divisor += weights[threadIdx.x * WEIGHTS + key];
        }
        divisors[threadIdx.x] = divisor;
    }
    __syncthreads();
    for (int i = 0; i < OWN; ++i) {
        for (int j = 0; j < OWN; ++j) {
            int query = y + SIDE * i, to = column + x + SIDE * j;
            if (query < count && to < size) {
                o[head + (long long)query * size + to] = mean[i][j] / divisors[query];
            }
        }
    }
}

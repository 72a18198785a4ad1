/* judge:
expect = "AC"
growth = "n*size*features"
takes = { type = ["f32"] }

[[buffer]]
name = "features_of_q"
type = "f32"
length = "batch * heads * n * features"

[[buffer]]
name = "features_of_k"
type = "f32"
length = "batch * heads * n * features"

[[launch]]
entry = "features_of"
grid = "ceil_div(batch * heads * n, 32)"
block = "256"
arguments = ["q", "w", "batch * heads * n", "size", "features", "1", "features_of_q"]

[[launch]]
entry = "features_of"
grid = "ceil_div(batch * heads * n, 32)"
block = "256"
arguments = ["k", "w", "batch * heads * n", "size", "features", "0", "features_of_k"]

[[buffer]]
name = "states"
type = "f32"
length = "batch * heads * ceil_div(n, 64) * features * size"

[[buffer]]
name = "norms"
type = "f32"
length = "batch * heads * ceil_div(n, 64) * features"

[[launch]]
entry = "sums"
grid = ["ceil_div(n, 64)", "ceil_div(features, 64) * ceil_div(size, 64)", "batch * heads"]
block = "256"
arguments = ["features_of_k", "v", "n", "size", "features", "states", "norms"]

[[launch]]
entry = "prefixes"
grid = ["ceil_div(features * size + features, 256)", "batch * heads"]
block = "256"
arguments = ["ceil_div(n, 64)", "size", "features", "causal", "states", "norms"]

[[launch]]
entry = "means"
grid = ["ceil_div(n, 64)", "ceil_div(size, 64)", "batch * heads"]
block = "256"
arguments = ["features_of_q", "features_of_k", "v", "n", "size", "features", "causal", "states", "norms", "o"]

[[theorem]]
counter = "global_sectors"
equals = "2 * (batch * heads * n * (size / 8 + features / 8) + ceil_div(batch * heads * n, 32) * features * size / 8) + batch * heads * (n * (size / 8 * (ceil_div(features, 64) + 2) + features / 8 * 3 * ceil_div(size, 64)) + ceil_div(n, 64) * features / 8 * (4 * size + 3 + ceil_div(size, 64)))"
cases = ["performer_attention/random@n=64,causal=1", "performer_attention/random@n=65,size=32,heads=2,causal=1", "performer_attention/random@n=130,size=128,features=96,causal=1"]
*/

// The sequence in chunks of 64. Every chunk sums up its own keys and values, a launch adds the sums of all chunks before it (or, without
// a mask, of all), and another takes the queries of a chunk: what is before the chunk comes through the state, what is in it through
// the weights of its pairs. This saves the way along the sequence: all chunks are worked on side by side, and the state is touched
// once for 64 places and not once for each.
//
// With a mask, in sectors of 32 bytes. C = ceil_div(n, 64) chunks a head, T = ceil_div(size, 64) tiles of columns, F = ceil_div(features, 64)
// tiles of features; R = batch * heads * n rows. A state takes X = features * size / 8 sectors, its norm Z = features / 8.
//     features  2 R rows read, w once for 32 of them; 2 R rows of features written
//     sums      features of keys T times, v F times; X and Z of each chunk written
//     prefixes  X and Z of each chunk, read and written
//     means     features of queries and keys T times, v and o once; X once and Z T times for each chunk

// A thread has 4 x 4 elements of a tile of 64 x 64: rows y, y + 16, ... and columns x, x + 16, ...
enum : int { TILE = 64, DEPTH = 32, SIDE = 16, THREADS = SIDE * SIDE, OWN = TILE / SIDE, MOST = 256 };

__device__ float sum_of_warp(float value)
{
    for (int step = 16; step > 0; step /= 2) {
        value += __shfl_xor_sync(~0u, value, step);
    }
    return value;
}

__device__ float maximum_of_warp(float value)
{
    for (int step = 16; step > 0; step /= 2) {
        value = fmaxf(value, __shfl_xor_sync(~0u, value, step));
    }
    return value;
}

// Features of 32 rows: exp(w x / size^(1/4) - |x|^2 / (2 sqrt(size))). Those of a query are divided by their greatest, which changes no
// mean, so that no weight leaves f32. A lane has one feature of 32, a warp four rows.
extern "C" __global__ void __launch_bounds__(THREADS) features_of(
    const float* x, const float* w, int rows, int size, int features, int is_query, float* to)
{
    enum : int { ROWS = 32, SIDE = 32, OWN = ROWS / 8, STRIDE = SIDE + 1 };
    __shared__ float part_of_x[ROWS][STRIDE], part_of_w[SIDE][STRIDE], exponents[ROWS][MOST], squares[ROWS][SIDE];
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32, first = blockIdx.x * ROWS;
    float fourth_root = sqrtf(sqrtf((float)size));
#pragma unroll 1
    for (int from = 0; from < size; from += SIDE) {
#pragma unroll 1
        for (int feature = 0; feature < features; feature += SIDE) {
            __syncthreads();
#pragma unroll 1
            for (int own = 0; own < OWN; ++own) {
                int row = OWN * warp + own, place = from + lane;
                if (feature == 0) {
                    bool exists = first + row < rows && place < size;
                    float value = exists ? x[(long long)(first + row) * size + place] / fourth_root : 0.0f;
                    part_of_x[row][lane] = value;
                    squares[row][lane] = (from == 0 ? 0.0f : squares[row][lane]) + value * value;
                }
                bool exists = feature + row < features && place < size;
                part_of_w[row][lane] = exists ? w[(feature + row) * size + place] : 0.0f;
            }
            __syncthreads();
            float sums[OWN] = {};
#pragma unroll 1
            for (int place = 0; place < SIDE; ++place) {
                float weight = part_of_w[lane][place];
                for (int own = 0; own < OWN; ++own) {
                    sums[own] += weight * part_of_x[OWN * warp + own][place];
                }
            }
#pragma unroll
            for (int own = 0; own < OWN; ++own) {
                float& exponent = exponents[OWN * warp + own][feature + lane];
                exponent = from == 0 ? sums[own] : exponent + sums[own];
            }
        }
    }
    __syncwarp();
#pragma unroll 1
    for (int own = 0; own < OWN; ++own) {
        int row = OWN * warp + own;
        float shift = 0.0f;
        if (is_query) {
            shift = exponents[row][0];
#pragma unroll 1
            for (int feature = lane; feature < features; feature += 32) {
                shift = fmaxf(shift, exponents[row][feature]);
            }
            shift = maximum_of_warp(shift);
        } else {
            shift = 0.5f * sum_of_warp(squares[row][lane]);
        }
#pragma unroll 1
        for (int feature = lane; feature < features && first + row < rows; feature += 32) {
            to[(long long)(first + row) * features + feature] = expf(exponents[row][feature] - shift);
        }
    }
}

// A tile of a matrix, with zeros where the matrix ends.
template <int ROWS, int COLUMNS, int STRIDE>
__device__ void load(float* tile, const float* from, int size, int rows, int columns)
{
#pragma unroll 1
    for (int place = threadIdx.x; place < ROWS * COLUMNS; place += THREADS) {
        int row = place / COLUMNS, column = place % COLUMNS;
        bool exists = row < rows && column < columns;
        tile[row * STRIDE + column] = exists ? from[(long long)row * size + column] : 0.0f;
    }
}

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
    const float* features_of_k, const float* v, int n, int size, int features, float* states, float* norms)
{
    __shared__ float keys[TILE * TILE], values[TILE * TILE];
    int tiles = (size + TILE - 1) / TILE;
    int first = blockIdx.x * TILE, count = min((int)TILE, n - first);
    int row = blockIdx.y / tiles * TILE, column = blockIdx.y % tiles * TILE;
    long long head = (long long)blockIdx.z * n + first;
    load<TILE, TILE, TILE>(keys, features_of_k + head * features + row, features, count, features - row);
    load<TILE, TILE, TILE>(values, v + head * size + column, size, count, size - column);
    __syncthreads();
    float state[OWN][OWN];
    clear(state);
    multiply<TILE, 1, TILE, TILE, 1>(state, keys, values);
    long long chunk = (long long)blockIdx.z * gridDim.x + blockIdx.x;
    int y = threadIdx.x / SIDE, x = threadIdx.x % SIDE;
    for (int i = 0; i < OWN; ++i) {
        for (int j = 0; j < OWN; ++j) {
            int at = row + y + SIDE * i, to = column + x + SIDE * j;
            if (at < features && to < size) {
                states[(chunk * features + at) * size + to] = state[i][j];
            }
        }
    }
    if (column == 0 && threadIdx.x < TILE && row + threadIdx.x < features) {
        float norm = 0.0f;
#pragma unroll 1
        for (int key = 0; key < TILE; ++key) {
            norm += keys[key * TILE + threadIdx.x];
        }
        norms[chunk * features + row + threadIdx.x] = norm;
    }
}

// Every sum becomes that of the chunks before; without a mask the first becomes that of all. A thread has one element.
extern "C" __global__ void prefixes(int chunks, int size, int features, int causal, float* states, float* norms)
{
    int place = blockIdx.x * THREADS + threadIdx.x, of_state = features * size;
    if (place >= of_state + features) {
        return;
    }
    int step = place < of_state ? of_state : features;
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

extern "C" __global__ void __launch_bounds__(THREADS) means(const float* features_of_q, const float* features_of_k,
    const float* v, int n, int size, int features, int causal, const float* states, const float* norms, float* o)
{
    enum : int { STRIDE = DEPTH + 1, WEIGHTS = TILE + 1 };
    // Features of queries and keys, then the values.
    __shared__ float tiles[2 * TILE * STRIDE], states_tile[DEPTH * TILE], weights[TILE * WEIGHTS], norm[DEPTH], divisors[TILE];
    float *queries = tiles, *keys = tiles + TILE * STRIDE, *values = tiles;
    int first = blockIdx.x * TILE, count = min((int)TILE, n - first), column = blockIdx.y * TILE;
    long long head = (long long)blockIdx.z * n + first;
    long long chunk = (long long)blockIdx.z * gridDim.x + (causal ? blockIdx.x : 0);
    float mean[OWN][OWN], weight[OWN][OWN], divisor = 0.0f;
    clear(mean);
    clear(weight);
#pragma unroll 1
    for (int row = 0; row < features; row += DEPTH) {
        __syncthreads();
        load<TILE, DEPTH, STRIDE>(queries, features_of_q + head * features + row, features, count, features - row);
        load<DEPTH, TILE, TILE>(
            states_tile, states + (chunk * features + row) * size + column, size, features - row, size - column);
        if (causal) {
            load<TILE, DEPTH, STRIDE>(keys, features_of_k + head * features + row, features, count, features - row);
        }
        if (threadIdx.x < DEPTH) {
            norm[threadIdx.x] = row + threadIdx.x < features ? norms[chunk * features + row + threadIdx.x] : 0.0f;
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
        load<TILE, TILE, TILE>(values, v + head * size + column, size, count, size - column);
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
                o[(head + query) * size + to] = mean[i][j] / divisors[query];
            }
        }
    }
}

/* judge:
expect = "AC"
growth = "n"
takes = { type = "f32" }

[[buffer]]
name = "states"
type = "f32"
length = "batch * heads * ceil_div(n, 64) * size * size"

[[launch]]
entry = "states"
grid = ["ceil_div(n, 64)", "ceil_div(size, 64)", "batch * heads"]
block = "256"
arguments = ["k", "v", "n", "size", "states"]

[[launch]]
entry = "prefixes"
grid = ["ceil_div(size * size, 256)", "batch * heads"]
block = "256"
arguments = ["ceil_div(n, 64)", "size * size", "causal", "states"]

[[launch]]
entry = "attend"
grid = ["ceil_div(n, 64)", "batch * heads"]
block = "256"
arguments = ["q", "k", "v", "n", "size", "causal", "states", "o"]

# As in chunks, but for the sums, n * size / 4 sectors of each head, which never leave the warp.
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * (n * size / 8 * (3 + ceil_div(size, 64) + 2 * causal) + size * size / 8 * ((3 + causal) * ceil_div(n, 64) + 1 - causal))"
cases = ["norm_attention/random@n=65,size=64", "norm_attention/random@n=130,size=32,heads=2,causal=1", "norm_attention/random@n=33,size=128,causal=1"]
*/

// The sequence in chunks of 64, as in `chunked`: the states of the chunks, their running sums, and then the queries of a chunk. But
// a warp has whole rows of the sums in its registers, and normalises them there: this saves a launch, and the sums' way through
// memory in f32.
// A block has 64 rows: a warp every eighth of them, a lane every 32nd column.
enum : int { CHUNK = 64, DEPTH = 32, WARPS = 8, THREADS = 32 * WARPS, ROWS = CHUNK / WARPS, MOST = 128, OWN = MOST / 32 };
enum : int { NARROW = DEPTH + 1, WEIGHTS = CHUNK + 1, WIDE = MOST + 1 };

__device__ float same(float value) { return value; }
__device__ float feature(float value) { return value > 0.0f ? value + 1.0f : expf(value); }

// Rows of a matrix, each element as F makes it.
template <float (*F)(float)>
struct Matrix {
    const float* first;
    __device__ float at(int place) const { return F(first[place]); }
    __device__ Matrix from(int place) const { return {first + place}; }
};

// Tiles of factors; weights take the room of both narrow ones, and what comes out of it all that of all three.
struct Tiles {
    float narrow[2][CHUNK * NARROW], wide[DEPTH * WIDE];
    __device__ float* result() { return narrow[0]; }
};

// A tile of a matrix, with zeros where the matrix ends.
template <int HEIGHT, int WIDTH, int BY_ROW, int BY_COLUMN, class M>
__device__ void load(float* tile, M matrix, int size, int rows, int columns)
{
#pragma unroll 1
    for (int place = threadIdx.x; place < HEIGHT * WIDTH; place += THREADS) {
        int row = place / WIDTH, column = place % WIDTH;
        bool exists = row < rows && column < columns;
        tile[row * BY_ROW + column * BY_COLUMN] = exists ? matrix.at(row * size + column) : 0.0f;
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

template <int COLUMNS>
__device__ void store(float* tile, int by_row, const float (&sum)[ROWS][COLUMNS])
{
    for (int i = 0; i < ROWS; ++i) {
        for (int j = 0; j < COLUMNS; ++j) {
            tile[(threadIdx.x / 32 + WARPS * i) * by_row + threadIdx.x % 32 + 32 * j] = sum[i][j];
        }
    }
}

// Calls with the row and the column of every element of the thread that exists.
template <class F>
__device__ void each(int rows, int columns, F with)
{
#pragma unroll 1
    for (int row = threadIdx.x / 32; row < rows; row += WARPS) {
#pragma unroll 1
        for (int column = threadIdx.x % 32; column < columns; column += 32) {
            with(row, column);
        }
    }
}

// Of one chunk the sum of the products of a row of `left` with one of `right`: 64 rows of the state.
template <class L, class R>
__device__ void outer(Tiles& tiles, L left, R right, int size, int count, int first_row, float* state)
{
    float sum[ROWS][OWN];
    clear(sum);
#pragma unroll 1
    for (int first = 0; first < count; first += DEPTH) {
        int place = first * size;
        __syncthreads();
        load<DEPTH, CHUNK, CHUNK, 1>(tiles.narrow[0], left.from(place + first_row), size, count - first, size - first_row);
        load<DEPTH, MOST, WIDE, 1>(tiles.wide, right.from(place), size, count - first, size);
        __syncthreads();
        multiply<1, CHUNK, WIDE, 1>(sum, tiles.narrow[0], tiles.wide);
    }
    __syncthreads();
    float* result = tiles.result();
    store(result, WIDE, sum);
    state += first_row * size;
    // A thread reads what it wrote.
    each(min((int)CHUNK, size - first_row), size, [=](int row, int column) { state[row * size + column] = result[row * WIDE + column]; });
}

// left state, and with a mask (left right^T, as far as a row sees) values besides: what the rows of a chunk get from other chunks,
// and from their own. FLIPPED: the state is read by columns. BACKWARDS: a row sees itself and what follows. Every thread has the
// same elements of the result as of all else.
template <bool FLIPPED, bool BACKWARDS, class L, class R, class V>
__device__ void attend(Tiles& tiles, L left, R right, V values, const float* state, int size, int count, int causal)
{
    float *lefts = tiles.narrow[0], *rights = tiles.narrow[1], *weights = tiles.narrow[0];
    float sum[ROWS][OWN], weight[ROWS][CHUNK / 32];
    clear(sum);
    clear(weight);
#pragma unroll 1
    for (int first = 0; first < size; first += DEPTH) {
        __syncthreads();
        load<CHUNK, DEPTH, NARROW, 1>(lefts, left.from(first), size, count, size - first);
        if (causal) {
            load<CHUNK, DEPTH, NARROW, 1>(rights, right.from(first), size, count, size - first);
        }
        if (FLIPPED) {
            load<MOST, DEPTH, 1, WIDE>(tiles.wide, Matrix<same>{state + first}, size, size, size - first);
        } else {
            Matrix<same> rows{state + first * size};
            load<DEPTH, MOST, WIDE, 1>(tiles.wide, rows, size, size - first, size);
        }
        __syncthreads();
        multiply<NARROW, 1, WIDE, 1>(sum, lefts, tiles.wide);
        if (causal) {
            multiply<NARROW, 1, 1, NARROW>(weight, lefts, rights);
        }
    }
    __syncthreads();
    if (causal) {
        store(weights, WEIGHTS, weight);
        each(CHUNK, CHUNK, [=](int row, int column) {
            if (BACKWARDS ? column < row : row < column) {
                weights[row * WEIGHTS + column] = 0.0f;
            }
        });
#pragma unroll 1
        for (int first = 0; first < count; first += DEPTH) {
            __syncthreads();
            load<DEPTH, MOST, WIDE, 1>(tiles.wide, values.from(first * size), size, count - first, size);
            __syncthreads();
            multiply<WEIGHTS, 1, WIDE, 1>(sum, weights + first, tiles.wide);
        }
        __syncthreads();
    }
    store(tiles.result(), WIDE, sum);
}

__device__ float sum_of_warp(float value)
{
    for (int step = 16; step > 0; step /= 2) {
        value += __shfl_xor_sync(~0u, value, step);
    }
    return value;
}

// The state of a chunk.
extern "C" __global__ void __launch_bounds__(THREADS) states(const float* k, const float* v, int n, int size, float* all)
{
    __shared__ Tiles tiles;
    int first = blockIdx.x * CHUNK;
    long long place = ((long long)blockIdx.z * n + first) * size;
    long long chunk = (long long)blockIdx.z * gridDim.x + blockIdx.x;
    Matrix<feature> keys{k + place};
    Matrix<same> values{v + place};
    outer(tiles, keys, values, size, min((int)CHUNK, n - first), blockIdx.y * CHUNK, all + chunk * size * size);
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

extern "C" __global__ void __launch_bounds__(THREADS) attend(const float* q, const float* k, const float* v, int n, int size,
    int causal, const float* states, float* o)
{
    __shared__ Tiles tiles;
    int first = blockIdx.x * CHUNK, count = min((int)CHUNK, n - first);
    long long place = ((long long)blockIdx.y * n + first) * size;
    long long chunk = (long long)blockIdx.y * gridDim.x + (causal ? blockIdx.x : 0);
    Matrix<feature> queries{q + place}, keys{k + place};
    Matrix<same> values{v + place};
    attend<false, false>(tiles, queries, keys, values, states + chunk * size * size, size, count, causal);
    int lane = threadIdx.x % 32;
#pragma unroll 1
    for (int row = threadIdx.x / 32; row < count; row += WARPS) {
        const float* sums = tiles.result() + row * WIDE;
        float square = 0.0f;
        for (int j = 0; j < OWN; ++j) {
            square += sums[lane + 32 * j] * sums[lane + 32 * j]; // zeros beyond the last one
        }
        float root = sqrtf(sum_of_warp(square) / size + 1e-5f);
#pragma unroll 1
        for (int column = lane; column < size; column += 32) {
            o[place + row * size + column] = sums[column] / root;
        }
    }
}

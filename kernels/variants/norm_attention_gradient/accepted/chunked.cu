/* judge:
expect = "AC"
growth = "n"
takes = { type = "f32" }

[[buffer]]
name = "states"
type = "f32"
length = "batch * heads * ceil_div(n, 64) * size * size"

[[buffer]]
name = "gradients"
type = "f32"
length = "batch * heads * n * size"

[[launch]]
entry = "states"
grid = ["ceil_div(n, 64)", "ceil_div(size, 64)", "batch * heads"]
block = "256"
arguments = ["k", "v", "n", "size", "states"]

[[launch]]
entry = "prefixes"
grid = ["ceil_div(size * size, 256)", "batch * heads"]
block = "256"
arguments = ["ceil_div(n, 64)", "size * size", "causal", "0", "states"]

[[launch]]
entry = "attend"
grid = ["ceil_div(n, 64)", "batch * heads"]
block = "256"
arguments = ["q", "1", "k", "1", "v", "0", "states", "0", "0", "n", "size", "causal", "q", "0", "gradients"]

[[launch]]
entry = "normalise"
grid = "ceil_div(batch * heads * n, 8)"
block = "256"
arguments = ["gradients", "upstream", "batch * heads * n", "size"]

[[launch]]
entry = "attend"
grid = ["ceil_div(n, 64)", "batch * heads"]
block = "256"
arguments = ["gradients", "0", "v", "0", "k", "1", "states", "1", "0", "n", "size", "causal", "q", "1", "dq"]

[[launch]]
entry = "states"
grid = ["ceil_div(n, 64)", "ceil_div(size, 64)", "batch * heads"]
block = "256"
arguments = ["q", "gradients", "n", "size", "states"]

[[launch]]
entry = "prefixes"
grid = ["ceil_div(size * size, 256)", "batch * heads"]
block = "256"
arguments = ["ceil_div(n, 64)", "size * size", "causal", "1", "states"]

[[launch]]
entry = "attend"
grid = ["ceil_div(n, 64)", "batch * heads"]
block = "256"
arguments = ["v", "0", "gradients", "0", "q", "1", "states", "1", "1", "n", "size", "causal", "k", "1", "dk"]

[[launch]]
entry = "attend"
grid = ["ceil_div(n, 64)", "batch * heads"]
block = "256"
arguments = ["k", "1", "q", "1", "gradients", "0", "states", "0", "1", "n", "size", "causal", "k", "0", "dv"]

# Of each head, in sectors of 32 bytes: R = n * size / 8 of an array, X = size * size / 8 of a state, of which there are
# C = ceil_div(n, 64).
#     states     twice: the left array once, the right one for each 64 rows of the state; C X written
#     prefixes   twice: C X read, and C X written, or X without a mask
#     attend     four times: `left`, with a mask `right` and `values` too, C X, and what is written: 2 R, with a mask 4 R; twice
#                what there is a slope of
#     normalise  sums and upstream gradients read, gradients written
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * (n * size / 8 * (15 + 2 * ceil_div(size, 64) + 8 * causal) + size * size / 8 * ((8 + 2 * causal) * ceil_div(n, 64) + 2 - 2 * causal))"
cases = ["norm_attention_gradient/random@n=65,size=64", "norm_attention_gradient/random@n=130,size=32,heads=2,causal=1", "norm_attention_gradient/random@n=33,size=128,causal=1"]
*/

// The sequence in chunks of 64. Each chunk sums up its own keys and values (its state), a launch adds up the states of the chunks
// before (or, without a mask, of all), and then a chunk's queries take what is before the chunk from the state, and what is in it
// from the weights of its pairs. The gradients are three more sums of the same kind, one over the same state, and two over that of
// the queries and the gradients of the sums, which runs from the end. This saves the way over all keys for each query, and over all
// queries for each key.
// A block has 64 rows: a warp every eighth of them, a lane every 32nd column.
enum : int { CHUNK = 64, DEPTH = 32, WARPS = 8, THREADS = 32 * WARPS, ROWS = CHUNK / WARPS, MOST = 128, OWN = MOST / 32 };
enum : int { NARROW = DEPTH + 1, WEIGHTS = CHUNK + 1, WIDE = MOST + 1 };

__device__ float feature(float value) { return value > 0.0f ? value + 1.0f : expf(value); }
__device__ float slope(float value) { return value > 0.0f ? 1.0f : expf(value); }

// Rows of a matrix, or of their features.
struct Matrix {
    const float* first;
    bool is_feature;
    __device__ float at(int place) const { return is_feature ? feature(first[place]) : first[place]; }
    __device__ Matrix from(long long place) const { return {first + place, is_feature}; }
};

// Tiles of factors; weights take the room of both narrow ones, and what comes out of it all that of all three.
struct Tiles {
    float narrow[2][CHUNK * NARROW], wide[DEPTH * WIDE];
    __device__ float* result() { return narrow[0]; }
};

// A tile of a matrix, with zeros where the matrix ends.
template <int HEIGHT, int WIDTH, int BY_ROW, int BY_COLUMN>
__device__ void load(float* tile, Matrix matrix, int size, int rows, int columns)
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

__device__ float sum_of_warp(float value)
{
    for (int step = 16; step > 0; step /= 2) {
        value += __shfl_xor_sync(~0u, value, step);
    }
    return value;
}

// The state of a chunk: the sum of the products of the features of a row of `left` with the same row of `right`. A block has 64 rows
// of the state.
extern "C" __global__ void __launch_bounds__(THREADS) states(const float* left, const float* right, int n, int size, float* all)
{
    __shared__ Tiles tiles;
    int start = blockIdx.x * CHUNK, count = min((int)CHUNK, n - start), first_row = blockIdx.y * CHUNK;
    long long chunk = (long long)blockIdx.z * gridDim.x + blockIdx.x;
    long long place = ((long long)blockIdx.z * n + start) * size;
    Matrix lefts{left + place + first_row, true}, rights{right + place, false};
    float sum[ROWS][OWN];
    clear(sum);
#pragma unroll 1
    for (int first = 0; first < count; first += DEPTH) {
        __syncthreads();
        load<DEPTH, CHUNK, CHUNK, 1>(tiles.narrow[0], lefts.from(first * size), size, count - first, size - first_row);
        load<DEPTH, MOST, WIDE, 1>(tiles.wide, rights.from(first * size), size, count - first, size);
        __syncthreads();
        multiply<1, CHUNK, WIDE, 1>(sum, tiles.narrow[0], tiles.wide);
    }
    __syncthreads();
    float *result = tiles.result(), *state = all + (chunk * size + first_row) * size;
    store(result, WIDE, sum);
    each(min((int)CHUNK, size - first_row), size, [=](int row, int column) {
        state[row * size + column] = result[row * WIDE + column];
    });
}

// The state of each chunk becomes the sum of those before it, or of those behind it; without a mask the first becomes that of all.
// A thread has one element.
extern "C" __global__ void prefixes(int chunks, int length, int causal, int backwards, float* states)
{
    int place = blockIdx.x * THREADS + threadIdx.x;
    if (place >= length) {
        return;
    }
    float *first = states + (long long)blockIdx.y * chunks * length + place, sum = 0.0f;
#pragma unroll 1
    for (int step = 0; step < chunks; ++step) {
        float* element = first + (long long)(backwards ? chunks - 1 - step : step) * length;
        float own = *element;
        if (causal) {
            *element = sum;
        }
        sum += own;
    }
    if (!causal) {
        *first = sum;
    }
}

// What rows of a chunk get from other chunks, and with a mask from their own besides:
//
//     left state + (left right^T, as far as a row sees) values
//
// `flipped`: the state is read by columns. `backwards`: a row sees itself and what follows.
struct Term {
    Matrix left, right, values;
    bool flipped, backwards;
};

// Every thread has the same elements of the result as of all else.
__device__ void attend(Tiles& tiles, const Term& term, long long place, const float* state, int size, int count, int causal)
{
    float *lefts = tiles.narrow[0], *rights = tiles.narrow[1], *weights = tiles.narrow[0];
    float sum[ROWS][OWN], weight[ROWS][CHUNK / 32];
    clear(sum);
    clear(weight);
#pragma unroll 1
    for (int first = 0; first < size; first += DEPTH) {
        __syncthreads();
        load<CHUNK, DEPTH, NARROW, 1>(lefts, term.left.from(place + first), size, count, size - first);
        if (causal) {
            load<CHUNK, DEPTH, NARROW, 1>(rights, term.right.from(place + first), size, count, size - first);
        }
        if (term.flipped) {
            load<MOST, DEPTH, 1, WIDE>(tiles.wide, Matrix{state + first, false}, size, size, size - first);
        } else {
            load<DEPTH, MOST, WIDE, 1>(tiles.wide, Matrix{state + first * size, false}, size, size - first, size);
        }
        __syncthreads();
        multiply<NARROW, 1, WIDE, 1>(sum, lefts, tiles.wide);
        if (causal) {
            multiply<NARROW, 1, 1, NARROW>(weight, lefts, rights);
        }
    }
    __syncthreads();
    if (causal) {
        bool backwards = term.backwards;
        store(weights, WEIGHTS, weight);
        each(CHUNK, CHUNK, [=](int row, int column) {
            if (backwards ? column < row : row < column) {
                weights[row * WEIGHTS + column] = 0.0f;
            }
        });
#pragma unroll 1
        for (int first = 0; first < count; first += DEPTH) {
            __syncthreads();
            load<DEPTH, MOST, WIDE, 1>(tiles.wide, term.values.from(place + first * size), size, count - first, size);
            __syncthreads();
            multiply<WEIGHTS, 1, WIDE, 1>(sum, weights + first, tiles.wide);
        }
        __syncthreads();
    }
    store(tiles.result(), WIDE, sum);
}

// The gradient of a row's sum: that of its norm, without the part along the norm, over the root mean square. A warp has the row;
// a lane its elements lane, lane + 32, ..., with zeros beyond the last one.
__device__ void normalise_gradient(float (&sum)[OWN], const float (&upstream)[OWN], int size)
{
    float square = 0.0f, along = 0.0f;
    for (int j = 0; j < OWN; ++j) {
        square += sum[j] * sum[j];
    }
    float root = sqrtf(sum_of_warp(square) / size + 1e-5f);
    for (int j = 0; j < OWN; ++j) {
        sum[j] /= root;
        along += sum[j] * upstream[j];
    }
    along = sum_of_warp(along) / size;
    for (int j = 0; j < OWN; ++j) {
        sum[j] = (upstream[j] - sum[j] * along) / root;
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) attend(const float* left, int left_is_feature, const float* right,
    int right_is_feature, const float* values, int values_are_features, const float* states, int flipped, int backwards,
    int n, int size, int causal, const float* slope_of, int has_slope, float* to)
{
    __shared__ Tiles tiles;
    int start = blockIdx.x * CHUNK, count = min((int)CHUNK, n - start);
    long long place = ((long long)blockIdx.y * n + start) * size;
    long long chunk = (long long)blockIdx.y * gridDim.x + (causal ? blockIdx.x : 0);
    Term term{{left, left_is_feature != 0}, {right, right_is_feature != 0}, {values, values_are_features != 0}, flipped != 0,
        backwards != 0};
    attend(tiles, term, place, states + chunk * size * size, size, count, causal);
    const float *result = tiles.result(), *slopes = slope_of + place;
    to += place;
    each(count, size, [=](int row, int column) {
        float factor = has_slope ? slope(slopes[row * size + column]) : 1.0f;
        to[row * size + column] = factor * result[row * WIDE + column];
    });
}

// In place: a sum becomes its gradient. A warp has a row.
extern "C" __global__ void normalise(float* sums, const float* upstream, int rows, int size)
{
    int lane = threadIdx.x % 32, row = blockIdx.x * WARPS + threadIdx.x / 32;
    if (row >= rows) {
        return;
    }
    long long place = (long long)row * size;
    float sum[OWN], gradient[OWN];
    for (int j = 0; j < OWN; ++j) {
        bool exists = lane + 32 * j < size;
        sum[j] = exists ? sums[place + lane + 32 * j] : 0.0f;
        gradient[j] = exists ? upstream[place + lane + 32 * j] : 0.0f;
    }
    normalise_gradient(sum, gradient, size);
    for (int j = 0; j < OWN; ++j) {
        if (lane + 32 * j < size) {
            sums[place + lane + 32 * j] = sum[j];
        }
    }
}

/* judge:
expect = "AC"
growth = "n*size*features"

[[buffer]]
name = "features_of_q"
type = "f32"
length = "batch * heads * n * features"

[[buffer]]
name = "features_of_k"
type = "f32"
length = "batch * heads * n * features"

[[launch]]
entry = "features_{type}"
grid = "ceil_div(batch * heads * n, 32)"
block = "256"
arguments = ["q", "w", "batch * heads * n", "size", "features", "1", "features_of_q"]

[[launch]]
entry = "features_{type}"
grid = "ceil_div(batch * heads * n, 32)"
block = "256"
arguments = ["k", "w", "batch * heads * n", "size", "features", "0", "features_of_k"]

[[launch]]
entry = "attention_{type}"
grid = ["ceil_div(size, 32)", "batch * heads"]
block = "512"
arguments = ["features_of_q", "features_of_k", "v", "n", "size", "features", "causal", "o"]

[[theorem]]
counter = "global_sectors"
equals = "2 * (batch * heads * n * (2 * size * type_bytes / 32 + features / 8 + features / 8 * size / 32) + ceil_div(batch * heads * n, 32) * features * size * type_bytes / 32)"
cases = ["performer_attention/random@n=64", "performer_attention/random@n=33,size=32,heads=2,type=f16,causal=1", "performer_attention/random@n=96,size=128,features=32"]
*/

// A weight is a product of features, so the sum over the keys can be taken once for all queries:
//
//     state[r][e] = sum over j of phi(k[j])[r] v[j][e]       norm[r] = sum over j of phi(k[j])[r]
//     o[i][e]     = sum over r of phi(q[i])[r] state[r][e] / sum over r of phi(q[i])[r] norm[r]
//
// With a mask the sums run along with the queries. This saves the matrix of weights, and the keys and values for each query: work grows
// with n, not with its square. But places are gone through one behind the other, and there are no more blocks than heads times
// columns / 32.
//
// In sectors of 32 bytes, R = batch * heads * n rows each of q and k.
//     features  2 R rows read, w once for 32 of them; 2 R rows of features written
//     means     2 R rows of features for each 32 columns of the values; R rows of v read and of o written
#include <cuda_fp16.h>

// A block has so many columns of the state; 16 lanes share the rows of a column.
enum : int { COLUMNS = 32, PARTS = 16, THREADS = COLUMNS * PARTS, MOST = 256, OWN = MOST / PARTS, STAGE = 16 };

__device__ float number(float value) { return value; }
__device__ float number(__half value) { return __half2float(value); }
__device__ void put(float* to, float value) { *to = value; }
__device__ void put(__half* to, float value) { *to = __float2half_rn(value); }

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
template <class T>
__device__ void features_of(const T* x, const T* w, int rows, int size, int features, int is_query, float* to)
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
                    float value = exists ? number(x[(long long)(first + row) * size + place]) / fourth_root : 0.0f;
                    part_of_x[row][lane] = value;
                    squares[row][lane] = (from == 0 ? 0.0f : squares[row][lane]) + value * value;
                }
                bool exists = feature + row < features && place < size;
                part_of_w[row][lane] = exists ? number(w[(feature + row) * size + place]) : 0.0f;
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

__device__ float sum_of_parts(float value)
{
    for (int step = PARTS / 2; step > 0; step /= 2) {
        value += __shfl_xor_sync(~0u, value, step);
    }
    return value;
}

// Whether rows go on: in steps of 64, up to which features are filled up with zeros.
__device__ bool is_within(int own, int rows)
{
    return own % 4 != 0 || PARTS * own < rows;
}

// What a block works on next, in shared memory: features of queries and keys, its columns of values and means.
struct Stage {
    float queries[STAGE][MOST], keys[STAGE][MOST], values[STAGE][COLUMNS], means[STAGE][COLUMNS];
};

__device__ void load_features(float (*to)[MOST], const float* from, int count, int features)
{
    int filled = (features + 63) / 64 * 64;
#pragma unroll 1
    for (int place = threadIdx.x; place < count * filled; place += THREADS) {
        int row = place / filled, column = place % filled;
        to[row][column] = column < features ? from[row * features + column] : 0.0f;
    }
}

template <class T>
__device__ void attention(
    const float* features_of_q, const float* features_of_k, const T* v, int n, int size, int features, int causal, T* o)
{
    __shared__ Stage stage;
    int part = threadIdx.x % PARTS, column = threadIdx.x / PARTS;
    int first_column = blockIdx.x * COLUMNS, columns = min((int)COLUMNS, size - first_column);
    long long head = (long long)blockIdx.y * n;
    // The rows part, part + 16, ... of the column.
    float state[OWN], norm[OWN];
    for (int own = 0; own < OWN; ++own) {
        state[own] = norm[own] = 0.0f;
    }
    // Without a mask all keys are summed up before the first query; with it a query comes right behind its key.
    int stages = (n + STAGE - 1) / STAGE;
#pragma unroll 1
    for (int next = causal ? stages : 0; next < 2 * stages; ++next) {
        int first = next % stages * STAGE, count = min((int)STAGE, n - first);
        int keys = causal || next < stages ? count : 0, queries = next >= stages ? count : 0;
        // Nobody may load while somebody still reads what was there.
        __syncthreads();
        if (keys > 0) {
            load_features(stage.keys, features_of_k + (head + first) * features, count, features);
            if (threadIdx.x / COLUMNS < count && threadIdx.x % COLUMNS < columns) {
                int row = threadIdx.x / COLUMNS, place = threadIdx.x % COLUMNS;
                stage.values[row][place] = number(v[(head + first + row) * size + first_column + place]);
            }
        }
        if (queries > 0) {
            load_features(stage.queries, features_of_q + (head + first) * features, count, features);
        }
        __syncthreads();
#pragma unroll 1
        for (int row = 0; row < count; ++row) {
            float mean = 0.0f, sum = 0.0f;
            if (row < keys) {
                float value = column < columns ? stage.values[row][column] : 0.0f;
                for (int own = 0; own < OWN && is_within(own, features); ++own) {
                    float key = stage.keys[row][part + PARTS * own];
                    state[own] += key * value;
                    norm[own] += key;
                }
            }
            if (row < queries) {
                for (int own = 0; own < OWN && is_within(own, features); ++own) {
                    float query = stage.queries[row][part + PARTS * own];
                    mean += query * state[own];
                    sum += query * norm[own];
                }
            }
            mean = sum_of_parts(mean);
            sum = sum_of_parts(sum);
            if (row < queries && part == 0) {
                stage.means[row][column] = mean / sum;
            }
        }
        __syncthreads();
        int row = threadIdx.x / COLUMNS, place = threadIdx.x % COLUMNS;
        if (row < queries && place < columns) {
            put(&o[(head + first + row) * size + first_column + place], stage.means[row][place]);
        }
    }
}

#define FOR(name, T)                                                                                                       \
    extern "C" __global__ void features_##name(                                                                            \
        const T* x, const T* w, int rows, int size, int features, int is_query, float* to)                                 \
    {                                                                                                                      \
        features_of(x, w, rows, size, features, is_query, to);                                                             \
    }                                                                                                                      \
    extern "C" __global__ void __launch_bounds__(THREADS) attention_##name(const float* features_of_q,                     \
        const float* features_of_k, const T* v, int n, int size, int features, int causal, T* o)                           \
    {                                                                                                                      \
        attention(features_of_q, features_of_k, v, n, size, features, causal, o);                                          \
    }
FOR(f32, float)
FOR(f16, __half)

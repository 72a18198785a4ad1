/* judge:
expect = "AC"
growth = "n*size^2"

[[launch]]
entry = "attention_{type}"
grid = ["ceil_div(size, 32)", "batch * heads"]
block = "512"
arguments = ["q", "k", "v", "n", "size", "causal", "o"]

[[theorem]]
counter = "global_sectors"
equals = "batch * heads * n * 2 * size * type_bytes / 32 * (1 + size / 32)"
cases = ["linear_attention/random@n=64", "linear_attention/random@n=33,size=32,heads=2,type=f16,causal=1", "linear_attention/random@n=96,size=128"]
*/

// A weight is a product of features, so the sum over the keys can be taken once for all queries:
//
//     state[d][e] = sum over j of phi(k[j])[d] v[j][e]       norm[d] = sum over j of phi(k[j])[d]
//     o[i][e]     = sum over d of phi(q[i])[d] state[d][e] / sum over d of phi(q[i])[d] norm[d]
//
// With a mask the sums run along with the queries. This saves the keys and values for each query: work grows with n, not with
// its square. But places are gone through one behind the other, and there are no more blocks than heads times columns / 32.
//
// A block has 32 columns of the values: of its head it reads all of q and k, and of v and o its own columns.
#include <cuda_fp16.h>

// A block has so many columns of the state; 16 lanes share the rows of a column.
enum : int { COLUMNS = 32, PARTS = 16, THREADS = COLUMNS * PARTS, MOST = 256, OWN = MOST / PARTS, STAGE = 16 };

__device__ float number(float value) { return value; }
__device__ float number(__half value) { return __half2float(value); }
__device__ void put(float* to, float value) { *to = value; }
__device__ void put(__half* to, float value) { *to = __float2half_rn(value); }

__device__ float feature(float value) { return value > 0.0f ? value + 1.0f : expf(value); }

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

template <class T>
__device__ void load_features(float (*to)[MOST], const T* from, int count, int size)
{
    int filled = (size + 63) / 64 * 64;
#pragma unroll 1
    for (int place = threadIdx.x; place < count * filled; place += THREADS) {
        int row = place / filled, column = place % filled;
        to[row][column] = column < size ? feature(number(from[row * size + column])) : 0.0f;
    }
}

template <class T>
__device__ void attention(const T* q, const T* k, const T* v, int n, int size, int causal, T* o)
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
            load_features(stage.keys, k + (head + first) * size, count, size);
            if (threadIdx.x / COLUMNS < count && threadIdx.x % COLUMNS < columns) {
                int row = threadIdx.x / COLUMNS, place = threadIdx.x % COLUMNS;
                stage.values[row][place] = number(v[(head + first + row) * size + first_column + place]);
            }
        }
        if (queries > 0) {
            load_features(stage.queries, q + (head + first) * size, count, size);
        }
        __syncthreads();
#pragma unroll 1
        for (int row = 0; row < count; ++row) {
            float mean = 0.0f, sum = 0.0f;
            if (row < keys) {
                float value = column < columns ? stage.values[row][column] : 0.0f;
                for (int own = 0; own < OWN && is_within(own, size); ++own) {
                    float key = stage.keys[row][part + PARTS * own];
                    state[own] += key * value;
                    norm[own] += key;
                }
            }
            if (row < queries) {
                for (int own = 0; own < OWN && is_within(own, size); ++own) {
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
    extern "C" __global__ void __launch_bounds__(THREADS) attention_##name(                                                \
        const T* q, const T* k, const T* v, int n, int size, int causal, T* o)                                             \
    {                                                                                                                      \
        attention(q, k, v, n, size, causal, o);                                                                            \
    }
FOR(f32, float)
FOR(f16, __half)

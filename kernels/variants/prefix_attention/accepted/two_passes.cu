/* judge:
expect = "AC"
growth = "n^2*prefix"
takes = { size = [64, 128] }

[[buffer]]
name = "means"
type = "f32"
length = "2 * batch * heads * n * size"

[[buffer]]
name = "sums"
type = "f32"
length = "4 * batch * heads * n"

[[launch]]
entry = "attend_{type}_{size}"
grid = ["ceil_div(n, 32)", "batch * heads"]
block = "256"
arguments = ["q", "prefix_k", "prefix_v", "heads", "n", "prefix", "0", "0", "means", "sums"]

[[launch]]
entry = "attend_{type}_{size}"
grid = ["ceil_div(n, 32)", "batch * heads"]
block = "256"
arguments = ["q", "k", "v", "batch * heads", "n", "n", "causal", "1", "means", "sums"]

[[launch]]
entry = "merge_{type}"
grid = "ceil_div(batch * heads * n * size, 256)"
block = "256"
arguments = ["means", "sums", "i64(batch * heads * n)", "size", "o", "logsumexp"]

# Sectors of 32 bytes, for each head, n a multiple of 32: both passes load the queries. Each of T = n / 32 blocks loads the K
# keys and values up to the last that one of its queries sees, of the prefix T P, of the sequence T n, causal 32 (1 + 2 + ... +
# T), which are 16 T (T - 1) fewer. Both store means as f32 and pairs of maximum and sum, those of the 4 queries of a warp in
# one sector. Merging loads the means, and the pairs in each of the size / 32 warps of a query; it stores the result, every
# logsumexp alone.
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * ((3 * n + 2 * (ceil_div(n, 32) * (prefix + n) - causal * 16 * ceil_div(n, 32) * (ceil_div(n, 32) - 1))) * size * type_bytes / 32 + 4 * n * size / 8 + 2 * n * size / 32 + n / 2 + n)"
cases = [
    "prefix_attention/random@n=64,prefix=16",
    "prefix_attention/random@n=64,prefix=40,causal=1,type=f16",
    "prefix_attention/random@n=32,prefix=8,heads=2,batch=2,size=128",
]
*/

// Nothing is copied: one kernel runs twice, over the prefix without a mask and over the sequence with it, and the two results are
// merged by their logsumexp. Keys and values go through shared memory in tiles of 32, so that 32 queries share what they load; eight
// threads take a query, each an eighth of its elements.
//
// What is handed over is not the logsumexp itself but its two parts, the greatest score and the sum of the exponentials under it: the
// larger the scores, the less of the logarithm of the sum would be left of it in f32.
#include <cuda_fp16.h>

enum : int { QUERIES = 32, PARTS = 8, THREADS = QUERIES * PARTS, KEYS = 32 };

// Below every score, and the difference of two of them is a number, which it is not with infinities.
#define NO_SCORE -1e30f

// What a thread keeps of its query: elements 4 * part + 32 * i + (0 to 3), the greatest score so far, and the sums under it.
template <int SIZE>
struct Query {
    float4 query[SIZE / 32], mean[SIZE / 32];
    float greatest, sum;
};

__device__ float4 four(const float* from)
{
    return *(const float4*)from;
}

__device__ float4 four(const __half* from)
{
    uint2 bits = *(const uint2*)from;
    float2 low = __half22float2(*(const __half2*)&bits.x), high = __half22float2(*(const __half2*)&bits.y);
    return make_float4(low.x, low.y, high.x, high.y);
}

__device__ float dot(float4 a, float4 b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;
}

// a * x + b * y, element by element.
__device__ float4 mix(float a, float4 x, float b, float4 y)
{
    return make_float4(a * x.x + b * y.x, a * x.y + b * y.y, a * x.z + b * y.z, a * x.w + b * y.w);
}

// Takes the keys and values from `first` on that are before `end` into shared memory.
template <int SIZE, typename T>
__device__ void take(float (*tile_of_keys)[SIZE], float (*tile_of_values)[SIZE], const T* keys, const T* values, int first, int end)
{
    long long from = (long long)first * SIZE;
    int pieces = min((int)KEYS, end - first) * SIZE / 4;
#pragma unroll 1
    for (int piece = threadIdx.x; piece < pieces; piece += THREADS) {
        *(float4*)&tile_of_keys[0][4 * piece] = four(keys + from + 4 * piece);
        *(float4*)&tile_of_values[0][4 * piece] = four(values + from + 4 * piece);
    }
}

// Goes over the keys before `end`, of which the thread's query sees those before `visible`.
template <int SIZE, typename T>
__device__ void walk(Query<SIZE>& state, const T* keys, const T* values, int end, int visible)
{
    __shared__ __align__(16) float tile_of_keys[KEYS][SIZE], tile_of_values[KEYS][SIZE];
    int part = threadIdx.x % PARTS;
    float scale = 1.0f / sqrtf((float)SIZE);
#pragma unroll 1
    for (int first = 0; first < end; first += KEYS) {
        // Nobody may take the next tile while somebody still reads this one.
        __syncthreads();
        take<SIZE>(tile_of_keys, tile_of_values, keys, values, first, end);
        __syncthreads();
        int in_tile = min((int)KEYS, end - first);
#pragma unroll 1
        for (int key = 0; key < in_tile; ++key) {
            float score = 0.0f;
            for (int i = 0; i < SIZE / 32; ++i) {
                score += dot(state.query[i], *(float4*)&tile_of_keys[key][4 * part + 32 * i]);
            }
            score += __shfl_xor_sync(~0u, score, 1);
            score += __shfl_xor_sync(~0u, score, 2);
            score += __shfl_xor_sync(~0u, score, 4);
            score *= scale;
            bool is_seen = first + key < visible;
            float greatest = is_seen ? fmaxf(state.greatest, score) : state.greatest;
            float shrink = expf(state.greatest - greatest), weight = is_seen ? expf(score - greatest) : 0.0f;
            state.greatest = greatest;
            state.sum = state.sum * shrink + weight;
            for (int i = 0; i < SIZE / 32; ++i) {
                state.mean[i] = mix(shrink, state.mean[i], weight, *(float4*)&tile_of_values[key][4 * part + 32 * i]);
            }
        }
    }
}

// One pass; its means and sums are the `pass`-th half of what both write.
template <int SIZE, typename T>
__device__ void attend(const T* q, const T* keys, const T* values, int heads_of_keys, int n, int count, int causal, int pass,
    float* means, float2* sums)
{
    int place = blockIdx.x * QUERIES + threadIdx.x / PARTS, part = threadIdx.x % PARTS;
    long long row = (long long)blockIdx.y * n + place;
    Query<SIZE> state;
    for (int i = 0; i < SIZE / 32; ++i) {
        state.mean[i] = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
        state.query[i] = place < n ? four(q + row * SIZE + 4 * part + 32 * i) : state.mean[i];
    }
    state.greatest = NO_SCORE;
    state.sum = 0.0f;
    long long head = (long long)(blockIdx.y % heads_of_keys) * count * SIZE;
    int end = causal ? min(count, (int)(blockIdx.x + 1) * QUERIES) : count;
    walk<SIZE>(state, keys + head, values + head, end, causal ? place + 1 : count);
    if (place < n) {
        row += (long long)pass * gridDim.y * n;
        for (int i = 0; i < SIZE / 32; ++i) {
            *(float4*)(means + row * SIZE + 4 * part + 32 * i) = state.mean[i];
        }
        if (part == 0) {
            sums[row] = make_float2(state.greatest, state.sum);
        }
    }
}

template <typename T>
__device__ void merge(const float* means, const float2* sums, long long rows, int size, T* o, float* logsumexp)
{
    long long index = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (index >= rows * size) {
        return;
    }
    long long row = index / size;
    float2 one = sums[row], other = sums[rows + row];
    float greatest = fmaxf(one.x, other.x);
    float weight = expf(one.x - greatest), other_weight = expf(other.x - greatest);
    float sum = weight * one.y + other_weight * other.y;
    o[index] = (T)((weight * means[index] + other_weight * means[rows * size + index]) / sum);
    if (index % size == 0) {
        logsumexp[row] = greatest + logf(sum);
    }
}

#define ENTRY(NAME, T, SIZE)                                                                                                   \
    extern "C" __global__ void __launch_bounds__(THREADS) attend_##NAME##_##SIZE(const T* q, const T* keys, const T* values,   \
        int heads_of_keys, int n, int count, int causal, int pass, float* means, float2* sums)                                  \
    {                                                                                                                          \
        attend<SIZE>(q, keys, values, heads_of_keys, n, count, causal, pass, means, sums);                                     \
    }
#define ENTRIES(NAME, T)                                                                                                       \
    ENTRY(NAME, T, 64)                                                                                                         \
    ENTRY(NAME, T, 128)                                                                                                        \
    extern "C" __global__ void merge_##NAME(                                                                                   \
        const float* means, const float2* sums, long long rows, int size, T* o, float* logsumexp)                               \
    {                                                                                                                          \
        merge(means, sums, rows, size, o, logsumexp);                                                                          \
    }
ENTRIES(f32, float)
ENTRIES(f16, __half)

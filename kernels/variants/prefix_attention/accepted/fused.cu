/* judge:
expect = "AC"
growth = "n^2*prefix"
takes = { size = [64, 128] }

[[launch]]
entry = "attend_{type}_{size}"
grid = ["ceil_div(n, 32)", "batch * heads"]
block = "256"
arguments = ["q", "prefix_k", "prefix_v", "k", "v", "heads", "n", "prefix", "causal", "o", "logsumexp"]

# Sectors of 32 bytes, for each head, n a multiple of 32: the queries are loaded and the means stored once. Each of T = n / 32
# blocks loads the K keys and values up to the last that one of its queries sees, of the prefix T P, of the sequence T n, causal
# 32 (1 + 2 + ... + T), which are 16 T (T - 1) fewer. The logsumexp of the 4 queries of a warp are one sector.
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * ((2 * n + 2 * (ceil_div(n, 32) * (prefix + n) - causal * 16 * ceil_div(n, 32) * (ceil_div(n, 32) - 1))) * size * type_bytes / 32 + n / 4)"
cases = [
    "prefix_attention/random@n=64,prefix=16",
    "prefix_attention/random@n=64,prefix=40,causal=1,type=f16",
    "prefix_attention/random@n=32,prefix=8,heads=2,batch=2,size=128",
]
*/

// One pass: the block goes over the tiles of the prefix, then over those of the sequence, and the running maximum and sum of each
// query do not notice the border. Against two passes this saves every means and sums that one kernel stores for another to load,
// the second loading of the queries, and two launches.
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

__device__ void put(float* to, float4 values)
{
    *(float4*)to = values;
}

__device__ void put(__half* to, float4 values)
{
    __half2 low = __floats2half2_rn(values.x, values.y), high = __floats2half2_rn(values.z, values.w);
    *(uint2*)to = make_uint2(*(unsigned*)&low, *(unsigned*)&high);
}

__device__ float dot(float4 a, float4 b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;
}

__device__ float4 times(float a, float4 x)
{
    return make_float4(a * x.x, a * x.y, a * x.z, a * x.w);
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
__device__ void walk(Query<SIZE>& state, float (*tile_of_keys)[SIZE], float (*tile_of_values)[SIZE], const T* keys,
    const T* values, int end, int visible)
{
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

template <int SIZE, typename T>
__device__ void attend(const T* q, const T* prefix_keys, const T* prefix_values, const T* keys, const T* values, int heads, int n,
    int prefixes, int causal, T* o, float* logsumexp)
{
    __shared__ __align__(16) float tile_of_keys[KEYS][SIZE], tile_of_values[KEYS][SIZE];
    int place = blockIdx.x * QUERIES + threadIdx.x / PARTS, part = threadIdx.x % PARTS;
    long long row = (long long)blockIdx.y * n + place;
    Query<SIZE> state;
    for (int i = 0; i < SIZE / 32; ++i) {
        state.mean[i] = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
        state.query[i] = place < n ? four(q + row * SIZE + 4 * part + 32 * i) : state.mean[i];
    }
    state.greatest = NO_SCORE;
    state.sum = 0.0f;
    long long learned = (long long)(blockIdx.y % heads) * prefixes * SIZE, head = (long long)blockIdx.y * n * SIZE;
    // Two rounds of one loop, not two loops: half the code. The learned keys are outside of the mask.
#pragma unroll 1
    for (int round = 0; round < 2; ++round) {
        bool is_prefix = round == 0;
        int end = is_prefix ? prefixes : causal ? min(n, (int)(blockIdx.x + 1) * QUERIES) : n;
        walk<SIZE>(state, tile_of_keys, tile_of_values, is_prefix ? prefix_keys + learned : keys + head,
            is_prefix ? prefix_values + learned : values + head, end, is_prefix || !causal ? end : place + 1);
    }
    if (place < n) {
        for (int i = 0; i < SIZE / 32; ++i) {
            put(o + row * SIZE + 4 * part + 32 * i, times(1.0f / state.sum, state.mean[i]));
        }
        if (part == 0) {
            logsumexp[row] = state.greatest + logf(state.sum);
        }
    }
}

#define ENTRY(NAME, T, SIZE)                                                                                                   \
    extern "C" __global__ void __launch_bounds__(THREADS) attend_##NAME##_##SIZE(const T* q, const T* prefix_keys,             \
        const T* prefix_values, const T* keys, const T* values, int heads, int n, int prefixes, int causal, T* o,              \
        float* logsumexp)                                                                                                      \
    {                                                                                                                          \
        attend<SIZE>(q, prefix_keys, prefix_values, keys, values, heads, n, prefixes, causal, o, logsumexp);                   \
    }
#define ENTRIES(NAME, T)                                                                                                       \
    ENTRY(NAME, T, 64)                                                                                                         \
    ENTRY(NAME, T, 128)
ENTRIES(f32, float)
ENTRIES(f16, __half)

/* judge:
expect = "AC"
growth = "n*nodes"
takes = { size = [64, 128] }

[[launch]]
entry = "attend_{type}_{size}"
grid = ["ceil_div(nodes, 32)", "batch * heads"]
block = "256"
arguments = ["q", "cache_k", "cache_v", "k", "v", "parents", "n", "nodes", "o", "logsumexp"]

# Sectors of 32 bytes, for each head, nodes a multiple of 32: each of T = nodes / 32 blocks loads all parents, the keys and
# values of the cache, and those of the nodes up to its last, 32 (1 + 2 + ... + T) in all. The queries are loaded and the means
# stored once; the logsumexp of the 4 queries of a warp are one sector.
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * (ceil_div(nodes, 32) * nodes / 8 + (2 * nodes + 2 * (ceil_div(nodes, 32) * n + 16 * ceil_div(nodes, 32) * (ceil_div(nodes, 32) + 1))) * size * type_bytes / 32 + nodes / 4)"
cases = [
    "tree_attention/random@n=64,nodes=32",
    "tree_attention/random@n=40,nodes=64,type=f16",
    "tree_attention/random@n=32,nodes=32,heads=2,batch=2,size=128",
]
*/

// 32 nodes share what is loaded of the cache, in tiles of 32 keys; before, every node loaded all of it. The nodes' own keys come in
// tiles, too, and which of a tile's nodes are ancestors is a word that each thread finds by walking up: it never leaves the
// registers, and there is one launch.
#include <cuda_fp16.h>

enum : int { QUERIES = 32, PARTS = 8, THREADS = QUERIES * PARTS, KEYS = 32, MOST_NODES = 1024 };

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

// What a query does with a key of shared memory.
template <int SIZE>
__device__ void see(Query<SIZE>& state, const float* key, const float* value, bool is_seen)
{
    int part = threadIdx.x % PARTS;
    float score = 0.0f;
    for (int i = 0; i < SIZE / 32; ++i) {
        score += dot(state.query[i], *(const float4*)&key[4 * part + 32 * i]);
    }
    score += __shfl_xor_sync(~0u, score, 1);
    score += __shfl_xor_sync(~0u, score, 2);
    score += __shfl_xor_sync(~0u, score, 4);
    score *= 1.0f / sqrtf((float)SIZE);
    float greatest = is_seen ? fmaxf(state.greatest, score) : state.greatest;
    float shrink = expf(state.greatest - greatest), weight = is_seen ? expf(score - greatest) : 0.0f;
    state.greatest = greatest;
    state.sum = state.sum * shrink + weight;
    for (int i = 0; i < SIZE / 32; ++i) {
        state.mean[i] = mix(shrink, state.mean[i], weight, *(const float4*)&value[4 * part + 32 * i]);
    }
}

// Where a query begins.
template <int SIZE, typename T>
__device__ void begin(Query<SIZE>& state, const T* query, bool exists)
{
    int part = threadIdx.x % PARTS;
    for (int i = 0; i < SIZE / 32; ++i) {
        state.query[i] = state.mean[i] = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    }
    if (exists) {
        for (int i = 0; i < SIZE / 32; ++i) {
            state.query[i] = four(query + 4 * part + 32 * i);
        }
    }
    state.greatest = NO_SCORE;
    state.sum = 0.0f;
}

template <int SIZE, typename T>
__device__ void end(const Query<SIZE>& state, T* mean, float* logsumexp)
{
    int part = threadIdx.x % PARTS;
    for (int i = 0; i < SIZE / 32; ++i) {
        put(mean + 4 * part + 32 * i, times(1.0f / state.sum, state.mean[i]));
    }
    if (part == 0) {
        *logsumexp = state.greatest + logf(state.sum);
    }
}

template <int SIZE, typename T>
__device__ void attend(const T* q, const T* cache_k, const T* cache_v, const T* k, const T* v, const int* parents, int n, int nodes,
    T* o, float* logsumexp)
{
    __shared__ __align__(16) float tile_of_keys[KEYS][SIZE], tile_of_values[KEYS][SIZE];
    __shared__ int tree[MOST_NODES];
#pragma unroll 1
    for (int node = threadIdx.x; node < nodes; node += THREADS) {
        tree[node] = parents[node] < node ? parents[node] : -1;
    }
    int node = blockIdx.x * QUERIES + threadIdx.x / PARTS;
    bool exists = node < nodes;
    long long row = (long long)blockIdx.y * nodes + node;
    long long cache = (long long)blockIdx.y * n * SIZE, candidates = (long long)blockIdx.y * nodes * SIZE;
    Query<SIZE> state;
    begin(state, q + row * SIZE, exists);
    // The tiles of the cache, then those of the nodes up to the last of this block: parents stand before their children.
    int tiles_of_cache = (n + KEYS - 1) / KEYS;
#pragma unroll 1
    for (int tile = 0; tile < tiles_of_cache + (int)blockIdx.x + 1; ++tile) {
        bool is_cache = tile < tiles_of_cache;
        int first = (is_cache ? tile : tile - tiles_of_cache) * KEYS;
        int in_tile = min((int)KEYS, (is_cache ? n : nodes) - first);
        const T* keys = is_cache ? cache_k + cache : k + candidates;
        const T* values = is_cache ? cache_v + cache : v + candidates;
        long long from = (long long)first * SIZE;
        // Nobody may take the next tile while somebody still reads this one.
        __syncthreads();
#pragma unroll 1
        for (int piece = threadIdx.x; piece < in_tile * SIZE / 4; piece += THREADS) {
            *(float4*)&tile_of_keys[0][4 * piece] = four(keys + from + 4 * piece);
            *(float4*)&tile_of_values[0][4 * piece] = four(values + from + 4 * piece);
        }
        __syncthreads();
        // The whole tile, or the ancestors in it.
        unsigned seen = is_cache ? ~0u : 0u;
#pragma unroll 1
        for (int above = is_cache || !exists ? -1 : node; above >= first; above = tree[above]) {
            seen |= above < first + KEYS ? 1u << (above - first) : 0u;
        }
#pragma unroll 1
        for (int key = 0; key < in_tile; ++key) {
            see<SIZE>(state, tile_of_keys[key], tile_of_values[key], seen >> key & 1);
        }
    }
    if (exists) {
        end(state, o + row * SIZE, logsumexp + row);
    }
}

#define ENTRY(NAME, T, SIZE)                                                                                                   \
    extern "C" __global__ void __launch_bounds__(THREADS) attend_##NAME##_##SIZE(const T* q, const T* cache_k,                 \
        const T* cache_v, const T* k, const T* v, const int* parents, int n, int nodes, T* o, float* logsumexp)                \
    {                                                                                                                          \
        attend<SIZE>(q, cache_k, cache_v, k, v, parents, n, nodes, o, logsumexp);                                              \
    }
ENTRY(f32, float, 64)
ENTRY(f32, float, 128)
ENTRY(f16, __half, 64)
ENTRY(f16, __half, 128)

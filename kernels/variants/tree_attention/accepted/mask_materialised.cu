/* judge:
expect = "AC"
growth = "n*nodes"

[[buffer]]
name = "mask"
type = "f32"
length = "nodes * (n + nodes)"

[[launch]]
entry = "make_mask"
grid = "ceil_div(nodes * (n + nodes), 256)"
block = "256"
arguments = ["parents", "n", "nodes", "mask"]

[[launch]]
entry = "attend_{type}"
grid = ["ceil_div(nodes, 4)", "batch * heads"]
block = "128"
arguments = ["q", "cache_k", "cache_v", "k", "v", "mask", "n", "nodes", "size", "o", "logsumexp"]

# Sectors of 32 bytes, n and nodes multiples of 8, M = nodes (n + nodes). Each block that makes the mask loads all parents; the
# mask is stored once. Then for each head the queries are loaded and the means stored, each of M pairs of a node and a key loads
# two rows, the mask is loaded once more, and every logsumexp is stored alone.
[[theorem]]
counter = "global_sectors"
equals = "ceil_div(nodes * (n + nodes), 256) * nodes / 8 + nodes * (n + nodes) / 8 + batch * heads * ((2 * nodes + 2 * nodes * (n + nodes)) * size * type_bytes / 32 + nodes * (n + nodes) / 8 + nodes)"
cases = [
    "tree_attention/random@n=64,nodes=32",
    "tree_attention/random@n=40,nodes=64,type=f16",
    "tree_attention/random@n=32,nodes=32,heads=2,batch=2,size=128",
]
*/

// What a framework does that has attention with a mask: the mask is written in full, for the cache as for the nodes, 0 where a node
// sees a key and minus infinity where not, and every score is computed and added to it. A warp takes a node, its lanes share the
// elements of a head.
#include <cuda_fp16.h>

enum : int { MOST_NODES = 1024 };

extern "C" __global__ void make_mask(const int* parents, int n, int nodes, float* mask)
{
    __shared__ int tree[MOST_NODES];
#pragma unroll 1
    for (int node = threadIdx.x; node < nodes; node += blockDim.x) {
        tree[node] = parents[node] < node ? parents[node] : -1;
    }
    __syncthreads();
    long long index = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    int keys = n + nodes;
    if (index >= (long long)nodes * keys) {
        return;
    }
    // Parents stand before their children: the way up either comes to the key or passes it.
    int node = (int)(index / keys), key = (int)(index % keys) - n;
#pragma unroll 1
    while (node > key && key >= 0) {
        node = tree[node];
    }
    mask[index] = key < 0 || node == key ? 0.0f : __int_as_float(0xFF800000);
}

// What a lane keeps of its query: elements lane + 32 * chunk, the greatest score so far, and the sums under it.
template <int CHUNKS>
struct Query {
    float query[CHUNKS], mean[CHUNKS];
    float greatest, sum;
};

template <int CHUNKS, typename T>
__device__ void begin(Query<CHUNKS>& state, const T* query, int size)
{
    for (int chunk = 0; chunk < CHUNKS; ++chunk) {
        int element = threadIdx.x % 32 + 32 * chunk;
        state.query[chunk] = element < size ? (float)query[element] : 0.0f;
        state.mean[chunk] = 0.0f;
    }
    // Below every score, and the difference to the first is a number.
    state.greatest = -1e30f;
    state.sum = 0.0f;
}

// What the query does with a key; `mask` is added to its score.
template <int CHUNKS, typename T>
__device__ void see(Query<CHUNKS>& state, const T* key, const T* value, int size, float mask)
{
    float score = 0.0f;
    for (int chunk = 0; chunk < CHUNKS; ++chunk) {
        int element = threadIdx.x % 32 + 32 * chunk;
        if (element < size) {
            score += state.query[chunk] * (float)key[element];
        }
    }
#pragma unroll 1
    for (int other = 16; other > 0; other /= 2) {
        score += __shfl_xor_sync(~0u, score, other);
    }
    score = score / sqrtf((float)size) + mask;
    float greatest = fmaxf(state.greatest, score);
    float shrink = expf(state.greatest - greatest), weight = expf(score - greatest);
    state.greatest = greatest;
    state.sum = state.sum * shrink + weight;
    for (int chunk = 0; chunk < CHUNKS; ++chunk) {
        int element = threadIdx.x % 32 + 32 * chunk;
        if (element < size) {
            state.mean[chunk] = state.mean[chunk] * shrink + weight * (float)value[element];
        }
    }
}

template <int CHUNKS, typename T>
__device__ void end(const Query<CHUNKS>& state, T* mean, float* logsumexp, int size)
{
    for (int chunk = 0; chunk < CHUNKS; ++chunk) {
        int element = threadIdx.x % 32 + 32 * chunk;
        if (element < size) {
            mean[element] = (T)(state.mean[chunk] / state.sum);
        }
    }
    if (threadIdx.x % 32 == 0) {
        *logsumexp = state.greatest + logf(state.sum);
    }
}

template <int CHUNKS, typename T>
__device__ void attend(const T* q, const T* cache_k, const T* cache_v, const T* k, const T* v, const float* mask, int n, int nodes,
    int size, T* o, float* logsumexp)
{
    int node = blockIdx.x * 4 + threadIdx.x / 32, lane = threadIdx.x % 32;
    if (node >= nodes) {
        return;
    }
    long long row = (long long)blockIdx.y * nodes + node;
    cache_k += (long long)blockIdx.y * n * size, cache_v += (long long)blockIdx.y * n * size;
    k += (long long)blockIdx.y * nodes * size, v += (long long)blockIdx.y * nodes * size;
    mask += (long long)node * (n + nodes);
    Query<CHUNKS> state;
    begin(state, q + row * size, size);
    float of_lane = 0.0f;
#pragma unroll 1
    for (int key = 0; key < n + nodes; ++key) {
        if (key % 32 == 0 && key + lane < n + nodes) {
            of_lane = mask[key + lane];
        }
        bool is_cache = key < n;
        long long at = (long long)(is_cache ? key : key - n) * size;
        see(state, (is_cache ? cache_k : k) + at, (is_cache ? cache_v : v) + at, size, __shfl_sync(~0u, of_lane, key % 32));
    }
    end(state, o + row * size, logsumexp + row, size);
}

#define ENTRY(NAME, T)                                                                                                         \
    extern "C" __global__ void attend_##NAME(const T* q, const T* cache_k, const T* cache_v, const T* k, const T* v,           \
        const float* mask, int n, int nodes, int size, T* o, float* logsumexp)                                                 \
    {                                                                                                                          \
        if (size <= 64) {                                                                                                      \
            attend<2>(q, cache_k, cache_v, k, v, mask, n, nodes, size, o, logsumexp);                                          \
        } else {                                                                                                               \
            attend<8>(q, cache_k, cache_v, k, v, mask, n, nodes, size, o, logsumexp);                                          \
        }                                                                                                                      \
    }
ENTRY(f32, float)
ENTRY(f16, __half)

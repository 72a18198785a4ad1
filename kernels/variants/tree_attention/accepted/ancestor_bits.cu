/* judge:
expect = "AC"
growth = "n*nodes"

[[buffer]]
name = "ancestors"
type = "u32"
length = "nodes * ceil_div(nodes, 32)"

[[launch]]
entry = "find_ancestors"
grid = "ceil_div(nodes * ceil_div(nodes, 32), 256)"
block = "256"
arguments = ["parents", "nodes", "ancestors"]

[[launch]]
entry = "attend_{type}"
grid = ["ceil_div(nodes, 4)", "batch * heads"]
block = "128"
arguments = ["q", "cache_k", "cache_v", "k", "v", "ancestors", "n", "nodes", "size", "o", "logsumexp"]

# Sectors of 32 bytes, nodes a multiple of 8, W = nodes ceil(nodes / 32) words, of a chain, where node i has i ancestors and
# itself. Each block that finds ancestors loads all parents; the words are stored once. Then for each head the queries are
# loaded and the means stored, each node loads two rows for each key of the cache and for each of its ancestors, every word
# alone, and every logsumexp is stored alone.
[[theorem]]
counter = "global_sectors"
equals = "ceil_div(nodes * ceil_div(nodes, 32), 256) * nodes / 8 + nodes * ceil_div(nodes, 32) / 8 + batch * heads * ((2 * nodes + 2 * (nodes * n + nodes * (nodes + 1) / 2)) * size * type_bytes / 32 + nodes * ceil_div(nodes, 32) + nodes)"
cases = [
    "tree_attention/chain@n=64,nodes=32",
    "tree_attention/chain@n=40,nodes=64,type=f16",
    "tree_attention/chain@n=32,nodes=32,heads=2,batch=2,size=128",
]
*/

// A bit for each pair of nodes in place of a float for each pair of a node and a key: the cache needs no mask, and a word tells of 32
// nodes at once which of them to look at. Keys that a node does not see are not loaded.
#include <cuda_fp16.h>

enum : int { MOST_NODES = 1024 };

extern "C" __global__ void find_ancestors(const int* parents, int nodes, unsigned* ancestors)
{
    __shared__ int tree[MOST_NODES];
#pragma unroll 1
    for (int node = threadIdx.x; node < nodes; node += blockDim.x) {
        tree[node] = parents[node] < node ? parents[node] : -1;
    }
    __syncthreads();
    int index = blockIdx.x * blockDim.x + threadIdx.x, words = (nodes + 31) / 32;
    if (index >= nodes * words) {
        return;
    }
    unsigned word = 0;
#pragma unroll 1
    for (int node = index / words; node >= 0; node = tree[node]) {
        if (node / 32 == index % words) {
            word |= 1u << node % 32;
        }
    }
    ancestors[index] = word;
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

// What the query does with a key that it sees.
template <int CHUNKS, typename T>
__device__ void see(Query<CHUNKS>& state, const T* key, const T* value, int size)
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
    score = score / sqrtf((float)size);
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
__device__ void attend(const T* q, const T* cache_k, const T* cache_v, const T* k, const T* v, const unsigned* ancestors, int n,
    int nodes, int size, T* o, float* logsumexp)
{
    int node = blockIdx.x * 4 + threadIdx.x / 32, words = (nodes + 31) / 32;
    if (node >= nodes) {
        return;
    }
    long long row = (long long)blockIdx.y * nodes + node;
    cache_k += (long long)blockIdx.y * n * size, cache_v += (long long)blockIdx.y * n * size;
    k += (long long)blockIdx.y * nodes * size, v += (long long)blockIdx.y * nodes * size;
    Query<CHUNKS> state;
    begin(state, q + row * size, size);
#pragma unroll 1
    for (int key = 0; key < n; ++key) {
        see(state, cache_k + (long long)key * size, cache_v + (long long)key * size, size);
    }
#pragma unroll 1
    for (int word = 0; word < words; ++word) {
        unsigned left = ancestors[node * words + word];
#pragma unroll 1
        while (left != 0) {
            long long key = 32 * word + __ffs(left) - 1;
            left &= left - 1;
            see(state, k + key * size, v + key * size, size);
        }
    }
    end(state, o + row * size, logsumexp + row, size);
}

#define ENTRY(NAME, T)                                                                                                         \
    extern "C" __global__ void attend_##NAME(const T* q, const T* cache_k, const T* cache_v, const T* k, const T* v,           \
        const unsigned* ancestors, int n, int nodes, int size, T* o, float* logsumexp)                                         \
    {                                                                                                                          \
        if (size <= 64) {                                                                                                      \
            attend<2>(q, cache_k, cache_v, k, v, ancestors, n, nodes, size, o, logsumexp);                                     \
        } else {                                                                                                               \
            attend<8>(q, cache_k, cache_v, k, v, ancestors, n, nodes, size, o, logsumexp);                                     \
        }                                                                                                                      \
    }
ENTRY(f32, float)
ENTRY(f16, __half)

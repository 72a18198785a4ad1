/* judge:
expect = "AC"
growth = "n^2*prefix"

[[buffer]]
name = "keys"
type = "f32"
length = "batch * heads * (prefix + n) * size"

[[buffer]]
name = "values"
type = "f32"
length = "batch * heads * (prefix + n) * size"

[[launch]]
entry = "concatenate_{type}"
grid = "ceil_div(batch * heads * (prefix + n) * size, 256)"
block = "256"
arguments = ["prefix_k", "k", "batch * heads", "heads", "prefix", "n", "size", "keys"]

[[launch]]
entry = "concatenate_{type}"
grid = "ceil_div(batch * heads * (prefix + n) * size, 256)"
block = "256"
arguments = ["prefix_v", "v", "batch * heads", "heads", "prefix", "n", "size", "values"]

[[launch]]
entry = "attend_{type}"
grid = "ceil_div(batch * heads * n, 4)"
block = "128"
arguments = ["q", "keys", "values", "batch * heads", "prefix", "n", "size", "causal", "o", "logsumexp"]

# Sectors of 32 bytes, for each head, rows beginning at multiples of 32 bytes: both copies load a row of each of the P + n keys
# and values and store it as f32; each of n queries is loaded and its mean stored; the S pairs of a query and a key that it sees
# are two rows of f32 each, S = n (P + n), causal n P + n (n + 1) / 2; and every logsumexp is stored alone.
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * ((2 * (prefix + n) + 2 * n) * size * type_bytes / 32 + (2 * (prefix + n) + 2 * (n * (prefix + n) - causal * (n * (n - 1) / 2))) * size / 8 + n)"
cases = [
    "prefix_attention/random@n=64,prefix=16",
    "prefix_attention/random@n=64,prefix=40,causal=1,type=f16",
    "prefix_attention/random@n=32,prefix=8,heads=2,batch=2,size=128",
]
*/

// What a framework does: the prefix is written before the keys and values of every sequence, and attention as it stands reads
// the result, with the mask moved by the prefix. A warp takes a query; its lanes share the elements of a head, so that every key
// is read in one piece, and each score is a sum over the warp.
#include <cuda_fp16.h>

#define MINUS_INFINITY __int_as_float(0xFF800000)

template <typename T>
__device__ void concatenate(
    const T* prefix, const T* sequence, int all_heads, int heads, int prefixes, int n, int size, float* joined)
{
    long long index = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    int row = size * (prefixes + n);
    if (index >= (long long)all_heads * row) {
        return;
    }
    int head = (int)(index / row);
    int place = (int)(index % row);
    int learned = prefixes * size;
    joined[index] = place < learned ? (float)prefix[(long long)(head % heads) * learned + place]
                                    : (float)sequence[(long long)head * n * size + (place - learned)];
}

// A query with `CHUNKS` elements a lane.
template <int CHUNKS, typename T>
__device__ void attend(const T* q, const float* keys, const float* values, int visible, int size, T* o, float* logsumexp)
{
    int lane = threadIdx.x % 32;
    float query[CHUNKS], mean[CHUNKS];
    for (int chunk = 0; chunk < CHUNKS; ++chunk) {
        int element = lane + 32 * chunk;
        query[chunk] = element < size ? (float)q[element] : 0.0f;
        mean[chunk] = 0.0f;
    }
    float scale = 1.0f / sqrtf((float)size);
    float greatest = MINUS_INFINITY, sum = 0.0f;
#pragma unroll 1
    for (int key = 0; key < visible; ++key) {
        const float* at = keys + (long long)key * size;
        float score = 0.0f;
        for (int chunk = 0; chunk < CHUNKS; ++chunk) {
            int element = lane + 32 * chunk;
            if (element < size) {
                score += query[chunk] * at[element];
            }
        }
        for (int other = 16; other > 0; other /= 2) {
            score += __shfl_xor_sync(~0u, score, other);
        }
        score *= scale;
        float before = greatest;
        greatest = fmaxf(greatest, score);
        float shrink = expf(before - greatest);
        float weight = expf(score - greatest);
        sum = sum * shrink + weight;
        at = values + (long long)key * size;
        for (int chunk = 0; chunk < CHUNKS; ++chunk) {
            int element = lane + 32 * chunk;
            if (element < size) {
                mean[chunk] = mean[chunk] * shrink + weight * at[element];
            }
        }
    }
    for (int chunk = 0; chunk < CHUNKS; ++chunk) {
        int element = lane + 32 * chunk;
        if (element < size) {
            o[element] = (T)(mean[chunk] / sum);
        }
    }
    if (lane == 0) {
        *logsumexp = greatest + logf(sum);
    }
}

template <typename T>
__device__ void attend_all(const T* q, const float* keys, const float* values, int all_heads, int prefixes, int n, int size,
    int causal, T* o, float* logsumexp)
{
    long long row = (long long)blockIdx.x * 4 + threadIdx.x / 32;
    if (row >= (long long)all_heads * n) {
        return;
    }
    long long head = row / n;
    int place = (int)(row % n);
    int visible = prefixes + (causal ? place + 1 : n);
    q += row * size;
    keys += head * (prefixes + n) * size;
    values += head * (prefixes + n) * size;
    o += row * size;
    logsumexp += row;
    if (size <= 64) {
        attend<2>(q, keys, values, visible, size, o, logsumexp);
    } else {
        attend<8>(q, keys, values, visible, size, o, logsumexp);
    }
}

#define ENTRIES(NAME, T)                                                                                                       \
    extern "C" __global__ void concatenate_##NAME(const T* prefix, const T* sequence, int all_heads, int heads, int prefixes,  \
        int n, int size, float* joined)                                                                                        \
    {                                                                                                                          \
        concatenate(prefix, sequence, all_heads, heads, prefixes, n, size, joined);                                            \
    }                                                                                                                          \
    extern "C" __global__ void attend_##NAME(const T* q, const float* keys, const float* values, int all_heads, int prefixes,  \
        int n, int size, int causal, T* o, float* logsumexp)                                                                   \
    {                                                                                                                          \
        attend_all(q, keys, values, all_heads, prefixes, n, size, causal, o, logsumexp);                                       \
    }
ENTRIES(f32, float)
ENTRIES(f16, __half)

/* judge:
expect = "AC"
growth = "n^2*window"
takes = { size = [64, 128] }

[[buffer]]
name = "keys"                 # of the type of k and v, which takes 4 bytes at most
type = "u8"
length = "4 * batch * heads * stride * ceil_div(n, stride) * size"

[[buffer]]
name = "values"                 # of the type of k and v, which takes 4 bytes at most
type = "u8"
length = "4 * batch * heads * stride * ceil_div(n, stride) * size"

[[buffer]]
name = "means"
type = "f32"
length = "batch * heads * n * size"

[[buffer]]
name = "sums"
type = "f32"
length = "2 * batch * heads * n"

[[launch]]
entry = "gather_{type}"
grid = ["ceil_div(n * size, 256)", "batch * heads"]
block = "256"
arguments = ["k", "v", "n", "size", "stride", "keys", "values"]

[[launch]]
entry = "attend_{type}_{size}"
grid = ["stride * ceil_div(ceil_div(n, stride), 32)", "batch * heads"]
block = "256"
arguments = ["q", "keys", "values", "n", "stride", "n", "ceil_div(window, stride)", "0", "means", "sums", "o", "logsumexp"]

[[launch]]
entry = "attend_{type}_{size}"
grid = ["ceil_div(n, 32)", "batch * heads"]
block = "256"
arguments = ["q", "k", "v", "n", "1", "window - 1", "0", "1", "means", "sums", "o", "logsumexp"]

# Sectors of 32 bytes, for each head, n a multiple of 32 and of the stride, at most 32 strides, the stride a multiple of 8, the
# window as long as it or shorter. Gathering loads and stores n keys and n values. The block of a rest loads n queries in all
# and the keys and values of all places of its rest but the last, n - stride in all; means are stored as f32, and pairs of
# maximum and sum, each alone. The blocks of the windows load the queries again, 32 keys and values, all but the first window -
# 1 more, the means, and the pairs of the 4 queries of a warp in one sector; they store the result.
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * ((7 * n + 2 * (n - stride + n + (ceil_div(n, 32) - 1) * (window - 1))) * size * type_bytes / 32 + 2 * n * size / 8 + n + n / 2)"
cases = [
    "sparse_attention/random@n=64,window=8,stride=8",
    "sparse_attention/random@n=128,window=8,stride=8,type=f16",
    "sparse_attention/random@n=64,window=8,stride=8,heads=2,batch=2,size=128",
]
*/

// Keys whose places leave the same rest when divided by the stride see each other, and nobody else in the strided pattern: gathered by
// rest, they are `stride` short sequences with a causal mask, which tiles of 32 fit. The window of 32 queries is one stretch of
// keys as it is. So both parts are dense where they are computed, and nothing outside of the pattern is: one kernel goes over the
// gathered sequences first, then goes on over the windows. What it costs is the gathering, and means and sums for each query from one
// launch to the next.
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

template <int SIZE>
__device__ void end_of_part(const Query<SIZE>& state, float* mean, float2* sum)
{
    int part = threadIdx.x % PARTS;
    for (int i = 0; i < SIZE / 32; ++i) {
        *(float4*)(mean + 4 * part + 32 * i) = state.mean[i];
    }
    if (part == 0) {
        *sum = make_float2(state.greatest, state.sum);
    }
}

template <typename T>
__device__ void gather(const T* k, const T* v, int n, int size, int stride, T* keys, T* values)
{
    int index = blockIdx.x * blockDim.x + threadIdx.x;
    if (index >= n * size) {
        return;
    }
    int place = index / size, rows = (n + stride - 1) / stride;
    long long from = (long long)blockIdx.y * n * size + index;
    long long row = (long long)blockIdx.y * stride * rows + place % stride * rows + place / stride;
    keys[row * size + index % size] = k[from];
    values[row * size + index % size] = v[from];
}

// 32 queries of a sequence of those places that leave the same rest. Each sees the keys that are from `most` to `least` before it there,
// those places that exist. The first part stores what it knows, the last one goes on from that.
template <int SIZE, typename T>
__device__ void attend(const T* q, const T* keys, const T* values, int n, int stride, int most, int least, int is_last, float* means,
    float2* sums, T* o, float* logsumexp)
{
    __shared__ __align__(16) float tile_of_keys[KEYS][SIZE], tile_of_values[KEYS][SIZE];
    int rows = (n + stride - 1) / stride, blocks = (rows + QUERIES - 1) / QUERIES;
    int rest = blockIdx.x / blocks, first_row = blockIdx.x % blocks * QUERIES;
    int row = first_row + threadIdx.x / PARTS, part = threadIdx.x % PARTS;
    int place = row * stride + rest;
    bool exists = place < n;
    long long index = (long long)blockIdx.y * n + place;
    Query<SIZE> state;
    begin(state, q + index * SIZE, exists);
    if (exists && is_last) {
        for (int i = 0; i < SIZE / 32; ++i) {
            state.mean[i] = *(const float4*)(means + index * SIZE + 4 * part + 32 * i);
        }
        float2 sum = sums[index];
        state.greatest = sum.x;
        state.sum = sum.y;
    }
    long long sequence = ((long long)blockIdx.y * stride + rest) * rows * SIZE;
    int end_of_keys = min(first_row + QUERIES, rows) - least;
#pragma unroll 1
    for (int first = max(0, first_row - most); first < end_of_keys; first += KEYS) {
        int in_tile = min((int)KEYS, end_of_keys - first);
        long long from = sequence + (long long)first * SIZE;
        // Nobody may take the next tile while somebody still reads this one.
        __syncthreads();
#pragma unroll 1
        for (int piece = threadIdx.x; piece < in_tile * SIZE / 4; piece += THREADS) {
            *(float4*)&tile_of_keys[0][4 * piece] = four(keys + from + 4 * piece);
            *(float4*)&tile_of_values[0][4 * piece] = four(values + from + 4 * piece);
        }
        __syncthreads();
#pragma unroll 1
        for (int key = 0; key < in_tile; ++key) {
            int before = row - (first + key);
            see<SIZE>(state, tile_of_keys[key], tile_of_values[key], exists && least <= before && before <= most);
        }
    }
    if (exists && is_last) {
        end(state, o + index * SIZE, logsumexp + index);
    } else if (exists) {
        end_of_part(state, means + index * SIZE, sums + index);
    }
}

#define ENTRY(NAME, T, SIZE)                                                                                                   \
    extern "C" __global__ void __launch_bounds__(THREADS) attend_##NAME##_##SIZE(const T* q, const T* keys, const T* values,   \
        int n, int stride, int most, int least, int is_last, float* means, float2* sums, T* o, float* logsumexp)               \
    {                                                                                                                          \
        attend<SIZE>(q, keys, values, n, stride, most, least, is_last, means, sums, o, logsumexp);                             \
    }
#define ENTRIES(NAME, T)                                                                                                       \
    ENTRY(NAME, T, 64)                                                                                                         \
    ENTRY(NAME, T, 128)                                                                                                        \
    extern "C" __global__ void gather_##NAME(const T* k, const T* v, int n, int size, int stride, T* keys, T* values)          \
    {                                                                                                                          \
        gather(k, v, n, size, stride, keys, values);                                                                           \
    }
ENTRIES(f32, float)
ENTRIES(f16, __half)

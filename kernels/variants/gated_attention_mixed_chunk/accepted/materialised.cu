/* judge:
expect = "AC"
growth = "n^2"

[[buffer]]
name = "weights"
type = "f32"
length = "batch * n * n"

[[launch]]
entry = "weigh_{type}"
grid = ["ceil_div(n, 4)", "batch"]
block = "128"
arguments = ["quadratic_q", "quadratic_k", "linear_q", "linear_k", "n", "chunk", "size", "causal", "weights"]

[[launch]]
entry = "sum_up_{type}"
grid = ["ceil_div(n, 4)", "batch"]
block = "128"
arguments = ["weights", "u", "v", "n", "width", "causal", "o"]

[[theorem]]
counter = "global_sectors"
equals = "batch * (2 * n * (size + width) * type_bytes / 32 + size * type_bytes / 32 * (n * chunk - causal * n * (chunk - 1) / 2 + n * n - causal * n * (n + chunk) / 2) + (n * n - causal * n * (n - 1) / 2) * (2 + width * type_bytes / 32))"
cases = ["gated_attention_mixed_chunk/random@n=64,chunk=32", "gated_attention_mixed_chunk/random@n=66,chunk=11,causal=1", "gated_attention_mixed_chunk/random@n=40,chunk=8,size=32,width=64,batch=2,causal=1,type=f16"]
*/

// The definition in two passes: the weights of all pairs, inside and across chunks, then the gated sums. A warp has a query; its lanes
// share the elements of a vector, so that loads are side by side. All weights stand in memory: n * n words of each sequence.
//
// Of each sequence, in sectors of 32 bytes, where chunks divide n, with P pairs of a query and a key that it sees at all: n n, or with a
// mask n (n + 1) / 2, since what is not across chunks is inside.
//     weigh   both queries once, a quadratic key for each pair in a chunk of c places: c n, or with a mask (c + 1) n / 2; a linear key
//             for each pair across chunks: n n, or with a mask n (n - c) / 2; a weight is written by one lane alone: P
//     sum_up  u and o once, v for each pair; the weight of a pair is read by all lanes at once: P
#include <cuda_fp16.h>

enum : int { WARPS = 4, MOST = 256 };

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

// Calls with the elements lane, lane + 32, ... of a vector. A lane touches these alone, also in shared memory, so that nobody waits.
template <class F>
__device__ void each(int size, F with)
{
#pragma unroll 1
    for (int place = threadIdx.x % 32; place < size; place += 32) {
        with(place);
    }
}

// The product of a query and a key, in all lanes.
template <class T>
__device__ float product(const float* query, const T* key, int size)
{
    float sum = 0.0f;
    each(size, [&](int at) { sum += query[at] * number(key[at]); });
    return sum_of_warp(sum);
}

template <class T>
__device__ void weigh(const T* quadratic_q, const T* quadratic_k, const T* linear_q, const T* linear_k, int n, int chunk, int size,
    int causal, float* weights)
{
    __shared__ float queries[WARPS][2][MOST];
    float *quadratic = queries[threadIdx.x / 32][0], *linear = queries[threadIdx.x / 32][1];
    int row = blockIdx.x * WARPS + threadIdx.x / 32, start = row - row % chunk;
    if (row >= n) {
        return;
    }
    long long first = (long long)blockIdx.y * n, place = first + row;
    each(size, [=](int at) {
        quadratic[at] = number(quadratic_q[place * size + at]);
        linear[at] = number(linear_q[place * size + at]);
    });
    int end = causal ? row + 1 : n, far = causal ? start : n;
#pragma unroll 1
    for (int key = 0; key < end; ++key) {
        float weight = 0.0f;
        if (key >= start && key < start + chunk) {
            float score = fmaxf(product(quadratic, quadratic_k + (first + key) * size, size) / chunk, 0.0f);
            weight = score * score;
        }
        if (key < far) {
            weight += product(linear, linear_k + (first + key) * size, size) / n;
        }
        if (threadIdx.x % 32 == 0) {
            weights[place * n + key] = weight;
        }
    }
}

template <class T>
__device__ void sum_up(const float* weights, const T* u, const T* v, int n, int width, int causal, T* o)
{
    __shared__ float sums[WARPS][MOST];
    float* sum = sums[threadIdx.x / 32];
    int row = blockIdx.x * WARPS + threadIdx.x / 32;
    if (row >= n) {
        return;
    }
    long long first = (long long)blockIdx.y * n, own = (first + row) * width;
    each(width, [=](int at) { sum[at] = 0.0f; });
    int visible = causal ? row + 1 : n;
#pragma unroll 1
    for (int place = 0; place < visible; ++place) {
        const T* value = v + (first + place) * width;
        float weight = weights[(first + row) * n + place];
        each(width, [=](int at) { sum[at] += weight * number(value[at]); });
    }
    each(width, [=](int at) { put(&o[own + at], number(u[own + at]) * sum[at]); });
}

#define FOR(name, T)                                                                                                       \
    extern "C" __global__ void weigh_##name(const T* quadratic_q, const T* quadratic_k, const T* linear_q,                 \
        const T* linear_k, int n, int chunk, int size, int causal, float* weights)                                         \
    {                                                                                                                      \
        weigh(quadratic_q, quadratic_k, linear_q, linear_k, n, chunk, size, causal, weights);                              \
    }                                                                                                                      \
    extern "C" __global__ void sum_up_##name(                                                                              \
        const float* weights, const T* u, const T* v, int n, int width, int causal, T* o)                                  \
    {                                                                                                                      \
        sum_up(weights, u, v, n, width, causal, o);                                                                        \
    }
FOR(f32, float)
FOR(f16, __half)

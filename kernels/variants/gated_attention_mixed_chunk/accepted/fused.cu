/* judge:
expect = "AC"
growth = "n^2"

[[launch]]
entry = "gated_{type}"
grid = ["ceil_div(n, 4)", "batch"]
block = "128"
arguments = ["quadratic_q", "quadratic_k", "linear_q", "linear_k", "u", "v", "n", "chunk", "size", "width", "causal", "o"]

[[theorem]]
counter = "global_sectors"
equals = "batch * (2 * n * (size + width) * type_bytes / 32 + (size + width) * type_bytes / 32 * (n * chunk - causal * n * (chunk - 1) / 2 + n * n - causal * n * (n + chunk) / 2))"
cases = ["gated_attention_mixed_chunk/random@n=64,chunk=32", "gated_attention_mixed_chunk/random@n=66,chunk=11,causal=1", "gated_attention_mixed_chunk/random@n=40,chunk=8,size=32,width=64,batch=2,causal=1,type=f16"]
*/

// The definition: for each query the keys of its chunk, weighed by the squares of their positive scores, and linear ones, each weighed by
// its product with the query. A value is added as soon as its key was weighed: this saves the matrix of weights. But each query still goes
// over all keys.
//
// Of each sequence, in sectors of 32 bytes, where chunks divide n: both queries, u and o once; a key and a value for each pair of a query
// and a key that it sees. In chunks of c places these are c n without a mask, (c + 1) n / 2 with one. Across chunks they are n n, and with
// a mask half of those that are not in one chunk, n (n - c) / 2.
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

// sum += of some keys the values, each times its weight.
template <class T, class W>
__device__ void add(float* sum, const float* query, const T* k, const T* v, int count, int size, int width, W weigh)
{
#pragma unroll 1
    for (int place = 0; place < count; ++place) {
        const T *key = k + (long long)place * size, *value = v + (long long)place * width;
        float score = 0.0f;
        each(size, [&](int at) { score += query[at] * number(key[at]); });
        float weight = weigh(sum_of_warp(score));
        each(width, [=](int at) { sum[at] += weight * number(value[at]); });
    }
}

template <class T>
__device__ void gated(const T* quadratic_q, const T* quadratic_k, const T* linear_q, const T* linear_k, const T* u, const T* v,
    int n, int chunk, int size, int width, int causal, T* o)
{
    __shared__ float vectors[WARPS][3][MOST];
    float(*own)[MOST] = vectors[threadIdx.x / 32], *quadratic = own[0], *linear = own[1], *sum = own[2];
    int row = blockIdx.x * WARPS + threadIdx.x / 32, start = row - row % chunk;
    if (row >= n) {
        return;
    }
    long long first = (long long)blockIdx.y * n, place = first + row;
    each(size, [=](int at) {
        quadratic[at] = number(quadratic_q[place * size + at]);
        linear[at] = number(linear_q[place * size + at]);
    });
    each(width, [=](int at) { sum[at] = 0.0f; });
    int near = causal ? row + 1 - start : min(chunk, n - start), far = causal ? start : n;
    const T* values = v + first * width;
    add(sum, quadratic, quadratic_k + (first + start) * size, values + (long long)start * width, near, size, width,
        [=](float score) {
            float positive = fmaxf(score / chunk, 0.0f);
            return positive * positive;
        });
    add(sum, linear, linear_k + first * size, values, far, size, width, [=](float score) { return score / n; });
    each(width, [=](int at) { put(&o[place * width + at], number(u[place * width + at]) * sum[at]); });
}

#define FOR(name, T)                                                                                                       \
    extern "C" __global__ void gated_##name(const T* quadratic_q, const T* quadratic_k, const T* linear_q,                 \
        const T* linear_k, const T* u, const T* v, int n, int chunk, int size, int width, int causal, T* o)                \
    {                                                                                                                      \
        gated(quadratic_q, quadratic_k, linear_q, linear_k, u, v, n, chunk, size, width, causal, o);                       \
    }
FOR(f32, float)
FOR(f16, __half)

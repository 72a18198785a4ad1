/* judge:
expect = "AC"
growth = "n^2"

[[buffer]]
name = "gradients"
type = "f32"
length = "batch * heads * n * size"

[[launch]]
entry = "normalise_{type}"
grid = ["ceil_div(n, 4)", "batch * heads"]
block = "128"
arguments = ["q", "k", "v", "upstream", "n", "size", "causal", "gradients"]

[[launch]]
entry = "query_gradients_{type}"
grid = ["ceil_div(n, 4)", "batch * heads"]
block = "128"
arguments = ["q", "k", "v", "gradients", "n", "size", "causal", "dq"]

[[launch]]
entry = "key_gradients_{type}"
grid = ["ceil_div(n, 4)", "batch * heads"]
block = "128"
arguments = ["q", "k", "v", "gradients", "n", "size", "causal", "dk", "dv"]

# In sectors of 32 bytes. A row of an array is R = size * type_bytes / 32, a row of `gradients` F = size / 8; of each head there are
# n rows, and P = n * n - causal * (n * (n - 1) / 2) pairs of a query and a key that it sees.
#     normalise        q, upstream n R; k and v P R; gradients n F
#     query_gradients  q, dq n R; k and v P R; gradients n F
#     key_gradients    k, v, dk, dv n R; q P R; gradients P F
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * (size * type_bytes / 32 * (8 * n + 5 * (n * n - causal * (n * (n - 1) / 2))) + size / 8 * (2 * n + n * n - causal * (n * (n - 1) / 2)))"
cases = ["norm_attention_gradient/random@n=33,size=64", "norm_attention_gradient/random@n=33,size=32,heads=2,type=f16,causal=1", "norm_attention_gradient/random@n=65,size=128,causal=1"]
*/

// The definition, step by step: the sum of each query and its gradient, then the gradients of each query, then those of each key and
// value. A warp has a query and goes over the keys that it sees, or has a key and goes over the queries that see it; its lanes share
// the elements of a vector, so that loads are side by side.
#include <cuda_fp16.h>

enum : int { WARPS = 4, MOST = 128 };

__device__ float number(float value) { return value; }
__device__ float number(__half value) { return __half2float(value); }
__device__ void put(float* to, float value) { *to = value; }
__device__ void put(__half* to, float value) { *to = __float2half_rn(value); }

__device__ float feature(float value) { return value > 0.0f ? value + 1.0f : expf(value); }
__device__ float slope(float value) { return value > 0.0f ? 1.0f : expf(value); }

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

// The gradient of a query's sum: that of its norm, without the part along the norm, over the root mean square.
template <class T>
__device__ void normalise(
    const T* q, const T* k, const T* v, const T* upstream, int n, int size, int causal, float* gradients)
{
    __shared__ float vectors[WARPS][2][MOST];
    float *query = vectors[threadIdx.x / 32][0], *sum = vectors[threadIdx.x / 32][1];
    int row = blockIdx.x * WARPS + threadIdx.x / 32;
    if (row >= n) {
        return;
    }
    long long head = (long long)blockIdx.y * n * size, place = head + (long long)row * size;
    each(size, [=](int at) {
        query[at] = feature(number(q[place + at]));
        sum[at] = 0.0f;
    });
    const T *key = k + head, *value = v + head;
#pragma unroll 1
    for (int left = causal ? row + 1 : n; left > 0; --left) {
        float weight = 0.0f;
        each(size, [&](int at) { weight += query[at] * feature(number(key[at])); });
        weight = sum_of_warp(weight);
        each(size, [=](int at) { sum[at] += weight * number(value[at]); });
        key += size;
        value += size;
    }
    float *gradient = query, square = 0.0f, along = 0.0f;
    each(size, [&](int at) {
        gradient[at] = number(upstream[place + at]);
        square += sum[at] * sum[at];
        along += sum[at] * gradient[at];
    });
    float root = sqrtf(sum_of_warp(square) / size + 1e-5f);
    along = sum_of_warp(along) / root / size;
    each(size, [=](int at) { gradients[place + at] = (gradient[at] - sum[at] / root * along) / root; });
}

template <class T>
__device__ void query_gradients(
    const T* q, const T* k, const T* v, const float* gradients, int n, int size, int causal, T* dq)
{
    __shared__ float vectors[WARPS][2][MOST];
    float *gradient = vectors[threadIdx.x / 32][0], *sum = vectors[threadIdx.x / 32][1];
    int row = blockIdx.x * WARPS + threadIdx.x / 32;
    if (row >= n) {
        return;
    }
    long long head = (long long)blockIdx.y * n * size, place = head + (long long)row * size;
    each(size, [=](int at) {
        gradient[at] = gradients[place + at];
        sum[at] = 0.0f;
    });
    const T *key = k + head, *value = v + head;
#pragma unroll 1
    for (int left = causal ? row + 1 : n; left > 0; --left) {
        float weight = 0.0f;
        each(size, [&](int at) { weight += gradient[at] * number(value[at]); });
        weight = sum_of_warp(weight);
        each(size, [=](int at) { sum[at] += weight * feature(number(key[at])); });
        key += size;
        value += size;
    }
    each(size, [=](int at) { put(&dq[place + at], slope(number(q[place + at])) * sum[at]); });
}

template <class T>
__device__ void key_gradients(
    const T* q, const T* k, const T* v, const float* gradients, int n, int size, int causal, T* dk, T* dv)
{
    __shared__ float vectors[WARPS][6][MOST];
    float(*own)[MOST] = vectors[threadIdx.x / 32], *key = own[0], *value = own[1], *query = own[2], *gradient = own[3];
    float *of_key = own[4], *of_value = own[5];
    int row = blockIdx.x * WARPS + threadIdx.x / 32;
    if (row >= n) {
        return;
    }
    long long head = (long long)blockIdx.y * n * size, place = head + (long long)row * size;
    each(size, [=](int at) {
        key[at] = number(k[place + at]);
        value[at] = number(v[place + at]);
        of_key[at] = of_value[at] = 0.0f;
    });
#pragma unroll 1
    for (int seeing = causal ? row : 0; seeing < n; ++seeing) {
        long long from = head + (long long)seeing * size;
        float change = 0.0f, weight = 0.0f;
        each(size, [&](int at) {
            query[at] = feature(number(q[from + at]));
            gradient[at] = gradients[from + at];
            change += gradient[at] * value[at];
            weight += query[at] * feature(key[at]);
        });
        change = sum_of_warp(change);
        weight = sum_of_warp(weight);
        each(size, [=](int at) {
            of_key[at] += change * query[at];
            of_value[at] += weight * gradient[at];
        });
    }
    each(size, [=](int at) {
        put(&dk[place + at], slope(key[at]) * of_key[at]);
        put(&dv[place + at], of_value[at]);
    });
}

#define FOR(name, T)                                                                                                       \
    extern "C" __global__ void normalise_##name(                                                                           \
        const T* q, const T* k, const T* v, const T* upstream, int n, int size, int causal, float* gradients)              \
    {                                                                                                                      \
        normalise(q, k, v, upstream, n, size, causal, gradients);                                                          \
    }                                                                                                                      \
    extern "C" __global__ void query_gradients_##name(                                                                     \
        const T* q, const T* k, const T* v, const float* gradients, int n, int size, int causal, T* dq)                    \
    {                                                                                                                      \
        query_gradients(q, k, v, gradients, n, size, causal, dq);                                                          \
    }                                                                                                                      \
    extern "C" __global__ void key_gradients_##name(                                                                       \
        const T* q, const T* k, const T* v, const float* gradients, int n, int size, int causal, T* dk, T* dv)             \
    {                                                                                                                      \
        key_gradients(q, k, v, gradients, n, size, causal, dk, dv);                                                        \
    }
FOR(f32, float)
FOR(f16, __half)

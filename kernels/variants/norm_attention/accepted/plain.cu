/* judge:
expect = "AC"
growth = "n^2"

[[buffer]]
name = "sums"
type = "f32"
length = "batch * heads * n * size"

[[launch]]
entry = "attend_{type}"
grid = ["ceil_div(n, 4)", "batch * heads"]
block = "128"
arguments = ["q", "k", "v", "n", "size", "causal", "sums"]

[[launch]]
entry = "normalise_{type}"
grid = "ceil_div(batch * heads * n, 4)"
block = "128"
arguments = ["sums", "batch * heads * n", "size", "o"]

# Of each query, in sectors of 32 bytes: the query, then a key and a value for each that it sees; its sum, in f32, written and
# read; its norm written.
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * (size * type_bytes / 32 * (2 * n + 2 * (n * n - causal * (n * (n - 1) / 2))) + n * size / 4)"
cases = ["norm_attention/random@n=33,size=64", "norm_attention/random@n=33,size=32,heads=2,type=f16,causal=1", "norm_attention/random@n=65,size=128,causal=1"]
*/

// The definition, step by step: a warp has a query, goes over the keys that it sees, and adds their values up by the products of
// features; a second launch divides each sum by its root mean square. Its lanes share the elements of a vector, so that loads are
// side by side.
#include <cuda_fp16.h>

enum : int { WARPS = 4, MOST = 128, OWN = MOST / 32 };

__device__ float number(float value) { return value; }
__device__ float number(__half value) { return __half2float(value); }
__device__ void put(float* to, float value) { *to = value; }
__device__ void put(__half* to, float value) { *to = __float2half_rn(value); }

__device__ float feature(float value) { return value > 0.0f ? value + 1.0f : expf(value); }

__device__ float sum_of_warp(float value)
{
    for (int step = 16; step > 0; step /= 2) {
        value += __shfl_xor_sync(~0u, value, step);
    }
    return value;
}

template <class T>
__device__ void attend(const T* q, const T* k, const T* v, int n, int size, int causal, float* sums)
{
    int lane = threadIdx.x % 32, row = blockIdx.x * WARPS + threadIdx.x / 32;
    if (row >= n) {
        return;
    }
    long long head = (long long)blockIdx.y * n;
    // The elements lane, lane + 32, ...; beyond the last one are zeros.
    float query[OWN], sum[OWN];
    for (int own = 0; own < OWN; ++own) {
        int place = lane + 32 * own;
        query[own] = place < size ? feature(number(q[(head + row) * size + place])) : 0.0f;
        sum[own] = 0.0f;
    }
    int visible = causal ? row + 1 : n;
#pragma unroll 1
    for (int key = 0; key < visible; ++key) {
        const T *features = k + (head + key) * size, *value = v + (head + key) * size;
        float weight = 0.0f;
        for (int own = 0; own < OWN; ++own) {
            int place = lane + 32 * own;
            if (place < size) {
                weight += query[own] * feature(number(features[place]));
            }
        }
        weight = sum_of_warp(weight);
        for (int own = 0; own < OWN; ++own) {
            int place = lane + 32 * own;
            if (place < size) {
                sum[own] += weight * number(value[place]);
            }
        }
    }
    for (int own = 0; own < OWN; ++own) {
        int place = lane + 32 * own;
        if (place < size) {
            sums[(head + row) * size + place] = sum[own];
        }
    }
}

template <class T>
__device__ void normalise(const float* sums, int rows, int size, T* o)
{
    int lane = threadIdx.x % 32, row = blockIdx.x * WARPS + threadIdx.x / 32;
    if (row >= rows) {
        return;
    }
    float sum[OWN], square = 0.0f;
    for (int own = 0; own < OWN; ++own) {
        int place = lane + 32 * own;
        sum[own] = place < size ? sums[(long long)row * size + place] : 0.0f;
        square += sum[own] * sum[own];
    }
    float root = sqrtf(sum_of_warp(square) / size + 1e-5f);
    for (int own = 0; own < OWN; ++own) {
        int place = lane + 32 * own;
        if (place < size) {
            put(&o[(long long)row * size + place], sum[own] / root);
        }
    }
}

#define FOR(name, T)                                                                                                       \
    extern "C" __global__ void attend_##name(                                                                              \
        const T* q, const T* k, const T* v, int n, int size, int causal, float* sums)                                      \
    {                                                                                                                      \
        attend(q, k, v, n, size, causal, sums);                                                                            \
    }                                                                                                                      \
    extern "C" __global__ void normalise_##name(const float* sums, int rows, int size, T* o)                               \
    {                                                                                                                      \
        normalise(sums, rows, size, o);                                                                                    \
    }
FOR(f32, float)
FOR(f16, __half)

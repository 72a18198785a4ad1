/* judge:
expect = "AC"
growth = "n^2*size"

[[launch]]
entry = "attention_{type}"
grid = ["ceil_div(n, 4)", "batch * heads"]
block = "128"
arguments = ["q", "k", "v", "n", "size", "causal", "o"]

[[theorem]]
counter = "global_sectors"
equals = "batch * heads * n * 2 * size * type_bytes / 32 * (1 + n)"
cases = ["linear_attention/random@n=64", "linear_attention/random@n=32,size=32,heads=2,type=f16", "linear_attention/random@n=96,size=16"]
*/

// The definition: of each query the weights of all keys that it sees, and the mean of their values. A warp has a query; its
// lanes share the elements of a vector, so that loads are side by side, and add their parts up. A key is turned into its
// features again for every query.
//
// Of each query, in sectors of 32 bytes: the query and its mean once, all keys and all values once.
#include <cuda_fp16.h>

enum : int { WARPS = 4, MOST = 256 };

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
__device__ void attention(const T* q, const T* k, const T* v, int n, int size, int causal, T* o)
{
    __shared__ float queries[WARPS][MOST], sums[WARPS][MOST];
    int lane = threadIdx.x % 32;
    float* query = queries[threadIdx.x / 32];
    float* mean = sums[threadIdx.x / 32];
    int row = blockIdx.x * WARPS + threadIdx.x / 32;
    if (row >= n) {
        return;
    }
    long long head = (long long)blockIdx.y * n;
    for (int place = lane; place < size; place += 32) {
        query[place] = feature(number(q[(head + row) * size + place]));
        mean[place] = 0.0f;
    }
    __syncwarp();
    int visible = causal ? row + 1 : n;
    float sum = 0.0f;
#pragma unroll 1
    for (int key = 0; key < visible; ++key) {
        const T* keys = k + (head + key) * size;
        const T* values = v + (head + key) * size;
        float part = 0.0f;
#pragma unroll 1
        for (int place = lane; place < size; place += 32) {
            part += query[place] * feature(number(keys[place]));
        }
        float weight = sum_of_warp(part);
        sum += weight;
#pragma unroll 1
        for (int place = lane; place < size; place += 32) {
            mean[place] += weight * number(values[place]);
        }
    }
    for (int place = lane; place < size; place += 32) {
        put(&o[(head + row) * size + place], mean[place] / sum);
    }
}

#define FOR(name, T)                                                                                                       \
    extern "C" __global__ void attention_##name(const T* q, const T* k, const T* v, int n, int size, int causal, T* o)     \
    {                                                                                                                      \
        attention(q, k, v, n, size, causal, o);                                                                            \
    }
FOR(f32, float)
FOR(f16, __half)

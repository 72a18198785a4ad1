/* judge:
expect = "AC"
growth = "n*block*size"

[[launch]]
entry = "attention_{type}"
grid = ["ceil_div(n, 4)", "batch * heads"]
block = "128"
arguments = ["q", "k", "v", "n", "size", "block", "causal", "o"]

[[theorem]]
counter = "global_sectors"
equals = "batch * heads * n * 2 * size * type_bytes / 32 * (1 + block)"
cases = ["diagonal_attention/random@n=64,block=32", "diagonal_attention/random@n=96,block=16,size=32,heads=2,type=f16", "diagonal_attention/random@n=128,size=16,block=128"]
*/

// The definition: a warp has a query and goes over the keys of its block with a running maximum. What was summed up is scaled down
// whenever the maximum rises, so that no row of scores is kept. The lanes share the elements of a vector.
//
// Of each query, in sectors of 32 bytes: the query and its mean once, the keys and values of its block once.
#include <cuda_fp16.h>

enum : int { WARPS = 4, MOST = 128 };

// Below every score, and the difference of two of them is a number, which it is not with infinities.
#define NO_SCORE -1e30f

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

__device__ float maximum_of_warp(float value)
{
    for (int step = 16; step > 0; step /= 2) {
        value = fmaxf(value, __shfl_xor_sync(~0u, value, step));
    }
    return value;
}

template <class T>
__device__ void attention(const T* q, const T* k, const T* v, int n, int size, int block, int causal, T* o)
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
        query[place] = number(q[(head + row) * size + place]);
        mean[place] = 0.0f;
    }
    __syncwarp();
    float scale = 1.0f / sqrtf((float)size);
    int begin = row / block * block, end = causal ? row + 1 : min(begin + block, n);
    float greatest = NO_SCORE, sum = 0.0f;
#pragma unroll 1
    for (int first = begin; first < end; first += 32) {
        int count = min(32, end - first);
        float own = NO_SCORE; // the score of the lane's own key among the next 32
#pragma unroll 1
        for (int next = 0; next < count; ++next) {
            const T* key = k + (head + first + next) * size;
            float part = 0.0f;
#pragma unroll 1
            for (int place = lane; place < size; place += 32) {
                part += query[place] * number(key[place]);
            }
            part = sum_of_warp(part);
            own = lane == next ? scale * part : own;
        }
        float risen = fmaxf(greatest, maximum_of_warp(own));
        float shrink = expf(greatest - risen), weights = lane < count ? expf(own - risen) : 0.0f;
        greatest = risen;
        sum = sum * shrink + sum_of_warp(weights);
#pragma unroll 1
        for (int from = 0; from < size; from += 32) {
            int place = from + lane;
            float part = 0.0f;
#pragma unroll 1
            for (int next = 0; next < count; ++next) {
                float weight = __shfl_sync(~0u, weights, next);
                part += place < size ? weight * number(v[(head + first + next) * size + place]) : 0.0f;
            }
            if (place < size) {
                mean[place] = mean[place] * shrink + part;
            }
        }
    }
    for (int place = lane; place < size; place += 32) {
        put(&o[(head + row) * size + place], mean[place] / sum);
    }
}

#define FOR(name, T)                                                                                                       \
    extern "C" __global__ void attention_##name(                                                                           \
        const T* q, const T* k, const T* v, int n, int size, int block, int causal, T* o)                                  \
    {                                                                                                                      \
        attention(q, k, v, n, size, block, causal, o);                                                                     \
    }
FOR(f32, float)
FOR(f16, __half)

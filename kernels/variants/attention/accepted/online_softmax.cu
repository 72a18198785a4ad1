/* judge:
expect = "AC"
growth = "n^2*size"

[[launch]]
entry = "attention_{type}"
grid = ["ceil_div(n, 4)", "batch * heads"]
block = "128"
arguments = ["q", "k", "v", "n", "size", "causal", "o", "logsumexp"]

# As three passes, but for the row of weights, which never leaves the warp.
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * n * (2 * size * type_bytes / 32 * (1 + n) + 1)"
cases = ["attention/random@n=64,size=64", "attention/random@n=40,size=32,heads=2,batch=2", "attention/random@n=64,size=64,type=f16"]
*/

// One pass over the keys: the softmax's maximum is a running one, and whenever it rises, what was summed up so far is scaled
// down. This saves the matrix of scores, and with it n * n words of memory and five ways through it. Keys and values are
// still read once for each query, which is nearly all of the traffic.
#include <cuda_fp16.h>
#include <math_constants.h>

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

__device__ float maximum_of_warp(float value)
{
    for (int step = 16; step > 0; step /= 2) {
        value = fmaxf(value, __shfl_xor_sync(~0u, value, step));
    }
    return value;
}

template <class T>
__device__ void attention(const T* q, const T* k, const T* v, int n, int size, int causal, T* o, float* logsumexp)
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
    int visible = causal ? row + 1 : n;
    float greatest = -CUDART_INF_F, sum = 0.0f;
    for (int first = 0; first < visible; first += 32) {
        int count = min(32, visible - first);
        float own = -CUDART_INF_F; // the score of the lane's own key among the next 32
        for (int next = 0; next < count; ++next) {
            const T* key = k + (head + first + next) * size;
            float part = 0.0f;
            for (int place = lane; place < size; place += 32) {
                part += query[place] * number(key[place]);
            }
            part = sum_of_warp(part);
            own = lane == next ? scale * part : own;
        }
        float risen = fmaxf(greatest, maximum_of_warp(own));
        float shrink = expf(greatest - risen);
        float weights = expf(own - risen);
        greatest = risen;
        sum = sum * shrink + sum_of_warp(weights);
        for (int from = 0; from < size; from += 32) {
            int place = from + lane;
            float part = 0.0f;
            for (int next = 0; next < count; ++next) {
                float weight = __shfl_sync(~0u, weights, next);
                if (place < size) {
                    part += weight * number(v[(head + first + next) * size + place]);
                }
            }
            if (place < size) {
                mean[place] = mean[place] * shrink + part;
            }
        }
    }
    for (int place = lane; place < size; place += 32) {
        put(&o[(head + row) * size + place], mean[place] / sum);
    }
    if (lane == 0) {
        logsumexp[head + row] = greatest + logf(sum);
    }
}

#define FOR(name, T)                                                                                                       \
    extern "C" __global__ void attention_##name(                                                                           \
        const T* q, const T* k, const T* v, int n, int size, int causal, T* o, float* logsumexp)                           \
    {                                                                                                                      \
        attention(q, k, v, n, size, causal, o, logsumexp);                                                                 \
    }
FOR(f32, float)
FOR(f16, __half)

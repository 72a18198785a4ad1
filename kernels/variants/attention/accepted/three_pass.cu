/* judge:
expect = "AC"
growth = "n^2*size"

[[buffer]]
name = "weights"
type = "f32"
length = "batch * heads * n * n"

[[launch]]
entry = "scores_{type}"
grid = ["ceil_div(n, 4)", "batch * heads"]
block = "128"
arguments = ["q", "k", "n", "size", "causal", "weights"]

[[launch]]
entry = "softmax"
grid = ["ceil_div(n, 4)", "batch * heads"]
block = "128"
arguments = ["weights", "n", "causal", "logsumexp"]

[[launch]]
entry = "means_{type}"
grid = ["ceil_div(n, 4)", "batch * heads"]
block = "128"
arguments = ["weights", "v", "n", "size", "causal", "o"]

# Of each query, in sectors of 32 bytes: the query and its mean once, all keys and all values once. The row of weights, n
# words, goes through memory five times: written as scores, read for their maximum, read and written as weights, read for
# the mean. And one for the logsumexp.
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * n * (2 * size * type_bytes / 32 * (1 + n) + 5 * n / 8 + 1)"
cases = ["attention/random@n=64,size=64", "attention/random@n=40,size=32,heads=2,batch=2", "attention/random@n=64,size=64,type=f16"]
*/

// The definition, pass by pass: scores, softmax, means. A warp has a query; its lanes share the elements of a vector, so that
// loads are side by side, and add their parts up. All scores of all queries stand in memory: n * n words a head.
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
__device__ void scores(const T* q, const T* k, int n, int size, int causal, float* weights)
{
    __shared__ float queries[WARPS][MOST];
    int lane = threadIdx.x % 32;
    float* query = queries[threadIdx.x / 32];
    int row = blockIdx.x * WARPS + threadIdx.x / 32;
    if (row >= n) {
        return;
    }
    long long head = (long long)blockIdx.y * n;
    for (int place = lane; place < size; place += 32) {
        query[place] = number(q[(head + row) * size + place]);
    }
    __syncwarp();
    float scale = 1.0f / sqrtf((float)size);
    int visible = causal ? row + 1 : n;
    for (int first = 0; first < visible; first += 32) {
        float own = 0.0f; // of the lane's own key among the next 32
        for (int next = 0; next < min(32, visible - first); ++next) {
            const T* key = k + (head + first + next) * size;
            float sum = 0.0f;
            for (int place = lane; place < size; place += 32) {
                sum += query[place] * number(key[place]);
            }
            sum = sum_of_warp(sum);
            own = lane == next ? sum : own;
        }
        if (first + lane < visible) {
            weights[(head + row) * n + first + lane] = scale * own;
        }
    }
}

extern "C" __global__ void softmax(float* weights, int n, int causal, float* logsumexp)
{
    int lane = threadIdx.x % 32;
    int row = blockIdx.x * WARPS + threadIdx.x / 32;
    if (row >= n) {
        return;
    }
    long long head = (long long)blockIdx.y * n;
    float* own = weights + (head + row) * n;
    int visible = causal ? row + 1 : n;
    float greatest = -CUDART_INF_F;
    for (int key = lane; key < visible; key += 32) {
        greatest = fmaxf(greatest, own[key]);
    }
    greatest = maximum_of_warp(greatest);
    float sum = 0.0f;
    for (int key = lane; key < visible; key += 32) {
        float weight = expf(own[key] - greatest);
        own[key] = weight;
        sum += weight;
    }
    sum = sum_of_warp(sum);
    if (lane == 0) {
        logsumexp[head + row] = greatest + logf(sum);
    }
}

template <class T>
__device__ void means(const float* weights, const T* v, int n, int size, int causal, T* o)
{
    __shared__ float sums[WARPS][MOST];
    int lane = threadIdx.x % 32;
    float* mean = sums[threadIdx.x / 32];
    int row = blockIdx.x * WARPS + threadIdx.x / 32;
    if (row >= n) {
        return;
    }
    long long head = (long long)blockIdx.y * n;
    for (int place = lane; place < size; place += 32) {
        mean[place] = 0.0f;
    }
    int visible = causal ? row + 1 : n;
    float sum = 0.0f;
    for (int first = 0; first < visible; first += 32) {
        float own = first + lane < visible ? weights[(head + row) * n + first + lane] : 0.0f;
        sum += own;
        for (int from = 0; from < size; from += 32) {
            int place = from + lane;
            float part = 0.0f;
            for (int next = 0; next < min(32, visible - first); ++next) {
                float weight = __shfl_sync(~0u, own, next);
                if (place < size) {
                    part += weight * number(v[(head + first + next) * size + place]);
                }
            }
            if (place < size) {
                mean[place] += part;
            }
        }
    }
    sum = sum_of_warp(sum);
    for (int place = lane; place < size; place += 32) {
        put(&o[(head + row) * size + place], mean[place] / sum);
    }
}

#define FOR(name, T)                                                                                                       \
    extern "C" __global__ void scores_##name(const T* q, const T* k, int n, int size, int causal, float* weights)          \
    {                                                                                                                      \
        scores(q, k, n, size, causal, weights);                                                                            \
    }                                                                                                                      \
    extern "C" __global__ void means_##name(const float* weights, const T* v, int n, int size, int causal, T* o)           \
    {                                                                                                                      \
        means(weights, v, n, size, causal, o);                                                                             \
    }
FOR(f32, float)
FOR(f16, __half)

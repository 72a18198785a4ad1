/* judge:
expect = "AC"
growth = "n^2"

[[buffer]]
name = "scores"
type = "f32"
length = "batch * heads * n * n"

[[launch]]
entry = "score_{type}"
grid = ["ceil_div(n, 16)", "ceil_div(n, 16)", "batch * heads"]
block = ["16", "16"]
arguments = ["q", "k", "n", "size", "window", "stride", "scores"]

[[launch]]
entry = "normalise"
grid = "ceil_div(batch * heads * n, 4)"
block = "128"
arguments = ["scores", "i64(batch * heads * n)", "n", "logsumexp"]

[[launch]]
entry = "average_{type}"
grid = ["ceil_div(size, 16)", "ceil_div(n, 16)", "batch * heads"]
block = ["16", "16"]
arguments = ["scores", "v", "n", "size", "o"]

# Sectors of 32 bytes, for each head, n a multiple of 16 and size, too: each of T * T blocks, T = n / 16, loads its rows of q
# and of k, T n each. A row of scores is stored once, loaded three times and stored twice by its warp, and loaded by size / 16
# blocks for their columns of the means, T of which load all of v. Means are stored, and every logsumexp alone.
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * ((3 * ceil_div(n, 16) * n + n) * size * type_bytes / 32 + (6 + size / 16) * n * n / 8 + n)"
cases = [
    "sparse_attention/random@n=64",
    "sparse_attention/random@n=48,type=f16",
    "sparse_attention/random@n=32,heads=2,batch=2,size=128",
]
*/

// The whole matrix of scores, as if there were no pattern: what is outside of it is minus infinity, and its weight 0. Two products
// by tiles of 16 by 16 in shared memory, and between them a warp for each row.
#include <cuda_fp16.h>

#define MINUS_INFINITY __int_as_float(0xFF800000)

enum : int { TILE = 16 };

template <typename T>
__device__ void score(const T* q, const T* k, int n, int size, int window, int stride, float* scores)
{
    __shared__ float queries[TILE][TILE], keys[TILE][TILE + 1];
    long long head = blockIdx.z;
    int query = blockIdx.y * TILE + threadIdx.y, key = blockIdx.x * TILE + threadIdx.x;
    int key_to_load = blockIdx.x * TILE + threadIdx.y;
    float sum = 0.0f;
#pragma unroll 1
    for (int first = 0; first < size; first += TILE) {
        int element = first + threadIdx.x;
        bool is_element = element < size;
        queries[threadIdx.y][threadIdx.x] = is_element && query < n ? (float)q[(head * n + query) * size + element] : 0.0f;
        keys[threadIdx.y][threadIdx.x] = is_element && key_to_load < n ? (float)k[(head * n + key_to_load) * size + element] : 0.0f;
        __syncthreads();
        for (int i = 0; i < TILE; ++i) {
            sum += queries[threadIdx.y][i] * keys[threadIdx.x][i];
        }
        __syncthreads();
    }
    if (query < n && key < n) {
        int distance = query - key;
        bool is_seen = distance >= 0 && (distance < window || distance % stride == 0);
        scores[(head * n + query) * n + key] = is_seen ? sum / sqrtf((float)size) : MINUS_INFINITY;
    }
}

extern "C" __global__ void normalise(float* scores, long long rows, int n, float* logsumexp)
{
    long long row = (long long)blockIdx.x * 4 + threadIdx.x / 32;
    int lane = threadIdx.x % 32;
    if (row >= rows) {
        return;
    }
    scores += row * n;
    float greatest = MINUS_INFINITY;
#pragma unroll 1
    for (int key = lane; key < n; key += 32) {
        greatest = fmaxf(greatest, scores[key]);
    }
    for (int other = 16; other > 0; other /= 2) {
        greatest = fmaxf(greatest, __shfl_xor_sync(~0u, greatest, other));
    }
    float sum = 0.0f;
#pragma unroll 1
    for (int key = lane; key < n; key += 32) {
        float weight = expf(scores[key] - greatest);
        scores[key] = weight;
        sum += weight;
    }
    for (int other = 16; other > 0; other /= 2) {
        sum += __shfl_xor_sync(~0u, sum, other);
    }
#pragma unroll 1
    for (int key = lane; key < n; key += 32) {
        scores[key] = scores[key] / sum;
    }
    if (lane == 0) {
        logsumexp[row] = greatest + logf(sum);
    }
}

template <typename T>
__device__ void average(const float* weights, const T* v, int n, int size, T* o)
{
    __shared__ float weight[TILE][TILE], values[TILE][TILE];
    long long head = blockIdx.z;
    int query = blockIdx.y * TILE + threadIdx.y, element = blockIdx.x * TILE + threadIdx.x;
    float sum = 0.0f;
#pragma unroll 1
    for (int first = 0; first < n; first += TILE) {
        int column = first + threadIdx.x, key = first + threadIdx.y;
        weight[threadIdx.y][threadIdx.x] = query < n && column < n ? weights[(head * n + query) * n + column] : 0.0f;
        values[threadIdx.y][threadIdx.x] = key < n && element < size ? (float)v[(head * n + key) * size + element] : 0.0f;
        __syncthreads();
        for (int i = 0; i < TILE; ++i) {
            sum += weight[threadIdx.y][i] * values[i][threadIdx.x];
        }
        __syncthreads();
    }
    if (query < n && element < size) {
        o[(head * n + query) * size + element] = (T)sum;
    }
}

#define ENTRIES(NAME, T)                                                                                                       \
    extern "C" __global__ void score_##NAME(const T* q, const T* k, int n, int size, int window, int stride, float* scores)    \
    {                                                                                                                          \
        score(q, k, n, size, window, stride, scores);                                                                          \
    }                                                                                                                          \
    extern "C" __global__ void average_##NAME(const float* weights, const T* v, int n, int size, T* o)                         \
    {                                                                                                                          \
        average(weights, v, n, size, o);                                                                                       \
    }
ENTRIES(f32, float)
ENTRIES(f16, __half)

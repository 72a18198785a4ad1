/* judge:
expect = "AC"
growth = "n*block*size"
takes = { block = [8, 16, 32, 64], size = [7, 16, 32, 40, 64] }

[[launch]]
entry = "attention_{type}"
grid = ["ceil_div(n, block)", "batch * heads"]
block = "256"
arguments = ["q", "k", "v", "n", "size", "block", "causal", "o"]

[[theorem]]
counter = "global_sectors"
equals = "batch * heads * n * 4 * size * type_bytes / 32"
cases = ["diagonal_attention/random@n=64,block=32", "diagonal_attention/random@n=70,block=16,size=32,heads=2,type=f16", "diagonal_attention/random@n=128,size=16,block=64,causal=1"]
*/

// A thread block has an attention block, whose keys and values it keeps in shared memory: each is loaded once and not once for every
// query of its block. There is no running maximum either, since all scores of a query are there at once, two in each lane.
//
// Everything once: in sectors of 32 bytes, q, k, v and o.
#include <cuda_fp16.h>

enum : int { WARPS = 8, THREADS = 32 * WARPS, BLOCK = 64, SIZE = 64, STRIDE = SIZE + 1 };

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
    __shared__ float keys[BLOCK][STRIDE], values[BLOCK][SIZE], queries[WARPS][SIZE], all_weights[WARPS][BLOCK];
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    int first = blockIdx.x * block, count = min(block, n - first);
    long long head = ((long long)blockIdx.y * n + first) * size;
#pragma unroll 1
    for (int place = threadIdx.x; place < count * size; place += THREADS) {
        keys[place / size][place % size] = number(k[head + place]);
        values[place / size][place % size] = number(v[head + place]);
    }
    __syncthreads();
    float scale = 1.0f / sqrtf((float)size);
    float *query = queries[warp], *weights = all_weights[warp];
#pragma unroll 1
    for (int row = warp; row < count; row += WARPS) {
        for (int place = lane; place < size; place += 32) {
            query[place] = number(q[head + (long long)row * size + place]);
        }
        __syncwarp();
        // The lane has the keys lane and lane + 32, its weights first as scores.
        int visible = causal ? row + 1 : count;
        float low = 0.0f, high = 0.0f;
        bool has_low = lane < visible, has_high = lane + 32 < visible;
#pragma unroll 1
        for (int place = 0; place < size; ++place) {
            low += has_low ? query[place] * keys[lane][place] : 0.0f;
            high += has_high ? query[place] * keys[lane + 32][place] : 0.0f;
        }
        low = has_low ? scale * low : NO_SCORE;
        high = has_high ? scale * high : NO_SCORE;
        float greatest = maximum_of_warp(fmaxf(low, high));
        low = has_low ? expf(low - greatest) : 0.0f;
        high = has_high ? expf(high - greatest) : 0.0f;
        float sum = sum_of_warp(low + high);
        weights[lane] = low;
        weights[lane + 32] = high;
        __syncwarp();
        for (int place = lane; place < size; place += 32) {
            float mean = 0.0f;
#pragma unroll 1
            for (int key = 0; key < visible; ++key) {
                mean += weights[key] * values[key][place];
            }
            put(&o[head + (long long)row * size + place], mean / sum);
        }
        // Nobody may take the next query while somebody still reads the weights of this one.
        __syncwarp();
    }
}

#define FOR(name, T)                                                                                                       \
    extern "C" __global__ void __launch_bounds__(THREADS) attention_##name(                                                \
        const T* q, const T* k, const T* v, int n, int size, int block, int causal, T* o)                                  \
    {                                                                                                                      \
        attention(q, k, v, n, size, block, causal, o);                                                                     \
    }
FOR(f32, float)
FOR(f16, __half)

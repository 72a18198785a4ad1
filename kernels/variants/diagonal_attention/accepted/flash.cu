/* judge:
expect = "AC"
growth = "n*block*size"

[[launch]]
entry = "attention_{type}"
grid = ["ceil_div(n, block)", "ceil_div(block, 32)", "batch * heads"]
block = "256"
arguments = ["q", "k", "v", "n", "size", "block", "causal", "o"]

[[theorem]]
counter = "global_sectors"
equals = "batch * heads * n * 2 * size * type_bytes / 32 * (1 + ceil_div(block, 32))"
cases = ["diagonal_attention/random@n=64,block=32", "diagonal_attention/random@n=96,block=48,size=32,heads=2,type=f16", "diagonal_attention/random@n=128,size=16,block=128"]
*/

// Blocks of any length: 32 queries share what is loaded of their block, in tiles of 32 keys, with a running maximum for each query.
// A long block takes no more shared memory than a short one, and many thread blocks; its keys are loaded once for 32 queries.
//
// In sectors of 32 bytes, where blocks are whole: q and o once, k and v once for each 32 queries of their block.
#include <cuda_fp16.h>

// A warp has 4 queries; a lane has of each the key `lane` of a tile, and the elements lane, lane + 32, ... of its mean.
enum : int { TILE = 32, OWN = 4, WARPS = TILE / OWN, THREADS = 32 * WARPS, MOST = 128, STRIDE = MOST + 1, PARTS = MOST / 32 };

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

// Rows into shared memory, zeros where there is none.
template <class T>
__device__ void load(float (*tile)[STRIDE], const T* from, int count, int size)
{
#pragma unroll 1
    for (int place = threadIdx.x; place < TILE * size; place += THREADS) {
        tile[place / size][place % size] = place < count * size ? number(from[place]) : 0.0f;
    }
}

template <class T>
__device__ void attention(const T* q, const T* k, const T* v, int n, int size, int block, int causal, T* o)
{
    // The keys of a tile, and then its values.
    __shared__ float queries[TILE][STRIDE], tile[TILE][STRIDE], weights[TILE][TILE];
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    // Places count from the beginning of the attention block.
    int block_begin = blockIdx.x * block, length = min(block, n - block_begin);
    int first = blockIdx.y * TILE, count = min((int)TILE, length - first);
    if (count <= 0) {
        return;
    }
    long long head = ((long long)blockIdx.z * n + block_begin) * size;
    load(queries, q + head + (long long)first * size, count, size);
    float scale = 1.0f / sqrtf((float)size);
    float greatest[OWN], sum[OWN], mean[OWN][PARTS] = {};
    for (int own = 0; own < OWN; ++own) {
        greatest[own] = NO_SCORE;
        sum[own] = 0.0f;
    }
    int end = causal ? first + count : length;
#pragma unroll 1
    for (int begin = 0; begin < end; begin += TILE) {
        int keys = min((int)TILE, length - begin);
        __syncthreads();
        load(tile, k + head + (long long)begin * size, keys, size);
        __syncthreads();
        float score[OWN] = {};
#pragma unroll 1
        for (int place = 0; place < size; ++place) {
            float key = tile[lane][place];
            for (int own = 0; own < OWN; ++own) {
                score[own] += queries[OWN * warp + own][place] * key;
            }
        }
        float shrink[OWN];
#pragma unroll
        for (int own = 0; own < OWN; ++own) {
            int row = OWN * warp + own;
            bool is_seen = lane < keys && (!causal || begin + lane <= first + row);
            float risen = fmaxf(greatest[own], maximum_of_warp(is_seen ? scale * score[own] : NO_SCORE));
            float weight = is_seen ? expf(scale * score[own] - risen) : 0.0f;
            shrink[own] = expf(greatest[own] - risen);
            greatest[own] = risen;
            sum[own] = sum[own] * shrink[own] + sum_of_warp(weight);
            weights[row][lane] = weight;
        }
        __syncthreads();
        load(tile, v + head + (long long)begin * size, keys, size);
        __syncthreads();
        for (int own = 0; own < OWN; ++own) {
            for (int part = 0; part < PARTS; ++part) {
                mean[own][part] *= shrink[own];
            }
        }
#pragma unroll 1
        for (int key = 0; key < keys; ++key) {
            for (int part = 0; part < PARTS; ++part) {
                float value = 32 * part + lane < size ? tile[key][32 * part + lane] : 0.0f;
                for (int own = 0; own < OWN; ++own) {
                    mean[own][part] += weights[OWN * warp + own][key] * value;
                }
            }
        }
    }
    // Nobody reads the queries any more: the means take their place, to be written side by side.
    for (int own = 0; own < OWN; ++own) {
        for (int part = 0; part < PARTS; ++part) {
            queries[OWN * warp + own][32 * part + lane] = mean[own][part] / sum[own];
        }
    }
    __syncthreads();
#pragma unroll 1
    for (int place = threadIdx.x; place < count * size; place += THREADS) {
        put(&o[head + (long long)first * size + place], queries[place / size][place % size]);
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

/* judge:
expect = "AC"
growth = "n^2*size"
takes = { type = "f16", size = [64, 128] }

[[launch]]
entry = "attention_{size}"
grid = ["ceil_div(n, 64)", "batch * heads"]
block = "128"
arguments = ["q", "k", "v", "n", "causal", "o", "logsumexp"]

# As flash tiles, of half the bytes: queries and means once, keys and values once for each tile of 64 queries. A warp's 16
# logsumexps come from 8 lanes in two stores, each into a sector of its own.
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * (2 * n * size / 16 * (1 + ceil_div(n, 64)) + n / 8)"
cases = ["attention/random@n=64,size=64,type=f16", "attention/random@n=128,size=128,type=f16,heads=2,batch=2"]
*/

// Flash tiles on tensor cores: an instruction of a warp, mma.sync, multiplies 16 by 16 halves with 16 by 8 and adds up in f32,
// 2048 products where an instruction of lanes makes 32. A warp has 16 queries and keeps them, their scores and their means in
// registers: the scores lie there just as the second product wants its left side, so that weights need no shared memory. Each
// tile is copied asynchronously while the one before is multiplied.
#include <cuda_fp16.h>
#include <math_constants.h>

enum : int { QUERIES = 64, KEYS = 32, THREADS = 128 };

__device__ unsigned address(const void* shared) { return (unsigned)__cvta_generic_to_shared(shared); }

// Four matrices of 8 by 8 halves: each lane says where in shared memory a row is.
__device__ void load_matrices(unsigned* to, unsigned row)
{
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                 : "r"(row)
                 : "memory");
}

__device__ void load_transposed(unsigned* to, unsigned row)
{
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                 : "r"(row)
                 : "memory");
}

__device__ void multiply(float* sums, const unsigned* left, unsigned upper, unsigned lower)
{
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
        : "r"(left[0]), "r"(left[1]), "r"(left[2]), "r"(left[3]), "r"(upper), "r"(lower));
}

__device__ unsigned pair(float one, float other)
{
    unsigned both;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(both) : "f"(other), "f"(one));
    return both;
}

// Asks for KEYS rows from one place and as many from another, side by side in memory; where there are none any more, for zeros.
template <int SIZE>
__device__ void copy_later(
    const __half* one, const __half* other, int count_of_one, int count_of_other, __half (*to)[SIZE + 8])
{
    enum : int { EIGHTS = SIZE / 8 };
    int place = threadIdx.x % EIGHTS * 8;
#pragma unroll 1
    for (int row = threadIdx.x / EIGHTS; row < 2 * KEYS; row += THREADS / EIGHTS) {
        int own = row % KEYS;
        int bytes = own < (row < KEYS ? count_of_one : count_of_other) ? 16 : 0;
        const __half* source = (row < KEYS ? one : other) + (bytes ? own * SIZE + place : 0);
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(address(&to[row][place])), "l"(source), "r"(bytes)
                     : "memory");
    }
    asm volatile("cp.async.commit_group;" ::: "memory");
}

template <int SIZE>
__device__ void attention(const __half* q, const __half* k, const __half* v, int n, int causal, __half* o, float* logsumexp)
{
    // Of each buffer the keys, then the values; the second holds the queries first, and the means last. Rows are longer by 16
    // bytes, so that eight of them lie in different banks.
    __shared__ __align__(16) __half tiles[2][2 * KEYS][SIZE + 8];
    int lane = threadIdx.x % 32;
    int own = threadIdx.x / 32 * 16; // the first of the warp's queries in the tile
    int first = blockIdx.x * QUERIES;
    long long head = (long long)blockIdx.y * n;
    float scale = 1.0f / sqrtf((float)SIZE);
    int visible = causal ? min(n, first + QUERIES) : n;

    copy_later<SIZE>(q + (head + first) * SIZE, q + (head + first + KEYS) * SIZE, n - first, n - first - KEYS, tiles[1]);
    copy_later<SIZE>(k + head * SIZE, v + head * SIZE, n, n, tiles[0]);
    asm volatile("cp.async.wait_group 0;" ::: "memory");
    __syncthreads();
    unsigned query_row = address(&tiles[1][own + lane % 16][lane / 16 * 8]);
    unsigned queries[SIZE / 16][4];
    for (int step = 0; step < SIZE / 16; ++step) {
        load_matrices(queries[step], query_row + 32 * step);
    }
    // A lane has two rows, 8 apart, and of every 8 columns two.
    float mean[SIZE / 8][4] = {};
    float greatest[2] = {-CUDART_INF_F, -CUDART_INF_F};
    float sum[2] = {};
#pragma unroll 1
    for (int tile = 0; tile < visible; tile += KEYS) {
        __half(*now)[SIZE + 8] = tiles[tile / KEYS % 2];
        __half(*then)[SIZE + 8] = tiles[1 - tile / KEYS % 2];
        asm volatile("cp.async.wait_group 0;" ::: "memory");
        __syncthreads(); // everybody's copies are there, and nobody reads the other buffer any more
        int next = tile + KEYS;
        if (next < visible) {
            long long from = (head + next) * SIZE;
            copy_later<SIZE>(k + from, v + from, n - next, n - next, then);
        }
#pragma unroll 1
        for (int group = 0; group < KEYS; group += 16) {
            unsigned key_row = address(&now[group + lane / 16 * 8 + lane % 8][lane / 8 % 2 * 8]);
            unsigned value_row = address(&now[KEYS + group + lane % 16][lane / 16 * 8]);
            float score[2][4] = {};
            for (int step = 0; step < SIZE / 16; ++step) {
                unsigned keys[4];
                load_matrices(keys, key_row + 32 * step);
                multiply(score[0], queries[step], keys[0], keys[1]);
                multiply(score[1], queries[step], keys[2], keys[3]);
            }
            float risen[2] = {greatest[0], greatest[1]};
            for (int part = 0; part < 2; ++part) {
                for (int at = 0; at < 4; ++at) {
                    int key = tile + group + 8 * part + lane % 4 * 2 + at % 2;
                    int row = first + own + lane / 4 + at / 2 * 8;
                    bool is_seen = key < n && (!causal || key <= row);
                    score[part][at] = is_seen ? scale * score[part][at] : -CUDART_INF_F;
                    risen[at / 2] = fmaxf(risen[at / 2], score[part][at]);
                }
            }
            unsigned weights[2][2];
            for (int row = 0; row < 2; ++row) {
                risen[row] = fmaxf(risen[row], __shfl_xor_sync(~0u, risen[row], 1));
                risen[row] = fmaxf(risen[row], __shfl_xor_sync(~0u, risen[row], 2));
                float shrink = __expf(greatest[row] - risen[row]);
                greatest[row] = risen[row];
                sum[row] *= shrink;
                for (int part = 0; part < SIZE / 8; ++part) {
                    mean[part][2 * row] *= shrink, mean[part][2 * row + 1] *= shrink;
                }
                for (int part = 0; part < 2; ++part) {
                    float one = __expf(score[part][2 * row] - risen[row]);
                    float other = __expf(score[part][2 * row + 1] - risen[row]);
                    sum[row] += one + other;
                    weights[part][row] = pair(one, other);
                }
            }
            for (int part = 0; part < SIZE / 16; ++part) {
                unsigned values[4];
                load_transposed(values, value_row + 32 * part);
                multiply(mean[2 * part], weights[0], values[0], values[1]);
                multiply(mean[2 * part + 1], weights[0], values[2], values[3]);
            }
        }
    }
    __syncthreads(); // the tiles make room for the means
    for (int row = 0; row < 2; ++row) {
        sum[row] += __shfl_xor_sync(~0u, sum[row], 1);
        sum[row] += __shfl_xor_sync(~0u, sum[row], 2);
        int query = own + lane / 4 + 8 * row;
        float one = __frcp_rn(sum[row]);
        unsigned* to = (unsigned*)&tiles[1][query][lane % 4 * 2];
        for (int part = 0; part < SIZE / 8; ++part) {
            to[4 * part] = pair(mean[part][2 * row] * one, mean[part][2 * row + 1] * one);
        }
        if (lane % 4 == 0 && first + query < n) {
            logsumexp[head + first + query] = greatest[row] + __logf(sum[row]);
        }
    }
    __syncwarp();
    enum : int { EIGHTS = SIZE / 8 };
#pragma unroll 1
    for (int index = lane; index < min(16, n - first - own) * EIGHTS; index += 32) {
        int row = own + index / EIGHTS;
        int place = index % EIGHTS * 8;
        *(int4*)&o[(head + first + row) * SIZE + place] = *(const int4*)&tiles[1][row][place];
    }
}

#define FOR(SIZE)                                                                                                          \
    extern "C" __global__ void attention_##SIZE(                                                                           \
        const __half* q, const __half* k, const __half* v, int n, int causal, __half* o, float* logsumexp)                 \
    {                                                                                                                      \
        attention<SIZE>(q, k, v, n, causal, o, logsumexp);                                                                 \
    }
FOR(64)
FOR(128)

/* judge:
expect = "AC"
growth = "n^2*size"
takes = { type = "f32", size = [32, 40, 64] }

[[launch]]
entry = "attention"
grid = ["ceil_div(n, 64)", "batch * heads"]
block = "128"
arguments = ["q", "k", "v", "n", "size", "causal", "o", "logsumexp"]

# As flash tiles, where n is a multiple of 32: what is loaded when changes nothing of what is loaded.
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * (2 * n * size / 8 * (1 + ceil_div(n, 64)) + n / 2)"
cases = ["attention/random@n=64,size=64", "attention/random@n=128,size=40", "attention/random@n=192,size=32,heads=2,batch=2"]
*/

// Flash tiles whose keys and values are copied asynchronously, into the one of two buffers while the other is multiplied. This
// saves the wait for memory at each tile, the way through registers, and one of two barriers. Sizes are multiples of 4, so
// that 16 bytes are copied, and read from shared memory, at a time: a quarter of the requests.
#include <math_constants.h>

enum : int { QUERIES = 64, KEYS = 16, THREADS = 128, MOST = 64, OWN = 4, SIDE = 8, PITCH = MOST + 4 };

// Asks for rows that lie one behind the other; where there are none any more, for zeros.
__device__ void copy_later(const float* from, int rows, int count, int size, float (*to)[PITCH])
{
    int fours = size / 4; // of a row
#pragma unroll 1
    for (int index = threadIdx.x; index < rows * fours; index += THREADS) {
        int row = index / fours;
        int bytes = row < count ? 16 : 0;
        unsigned shared = (unsigned)__cvta_generic_to_shared(&to[row][index % fours * 4]);
        const float* source = row < count ? from + 4 * index : from;
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared), "l"(source), "r"(bytes) : "memory");
    }
}

__device__ void end_group() { asm volatile("cp.async.commit_group;" ::: "memory"); }
__device__ void wait_for_all() { asm volatile("cp.async.wait_group 0;" ::: "memory"); }

extern "C" __global__ void attention(const float* q, const float* k, const float* v, int n, int size, int causal, float* o,
    float* logsumexp)
{
    __shared__ __align__(16) float queries[QUERIES][PITCH], keys[2][KEYS][PITCH], values[2][KEYS][PITCH];
    __shared__ float weights[QUERIES][KEYS + 1];
    int side = threadIdx.x % SIDE;
    int own = threadIdx.x / SIDE * OWN; // the first of the thread's queries in the tile
    int first = blockIdx.x * QUERIES;
    long long head = (long long)blockIdx.y * n;
    float scale = 1.0f / sqrtf((float)size);
    float greatest[OWN], sum[OWN], mean[OWN][MOST / SIDE];
    for (int query = 0; query < OWN; ++query) {
        greatest[query] = -CUDART_INF_F;
        sum[query] = 0.0f;
        for (int part = 0; part < MOST / SIDE; ++part) {
            mean[query][part] = 0.0f;
        }
    }
    // The means' last elements are never written, but are multiplied.
    for (int row = threadIdx.x; row < 2 * KEYS; row += THREADS) {
        for (int place = size; place < MOST; ++place) {
            values[row / KEYS][row % KEYS][place] = 0.0f;
        }
    }
    copy_later(q + (head + first) * size, QUERIES, n - first, size, queries);
    copy_later(k + head * size, KEYS, n, size, keys[0]);
    copy_later(v + head * size, KEYS, n, size, values[0]);
    end_group();
    int visible = causal ? min(n, first + QUERIES) : n;
#pragma unroll 1
    for (int tile = 0; tile < visible; tile += KEYS) {
        int now = tile / KEYS % 2;
        wait_for_all();
        __syncthreads(); // everybody's copies are there, and nobody reads the other buffer any more
        int next_tile = tile + KEYS;
        if (next_tile < visible) {
            copy_later(k + (head + next_tile) * size, KEYS, n - next_tile, size, keys[1 - now]);
            copy_later(v + (head + next_tile) * size, KEYS, n - next_tile, size, values[1 - now]);
            end_group();
        }
        float score[OWN][KEYS / SIDE] = {};
#pragma unroll 1
        for (int place = 0; place < size; place += 4) {
            float4 key[KEYS / SIDE];
            for (int next = 0; next < KEYS / SIDE; ++next) {
                key[next] = *(const float4*)&keys[now][side + SIDE * next][place];
            }
            for (int query = 0; query < OWN; ++query) {
                float4 four = *(const float4*)&queries[own + query][place];
                for (int next = 0; next < KEYS / SIDE; ++next) {
                    score[query][next] += four.x * key[next].x + four.y * key[next].y;
                    score[query][next] += four.z * key[next].z + four.w * key[next].w;
                }
            }
        }
        for (int query = 0; query < OWN; ++query) {
            int seen = causal ? min(n, first + own + query + 1) : n;
            float risen = greatest[query];
            for (int next = 0; next < KEYS / SIDE; ++next) {
                bool is_seen = tile + side + SIDE * next < seen;
                score[query][next] = is_seen ? scale * score[query][next] : -CUDART_INF_F;
                risen = fmaxf(risen, score[query][next]);
            }
            for (int step = SIDE / 2; step > 0; step /= 2) {
                risen = fmaxf(risen, __shfl_xor_sync(~0u, risen, step));
            }
            float shrink = __expf(greatest[query] - risen);
            greatest[query] = risen;
            sum[query] *= shrink;
            for (int next = 0; next < KEYS / SIDE; ++next) {
                float weight = __expf(score[query][next] - risen);
                sum[query] += weight;
                weights[own + query][side + SIDE * next] = weight;
            }
            for (int part = 0; part < MOST / SIDE; ++part) {
                mean[query][part] *= shrink;
            }
        }
        __syncwarp(); // a query's weights stay in its warp
#pragma unroll 1
        for (int key = 0; key < KEYS; ++key) {
            float weight[OWN];
            for (int query = 0; query < OWN; ++query) {
                weight[query] = weights[own + query][key];
            }
            for (int part = 0; part < MOST / SIDE; ++part) {
                float value = values[now][key][side + SIDE * part];
                for (int query = 0; query < OWN; ++query) {
                    mean[query][part] += weight[query] * value;
                }
            }
        }
    }
    // Through shared memory, so that a warp writes whole sectors. It reads no other warp's queries.
    for (int query = 0; query < OWN; ++query) {
        for (int step = SIDE / 2; step > 0; step /= 2) {
            sum[query] += __shfl_xor_sync(~0u, sum[query], step);
        }
    }
    __syncwarp();
    for (int query = 0; query < OWN; ++query) {
        for (int part = 0; part < MOST / SIDE; ++part) {
            queries[own + query][side + SIDE * part] = mean[query][part] / sum[query];
        }
        if (side == query && first + own + query < n) {
            logsumexp[head + first + own + query] = greatest[query] + logf(sum[query]);
        }
    }
    __syncwarp();
    int rows = 32 / SIDE * OWN; // of a warp
    int row = threadIdx.x / 32 * rows;
    float* to = o + (head + first + row) * size;
#pragma unroll 1
    for (int index = threadIdx.x % 32; index < min(rows, n - first - row) * size; index += 32) {
        to[index] = queries[row + index / size][index % size];
    }
}

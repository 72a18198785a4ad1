/* judge:
expect = "AC"
growth = "n^2*size"
takes = { type = "f32", size = [7, 32, 40, 64] }

[[launch]]
entry = "attention"
grid = ["ceil_div(n, 64)", "batch * heads"]
block = "128"
arguments = ["q", "k", "v", "n", "size", "causal", "o", "logsumexp"]

# In sectors of 32 bytes: queries and means once, keys and values once for each tile of 64 queries instead of once for each
# query. Of a warp's 16 logsumexps a store writes every fourth, which lie in two sectors. Rows end where sectors do, all keys
# are seen.
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * (2 * n * size / 8 * (1 + ceil_div(n, 64)) + n / 2)"
cases = ["attention/random@n=64,size=64", "attention/random@n=128,size=40", "attention/random@n=200,size=32,heads=2,batch=2"]
*/

// Flash tiles: 64 queries share each tile of 32 keys and values in shared memory. This saves 63 of 64 ways of the keys and
// values through memory. A thread has 4 queries by 4 keys, so that 8 words from shared memory make 16 products, and then an
// eighth of the means of its 4 queries, in registers. Weights go from the one part to the other through shared memory.
#include <math_constants.h>

enum : int { QUERIES = 64, KEYS = 32, THREADS = 128, MOST = 64, OWN = 4, SIDE = 8, PITCH = MOST + 1 };

// Rows that lie one behind the other, by some threads together; zeros where there are none, up to the greatest size.
__device__ void load(const float* from, int rows, int count, int size, float (*to)[PITCH])
{
#pragma unroll 1
    for (int index = threadIdx.x; index < rows * size; index += THREADS) {
        to[index / size][index % size] = index < count * size ? from[index] : 0.0f;
    }
    int rest = MOST - size;
#pragma unroll 1
    for (int index = threadIdx.x; index < rows * rest; index += THREADS) {
        to[index / rest][size + index % rest] = 0.0f;
    }
}

extern "C" __global__ void attention(const float* q, const float* k, const float* v, int n, int size, int causal, float* o,
    float* logsumexp)
{
    __shared__ float queries[QUERIES][PITCH], keys[KEYS][PITCH], values[KEYS][PITCH], weights[QUERIES][KEYS + 1];
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
    load(q + (head + first) * size, QUERIES, min((int)QUERIES, n - first), size, queries);
    int visible = causal ? min(n, first + QUERIES) : n;
#pragma unroll 1
    for (int tile = 0; tile < visible; tile += KEYS) {
        __syncthreads(); // nobody reads the tile before any more
        load(k + (head + tile) * size, KEYS, min((int)KEYS, n - tile), size, keys);
        load(v + (head + tile) * size, KEYS, min((int)KEYS, n - tile), size, values);
        __syncthreads();
        float score[OWN][KEYS / SIDE] = {};
#pragma unroll 1
        for (int place = 0; place < size; ++place) {
            float key[KEYS / SIDE];
            for (int next = 0; next < KEYS / SIDE; ++next) {
                key[next] = keys[side + SIDE * next][place];
            }
            for (int query = 0; query < OWN; ++query) {
                float element = queries[own + query][place];
                for (int next = 0; next < KEYS / SIDE; ++next) {
                    score[query][next] += element * key[next];
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
                float value = values[key][side + SIDE * part];
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

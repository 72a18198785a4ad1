/* judge:
expect = "AC"
growth = "n^2*size"
takes = { type = "f32", size = [7, 32, 40, 64] }

[[buffer]]
name = "means"
type = "f32"
length = "4 * batch * heads * n * size"

[[buffer]]
name = "sums"
type = "f32"
length = "4 * batch * heads * n"

[[launch]]
entry = "part_of_the_keys"
grid = ["ceil_div(n, 64)", "batch * heads", "4"]
block = "128"
arguments = ["q", "k", "v", "n", "size", "causal", "means", "sums"]

[[launch]]
entry = "merge"
grid = ["ceil_div(n, 4)", "batch * heads"]
block = "128"
arguments = ["means", "sums", "n", "size", "o", "logsumexp"]

# As flash tiles, but the queries are read and means and logsumexps written once for each of 4 parts; keys and values are
# still read once for a tile of queries. Then 4 means are read for one that is written, and of each query 4 logsumexps, a
# sector each since nothing else of it is wanted, for one.
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * (n * size / 8 * (4 + 2 * ceil_div(n, 64) + 4 + 4 + 1) + 2 * n + 5 * n)"
cases = ["attention/random@n=64,size=64", "attention/random@n=128,size=40", "attention/random@n=200,size=32,heads=2,batch=2"]
*/

// Flash tiles, with the keys in four parts for a block each: four times as many blocks, where a short batch would leave most of
// a device without work. Each part leaves its means and its logsumexp; the mean of all is that of the means, weighted by the
// exponentials of the logsumexps. This saves time, not traffic: the parts go through memory.
#include <math_constants.h>

enum : int { QUERIES = 64, KEYS = 32, THREADS = 128, MOST = 64, OWN = 4, SIDE = 8, PITCH = MOST + 1, PARTS = 4, WARPS = 4 };

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

extern "C" __global__ void part_of_the_keys(const float* q, const float* k, const float* v, int n, int size, int causal,
    float* means, float* sums)
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
    int tiles = (visible + KEYS - 1) / KEYS;
    int end = tiles * (blockIdx.z + 1) / PARTS * KEYS;
    long long part_of_all = ((long long)blockIdx.z * gridDim.y + blockIdx.y) * n; // before the first row of its results
    __syncthreads();
#pragma unroll 1
    for (int tile = tiles * blockIdx.z / PARTS * KEYS; tile < end; tile += KEYS) {
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
            float base = risen == -CUDART_INF_F ? 0.0f : risen; // with nothing seen yet in this part all weights are 0
            float shrink = __expf(greatest[query] - base);
            greatest[query] = risen;
            sum[query] *= shrink;
            for (int next = 0; next < KEYS / SIDE; ++next) {
                float weight = __expf(score[query][next] - base);
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
            queries[own + query][side + SIDE * part] = sum[query] > 0.0f ? mean[query][part] / sum[query] : 0.0f;
        }
        if (side == query && first + own + query < n) {
            sums[part_of_all + first + own + query] = greatest[query] + logf(sum[query]); // minus infinity for none
        }
    }
    __syncwarp();
    int rows = 32 / SIDE * OWN; // of a warp
    int row = threadIdx.x / 32 * rows;
    float* to = means + (part_of_all + first + row) * size;
#pragma unroll 1
    for (int index = threadIdx.x % 32; index < min(rows, n - first - row) * size; index += 32) {
        to[index] = queries[row + index / size][index % size];
    }
}

extern "C" __global__ void merge(const float* means, const float* sums, int n, int size, float* o, float* logsumexp)
{
    int row = blockIdx.x * WARPS + threadIdx.x / 32;
    if (row >= n) {
        return;
    }
    long long own = (long long)blockIdx.y * n + row;
    long long rows = (long long)gridDim.y * n;
    float weight[PARTS];
    float greatest = -CUDART_INF_F, sum = 0.0f;
    for (int part = 0; part < PARTS; ++part) {
        weight[part] = sums[part * rows + own];
        greatest = fmaxf(greatest, weight[part]);
    }
    for (int part = 0; part < PARTS; ++part) {
        weight[part] = expf(weight[part] - greatest);
        sum += weight[part];
    }
    for (int place = threadIdx.x % 32; place < size; place += 32) {
        float mean = 0.0f;
        for (int part = 0; part < PARTS; ++part) {
            mean += weight[part] * means[(part * rows + own) * size + place];
        }
        o[own * size + place] = mean / sum;
    }
    if (threadIdx.x % 32 == 0) {
        logsumexp[own] = greatest + logf(sum);
    }
}

/* judge:
expect = "RE"
fault = "shared_race"
case = "prefix_attention/random@n=65,prefix=33"
takes = { type = "f32" }

[[launch]]
entry = "attend"
grid = ["ceil_div(n, 64)", "batch * heads"]
block = "64"
shared = "8 * 16 * size"
arguments = ["q", "prefix_k", "prefix_v", "k", "v", "heads", "n", "prefix", "size", "causal", "o", "logsumexp"]
*/

// A warp that is done with a tile takes the next one while the other still reads: the second barrier is missing.
enum : int { KEYS = 16 };

// What a query does with a key; its means are kept in memory.
__device__ void see(const float* query, const float* key, const float* value, int size, float* mean, float& greatest, float& sum)
{
    float score = 0.0f;
    for (int i = 0; i < size; ++i) {
        score += query[i] * key[i];
    }
    score /= sqrtf((float)size);
    float before = greatest;
    greatest = fmaxf(greatest, score);
    float shrink = expf(before - greatest), weight = expf(score - greatest);
    sum = sum * shrink + weight;
    for (int i = 0; i < size; ++i) {
        mean[i] = mean[i] * shrink + weight * value[i];
    }
}

extern "C" __global__ void attend(const float* q, const float* prefix_k, const float* prefix_v, const float* k, const float* v, int heads,
    int n, int prefixes, int size, int causal, float* o, float* logsumexp)
{
    extern __shared__ float tile_of_keys[];
    float* tile_of_values = tile_of_keys + KEYS * size;
    int place = blockIdx.x * blockDim.x + threadIdx.x;
    long long head = blockIdx.y, row = head * n + min(place, n - 1);
    float greatest = -1e30f, sum = 0.0f, mean[256];
    for (int i = 0; i < size; ++i) {
        mean[i] = 0.0f;
    }
    for (int round = 0; round < 2; ++round) {
        const float* keys = round == 0 ? prefix_k + head % heads * prefixes * size : k + head * n * size;
        const float* values = round == 0 ? prefix_v + head % heads * prefixes * size : v + head * n * size;
        int count = round == 0 ? prefixes : n, visible = round == 0 || !causal ? count : place + 1;
        for (int first = 0; first < count; first += KEYS) {
            int in_tile = min((int)KEYS, count - first);
            for (int i = threadIdx.x; i < in_tile * size; i += blockDim.x) {
                tile_of_keys[i] = keys[(long long)first * size + i];
                tile_of_values[i] = values[(long long)first * size + i];
            }
            __syncthreads();
            for (int key = 0; key < min(in_tile, visible - first); ++key) {
                see(q + row * size, tile_of_keys + key * size, tile_of_values + key * size, size, mean, greatest, sum);
            }
        }
    }
    if (place < n) {
        for (int i = 0; i < size; ++i) {
            o[row * size + i] = mean[i] / sum;
        }
        logsumexp[row] = greatest + logf(sum);
    }
}

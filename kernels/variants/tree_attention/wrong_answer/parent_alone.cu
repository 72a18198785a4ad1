/* judge:
expect = "WA"
case = "tree_attention/chain@n=33,nodes=8"
takes = { type = "f32" }

[[launch]]
entry = "attend"
grid = "ceil_div(batch * heads * nodes, 64)"
block = "64"
arguments = ["q", "cache_k", "cache_v", "k", "v", "parents", "batch * heads * nodes", "n", "nodes", "size", "o", "logsumexp"]
*/

// Itself and its parent: the way up ends there.

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

extern "C" __global__ void attend(const float* q, const float* cache_k, const float* cache_v, const float* k, const float* v,
    const int* parents, int rows, int n, int nodes, int size, float* o, float* logsumexp)
{
    long long row = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= rows) {
        return;
    }
    long long head = row / nodes;
    int node = (int)(row % nodes);
    const float* keys = k + head * nodes * size;
    const float* values = v + head * nodes * size;
    float* mean = o + row * size;
    for (int i = 0; i < size; ++i) {
        mean[i] = 0.0f;
    }
    float greatest = -1e30f, sum = 0.0f;
    for (int key = 0; key < n; ++key) {
        long long at = (head * n + key) * size;
        see(q + row * size, cache_k + at, cache_v + at, size, mean, greatest, sum);
    }
    for (int key = node, up = 0; key >= 0 && up < 2; key = parents[key] < key ? parents[key] : -1, ++up) {
        see(q + row * size, keys + (long long)key * size, values + (long long)key * size, size, mean, greatest, sum);
    }
    for (int i = 0; i < size; ++i) {
        mean[i] /= sum;
    }
    logsumexp[row] = greatest + logf(sum);
}

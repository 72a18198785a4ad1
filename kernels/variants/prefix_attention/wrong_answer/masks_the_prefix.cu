/* judge:
expect = "WA"
case = "prefix_attention/random@n=33,prefix=20,causal=1"
takes = { type = "f32" }

[[launch]]
entry = "attend"
grid = "ceil_div(batch * heads * n, 64)"
block = "64"
arguments = ["q", "prefix_k", "prefix_v", "k", "v", "batch * heads * n", "heads", "n", "prefix", "size", "causal", "o", "logsumexp"]
*/

// The mask as it was before there was a prefix: a query sees the keys up to its own place, counted from the first of the prefix.

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

extern "C" __global__ void attend(const float* q, const float* prefix_k, const float* prefix_v, const float* k, const float* v, int rows,
    int heads, int n, int prefixes, int size, int causal, float* o, float* logsumexp)
{
    long long row = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= rows) {
        return;
    }
    long long head = row / n, learned = head % heads * prefixes;
    int place = (int)(row % n);
    int visible = causal ? place + 1 : prefixes + n;
    float* mean = o + row * size;
    for (int i = 0; i < size; ++i) {
        mean[i] = 0.0f;
    }
    float greatest = -1e30f, sum = 0.0f;
    for (int key = 0; key < visible; ++key) {
        bool is_prefix = key < prefixes;
        long long at = (is_prefix ? learned + key : head * n + key - prefixes) * size;
        see(q + row * size, (is_prefix ? prefix_k : k) + at, (is_prefix ? prefix_v : v) + at, size, mean, greatest, sum);
    }
    for (int i = 0; i < size; ++i) {
        mean[i] /= sum;
    }
    logsumexp[row] = greatest + logf(sum);
}

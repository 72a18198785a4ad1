/* judge:
expect = "WA"
case = "prefix_attention/large_magnitude@n=33,prefix=20"
takes = { type = "f32" }

[[buffer]]
name = "means"
type = "f32"
length = "2 * batch * heads * n * size"

[[launch]]
entry = "attend"
grid = "ceil_div(batch * heads * n, 64)"
block = "64"
arguments = ["q", "prefix_k", "prefix_v", "k", "v", "batch * heads * n", "heads", "n", "prefix", "size", "causal", "means", "o", "logsumexp"]
*/

// Two passes, each with its running maximum, are merged by the exponentials of their logsumexp as they are: beyond 88 these are infinite.

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
    int heads, int n, int prefixes, int size, int causal, float* means, float* o, float* logsumexp)
{
    long long row = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= rows) {
        return;
    }
    long long head = row / n, learned = head % heads * prefixes;
    int place = (int)(row % n);
    float weights[2];
    for (int pass = 0; pass < 2; ++pass) {
        const float* keys = pass == 0 ? prefix_k + learned * size : k + head * n * size;
        const float* values = pass == 0 ? prefix_v + learned * size : v + head * n * size;
        int visible = pass == 0 ? prefixes : causal ? place + 1 : n;
        float* mean = means + ((long long)pass * rows + row) * size;
        for (int i = 0; i < size; ++i) {
            mean[i] = 0.0f;
        }
        float greatest = -1e30f, sum = 0.0f;
        for (int key = 0; key < visible; ++key) {
            see(q + row * size, keys + (long long)key * size, values + (long long)key * size, size, mean, greatest, sum);
        }
        for (int i = 0; i < size; ++i) {
            mean[i] /= sum;
        }
        weights[pass] = expf(greatest + logf(sum));
    }
    float sum = weights[0] + weights[1];
    for (int i = 0; i < size; ++i) {
        float learned_mean = means[row * size + i], own_mean = means[((long long)rows + row) * size + i];
        o[row * size + i] = (weights[0] * learned_mean + weights[1] * own_mean) / sum;
    }
    logsumexp[row] = logf(sum);
}

/* judge:
expect = "WA"
case = "sparse_attention/random@n=33,window=8,stride=4"
takes = { type = "f32" }

[[launch]]
entry = "attend"
grid = "ceil_div(batch * heads * n, 64)"
block = "64"
arguments = ["q", "k", "v", "batch * heads * n", "n", "size", "window", "stride", "o", "logsumexp"]
*/

// The window, then the strided keys, without leaving out those that stand in both: these weigh twice.

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

extern "C" __global__ void attend(
    const float* q, const float* k, const float* v, int rows, int n, int size, int window, int stride, float* o, float* logsumexp)
{
    long long row = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= rows) {
        return;
    }
    const float* keys = k + row / n * n * size;
    const float* values = v + row / n * n * size;
    int place = (int)(row % n);
    float* mean = o + row * size;
    for (int i = 0; i < size; ++i) {
        mean[i] = 0.0f;
    }
    float greatest = -1e30f, sum = 0.0f;
    for (int key = max(0, place - window + 1); key <= place; ++key) {
        see(q + row * size, keys + (long long)key * size, values + (long long)key * size, size, mean, greatest, sum);
    }
    for (int key = place % stride; key <= place; key += stride) {
        see(q + row * size, keys + (long long)key * size, values + (long long)key * size, size, mean, greatest, sum);
    }
    for (int i = 0; i < size; ++i) {
        mean[i] /= sum;
    }
    logsumexp[row] = greatest + logf(sum);
}

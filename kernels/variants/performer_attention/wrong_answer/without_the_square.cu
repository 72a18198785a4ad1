/* judge:
expect = "WA"
case = "performer_attention/random@n=17"
takes = { type = ["f32"] }

[[launch]]
entry = "attention"
grid = "batch * heads * n"
block = "32"
arguments = ["q", "k", "v", "w", "n", "size", "features", "causal", "o"]
*/

// The exponent lacks the square of the vector. With a query that changes nothing, since all of its weights get the same factor; with keys
// it does.
__device__ float sum_of_warp(float value)
{
    for (int step = 16; step > 0; step /= 2) {
        value += __shfl_xor_sync(~0u, value, step);
    }
    return value;
}

enum : int { MOST = 256 };

// The lane's feature of a row.
__device__ float feature(const float* x, const float* w, int size)
{
    float exponent = 0.0f;
    for (int place = 0; place < size; ++place) {
        exponent += w[place] * x[place];
    }
    return expf(exponent / sqrtf(sqrtf((float)size)));
}

extern "C" __global__ void attention(const float* q, const float* k, const float* v, const float* w, int n, int size, int features,
    int causal, float* o)
{
    __shared__ float mean[MOST], query[MOST];
    int lane = threadIdx.x, row = blockIdx.x;
    long long first = row / n * (long long)n;
    int visible = causal ? row % n + 1 : n;
    for (int own = lane; own < features; own += 32) {
        query[own] = feature(q + (long long)row * size, w + own * size, size);
    }
    for (int place = lane; place < size; place += 32) {
        mean[place] = 0.0f;
    }
    float sum = 0.0f;
    for (int key = 0; key < visible; ++key) {
        float weight = 0.0f;
        for (int own = lane; own < features; own += 32) {
            weight += query[own] * feature(k + (first + key) * size, w + own * size, size);
        }
        weight = sum_of_warp(weight);
        sum += weight;
        for (int place = lane; place < size; place += 32) {
            mean[place] += weight * v[(first + key) * size + place];
        }
    }
    for (int place = lane; place < size; place += 32) {
        o[(long long)row * size + place] = mean[place] / sum;
    }
}

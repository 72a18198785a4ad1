/* judge:
expect = "WA"
case = "gated_attention_mixed_chunk/negative@n=33,chunk=16"
takes = { type = ["f32"] }

[[launch]]
entry = "gated"
grid = ["n", "batch"]
block = "width"
arguments = ["quadratic_q", "quadratic_k", "linear_q", "linear_k", "u", "v", "n", "chunk", "size", "width", "causal", "o"]
*/

// Rectifies also what is across chunks, where a product may be negative.
// A thread has an element of a sum.
__device__ float product(const float* one, const float* other, int size)
{
    float sum = 0.0f;
    for (int place = 0; place < size; ++place) {
        sum += one[place] * other[place];
    }
    return sum;
}

extern "C" __global__ void gated(const float* quadratic_q, const float* quadratic_k, const float* linear_q, const float* linear_k,
    const float* u, const float* v, int n, int chunk, int size, int width, int causal, float* o)
{
    int place = blockIdx.x, start = place - place % chunk;
    long long first = (long long)blockIdx.y * n, row = first + place;
    float sum = 0.0f;
    for (int key = start; key < (causal ? place + 1 : min(start + chunk, n)); ++key) {
        float score = fmaxf(product(quadratic_q + row * size, quadratic_k + (first + key) * size, size) / chunk, 0.0f);
        sum += score * score * v[(first + key) * width + threadIdx.x];
    }
    for (int key = 0; key < (causal ? start : n); ++key) {
        float weight = fmaxf(product(linear_q + row * size, linear_k + (first + key) * size, size) / n, 0.0f);
        sum += weight * v[(first + key) * width + threadIdx.x];
    }
    o[row * width + threadIdx.x] = u[row * width + threadIdx.x] * sum;
}

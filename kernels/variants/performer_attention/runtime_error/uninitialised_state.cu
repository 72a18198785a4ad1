/* judge:
expect = "RE"
fault = "uninitialised_read"
case = "performer_attention/random@n=5,causal=1"
takes = { type = ["f32"], causal = [1] }

[[buffer]]
name = "state"
type = "f32"
length = "batch * heads * features * (size + 1)"

[[launch]]
entry = "attention"
grid = "batch * heads"
block = "features"
arguments = ["q", "k", "v", "w", "n", "size", "state", "o"]
*/

// The running sums are added to before anybody made them zero.
enum : int { MOST = 256 };

__device__ float exponent(const float* x, const float* w, int size)
{
    float product = 0.0f, square = 0.0f, root = sqrtf((float)size);
    for (int place = 0; place < size; ++place) {
        product += w[place] * x[place];
        square += x[place] * x[place];
    }
    return product / sqrtf(root) - square / (2.0f * root);
}

// A thread has a feature: a row of the state, whose last element is the sum of the features.
extern "C" __global__ void attention(
    const float* q, const float* k, const float* v, const float* w, int n, int size, float* state, float* o)
{
    __shared__ float exponents[MOST], sum;
    int own = threadIdx.x, features = blockDim.x;
    float* row = state + ((long long)blockIdx.x * features + own) * (size + 1);
    for (int place = 0; place < n; ++place) {
        long long at = ((long long)blockIdx.x * n + place) * size;
        float key = expf(exponent(k + at, w + own * size, size));
        for (int column = 0; column < size; ++column) {
            row[column] += key * v[at + column];
        }
        row[size] += key;
        exponents[own] = exponent(q + at, w + own * size, size);
        __syncthreads();
        float greatest = exponents[0];
        for (int other = 1; other < features; ++other) {
            greatest = fmaxf(greatest, exponents[other]);
        }
        float query = expf(exponents[own] - greatest);
        if (own == 0) {
            sum = 0.0f;
        }
        __syncthreads();
        atomicAdd(&sum, query * row[size]);
        __syncthreads();
        for (int column = 0; column < size; ++column) {
            if (own == 0) {
                o[at + column] = 0.0f;
            }
            __syncthreads();
            atomicAdd(&o[at + column], query * row[column] / sum);
            __syncthreads();
        }
    }
}

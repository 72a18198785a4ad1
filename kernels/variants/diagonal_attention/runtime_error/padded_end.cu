/* judge:
expect = "RE"
fault = "out_of_bounds"
case = "diagonal_attention/random@n=33,block=8"
takes = { type = ["f32"], causal = [0] }

[[launch]]
entry = "attention"
grid = "ceil_div(batch * heads * n, 64)"
block = "64"
arguments = ["q", "k", "v", "batch * heads * n", "n", "size", "block", "o"]
*/

// Every block is taken for whole. Between two heads this reads the keys of the next one; behind the last there are none.
enum : int { MOST = 128 };

__device__ float score(const float* query, const float* key, int size)
{
    float sum = 0.0f;
    for (int place = 0; place < size; ++place) {
        sum += query[place] * key[place];
    }
    return sum / sqrtf((float)size);
}

extern "C" __global__ void attention(
    const float* q, const float* k, const float* v, int rows, int n, int size, int block, float* o)
{
    int row = blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= rows) {
        return;
    }
    long long first = row - row % n % block;
    const float* query = q + (long long)row * size;
    float greatest = score(query, k + first * size, size);
    for (int key = 1; key < block; ++key) {
        greatest = fmaxf(greatest, score(query, k + (first + key) * size, size));
    }
    float sum = 0.0f, mean[MOST];
    for (int place = 0; place < size; ++place) {
        mean[place] = 0.0f;
    }
    for (int key = 0; key < block; ++key) {
        float weight = expf(score(query, k + (first + key) * size, size) - greatest);
        sum += weight;
        for (int place = 0; place < size; ++place) {
            mean[place] += weight * v[(first + key) * size + place];
        }
    }
    for (int place = 0; place < size; ++place) {
        o[(long long)row * size + place] = mean[place] / sum;
    }
}

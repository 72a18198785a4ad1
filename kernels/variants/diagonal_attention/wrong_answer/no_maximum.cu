/* judge:
expect = "WA"
case = "diagonal_attention/large_magnitude@n=33,block=8"
takes = { type = ["f32"] }

[[launch]]
entry = "attention"
grid = "ceil_div(batch * heads * n, 64)"
block = "64"
arguments = ["q", "k", "v", "batch * heads * n", "n", "size", "block", "causal", "o"]
*/

// Exponentials of the scores as they are: beyond 89 they are infinite, and the mean is infinity over infinity.
enum : int { MOST = 128 };

extern "C" __global__ void attention(
    const float* q, const float* k, const float* v, int rows, int n, int size, int block, int causal, float* o)
{
    int row = blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= rows) {
        return;
    }
    int place = row % n, begin = place / block * block, end = causal ? place + 1 : min(begin + block, n);
    const float* query = q + (long long)row * size;
    float sum = 0.0f, mean[MOST];
    for (int element = 0; element < size; ++element) {
        mean[element] = 0.0f;
    }
    for (int key = begin; key < end; ++key) {
        long long at = (long long)(row - place + key) * size;
        float score = 0.0f;
        for (int element = 0; element < size; ++element) {
            score += query[element] * k[at + element];
        }
        float weight = expf(score / sqrtf((float)size));
        sum += weight;
        for (int element = 0; element < size; ++element) {
            mean[element] += weight * v[at + element];
        }
    }
    for (int element = 0; element < size; ++element) {
        o[(long long)row * size + element] = mean[element] / sum;
    }
}

/* judge:
expect = "WA"
case = "linear_attention/large_magnitude@n=65,type=f16"
takes = { type = ["f16"] }

[[launch]]
entry = "attention"
grid = "ceil_div(batch * heads * n, 64)"
block = "64"
arguments = ["q", "k", "v", "batch * heads * n", "n", "size", "causal", "o"]
*/

// Features are kept in the type of the input, as operands for tensor cores of f16 would be: exp(-20) is zero there, and where all
// are zero the mean is 0 / 0.
#include <cuda_fp16.h>

enum : int { MOST = 256 };

__device__ float feature(__half value)
{
    float x = __half2float(value);
    return __half2float(__float2half_rn(x > 0.0f ? x + 1.0f : expf(x)));
}

extern "C" __global__ void attention(
    const __half* q, const __half* k, const __half* v, int rows, int n, int size, int causal, __half* o)
{
    int row = blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= rows) {
        return;
    }
    long long head = row / n * (long long)n;
    int visible = causal ? row % n + 1 : n;
    float mean[MOST], sum = 0.0f;
    for (int place = 0; place < size; ++place) {
        mean[place] = 0.0f;
    }
    for (int key = 0; key < visible; ++key) {
        float weight = 0.0f;
        for (int place = 0; place < size; ++place) {
            weight += feature(q[(long long)row * size + place]) * feature(k[(head + key) * size + place]);
        }
        sum += weight;
        for (int place = 0; place < size; ++place) {
            mean[place] += weight * __half2float(v[(head + key) * size + place]);
        }
    }
    for (int place = 0; place < size; ++place) {
        o[(long long)row * size + place] = __float2half_rn(mean[place] / sum);
    }
}

/* judge:
expect = "WA"
case = "norm_attention/random@n=4"
takes = { type = "f32", size = 64 }

[[launch]]
entry = "attend"
grid = ["n", "batch * heads"]
block = "64"
arguments = ["q", "k", "v", "n", "causal", "o"]
*/

// The squares are summed up by shuffles alone, which do not leave the warp: each half of a row is divided by its own root mean
// square. Rows of 32 elements would be right.
enum : int { SIZE = 64 };

__device__ float feature(float value) { return value > 0.0f ? value + 1.0f : expf(value); }

// A block has a query, a thread an element of its sum.
extern "C" __global__ void attend(const float* q, const float* k, const float* v, int n, int causal, float* o)
{
    __shared__ float query[SIZE];
    int column = threadIdx.x, row = blockIdx.x, visible = causal ? row + 1 : n;
    long long head = (long long)blockIdx.y * n * SIZE, place = head + row * SIZE + column;
    query[column] = feature(q[place]);
    __syncthreads();
    float sum = 0.0f;
#pragma unroll 1
    for (int key = 0; key < visible; ++key) {
        float weight = 0.0f;
#pragma unroll 1
        for (int at = 0; at < SIZE; ++at) {
            weight += query[at] * feature(k[head + key * SIZE + at]);
        }
        sum += weight * v[head + key * SIZE + column];
    }
    float square = sum * sum;
    for (int step = 16; step > 0; step /= 2) {
        square += __shfl_xor_sync(~0u, square, step);
    }
    o[place] = sum / sqrtf(square / 32 + 1e-5f);
}

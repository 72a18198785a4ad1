/* judge:
expect = "RE"
fault = "shared_race"
case = "norm_attention/random@n=4"
takes = { type = "f32", size = 64 }

[[launch]]
entry = "attend"
grid = ["n", "batch * heads"]
block = "64"
arguments = ["q", "k", "v", "n", "causal", "o"]
*/

// The squares of a row are read before the other warp may have written its own: a barrier is missing. With one warp, or warps in
// step, nothing is seen.
enum : int { SIZE = 64 };

__device__ float feature(float value) { return value > 0.0f ? value + 1.0f : expf(value); }

// A block has a query, a thread an element of its sum.
extern "C" __global__ void attend(const float* q, const float* k, const float* v, int n, int causal, float* o)
{
    __shared__ float query[SIZE], squares[SIZE];
    int column = threadIdx.x, row = blockIdx.x, visible = causal ? row + 1 : n;
    long long head = (long long)blockIdx.y * n * SIZE, place = head + row * SIZE + column;
    query[column] = feature(q[place]);
    squares[column] = 0.0f;
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
    squares[column] = sum * sum;
    float square = 0.0f;
#pragma unroll 1
    for (int at = 0; at < SIZE; ++at) {
        square += squares[at];
    }
    o[place] = sum / sqrtf(square / SIZE + 1e-5f);
}

/* judge:
expect = "WA"
case = "norm_attention_gradient/random@n=4,causal=1"
takes = { type = "f32", size = 64 }

[[buffer]]
name = "gradients"
type = "f32"
length = "batch * heads * n * size"

[[launch]]
entry = "normalise"
grid = ["n", "batch * heads"]
block = "64"
arguments = ["q", "k", "v", "upstream", "n", "causal", "gradients"]

[[launch]]
entry = "sum_up"
grid = ["n", "batch * heads"]
block = "64"
arguments = ["q", "k", "v", "gradients", "n", "causal", "dq", "dk", "dv"]
*/

// The gradients of a key are summed up over the queries before it, and not over those that see it: the mask was copied from the
// queries' loop. Without a mask all would be right.
enum : int { SIZE = 64 };

__device__ float same(float value) { return value; }
__device__ float feature(float value) { return value > 0.0f ? value + 1.0f : expf(value); }
__device__ float slope(float value) { return value > 0.0f ? 1.0f : expf(value); }

// Each thread takes the whole product.
template <float (*F)(float), float (*G)(float)>
__device__ float product(const float* one, const float* other)
{
    float sum = 0.0f;
#pragma unroll 1
    for (int at = 0; at < SIZE; ++at) {
        sum += F(one[at]) * G(other[at]);
    }
    return sum;
}

// A block has a query, a thread an element of its sum.
extern "C" __global__ void normalise(
    const float* q, const float* k, const float* v, const float* upstream, int n, int causal, float* gradients)
{
    __shared__ float squares[SIZE], products[SIZE];
    int column = threadIdx.x, row = blockIdx.x, visible = causal ? row + 1 : n;
    long long head = (long long)blockIdx.y * n * SIZE, place = head + row * SIZE;
    float sum = 0.0f, own = upstream[place + column];
#pragma unroll 1
    for (int key = 0; key < visible; ++key) {
        long long at = head + key * SIZE;
        sum += product<feature, feature>(q + place, k + at) * v[at + column];
    }
    float square = 0.0f, along = 0.0f;
    squares[column] = sum * sum;
    products[column] = sum * own;
    __syncthreads();
#pragma unroll 1
    for (int at = 0; at < SIZE; ++at) {
        square += squares[at];
        along += products[at];
    }
    float root = sqrtf(square / SIZE + 1e-5f);
    along /= root * SIZE;
    gradients[place + column] = (own - along * sum / root) / root;
}

// A block has a query, and the key and the value of the same place.
extern "C" __global__ void sum_up(const float* q, const float* k, const float* v, const float* gradients, int n, int causal,
    float* dq, float* dk, float* dv)
{
    int column = threadIdx.x, row = blockIdx.x, visible = causal ? row + 1 : n;
    long long head = (long long)blockIdx.y * n * SIZE, place = head + row * SIZE;
    float of_query = 0.0f, of_key = 0.0f, of_value = 0.0f;
#pragma unroll 1
    for (int key = 0; key < visible; ++key) {
        long long at = head + key * SIZE;
        of_query += product<same, same>(gradients + place, v + at) * feature(k[at + column]);
    }
#pragma unroll 1
    for (int seeing = 0; seeing < visible; ++seeing) {
        long long at = head + seeing * SIZE;
        of_key += product<same, same>(gradients + at, v + place) * feature(q[at + column]);
        of_value += product<feature, feature>(q + at, k + place) * gradients[at + column];
    }
    dq[place + column] = slope(q[place + column]) * of_query;
    dk[place + column] = slope(k[place + column]) * of_key;
    dv[place + column] = of_value;
}

/* judge:
expect = "WA"
case = "gated_attention_unit/random@n=9,causal=1"
takes = { type = ["f32"] }

[[launch]]
entry = "gated"
grid = ["n", "batch"]
block = "width"
arguments = ["q", "k", "u", "v", "n", "size", "width", "causal", "o"]
*/

// Divides a product by how many keys the query sees and not by n: right without a mask, and for the last query.

// A thread has an element of a sum.
extern "C" __global__ void gated(const float* q, const float* k, const float* u, const float* v, int n, int size, int width,
    int causal, float* o)
{
    long long first = (long long)blockIdx.y * n, row = first + blockIdx.x;
    int visible = causal ? blockIdx.x + 1 : n;
    float sum = 0.0f;
    for (int key = 0; key < visible; ++key) {
        float product = 0.0f;
        for (int place = 0; place < size; ++place) {
            product += q[row * size + place] * k[(first + key) * size + place];
        }
        float score = fmaxf(product / visible, 0.0f);
        sum += score * score * v[(first + key) * width + threadIdx.x];
    }
    o[row * width + threadIdx.x] = u[row * width + threadIdx.x] * sum;
}

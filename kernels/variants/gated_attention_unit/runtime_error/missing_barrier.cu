/* judge:
expect = "RE"
fault = "shared_race"
case = "gated_attention_unit/random@n=65"
takes = { type = ["f32"] }

[[launch]]
entry = "gated"
grid = ["n", "batch"]
block = "width"
arguments = ["q", "k", "u", "v", "n", "size", "width", "causal", "o"]
*/

// Each thread weighs a key of a tile, then adds up the values of all: the weights of the next tile are written while other warps
// still read those of this one, since a barrier is missing at the end of the loop.
// A thread has an element of a sum, and a tile as many keys as there are threads, at most 32.
extern "C" __global__ void gated(const float* q, const float* k, const float* u, const float* v, int n, int size, int width,
    int causal, float* o)
{
    __shared__ float weights[32];
    long long first = (long long)blockIdx.y * n, row = first + blockIdx.x;
    int visible = causal ? blockIdx.x + 1 : n, tile = min(width, 32);
    float sum = 0.0f;
    for (int next = 0; next < visible; next += tile) {
        int keys = min(tile, visible - next);
        if (threadIdx.x < keys) {
            float product = 0.0f;
            for (int place = 0; place < size; ++place) {
                product += q[row * size + place] * k[(first + next + threadIdx.x) * size + place];
            }
            float score = fmaxf(product / n, 0.0f);
            weights[threadIdx.x] = score * score;
        }
        __syncthreads();
        for (int key = 0; key < keys; ++key) {
            sum += weights[key] * v[(first + next + key) * width + threadIdx.x];
        }
    }
    o[row * width + threadIdx.x] = u[row * width + threadIdx.x] * sum;
}

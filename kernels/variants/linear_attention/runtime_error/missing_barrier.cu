/* judge:
expect = "RE"
fault = "shared_race"
case = "linear_attention/random@n=4,causal=1"
takes = { type = ["f32"], causal = [1] }

[[launch]]
entry = "attention"
grid = "batch * heads"
block = "size"
arguments = ["q", "k", "v", "n", "size", "o"]
*/

// The features of the next place are written while other warps still read those of this one: a barrier is missing at the end of the
// loop. With one warp, or warps in step, nothing is seen.
enum : int { MOST = 256 };

__device__ float feature(float value) { return value > 0.0f ? value + 1.0f : expf(value); }

// A thread has a column of the state.
extern "C" __global__ void attention(const float* q, const float* k, const float* v, int n, int size, float* o)
{
    __shared__ float keys[MOST], queries[MOST];
    int column = threadIdx.x;
    long long head = (long long)blockIdx.x * n * size;
    float state[MOST], norm[MOST];
    for (int row = 0; row < size; ++row) {
        state[row] = norm[row] = 0.0f;
    }
    for (int place = 0; place < n; ++place) {
        long long at = head + (long long)place * size + column;
        keys[column] = feature(k[at]);
        queries[column] = feature(q[at]);
        __syncthreads();
        float value = v[at], mean = 0.0f, sum = 0.0f;
        for (int row = 0; row < size; ++row) {
            state[row] += keys[row] * value;
            norm[row] += keys[row];
            mean += queries[row] * state[row];
            sum += queries[row] * norm[row];
        }
        o[at] = mean / sum;
    }
}

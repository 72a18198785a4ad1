/* judge:
expect = "WA"
case = "linear_attention/random@n=9,causal=1"
takes = { type = ["f32"] }

[[launch]]
entry = "attention"
grid = "batch * heads"
block = "size"
arguments = ["q", "k", "v", "n", "size", "o"]
*/

// Chunks of 8 whose keys are added to the state before their queries come: a query sees the keys of its chunk that are behind it.
// Without a mask it is wrong, too, since no query sees the chunks behind its own.
enum : int { CHUNK = 8, MOST = 256 };

__device__ float feature(float value) { return value > 0.0f ? value + 1.0f : expf(value); }

// A thread has a column of the state.
extern "C" __global__ void attention(const float* q, const float* k, const float* v, int n, int size, float* o)
{
    int column = threadIdx.x;
    long long head = (long long)blockIdx.x * n * size;
    float state[MOST], norm[MOST];
    for (int row = 0; row < size; ++row) {
        state[row] = norm[row] = 0.0f;
    }
    for (int first = 0; first < n; first += CHUNK) {
        int end = min(first + CHUNK, n);
        for (int key = first; key < end; ++key) {
            float value = v[head + (long long)key * size + column];
            for (int row = 0; row < size; ++row) {
                float of_key = feature(k[head + (long long)key * size + row]);
                state[row] += of_key * value;
                norm[row] += of_key;
            }
        }
        for (int query = first; query < end; ++query) {
            float mean = 0.0f, sum = 0.0f;
            for (int row = 0; row < size; ++row) {
                float of_query = feature(q[head + (long long)query * size + row]);
                mean += of_query * state[row];
                sum += of_query * norm[row];
            }
            o[head + (long long)query * size + column] = mean / sum;
        }
    }
}

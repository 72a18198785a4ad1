/* judge:
[[launch]]
entry = "judge_rate"
grid = "blocks"
block = "256"
arguments = ["rounds", "sums"]
*/

// As many fused multiplications and additions as the device can do: eight chains a thread, so that one need not wait for itself,
// and no memory but for what keeps the compiler from leaving them out. 16 operations a thread and round.
extern "C" __global__ void judge_rate(int rounds, float* sums)
{
    int thread = blockIdx.x * blockDim.x + threadIdx.x;
    float chain[8];
    for (int index = 0; index < 8; ++index) {
        chain[index] = (float)index;
    }
    for (int round = 0; round < rounds; ++round) {
        for (int index = 0; index < 8; ++index) {
            chain[index] = fmaf(chain[index], 0.5f, 1.0f);
        }
    }
    float sum = 0.0f;
    for (int index = 0; index < 8; ++index) {
        sum += chain[index];
    }
    sums[thread] = sum;
}

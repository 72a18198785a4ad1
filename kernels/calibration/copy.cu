/* judge:
[[launch]]
entry = "judge_copy"
grid = "ceil_div(from_length, 1024)"
block = "256"
arguments = ["from", "i64(from_length / 4)", "to"]
*/

// One load and one store of 16 bytes a thread, neighbours next to each other: what memory can give and take at most.
extern "C" __global__ void judge_copy(const int4* from, long long quads, int4* to)
{
    long long quad = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (quad < quads) {
        to[quad] = from[quad];
    }
}

/* judge:
expect = "AC"
growth = "n*log(n)"

[[buffer]]
name = "largest"
type = "i32"
length = "n"

[[buffer]]
name = "doubled"
type = "i32"
length = "n"

[[launch]]
repeat = "log2(k)"
index = "pass"
swap = ["largest", "doubled"]
entry = "double_width"
grid = "ceil_div(n, 256)"
block = "256"
arguments = ["numbers", "n", "pass", "largest", "doubled"]

[[launch]]
entry = "join_two"
grid = "ceil_div(n - k + 1, 256)"
block = "256"
arguments = ["numbers", "n", "k", "log2(k)", "largest", "maxima"]
*/

// The largest of 2w integers is the larger of two neighbouring largest of w. Doubling the width log2(k) times gives all
// windows of the greatest power of two within k; two of these, which may overlap, cover a window. This replaces k comparisons a
// window by log2(k), all threads doing the same without a word to each other.
extern "C" __global__ void double_width(const int* numbers, int n, int pass, const int* largest, int* doubled)
{
    int window = blockIdx.x * blockDim.x + threadIdx.x;
    int width = 1 << pass;
    if (window > n - 2 * width) {
        return;
    }
    const int* source = pass == 0 ? numbers : largest;
    doubled[window] = max(source[window], source[window + width]);
}

extern "C" __global__ void join_two(const int* numbers, int n, int k, int passes, const int* largest, int* maxima)
{
    int window = blockIdx.x * blockDim.x + threadIdx.x;
    if (window > n - k) {
        return;
    }
    const int* source = passes == 0 ? numbers : largest;
    maxima[window] = max(source[window], source[window + k - (1 << passes)]);
}

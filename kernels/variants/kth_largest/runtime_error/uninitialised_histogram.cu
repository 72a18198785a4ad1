/* judge:
expect = "RE"
fault = "uninitialised_read"
case = "kth_largest/random@n=5000"

[[buffer]]
name = "histogram"
type = "u32"
length = "256"
fill = 0

[[buffer]]
name = "prefix"
type = "u32"
length = "1"
fill = 0

[[buffer]]
name = "rank"
type = "u32"
length = "1"
fill = 0

[[launch]]
repeat = "4"
index = "pass"

[[launch.step]]
entry = "count_digits"
grid = "ceil_div(n, 1024)"
block = "1024"
arguments = ["numbers", "n", "pass", "prefix", "histogram"]

[[launch.step]]
entry = "choose_digit"
grid = "1"
block = "1"
arguments = ["k", "pass", "histogram", "prefix", "rank", "value"]
*/

// Shared memory is counted in before anybody wrote zeros there: it holds whatever the block before left.
extern "C" __global__ void count_digits(const int* numbers, int n, int pass, const unsigned* prefix, unsigned* histogram)
{
    __shared__ unsigned counts[256];
    int place = blockIdx.x * blockDim.x + threadIdx.x;
    int shift = 24 - 8 * pass;
    if (place < n) {
        unsigned key = (unsigned)numbers[place] ^ 0x80000000u;
        if (pass == 0 || key >> (shift + 8) == *prefix) {
            atomicAdd(&counts[key >> shift & 255], 1);
        }
    }
    __syncthreads();
    if (threadIdx.x < 256) {
        atomicAdd(&histogram[threadIdx.x], counts[threadIdx.x]);
    }
}

extern "C" __global__ void choose_digit(int k, int pass, unsigned* histogram, unsigned* prefix, unsigned* rank, int* value)
{
    unsigned left = pass == 0 ? k : *rank;
    unsigned digit = 255;
    while (digit > 0 && histogram[digit] < left) {
        left -= histogram[digit];
        --digit;
    }
    *rank = left;
    *prefix = *prefix << 8 | digit;
    for (int other = 0; other < 256; ++other) {
        histogram[other] = 0;
    }
    if (pass == 3) {
        *value = (int)(*prefix ^ 0x80000000u);
    }
}

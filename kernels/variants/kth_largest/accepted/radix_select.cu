/* judge:
expect = "AC"
growth = "n"

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
grid = "ceil_div(n, 256)"
block = "256"
arguments = ["numbers", "n", "pass", "prefix", "histogram"]

[[launch.step]]
entry = "choose_digit"
grid = "1"
block = "1"
arguments = ["k", "pass", "histogram", "prefix", "rank", "value"]
*/

// Selection needs no order: it is enough to count how often each byte occurs, highest byte first, among the integers whose
// higher bytes are those of the k-th. Four passes that read, instead of log2(n)^2 / 2 that read and write.

// Flipping the sign bit makes the order of unsigned integers that of signed ones.
__device__ unsigned key_of(int number)
{
    return (unsigned)number ^ 0x80000000u;
}

extern "C" __global__ void count_digits(const int* numbers, int n, int pass, const unsigned* prefix, unsigned* histogram)
{
    int place = blockIdx.x * blockDim.x + threadIdx.x;
    if (place >= n) {
        return;
    }
    unsigned key = key_of(numbers[place]);
    int shift = 24 - 8 * pass;
    // Shifting by 32 is undefined: in the first pass all integers count.
    if (pass == 0 || key >> (shift + 8) == *prefix) {
        atomicAdd(&histogram[key >> shift & 255], 1);
    }
}

extern "C" __global__ void choose_digit(int k, int pass, unsigned* histogram, unsigned* prefix, unsigned* rank, int* value)
{
    unsigned left = pass == 0 ? k : *rank;
    unsigned digit = 255;
    while (histogram[digit] < left) {
        left -= histogram[digit];
        --digit;
    }
    *rank = left;
    *prefix = *prefix << 8 | digit;
    for (int other = 0; other < 256; ++other) {
        histogram[other] = 0; // for the next pass
    }
    if (pass == 3) {
        *value = (int)(*prefix ^ 0x80000000u);
    }
}

/* judge:
expect = "WA"
case = "kth_largest/sorted@n=5000,k=1"

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
grid = "max(n / 1024, 1)"
block = "1024"
arguments = ["numbers", "n", "pass", "prefix", "histogram"]

[[launch.step]]
entry = "choose_digit"
grid = "1"
block = "1"
arguments = ["k", "pass", "histogram", "prefix", "rank", "value"]
*/

// Whole tiles only: n / 1024 is rounded down, and what is behind the last whole tile is never looked at.
extern "C" __global__ void count_digits(const int* numbers, int n, int pass, const unsigned* prefix, unsigned* histogram)
{
    int place = blockIdx.x * blockDim.x + threadIdx.x;
    if (place >= n) {
        return;
    }
    unsigned key = (unsigned)numbers[place] ^ 0x80000000u;
    int shift = 24 - 8 * pass;
    if (pass == 0 || key >> (shift + 8) == *prefix) {
        atomicAdd(&histogram[key >> shift & 255], 1);
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

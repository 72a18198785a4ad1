/* judge:
expect = "AC"
growth = "n"

[[buffer]]
name = "histogram"
type = "u32"
length = "2048"
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
repeat = "3"
index = "pass"

[[launch.step]]
entry = "count_digits"
grid = "min(ceil_div(n, 4096), 1024)"
block = "512"
arguments = ["numbers", "n", "pass", "prefix", "histogram"]

[[launch.step]]
entry = "choose_digit"
grid = "1"
block = "1024"
arguments = ["k", "pass", "histogram", "prefix", "rank", "value"]
*/

// Radix select whose blocks count in shared memory and add their counts up at the end: atomics on global memory fall from one
// an integer to 2048 a block at most, of which empty ones are left out. A shared histogram has room for 11 bits, so that three
// passes over the integers are enough, of 11, 11 and 10 bits. Choosing the digit is a scan instead of a walk.
enum : int { DIGITS = 2048, CHOOSERS = 1024 };

__device__ int shift_of(int pass)
{
    return pass == 0 ? 21 : pass == 1 ? 10 : 0;
}

__device__ int bits_of(int pass)
{
    return pass == 2 ? 10 : 11;
}

extern "C" __global__ void count_digits(const int* numbers, int n, int pass, const unsigned* prefix, unsigned* histogram)
{
    __shared__ unsigned counts[DIGITS];
    for (int digit = threadIdx.x; digit < DIGITS; digit += blockDim.x) {
        counts[digit] = 0;
    }
    __syncthreads();

    unsigned wanted = *prefix;
    int shift = shift_of(pass);
    int bits = bits_of(pass);
    unsigned mask = (1u << bits) - 1;
    int stride = gridDim.x * blockDim.x;
    for (int place = blockIdx.x * blockDim.x + threadIdx.x; place < n; place += stride) {
        unsigned key = (unsigned)numbers[place] ^ 0x80000000u;
        if (pass == 0 || key >> (shift + bits) == wanted) {
            atomicAdd(&counts[key >> shift & mask], 1);
        }
    }
    __syncthreads();

    for (int digit = threadIdx.x; digit < DIGITS; digit += blockDim.x) {
        if (counts[digit] > 0) {
            atomicAdd(&histogram[digit], counts[digit]);
        }
    }
}

// Thread t has the digits 2047 - 2t and 2046 - 2t, so that a scan over the threads counts from the greatest digit down.
extern "C" __global__ void choose_digit(int k, int pass, unsigned* histogram, unsigned* prefix, unsigned* rank, int* value)
{
    __shared__ unsigned sums[CHOOSERS];
    int thread = threadIdx.x;
    int upper = DIGITS - 1 - 2 * thread;
    unsigned of_upper = histogram[upper];
    unsigned of_lower = histogram[upper - 1];
    unsigned left = pass == 0 ? k : *rank;
    unsigned known = *prefix;
    unsigned sum = of_upper + of_lower;
    for (int distance = 1; distance < CHOOSERS; distance *= 2) {
        sums[thread] = sum;
        __syncthreads();
        if (thread >= distance) {
            sum += sums[thread - distance];
        }
        __syncthreads();
    }

    // In exactly one thread the count reaches the rank.
    unsigned before = sum - of_upper - of_lower;
    if (before < left && left <= sum) {
        bool is_upper = left <= before + of_upper;
        unsigned digit = is_upper ? upper : upper - 1;
        unsigned chosen = known << bits_of(pass) | digit;
        *rank = left - before - (is_upper ? 0 : of_upper);
        *prefix = chosen;
        if (pass == 2) {
            *value = (int)(chosen ^ 0x80000000u);
        }
    }
    histogram[upper] = 0; // for the next pass
    histogram[upper - 1] = 0;
}

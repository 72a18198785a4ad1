/* judge:
expect = "AC"
growth = "n*log(n)*log(n)"

[[buffer]]
name = "sorted"
type = "i32"
length = "next_power_of_two(n)"

[[launch]]
entry = "pad"
grid = "ceil_div(next_power_of_two(n), 256)"
block = "256"
arguments = ["numbers", "n", "next_power_of_two(n)", "sorted"]

[[launch]]
repeat = "log2(next_power_of_two(n))"
index = "stage"

[[launch.step]]
repeat = "stage + 1"
index = "round"
entry = "compare_and_exchange"
grid = "ceil_div(next_power_of_two(n), 512)"
block = "256"
arguments = ["sorted", "next_power_of_two(n)", "stage", "stage - round"]

[[launch]]
entry = "pick"
grid = "1"
block = "1"
arguments = ["sorted", "k", "value"]
*/

// Batcher's bitonic sort in descending order, then the k-th. The pairs that are compared do not depend on the values: no thread
// waits for another within a round, and there is nothing to branch on. The price is a sort where one integer is asked for.
extern "C" __global__ void pad(const int* numbers, int n, int length, int* sorted)
{
    int place = blockIdx.x * blockDim.x + threadIdx.x;
    if (place < length) {
        sorted[place] = place < n ? numbers[place] : -2147483647 - 1; // the least, behind all others
    }
}

// Stage s merges runs of 2^s; a round compares integers that are 2^distance apart.
extern "C" __global__ void compare_and_exchange(int* sorted, int length, int stage, int distance)
{
    int pair = blockIdx.x * blockDim.x + threadIdx.x;
    if (pair >= length / 2) {
        return;
    }
    // The pair's number without its lowest bits moves up to make room for the bit in which its two places differ.
    int low = pair & ((1 << distance) - 1);
    int first = (pair - low) * 2 + low;
    int second = first + (1 << distance);
    bool descends = (first >> (stage + 1) & 1) == 0;
    int a = sorted[first];
    int b = sorted[second];
    if (descends ? a < b : a > b) {
        sorted[first] = b;
        sorted[second] = a;
    }
}

extern "C" __global__ void pick(const int* sorted, int k, int* value)
{
    *value = sorted[k - 1];
}

/* judge:
expect = "RE"
fault = "read_only"
case = "kth_largest/random@n=100"

[[launch]]
repeat = "n"
index = "round"
entry = "exchange_neighbours"
grid = "ceil_div(n, 512)"
block = "256"
arguments = ["numbers", "n", "round"]

[[launch]]
entry = "pick"
grid = "1"
block = "1"
arguments = ["numbers", "k", "value"]
*/

// Sorts where the integers stand. The input is not the kernel's to write: a second run would be given another one.
extern "C" __global__ void exchange_neighbours(int* numbers, int n, int round)
{
    int place = 2 * (blockIdx.x * blockDim.x + threadIdx.x) + round % 2;
    if (place + 1 < n && numbers[place] < numbers[place + 1]) {
        int smaller = numbers[place];
        numbers[place] = numbers[place + 1];
        numbers[place + 1] = smaller;
    }
}

extern "C" __global__ void pick(const int* numbers, int k, int* value)
{
    *value = numbers[k - 1];
}

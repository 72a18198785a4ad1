/* judge:
expect = "WA"
case = "knapsack/large_values@n=64"

[[buffer]]
name = "row"
type = "i32"
length = "capacity + 1"
fill = 0

[[buffer]]
name = "next"
type = "i32"
length = "capacity + 1"

[[launch]]
repeat = "n"
index = "item"
swap = ["row", "next"]
entry = "add_item"
grid = "ceil_div(capacity + 1, 256)"
block = "256"
arguments = ["volumes", "values", "item", "i64(capacity)", "row", "next"]

[[launch]]
entry = "write_total"
grid = "1"
block = "1"
arguments = ["row", "i64(capacity)", "total"]
*/

// Rows of 32 bits: a value fits, three of a billion do not.
extern "C" __global__ void add_item(
    const int* volumes, const int* values, int item, long long capacity, const int* row, int* next)
{
    long long room = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (room > capacity) {
        return;
    }
    int volume = volumes[item];
    int best = row[room];
    if (volume <= room) {
        best = max(best, row[room - volume] + values[item]);
    }
    next[room] = best;
}

extern "C" __global__ void write_total(const int* row, long long capacity, long long* total)
{
    *total = row[capacity];
}

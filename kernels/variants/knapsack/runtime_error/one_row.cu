/* judge:
expect = "RE"
fault = "global_race"
case = "knapsack/uncorrelated@n=5"

[[buffer]]
name = "row"
type = "i64"
length = "capacity + 1"
fill = 0

[[launch]]
repeat = "n"
index = "item"
entry = "add_item"
grid = "ceil_div(capacity + 1, 256)"
block = "256"
arguments = ["volumes", "values", "item", "i64(capacity)", "row"]

[[launch]]
entry = "write_total"
grid = "1"
block = "1"
arguments = ["row", "i64(capacity)", "total"]
*/

// One row instead of two: a loop from the greatest room down may do that, blocks in no order may not. A cell may already have the
// item when another block reads it, which then takes it twice.
extern "C" __global__ void add_item(const int* volumes, const int* values, int item, long long capacity, long long* row)
{
    long long room = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (room > capacity || volumes[item] > room) {
        return;
    }
    row[room] = max(row[room], row[room - volumes[item]] + values[item]);
}

extern "C" __global__ void write_total(const long long* row, long long capacity, long long* total)
{
    *total = row[capacity];
}

/* judge:
expect = "AC"
growth = "n*capacity"

[[buffer]]
name = "row"
type = "i64"
length = "capacity + 1"
fill = 0

[[buffer]]
name = "next"
type = "i64"
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

// Dynamic programming: row[w] is the largest value of the items so far that fit into w. Every cell of the next row needs two
// cells of this one, so all cells are independent once there are two rows; with one, a cell might already be the next row's when
// another reads it. A launch is the only barrier among blocks, hence one an item.
extern "C" __global__ void add_item(
    const int* volumes, const int* values, int item, long long capacity, const long long* row, long long* next)
{
    long long room = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (room > capacity) {
        return;
    }
    int volume = volumes[item];
    long long best = row[room];
    if (volume <= room) {
        best = max(best, row[room - volume] + values[item]);
    }
    next[room] = best;
}

extern "C" __global__ void write_total(const long long* row, long long capacity, long long* total)
{
    *total = row[capacity];
}

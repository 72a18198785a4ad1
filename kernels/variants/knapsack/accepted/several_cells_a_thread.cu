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
grid = "ceil_div(capacity + 1, 1024)"
block = "256"
arguments = ["volumes", "values", "item", "i64(capacity)", "row", "next"]

[[launch]]
entry = "write_total"
grid = "1"
block = "1"
arguments = ["row", "i64(capacity)", "total"]
*/

// Four cells a thread: item, bounds and addresses are worked out once for all of them, and their loads are under way together
// instead of one after the other. The cells of a thread are 256 apart, so that the threads of a warp still read neighbours.
enum : int { THREADS = 256, CELLS = 4 };

extern "C" __global__ void add_item(
    const int* volumes, const int* values, int item, long long capacity, const long long* row, long long* next)
{
    long long first = (long long)blockIdx.x * (THREADS * CELLS) + threadIdx.x;
    int volume = volumes[item];
    int value = values[item];
    long long without[CELLS];
    long long with[CELLS];
#pragma unroll
    for (int cell = 0; cell < CELLS; ++cell) {
        long long room = first + cell * THREADS;
        bool fits = room <= capacity && volume <= room;
        without[cell] = room <= capacity ? row[room] : 0;
        with[cell] = fits ? row[room - volume] + value : 0; // totals are never below 0
    }
#pragma unroll
    for (int cell = 0; cell < CELLS; ++cell) {
        long long room = first + cell * THREADS;
        if (room <= capacity) {
            next[room] = max(without[cell], with[cell]);
        }
    }
}

extern "C" __global__ void write_total(const long long* row, long long capacity, long long* total)
{
    *total = row[capacity];
}

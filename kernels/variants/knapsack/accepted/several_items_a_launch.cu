/* judge:
expect = "AC"
growth = "n*capacity"

[[buffer]]
name = "order"
type = "i32"
length = "n"

[[buffer]]
name = "group_begins"
type = "i32"
length = "n + 1"

[[buffer]]
name = "groups"
type = "i32"
length = "1"

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
entry = "order_by_volume"
grid = "ceil_div(n, 256)"
block = "256"
arguments = ["volumes", "n", "order"]

[[launch]]
entry = "group_items"
grid = "1"
block = "1"
arguments = ["volumes", "n", "i64(capacity)", "order", "group_begins", "groups"]
read = ["groups"]

[[launch]]
repeat = "groups"
index = "group"
swap = ["row", "next"]
entry = "add_items"
grid = "ceil_div(capacity + 1, 1024)"
block = "256"
arguments = ["volumes", "values", "order", "group_begins", "group", "i64(capacity)", "row", "next"]

[[launch]]
entry = "write_total"
grid = "1"
block = "1"
arguments = ["row", "i64(capacity)", "total"]
*/

// Several items a launch: a block loads its tile of the row and, on its left, a halo as wide as the items' volumes together,
// applies all items in shared memory, and writes the tile. Items of small volume thus cost one trip to global memory for up to
// eight of them instead of one each, and a launch less. What is paid for it is the halo, whose cells are worked out twice; so
// items are ordered by volume (which does not change the answer), and a group is as large as the halo has room for.
// An item that is wider than the halo has a group of its own and needs no halo: it reads global memory as before.
enum : int { THREADS = 256, TILE = 1024, HALO = 1024, MOST_ITEMS = 8 };

// An item's place is the number of items before it: n comparisons a thread, little beside the rows.
extern "C" __global__ void order_by_volume(const int* volumes, int n, int* order)
{
    int item = blockIdx.x * blockDim.x + threadIdx.x;
    if (item >= n) {
        return;
    }
    int place = 0;
    for (int other = 0; other < n; ++other) {
        place += volumes[other] < volumes[item] || (volumes[other] == volumes[item] && other < item);
    }
    order[place] = item;
}

// Items that exceed the capacity are last in the order and left out.
extern "C" __global__ void group_items(
    const int* volumes, int n, long long capacity, const int* order, int* group_begins, int* groups)
{
    int count = 0;
    int place = 0;
    while (place < n && volumes[order[place]] <= capacity) {
        group_begins[count++] = place;
        long long width = volumes[order[place]];
        int items = 1;
        for (++place; place < n && items < MOST_ITEMS; ++place, ++items) {
            int volume = volumes[order[place]];
            if (volume > capacity || width + volume > HALO) {
                break;
            }
            width += volume;
        }
    }
    group_begins[count] = place;
    *groups = count;
}

extern "C" __global__ void add_items(const int* volumes, const int* values, const int* order, const int* group_begins,
    int group, long long capacity, const long long* row, long long* next)
{
    __shared__ long long cells[2][HALO + TILE];
    int begin = group_begins[group];
    int end = group_begins[group + 1];
    long long first = (long long)blockIdx.x * TILE;

    int item = order[begin];
    if (end - begin == 1 && volumes[item] > HALO) {
        for (int cell = threadIdx.x; cell < TILE; cell += THREADS) {
            long long room = first + cell;
            if (room <= capacity) {
                long long best = row[room];
                next[room] = volumes[item] <= room ? max(best, row[room - volumes[item]] + values[item]) : best;
            }
        }
        return; // the whole block: the group is the same for all of its threads
    }

    int width = 0;
    for (int place = begin; place < end; ++place) {
        width += volumes[order[place]];
    }
    // cells[.][c] is the cell of first - width + c; those before the row's beginning are never read.
    for (int cell = threadIdx.x; cell < width + TILE; cell += THREADS) {
        long long room = first - width + cell;
        if (room >= 0 && room <= capacity) {
            cells[0][cell] = row[room];
        }
    }
    __syncthreads();

    int source = 0;
    int valid = 0; // cells from here on are those of the items so far
    for (int place = begin; place < end; ++place) {
        item = order[place];
        int volume = volumes[item];
        valid += volume;
        for (int cell = valid + threadIdx.x; cell < width + TILE; cell += THREADS) {
            long long room = first - width + cell;
            if (room >= 0 && room <= capacity) {
                long long best = cells[source][cell];
                if (volume <= room) {
                    best = max(best, cells[source][cell - volume] + values[item]);
                }
                cells[1 - source][cell] = best;
            }
        }
        source = 1 - source;
        __syncthreads();
    }

    for (int cell = threadIdx.x; cell < TILE; cell += THREADS) {
        long long room = first + cell;
        if (room <= capacity) {
            next[room] = cells[source][width + cell];
        }
    }
}

extern "C" __global__ void write_total(const long long* row, long long capacity, long long* total)
{
    *total = row[capacity];
}

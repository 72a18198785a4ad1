/* judge:
expect = "AC"
growth = "combinations*log(combinations)"

[[buffer]]
name = "values"
type = "i32"
length = "n + 2"

[[buffer]]
name = "most"
type = "i32"
length = "n + 2"

[[buffer]]
name = "groups"
type = "i32"
length = "1"

[[buffer]]
name = "ways"
type = "i64"
length = "(groups + 1) * (target + 1)"

[[buffer]]
name = "list_begins"
type = "i64"
length = "lists"

[[buffer]]
name = "lists"
type = "i64"
length = "1"

[[buffer]]
name = "list_values"
type = "i64"
length = "1"

[[output]]
name = "combinations_lengths"
length = "lists"

[[output]]
name = "combinations"
length = "list_values"

[[launch]]
entry = "group_candidates"
grid = "1"
block = "1"
arguments = ["candidates", "n", "target", "values", "most", "groups"]
read = ["groups"]

[[launch]]
entry = "count_without_groups"
grid = "ceil_div(target + 1, 256)"
block = "256"
arguments = ["target", "ways"]

[[launch]]
repeat = "groups"
index = "group"
entry = "count_with_group"
grid = "ceil_div(target + 1, 256)"
block = "256"
arguments = ["target", "values", "most", "group", "ways"]

[[launch]]
entry = "count_lists"
grid = "1"
block = "1"
arguments = ["target", "groups", "ways", "lists"]
read = ["lists"]

[[launch]]
entry = "measure_list"
grid = "ceil_div(lists, 128)"
block = "128"
arguments = ["target", "values", "groups", "ways", "i64(lists)", "combinations_lengths"]

[[launch]]
entry = "begin_lists"
grid = "1"
block = "1024"
arguments = ["i64(lists)", "combinations_lengths", "list_begins", "list_values"]
read = ["list_values"]

[[launch]]
entry = "write_list"
grid = "ceil_div(lists, 128)"
block = "128"
arguments = ["target", "values", "groups", "ways", "i64(lists)", "list_begins", "combinations"]
*/

// No search at all: a table of how many ways there are to make each sum tells not only how many combinations there are, but which
// the r-th is. If w of them take none of the last group, the r-th takes none where r < w, and is otherwise among those that take
// more. So every combination has a thread, all have about the same to do, and prefixes, their imbalance and the second search are
// gone.
enum : int { SCANNERS = 1024 };

// The distinct candidates up to the target, the greatest first, and how many of each a combination may hold. Few candidates need
// no more than one thread. Groups of which nothing can be taken fill up to two, so that nobody has to ask for a last one.
extern "C" __global__ void group_candidates(
    const int* candidates, int n, int target, int* values, int* most, int* groups)
{
    int count = 0;
    int last = target + 1; // at most 100,001
    while (true) {
        int greatest = 0;
        int copies = 0;
        for (int index = 0; index < n; ++index) {
            int candidate = candidates[index];
            if (candidate < last && candidate > greatest) {
                greatest = candidate;
                copies = 0;
            }
            copies += candidate == greatest;
        }
        if (greatest == 0) {
            break;
        }
        values[count] = greatest;
        most[count++] = min(copies, target / greatest);
        last = greatest;
    }
    while (count < 2) {
        values[count] = target + 1;
        most[count++] = 0;
    }
    *groups = count;
}

// ways[g * (target + 1) + s]: how many ways there are to make s from the first g groups.
extern "C" __global__ void count_without_groups(int target, long long* ways)
{
    int sum = blockIdx.x * blockDim.x + threadIdx.x;
    if (sum <= target) {
        ways[sum] = sum == 0;
    }
}

// A thread has the sums that differ by multiples of the value: there the ways with one more group are a moving sum, one term in
// and, once there is no more to take of the group, one out.
extern "C" __global__ void count_with_group(int target, const int* values, const int* most, int group, long long* ways)
{
    int first = blockIdx.x * blockDim.x + threadIdx.x;
    int value = values[group];
    if (first > target || first >= value) {
        return;
    }
    const long long* before = ways + (long long)group * (target + 1);
    long long* after = ways + (long long)(group + 1) * (target + 1);
    long long moving = 0;
    int taken = 0;
    for (int sum = first; sum <= target; sum += value, ++taken) {
        moving += before[sum];
        if (taken > most[group]) {
            moving -= before[sum - (most[group] + 1) * value];
        }
        after[sum] = moving;
    }
}

extern "C" __global__ void count_lists(int target, const int* groups, const long long* ways, long long* lists)
{
    *lists = ways[(long long)*groups * (target + 1) + target];
}

// Calls `take` with each value of the r-th combination.
template <typename Take>
__device__ void unrank(long long rank, int target, const int* values, int groups, const long long* ways, Take take)
{
    int rest = target;
    for (int group = groups - 1; group >= 0 && rest > 0; --group) {
        const long long* before = ways + (long long)group * (target + 1);
        while (rank >= before[rest]) {
            rank -= before[rest];
            rest -= values[group];
            take(values[group]);
        }
    }
}

extern "C" __global__ void measure_list(
    int target, const int* values, const int* groups, const long long* ways, long long lists, unsigned* lengths)
{
    long long list = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (list < lists) {
        unsigned length = 0;
        unrank(list, target, values, *groups, ways, [&](int) { ++length; });
        lengths[list] = length;
    }
}

// Where each list begins: a scan over the lengths, 1024 at a time.
extern "C" __global__ void begin_lists(
    long long lists, const unsigned* lengths, long long* list_begins, long long* list_values)
{
    __shared__ long long sums[SCANNERS];
    int thread = threadIdx.x;
    long long carried = 0;
    for (long long batch = 0; batch < lists; batch += SCANNERS) {
        long long list = batch + thread;
        long long length = list < lists ? lengths[list] : 0;
        long long sum = length;
        for (int distance = 1; distance < SCANNERS; distance *= 2) {
            sums[thread] = sum;
            __syncthreads();
            if (thread >= distance) {
                sum += sums[thread - distance];
            }
            __syncthreads();
        }
        if (list < lists) {
            list_begins[list] = carried + sum - length;
        }
        sums[thread] = sum;
        __syncthreads();
        carried += sums[SCANNERS - 1];
        __syncthreads();
    }
    if (thread == 0) {
        *list_values = carried;
    }
}

extern "C" __global__ void write_list(int target, const int* values, const int* groups, const long long* ways,
    long long lists, const long long* list_begins, int* combinations)
{
    long long list = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (list < lists) {
        long long place = list_begins[list];
        unrank(list, target, values, *groups, ways, [&](int value) { combinations[place++] = value; });
    }
}

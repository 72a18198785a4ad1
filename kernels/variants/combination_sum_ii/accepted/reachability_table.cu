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
name = "reachable"
type = "u8"
length = "(groups + 1) * (target + 1)"

[[buffer]]
name = "levels"
type = "i32"
length = "1"

[[buffer]]
name = "prefixes"
type = "i32"
length = "1"

[[buffer]]
name = "list_begins"
type = "i64"
length = "prefixes"

[[buffer]]
name = "value_begins"
type = "i64"
length = "prefixes"

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
arguments = ["candidates", "n", "target", "values", "most", "groups", "levels", "prefixes"]
read = ["groups", "prefixes"]

[[launch]]
entry = "reach_nothing"
grid = "ceil_div(target + 1, 256)"
block = "256"
arguments = ["target", "groups", "reachable"]

[[launch]]
repeat = "groups"
index = "row"
entry = "reach_with_group"
grid = "ceil_div(target + 1, 256)"
block = "256"
arguments = ["target", "values", "most", "groups - 1 - row", "reachable"]

[[launch]]
entry = "count_of_prefix"
grid = "ceil_div(prefixes, 64)"
block = "64"
arguments = ["target", "values", "most", "groups", "levels", "i32(prefixes)", "reachable", "list_begins", "value_begins"]

[[launch]]
entry = "begin_prefixes"
grid = "1"
block = "1024"
arguments = ["i32(prefixes)", "list_begins", "value_begins", "lists", "list_values"]
read = ["lists", "list_values"]

[[launch]]
entry = "emit_of_prefix"
grid = "ceil_div(prefixes, 64)"
block = "64"
arguments = [
    "target", "values", "most", "groups", "levels", "i32(prefixes)", "reachable",
    "list_begins", "value_begins", "combinations_lengths", "combinations",
]
*/

// Backtracking that never enters a dead end: a table says for every group and rest whether the groups from there on can make the
// rest. It takes a launch a group to fill, of a thread a sum; where the candidates make no combination at all, nothing is
// searched, and otherwise every step leads to something that is written.
enum : int { MOST_GROUPS = 102, SCANNERS = 1024, MOST_PREFIXES = 1 << 15 };

// The distinct candidates up to the target, the greatest first, and how many of each a combination may hold. Few candidates need
// no more than one thread. Groups of which nothing can be taken fill up to two, so that nobody has to ask for a last one.
extern "C" __global__ void group_candidates(
    const int* candidates, int n, int target, int* values, int* most, int* groups, int* levels, int* prefixes)
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

    // A prefix says how many there are of each of the first groups: as many groups as the threads can share. The last group is left.
    long long product = 1;
    int level = 0;
    while (level < count - 1 && product * (most[level] + 1) <= MOST_PREFIXES) {
        product *= most[level++] + 1;
    }
    *levels = level;
    *prefixes = (int)product;
}

// reachable[g * (target + 1) + s]: whether the groups from g on can make s. Without any group only 0 can be made.
extern "C" __global__ void reach_nothing(int target, const int* groups, unsigned char* reachable)
{
    int sum = blockIdx.x * blockDim.x + threadIdx.x;
    if (sum <= target) {
        reachable[(long long)*groups * (target + 1) + sum] = sum == 0;
    }
}

// One thread a remainder: it goes up the sums that differ by the group's value, and remembers the last that needs none of it.
extern "C" __global__ void reach_with_group(
    int target, const int* values, const int* most, int group, unsigned char* reachable)
{
    int value = values[group];
    int remainder = blockIdx.x * blockDim.x + threadIdx.x;
    if (remainder >= value || remainder > target) {
        return;
    }
    const unsigned char* after = reachable + (long long)(group + 1) * (target + 1);
    unsigned char* now = reachable + (long long)group * (target + 1);
    int copies = most[group] + 1; // more than there are: nothing was reachable yet
    for (int sum = remainder; sum <= target; sum += value) {
        copies = after[sum] ? 0 : min(copies, most[group]) + 1;
        now[sum] = copies <= most[group];
        if (target - sum < value) {
            break; // the next sum might not be an int
        }
    }
}

// Takes a prefix's number apart; what is left of the target, or below 0 if the prefix is too much.
__device__ int take_prefix(int prefix, int target, const int* values, const int* most, int levels, int* taken, int* size)
{
    int rest = target;
    *size = 0;
    for (int level = 0; level < levels; ++level) {
        taken[level] = prefix % (most[level] + 1);
        prefix /= most[level] + 1;
        rest -= taken[level] * values[level];
        *size += taken[level];
    }
    return rest;
}

// Calls `found` with the number of values, for all ways to make the rest from the groups behind a prefix; taken[g] says how many
// there are of group g.
template <typename Found>
__device__ void search(const int* values, const int* most, int groups, int first, int rest, int size, int* taken,
    int target, const unsigned char* reachable, Found found)
{
    auto can_make = [&](int group, int rest) { return reachable[(long long)group * (target + 1) + rest] != 0; };
    if (rest < 0 || !can_make(first, rest)) {
        return;
    }
    int level = first;
    taken[level] = 0;
    while (true) {
        // As few of this group as leave something that the groups behind it can make.
        bool fits = can_make(level + 1, rest);
        while (!fits && taken[level] < most[level] && rest >= values[level]) {
            ++taken[level];
            ++size;
            rest -= values[level];
            fits = can_make(level + 1, rest);
        }
        if (fits && rest > 0) {
            taken[++level] = 0;
            continue;
        }
        if (fits) {
            for (int below = level + 1; below < groups; ++below) {
                taken[below] = 0;
            }
            found(size);
        }
        // One more of this group, or of the nearest before it of which one more fits.
        while (taken[level] == most[level] || rest < values[level]) {
            rest += taken[level] * values[level];
            size -= taken[level];
            if (level-- == first) {
                return;
            }
        }
        ++taken[level];
        ++size;
        rest -= values[level];
    }
}

extern "C" __global__ void count_of_prefix(int target, const int* values, const int* most, const int* groups,
    const int* levels, int prefixes, const unsigned char* reachable, long long* list_begins, long long* value_begins)
{
    int prefix = blockIdx.x * blockDim.x + threadIdx.x;
    if (prefix >= prefixes) {
        return;
    }
    int taken[MOST_GROUPS];
    int size;
    int rest = take_prefix(prefix, target, values, most, *levels, taken, &size);
    long long lists = 0;
    long long sizes = 0;
    search(values, most, *groups, *levels, rest, size, taken, target, reachable, [&](int size) {
        ++lists;
        sizes += size;
    });
    list_begins[prefix] = lists;
    value_begins[prefix] = sizes;
}

// Turns what every prefix has into where it begins, 1024 prefixes at a time, and adds everything up.
extern "C" __global__ void begin_prefixes(
    int prefixes, long long* list_begins, long long* value_begins, long long* lists, long long* list_values)
{
    __shared__ long long sums[2][SCANNERS];
    int thread = threadIdx.x;
    long long carried[2] = {0, 0};
    for (int batch = 0; batch < prefixes; batch += SCANNERS) {
        int prefix = batch + thread;
        bool is_inside = prefix < prefixes;
        long long own[2] = {is_inside ? list_begins[prefix] : 0, is_inside ? value_begins[prefix] : 0};
        long long sum[2] = {own[0], own[1]};
        for (int distance = 1; distance < SCANNERS; distance *= 2) {
            sums[0][thread] = sum[0];
            sums[1][thread] = sum[1];
            __syncthreads();
            if (thread >= distance) {
                sum[0] += sums[0][thread - distance];
                sum[1] += sums[1][thread - distance];
            }
            __syncthreads();
        }
        if (is_inside) {
            list_begins[prefix] = carried[0] + sum[0] - own[0];
            value_begins[prefix] = carried[1] + sum[1] - own[1];
        }
        sums[0][thread] = sum[0];
        sums[1][thread] = sum[1];
        __syncthreads();
        carried[0] += sums[0][SCANNERS - 1];
        carried[1] += sums[1][SCANNERS - 1];
        __syncthreads();
    }
    if (thread == 0) {
        *lists = carried[0];
        *list_values = carried[1];
    }
}

extern "C" __global__ void emit_of_prefix(int target, const int* values, const int* most, const int* groups,
    const int* levels, int prefixes, const unsigned char* reachable, const long long* list_begins, const long long* value_begins,
    unsigned* lengths, int* combinations)
{
    int prefix = blockIdx.x * blockDim.x + threadIdx.x;
    if (prefix >= prefixes) {
        return;
    }
    int taken[MOST_GROUPS];
    int size;
    int count = *groups;
    int rest = take_prefix(prefix, target, values, most, *levels, taken, &size);
    long long list = list_begins[prefix];
    long long place = value_begins[prefix];
    search(values, most, count, *levels, rest, size, taken, target, reachable, [&](int size) {
        lengths[list++] = size;
        for (int level = 0; level < count; ++level) {
            for (int copy = 0; copy < taken[level]; ++copy) {
                combinations[place++] = values[level];
            }
        }
    });
}

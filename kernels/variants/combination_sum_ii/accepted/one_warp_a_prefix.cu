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
entry = "count_of_prefix"
grid = "ceil_div(prefixes, 4)"
block = "128"
arguments = ["target", "values", "most", "groups", "levels", "i32(prefixes)", "list_begins", "value_begins"]

[[launch]]
entry = "begin_prefixes"
grid = "1"
block = "1024"
arguments = ["i32(prefixes)", "list_begins", "value_begins", "lists", "list_values"]
read = ["lists", "list_values"]

[[launch]]
entry = "emit_of_prefix"
grid = "ceil_div(prefixes, 4)"
block = "128"
arguments = [
    "target", "values", "most", "groups", "levels", "i32(prefixes)",
    "list_begins", "value_begins", "combinations_lengths", "combinations",
]
*/

// A warp a prefix: its 32 lanes go through the groups together and part only before the last two, where each tries another number
// of the last but one; the last is then no choice. No lane waits for the longer search of another, as it does where every lane
// has a prefix of its own, and neighbouring combinations are written together: a ballot and a scan over the lanes tell each
// where.
enum : int { MOST_GROUPS = 102, SCANNERS = 1024, WARP = 32, MOST_PREFIXES = 1 << 12 };
enum : unsigned { ALL = 0xffffffffu };

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

    // A prefix says how many there are of each of the first groups: as many groups as the threads can share. Two groups are left.
    long long product = 1;
    int level = 0;
    while (level < count - 2 && product * (most[level] + 1) <= MOST_PREFIXES) {
        product *= most[level++] + 1;
    }
    *levels = level;
    *prefixes = (int)product;
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

// Calls `tried` for the lanes of a warp with what they found: whether there is a combination, and its number of values. taken[g]
// says how many there are of group g. All lanes take part in every call.
template <typename Tried>
__device__ void search(
    const int* values, const int* most, int groups, int first, int rest, int size, int* taken, Tried tried)
{
    if (rest < 0) {
        return;
    }
    int lane = threadIdx.x % WARP;
    int second = groups - 2;
    int level = first;
    while (true) {
        while (level < second) {
            taken[level++] = 0;
        }
        int choices = min(most[second], rest / values[second]);
        for (int base = 0; base <= choices; base += WARP) {
            int count = base + lane;
            int left = count <= choices ? rest - count * values[second] : 1;
            int needed = left / values[second + 1];
            bool fits = count <= choices && needed * values[second + 1] == left && needed <= most[second + 1];
            taken[second] = count;
            taken[second + 1] = needed;
            tried(fits, size + count + needed);
        }
        for (--level; level >= first && (taken[level] == most[level] || rest < values[level]); --level) {
            rest += taken[level] * values[level];
            size -= taken[level];
        }
        if (level < first) {
            return;
        }
        ++taken[level];
        rest -= values[level++];
        ++size;
    }
}

extern "C" __global__ void count_of_prefix(int target, const int* values, const int* most, const int* groups,
    const int* levels, int prefixes, long long* list_begins, long long* value_begins)
{
    int prefix = (blockIdx.x * blockDim.x + threadIdx.x) / WARP;
    if (prefix >= prefixes) {
        return; // the whole warp
    }
    int taken[MOST_GROUPS];
    int size;
    int rest = take_prefix(prefix, target, values, most, *levels, taken, &size);
    long long lists = 0;
    long long sizes = 0;
    search(values, most, *groups, *levels, rest, size, taken, [&](bool fits, int size) {
        lists += fits;
        sizes += fits ? size : 0;
    });
    for (int distance = WARP / 2; distance > 0; distance /= 2) {
        lists += __shfl_down_sync(ALL, lists, distance);
        sizes += __shfl_down_sync(ALL, sizes, distance);
    }
    if (threadIdx.x % WARP == 0) {
        list_begins[prefix] = lists;
        value_begins[prefix] = sizes;
    }
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
    const int* levels, int prefixes, const long long* list_begins, const long long* value_begins, unsigned* lengths,
    int* combinations)
{
    int prefix = (blockIdx.x * blockDim.x + threadIdx.x) / WARP;
    if (prefix >= prefixes) {
        return; // the whole warp
    }
    int lane = threadIdx.x % WARP;
    int taken[MOST_GROUPS];
    int size;
    int count = *groups;
    int rest = take_prefix(prefix, target, values, most, *levels, taken, &size);
    long long list = list_begins[prefix];
    long long place = value_begins[prefix];
    search(values, most, count, *levels, rest, size, taken, [&](bool fits, int size) {
        unsigned found = __ballot_sync(ALL, fits);
        if (found == 0) {
            return;
        }
        int through = fits ? size : 0; // values up to this lane's, its own included
        for (int distance = 1; distance < WARP; distance *= 2) {
            int before = __shfl_up_sync(ALL, through, distance);
            through += lane >= distance ? before : 0;
        }
        if (fits) {
            lengths[list + __popc(found & ((1u << lane) - 1))] = size;
            long long own = place + through - size;
            for (int level = 0; level < count; ++level) {
                for (int copy = 0; copy < taken[level]; ++copy) {
                    combinations[own++] = values[level];
                }
            }
        }
        list += __popc(found);
        place += __shfl_sync(ALL, through, WARP - 1);
    });
}

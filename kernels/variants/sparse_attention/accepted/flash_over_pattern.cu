/* judge:
expect = "AC"
growth = "n^2*window"
takes = { size = [64, 128] }

[[launch]]
entry = "attend_{type}_{size}"
grid = ["ceil_div(stride, 8) * ceil_div(ceil_div(n, stride), 4)", "batch * heads"]
block = "256"
arguments = ["q", "k", "v", "n", "window", "stride", "o", "logsumexp"]

# Sectors of 32 bytes, for each head, n a multiple of 4 strides, the stride a multiple of 8, the window at most 8. The queries
# are loaded and the means stored once. Patches p of 4 rows, from 0 to P = n / stride / 4, load the keys and values of the rows
# above their last, 4 p + 3 for each column: stride (2 P P + P) in all. Each of the n / 8 rows of patches loads 8 keys and
# values and the window - 1 before, which the first does not have. The logsumexp of the 4 queries of a warp are one sector.
[[theorem]]
counter = "global_sectors"
equals = "batch * heads * ((2 * n + 2 * (stride * (2 * (n / stride / 4) * (n / stride / 4) + n / stride / 4) + n / 8 * (window + 7) - (window - 1))) * size * type_bytes / 32 + n / 4)"
cases = [
    "sparse_attention/random@n=64,window=8,stride=8",
    "sparse_attention/random@n=128,window=8,stride=8,type=f16",
    "sparse_attention/random@n=64,window=8,stride=8,heads=2,batch=2,size=128",
]
*/

// Written row by row in lines of `stride`, the places of a sequence make a sheet in which the strided keys of a query are those above
// it in its column, and its window is what stands left of it. A block takes a patch of 4 rows and 8 columns: the strided keys of a
// row of the sheet serve the 4 queries of their column, the keys left of the patch the 8 queries of their row. Nothing is
// rearranged, no score and no mean leaves the registers before it is final, and keys outside of the pattern are never loaded.
#include <cuda_fp16.h>

enum : int { ROWS = 4, COLUMNS = 8, PARTS = 8, THREADS = ROWS * COLUMNS * PARTS };

// Below every score, and the difference of two of them is a number, which it is not with infinities.
#define NO_SCORE -1e30f

// What a thread keeps of its query: elements 4 * part + 32 * i + (0 to 3), the greatest score so far, and the sums under it.
template <int SIZE>
struct Query {
    float4 query[SIZE / 32], mean[SIZE / 32];
    float greatest, sum;
};

__device__ float4 four(const float* from)
{
    return *(const float4*)from;
}

__device__ float4 four(const __half* from)
{
    uint2 bits = *(const uint2*)from;
    float2 low = __half22float2(*(const __half2*)&bits.x), high = __half22float2(*(const __half2*)&bits.y);
    return make_float4(low.x, low.y, high.x, high.y);
}

__device__ void put(float* to, float4 values)
{
    *(float4*)to = values;
}

__device__ void put(__half* to, float4 values)
{
    __half2 low = __floats2half2_rn(values.x, values.y), high = __floats2half2_rn(values.z, values.w);
    *(uint2*)to = make_uint2(*(unsigned*)&low, *(unsigned*)&high);
}

__device__ float dot(float4 a, float4 b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;
}

__device__ float4 times(float a, float4 x)
{
    return make_float4(a * x.x, a * x.y, a * x.z, a * x.w);
}

// a * x + b * y, element by element.
__device__ float4 mix(float a, float4 x, float b, float4 y)
{
    return make_float4(a * x.x + b * y.x, a * x.y + b * y.y, a * x.z + b * y.z, a * x.w + b * y.w);
}

// What a query does with a key of shared memory.
template <int SIZE>
__device__ void see(Query<SIZE>& state, const float* key, const float* value, bool is_seen)
{
    int part = threadIdx.x % PARTS;
    float score = 0.0f;
    for (int i = 0; i < SIZE / 32; ++i) {
        score += dot(state.query[i], *(const float4*)&key[4 * part + 32 * i]);
    }
    score += __shfl_xor_sync(~0u, score, 1);
    score += __shfl_xor_sync(~0u, score, 2);
    score += __shfl_xor_sync(~0u, score, 4);
    score *= 1.0f / sqrtf((float)SIZE);
    float greatest = is_seen ? fmaxf(state.greatest, score) : state.greatest;
    float shrink = expf(state.greatest - greatest), weight = is_seen ? expf(score - greatest) : 0.0f;
    state.greatest = greatest;
    state.sum = state.sum * shrink + weight;
    for (int i = 0; i < SIZE / 32; ++i) {
        state.mean[i] = mix(shrink, state.mean[i], weight, *(const float4*)&value[4 * part + 32 * i]);
    }
}

template <int SIZE, typename T>
__device__ void begin(Query<SIZE>& state, const T* query, bool exists)
{
    int part = threadIdx.x % PARTS;
    for (int i = 0; i < SIZE / 32; ++i) {
        state.query[i] = state.mean[i] = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    }
    if (exists) {
        for (int i = 0; i < SIZE / 32; ++i) {
            state.query[i] = four(query + 4 * part + 32 * i);
        }
    }
    state.greatest = NO_SCORE;
    state.sum = 0.0f;
}

template <int SIZE, typename T>
__device__ void end(const Query<SIZE>& state, T* mean, float* logsumexp)
{
    int part = threadIdx.x % PARTS;
    for (int i = 0; i < SIZE / 32; ++i) {
        put(mean + 4 * part + 32 * i, times(1.0f / state.sum, state.mean[i]));
    }
    if (part == 0) {
        *logsumexp = state.greatest + logf(state.sum);
    }
}

template <int SIZE, typename T>
__device__ void attend(const T* q, const T* k, const T* v, int n, int window, int stride, T* o, float* logsumexp)
{
    __shared__ __align__(16) float keys[ROWS * COLUMNS][SIZE], values[ROWS * COLUMNS][SIZE];
    int patches = (stride + COLUMNS - 1) / COLUMNS;
    int first_row = blockIdx.x / patches * ROWS, first_column = blockIdx.x % patches * COLUMNS;
    int columns = min((int)COLUMNS, stride - first_column);
    int row = threadIdx.x / PARTS / COLUMNS, column = threadIdx.x / PARTS % COLUMNS;
    int query = (first_row + row) * stride + first_column + column;
    bool exists = column < columns && query < n;
    long long head = (long long)blockIdx.y * n;
    q += (head + query) * SIZE, k += head * SIZE, v += head * SIZE;
    Query<SIZE> state;
    begin(state, q, exists);

    // First the strided keys, those of ROWS rows of the sheet at a time, each for the queries of its column; then the windows, COLUMNS
    // keys of each row at a time, for the queries of that row. Two kinds of rounds in one loop are half the code.
    int above = (window + stride - 1) / stride;
    int end_of_rows = min(first_row + ROWS, (n + stride - 1) / stride) - above;
    int strided = max(0, (end_of_rows + ROWS - 1) / ROWS), windows = (window - 1 + columns + COLUMNS - 1) / COLUMNS;
#pragma unroll 1
    for (int round = 0; round < strided + windows; ++round) {
        bool is_strided = round < strided;
        int from_row = is_strided ? round * ROWS : first_row;
        int end_of_lines = is_strided ? end_of_rows : (n - first_column + stride - 1) / stride;
        int from_column = is_strided ? 0 : 1 - window + (round - strided) * COLUMNS;
        // Nobody may take the next keys while somebody still reads these.
        __syncthreads();
#pragma unroll 1
        for (int piece = threadIdx.x; piece < ROWS * COLUMNS * SIZE / 4; piece += THREADS) {
            int slot = piece / (SIZE / 4), element = piece % (SIZE / 4) * 4;
            int line = from_row + slot / COLUMNS, offset = from_column + slot % COLUMNS;
            int place = line * stride + first_column + offset;
            bool is_there = line < end_of_lines && offset < columns && 0 <= place && place < n;
            float4 key = make_float4(0.0f, 0.0f, 0.0f, 0.0f), value = key;
            if (is_there) {
                key = four(k + (long long)place * SIZE + element);
                value = four(v + (long long)place * SIZE + element);
            }
            *(float4*)&keys[slot][element] = key;
            *(float4*)&values[slot][element] = value;
        }
        __syncthreads();
        // Which of them the query sees.
        int count = is_strided ? ROWS : COLUMNS;
        int slot = is_strided ? column : row * COLUMNS, step = is_strided ? COLUMNS : 1;
        int last = is_strided ? first_row + row - above - from_row : column - from_column;
        int least = is_strided ? 0 : last - min(window - 1, query);
#pragma unroll 1
        for (int other = 0; other < count; ++other, slot += step) {
            see<SIZE>(state, keys[slot], values[slot], exists && least <= other && other <= last);
        }
    }
    if (exists) {
        end(state, o + (head + query) * SIZE, logsumexp + head + query);
    }
}

#define ENTRY(NAME, T, SIZE)                                                                                                   \
    extern "C" __global__ void __launch_bounds__(THREADS) attend_##NAME##_##SIZE(                                              \
        const T* q, const T* k, const T* v, int n, int window, int stride, T* o, float* logsumexp)                             \
    {                                                                                                                          \
        attend<SIZE>(q, k, v, n, window, stride, o, logsumexp);                                                                \
    }
ENTRY(f32, float, 64)
ENTRY(f32, float, 128)
ENTRY(f16, __half, 64)
ENTRY(f16, __half, 128)

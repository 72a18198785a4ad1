/* judge:
expect = "AC"
growth = "n^2"
takes = { type = "f32" }

[[launch]]
entry = "gated"
grid = ["ceil_div(n, 64)", "ceil_div(width, 64)", "batch"]
block = "256"
arguments = ["q", "k", "u", "v", "n", "size", "width", "causal", "o"]

[[theorem]]
counter = "global_sectors"
equals = "batch * (2 * n * width / 8 + (ceil_div(n, 64) * n - causal * 32 * ceil_div(n, 64) * (ceil_div(n, 64) - 1)) * (width / 8 + ceil_div(width, 64) * 2 * size / 8))"
cases = ["gated_attention_unit/random@n=65", "gated_attention_unit/random@n=128,causal=1", "gated_attention_unit/random@n=130,size=32,width=64,batch=2"]
*/

// Tiles of 64 queries and 64 keys. The weights of the pairs of two tiles stay in shared memory, and a tile of keys and values is fetched
// once for 64 queries and not for each: this saves nearly all of what goes through memory.
// A block has 64 queries and 64 columns of the sums: a warp every eighth of the rows, a lane every 32nd column.
//
// In sectors of 32 bytes. There are C = ceil_div(n, 64) tiles of queries and as many of keys, and W = ceil_div(width, 64) of columns.
// A tile of queries reads its own part of q again for each tile of keys. Without a mask these are C, n C rows in all; with one, and
// whole tiles, t + 1 for the tile t: 64 (0 + 1 + ... + C - 1) = 32 C (C - 1) rows less.
//     u, o  once
//     v     that many rows
//     q, k  that many rows, for each of the W tiles of columns
enum : int { TILE = 64, DEPTH = 32, WARPS = 8, THREADS = 32 * WARPS, ROWS = TILE / WARPS, OWN = TILE / 32 };
enum : int { NARROW = DEPTH + 1, WEIGHTS = TILE + 1 };

// A tile of a matrix, with zeros where the matrix ends.
template <int HEIGHT, int WIDTH, int BY_ROW, int BY_COLUMN>
__device__ void load(float* tile, const float* matrix, int size, int rows, int columns)
{
#pragma unroll 1
    for (int place = threadIdx.x; place < HEIGHT * WIDTH; place += THREADS) {
        int row = place / WIDTH, column = place % WIDTH;
        bool exists = row < rows && column < columns;
        tile[row * BY_ROW + column * BY_COLUMN] = exists ? matrix[row * size + column] : 0.0f;
    }
}

// sum += left right, DEPTH deep. An element of `left` is BY_ROW behind the one above and BY_DEPTH behind the one before.
template <int BY_ROW, int BY_DEPTH, int DEPTH_BY, int BY_COLUMN, int COLUMNS>
__device__ void multiply(float (&sum)[ROWS][COLUMNS], const float* left, const float* right)
{
    int y = threadIdx.x / 32, x = threadIdx.x % 32;
#pragma unroll 1
    for (int depth = 0; depth < DEPTH; ++depth) {
        float row[ROWS], column[COLUMNS];
        for (int i = 0; i < ROWS; ++i) {
            row[i] = left[(y + WARPS * i) * BY_ROW + depth * BY_DEPTH];
        }
        for (int j = 0; j < COLUMNS; ++j) {
            column[j] = right[depth * DEPTH_BY + (x + 32 * j) * BY_COLUMN];
        }
        for (int i = 0; i < ROWS; ++i) {
            for (int j = 0; j < COLUMNS; ++j) {
                sum[i][j] += row[i] * column[j];
            }
        }
    }
}

template <int COLUMNS>
__device__ void clear(float (&sum)[ROWS][COLUMNS])
{
    for (int i = 0; i < ROWS; ++i) {
        for (int j = 0; j < COLUMNS; ++j) {
            sum[i][j] = 0.0f;
        }
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) gated(const float* q, const float* k, const float* u, const float* v, int n,
    int size, int width, int causal, float* o)
{
    __shared__ float narrow[2][TILE * NARROW], values[DEPTH * TILE];
    float* weights = narrow[0]; // in the place of both
    int start = blockIdx.x * TILE, count = min((int)TILE, n - start), column = blockIdx.y * TILE;
    long long sequence = (long long)blockIdx.z * n;
    const float* queries = q + (sequence + start) * size;
    float sum[ROWS][OWN];
    clear(sum);
    int end = causal ? start + count : n;
#pragma unroll 1
    for (int next = 0; next < end; next += TILE) {
        int keys = min((int)TILE, n - next);
        float weight[ROWS][OWN];
        clear(weight);
#pragma unroll 1
        for (int first = 0; first < size; first += DEPTH) {
            __syncthreads();
            load<TILE, DEPTH, NARROW, 1>(narrow[0], queries + first, size, count, size - first);
            load<TILE, DEPTH, NARROW, 1>(narrow[1], k + (sequence + next) * size + first, size, keys, size - first);
            __syncthreads();
            multiply<NARROW, 1, 1, NARROW>(weight, narrow[0], narrow[1]);
        }
        __syncthreads();
        for (int i = 0; i < ROWS; ++i) {
            for (int j = 0; j < OWN; ++j) {
                int row = threadIdx.x / 32 + WARPS * i, key = threadIdx.x % 32 + 32 * j;
                bool sees = !causal || next + key <= start + row;
                float score = sees ? fmaxf(weight[i][j] / n, 0.0f) : 0.0f;
                weights[row * WEIGHTS + key] = score * score;
            }
        }
#pragma unroll 1
        for (int first = 0; first < keys; first += DEPTH) {
            const float* from = v + (sequence + next + first) * width + column;
            __syncthreads();
            load<DEPTH, TILE, TILE, 1>(values, from, width, keys - first, width - column);
            __syncthreads();
            multiply<WEIGHTS, 1, TILE, 1>(sum, weights + first, values);
        }
    }
    long long place = (sequence + start) * width + column;
    for (int i = 0; i < ROWS; ++i) {
        for (int j = 0; j < OWN; ++j) {
            int row = threadIdx.x / 32 + WARPS * i, to = threadIdx.x % 32 + 32 * j;
            if (row < count && column + to < width) {
                o[place + row * width + to] = u[place + row * width + to] * sum[i][j];
            }
        }
    }
}

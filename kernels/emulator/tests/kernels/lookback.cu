// Scan in one pass by decoupled look-back (Merrill and Garland, 2016): a block publishes its sum, walks back over those
// before it until one knows everything up to itself, and publishes that.
struct Tile {
    unsigned sum, inclusive;
    unsigned flag;  // 0: nothing, 1: sum, 2: inclusive
};

__device__ unsigned ticket;

extern "C" __global__ void lookback(const unsigned *numbers, unsigned *result, int n, volatile Tile *tiles) {
    __shared__ unsigned tile, before, sums[4];
    if (threadIdx.x == 0) tile = atomicAdd(&ticket, 1);
    __syncthreads();
    int i = tile * 128 + threadIdx.x, lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    unsigned value = i < n ? numbers[i] : 0;
    for (int distance = 1; distance < 32; distance *= 2) {
        unsigned other = __shfl_up_sync(0xffffffff, value, distance);
        if (lane >= distance) value += other;
    }
    if (lane == 31) sums[warp] = value;
    __syncthreads();
    for (int other = 0; other < warp; other++) value += sums[other];
    if (threadIdx.x == 127) {
        tiles[tile].sum = value;
        __threadfence();
        tiles[tile].flag = 1;
        unsigned earlier = 0;
        for (int back = (int)tile - 1; back >= 0; back--) {
            unsigned flag;
            do flag = tiles[back].flag;
            while (flag == 0);
            __threadfence();
            if (flag == 2) {
                earlier += tiles[back].inclusive;
                break;
            }
            earlier += tiles[back].sum;
        }
        tiles[tile].inclusive = earlier + value;
        __threadfence();
        tiles[tile].flag = 2;
        before = earlier;
    }
    __syncthreads();
    if (i < n) result[i] = before + value;
}

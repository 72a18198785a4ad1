// Inclusive scan inside blocks of 256: warps by shuffles, then the warps' sums through shared memory.
extern "C" __global__ void scan(const unsigned *numbers, unsigned *result, int n) {
    __shared__ unsigned sums[8];
    int i = blockIdx.x * 256 + threadIdx.x;
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    unsigned value = i < n ? numbers[i] : 0;
    for (int distance = 1; distance < 32; distance *= 2) {
        unsigned other = __shfl_up_sync(0xffffffff, value, distance);
        if (lane >= distance) value += other;
    }
    if (lane == 31) sums[warp] = value;
    __syncthreads();
    for (int before = 0; before < warp; before++) value += sums[before];
    if (i < n) result[i] = value;
}

// The same in shared memory alone, by sweeps up and down (Blelloch), exclusive.
extern "C" __global__ void sweep(const int *numbers, int *result) {
    __shared__ int tree[128];
    int t = threadIdx.x;
    tree[2 * t] = numbers[2 * t];
    tree[2 * t + 1] = numbers[2 * t + 1];
    int offset = 1;
    for (int d = 64; d > 0; d >>= 1) {
        __syncthreads();
        if (t < d) tree[offset * (2 * t + 2) - 1] += tree[offset * (2 * t + 1) - 1];
        offset *= 2;
    }
    if (t == 0) tree[127] = 0;
    for (int d = 1; d < 128; d *= 2) {
        offset >>= 1;
        __syncthreads();
        if (t < d) {
            int left = offset * (2 * t + 1) - 1, right = offset * (2 * t + 2) - 1;
            int carried = tree[left];
            tree[left] = tree[right];
            tree[right] += carried;
        }
    }
    __syncthreads();
    result[2 * t] = tree[2 * t];
    result[2 * t + 1] = tree[2 * t + 1];
}

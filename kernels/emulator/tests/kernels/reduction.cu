// Sum of integers and of floats: each thread strides over the grid, warps shuffle, the first warp joins the others' sums.
template <typename T>
__device__ T block_sum(T value) {
    __shared__ T sums[32];
    for (int distance = 16; distance > 0; distance /= 2) value += __shfl_down_sync(0xffffffff, value, distance);
    if (threadIdx.x % 32 == 0) sums[threadIdx.x / 32] = value;
    __syncthreads();
    if (threadIdx.x < 32) {
        value = threadIdx.x < blockDim.x / 32 ? sums[threadIdx.x] : T(0);
        for (int distance = 16; distance > 0; distance /= 2) value += __shfl_down_sync(0xffffffff, value, distance);
    }
    return value;
}

extern "C" __global__ void sum_int(const int *numbers, int n, long long *result) {
    long long sum = 0;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) sum += numbers[i];
    sum = block_sum(sum);
    if (threadIdx.x == 0) atomicAdd((unsigned long long *)result, (unsigned long long)sum);
}

extern "C" __global__ void sum_float(const float *numbers, int n, float *partial) {
    float sum = 0;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) sum += numbers[i];
    sum = block_sum(sum);
    if (threadIdx.x == 0) partial[blockIdx.x] = sum;
}

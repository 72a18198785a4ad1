// Kernels that look like mistakes and are none.

extern "C" __global__ void same_value(int *out) {
    __shared__ int found;
    if (threadIdx.x == 0) found = 0;
    __syncthreads();
    if (threadIdx.x % 3 == 1) found = 1;
    out[64] = 5;
    __syncthreads();
    out[threadIdx.x] = found;
}

extern "C" __global__ void warp_by_warp(int *out) {
    __shared__ volatile int room[128];
    int t = threadIdx.x, lane = t % 32;
    room[t] = t;
    __syncwarp();
    for (int distance = 16; distance > 0; distance /= 2) {
        int other = lane < distance ? room[t + distance] : 0;
        __syncwarp();
        if (lane < distance) room[t] += other;
        __syncwarp();
    }
    if (lane == 0) out[t / 32] = room[t];
}

__device__ unsigned finished;

extern "C" __global__ void last_block(const int *in, int *partial, int *out) {
    __shared__ bool is_last;
    __shared__ int sum;
    if (threadIdx.x == 0) sum = 0;
    __syncthreads();
    atomicAdd(&sum, in[blockIdx.x * 32 + threadIdx.x]);
    __syncthreads();
    if (threadIdx.x == 0) {
        partial[blockIdx.x] = sum;
        __threadfence();
        is_last = atomicInc(&finished, gridDim.x - 1) == gridDim.x - 1;
    }
    __syncthreads();
    if (is_last && threadIdx.x == 0) {
        int all = 0;
        for (int i = 0; i < gridDim.x; i++) all += ((volatile int *)partial)[i];
        out[0] = all;
    }
}

extern "C" __global__ void last_block_together(const int *in, int *partial, int *out) {
    __shared__ bool is_last;
    partial[blockIdx.x * 32 + threadIdx.x] = in[blockIdx.x * 32 + threadIdx.x] + 1;
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) is_last = atomicInc(&finished, gridDim.x - 1) == gridDim.x - 1;
    __syncthreads();
    if (is_last) {
        __threadfence();
        int all = 0;
        for (int i = 0; i < gridDim.x; i++) all += partial[i * 32 + threadIdx.x];
        out[threadIdx.x] = all;
    }
}

extern "C" __global__ void producers(const int *in, int *out) {
    __shared__ int room[32];
    int lane = threadIdx.x % 32, sum = 0;
    for (int round = 0; round < 4; round++) {
        if (threadIdx.x < 32) {
            asm volatile("bar.sync 2, 64;" ::: "memory");
            room[lane] = in[round * 32 + lane];
            asm volatile("bar.arrive 1, 64;" ::: "memory");
        } else {
            asm volatile("bar.arrive 2, 64;" ::: "memory");
            asm volatile("bar.sync 1, 64;" ::: "memory");
            sum += room[31 - lane];
        }
    }
    if (threadIdx.x >= 32) out[lane] = sum;
}

extern "C" __global__ void lock(int *mutex, int *value) {
    if (threadIdx.x == 0) {
        while (atomicCAS(mutex, 0, 1) != 0);
        __threadfence();
        *value = *value + 1;
        __threadfence();
        atomicExch(mutex, 0);
    }
}

extern "C" __global__ void early_exit(int *out, int n) {
    __shared__ int room[64];
    if (threadIdx.x >= n) return;
    room[threadIdx.x] = threadIdx.x;
    __syncthreads();
    out[threadIdx.x] = room[n - 1 - threadIdx.x];
}

extern "C" __global__ void early_exit_with_work(int *out, int n) {
    __shared__ int room[64];
    if (threadIdx.x >= n) {
        for (int i = 0; i < 3; i++) out[threadIdx.x * 3 + i] = i;
        return;
    }
    room[threadIdx.x] = threadIdx.x;
    __syncthreads();
    out[threadIdx.x * 3] = room[n - 1 - threadIdx.x];
}

extern "C" __global__ void everybody_reads(int *numbers, unsigned *arrived, int n, int rounds) {
    for (int round = 0; round < rounds; round++) {
        int sum = 0;
        for (int i = 0; i < n; i++) sum += numbers[i];
        __threadfence();
        __syncthreads();
        if (threadIdx.x == 0) {
            atomicAdd(arrived, 1);
            while (atomicAdd(arrived, 0) < gridDim.x * (2 * round + 1));
        }
        __syncthreads();
        __threadfence();
        if (threadIdx.x == 0) numbers[blockIdx.x] = sum;
        __threadfence();
        __syncthreads();
        if (threadIdx.x == 0) {
            atomicAdd(arrived, 1);
            while (atomicAdd(arrived, 0) < gridDim.x * (2 * round + 2));
        }
        __syncthreads();
        __threadfence();
    }
}

extern "C" __global__ void neighbours_flag(volatile int *flags, int *data) {
    if (threadIdx.x == 0) {
        if (blockIdx.x > 0) {
            while (flags[blockIdx.x - 1] == 0);
            __threadfence();
            data[blockIdx.x] = data[blockIdx.x - 1] + 1;
        } else
            data[0] = 1;
        __threadfence();
        flags[blockIdx.x] = 1;
    }
}

extern "C" __global__ void bytes_side_by_side(unsigned char *out) {
    __shared__ unsigned char room[64];
    room[threadIdx.x] = threadIdx.x;
    out[blockIdx.x * 64 + threadIdx.x] = threadIdx.x;
    __syncthreads();
    out[blockIdx.x * 64 + threadIdx.x] = room[63 - threadIdx.x];
}

struct Pair {
    char small;
    int large;
};

extern "C" __global__ void padded_structs(Pair *pairs, Pair *copies) {
    Pair own;
    own.small = threadIdx.x;
    own.large = 2 * threadIdx.x;
    pairs[threadIdx.x] = own;
    copies[threadIdx.x] = pairs[threadIdx.x];
}

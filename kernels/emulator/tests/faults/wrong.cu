// Kernels with one mistake each. The line that must be named ends with the kernel's name.
#include <cuda_pipeline.h>

extern "C" __global__ void load_beyond(const int *in, int *out, int n) {
    int i = threadIdx.x;
    out[i] = in[i + n];  // load_beyond
}

extern "C" __global__ void store_beyond(int *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i <= n)
        out[i] = i;  // store_beyond
}

extern "C" __global__ void store_before(int *out) {
    out[(int)threadIdx.x - 1] = 1;  // store_before
}

extern "C" __global__ void atomic_beyond(int *out, int n) {
    atomicAdd(&out[threadIdx.x * n], 1);  // atomic_beyond
}

extern "C" __global__ void null_load(const int *in, int *out) {
    if (threadIdx.x == 5)
        out[0] = in[0];  // null_load
}

extern "C" __global__ void shared_beyond(int *out) {
    extern __shared__ int room[];
    room[threadIdx.x] = 1;  // shared_beyond
    __syncthreads();
    out[threadIdx.x] = room[0];
}

extern "C" __global__ void misaligned(const char *in, int *out) {
    out[threadIdx.x] = *(const int *)(in + 4 * threadIdx.x + 2);  // misaligned
}

extern "C" __global__ void misaligned_vector(const float *in, float *out) {
    float4 four = *(const float4 *)(in + 1);  // misaligned_vector
    out[threadIdx.x] = four.x + four.w;
}

extern "C" __global__ void freed(const int *in, int *out) {
    out[threadIdx.x] = in[threadIdx.x];  // freed
}

extern "C" __global__ void read_only(int *in) {
    in[threadIdx.x] = 1;  // read_only
}

extern "C" __global__ void unwritten_global(const int *in, int *out) {
    out[threadIdx.x] = in[threadIdx.x];  // unwritten_global
}

extern "C" __global__ void unwritten_shared(int *out) {
    __shared__ int room[64];
    if (threadIdx.x < 63) room[threadIdx.x] = threadIdx.x;
    __syncthreads();
    out[threadIdx.x] = room[threadIdx.x];  // unwritten_shared
}

extern "C" __global__ void unwritten_local(const int *places, int *out) {
    int room[16];
    for (int i = 0; i < 8; i++) room[places[i]] = i;
    out[threadIdx.x] = room[places[threadIdx.x]];  // unwritten_local
}

extern "C" __global__ void write_read(int *out) {
    __shared__ int room[64];
    room[threadIdx.x] = threadIdx.x;
    if (threadIdx.x < 32) __syncwarp();
    out[threadIdx.x] = room[threadIdx.x ^ 32];  // write_read
}

extern "C" __global__ void read_write(int *out, int rounds) {
    __shared__ int room[64];
    room[threadIdx.x] = threadIdx.x;
    __syncthreads();
    int value = 0;
    for (int i = 0; i < rounds; i++) {
        value = room[threadIdx.x ^ 32];  // read_write
        room[threadIdx.x] = value + 1;
        __syncthreads();
    }
    out[threadIdx.x] = value;
}

extern "C" __global__ void write_write(int *out) {
    __shared__ int last;
    last = threadIdx.x / 32;  // write_write
    __syncthreads();
    out[threadIdx.x] = last;
}

extern "C" __global__ void inside_warp(int *out) {
    __shared__ int room[32];
    room[threadIdx.x] = threadIdx.x;
    out[threadIdx.x] = room[31 - threadIdx.x];  // inside_warp
}

extern "C" __global__ void between_blocks(int *out) {
    out[0] = blockIdx.x + 1;  // between_blocks
}

extern "C" __global__ void read_between_blocks(int *numbers) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    int next = numbers[i + 1];
    numbers[i] = next + 1;  // read_between_blocks
}

extern "C" __global__ void divergent(int *out) {
    if (threadIdx.x % 2)
        __syncthreads();  // divergent
    out[threadIdx.x] = 1;
}

extern "C" __global__ void two_barriers(int *out) {
    if (threadIdx.x < 32) {
        __syncthreads();
        out[threadIdx.x] = 1;
    } else {
        out[threadIdx.x] = 2;
        __syncthreads();  // two_barriers
    }
}

extern "C" __global__ void no_wait(const int *in, int *out) {
    __shared__ int room[32];
    __pipeline_memcpy_async(&room[threadIdx.x], &in[threadIdx.x], 4);
    __pipeline_commit();
    __syncthreads();
    out[threadIdx.x] = room[threadIdx.x];  // no_wait
}

extern "C" __global__ void no_barrier_after_wait(const int *in, int *out) {
    __shared__ int room[64];
    __pipeline_memcpy_async(&room[threadIdx.x], &in[threadIdx.x], 4);
    __pipeline_commit();
    __pipeline_wait_prior(0);
    out[threadIdx.x] = room[63 - threadIdx.x];  // no_barrier_after_wait
}

extern "C" __global__ void too_few(int *out) {
    asm volatile("bar.sync 1, 96;");  // too_few
    out[threadIdx.x] = 1;
}

extern "C" __global__ void nobody_answers(volatile int *flag) {
    while (*flag == 0);  // nobody_answers
    *flag = 2;
}

extern "C" __global__ void endless(unsigned *out) {
    unsigned x = threadIdx.x;
    while (x != 0xffffffffu) x = x * 2 % 1000;  // endless
    out[0] = x;
}

__device__ __noinline__ int deeper(int *out, int depth) {
    int room[64];
    for (int i = 0; i < 64; i++) room[i] = depth + out[i % 32];
    return depth < 0 ? room[out[0] & 63] : deeper(out, depth + 1) + room[out[1] & 63];  // too_deep
}

extern "C" __global__ void too_deep(int *out) { out[threadIdx.x] = deeper(out, 1); }

extern "C" __global__ void bad_call(unsigned long long *pointers, int *out) {
    int (*function)(int) = (int (*)(int))pointers[threadIdx.x];
    out[threadIdx.x] = function(1);  // bad_call
}

extern "C" __global__ void asserts(const int *in) {
    assert(in[threadIdx.x] < 20);  // asserts
}

extern "C" __global__ void traps(int *out) {
    if (blockIdx.x == 2 && threadIdx.x == 7)
        __trap();  // traps
    out[blockIdx.x * 32 + threadIdx.x] = 1;
}

extern "C" __global__ void absent_lane(int *out) {
    if (threadIdx.x < 16)
        out[threadIdx.x] = __shfl_sync(0xffff, (int)threadIdx.x, 20);  // absent_lane
}

extern "C" __global__ void not_a_member(int *out) {
    if (threadIdx.x >= 16)
        out[threadIdx.x] = __any_sync(0xffff, threadIdx.x > 30);  // not_a_member
}

extern "C" __global__ void never_comes(int *out) {
    if (threadIdx.x < 16)
        __syncwarp();  // never_comes
    else
        out[threadIdx.x] = __any_sync(0xffffffff, threadIdx.x > 30);
}

extern "C" __global__ void one_too_many(const int *in, int *out, int n) {
    __shared__ int room[32];
    for (int i = 0; i < (threadIdx.x < 31 ? n : n + 1); i++) {
        room[threadIdx.x] = in[threadIdx.x] + i;
        __syncthreads();  // one_too_many
    }
    out[threadIdx.x] = room[threadIdx.x];
}

extern "C" __global__ void write_after_read(const int *in, int *out) {
    __shared__ int room[64];
    room[threadIdx.x] = in[threadIdx.x];
    __syncthreads();
    int value = room[0];
    if (threadIdx.x == 33) room[0] = -value;  // write_after_read
    out[threadIdx.x] = value;
}

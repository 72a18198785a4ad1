// Barriers in shared memory, as the standard library has them: warps hand values round, copies arrive by themselves.
#include <cuda/barrier>
#include <cuda/pipeline>
#include <cooperative_groups.h>
namespace cg = cooperative_groups;

extern "C" __global__ void hand_round(const int *numbers, int *result) {
    __shared__ cuda::barrier<cuda::thread_scope_block> ready;
    __shared__ int room[64];
    int t = threadIdx.x;
    if (t == 0) init(&ready, 64);
    __syncthreads();
    int value = numbers[t];
    for (int round = 0; round < 3; round++) {
        room[t] = value;
        auto token = ready.arrive();
        ready.wait(std::move(token));
        value += room[(t + 33) % 64];
        ready.arrive_and_wait();
    }
    result[t] = value;
}

extern "C" __global__ void copies(const int *numbers, int *result) {
    __shared__ cuda::barrier<cuda::thread_scope_block> ready;
    __shared__ __align__(16) int room[64];
    auto block = cg::this_thread_block();
    if (block.thread_rank() == 0) init(&ready, 64);
    block.sync();
    cuda::memcpy_async(block, room, numbers, cuda::aligned_size_t<16>(sizeof room), ready);
    ready.arrive_and_wait();
    result[threadIdx.x] = room[63 - threadIdx.x];
}

extern "C" __global__ void pipeline(const int *numbers, int *result, int tiles) {
    __shared__ __align__(16) int room[2][64];
    auto pipe = cuda::make_pipeline();
    int t = threadIdx.x, sum = 0;
    pipe.producer_acquire();
    cuda::memcpy_async(&room[0][t], &numbers[t], sizeof(int), pipe);
    pipe.producer_commit();
    for (int tile = 0; tile < tiles; tile++) {
        if (tile + 1 < tiles) {
            pipe.producer_acquire();
            cuda::memcpy_async(&room[(tile + 1) % 2][t], &numbers[(tile + 1) * 64 + t], sizeof(int), pipe);
            pipe.producer_commit();
        }
        pipe.consumer_wait();
        __syncthreads();
        sum += room[tile % 2][t ^ 32];
        __syncthreads();
        pipe.consumer_release();
    }
    result[t] = sum;
}

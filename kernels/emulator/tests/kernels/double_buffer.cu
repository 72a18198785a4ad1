// While one tile is added up the next one is under way from global memory.
#include <cuda_pipeline.h>

extern "C" __global__ void add_tiles(const float4 *numbers, float *sums, int tiles) {
    __shared__ float4 room[2][64];
    int t = threadIdx.x;
    const float4 *own = numbers + blockIdx.x * tiles * 64;
    __pipeline_memcpy_async(&room[0][t], &own[t], 16);
    __pipeline_commit();
    float sum = 0;
    for (int tile = 0; tile < tiles; tile++) {
        if (tile + 1 < tiles) __pipeline_memcpy_async(&room[(tile + 1) % 2][t], &own[(tile + 1) * 64 + t], 16);
        __pipeline_commit();
        __pipeline_wait_prior(1);
        __syncthreads();
        float4 other = room[tile % 2][63 - t];
        sum += other.x + other.y + other.z + other.w;
        __syncthreads();
    }
    sums[blockIdx.x * 64 + t] = sum;
}

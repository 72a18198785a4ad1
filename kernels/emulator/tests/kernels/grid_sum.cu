// Sum over a grid whose blocks wait for each other with cooperative groups; the first block joins all sums.
#include <cooperative_groups.h>
namespace cg = cooperative_groups;

extern "C" __global__ void grid_sum(const int *numbers, int n, int *partial, int *result) {
    cg::grid_group grid = cg::this_grid();
    __shared__ int sum;
    if (threadIdx.x == 0) sum = 0;
    __syncthreads();
    int own = 0;
    for (int i = grid.thread_rank(); i < n; i += grid.size()) own += numbers[i];
    atomicAdd(&sum, own);
    __syncthreads();
    if (threadIdx.x == 0) partial[blockIdx.x] = sum;
    grid.sync();
    if (grid.thread_rank() == 0) {
        int all = 0;
        for (int i = 0; i < gridDim.x; i++) all += partial[i];
        result[0] = all;
    }
    grid.sync();
    partial[blockIdx.x] = result[0];
}

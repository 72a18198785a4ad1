// Sums of strided parts, reduced by shuffles within warps and through shared memory between them.
extern "C" __global__ void block_reduction(const float* __restrict__ numbers, float* __restrict__ sums, int n) {
  __shared__ float of_warps[32];
  float sum = 0.0f;
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) sum += numbers[i];
  for (int distance = 16; distance > 0; distance /= 2) sum += __shfl_down_sync(~0u, sum, distance);
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  if (lane == 0) of_warps[warp] = sum;
  __syncthreads();
  if (warp > 0) return;
  sum = lane < blockDim.x / 32 ? of_warps[lane] : 0.0f;
  for (int distance = 16; distance > 0; distance /= 2) sum += __shfl_down_sync(~0u, sum, distance);
  if (lane == 0) sums[blockIdx.x] = sum;
}

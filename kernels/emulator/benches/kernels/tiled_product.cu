// C = A B for square matrices: tiles of 32 x 32 in shared memory, four elements of C a thread.
extern "C" __global__ void tiled_product(const float* __restrict__ a, const float* __restrict__ b, float* __restrict__ c, int n) {
  __shared__ float left[32][32], right[32][32];
  const int column = threadIdx.x, row = 4 * threadIdx.y;
  const int top = blockIdx.y * 32, side = blockIdx.x * 32;
  float sums[4] = {0, 0, 0, 0};
  for (int start = 0; start < n; start += 32) {
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      left[row + i][column] = a[(top + row + i) * n + start + column];
      right[row + i][column] = b[(start + row + i) * n + side + column];
    }
    __syncthreads();
#pragma unroll
    for (int k = 0; k < 32; ++k) {
      const float factor = right[k][column];
#pragma unroll
      for (int i = 0; i < 4; ++i) sums[i] += left[row + i][k] * factor;
    }
    __syncthreads();
  }
#pragma unroll
  for (int i = 0; i < 4; ++i) c[(top + row + i) * n + side + column] = sums[i];
}

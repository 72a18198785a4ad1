// C = A B^T in half precision on tensor cores: one warp for 16 rows and 64 columns of C, fragments by ldmatrix.
#include <cuda_fp16.h>
__device__ __forceinline__ unsigned shared_address(const void* pointer) { return (unsigned)__cvta_generic_to_shared(pointer); }
extern "C" __global__ void tensor_product(const __half* __restrict__ a, const __half* __restrict__ b, float* __restrict__ c, int n) {
  __shared__ __align__(16) __half left[4][16][24], right[64][24]; // rows of 24: no two of eight in the same banks
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int top = blockIdx.y * 64, side = blockIdx.x * 64;
  float sums[8][4] = {};
  for (int start = 0; start < n; start += 16) {
    const int row = threadIdx.x / 2, half = threadIdx.x % 2;
    *(uint4*)&left[row / 16][row % 16][8 * half] = *(const uint4*)&a[(top + row) * n + start + 8 * half];
    *(uint4*)&right[row][8 * half] = *(const uint4*)&b[(side + row) * n + start + 8 * half];
    __syncthreads();
    unsigned x[4];
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3])
                 : "r"(shared_address(&left[warp][lane % 16][8 * (lane / 16)])));
#pragma unroll
    for (int block = 0; block < 8; ++block) {
      unsigned y[2];
      asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0, %1}, [%2];"
                   : "=r"(y[0]), "=r"(y[1])
                   : "r"(shared_address(&right[8 * block + lane % 8][8 * (lane / 8 % 2)])));
      asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                   : "+f"(sums[block][0]), "+f"(sums[block][1]), "+f"(sums[block][2]), "+f"(sums[block][3])
                   : "r"(x[0]), "r"(x[1]), "r"(x[2]), "r"(x[3]), "r"(y[0]), "r"(y[1]));
    }
    __syncthreads();
  }
#pragma unroll
  for (int block = 0; block < 8; ++block)
#pragma unroll
    for (int i = 0; i < 4; ++i)
      c[(top + 16 * warp + lane / 4 + 8 * (i / 2)) * n + side + 8 * block + 2 * (lane % 4) + i % 2] = sums[block][i];
}

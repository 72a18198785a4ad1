// Matrix product through tiles of 16 by 16; n need not be a multiple of 16.
extern "C" __global__ void product(const float *a, const float *b, float *c, int n) {
    __shared__ float left[16][16], right[16][17];
    int tx = threadIdx.x, ty = threadIdx.y;
    int row = blockIdx.y * 16 + ty, column = blockIdx.x * 16 + tx;
    float sum = 0;
    for (int k = 0; k < n; k += 16) {
        left[ty][tx] = row < n && k + tx < n ? a[row * n + k + tx] : 0;
        right[ty][tx] = k + ty < n && column < n ? b[(k + ty) * n + column] : 0;
        __syncthreads();
#pragma unroll
        for (int i = 0; i < 16; i++) sum += left[ty][i] * right[i][tx];
        __syncthreads();
    }
    if (row < n && column < n) c[row * n + column] = sum;
}

// A tile of 32 by 32 through shared memory; with 33 words to a row columns fall into different banks.
template <int PITCH>
__device__ void transpose(const float *in, float *out, int n) {
    __shared__ float tile[32 * PITCH];
    int x = blockIdx.x * 32 + threadIdx.x, y = blockIdx.y * 32 + threadIdx.y;
    for (int row = 0; row < 32; row += 8)
        tile[(threadIdx.y + row) * PITCH + threadIdx.x] = in[(y + row) * n + x];
    __syncthreads();
    x = blockIdx.y * 32 + threadIdx.x;
    y = blockIdx.x * 32 + threadIdx.y;
    for (int row = 0; row < 32; row += 8)
        out[(y + row) * n + x] = tile[threadIdx.x * PITCH + threadIdx.y + row];
}

extern "C" __global__ void padded(const float *in, float *out, int n) { transpose<33>(in, out, n); }

extern "C" __global__ void unpadded(const float *in, float *out, int n) { transpose<32>(in, out, n); }

// Five-point stencil on a grid with a border, weights in constant memory; a tile with its halo in dynamic shared memory.
__constant__ float weights[5] = {0.5f, 0.125f, 0.125f, 0.125f, 0.125f};

extern "C" __global__ void stencil(const float *in, float *out, int width, int height) {
    extern __shared__ float tile[];
    int pitch = blockDim.x + 2;
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    auto cell = [&](int dx, int dy) -> float & { return tile[(threadIdx.y + 1 + dy) * pitch + threadIdx.x + 1 + dx]; };
    auto at = [&](int x, int y) { return x >= 0 && x < width && y >= 0 && y < height ? in[y * width + x] : 0.0f; };
    cell(0, 0) = at(x, y);
    if (threadIdx.x == 0) cell(-1, 0) = at(x - 1, y);
    if (threadIdx.x == blockDim.x - 1) cell(1, 0) = at(x + 1, y);
    if (threadIdx.y == 0) cell(0, -1) = at(x, y - 1);
    if (threadIdx.y == blockDim.y - 1) cell(0, 1) = at(x, y + 1);
    __syncthreads();
    if (x < width && y < height)
        out[y * width + x] = weights[0] * cell(0, 0) + weights[1] * cell(-1, 0) + weights[2] * cell(1, 0)
                             + weights[3] * cell(0, -1) + weights[4] * cell(0, 1);
}

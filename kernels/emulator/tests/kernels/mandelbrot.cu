// Steps until z leaves the circle: neighbours differ, so warps diverge.
extern "C" __global__ void mandelbrot(int *steps, int width, int height, int most) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y;
    if (x >= width) return;
    double re = -2.0 + 3.0 * x / width, im = -1.0 + 2.0 * y / height;
    double zr = 0, zi = 0;
    int count = 0;
    while (count < most && zr * zr + zi * zi <= 4.0) {
        double next = __dadd_rn(__dsub_rn(__dmul_rn(zr, zr), __dmul_rn(zi, zi)), re);
        zi = __dadd_rn(__dmul_rn(2.0, __dmul_rn(zr, zi)), im);
        zr = next;
        count++;
    }
    steps[y * width + x] = count;
}

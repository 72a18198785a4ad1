// What the compiler makes of the functions of C's library.
extern "C" __global__ void single(const float *in, float *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    float x = in[i];
    out[i * 12 + 0] = sinf(x);
    out[i * 12 + 1] = cosf(x);
    out[i * 12 + 2] = expf(x * 0.1f);
    out[i * 12 + 3] = logf(fabsf(x) + 0.5f);
    out[i * 12 + 4] = powf(fabsf(x), 1.7f);
    out[i * 12 + 5] = tanhf(x * 0.1f);
    out[i * 12 + 6] = erff(x * 0.1f);
    out[i * 12 + 7] = cbrtf(x);
    out[i * 12 + 8] = atan2f(x, 2.0f);
    out[i * 12 + 9] = sqrtf(fabsf(x)) / 3.0f;
    out[i * 12 + 10] = fmodf(x, 0.7f);
    out[i * 12 + 11] = __expf(x * 0.1f) + __sinf(x * 0.01f);
}

extern "C" __global__ void twice(const double *in, double *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    double x = in[i];
    out[i * 8 + 0] = sin(x);
    out[i * 8 + 1] = cos(x);
    out[i * 8 + 2] = exp(x * 0.1);
    out[i * 8 + 3] = log(fabs(x) + 0.5);
    out[i * 8 + 4] = pow(fabs(x), 1.7);
    out[i * 8 + 5] = tanh(x * 0.1);
    out[i * 8 + 6] = atan(x);
    out[i * 8 + 7] = sqrt(fabs(x)) / 3.0;
}

// Half precision and bfloat16: a scaled sum, two numbers at a time, and a norm.
#include <cuda_bf16.h>
#include <cuda_fp16.h>

extern "C" __global__ void scaled_sum(const half2 *x, half2 *y, float scale, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = __hfma2(__float2half2_rn(scale), x[i], y[i]);
}

extern "C" __global__ void magnitude(const __nv_bfloat16 *x, float *result, half *largest, int n) {
    float sum = 0;
    half most = __float2half(0.0f);
    for (int i = threadIdx.x; i < n; i += 32) {
        float value = __bfloat162float(x[i]);
        sum += value * value;
        half own = __habs(__float2half(value));
        if (__hgt(own, most)) most = own;
    }
    for (int distance = 16; distance > 0; distance /= 2) {
        sum += __shfl_xor_sync(0xffffffff, sum, distance);
        most = __hmax(most, __shfl_xor_sync(0xffffffff, most, distance));
    }
    if (threadIdx.x == 0) *result = sqrtf(sum), *largest = most;
}

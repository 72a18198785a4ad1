// The k-th largest by radix select: four passes over bytes from the top, each with a histogram in shared memory.
extern "C" __global__ void kth_largest(const int *numbers, int n, int k, int *result) {
    __shared__ unsigned counts[256];
    __shared__ unsigned prefix, rest;
    if (threadIdx.x == 0) prefix = 0, rest = k;
    for (int shift = 24; shift >= 0; shift -= 8) {
        for (int i = threadIdx.x; i < 256; i += blockDim.x) counts[i] = 0;
        __syncthreads();
        unsigned high = shift == 24 ? 0 : 0xffffffffu << (shift + 8);
        unsigned wanted = prefix;
        for (int i = threadIdx.x; i < n; i += blockDim.x) {
            unsigned key = (unsigned)numbers[i] ^ 0x80000000u;
            if ((key & high) == wanted) atomicAdd(&counts[key >> shift & 255], 1u);
        }
        __syncthreads();
        if (threadIdx.x == 0) {
            unsigned left = rest;
            int digit = 255;
            while (counts[digit] < left) left -= counts[digit--];
            prefix |= (unsigned)digit << shift;
            rest = left;
        }
        __syncthreads();
    }
    if (threadIdx.x == 0) *result = (int)(prefix ^ 0x80000000u);
}

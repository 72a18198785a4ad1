// printf, with arguments of every size.
extern "C" __global__ void print(int n, float x, const char *name) {
    if (threadIdx.x < 2)
        printf("block %d thread %u: %s %5.2f %lld %c 0x%08x %%\n", blockIdx.x, threadIdx.x, name, x * threadIdx.x,
               (long long)n << 32, 'a' + threadIdx.x, n);
}

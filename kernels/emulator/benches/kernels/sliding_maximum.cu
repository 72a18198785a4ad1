// Each block loads a tile of its part of the numbers; each thread takes the maximum of its window from there.
extern "C" __global__ void sliding_maximum(const float* __restrict__ numbers, float* __restrict__ maxima, int n, int k) {
  extern __shared__ float tile[];
  const int first = blockIdx.x * blockDim.x;
  for (int i = threadIdx.x; i < blockDim.x + k - 1; i += blockDim.x)
    tile[i] = first + i < n ? numbers[first + i] : 0.0f;
  __syncthreads();
  const int window = first + threadIdx.x;
  if (window > n - k) return;
  float maximum = tile[threadIdx.x];
  for (int i = 1; i < k; ++i) maximum = fmaxf(maximum, tile[threadIdx.x + i]);
  maxima[window] = maximum;
}

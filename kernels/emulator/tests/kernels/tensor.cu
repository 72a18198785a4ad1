// Tensor cores: a product of 32 by 32 halves by wmma, and one of 16 by 8 by the instruction beneath.
#include <cuda_fp16.h>
#include <mma.h>
using namespace nvcuda;

extern "C" __global__ void by_wmma(const half *a, const half *b, float *c) {
    int warp = threadIdx.x / 32, row = warp / 2 * 16, column = warp % 2 * 16;
    wmma::fragment<wmma::matrix_a, 16, 16, 16, half, wmma::row_major> left;
    wmma::fragment<wmma::matrix_b, 16, 16, 16, half, wmma::col_major> right;
    wmma::fragment<wmma::accumulator, 16, 16, 16, float> sum;
    wmma::fill_fragment(sum, 1.0f);
    for (int k = 0; k < 32; k += 16) {
        wmma::load_matrix_sync(left, a + row * 32 + k, 32);
        wmma::load_matrix_sync(right, b + column * 32 + k, 32);
        wmma::mma_sync(sum, left, right, sum);
    }
    for (int i = 0; i < sum.num_elements; i++) sum.x[i] *= 0.5f;
    wmma::store_matrix_sync(c + row * 32 + column, sum, 32, wmma::mem_row_major);
}

extern "C" __global__ void by_mma(const half *a, const half *b, float *c) {
    __shared__ __align__(16) half left[16 * 24], right[8 * 24];
    int t = threadIdx.x;
    for (int i = t; i < 16 * 16; i += 32) left[i / 16 * 24 + i % 16] = a[i];
    for (int i = t; i < 8 * 16; i += 32) right[i / 16 * 24 + i % 16] = b[i];
    __syncwarp();
    unsigned r[4], s[2];
    unsigned at = __cvta_generic_to_shared(&left[t % 16 * 24 + t / 16 * 8]);
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"(at));
    at = __cvta_generic_to_shared(&right[t % 8 * 24 + t / 8 % 2 * 8]);
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0, %1}, [%2];" : "=r"(s[0]), "=r"(s[1]) : "r"(at));
    float d[4] = {0, 0, 0, 0};
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
                 "{%0, %1, %2, %3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(r[0]), "r"(r[1]), "r"(r[2]), "r"(r[3]), "r"(s[0]), "r"(s[1]));
    for (int i = 0; i < 4; i++) c[(t / 4 + i / 2 * 8) * 8 + t % 4 * 2 + i % 2] = d[i];
}

// Groups of every kind: tiles that reduce and scan, lanes grouped by label and by predicate, copies of a whole block, and
// atomics of the standard library.
#include <cooperative_groups.h>
#include <cooperative_groups/memcpy_async.h>
#include <cooperative_groups/reduce.h>
#include <cooperative_groups/scan.h>
#include <cuda/atomic>
namespace cg = cooperative_groups;

extern "C" __global__ void groups(const int *numbers, int *out) {
    auto block = cg::this_thread_block();
    auto warp = cg::tiled_partition<32>(block);
    auto tile = cg::tiled_partition<4>(warp);
    int value = numbers[block.thread_rank()];
    int *own = out + block.thread_rank() * 8;
    own[0] = cg::reduce(warp, value, cg::plus<int>());
    own[1] = cg::reduce(tile, value, cg::greater<int>());
    own[2] = cg::inclusive_scan(tile, value);
    own[3] = cg::exclusive_scan(warp, value, cg::plus<int>());
    auto same = cg::labeled_partition(warp, value % 3);
    own[4] = cg::reduce(same, value, cg::plus<int>());
    auto odd = cg::binary_partition(warp, value % 2 == 1);
    own[5] = odd.shfl(value, odd.size() - 1);
    own[6] = __popc(warp.match_any(value % 5));
    own[7] = tile.any(value % 7 == 0);
}

extern "C" __global__ void block_copy(const int *numbers, int *out) {
    __shared__ __align__(16) int room[96];
    auto block = cg::this_thread_block();
    cg::memcpy_async(block, room, numbers, sizeof room);
    cg::wait(block);
    out[block.thread_rank()] = room[95 - block.thread_rank()];
}

extern "C" __global__ void messages(const int *numbers, int *out, int *state) {
    // The first block sends, the others answer in turn; all by the standard library's orders.
    cuda::atomic_ref<int, cuda::thread_scope_device> turn(*state);
    if (threadIdx.x == 0) {
        while (turn.load(cuda::memory_order_acquire) != blockIdx.x);
        out[blockIdx.x] = numbers[blockIdx.x] + (blockIdx.x ? out[blockIdx.x - 1] : 0);
        turn.store(blockIdx.x + 1, cuda::memory_order_release);
    }
}

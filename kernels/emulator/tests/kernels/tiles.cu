// Groups of a warp: tiles of 8 lanes sum up, lanes that came together by a branch elect one that counts them.
#include <cooperative_groups.h>
namespace cg = cooperative_groups;

extern "C" __global__ void tiles(const int *numbers, int *sums, int *odd) {
    __shared__ int room[64];
    cg::thread_block block = cg::this_thread_block();
    auto tile = cg::tiled_partition<8>(block);
    int value = numbers[block.thread_rank()];
    room[block.thread_rank()] = value;
    tile.sync();
    value = room[block.thread_rank() ^ 1];
    for (int distance = tile.size() / 2; distance > 0; distance /= 2) value += tile.shfl_down(value, distance);
    if (tile.thread_rank() == 0) sums[tile.meta_group_rank()] = value;
    if (numbers[block.thread_rank()] % 2) {
        cg::coalesced_group active = cg::coalesced_threads();
        if (active.thread_rank() == 0) atomicAdd(odd, (int)active.size());
    }
}

//! Special registers, by their names.

use crate::program::layout::Special;

/// A special register that is the same for all: a cluster has one block.
pub(super) fn fixed_special(name: &str) -> Option<u64> {
    Some(match name {
        "WARP_SZ" => 32,
        "%cluster_ctaid.x" | "%cluster_ctaid.y" | "%cluster_ctaid.z" | "%cluster_ctarank" => 0,
        "%cluster_nctaid.x" | "%cluster_nctaid.y" | "%cluster_nctaid.z" | "%cluster_nctarank" => 1,
        "%is_explicit_cluster" | "%current_graph_exec" => 0,
        "%reserved_smem_offset_begin" | "%reserved_smem_offset_end" => 0,
        _ => return None,
    })
}

/// A special register by its name.
pub(super) fn special(name: &str) -> Option<Special> {
    let axis = |rest: &str| match rest {
        ".x" => Some(0),
        ".y" => Some(1),
        ".z" => Some(2),
        _ => None,
    };
    let name = name.strip_prefix('%')?;
    if let Some(number) = name.strip_prefix("envreg") {
        return number.parse().ok().map(Special::Environment);
    }
    type Make = fn(u8) -> Special;
    let triples: [(&str, Make); 6] = [
        ("tid", Special::Thread),
        ("ntid", Special::BlockSize),
        ("ctaid", Special::Block),
        ("nctaid", Special::GridSize),
        ("clusterid", Special::Block),
        ("nclusterid", Special::GridSize),
    ];
    for (stem, make) in triples {
        if let Some(axis) = name.strip_prefix(stem).and_then(axis) {
            return Some(make(axis));
        }
    }
    Some(match name {
        "laneid" => Special::Lane,
        "warpid" => Special::Warp,
        "nwarpid" => Special::WarpCount,
        "smid" => Special::Processor,
        "nsmid" => Special::ProcessorCount,
        "gridid" => Special::Grid,
        "lanemask_eq" => Special::LaneMaskEqual,
        "lanemask_lt" => Special::LaneMaskLess,
        "lanemask_le" => Special::LaneMaskLessOrEqual,
        "lanemask_gt" => Special::LaneMaskGreater,
        "lanemask_ge" => Special::LaneMaskGreaterOrEqual,
        "dynamic_smem_size" => Special::DynamicShared,
        "total_smem_size" | "aggr_smem_size" => Special::TotalShared,
        _ => return None,
    })
}

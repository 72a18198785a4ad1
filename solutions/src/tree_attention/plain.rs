// judge: expect=AC growth=n*nodes
//! Three passes over the cache and all nodes for one node after the other, with a mask. O(t (n + t)).

use problems::tree_attention::{Input, Output};

use crate::softmax;

/// What a framework does that knows nothing but masks.
pub(super) fn plain(input: &Input, output: &mut Output) {
    let [q, cache_k, cache_v, k, v] =
        [&input.q, &input.cache_k, &input.cache_v, &input.k, &input.v]
            .map(|tensor| tensor.to_f32());
    let (n, nodes, size) = (input.n as usize, input.nodes as usize, input.size as usize);
    let (mut means, mut sums, mut scores) = (vec![0.0; q.len()], Vec::new(), Vec::new());
    let mut mask = vec![false; n + nodes];
    for (row, mean) in means.chunks_exact_mut(size).enumerate() {
        let head = row / nodes;
        mask[..n].fill(true);
        mask[n..].fill(false);
        input
            .path(row % nodes)
            .for_each(|node| mask[n + node] = true);
        let cache = head * n * size..(head + 1) * n * size;
        let all = head * nodes * size..(head + 1) * nodes * size;
        let keys = cache_k[cache.clone()]
            .chunks_exact(size)
            .chain(k[all.clone()].chunks_exact(size));
        let values = cache_v[cache]
            .chunks_exact(size)
            .chain(v[all].chunks_exact(size));
        let query = &q[row * size..(row + 1) * size];
        let (scale, is_seen) = (input.scale() as f32, |key: usize| mask[key]);
        sums.push(softmax::three_passes(
            query,
            scale,
            keys.zip(values),
            is_seen,
            mean,
            &mut scores,
        ));
    }
    softmax::write(output, &means, &sums);
}

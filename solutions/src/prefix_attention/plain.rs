// judge: expect=AC growth=n^2*prefix
//! Three passes over all keys for one query after the other. O(n (p + n)).

use problems::prefix_attention::{Input, Output};

use crate::softmax;

/// The prefix of the head, then what the query sees of its sequence.
pub(super) fn plain(input: &Input, output: &mut Output) {
    let [q, prefix_k, prefix_v, k, v] = [
        &input.q,
        &input.prefix_k,
        &input.prefix_v,
        &input.k,
        &input.v,
    ]
    .map(|tensor| tensor.to_f32());
    let (n, prefix, size) = (input.n as usize, input.prefix as usize, input.size as usize);
    let (mut means, mut sums, mut scores) = (vec![0.0; q.len()], Vec::new(), Vec::new());
    for (row, mean) in means.chunks_exact_mut(size).enumerate() {
        let head = row / n;
        let learned = head % input.heads as usize * prefix * size;
        let learned = learned..learned + prefix * size;
        let own = head * n * size..(head * n + input.visible(row % n)) * size;
        let keys = prefix_k[learned.clone()]
            .chunks_exact(size)
            .chain(k[own.clone()].chunks_exact(size));
        let values = prefix_v[learned]
            .chunks_exact(size)
            .chain(v[own].chunks_exact(size));
        let query = &q[row * size..(row + 1) * size];
        let scale = input.scale() as f32;
        sums.push(softmax::three_passes(
            query,
            scale,
            keys.zip(values),
            |_| true,
            mean,
            &mut scores,
        ));
    }
    softmax::write(output, &means, &sums);
}

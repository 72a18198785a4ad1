// judge: expect=AC growth=n*capacity
//! One row of totals by volume, and for every item a bit a volume that says whether it was taken there: the bits lead
//! back to the choice.

use problems::knapsack::{Input, Output};

/// Dynamic programming by volume that gives a choice.
pub(super) fn decision_bits(input: &Input, output: &mut Output) {
    let all: i64 = input.volumes.iter().map(|&volume| i64::from(volume)).sum();
    let room = input.capacity.min(all) as usize;
    let words = room / 64 + 1;
    let mut best = vec![0_i64; words * 64];
    let mut taken = vec![0_u64; words * input.volumes.len()];
    let rows = taken.chunks_exact_mut(words);
    for ((&volume, &value), row) in input.volumes.iter().zip(&input.values).zip(rows) {
        let (volume, value) = (volume as usize, i64::from(value));
        if volume > room {
            continue;
        }
        for word in (volume / 64..words).rev() {
            let mut bits = 0;
            for total in (volume.max(word * 64)..word * 64 + 64).rev() {
                let with = best[total - volume] + value;
                let is_better = with > best[total];
                best[total] = if is_better { with } else { best[total] };
                bits |= u64::from(is_better) << (total % 64);
            }
            row[word] = bits;
        }
    }
    output.total = best[room];
    let chosen = output.chosen.get_or_insert_default();
    chosen.clear();
    let mut left = room;
    for (item, row) in taken.chunks_exact(words).enumerate().rev() {
        if row[left / 64] >> (left % 64) & 1 == 1 {
            left -= input.volumes[item] as usize;
            chosen.push(item as u32);
        }
    }
}

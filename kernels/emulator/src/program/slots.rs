//! Slots for virtual registers: those that are never alive together share one.
//!
//! Liveness by data flow over basic blocks, then a linear scan (Poletto and Sarkar, TOPLAS 1999). Fewer slots are fewer cache
//! lines: a warp's registers should fit the first level.

use super::draft::{Draft, Register};
use super::step::Action;
use crate::machine::registers::Class;
use std::collections::BTreeSet;

/// Which slot each virtual register has.
pub(crate) struct Slots {
    /// By the register's number; `u32::MAX` where it is never used.
    pub(crate) of: Vec<u32>,
    /// Slots of each class.
    pub(crate) counts: [u32; 3],
    /// Registers that may be read before anybody wrote them.
    pub(crate) undefined: Vec<Register>,
}

/// Finds slots. Presets keep theirs from the beginning to the end. `targets` gives the places that each draft may jump to.
///
/// Of each class the registers that may lie on lines have the first slots, since only the first so many may.
pub(crate) fn allocate(
    drafts: &[Draft],
    registers: &[Class],
    presets: &[Register],
    targets: &dyn Fn(usize) -> Vec<usize>,
) -> Slots {
    let (intervals, undefined) = intervals(drafts, registers.len(), targets);
    let mut pool_of: Vec<usize> = registers
        .iter()
        .map(|class| 2 * *class as usize + 1)
        .collect();
    let follow = drafts
        .iter()
        .filter(|draft| matches!(draft.action, Action::Follow { .. }));
    for register in follow.flat_map(|draft| draft.reads().chain(draft.writes())) {
        pool_of[register.id as usize] = 2 * register.class as usize;
    }
    let mut of = vec![u32::MAX; registers.len()];
    let mut pools = [0; 6];
    for preset in presets {
        let count = &mut pools[pool_of[preset.id as usize]];
        of[preset.id as usize] = *count;
        *count += 1;
    }
    let mut order: Vec<u32> = (0..registers.len() as u32)
        .filter(|id| {
            of[*id as usize] == u32::MAX && intervals[*id as usize].0 <= intervals[*id as usize].1
        })
        .collect();
    order.sort_by_key(|id| intervals[*id as usize]);
    let mut active: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut free: [Vec<u32>; 6] = Default::default();
    for id in order {
        let (first, last) = intervals[id as usize];
        while let Some(&(end, other)) = active.first() {
            if end >= first {
                break;
            }
            active.pop_first();
            free[pool_of[other as usize]].push(of[other as usize]);
        }
        let pool = pool_of[id as usize];
        of[id as usize] = free[pool].pop().unwrap_or_else(|| {
            pools[pool] += 1;
            pools[pool] - 1
        });
        active.insert((last, id));
    }
    for (slot, pool) in of.iter_mut().zip(&pool_of) {
        if *slot != u32::MAX && pool % 2 == 1 {
            *slot += pools[pool - 1];
        }
    }
    let mut slots = Slots {
        of,
        counts: [0, 1, 2].map(|class| pools[2 * class] + pools[2 * class + 1]),
        undefined: Vec::new(),
    };
    let of_id = |id: u32| Register {
        class: registers[id as usize],
        id,
    };
    slots.undefined = undefined.into_iter().map(of_id).collect();
    slots
        .undefined
        .retain(|register| !presets.contains(register));
    slots
}

/// From where to where each register is alive: reading at draft n is time 2n, writing 2n + 1. And those that are alive before
/// the first draft.
fn intervals(
    drafts: &[Draft],
    count: usize,
    targets: &dyn Fn(usize) -> Vec<usize>,
) -> (Vec<(u32, u32)>, Vec<u32>) {
    let blocks = blocks(drafts, targets);
    // Many registers are declared and never used: only the others have bits.
    let mut bit_of = vec![u32::MAX; count];
    let mut used_ids = Vec::new();
    for register in drafts
        .iter()
        .flat_map(|draft| draft.reads().chain(draft.writes()))
    {
        let bit = &mut bit_of[register.id as usize];
        if *bit == u32::MAX {
            *bit = used_ids.len() as u32;
            used_ids.push(register.id);
        }
    }
    let place_of = |register: Register| {
        let bit = bit_of[register.id as usize];
        (bit as usize / 64, 1_u64 << (bit % 64))
    };
    let words = used_ids.len().div_ceil(64);
    let mut intervals = vec![(u32::MAX, 0); count];
    let mut block_of = vec![0; drafts.len() + 1];
    for (index, block) in blocks.iter().enumerate() {
        block_of[block.start..block.end].fill(index);
    }
    // What each block reads before it writes it, and what it writes for sure.
    let mut used = vec![0_u64; blocks.len() * words];
    let mut killed = vec![0_u64; blocks.len() * words];
    for (index, block) in blocks.iter().enumerate() {
        let row = index * words;
        for (place, draft) in block.clone().zip(&drafts[block.clone()]) {
            for register in draft.reads() {
                let (word, bit) = place_of(register);
                if killed[row + word] & bit == 0 {
                    used[row + word] |= bit;
                }
                widen(&mut intervals[register.id as usize], 2 * place as u32);
            }
            for register in draft.writes() {
                let (word, bit) = place_of(register);
                if draft.guard.is_none() {
                    killed[row + word] |= bit;
                }
                widen(&mut intervals[register.id as usize], 2 * place as u32 + 1);
            }
        }
    }
    let successors: Vec<Vec<usize>> = blocks
        .iter()
        .map(|block| {
            let last = block.end - 1;
            let mut next: Vec<usize> = targets(last)
                .into_iter()
                .map(|place| block_of[place])
                .collect();
            if !drafts[last].is_end() && block.end < drafts.len() {
                next.push(block_of[block.end]);
            }
            next
        })
        .collect();
    let mut alive_in = used.clone();
    let mut alive_out = vec![0_u64; blocks.len() * words];
    let mut changed = true;
    while changed {
        changed = false;
        for index in (0..blocks.len()).rev() {
            let row = index * words;
            for word in 0..words {
                let out = successors[index]
                    .iter()
                    .fold(0, |out, next| out | alive_in[next * words + word]);
                let before = used[row + word] | out & !killed[row + word];
                if out != alive_out[row + word] || before != alive_in[row + word] {
                    alive_out[row + word] = out;
                    alive_in[row + word] = before;
                    changed = true;
                }
            }
        }
    }
    for (index, block) in blocks.iter().enumerate() {
        let mut mark = |bits: &[u64], time: u32| {
            for (word, bits) in bits.iter().enumerate() {
                let mut rest = *bits;
                while rest != 0 {
                    let id = used_ids[word * 64 + rest.trailing_zeros() as usize];
                    rest &= rest - 1;
                    widen(&mut intervals[id as usize], time);
                }
            }
        };
        mark(
            &alive_in[index * words..(index + 1) * words],
            2 * block.start as u32,
        );
        mark(
            &alive_out[index * words..(index + 1) * words],
            2 * block.end as u32 - 1,
        );
    }
    let is_alive = |bit: usize| {
        let word = alive_in.get(bit / 64);
        word.is_some_and(|word| word >> (bit % 64) & 1 != 0)
    };
    let alive = (0..used_ids.len()).filter(|bit| is_alive(*bit));
    let undefined = alive.map(|bit| used_ids[bit]).collect();
    (intervals, undefined)
}

fn widen(interval: &mut (u32, u32), time: u32) {
    *interval = (interval.0.min(time), interval.1.max(time));
}

/// Ranges of drafts that control enters at the first and leaves behind the last alone.
fn blocks(drafts: &[Draft], targets: &dyn Fn(usize) -> Vec<usize>) -> Vec<std::ops::Range<usize>> {
    let mut leaders = BTreeSet::from([0]);
    for (place, draft) in drafts.iter().enumerate() {
        let jumps = targets(place);
        if !jumps.is_empty() || draft.is_end() {
            leaders.insert(place + 1);
            leaders.extend(jumps);
        }
    }
    let leaders: Vec<usize> = leaders
        .into_iter()
        .filter(|place| *place < drafts.len())
        .collect();
    let ends = leaders.iter().skip(1).copied().chain([drafts.len()]);
    leaders
        .iter()
        .zip(ends)
        .map(|(start, end)| *start..end)
        .collect()
}

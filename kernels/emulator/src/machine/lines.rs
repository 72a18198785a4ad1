//! Registers whose lanes lie on a line: the first lane's value, and as much more from lane to lane.
//!
//! Addresses, indices and what loops count are of this kind as a rule. Such an instruction is executed for the first lane
//! alone; the other lanes are filled in when something needs them that does not know of lines.
//!
//! ```text
//! lines    the slots that are known to lie on one          a value that all lanes share is a line
//! level    those of them whose step is zero
//! stale    those of them of which only the first lane was written
//! ```
//!
//! What is known is found out while a kernel runs, by instructions that all 32 lanes execute together; any other write to a
//! register ends it. So nothing has to be proved of divergent code, and no result depends on it.

use super::compute::Operands;
use super::registers::{ALL, Class, Registers, WARP};
use crate::number::order::Comparison;

/// Slots that may lie on lines, of each class: the first so many. A set of them is a word, the wide ones in its upper half.
pub(crate) const KEPT: u32 = 32;

/// The set with one slot in it; the empty one if the slot is never on a line.
pub(crate) fn set_of(class: Class, slot: u32) -> u64 {
    match class {
        Class::Narrow if slot < KEPT => 1 << slot,
        Class::Wide if slot < KEPT => 1 << (KEPT + slot),
        _ => 0,
    }
}

/// Where the step of a slot stands.
#[inline(always)]
fn place(class: Class, slot: u32) -> usize {
    (slot % KEPT + if class == Class::Wide { KEPT } else { 0 }) as usize
}

/// How the step of an instruction's result follows from those of its sources, which are of a class where one is named. Where
/// all sources are level, so is the result of any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Of sources that are not level nothing follows.
    Level,
    /// The source, or its low half, and a constant.
    Copy(Class),
    Add(Class),
    Subtract(Class),
    Multiply(Class),
    MultiplyAdd(Class),
    ShiftLeft(Class),
    /// 32 bits become 64.
    Extend(Sign),
    MultiplyWide(Sign),
    MultiplyWideAdd(Sign),
    /// Of integers of 32 bits.
    Compare(Comparison, Sign),
    /// One source or the other, where all lanes choose the same.
    Select(Class),
}

/// How the highest bit of an integer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Signed,
    Unsigned,
}

/// What is known of the registers of a warp.
pub(crate) struct Lines {
    pub(super) lines: u64,
    pub(super) level: u64,
    pub(super) stale: u64,
    /// By slot, the wide ones behind; of narrow ones sign-extended.
    steps: [u64; 2 * KEPT as usize],
    /// What a block begins with: lines, and which of them are level.
    presets: u64,
    level_presets: u64,
}

impl Lines {
    pub(super) fn new() -> Self {
        Lines {
            lines: 0,
            level: 0,
            stale: 0,
            steps: [0; 2 * KEPT as usize],
            presets: 0,
            level_presets: 0,
        }
    }
}

impl Registers {
    /// Looks whether the lanes of a register that a block begins with lie on a line, now and in all blocks that follow.
    pub(crate) fn note_preset(&mut self, class: Class, slot: u32) {
        let step = match class {
            Class::Narrow => {
                let lanes = self.narrow(slot);
                let step = lanes[1].wrapping_sub(lanes[0]);
                let is_line = lanes
                    .windows(2)
                    .all(|pair| pair[1].wrapping_sub(pair[0]) == step);
                is_line.then_some(step as i32 as u64)
            }
            Class::Wide => {
                let lanes = self.wide(slot);
                let step = lanes[1].wrapping_sub(lanes[0]);
                let is_line = lanes
                    .windows(2)
                    .all(|pair| pair[1].wrapping_sub(pair[0]) == step);
                is_line.then_some(step)
            }
            Class::Predicate => None,
        };
        if let Some(step) = step {
            let slot = set_of(class, slot);
            self.note(slot, step);
            self.known.presets |= slot;
            self.known.level_presets |= self.known.level & slot;
        }
    }

    /// Begins a block: of what ran before nothing is known but what all blocks begin with.
    pub(crate) fn forget(&mut self) {
        let known = &mut self.known;
        known.lines = known.presets;
        known.level = known.level_presets;
        known.stale = 0;
    }

    /// Remembers that the lanes of a slot, given as a set, lie on a line.
    #[inline(always)]
    fn note(&mut self, slot: u64, step: u64) {
        if slot == 0 {
            return;
        }
        let is_wide = slot >> KEPT != 0;
        let step = if is_wide { step } else { step as i32 as u64 };
        let known = &mut self.known;
        known.lines |= slot;
        if step == 0 {
            known.level |= slot;
        } else {
            known.level &= !slot;
        }
        known.steps[(slot.trailing_zeros() & 63) as usize] = step;
    }

    /// Remembers that all lanes of a slot, given as a set, have the same value.
    #[inline(always)]
    pub(super) fn note_level(&mut self, slot: u64) {
        self.note(slot, 0);
    }

    /// The step of a register whose lanes lie on a line.
    #[inline(always)]
    pub(super) fn step_of(&self, class: Class, slot: u32) -> Option<u64> {
        let set = set_of(class, slot);
        (self.known.lines & set != 0).then(|| self.step(class, slot))
    }

    #[inline(always)]
    fn step(&self, class: Class, slot: u32) -> u64 {
        self.known.steps[place(class, slot)]
    }

    /// Before an instruction that knows nothing of lines: fills in what it reads, and what it writes if it does not write all
    /// lanes; what it writes is no line then.
    #[inline(always)]
    pub(super) fn prepare(&mut self, reads: u64, writes: u64, is_full: bool) {
        let needed = if is_full { reads } else { reads | writes };
        if self.known.stale & needed != 0 {
            self.settle(needed);
        }
        self.overwrite(writes);
    }

    /// Before all lanes of some slots are written.
    #[inline(always)]
    pub(super) fn overwrite(&mut self, writes: u64) {
        self.known.lines &= !writes;
        self.known.level &= !writes;
        self.known.stale &= !writes;
    }

    /// Fills in the lanes of a slot, if only the first was written.
    #[inline(always)]
    pub(super) fn settle_one(&mut self, class: Class, slot: u32) {
        let slot = set_of(class, slot);
        if self.known.stale & slot != 0 {
            self.settle(slot);
        }
    }

    /// Fills in the lanes of those slots of a set of which only the first was written.
    #[inline(never)]
    pub(super) fn settle(&mut self, slots: u64) {
        let mut rest = self.known.stale & slots;
        self.known.stale &= !slots;
        while rest != 0 {
            let place = rest.trailing_zeros();
            rest &= rest - 1;
            let step = self.known.steps[place as usize & 63];
            if place < KEPT {
                let lanes = self.narrow_mut(place);
                let first = lanes[0];
                for lane in 0..WARP {
                    lanes[lane] = first.wrapping_add((step as u32).wrapping_mul(lane as u32));
                }
            } else {
                let lanes = self.wide_mut(place - KEPT);
                // By doubling: vectors of 64 bits know no product.
                let mut next = lanes[0];
                for lane in lanes {
                    *lane = next;
                    next = next.wrapping_add(step);
                }
            }
        }
    }

    /// The step of an instruction's result, if what it reads, given as a set, lies on lines and it then does, too.
    #[inline(always)]
    pub(crate) fn follow(&self, rule: Rule, operands: &Operands, reads: u64) -> Option<u64> {
        if reads & !self.known.level == 0 && !matches!(rule, Rule::Select(_)) {
            return Some(0);
        }
        if reads & !self.known.lines != 0 {
            return None;
        }
        self.follow_steps(rule, operands)
    }

    /// Remembers that the first lane of a slot was written, and that the others lie on a line.
    #[inline(always)]
    pub(crate) fn note_stale(&mut self, class: Class, slot: u32, set: u64, step: u64) {
        let known = &mut self.known;
        known.lines |= set;
        known.stale |= set;
        if step == 0 {
            known.level |= set;
        } else {
            known.level &= !set;
        }
        known.steps[place(class, slot)] = match class {
            Class::Wide => step,
            _ => step as i32 as u64,
        };
    }

    /// The step of an instruction's result. For a comparison it is zero, or nothing.
    #[inline(always)]
    fn follow_steps(&self, rule: Rule, operands: &Operands) -> Option<u64> {
        let Operands { a, b, c, .. } = *operands;
        Some(match rule {
            Rule::Level => return None,
            Rule::Copy(class) => self.step(class, a),
            Rule::Add(class) => self.step(class, a).wrapping_add(self.step(class, b)),
            Rule::Subtract(class) => self.step(class, a).wrapping_sub(self.step(class, b)),
            Rule::Multiply(class) => self.step_of_product(class, a, b)?,
            Rule::MultiplyAdd(class) => {
                let step = self.step_of_product(class, a, b)?;
                step.wrapping_add(self.step(class, c))
            }
            Rule::ShiftLeft(class) => {
                let bits = if class == Class::Wide { 64 } else { 32 };
                match self.narrow(b)[0] {
                    _ if self.step(Class::Narrow, b) != 0 => return None,
                    amount if amount < bits => self.step(class, a) << amount,
                    _ => 0,
                }
            }
            Rule::Extend(sign) => self.extended(a, sign)?.1 as u64,
            Rule::MultiplyWide(sign) => self.step_of_wide_product(a, b, sign)?,
            Rule::MultiplyWideAdd(sign) => {
                let step = self.step_of_wide_product(a, b, sign)?;
                step.wrapping_add(self.step(Class::Wide, c))
            }
            Rule::Compare(comparison, sign) => {
                let ((a, a_step), (b, b_step)) = (self.extended(a, sign)?, self.extended(b, sign)?);
                // The difference lies on a line, too: where both ends are on one side of zero, all is.
                let (first, step) = (a - b, a_step - b_step);
                let last = first + (WARP as i64 - 1) * step;
                let is_decided = match comparison {
                    Comparison::Less | Comparison::GreaterOrEqual => (first < 0) == (last < 0),
                    Comparison::Greater | Comparison::LessOrEqual => (first > 0) == (last > 0),
                    _ => step == 0 || first.signum() * last.signum() > 0,
                };
                return is_decided.then_some(0);
            }
            Rule::Select(class) => match self.predicate(c) {
                0 => self.step(class, b),
                ALL => self.step(class, a),
                _ => return None,
            },
        })
    }

    /// Of a product, one factor of which must be level.
    #[inline(always)]
    fn step_of_product(&self, class: Class, a: u32, b: u32) -> Option<u64> {
        let value = |slot| match class {
            Class::Wide => self.wide(slot)[0],
            _ => self.narrow(slot)[0].into(),
        };
        match (self.step(class, a), self.step(class, b)) {
            (step, 0) => Some(step.wrapping_mul(value(b))),
            (0, step) => Some(step.wrapping_mul(value(a))),
            _ => None,
        }
    }

    #[inline(always)]
    fn step_of_wide_product(&self, a: u32, b: u32, sign: Sign) -> Option<u64> {
        match (self.extended(a, sign)?, self.extended(b, sign)?) {
            ((_, step), (value, 0)) | ((value, 0), (_, step)) => {
                Some(step.wrapping_mul(value) as u64)
            }
            _ => None,
        }
    }

    /// The first lane's value and the step of a register of 32 bits, as integers that do not wrap from lane to lane.
    #[inline(always)]
    fn extended(&self, slot: u32, sign: Sign) -> Option<(i64, i64)> {
        let step = self.step(Class::Narrow, slot) as i64;
        let first = self.narrow(slot)[0];
        let (first, least, most) = match sign {
            Sign::Signed => ((first as i32).into(), i32::MIN.into(), i32::MAX.into()),
            Sign::Unsigned => (first.into(), 0_i64, u32::MAX.into()),
        };
        let last = first + (WARP as i64 - 1) * step;
        (least..=most).contains(&last).then_some((first, step))
    }
}

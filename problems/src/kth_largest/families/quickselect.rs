//! Two schemes of quickselect, and inputs that make them quadratic, by McIlroy's adversary run against the very scheme
//! (M. D. McIlroy, *A Killer Adversary for Quicksort*, Software: Practice and Experience 29, 1999).
//!
//! ```text
//! select(table, rule, target)       the scheme: pivot to the end, Lomuto's pass, on with the side of the target
//!   table = Counted                 runs it on numbers and counts comparisons: the promise of the families
//!   table = Adversary               decides the order while it is asked for it: the killer
//! ```
//!
//! The adversary starts with every element *gas*, greater than all that are *solid*. Where two gaseous elements meet,
//! it freezes the one that looks like the pivot, to the next smallest value. So every pivot is among the smallest, and
//! every pass takes away a few elements only.

/// How the pivot is picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pivot {
    /// The median of the first, the middle and the last element.
    MedianOfThree,
    /// The median of three medians of three, spread evenly (Tukey's ninther); of three below [`LEAST_FOR_NINTHER`].
    Ninther,
}

/// Fewer elements than this have no nine samples.
const LEAST_FOR_NINTHER: usize = 9;

/// Elements at positions, compared and swapped by position.
pub(super) trait Table {
    /// Whether the element at one position is less than that at another.
    fn less(&mut self, left: usize, right: usize) -> bool;

    /// Swaps two elements.
    fn swap(&mut self, left: usize, right: usize);

    /// Lomuto's pass: those less than the last to the front, then the last behind them. Where it comes to stand.
    fn partition(&mut self, first: usize, last: usize) -> usize {
        let mut store = first;
        for position in first..last {
            if self.less(position, last) {
                self.swap(position, store);
                store += 1;
            }
        }
        self.swap(store, last);
        store
    }
}

/// Brings the element of rank `target` (ascending, from 0) to its position, unless a pass finds it no longer worth the
/// while: `go_on` is asked before each.
pub(super) fn select<T: Table>(
    table: &mut T,
    count: usize,
    target: usize,
    rule: Pivot,
    go_on: impl Fn(&T) -> bool,
) {
    let (mut first, mut last) = (0, count - 1);
    while first < last && go_on(table) {
        let pivot = pivot(table, first, last, rule);
        table.swap(pivot, last);
        let place = table.partition(first, last);
        match target {
            target if target < place => last = place - 1,
            target if target > place => first = place + 1,
            _ => return,
        }
    }
}

fn pivot(table: &mut impl Table, first: usize, last: usize, rule: Pivot) -> usize {
    let middle = first + (last - first) / 2;
    if rule == Pivot::MedianOfThree || last - first + 1 < LEAST_FOR_NINTHER {
        return median(table, first, middle, last);
    }
    let step = (last - first + 1) / 8;
    let low = median(table, first, first + step, first + 2 * step);
    let central = median(table, middle - step, middle, middle + step);
    let high = median(table, last - 2 * step, last - step, last);
    median(table, low, central, high)
}

/// The position of the median of three.
fn median(table: &mut impl Table, a: usize, b: usize, c: usize) -> usize {
    if table.less(a, b) {
        if table.less(b, c) {
            b
        } else if table.less(a, c) {
            c
        } else {
            a
        }
    } else if table.less(a, c) {
        a
    } else if table.less(b, c) {
        c
    } else {
        b
    }
}

/// Numbers, and how often they were compared.
pub(super) struct Counted {
    numbers: Vec<i32>,
    comparisons: u64,
}

impl Table for Counted {
    fn less(&mut self, left: usize, right: usize) -> bool {
        self.comparisons += 1;
        self.numbers[left] < self.numbers[right]
    }

    fn swap(&mut self, left: usize, right: usize) {
        self.numbers.swap(left, right);
    }
}

/// How many comparisons a scheme needs for the element of rank `target`; counting stops soon after `enough`.
pub(super) fn comparisons(numbers: &[i32], target: usize, rule: Pivot, enough: u64) -> u64 {
    let mut table = Counted {
        numbers: numbers.to_vec(),
        comparisons: 0,
    };
    select(&mut table, numbers.len(), target, rule, |table| {
        table.comparisons < enough
    });
    table.comparisons
}

/// The ranks of an input on which a scheme is quadratic, as the adversary decides them.
pub(super) fn killer_ranks(count: usize, target: usize, rule: Pivot) -> Vec<u32> {
    let mut adversary = Adversary::new(count);
    select(&mut adversary, count, target, rule, |_| true);
    adversary.ranks()
}

/// The rank of what is not yet frozen.
const GAS: u32 = u32::MAX;

/// McIlroy's adversary. All gas answers a solid pivot alike, so that a pass need only look at the solid elements, of
/// which there are few: a killer takes linear time, although what it kills takes quadratic time.
struct Adversary {
    /// The element at each position.
    elements: Vec<u32>,
    /// The position of each element.
    positions: Vec<u32>,
    /// The rank of each element.
    ranks: Vec<u32>,
    /// How many are frozen.
    frozen: u32,
    /// The frozen ones that may still be in play.
    in_play: Vec<u32>,
    /// The gaseous element that was last compared with a solid one: it may be the next pivot.
    candidate: Option<u32>,
}

impl Adversary {
    fn new(count: usize) -> Self {
        let identity: Vec<u32> = (0..count as u32).collect();
        Adversary {
            elements: identity.clone(),
            positions: identity,
            ranks: vec![GAS; count],
            frozen: 0,
            in_play: Vec::new(),
            candidate: None,
        }
    }

    fn rank_at(&self, position: usize) -> u32 {
        self.ranks[self.elements[position] as usize]
    }

    fn freeze(&mut self, element: u32) {
        self.ranks[element as usize] = self.frozen;
        self.frozen += 1;
        self.in_play.push(element);
    }

    /// The positions in `from..last` of what is less than the element at `last`, ascending: all of it is solid.
    fn lesser(&self, from: usize, last: usize) -> Vec<usize> {
        let mut lesser: Vec<usize> = self
            .in_play
            .iter()
            .filter(|element| self.ranks[**element as usize] < self.rank_at(last))
            .map(|element| self.positions[*element as usize] as usize)
            .filter(|position| (from..last).contains(position))
            .collect();
        lesser.sort_unstable();
        lesser
    }

    /// All ranks; what is gas to the end takes those that are left.
    fn ranks(mut self) -> Vec<u32> {
        for rank in self.ranks.iter_mut().filter(|rank| **rank == GAS) {
            *rank = self.frozen;
            self.frozen += 1;
        }
        self.ranks
    }
}

impl Table for Adversary {
    fn less(&mut self, left: usize, right: usize) -> bool {
        let (left, right) = (self.elements[left], self.elements[right]);
        let is_gas = |table: &Self, element: u32| table.ranks[element as usize] == GAS;
        if is_gas(self, left) && is_gas(self, right) {
            let looks_like_the_pivot = self.candidate == Some(left);
            self.freeze(if looks_like_the_pivot { left } else { right });
        }
        if is_gas(self, left) {
            self.candidate = Some(left);
        } else if is_gas(self, right) {
            self.candidate = Some(right);
        }
        self.ranks[left as usize] < self.ranks[right as usize]
    }

    fn swap(&mut self, left: usize, right: usize) {
        self.elements.swap(left, right);
        self.positions[self.elements[left] as usize] = left as u32;
        self.positions[self.elements[right] as usize] = right as u32;
    }

    fn partition(&mut self, first: usize, last: usize) -> usize {
        let (mut from, mut store) = (first, first);
        // While the pivot is gas, its comparisons freeze: step by step.
        while from < last && self.rank_at(last) == GAS {
            if self.less(from, last) {
                self.swap(from, store);
                store += 1;
            }
            from += 1;
        }
        if let Some(gas) = (from..last).rev().find(|at| self.rank_at(*at) == GAS) {
            self.candidate = Some(self.elements[gas]);
        }
        for position in self.lesser(from, last) {
            self.swap(position, store);
            store += 1;
        }
        self.swap(store, last);
        let positions = &self.positions;
        self.in_play
            .retain(|element| positions[*element as usize] as usize > store);
        store
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The adversary without its short cut: every comparison of every pass is asked for.
    struct Literal(Adversary);

    impl Table for Literal {
        fn less(&mut self, left: usize, right: usize) -> bool {
            self.0.less(left, right)
        }

        fn swap(&mut self, left: usize, right: usize) {
            self.0.swap(left, right);
        }
    }

    #[test]
    fn the_short_cut_decides_as_the_adversary_itself_does() {
        for rule in [Pivot::MedianOfThree, Pivot::Ninther] {
            for count in (1..150).chain([500, 1000]) {
                for target in [0, count / 2, count - 1] {
                    let mut literal = Literal(Adversary::new(count));
                    select(&mut literal, count, target, rule, |_| true);
                    let quick = killer_ranks(count, target, rule);
                    assert_eq!(quick, literal.0.ranks(), "{rule:?} {count} {target}");
                }
            }
        }
    }

    #[test]
    fn select_brings_the_element_of_the_rank_to_its_place() {
        let mut random = crate::Random::of_text("quickselect");
        for rule in [Pivot::MedianOfThree, Pivot::Ninther] {
            for count in 1..60 {
                let numbers = random.integers_between(count, -5, 30);
                let mut sorted = numbers.clone();
                sorted.sort_unstable();
                for (target, expected) in sorted.into_iter().enumerate() {
                    let mut table = Counted {
                        numbers: numbers.clone(),
                        comparisons: 0,
                    };
                    select(&mut table, count, target, rule, |_| true);
                    assert_eq!(table.numbers[target], expected, "{rule:?} {numbers:?}");
                }
            }
        }
    }

    #[test]
    fn a_killer_costs_its_own_scheme_a_share_of_the_square_and_random_order_does_not() {
        let count = 4000;
        let square = (count * count) as u64;
        for (rule, share) in [(Pivot::MedianOfThree, 6), (Pivot::Ninther, 15)] {
            let ranks = killer_ranks(count, count / 2, rule);
            let killer: Vec<i32> = ranks.into_iter().map(|rank| rank as i32).collect();
            let killed = comparisons(&killer, count / 2, rule, u64::MAX);
            assert!(killed > square / share, "{rule:?}: {killed}");

            let random = crate::Random::of_text("no killer").integers(count);
            let usual = comparisons(&random, count / 2, rule, u64::MAX);
            assert!(usual < 20 * count as u64, "{rule:?}: {usual}");
        }
    }
}

// judge: expect=AC growth=n*log(n)*capacity
//! After each item the choices that none dominates (Nemhauser and Ullmann 1969), and of those only the ones that could
//! still become the best: a choice whose fractional completion (Dantzig 1957) is not worth more than a total already
//! found is dropped. Far below n * capacity steps wherever values do not follow the volumes closely: there sorting the
//! items, n log n, is what remains.

use problems::knapsack::{Input, Output};

/// A choice by what it takes and what it is worth.
#[derive(Clone, Copy)]
struct Choice {
    volume: i64,
    value: i64,
}

/// Lists of undominated choices, pruned by bounds.
pub(super) fn dominance_list(input: &Input, output: &mut Output) {
    output.chosen = None;
    let pairs = input.volumes.iter().zip(&input.values);
    let pairs = pairs.map(|(&volume, &value)| Choice {
        volume: volume.into(),
        value: value.into(),
    });
    // What has no volume is taken at once; what has no value or does not fit never.
    let (free, mut items): (Vec<_>, Vec<_>) = pairs
        .filter(|item| item.value > 0 && item.volume <= input.capacity)
        .partition(|item| item.volume == 0);
    let free: i64 = free.iter().map(|item| item.value).sum();
    items.sort_unstable_by(|a, b| (b.value * a.volume).cmp(&(a.value * b.volume)));
    output.total = free + best(&items, input.capacity);
}

/// The largest total value of items in descending order of value for volume.
fn best(items: &[Choice], capacity: i64) -> i64 {
    let bound = Bound::new(items, capacity);
    let none = Choice {
        volume: 0,
        value: 0,
    };
    let (mut choices, mut next) = (vec![none], Vec::new());
    let mut best = 0;
    for (index, item) in items.iter().enumerate() {
        next.clear();
        let mut cursor = bound.behind(index + 1);
        let mut most = -1;
        // Two ascending lists become one: the choices without the item, and those with it.
        let (mut without, mut with) = (0, 0);
        loop {
            let added = choices.get(with).map(|choice| Choice {
                volume: choice.volume + item.volume,
                value: choice.value + item.value,
            });
            let added = added.filter(|choice| choice.volume <= capacity);
            let choice = match (choices.get(without), added) {
                (None, None) => break,
                (Some(&kept), Some(added)) if kept.volume > added.volume => {
                    with += 1;
                    added
                }
                (Some(&kept), _) => {
                    without += 1;
                    kept
                }
                (None, Some(added)) => {
                    with += 1;
                    added
                }
            };
            if choice.value <= most {
                continue; // dominated
            }
            most = choice.value;
            let (greedy, fractional) = cursor.complete(choice);
            best = best.max(greedy);
            if fractional > best {
                next.push(choice);
            }
        }
        std::mem::swap(&mut choices, &mut next);
    }
    best
}

/// What the items up to each place have in sum.
struct Bound<'a> {
    items: &'a [Choice],
    sums: Vec<Choice>,
    capacity: i64,
}

impl<'a> Bound<'a> {
    fn new(items: &'a [Choice], capacity: i64) -> Self {
        let mut sum = Choice {
            volume: 0,
            value: 0,
        };
        let mut sums = vec![sum];
        sums.extend(items.iter().map(|item| {
            sum.volume += item.volume;
            sum.value += item.value;
            sum
        }));
        Bound {
            items,
            sums,
            capacity,
        }
    }

    /// For completions by the items from a place on.
    fn behind(&self, place: usize) -> Cursor<'_> {
        Cursor {
            bound: self,
            place,
            split: self.items.len(),
        }
    }
}

/// Completes choices of ascending volume: the item that splits moves only down.
struct Cursor<'a> {
    bound: &'a Bound<'a>,
    place: usize,
    split: usize,
}

impl Cursor<'_> {
    /// The value with all following items that fit in order, and the bound with a part of the one that splits.
    fn complete(&mut self, choice: Choice) -> (i64, i64) {
        let Bound {
            items,
            sums,
            capacity,
        } = self.bound;
        let room = capacity - choice.volume + sums[self.place].volume;
        while sums[self.split].volume > room {
            self.split -= 1;
        }
        let greedy = choice.value + sums[self.split].value - sums[self.place].value;
        let part = items.get(self.split).map_or(0, |item| {
            (room - sums[self.split].volume) * item.value / item.volume
        });
        (greedy, greedy + part)
    }
}

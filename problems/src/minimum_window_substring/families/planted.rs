//! Texts with one planted shortest window, or several, and nothing as short beside them.
//!
//! Two letters of the target, *key* and *mate*, never come as near to each other outside a plant as inside:
//!
//! ```text
//! ...|  mate zone  |     gap     |  key zone   |     gap     |key...mate|     gap     |  key zone   |...
//!                                                             \ plant  /
//! ```
//!
//! All zones are as long as the plant. In a key zone the mate does not occur, in a mate zone the key does not, in a gap
//! neither. A window that takes a key or mate from outside the plant therefore spans a gap and is longer. One that takes
//! none needs every key and mate of the plant, the first of which begins it and the last of which ends it.

use super::letters::{fill, scatter, shuffled_alphabet, shuffled_alphabet_of_both_cases};
use super::shortest_windows;
use crate::minimum_window_substring::{Input, MinimumWindowSubstring, counts};
use crate::{At, Family, Random};

pub(super) fn all() -> Vec<Family<MinimumWindowSubstring>> {
    let family = crate::family::<MinimumWindowSubstring>;
    vec![
        family(
            "answer_at_start",
            "the only shortest window begins the text",
            |at, random| {
                let plan = Plan::new(random, at.size("m"), 0);
                let length = plan.length(random, at.size("n"));
                plan.around(random, at.size("n"), 0, length, &Decoys::default())
            },
        )
        .bounds("m", "1", "n")
        .holds(|_, input| shortest_windows(input) == [0]),
        family(
            "answer_at_end",
            "the only shortest window ends the text",
            |at, random| {
                let plan = Plan::new(random, at.size("m"), 0);
                let length = plan.length(random, at.size("n"));
                let start = at.size("n") - length;
                plan.around(random, at.size("n"), start, length, &Decoys::default())
            },
        )
        .bounds("m", "1", "n")
        .holds(|at, input| {
            let last = |length| at.size("n") - length;
            let length = shortest_length(input);
            shortest_windows(input) == [last(length)]
        }),
        family(
            "whole_string",
            "the only window is the whole text",
            |at, random| {
                let n = at.size("n");
                let plan = Plan::new(random, at.size("m"), 0);
                plan.around(random, n, 0, n, &Decoys::default())
            },
        )
        .bounds("m", "min(n, 2)", "n")
        .defaults("m", "min(n, 8)")
        .holds(|at, input| shortest_length(input) == at.size("n")),
        family(
            "several_ties",
            "there are two or more shortest windows, far from each other",
            several_ties,
        )
        .sizes(3, i64::MAX)
        .bounds("m", "1", "n / 3")
        .defaults("m", "min(8, n / 3)")
        .holds(|_, input| {
            let length = shortest_length(input);
            let windows = shortest_windows(input);
            windows.len() > 1 && windows.windows(2).all(|pair| pair[1] - pair[0] >= 2 * length)
        }),
        family(
            "near_misses",
            "the text has pieces of m - 1 letters that lack one of the target, and only one shortest window",
            |at, random| {
                // Key and mate once each, so that a piece without it lacks one letter.
                let plan = Plan::new(random, at.size("m"), 2);
                let decoys = Decoys {
                    near_key: plan.target_without(plan.mate()),
                    near_mate: plan.target_without(plan.key()),
                };
                plan.inside(at, random, &decoys)
            },
        )
        .sizes(16, i64::MAX)
        .bounds("m", "2", "n / 8")
        .defaults("m", "min(8, n / 8)")
        .holds(|at, input| shortest_windows(input).len() == 1 && has_near_miss(input, at.size("m"))),
        family(
            "mixed_case",
            "m letters in a row are the target but for the case of one; the only shortest window is longer",
            |at, random| {
                let letters = shuffled_alphabet_of_both_cases(random);
                let plan = Plan::of(letters, random, at.size("m"), 2);
                let mut near_mate = plan.target.clone();
                for letter in &mut near_mate {
                    if *letter == plan.key() {
                        *letter ^= CASE;
                    }
                }
                let decoys = Decoys {
                    near_key: Vec::new(),
                    near_mate,
                };
                plan.inside(at, random, &decoys)
            },
        )
        .sizes(16, i64::MAX)
        .bounds("m", "2", "n / 8")
        .defaults("m", "min(8, n / 8)")
        .holds(|at, input| {
            let folded = Input {
                text: input.text.to_ascii_lowercase(),
                target: input.target.to_ascii_lowercase(),
            };
            shortest_windows(input).len() == 1
                && shortest_length(input) > at.size("m")
                && shortest_length(&folded) == at.size("m")
        }),
    ]
}

/// The bit by which the cases of a letter differ.
const CASE: u8 = b'a' ^ b'A';

/// The length of a shortest window, 0 without one.
fn shortest_length(input: &Input) -> usize {
    use crate::Problem;
    MinimumWindowSubstring::answer(input).unwrap_or(0)
}

/// Whether some m - 1 letters in a row lack exactly one letter of the target.
fn has_near_miss(input: &Input, m: usize) -> bool {
    let mut lacking = counts(&input.target).map(i64::from);
    let mut total = m;
    let text = &input.text;
    (0..text.len()).any(|end| {
        let entering = &mut lacking[usize::from(text[end])];
        total -= usize::from(*entering > 0);
        *entering -= 1;
        if end + 1 >= m {
            let leaving = &mut lacking[usize::from(text[end + 1 - m])];
            *leaving += 1;
            total += usize::from(*leaving > 0);
        }
        total == 1
    })
}

/// A target and the letters around it.
struct Plan {
    /// Key, mate, six common letters of targets, and eighteen that no target has.
    letters: [u8; 26],
    target: Vec<u8>,
}

/// What stands once in every key zone and mate zone, in random order.
#[derive(Default)]
struct Decoys {
    near_key: Vec<u8>,
    near_mate: Vec<u8>,
}

impl Plan {
    fn new(random: &mut Random, m: usize, skipped: usize) -> Plan {
        let letters = shuffled_alphabet(random);
        Plan::of(letters, random, m, skipped)
    }

    /// A target of m letters with the key, the mate if m > 1, and others from the first eight letters but some.
    fn of(letters: [u8; 26], random: &mut Random, m: usize, skipped: usize) -> Plan {
        let mut target = letters[..m.min(2)].to_vec();
        target.extend((2..m).map(|_| *random.choose(&letters[skipped..8])));
        random.shuffle(&mut target);
        Plan { letters, target }
    }

    fn key(&self) -> u8 {
        self.letters[0]
    }

    fn mate(&self) -> u8 {
        self.letters[1]
    }

    fn target_without(&self, letter: u8) -> Vec<u8> {
        let others = self.target.iter().filter(|other| **other != letter);
        others.copied().collect()
    }

    /// A length for the shortest window: from m to three times that. With m = 1 no other length is shortest.
    fn length(&self, random: &mut Random, most: usize) -> usize {
        match self.target.len() {
            1 => 1,
            m => random.between(m as i64, most.min(3 * m) as i64) as usize,
        }
    }

    /// A case with a plant longer than the target in its second half, where m is at most n / 8: so the gap and the first
    /// zone before it are inside.
    fn inside(&self, at: &At, random: &mut Random, decoys: &Decoys) -> Input {
        let (n, m) = (at.size("n"), at.size("m"));
        let length = random.between(m as i64 + 1, 3 * m as i64) as usize;
        let start = random.between(n as i64 / 2, (n - length) as i64) as usize;
        self.around(random, n, start, length, decoys)
    }

    /// A text of n letters around a plant.
    fn around(
        &self,
        random: &mut Random,
        n: usize,
        start: usize,
        length: usize,
        decoys: &Decoys,
    ) -> Input {
        let mut text = vec![0; n];
        let (before, rest) = text.split_at_mut(start);
        let (plant, after) = rest.split_at_mut(length);
        for (index, zone) in before.rchunks_mut(length).enumerate() {
            self.zone(random, index, zone, decoys);
        }
        fill(random, &self.letters[2..], plant);
        self.plant(random, plant);
        for (index, zone) in after.chunks_mut(length).enumerate() {
            self.zone(random, index, zone, decoys);
        }
        Input {
            text,
            target: self.target.clone(),
        }
    }

    /// Fills the zone at a distance from the plant: gap, mate zone, gap, key zone, and again.
    fn zone(&self, random: &mut Random, index: usize, zone: &mut [u8], decoys: &Decoys) {
        // A target of one letter has no mate to keep away from.
        let is_gap = self.target.len() == 1 || index.is_multiple_of(2);
        if is_gap {
            return fill(random, &self.letters[2..], zone);
        }
        let is_mate_zone = index % 4 == 1;
        fill(random, &self.letters[1..], zone);
        if !is_mate_zone {
            for letter in zone.iter_mut().filter(|letter| **letter == self.mate()) {
                *letter = self.key();
            }
        }
        let decoy = if is_mate_zone {
            &decoys.near_mate
        } else {
            &decoys.near_key
        };
        if !decoy.is_empty() && decoy.len() <= zone.len() {
            let start = random.index(zone.len() - decoy.len() + 1);
            let place = &mut zone[start..start + decoy.len()];
            place.copy_from_slice(decoy);
            random.shuffle(place);
        }
    }

    /// Writes the target over a gap: a key first, a mate last, the rest scattered between them.
    fn plant(&self, random: &mut Random, plant: &mut [u8]) {
        let mut others = self.target.clone();
        for bound in &self.letters[..others.len().min(2)] {
            let place = others.iter().position(|letter| letter == bound);
            others.swap_remove(place.expect("key and mate are in the target"));
        }
        random.shuffle(&mut others);
        plant[0] = self.key();
        if let [_, inner @ .., last] = plant {
            *last = self.mate();
            scatter(random, &others, inner);
        }
    }
}

/// Plants with gaps of their length or more between them.
fn several_ties(at: &At, random: &mut Random) -> Input {
    let n = at.size("n");
    let plan = Plan::new(random, at.size("m"), 0);
    let length = plan.length(random, n / 3);
    let mut text = vec![0; n];
    fill(random, &plan.letters[2..], &mut text);
    // Room for a second one is left.
    let mut start = random.index((n - 3 * length + 1).min(length));
    plan.plant(random, &mut text[start..start + length]);
    while start + 3 * length <= n {
        start = (start + 2 * length + random.index(length)).min(n - length);
        plan.plant(random, &mut text[start..start + length]);
    }
    Input {
        text,
        target: plan.target,
    }
}

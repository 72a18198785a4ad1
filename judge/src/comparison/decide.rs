//! From pairs to a finding, in two looks.
//!
//! ```text
//! first half of the time --SAME, FASTER--> done
//!                        --SLOWER--------> the second half must lean the same way by itself
//!                        --UNDECIDED-----> the second half adds its pairs
//! ```
//!
//! Nothing is SLOWER before both were taken.
//!
//! Both looks are counted when the probability of a mistake is shared out.

use std::fmt;
use std::time::Duration;

use reports::comparison::{Change, Estimate, SelfCheck, Threshold};
use reports::statistics::robust::median;
use reports::statistics::sign::least_count;

use super::contest::Contest;
use super::sampling::{Budget, NotRight, Pair, Ratios, sample};

/// What is held against each other, and how strictly.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// From where on a change counts.
    pub threshold: Threshold,
    /// The probability that an interval misses, shared out over cases and looks.
    pub alpha: f64,
    /// How long a case may take, both looks together.
    pub time: Duration,
}

/// All intervals of a run together miss with this probability at most.
pub const ALPHA: f64 = 0.01;
/// Process pairs at least: layout differs from process to process, and fewer would leave it to chance.
const LEAST_PAIRS: usize = 12;
/// See the picture.
const LOOKS: u32 = 2;

impl Terms {
    /// Terms for one of some cases.
    pub fn new(threshold: Threshold, cases: usize, time: Duration) -> Self {
        // Bonferroni: that of all together is at most the sum.
        let alpha = ALPHA / (cases.max(1) as f64 * f64::from(LOOKS));
        Terms {
            threshold,
            alpha,
            time,
        }
    }

    fn budget(&self) -> Budget {
        Budget {
            time: self.time / LOOKS,
            least: LEAST_PAIRS.max(least_count(self.alpha)),
        }
    }
}

/// What a case shows.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The word.
    pub change: Change,
    /// Head over base, processor time: what the word is made of.
    pub cpu: Estimate,
    /// The same by the clock.
    pub wall: Estimate,
    /// The base against its copy.
    pub check: SelfCheck,
    /// Medians of base and head, nanoseconds of processor time.
    pub medians_ns: [f64; 2],
    /// Instructions of base and head, where they were counted.
    pub instructions: Option<[u64; 2]>,
    /// Why it is undecided, and what would help.
    pub advice: Option<Advice>,
}

/// Why a case is undecided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Advice {
    /// The base differs from itself by more than the threshold.
    Noisy {
        /// What it shows, as a ratio less 1.
        reach: f64,
    },
    /// The interval is wider than the threshold.
    Wide {
        /// How much more time would make it narrow enough, as a factor.
        more_time: f64,
    },
    /// The change is about as large as the threshold.
    AtTheBorder,
    /// The second look did not find it again.
    NotConfirmed,
    /// The times differ, the instructions do not.
    SameInstructions,
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Advice::Noisy { reach } => write!(
                f,
                "noisy: BASE differs from its own copy by up to {:.2}%; it takes a quieter machine, more time, or instruction \
                 counts",
                100.0 * reach
            ),
            Advice::Wide { more_time } => write!(
                f,
                "the interval is wider than the threshold; it takes about {more_time:.0} times the --time, a quieter \
                 machine, or instruction counts"
            ),
            Advice::AtTheBorder => write!(
                f,
                "the change is about as large as the threshold; it takes more --time or a lower --threshold, or instruction \
                 counts"
            ),
            Advice::NotConfirmed => write!(
                f,
                "the second half of the time did not find what the first one did; it takes a quieter machine, more --time, or \
                 instruction counts"
            ),
            Advice::SameInstructions => write!(
                f,
                "base and head execute the same instructions, so that where the code happens to lie may be all that differs; \
                 look at another case, or build both sides anew"
            ),
        }
    }
}

/// Compares two sides on a case. `tick` hears the share of the time that has gone.
pub fn compare(
    contest: &mut dyn Contest,
    terms: &Terms,
    tick: &mut dyn FnMut(f64),
) -> anyhow::Result<Result<Finding, NotRight>> {
    let first = match sample(contest, terms.budget(), &mut |gone| tick(gone / 2.0))? {
        Ok(pairs) => pairs,
        Err(not_right) => return Ok(Err(not_right)),
    };
    let found = finding(&first, terms);
    if matches!(found.change, Change::Same | Change::Faster) {
        return Ok(Ok(found));
    }
    let second = match sample(contest, terms.budget(), &mut |gone| {
        tick((1.0 + gone) / 2.0);
    })? {
        Ok(pairs) => pairs,
        Err(not_right) => return Ok(Err(not_right)),
    };
    Ok(Ok(both(found.change, first, second, terms)))
}

/// What both looks say together: SLOWER where all pairs show it, and either half leans that way by itself.
fn both(first_word: Change, first: Vec<Pair>, second: Vec<Pair>, terms: &Terms) -> Finding {
    let leans = |half: &Vec<Pair>| {
        let found = finding(half, terms);
        found.cpu.median > terms.threshold.border(found.medians_ns[0])
    };
    let confirmed = leans(&first) && leans(&second);
    let all: Vec<Pair> = first.into_iter().chain(second).collect();
    let mut found = finding(&all, terms);
    let is_shaken = first_word == Change::Slower && found.change != Change::Slower;
    if is_shaken || (found.change == Change::Slower && !confirmed) {
        found.change = Change::Undecided;
        found.advice = Some(Advice::NotConfirmed);
    }
    found
}

/// What code that only lies elsewhere can make of a time, as a ratio less 1: builds of one source differed by 1 to 3%.
const LAYOUT: f64 = 0.03;
/// Counts that differ by less are the same: an environment's length alone moves them by 0.002%.
const SAME_COUNT: f64 = 0.0005;

impl Finding {
    /// Asks the instructions of base and head to agree: a change of the times that code layout can make needs one of theirs.
    pub fn ask(&mut self, instructions: [u64; 2]) {
        self.instructions = Some(instructions);
        let [base, head] = instructions.map(|count| count as f64);
        let is_small = self.cpu.median.exp_m1().abs() <= LAYOUT;
        let is_same = (head / base - 1.0).abs() < SAME_COUNT;
        if matches!(self.change, Change::Slower | Change::Faster) && is_small && is_same {
            self.change = Change::Undecided;
            self.advice = Some(Advice::SameInstructions);
        }
    }
}

/// What some pairs say.
fn finding(pairs: &[Pair], terms: &Terms) -> Finding {
    let values = |of: &dyn Fn(&Pair) -> f64| pairs.iter().map(of).collect::<Vec<f64>>();
    let estimate = |of: &dyn Fn(&Pair) -> f64| {
        Estimate::of_pairs(&values(of), terms.alpha).expect("a budget has enough pairs")
    };
    let middle = |of: &dyn Fn(&Ratios) -> f64| {
        median(&values(&|pair| of(&pair.cpu))).expect("a budget has pairs")
    };
    let medians_ns = [middle(&|cpu| cpu.base_ns), middle(&|cpu| cpu.head_ns)];
    let border = terms.threshold.border(medians_ns[0]);
    let (cpu, copy) = (
        estimate(&|pair| pair.cpu.head),
        estimate(&|pair| pair.cpu.copy),
    );
    let check = SelfCheck::new(copy, border);
    let change = check.judge(&cpu);
    Finding {
        change,
        cpu,
        wall: estimate(&|pair| pair.wall.head),
        check,
        medians_ns,
        instructions: None,
        advice: (change == Change::Undecided).then(|| advice(&cpu, &check, border)),
    }
}

fn advice(cpu: &Estimate, check: &SelfCheck, border: f64) -> Advice {
    let half_width = cpu.half_width();
    if check.is_noisy() {
        Advice::Noisy {
            reach: check.reach().exp_m1(),
        }
    } else if half_width > border {
        // Half-widths shrink with the root of the number of pairs.
        let more_time = (half_width / border).powi(2).ceil().max(2.0);
        Advice::Wide { more_time }
    } else {
        Advice::AtTheBorder
    }
}

#[cfg(test)]
mod tests {
    use super::super::Side;
    use super::super::sampling::tests::Mock;
    use super::*;

    fn terms() -> Terms {
        let threshold = Threshold {
            relative: 0.02,
            absolute: 0.0,
        };
        Terms::new(threshold, 1, Duration::ZERO)
    }

    fn found(cpu_ns: fn(Side, usize) -> u64) -> (Finding, usize) {
        let mut mock = Mock::new(false, cpu_ns);
        let found = compare(&mut mock, &terms(), &mut |_| {}).unwrap().unwrap();
        (found, mock.asked.len())
    }

    #[test]
    fn equal_sides_are_the_same_after_one_look() {
        let (found, asked) = found(|_, _| 1000);
        assert_eq!((found.change, asked), (Change::Same, 3 * 12));
        assert_eq!(found.advice, None);
    }

    #[test]
    fn a_slower_head_is_looked_at_twice() {
        let (found, asked) = found(|side, _| if side == Side::Head { 1050 } else { 1000 });
        assert_eq!((found.change, asked), (Change::Slower, 2 * 3 * 12));
        assert_eq!(found.cpu.pairs, Some(24));
        assert!((found.cpu.median - 1.05_f64.ln()).abs() < 1e-9);
    }

    #[test]
    fn a_faster_head_needs_one_look() {
        let (found, asked) = found(|side, _| if side == Side::Head { 900 } else { 1000 });
        assert_eq!((found.change, asked), (Change::Faster, 3 * 12));
    }

    #[test]
    fn what_the_second_look_does_not_find_is_undecided() {
        let (found, _) = found(|side, place| {
            let is_slow = side == Side::Head && place <= 36;
            if is_slow { 1050 } else { 1000 }
        });
        assert_eq!(found.change, Change::Undecided);
        assert_eq!(found.advice, Some(Advice::NotConfirmed));
    }

    #[test]
    fn a_base_that_differs_from_itself_makes_the_run_noisy() {
        let (found, _) = found(|side, place| match side {
            Side::Copy => 1000 + 100 * (place as u64 / 3 % 2),
            _ => 1000,
        });
        assert_eq!(found.change, Change::Undecided);
        assert!(found.check.is_noisy());
        assert!(found.advice.unwrap().to_string().starts_with("noisy"));
    }

    #[test]
    fn a_change_as_large_as_the_threshold_is_undecided_and_says_so() {
        let (found, _) = found(|side, place| match side {
            Side::Head => 1015 + 10 * (place as u64 / 3 % 2),
            _ => 1000,
        });
        assert_eq!(found.change, Change::Undecided);
        assert_eq!(found.advice, Some(Advice::AtTheBorder));
    }

    #[test]
    fn a_small_change_without_one_of_the_instructions_is_undecided() {
        let slower = |head: u64| -> Finding {
            let mut found = found(|side, _| {
                if side == Side::Head {
                    1_020_000
                } else {
                    1_000_000
                }
            })
            .0;
            assert_eq!(found.change, Change::Slower);
            found.ask([1_000_000, head]);
            found
        };
        assert_eq!(slower(1_000_100).change, Change::Undecided);
        assert_eq!(slower(1_000_100).advice, Some(Advice::SameInstructions));
        assert_eq!(slower(1_020_000).change, Change::Slower);
        // What no layout explains stands, whatever is executed: caches cost time, not instructions.
        let mut large = found(|side, _| {
            if side == Side::Head {
                1_100_000
            } else {
                1_000_000
            }
        })
        .0;
        large.ask([1_000_000, 1_000_000]);
        assert_eq!(large.change, Change::Slower);
    }

    #[test]
    fn many_cases_share_the_probability_out_and_need_more_pairs() {
        let threshold = terms().threshold;
        // 0.01 / (1 * 2) takes 9 pairs, less than 12; 0.01 / (100 * 2) = 5e-5 takes 2 * 2^-16 = 3.1e-5.
        assert_eq!(Terms::new(threshold, 1, Duration::ZERO).budget().least, 12);
        assert_eq!(
            Terms::new(threshold, 100, Duration::ZERO).budget().least,
            16
        );
    }
}

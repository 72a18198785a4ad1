//! Families of the minimum window substring: what loses a window, takes one that is none, or makes finding one slow.

mod letters;
mod planted;

use self::letters::{fill, scatter, shuffled_alphabet, shuffled_alphabet_of_both_cases};
use super::references::windows_of_length;
use super::{Input, MinimumWindowSubstring, counts};
use crate::{At, Family, Problem, Random};

pub(super) fn all() -> Vec<Family<MinimumWindowSubstring>> {
    let mut all = everyday();
    all.extend(planted::all());
    all.extend(unanswerable());
    all.extend(counted());
    all
}

/// The starts of all shortest windows.
fn shortest_windows(input: &Input) -> Vec<usize> {
    match MinimumWindowSubstring::answer(input) {
        Some(length) => windows_of_length(input, length).collect(),
        None => Vec::new(),
    }
}

/// Whether a text holds every letter of a target, each often enough.
fn holds_all(input: &Input) -> bool {
    super::first_lacking(&input.target, &input.text).is_none()
}

/// Families without a plan, and with simple ones.
fn everyday() -> Vec<Family<MinimumWindowSubstring>> {
    let family = crate::family::<MinimumWindowSubstring>;
    vec![
        family(
            "uniform",
            "letters a-z, each as likely as any other",
            |at, random| Input {
                text: uniform(random, at.size("n")),
                target: uniform(random, at.size("m")),
            },
        )
        .holds(|_, input| {
            let seen = counts(&input.text);
            let most = 2 * input.text.len() / 26;
            input.text.iter().all(u8::is_ascii_lowercase)
                && (most < 70 || seen.iter().all(|count| (*count as usize) < most))
        }),
        family(
            "zipf",
            "letters a-z and A-Z; the second commonest is half as likely as the first, the third a third",
            |at, random| {
                let table = zipf_table(random);
                let mut draw = |count| {
                    let letters = (0..count).map(|_| table[random.bits() as usize >> 20]);
                    letters.collect()
                };
                Input {
                    text: draw(at.size("n")),
                    target: draw(at.size("m")),
                }
            },
        )
        .holds(|_, input| {
            let mut seen = counts(&input.text);
            seen.sort_unstable_by(|a, b| b.cmp(a));
            input.text.len() < 500 || seen[0] > 4 * seen[9]
        }),
        family(
            "sawtooth",
            "the letters go up the alphabet and down again, one at each step",
            |at, random| {
                let mut height = random.index(50);
                let text = (0..at.size("n")).map(|_| {
                    height = (height + 1) % 50;
                    b'a' + height.min(50 - height) as u8
                });
                Input {
                    text: text.collect(),
                    target: uniform(random, at.size("m")),
                }
            },
        )
        .holds(|_, input| {
            let text = &input.text;
            let turns = text.windows(3).filter(|three| three[0] == three[2]);
            text.windows(2).all(|pair| pair[0].abs_diff(pair[1]) == 1)
                && turns.clone().all(|three| matches!(three[1], b'a' | b'z'))
        }),
        family(
            "single_characters",
            "the target is one letter, the text is made of four",
            |at, random| {
                let letters = shuffled_alphabet_of_both_cases(random);
                let mut text = vec![0; at.size("n")];
                fill(random, &letters[..4], &mut text);
                Input {
                    text,
                    target: vec![letters[0]],
                }
            },
        )
        .fixes("m", "1")
        .holds(|_, input| input.target.len() == 1),
        family(
            "one_letter",
            "text and target are made of the same letter",
            |at, random| {
                let letter = b'a' + random.index(26) as u8;
                Input {
                    text: vec![letter; at.size("n")],
                    target: vec![letter; at.size("m")],
                }
            },
        )
        .bounds("m", "1", "n")
        .holds(|_, input| {
            let mut letters = input.text.iter().chain(&input.target);
            letters.all(|letter| *letter == input.text[0])
        }),
        family(
            "duplicates_in_target",
            "every letter of the target stands in it at least twice, and there is a window",
            duplicates_in_target,
        )
        .sizes(4, i64::MAX)
        .bounds("m", "2", "n / 2")
        .holds(|_, input| {
            let needed = counts(&input.target);
            needed.iter().all(|count| *count != 1) && holds_all(input)
        }),
        family(
            "improving_windows",
            "after the first window every further letter ends one that is shorter by one",
            improving_windows,
        )
        .sizes(6, i64::MAX)
        .fixes("m", "ceil_div(n + 2, 3)")
        .holds(|at, input| {
            let m = at.size("m");
            let letter = input.target[0];
            let places = input.text.iter().enumerate().filter(|(_, other)| **other == letter);
            let places: Vec<usize> = places.map(|(place, _)| place).collect();
            // By the place where they end.
            let windows: Vec<(usize, usize)> = places
                .windows(m)
                .map(|window| (window[m - 1], window[m - 1] - window[0]))
                .collect();
            input.target.iter().all(|other| *other == letter)
                && windows.len() > at.size("n") / 10
                && windows.last().is_some_and(|(end, _)| end + 1 == input.text.len())
                && windows.windows(2).all(|pair| {
                    let [(end, length), (next_end, next_length)] = [pair[0], pair[1]];
                    next_end == end + 1 && next_length + 1 == length
                })
        }),
        family(
            "rare_letter_at_each_end",
            "one letter of the target stands once, in the first tenth, another once, in the last: the window is long",
            rare_letter_at_each_end,
        )
        .sizes(2, i64::MAX)
        .bounds("m", "2", "max(n / 2, 2)")
        .defaults("m", "min(8, max(n / 2, 2))")
        .holds(|at, input| {
            let (n, tenth) = (at.size("n"), (at.size("n") / 10).max(1));
            let once = |part: &[u8]| {
                let seen = counts(&input.text);
                let mut letters = part.iter().filter(|letter| input.target.contains(letter));
                letters.any(|letter| seen[usize::from(*letter)] == 1)
            };
            once(&input.text[..tenth]) && once(&input.text[n - tenth..]) && holds_all(input)
        }),
    ]
}

fn uniform(random: &mut Random, count: usize) -> Vec<u8> {
    (0..count).map(|_| b'a' + random.index(26) as u8).collect()
}

/// 4096 letters, of which the r-th of a shuffled alphabet takes a share of 1/r.
fn zipf_table(random: &mut Random) -> Vec<u8> {
    let mut letters: Vec<u8> = (b'a'..=b'z').chain(b'A'..=b'Z').collect();
    random.shuffle(&mut letters);
    let harmonic: f64 = (1..=letters.len()).map(|rank| 1.0 / rank as f64).sum();
    let mut table = Vec::with_capacity(4096);
    for (rank, letter) in (1..).zip(&letters) {
        let share = 4096.0 / (rank as f64 * harmonic);
        table.extend(std::iter::repeat_n(*letter, share as usize));
    }
    // What rounding down left over.
    table.resize(4096, letters[0]);
    table
}

fn duplicates_in_target(at: &At, random: &mut Random) -> Input {
    let (n, m) = (at.size("n"), at.size("m"));
    let letters = shuffled_alphabet(random);
    let kinds = 1 + random.index((m / 2).min(6));
    let mut target: Vec<u8> = letters[..kinds].repeat(2);
    target.extend((2 * kinds..m).map(|_| *random.choose(&letters[..kinds])));
    random.shuffle(&mut target);
    let mut text = vec![0; n];
    fill(random, &letters[..12], &mut text);
    let length = random.between(m as i64, n.min(3 * m) as i64) as usize;
    let start = random.index(n - length + 1);
    scatter(random, &target, &mut text[start..start + length]);
    random.shuffle(&mut target);
    Input { text, target }
}

/// m times one letter, of which the text has m at every other place and then nothing else: the window of m of them moves
/// by one at its end and by two at its start.
fn improving_windows(at: &At, random: &mut Random) -> Input {
    let (n, m) = (at.size("n"), at.size("m"));
    let letters = shuffled_alphabet(random);
    let mut text = vec![letters[0]; n];
    for place in text[..2 * m - 2].iter_mut().skip(1).step_by(2) {
        *place = *random.choose(&letters[1..]);
    }
    Input {
        text,
        target: vec![letters[0]; m],
    }
}

fn rare_letter_at_each_end(at: &At, random: &mut Random) -> Input {
    let (n, m) = (at.size("n"), at.size("m"));
    let letters = shuffled_alphabet(random);
    let tenth = (n / 10).max(1);
    let (first, last) = (random.index(tenth), n - 1 - random.index(tenth));
    let mut text = vec![0; n];
    fill(random, &letters[2..], &mut text);
    (text[first], text[last]) = (letters[0], letters[1]);
    // The other letters of the target come out of the text between the two, so that there is a window.
    let between = &text[first + 1..last];
    let start = random.index(between.len() - (m - 2) + 1);
    let mut target = between[start..start + m - 2].to_vec();
    target.extend([letters[0], letters[1]]);
    random.shuffle(&mut target);
    Input { text, target }
}

/// Families without a window.
fn unanswerable() -> Vec<Family<MinimumWindowSubstring>> {
    let family = crate::family::<MinimumWindowSubstring>;
    vec![
        family(
            "missing_letter",
            "the text lacks one letter of the target",
            |at, random| {
                let letters = shuffled_alphabet_of_both_cases(random);
                let (n, m) = (at.size("n"), at.size("m"));
                let mut text = vec![0; n];
                fill(random, &letters[1..], &mut text);
                let start = random.index(n);
                let mut target: Vec<u8> = (0..m).map(|place| text[(start + place) % n]).collect();
                target[random.index(m)] = letters[0];
                Input { text, target }
            },
        )
        .holds(|_, input| {
            input
                .target
                .iter()
                .any(|letter| !input.text.contains(letter))
        }),
        family(
            "missing_multiplicity",
            "the text has every letter of the target, but one of them not often enough",
            missing_multiplicity,
        )
        .sizes(2, i64::MAX)
        .bounds("m", "2", "n")
        .defaults("m", "min(n, 8)")
        .holds(|_, input| {
            input
                .target
                .iter()
                .all(|letter| input.text.contains(letter))
                && !holds_all(input)
        }),
        family(
            "target_longer_than_text",
            "the target has all letters of the text and more",
            |at, random| {
                let text = uniform(random, at.size("n"));
                let mut target = uniform(random, at.size("m"));
                scatter(random, &text, &mut target);
                Input { text, target }
            },
        )
        .sizes(1, 60_000_000)
        .bounds("m", "n + 1", "100_000_000")
        .defaults("m", "n + max(n / 2, 1)")
        .holds(|_, input| {
            let (text, target) = (counts(&input.text), counts(&input.target));
            let all = text.iter().zip(&target).all(|(here, there)| here <= there);
            all && input.target.len() > input.text.len()
        }),
    ]
}

fn missing_multiplicity(at: &At, random: &mut Random) -> Input {
    let (n, m) = (at.size("n"), at.size("m"));
    let letters = shuffled_alphabet(random);
    let needed = 2 + random.index(m - 1);
    let mut text = vec![0; n];
    fill(random, &letters[1..], &mut text);
    let mut scarce = vec![letters[0]; needed - 1];
    scatter(random, &scarce, &mut text);
    // The others come out of the text, which therefore has enough of them.
    let start = random.index(n);
    let others = text[start..].iter().chain(&text[..start]);
    let others = others.filter(|letter| **letter != letters[0]);
    let mut target: Vec<u8> = others.take(m - needed).copied().collect();
    scarce.push(letters[0]);
    target.append(&mut scarce);
    random.shuffle(&mut target);
    Input { text, target }
}

/// Families whose counts do not fit some counter.
fn counted() -> Vec<Family<MinimumWindowSubstring>> {
    let family = crate::family::<MinimumWindowSubstring>;
    vec![
        family(
            "counts_over_255",
            "a window must hold more than 255 of one letter, and there is one",
            mostly_one_letter,
        )
        .sizes(400, i64::MAX)
        .fixes("m", "300")
        .holds(|_, input| most_needed(input) > 255 && holds_all(input)),
        family(
            "large_counts",
            "a window must hold more than 65,535 of one letter, and there is one",
            mostly_one_letter,
        )
        .sizes(80_000, i64::MAX)
        .fixes("m", "66_000")
        .holds(|_, input| most_needed(input) > 65_535 && holds_all(input)),
    ]
}

fn most_needed(input: &Input) -> u32 {
    counts(&input.target).into_iter().max().unwrap_or(0)
}

/// All of the target but four letters, and fifteen of sixteen letters of the text, are the same.
fn mostly_one_letter(at: &At, random: &mut Random) -> Input {
    let (n, m) = (at.size("n"), at.size("m"));
    let letters = shuffled_alphabet(random);
    let letter = |random: &mut Random| match random.index(16) {
        0 => *random.choose(&letters[1..]),
        _ => letters[0],
    };
    let text: Vec<u8> = (0..n).map(|_| letter(random)).collect();
    let start = random.index(n);
    let others = text[start..].iter().chain(&text[..start]);
    let others = others.filter(|letter| **letter != letters[0]);
    let mut target: Vec<u8> = others.take(4).copied().collect();
    target.resize(m, letters[0]);
    random.shuffle(&mut target);
    Input { text, target }
}

//! The checker accepts every shortest window and refuses everything else.

use super::references::{both, windows_of_length};
use super::{Input, MinimumWindowSubstring, Output};
use crate::{Accepted, Mismatch, Problem, Random};

fn input(text: &str, target: &str) -> Input {
    Input {
        text: text.into(),
        target: target.into(),
    }
}

fn check(input: &Input, window: &[u8]) -> Result<Accepted, Mismatch> {
    let output = Output {
        window: window.to_vec(),
    };
    MinimumWindowSubstring::check(input, &MinimumWindowSubstring::answer(input), &output)
}

fn reason(text: &str, target: &str, window: &str) -> String {
    let refused = check(&input(text, target), window.as_bytes());
    refused.expect_err("a wrong output").reason
}

#[test]
fn worked_windows_are_found_by_both_references() {
    for (text, target, window) in [
        ("ADOBECODEBANC", "ABC", "BANC"),
        ("a", "a", "a"),
        ("a", "aa", ""),
        ("a", "A", ""),
        ("abc", "aab", ""),
        ("xaxbxa", "aab", "axbxa"),
        ("aaab", "aab", "aab"),
        ("zabz", "zz", "zabz"),
        ("ab", "abab", ""),
    ] {
        for reference in both() {
            let found = (reference.solve)(&input(text, target)).window;
            let found = String::from_utf8(found).unwrap();
            assert_eq!(found, window, "{} of {target} in {text}", reference.name);
        }
    }
}

#[test]
fn every_shortest_window_is_accepted_and_no_other_piece_of_the_text() {
    // All pieces of all texts of three letters, small enough to hold each against the definition.
    let mut random = Random::of_text("windows");
    for _ in 0..300 {
        let letters = |random: &mut Random, most| {
            let count = 1 + random.index(most);
            (0..count).map(|_| *random.choose(b"abA")).collect()
        };
        let input = Input {
            text: letters(&mut random, 10),
            target: letters(&mut random, 4),
        };
        let holds = |piece: &[u8]| {
            let count = |text: &[u8], letter| text.iter().filter(|other| **other == letter).count();
            let target = &input.target;
            target
                .iter()
                .all(|letter| count(piece, *letter) >= count(target, *letter))
        };
        let pieces = || (1..=input.text.len()).flat_map(|length| input.text.windows(length));
        let shortest = pieces().find(|piece| holds(piece)).map(<[u8]>::len);
        assert_eq!(MinimumWindowSubstring::answer(&input), shortest);
        for piece in pieces() {
            let is_right = holds(piece) && Some(piece.len()) == shortest;
            assert_eq!(
                check(&input, piece).is_ok(),
                is_right,
                "{input:?} {piece:?}"
            );
        }
        assert_eq!(check(&input, b"").is_ok(), shortest.is_none());
        if let Some(length) = shortest {
            for start in windows_of_length(&input, length) {
                assert!(check(&input, &input.text[start..start + length]).is_ok());
            }
        }
    }
}

#[test]
fn each_way_to_be_wrong_has_its_reason() {
    for (window, expected) in [
        ("", "no window is given, but there is one of 4 letters"),
        ("BA", "the window lacks 1 of the letter C"),
        ("BAN", "the window lacks 1 of the letter C"),
        ("banc", "the window lacks 1 of the letter A"),
        ("ADOBEC", "the window has 6 letters, a shortest one 4"),
        ("CNAB", "the window does not stand in the text"),
        ("ABC", "the window does not stand in the text"),
        ("BANC ", "the window does not stand in the text"),
    ] {
        assert_eq!(reason("ADOBECODEBANC", "ABC", window), expected);
    }
    assert_eq!(
        reason("xayaz", "aa", "xa"),
        "the window lacks 1 of the letter a"
    );
    assert_eq!(
        reason("abc", "aab", "abc"),
        "the window lacks 1 of the letter a"
    );
    assert_eq!(
        reason("abc", "aab", "aab"),
        "the window does not stand in the text"
    );
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let refused = check(&input("aba", "a"), &[b'a', 0xFF]).unwrap_err();
    assert_eq!(refused.reason, "the window does not stand in the text");
}

//! The checker refuses every kind of wrong output, at every place.

use super::{Input, Output, SlidingWindowMaximum, references};
use crate::Problem;

fn input(numbers: &[i32], k: i64) -> Input {
    Input {
        numbers: numbers.to_vec(),
        k,
    }
}

fn reason(input: &Input, maxima: &[i32]) -> String {
    let output = Output {
        maxima: maxima.to_vec(),
    };
    SlidingWindowMaximum::check(input, &(), &output)
        .expect_err("a wrong output")
        .reason
}

#[test]
fn worked_windows_are_accepted() {
    for (numbers, k, maxima) in [
        (&[1, 3, -1, -3, 5, 3, 6, 7][..], 3, &[3, 3, 5, 5, 6, 7][..]),
        (&[4], 1, &[4]),
        (&[2, 1], 1, &[2, 1]),
        (&[2, 1], 2, &[2]),
        (&[i32::MIN, i32::MIN, i32::MAX], 2, &[i32::MIN, i32::MAX]),
        (&[5, 5, 4, 4, 4], 2, &[5, 5, 4, 4]),
    ] {
        let input = input(numbers, k);
        for reference in references::both() {
            assert_eq!(
                (reference.solve)(&input).maxima,
                maxima,
                "{}",
                reference.name
            );
        }
        let output = Output {
            maxima: maxima.to_vec(),
        };
        assert!(SlidingWindowMaximum::check(&input, &(), &output).is_ok());
    }
}

#[test]
fn too_few_or_too_many_maxima_are_refused() {
    let input = input(&[1, 2, 3, 4], 2);
    for maxima in [&[2, 3][..], &[2, 3, 4, 4], &[]] {
        let expected = format!("there are 3 windows, but {} maxima", maxima.len());
        assert_eq!(reason(&input, maxima), expected);
    }
}

#[test]
fn a_maximum_changed_anywhere_is_refused_there() {
    // Every n and k up to 9: each place is the first, the last and an inner one of a block.
    for n in 1..=9 {
        let numbers: Vec<i32> = (0..n).map(|index| index * 5 % 9 - 4).collect();
        for k in 1..=n {
            let input = input(&numbers, k.into());
            let [doubling, _] = references::both();
            let right = (doubling.solve)(&input).maxima;
            for window in 0..right.len() {
                for change in [-1, 1] {
                    let mut maxima = right.clone();
                    maxima[window] += change;
                    let expected = right[window];
                    let got = expected + change;
                    assert_eq!(
                        reason(&input, &maxima),
                        format!("the greatest of window {window} is {expected}, not {got}")
                    );
                }
            }
        }
    }
}

#[test]
fn a_greater_integer_from_outside_the_window_is_refused() {
    let input = input(&[9, 1, 2, 1, 8], 3);
    assert!(reason(&input, &[9, 9, 8]).contains("window 1"));
    assert!(reason(&input, &[9, 8, 8]).contains("window 1"));
}

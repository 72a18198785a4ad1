//! The certificate: every combination is valid, none stands twice, and there are as many as dynamic programming counts.

use std::ops::Range;

use super::counting::groups;
use super::{Input, Supply};
use crate::{Accepted, Lists, Mismatch, accept_if};

/// Whether these are all combinations of an input, each once; `count` is how many there are.
pub(crate) fn check(
    input: &Input,
    supply: Supply,
    count: u64,
    combinations: &Lists<i32>,
) -> Result<Accepted, Mismatch> {
    let groups = groups(&input.candidates, supply, input.target);
    let mut values: Vec<i32> = Vec::with_capacity(combinations.total());
    let mut ranges = Vec::with_capacity(combinations.len());
    for combination in combinations.iter() {
        let start = values.len();
        values.extend_from_slice(combination);
        let sorted = &mut values[start..];
        // Most solutions list ascending values, for which this is one pass.
        sorted.sort_unstable();
        let sum: i64 = sorted.iter().map(|&value| i64::from(value)).sum();
        if sum != input.target {
            let (shown, target) = (shown(combination), input.target);
            return Err(Mismatch::new(format!(
                "{shown} add up to {sum}, not to {target}"
            )));
        }
        for equal in sorted.chunk_by(|a, b| a == b) {
            let value = i64::from(equal[0]);
            let group = groups.binary_search_by_key(&value, |group| group.value);
            let most = group.map_or(0, |index| groups[index].most);
            if equal.len() as i64 > most {
                let (shown, taken) = (shown(combination), equal.len());
                return Err(Mismatch::new(match most {
                    0 => format!("{shown} hold {value}, which is no candidate"),
                    most => format!("{shown} hold {value} {taken} times; there are {most} of it"),
                }));
            }
        }
        ranges.push(start..values.len());
    }
    if let Some(twice) = first_twice(&values, &mut ranges) {
        let shown = shown(&values[twice]);
        return Err(Mismatch::new(format!("{shown} stand there twice")));
    }
    accept_if(combinations.len() as u64 == count, || {
        let found = combinations.len();
        format!("{found} of the {count} combinations are there")
    })
}

/// A combination that stands there twice. A million in random order are sorted by a number made of their values, and only
/// those that agree in it are compared.
fn first_twice(values: &[i32], ranges: &mut [Range<usize>]) -> Option<Range<usize>> {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15; // 2^64 over the golden ratio spreads the bits of a product
    let mix = |mixed: u64, value: &i32| (mixed.rotate_left(23) ^ *value as u64).wrapping_mul(ODD);
    let of = |range: &Range<usize>| &values[range.clone()];
    if ranges.is_sorted_by(|a, b| of(a) < of(b)) {
        return None; // in ascending order, as many solutions list them
    }
    ranges.sort_by_cached_key(|range| of(range).iter().fold(0, mix));
    let key = |range: &Range<usize>| of(range).iter().fold(0, mix);
    for alike in ranges.chunk_by_mut(|a, b| key(a) == key(b)) {
        alike.sort_unstable_by(|a, b| of(a).cmp(of(b)));
        if let Some(pair) = alike.windows(2).find(|pair| of(&pair[0]) == of(&pair[1])) {
            return Some(pair[0].clone());
        }
    }
    None
}

/// The values of a combination; of a long one the first.
fn shown(combination: &[i32]) -> String {
    const MOST: usize = 12;
    let values: Vec<String> = combination
        .iter()
        .take(MOST)
        .map(ToString::to_string)
        .collect();
    let dots = if combination.len() > MOST { " ..." } else { "" };
    format!("the values `{}{dots}`", values.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 5 = 1 + 2 + 2 = 1 + 4 = 5 from these candidates, each once.
    const CANDIDATES: [i32; 5] = [4, 2, 1, 5, 2];

    fn checked(lists: &[&[i32]]) -> Result<Accepted, Mismatch> {
        let input = Input {
            target: 5,
            candidates: CANDIDATES.to_vec(),
        };
        let mut combinations = Lists::default();
        lists.iter().for_each(|list| combinations.push(list));
        check(&input, Supply::AsGiven, 3, &combinations)
    }

    fn refused(lists: &[&[i32]]) -> String {
        checked(lists).expect_err("a wrong output").reason
    }

    #[test]
    fn the_combinations_are_right_in_any_order() {
        assert!(checked(&[&[1, 2, 2], &[1, 4], &[5]]).is_ok());
        assert!(checked(&[&[5], &[4, 1], &[2, 1, 2]]).is_ok());
    }

    #[test]
    fn a_missing_combination_is_refused() {
        assert_eq!(
            refused(&[&[1, 4], &[5]]),
            "2 of the 3 combinations are there"
        );
        assert!(refused(&[]).starts_with("0 of the 3"));
    }

    #[test]
    fn a_combination_in_two_orders_is_refused() {
        assert!(refused(&[&[1, 2, 2], &[4, 1], &[1, 4]]).contains("twice"));
    }

    #[test]
    fn a_wrong_sum_is_refused_even_if_it_is_empty() {
        assert!(refused(&[&[1, 2, 2], &[1, 5], &[5]]).contains("add up to 6"));
        assert!(refused(&[&[], &[1, 4], &[5]]).contains("add up to 0"));
    }

    #[test]
    fn a_value_that_is_no_candidate_is_refused() {
        assert!(refused(&[&[3, 2], &[1, 4], &[5]]).contains("no candidate"));
        assert!(refused(&[&[-1, 6], &[1, 4], &[5]]).contains("no candidate"));
    }

    #[test]
    fn a_value_taken_too_often_is_refused() {
        assert!(refused(&[&[1, 1, 1, 2], &[1, 4], &[5]]).contains("3 times; there are 1"));
    }

    #[test]
    fn a_value_may_be_taken_again_where_the_supply_is_unlimited() {
        let input = Input {
            target: 6,
            candidates: vec![2, 3],
        };
        let mut combinations = Lists::default();
        combinations.push(&[3, 3]);
        combinations.push(&[2, 2, 2]);
        assert!(check(&input, Supply::Unlimited, 2, &combinations).is_ok());
        assert!(check(&input, Supply::AsGiven, 2, &combinations).is_err());
    }
}

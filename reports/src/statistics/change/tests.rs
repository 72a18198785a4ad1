//! Against vectors that were worked out by hand.

use super::*;
use crate::statistics::assert_near;

#[test]
fn three_below_three_are_one_subset_of_twenty_on_either_side() {
    // The rank sum 1+2+3 = 6 is the least of the C(6,3) = 20 subsets, and there is one cut: 2/20.
    let cut = best_cut(&[5.0, 4.0, 6.0, 12.0, 10.0, 11.0]).unwrap();
    assert_eq!(cut.at, 3);
    assert_near(cut.probability, 0.1);
    assert_near(cut.ratio, 11.0 / 5.0);
}

#[test]
fn the_probability_is_multiplied_by_the_cuts_that_were_looked_at() {
    // 4 against 4: 2 of C(8,4) = 70; cuts at 3, 4 and 5. At 3 it is 2/56, at 5 as well: the middle one is the least likely.
    let cut = best_cut(&[1.0, 2.0, 3.0, 4.0, 15.0, 16.0, 17.0, 18.0]).unwrap();
    assert_eq!(cut.at, 4);
    assert_near(cut.probability, 3.0 * 2.0 / 70.0);
}

#[test]
fn one_value_out_of_place_costs_what_the_table_of_mann_and_whitney_says() {
    // 1 2 3 4 6 | 5 7 8 9 10: the rank sum 16 is the second least of 5 of 10: 15 and 16 are one subset each, 2 of C(10,5) = 252,
    // so 4/252 on both sides. At 4 the sum is 10, the least: 2/210 = 0.0095 is less, and there are 5 cuts (3 to 7).
    let values = [1.0, 2.0, 3.0, 4.0, 6.0, 5.0, 7.0, 8.0, 9.0, 10.0];
    assert_near(best_cut(&values).unwrap().probability, 5.0 * 2.0 / 210.0);
    let ranks = doubled_ranks(&values);
    assert_near(two_sided(&subsets(&ranks)[5], 32), 4.0 / 252.0);
}

#[test]
fn a_step_lies_where_it_is_high_and_not_where_the_ranks_are_most_uneven() {
    // The first value behind the step is the least of its level, so that a cut behind it separates the ranks as well, and more
    // evenly: 2 of C(9,4) = 126 instead of 2 of C(9,3) = 84.
    let cut = best_cut(&[10.0, 10.2, 10.1, 15.0, 15.3, 15.1, 15.2, 15.4, 15.5]).unwrap();
    assert_eq!(cut.at, 3);
    assert_near(cut.probability, 4.0 * 2.0 / 126.0);
}

#[test]
fn equal_values_share_the_mean_of_their_ranks() {
    // 1 1 2 2 3 3 have the ranks 1.5 1.5 3.5 3.5 5.5 5.5. Of the 20 subsets of three, {1.5, 1.5, 3.5} has the least sum, 6.5, and
    // there are two of them: twice 2/20.
    assert_eq!(
        doubled_ranks(&[1.0, 1.0, 2.0, 2.0, 3.0, 3.0]),
        [3, 3, 7, 7, 11, 11]
    );
    let cut = best_cut(&[1.0, 2.0, 1.0, 2.0, 3.0, 3.0]).unwrap();
    assert_near(cut.probability, 0.2);
    // All equal: every subset has the same sum.
    assert_near(best_cut(&[7.0; 8]).unwrap().probability, 1.0);
}

#[test]
fn the_counts_are_those_of_all_subsets() {
    let ranks = doubled_ranks(&[3.0, 1.0, 2.0, 2.0, 9.0]);
    let counts = subsets(&ranks);
    assert_eq!(counts.len(), 6);
    for (size, counts) in (0_u32..).zip(&counts) {
        for (sum, count) in counts.iter().enumerate() {
            let is_one = |subset: &u32| {
                let of = (0..5).filter(|place| subset >> place & 1 == 1);
                let total: usize = of.map(|place| ranks[place]).sum();
                subset.count_ones() == size && total == sum
            };
            let listed = (0..32_u32).filter(is_one).count();
            assert_eq!(*count, listed as f64, "{size} {sum}");
        }
    }
}

#[test]
fn a_shuffled_sequence_is_cut_no_more_often_than_was_said() {
    // All 5040 orders of seven values, two cuts each: the share whose best cut has a probability of at most p is at most p.
    let mut orders = Vec::new();
    permutations(&mut (1..=7).map(f64::from).collect(), 0, &mut orders);
    assert_eq!(orders.len(), 5040);
    for p in [0.12, 0.2, 0.5] {
        let cut = orders
            .iter()
            .filter(|order| best_cut(order).unwrap().probability <= p);
        let share = cut.count() as f64 / 5040.0;
        assert!(share <= p, "{share} of them at {p}");
    }
}

fn permutations(values: &mut Vec<f64>, from: usize, all: &mut Vec<Vec<f64>>) {
    if from == values.len() {
        all.push(values.clone());
    }
    for place in from..values.len() {
        values.swap(from, place);
        permutations(values, from + 1, all);
        values.swap(from, place);
    }
}

/// Values around a level, none of them twice.
fn around(level: f64, count: usize) -> impl Iterator<Item = f64> {
    (0..count).map(move |place| level + 0.01 * ((place * 7) % count) as f64)
}

#[test]
fn a_step_up_and_one_down_are_both_found_with_the_levels_beside_them() {
    let values: Vec<f64> = around(10.0, 12)
        .chain(around(14.0, 12))
        .chain(around(7.0, 12))
        .collect();
    let found = cuts(&values, 0.01, 0.02);
    let places: Vec<usize> = found.iter().map(|cut| cut.at).collect();
    assert_eq!(places, [12, 24]);
    assert!((found[0].ratio - 1.4).abs() < 0.01, "{found:?}");
    assert!((found[1].ratio - 0.5).abs() < 0.01, "{found:?}");
}

#[test]
fn a_change_below_the_threshold_is_none() {
    let values: Vec<f64> = around(100.0, 12).chain(around(101.0, 12)).collect();
    assert_eq!(cuts(&values, 0.01, 0.02), []);
    assert_eq!(cuts(&values, 0.01, 0.005).len(), 1);
}

#[test]
fn a_clear_step_takes_as_many_values_as_methodology_says() {
    // Trends that are looked at, values before, values behind; one less does not do. No cut but the true one separates all ranks:
    // the values beside it are neither the greatest before nor the least behind.
    for (trends, before, behind) in [
        (1.0, 5, 9),
        (1.0, 10, 5),
        (1.0, 40, 3),
        (20.0, 10, 9),
        (200.0, 20, 7),
    ] {
        let is_step = |behind| {
            let mut values: Vec<f64> = around(10.0, before).chain(around(14.0, behind)).collect();
            values[before - 1] = 9.99;
            values[before] = 15.0;
            let cut = best_cut(&values);
            cut.is_some_and(|cut| cut.at == before && cut.probability <= 0.01 / trends)
        };
        assert!(is_step(behind), "{trends} {before} {behind}");
        assert!(!is_step(behind - 1), "{trends} {before} {behind}");
    }
}

#[test]
fn one_outlier_is_no_step_and_too_few_values_say_nothing() {
    let mut values: Vec<f64> = around(10.0, 20).collect();
    values[11] = 1000.0;
    assert_eq!(cuts(&values, 0.01, 0.02), []);
    assert_eq!(best_cut(&[1.0, 1.0, 1.0, 9.0, 9.0]), None);
    assert_eq!(best_cut(&[1.0; MOST + 1]), None);
    assert_eq!(best_cut(&[1.0, 1.0, 1.0, f64::NAN, 9.0, 9.0]), None);
}

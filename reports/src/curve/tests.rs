//! From rows to what is said about them.

use vocabulary::{CaseId, Kind, Verdict};

use super::*;
use crate::Measurement;

const LADDER: [i64; 7] = [1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000];

fn row(case: &str, verdict: Verdict, cost: f64) -> Measurement {
    let case: CaseId = case.parse().unwrap();
    Measurement {
        cpu_ns_min: Some(cost.round() as u64),
        ..Measurement::new(case, "mine", Kind::Function, Target::Function, verdict)
    }
}

fn rows(sizes: &[i64], cost: impl Fn(f64) -> f64) -> Vec<Measurement> {
    let row = |n: &i64| row(&format!("p/f@n={n}#0"), Verdict::Accepted, cost(*n as f64));
    sizes.iter().map(row).collect()
}

fn curve_of(rows: &[Measurement]) -> Curve {
    let mut curves = curves(rows, Metric::CpuMinimum, |_| Some(Axis::new("n")));
    assert_eq!(curves.len(), 1);
    curves.remove(0)
}

fn curve(sizes: &[i64], cost: impl Fn(f64) -> f64) -> Curve {
    curve_of(&rows(sizes, cost))
}

fn names(curve: &Curve) -> Vec<&str> {
    curve.warnings.iter().map(Warning::name).collect()
}

#[test]
fn a_clean_curve_has_a_class_an_exponent_and_no_warnings() {
    let curve = curve(&LADDER, |n| 3.0 * n * n.ln());
    assert_eq!(curve.classes_in_words(), "n log n");
    assert_eq!(names(&curve), [""; 0]);
    assert_eq!(curve.kink, None);
    let exponent = curve.exponent.unwrap();
    assert!((1.05..1.15).contains(&exponent.value), "{exponent:?}");
    assert_eq!(
        (curve.cost_at(1000), curve.cost_at(999)),
        (Some(20723.0), None)
    ); // 3000 ln 1000
}

#[test]
fn a_set_of_several_classes_is_called_undecided() {
    let mut curve = curve(&LADDER, |n| n);
    let growths = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    curve.classes = growths(&["n", "n*log(n)"]);
    assert_eq!(curve.classes_in_words(), "undecided between n and n log n");
    assert_eq!(curve.decided(), None);
    curve.classes = growths(&["n", "n*log(n)", "n*sqrt(n)"]);
    assert_eq!(
        curve.classes_in_words(),
        "undecided between n, n log n and n sqrt n"
    );
}

#[test]
fn three_sizes_are_too_few_for_a_class_and_have_an_exponent() {
    let curve = curve(&[1000, 10_000, 100_000], |n| n);
    assert_eq!(curve.classes_in_words(), "unknown");
    assert_eq!(names(&curve), ["too_few_sizes"]);
    assert!((curve.exponent.unwrap().value - 1.0).abs() < 1e-9);
    assert_eq!(curve.keeps_to(&"n".parse().unwrap()), None);
}

#[test]
fn a_bound_is_broken_only_where_the_whole_set_lies_above() {
    let mut curve = curve(&LADDER, |n| n * n);
    let keeps = |curve: &Curve, bound: &str| curve.keeps_to(&bound.parse().unwrap());
    assert_eq!(keeps(&curve, "n*log(n)"), Some(false));
    assert_eq!(keeps(&curve, "n^2"), Some(true));
    assert_eq!(keeps(&curve, "k"), None);
    curve.classes = vec!["n*log(n)".parse().unwrap(), "n^2".parse().unwrap()];
    assert_eq!(keeps(&curve, "n*log(n)"), Some(true));
    assert_eq!(keeps(&curve, "n"), Some(false));
}

#[test]
fn a_rise_that_few_sizes_may_show_by_chance_breaks_no_bound() {
    // Linear work of which one run on a busy machine made "n log n" of four sizes. By hand, with x in steps of the size (-1.5, -0.5,
    // 0.5, 1.5): ln(cost / n) is 0.735, 0.813, 0.926, 0.911; its slope is 0.0640 a step, the residuals leave 0.0590, the
    // standard error is sqrt(0.0590^2 / 2 / 5) = 0.0186, and t = 3.43 is less than the 4.30 of two degrees of freedom.
    let costs = [2086.0, 4508.0, 10_096.0, 19_892.0];
    let sizes = [1000, 2000, 4000, 8000];
    let few = curve(&sizes, |n| costs[(n / 1000.0).log2() as usize]);
    assert_eq!(few.classes_in_words(), "n log n");
    assert_eq!(few.keeps_to(&"n".parse().unwrap()), Some(true));
    // Without noise, as instructions are counted, the same four sizes are enough.
    let exact = curve(&sizes, |n| 1000.0 * n * n.ln());
    assert_eq!(exact.keeps_to(&"n".parse().unwrap()), Some(false));
}

#[test]
fn a_term_of_lower_order_that_is_greater_is_named_with_the_size() {
    // n + 50,000 instructions: the constant is greater up to 30,000.
    let mut rows = rows(&LADDER, |n| n);
    for (row, n) in rows.iter_mut().zip(LADDER) {
        row.instructions = Some(n as u64 + 50_000);
    }
    let curves = curves(&rows, Metric::Instructions, |_| Some(Axis::new("n")));
    assert_eq!(curves[0].classes_in_words(), "n");
    let warning = Warning::LowerOrderDominated { size: 30_000 };
    assert_eq!(curves[0].warnings, [warning]);
    assert!(curves[0].exponent.unwrap().value < 0.6);
}

#[test]
fn times_that_outgrow_their_instructions_say_so() {
    // A thousand instructions for each of n, each of which takes 1 ns below n = 100,000 and 4 ns from there on.
    let with_counts = |cost: &dyn Fn(f64) -> f64| {
        let mut rows = rows(&LADDER, cost);
        for (row, n) in rows.iter_mut().zip(LADDER) {
            row.instructions = Some(1000 * n as u64);
        }
        curve_of(&rows)
    };
    let missing_the_cache = with_counts(&|n| 1000.0 * n * if n < 100_000.0 { 1.0 } else { 4.0 });
    let found = missing_the_cache.warnings.iter();
    let found = found.filter(|warning| matches!(warning, Warning::DearerInstructions { .. }));
    assert_eq!(
        found.collect::<Vec<_>>(),
        [&Warning::DearerInstructions { factor: 4.0 }]
    );
    let steady = with_counts(&|n| 1000.0 * n);
    assert_eq!(names(&steady), [""; 0]);
}

#[test]
fn rows_of_the_same_size_become_one_point_their_median() {
    let seeds = [(0, 10.0), (1, 30.0), (2, 11.0)];
    let rows = seeds.map(|(seed, cost)| row(&format!("p/f@n=5#{seed}"), Verdict::Accepted, cost));
    let curve = curve_of(&rows);
    assert_eq!(curve.points.len(), 1);
    assert_eq!(curve.cost_at(5), Some(11.0));
}

#[test]
fn points_that_are_drowned_by_their_overhead_are_shown_but_say_nothing_of_the_growth() {
    // n ns of work beside a start of 3000 ns, whose scatter flattens the three smallest sizes.
    let mut rows = rows(&[10, 100, 1000], |_| 2500.0);
    rows.extend(self::rows(
        &[
            4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 512_000,
        ],
        |n| n,
    ));
    for row in &mut rows {
        row.overhead_ns = Some(3000);
    }
    let curve = curve_of(&rows);
    assert_eq!(curve.points.len(), 11);
    assert_eq!(curve.classes_in_words(), "n");
    // Counted, the smallest sizes would speak for something slower.
    for row in &mut rows {
        row.overhead_ns = None;
    }
    assert_ne!(curve_of(&rows).classes_in_words(), "n");
}

#[test]
fn only_accepted_rows_with_the_metric_count() {
    let mut all = rows(&LADDER, |n| n);
    all.push(row("p/f@n=10000000#0", Verdict::TimeLimit, 5.0));
    all.push(Measurement {
        cpu_ns_min: None,
        ..row("p/f@n=20000000#0", Verdict::Accepted, 5.0)
    });
    assert_eq!(curve_of(&all).points.len(), LADDER.len());
    assert!(curves(&all, Metric::WallMedian, |_| Some(Axis::new("n"))).is_empty());
    assert!(curves(&all, Metric::CpuMinimum, |_| Some(Axis::new("k"))).is_empty());
    assert!(curves(&all, Metric::CpuMinimum, |_| None).is_empty());
}

#[test]
fn families_targets_solutions_and_hosts_are_never_pooled() {
    let one = row("p/f@n=5#0", Verdict::Accepted, 5.0);
    let mut all = vec![one.clone(); 5];
    all[1].case.family = "g".to_owned();
    all[2].target = Target::Process;
    all[3].solution = "other".to_owned();
    all[4].run.host_id = "there".to_owned();
    assert_eq!(
        curves(&all, Metric::CpuMinimum, |_| Some(Axis::new("n"))).len(),
        5
    );
}

#[test]
fn a_full_cache_is_a_kink_at_its_size() {
    // Linear up to 30,000, and steeper by 0.8 beyond.
    let sizes: Vec<i64> = (0..11)
        .map(|step| (1000.0 * 10_f64.powf(0.3 * f64::from(step))).round() as i64)
        .collect();
    let curve = curve(&sizes, |n| 100.0 * n * (n / 30_000.0).max(1.0).powf(0.8));
    let kink = curve.kink.unwrap();
    assert_eq!(kink.size, sizes[5]); // 31,623
    assert!((0.7..0.9).contains(&kink.change), "{kink:?}");
}

#[test]
fn an_exponential_bends_by_itself_and_has_neither_kink_nor_warning() {
    let curve = curve(&[4, 6, 9, 12, 16, 20, 24], |n| 50.0 * n.exp2());
    assert_eq!(curve.classes_in_words(), "2^n");
    assert_eq!(curve.kink, None);
    assert_eq!(names(&curve), [""; 0]);
}

#[test]
fn a_product_of_two_parameters_is_named_where_the_problem_names_it() {
    let rows: Vec<Measurement> = [100, 200, 400, 800, 1600, 3200]
        .map(|n| {
            row(
                &format!("p/f@n={n},capacity={}#0", 10 * n),
                Verdict::Accepted,
                (30 * n * n) as f64,
            )
        })
        .to_vec();
    let axis = Axis {
        products: vec!["n*capacity".parse().unwrap()],
        ..Axis::new("n")
    };
    let curves = curves(&rows, Metric::CpuMinimum, |_| Some(axis.clone()));
    assert_eq!(curves[0].classes_in_words(), "n capacity");
    assert_eq!(
        curves[0].keeps_to(&"n*capacity".parse().unwrap()),
        Some(true)
    );
    assert_eq!(curves[0].keeps_to(&"n".parse().unwrap()), Some(false));
}

#[test]
fn every_weakness_has_its_warning() {
    let near = curve(&[100, 110, 120, 130, 140, 150], |n| n);
    assert_eq!(names(&near), ["narrow_range"]);

    let dip = curve(&LADDER, |n| if n == 10_000.0 { 100.0 } else { n });
    assert_eq!(names(&dip), ["non_monotonic", "no_class_fits"]);

    let mut small = rows(&LADDER, |n| n);
    for row in &mut small {
        row.overhead_ns = Some(1000); // twenty times that is 20,000: the first three sizes cost less
        row.drift = Some(-0.07);
    }
    let small = curve_of(&small);
    assert_eq!(
        small.warnings,
        [
            Warning::OverheadDominated { size: 10_000 },
            Warning::MachineDrifted { drift: 0.07 }
        ]
    );
    for warning in near
        .warnings
        .iter()
        .chain(&dip.warnings)
        .chain(&small.warnings)
    {
        assert!(
            warning.to_string().contains(": "),
            "{warning} does not say what to do"
        );
    }
}

#[test]
fn a_curve_is_written_as_its_row() {
    let row = curve(&LADDER, |n| 7.0 * n).row();
    assert_eq!(
        (row.axis.as_str(), row.metric.as_str()),
        ("n", "cpu_ns_min")
    );
    assert_eq!(
        (row.axis_min, row.axis_max, row.points),
        (Some(1000), Some(1_000_000), 7)
    );
    assert_eq!(
        (row.classes, row.decided),
        (vec!["n".parse().unwrap()], true)
    );
    assert!(row.exponent_low.unwrap() <= row.exponent.unwrap());
}

#[test]
fn threads_have_a_speed_up_and_no_growth() {
    // 8 ms, 4.2 ms and 2.5 ms on 1, 2 and 4 threads: 3.2 times as fast.
    let rows: Vec<Measurement> = [(1, 8000.0), (2, 4200.0), (4, 2500.0)]
        .map(|(threads, cost)| Measurement {
            threads: Some(threads),
            ..row("p/f@n=1000#0", Verdict::Accepted, cost)
        })
        .to_vec();
    let curves = curves(&rows, Metric::CpuMinimum, |_| Some(Axis::new(THREADS)));
    let curve = &curves[0];
    assert_eq!(curve.in_words(), "3.20 times as fast with 4");
    assert!(curve.classes.is_empty() && curve.warnings.is_empty());
    assert_eq!(curve.keeps_to(&"1".parse().unwrap()), None);
    // Of other axes they are no part.
    assert_eq!(curve_of(&rows).points.len(), 1);
}

#[test]
fn counts_of_different_counters_are_different_curves() {
    let counted = |tier: &str, n: i64, count: u64| Measurement {
        instructions: Some(count),
        instruction_tier: Some(tier.to_owned()),
        ..row(&format!("p/f@n={n}#0"), Verdict::Accepted, 1.0)
    };
    let rows = [
        counted("callgrind", 10, 100),
        counted("hardware", 10, 130),
        counted("callgrind", 20, 200),
    ];
    let found = curves(&rows, Metric::Instructions, |_| Some(Axis::new("n")));
    let costs = |curve: &Curve| curve.points.iter().map(|point| point.cost).collect();
    let costs: Vec<Vec<f64>> = found.iter().map(costs).collect();
    assert_eq!(costs, [vec![100.0, 200.0], vec![130.0]]);
    // Of times they are one.
    assert_eq!(curve_of(&rows).points.len(), 2);
}

//! The rules, one by one.

use vocabulary::{Kind, Target};

use super::*;
use crate::Leaderboard;

fn row(solution: &str, n: i64, verdict: Verdict, cpu_ns: u64) -> Measurement {
    let case = format!("knapsack/random@n={n}#0").parse().unwrap();
    Measurement {
        cpu_ns_median: Some(cpu_ns).filter(|_| cpu_ns > 0),
        ..Measurement::new(case, solution, Kind::Function, Target::Function, verdict)
    }
}

fn accepted(solution: &str, times: &[(i64, u64)]) -> Vec<Measurement> {
    let rows = times.iter();
    rows.map(|(n, cpu_ns)| row(solution, *n, Verdict::Accepted, *cpu_ns))
        .collect()
}

fn board(rows: &[Vec<Measurement>]) -> Leaderboard {
    let rows: Vec<Measurement> = rows.concat();
    let mut boards = crate::leaderboards(&rows, Metric::of_target);
    assert_eq!(boards.len(), 1);
    boards.remove(0)
}

/// Names in order, with the ratio to two digits or the reason.
fn places(board: &Leaderboard) -> Vec<String> {
    let show = |standing: &Standing| match &standing.place {
        Ok(place) => format!(
            "{} {} {:.2}",
            place.rank, standing.solution, place.ratio.mean
        ),
        Err(_) => format!("- {} {}", standing.solution, standing.note().unwrap()),
    };
    board.standings.iter().map(show).collect()
}

#[test]
fn the_ratio_is_the_geometric_mean_over_the_shared_cases() {
    // Ratios to the best: a 1 and 1; b 2 and 8, mean 4; the third case is not b's, and does not count.
    let board = board(&[
        accepted("b", &[(1, 20), (2, 80)]),
        accepted("a", &[(1, 10), (2, 10), (3, 1)]),
    ]);
    assert_eq!(places(&board), ["1 a 1.00", "2 b 4.00"]);
    assert_eq!(board.shared_cases, 2);
}

#[test]
fn the_best_may_be_another_one_in_each_case() {
    // a: 1 and 3, mean sqrt 3; b: 2 and 1, mean sqrt 2.
    let board = board(&[
        accepted("a", &[(1, 10), (2, 30)]),
        accepted("b", &[(1, 20), (2, 10)]),
    ]);
    assert_eq!(places(&board), ["1 b 1.41", "2 a 1.73"]);
}

#[test]
fn a_failure_is_counted_and_never_turned_into_a_ratio() {
    let board = board(&[
        accepted("right", &[(1, 100), (2, 100)]),
        accepted("wrong", &[(1, 1)]),
        vec![
            row("wrong", 2, Verdict::WrongAnswer, 1),
            row("wrong", 3, Verdict::TimeLimit, 9),
        ],
    ]);
    assert_eq!(
        places(&board),
        ["1 right 1.00", "- wrong failed: 1 WA, 1 TLE"]
    );
    let rows = board.rows();
    assert_eq!((rows[0].failed, rows[0].cases), (0, 2));
    assert_eq!((rows[1].failed, rows[1].cases, rows[1].rank), (2, 1, None));
    assert_eq!((rows[1].geomean_ratio, rows[1].ratio_low), (None, None));
}

#[test]
fn the_judges_fault_and_a_skipped_case_are_nobodys_failure() {
    let board = board(&[
        accepted("a", &[(1, 10), (2, 10)]),
        accepted("b", &[(1, 20)]),
        vec![
            row("b", 2, Verdict::JudgeError, 0),
            row("c", 1, Verdict::Skipped, 0),
        ],
    ]);
    assert_eq!(places(&board), ["1 a 1.00", "2 b 2.00", "- c not measured"]);
}

#[test]
fn a_right_solution_with_few_cases_does_not_shrink_what_is_shared() {
    let ladder = |sizes: i64, cpu_ns: u64| (1..=sizes).map(|n| (n, cpu_ns)).collect::<Vec<_>>();
    // With slow, 3 of 10 cases would be shared; without it all; middling keeps 5 of 10, which is half.
    let fast = accepted("fast", &ladder(10, 10));
    let board_of_two = board(&[fast.clone(), accepted("slow", &ladder(3, 40))]);
    assert_eq!(
        places(&board_of_two),
        ["1 fast 1.00", "- slow measured on 3 of 10 cases"]
    );
    assert_eq!(board_of_two.shared_cases, 10);
    let board_of_three = board(&[
        fast,
        accepted("slow", &ladder(3, 40)),
        accepted("middling", &ladder(5, 20)),
    ]);
    assert_eq!(
        places(&board_of_three),
        [
            "1 fast 1.00",
            "2 middling 2.00",
            "- slow measured on 3 of 10 cases"
        ]
    );
    assert_eq!(board_of_three.shared_cases, 5);
}

#[test]
fn solutions_that_share_no_case_are_not_ranked() {
    let board = board(&[accepted("a", &[(1, 10)]), accepted("b", &[(2, 10)])]);
    assert_eq!(
        places(&board),
        [
            "- a measured on 1 of 2 cases",
            "- b measured on 1 of 2 cases"
        ]
    );
}

#[test]
fn every_host_has_a_leaderboard_of_its_own() {
    let on = |host: &str, rows: Vec<Measurement>| {
        let stamp = |mut row: Measurement| {
            row.run.host_id = host.to_owned();
            row
        };
        rows.into_iter().map(stamp).collect::<Vec<_>>()
    };
    // One host is a hundred times as fast as the other, on which `c` never ran.
    let rows = [
        on("slow", accepted("a", &[(1, 1000)])),
        on("slow", accepted("b", &[(1, 2000)])),
        on("fast", accepted("b", &[(1, 20)])),
        on("fast", accepted("c", &[(1, 50)])),
    ];
    let boards = crate::leaderboards(&rows.concat(), Metric::of_target);
    let shown: Vec<(&str, Vec<String>)> = boards
        .iter()
        .map(|board| (board.host_id.as_str(), places(board)))
        .collect();
    let expected = [
        ("fast", ["1 b 1.00", "2 c 2.50"].map(str::to_owned).to_vec()),
        ("slow", ["1 a 1.00", "2 b 2.00"].map(str::to_owned).to_vec()),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn what_is_faster_than_its_bytes_is_neither_a_figure_nor_a_failure() {
    let mut impossible = row("quick", 1, Verdict::Accepted, 1);
    impossible.bytes_per_second = Some(4e12);
    let board = board(&[
        accepted("a", &[(1, 10), (2, 10)]),
        accepted("quick", &[(2, 20)]),
        vec![impossible],
    ]);
    assert_eq!(places(&board), ["1 a 1.00", "2 quick 2.00"]);
    assert_eq!(board.shared_cases, 1);
    let note = board.standings[1].note().unwrap();
    assert!(
        note.starts_with("1 row set aside: more than the 0.77 TB/s"),
        "{note}"
    );
    assert_eq!(board.rows()[1].failed, 0);
}

#[test]
fn what_is_wrong_by_design_is_in_no_leaderboard() {
    let mut greedy = row("greedy", 1, Verdict::WrongAnswer, 1);
    greedy.expected = Some(Verdict::WrongAnswer);
    let board = board(&[accepted("a", &[(1, 10)]), vec![greedy]]);
    assert_eq!(places(&board), ["1 a 1.00"]);
}

#[test]
fn the_overall_leaderboard_is_of_those_that_answer_several_problems() {
    let of = |problem: &str, rows: Vec<Measurement>| {
        let rename = |mut row: Measurement| {
            row.case.problem = problem.to_owned();
            row
        };
        rows.into_iter().map(rename).collect::<Vec<_>>()
    };
    // anna: 1 and 1 in p, 3 in q. ben: 2 and 4 in p, 1 in q. Means: cubic roots of 3 and 8. carl answers p alone, and is the best
    // there, which is nothing to anna and ben overall.
    let rows = [
        of("p", accepted("anna", &[(1, 10), (2, 10)])),
        of("p", accepted("ben", &[(1, 20), (2, 40)])),
        of("p", accepted("carl", &[(1, 1), (2, 1)])),
        of("q", accepted("anna", &[(1, 30)])),
        of("q", accepted("ben", &[(1, 10)])),
    ];
    let boards = crate::leaderboards(&rows.concat(), Metric::of_target);
    let titles: Vec<String> = boards.iter().map(Leaderboard::title).collect();
    assert_eq!(titles, ["p", "q", "p and q together"]);
    assert_eq!(places(&boards[2]), ["1 anna 1.44", "2 ben 2.00"]);
    assert_eq!(boards[2].shared_cases, 3);
    assert_eq!(boards[2].rows()[0].problem, "p;q");
}

#[test]
fn counts_of_two_counters_are_never_divided() {
    let count = |solution: &str, tier: &str, instructions: u64| {
        let mut row = row(solution, 1, Verdict::Accepted, 0);
        (row.instructions, row.instruction_tier) = (Some(instructions), Some(tier.to_owned()));
        row
    };
    let rows = [count("a", "perf", 10), count("b", "callgrind", 20)];
    let boards = crate::leaderboards(&rows, |_| Metric::Instructions);
    assert_eq!(boards[0].shared_cases, 0);
}

#[test]
fn the_latest_run_counts_and_a_failure_within_it() {
    let at = |utc: &str, verdict, cpu_ns| {
        let mut row = row("a", 1, verdict, cpu_ns);
        row.run.utc = utc.to_owned();
        row
    };
    let (early, late) = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
    let mended = [
        at(late, Verdict::Accepted, 5),
        at(early, Verdict::WrongAnswer, 0),
    ];
    assert_eq!(places(&board(&[mended.to_vec()])), ["1 a 1.00"]);
    let flaky = [
        at(late, Verdict::WrongAnswer, 0),
        at(late, Verdict::Accepted, 5),
    ];
    assert_eq!(places(&board(&[flaky.to_vec()])), ["- a failed: 1 WA"]);
    let timed_and_not = [
        at(late, Verdict::Accepted, 5),
        at(late, Verdict::Accepted, 0),
    ];
    assert_eq!(places(&board(&[timed_and_not.to_vec()])), ["1 a 1.00"]);
}

#[test]
fn neighbours_are_separated_only_where_their_intervals_do_not_overlap() {
    // b is 2 to 2.02 times a: clear. c is 2 or 4 times: its interval reaches over that of b.
    let board = board(&[
        accepted("a", &[(1, 100), (2, 100), (3, 100)]),
        accepted("b", &[(1, 200), (2, 201), (3, 202)]),
        accepted("c", &[(1, 200), (2, 400), (3, 400)]),
    ]);
    let separated: Vec<Option<bool>> = board
        .rows()
        .iter()
        .map(|row| row.separated_from_next)
        .collect();
    assert_eq!(separated, [Some(true), Some(false), None]);
    assert!(board.rows().iter().all(|row| row.ratio_low.unwrap() >= 1.0));
}

#[test]
fn one_shared_case_has_no_interval_and_separates_nobody() {
    let board = board(&[accepted("a", &[(1, 10)]), accepted("b", &[(1, 1000)])]);
    let rows = board.rows();
    assert_eq!((rows[0].ratio_low, rows[0].ratio_high), (None, None));
    assert_eq!(rows[0].separated_from_next, Some(false));
}

#[test]
fn problems_and_targets_have_leaderboards_of_their_own() {
    let mut program = row("a", 1, Verdict::Accepted, 10);
    program.target = Target::Process;
    let mut other = row("a", 1, Verdict::Accepted, 10);
    other.case = "kth_largest/random@n=1#0".parse().unwrap();
    let rows = [row("a", 1, Verdict::Accepted, 10), program, other];
    let boards = crate::leaderboards(&rows, Metric::of_target);
    let groups: Vec<(&str, Target)> = boards
        .iter()
        .map(|board| (board.problems[0].as_str(), board.target))
        .collect();
    assert_eq!(
        groups,
        [
            ("knapsack", Target::Process),
            ("knapsack", Target::Function),
            ("kth_largest", Target::Function)
        ]
    );
}

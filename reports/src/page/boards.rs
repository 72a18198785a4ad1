//! Leaderboards as they are shown, each machine by itself.

use std::collections::BTreeMap;

use vocabulary::Verdict;

use super::plane::short;
use super::refit::Fitted;
use super::rows::Row;
use crate::leaderboard::Standing;
use crate::{Leaderboard, Measurement, Metric, leaderboards};

/// A leaderboard.
pub(super) struct Board {
    pub heading: String,
    pub anchor: String,
    pub metric: Metric,
    pub cases: u64,
    pub places: Vec<PlaceLine>,
    pub unranked: Vec<UnrankedLine>,
    /// Neighbours that the intervals do not tell apart.
    pub not_separated: Vec<String>,
}

/// A ranked solution.
pub(super) struct PlaceLine {
    pub rank: u64,
    pub solution: String,
    pub ratio: String,
    pub interval: String,
    pub growth: String,
    /// From the least to the greatest of the board, in percent of the width: low, ratio, high.
    pub bar: Option<[String; 3]>,
    /// Whether its interval ends below that of the next. `None` of the last.
    pub is_clear: Option<bool>,
    pub row: usize,
}

/// A solution without a rank.
pub(super) struct UnrankedLine {
    pub solution: String,
    pub reason: String,
    pub row: usize,
}

/// All leaderboards. Solutions that are wrong by design are in none.
pub(super) fn boards(rows: &[Row], fitted: &[Fitted], many_hosts: bool) -> Vec<Board> {
    let mut hosts: BTreeMap<&str, Vec<Measurement>> = BTreeMap::new();
    for row in rows
        .iter()
        .filter(|row| row.of.wanted() == Verdict::Accepted)
    {
        let host = hosts.entry(&row.of.run.host_id).or_default();
        host.push(row.of.clone());
    }
    let mut boards = Vec::new();
    for (host, measurements) in &hosts {
        for board in leaderboards(measurements) {
            let heading = match many_hosts {
                true => format!("{}, {}, host {host}", board.problem, board.target),
                false => format!("{}, {}", board.problem, board.target),
            };
            let anchor = format!("b{}", boards.len());
            boards.push(shown(&board, heading, anchor, host, rows, fitted));
        }
    }
    boards
}

fn shown(
    board: &Leaderboard,
    heading: String,
    anchor: String,
    host: &str,
    rows: &[Row],
    fitted: &[Fitted],
) -> Board {
    let highest = |standing: &Standing| {
        let ratio = standing.place.as_ref().ok()?.ratio;
        Some(ratio.interval.map_or(ratio.mean, |interval| interval.high))
    };
    let most = board
        .standings
        .iter()
        .filter_map(highest)
        .fold(2.0, f64::max);
    let across = |ratio: f64| short(100.0 * ratio.max(1.0).ln() / most.ln());
    let row_of = |solution: &str| row_of(board, solution, host, rows);
    let (mut places, mut unranked, mut not_separated) = (Vec::new(), Vec::new(), Vec::new());
    for (index, standing) in board.standings.iter().enumerate() {
        let solution = standing.solution.clone();
        let row = row_of(&solution);
        match &standing.place {
            Ok(place) => {
                let (mean, interval) = (place.ratio.mean, place.ratio.interval);
                if place.separated_from_next == Some(false)
                    && let Some(next) = board.standings.get(index + 1)
                {
                    not_separated.push(format!("{solution} and {}", next.solution));
                }
                places.push(PlaceLine {
                    rank: place.rank,
                    is_clear: place.separated_from_next,
                    growth: growth_of(board, &solution, host, fitted),
                    ratio: format!("{mean:.2}"),
                    interval: interval
                        .map(|at| format!("{:.2} to {:.2}", at.low, at.high))
                        .unwrap_or_default(),
                    bar: interval.map(|at| [at.low, mean, at.high].map(across)),
                    row,
                    solution,
                });
            }
            Err(_) => unranked.push(UnrankedLine {
                reason: standing.reason().unwrap_or_default(),
                row,
                solution,
            }),
        }
    }
    Board {
        heading,
        anchor,
        metric: board.metric,
        cases: board.shared_cases,
        places,
        unranked,
        not_separated,
    }
}

/// The first row of a solution that was measured, or its first.
fn row_of(board: &Leaderboard, solution: &str, host: &str, rows: &[Row]) -> usize {
    let theirs = || {
        rows.iter().filter(|row| {
            let of = row.of;
            of.solution == solution
                && of.target == board.target
                && of.case.problem == board.problem
                && of.run.host_id == host
        })
    };
    let measured = theirs().find(|row| board.metric.of(row.of).is_some());
    measured
        .or_else(|| theirs().next())
        .map_or(0, |row| row.number)
}

/// The growth classes that a solution's curves are decided for, each once; `undecided` if none is.
fn growth_of(board: &Leaderboard, solution: &str, host: &str, fitted: &[Fitted]) -> String {
    let theirs = fitted.iter().map(|fitted| &fitted.curve).filter(|curve| {
        curve.solution == solution
            && curve.target == board.target
            && curve.problem == board.problem
            && curve.host_id == host
    });
    let (mut words, mut curves): (Vec<String>, usize) = (Vec::new(), 0);
    for curve in theirs {
        curves += 1;
        let word = curve.decided().map(vocabulary::Growth::in_words);
        words.extend(word.filter(|word| !words.contains(word)));
    }
    match (words.is_empty(), curves) {
        (true, 0) => String::new(),
        (true, _) => "undecided".to_owned(),
        _ => words.join(", "),
    }
}

//! Leaderboards as they are shown, each machine by itself.

use super::plane::short;
use super::refit::Fitted;
use super::rows::Row;
use crate::leaderboard::Standing;
use crate::{Leaderboard, Metric, leaderboards};

/// A leaderboard.
pub(super) struct Board {
    pub heading: String,
    pub anchor: String,
    pub metric: Metric,
    pub cases: u64,
    pub places: Vec<PlaceLine>,
    /// What is to be said of solutions: why one has no rank, what is not believed.
    pub notes: Vec<Note>,
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

/// What is to be said of a solution.
pub(super) struct Note {
    pub solution: String,
    pub text: String,
    pub row: usize,
}

/// All leaderboards.
pub(super) fn boards(rows: &[Row], fitted: &[Fitted], many_hosts: bool) -> Vec<Board> {
    let boards = leaderboards(rows.iter().map(|row| row.of), Metric::of_target);
    let shown = boards.iter().enumerate().map(|(place, board)| {
        let mut heading = format!("{}, {}", board.title(), board.target);
        if many_hosts {
            heading += &format!(", host {}", board.host_id);
        }
        shown(board, heading, format!("b{place}"), rows, fitted)
    });
    shown.collect()
}

fn shown(
    board: &Leaderboard,
    heading: String,
    anchor: String,
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
    let (mut places, mut notes) = (Vec::new(), Vec::new());
    for standing in &board.standings {
        let solution = standing.solution.clone();
        let row = row_of(board, &solution, rows);
        if let Some(text) = standing.note() {
            let solution = solution.clone();
            notes.push(Note {
                solution,
                text,
                row,
            });
        }
        if let Ok(place) = &standing.place {
            let (mean, interval) = (place.ratio.mean, place.ratio.interval);
            places.push(PlaceLine {
                rank: place.rank,
                is_clear: place.separated_from_next,
                growth: growth_of(board, &solution, fitted),
                ratio: format!("{mean:.2}"),
                interval: interval
                    .map(|at| format!("{:.2} to {:.2}", at.low, at.high))
                    .unwrap_or_default(),
                bar: interval.map(|at| [at.low, mean, at.high].map(across)),
                row,
                solution,
            });
        }
    }
    let not_separated = board.not_separated().into_iter();
    Board {
        heading,
        anchor,
        metric: board.metric,
        cases: board.shared_cases,
        places,
        notes,
        not_separated: not_separated
            .map(|(one, other)| format!("{one} and {other}"))
            .collect(),
    }
}

/// The first row of a solution that was measured, or its first.
fn row_of(board: &Leaderboard, solution: &str, rows: &[Row]) -> usize {
    let theirs = || {
        rows.iter().filter(|row| {
            let of = row.of;
            of.solution == solution
                && of.target == board.target
                && board.problems.contains(&of.case.problem)
                && of.run.host_id == board.host_id
        })
    };
    let measured = theirs().find(|row| board.metric.of(row.of).is_some());
    measured
        .or_else(|| theirs().next())
        .map_or(0, |row| row.number)
}

/// The growth classes that a solution's curves are decided for, each once; `undecided` if none is.
fn growth_of(board: &Leaderboard, solution: &str, fitted: &[Fitted]) -> String {
    let theirs = fitted.iter().map(|fitted| &fitted.curve).filter(|curve| {
        curve.solution == solution
            && curve.target == board.target
            && board.problems == [curve.problem.as_str()]
            && curve.host_id == board.host_id
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

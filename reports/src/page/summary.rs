//! What a reader should know after ten seconds.

use super::boards::Board;
use super::refit::Fitted;
use super::verdicts::SolutionLine;

/// The figures at the top of the page.
pub(super) struct Summary {
    /// Solutions, each target by itself.
    pub solutions: usize,
    /// Those with the verdict that was expected of them.
    pub as_expected: usize,
    /// Those that were to be right and are not, or the other way about: the first few, with their row.
    pub unexpected: Vec<(String, usize)>,
    pub problems: usize,
    pub curves: usize,
    /// Curves with a single growth class.
    pub decided: usize,
    pub winners: Vec<Winner>,
}

/// Who leads a leaderboard.
pub(super) struct Winner {
    pub heading: String,
    pub anchor: String,
    pub solution: String,
    pub row: usize,
    pub growth: String,
    /// The second, and how far it is behind.
    pub next: String,
    /// Whether the intervals of the two do not overlap. `None` of one alone.
    pub is_clear: Option<bool>,
}

/// Names that stand in the headline; the others stand among the verdicts.
const NAMED: usize = 5;

pub(super) fn summary(solutions: &[SolutionLine], boards: &[Board], curves: &[Fitted]) -> Summary {
    let mut problems: Vec<&str> = solutions.iter().map(|line| line.problem).collect();
    problems.sort_unstable();
    problems.dedup();
    let unexpected = solutions.iter().filter(|line| !line.is_expected);
    Summary {
        solutions: solutions.len(),
        as_expected: solutions.iter().filter(|line| line.is_expected).count(),
        unexpected: unexpected
            .take(NAMED)
            .map(|line| {
                let label = format!("{}/{} {}", line.problem, line.solution, line.verdict);
                (label, line.row)
            })
            .collect(),
        problems: problems.len(),
        curves: curves.len(),
        decided: curves
            .iter()
            .filter(|fitted| fitted.curve.decided().is_some())
            .count(),
        winners: boards.iter().filter_map(winner).collect(),
    }
}

fn winner(board: &Board) -> Option<Winner> {
    let first = board.places.first()?;
    let next = board.places.get(1);
    Some(Winner {
        heading: board.heading.clone(),
        anchor: board.anchor.clone(),
        solution: first.solution.clone(),
        row: first.row,
        growth: first.growth.clone(),
        next: next
            .map(|next| format!("{} {}", next.ratio, next.solution))
            .unwrap_or_default(),
        is_clear: first.is_clear,
    })
}

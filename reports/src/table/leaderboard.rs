//! Leaderboards as text and as Markdown.

use super::{Align, Table};
use crate::Leaderboard;

/// One table a leaderboard, as aligned text.
pub fn leaderboard_table(boards: &[Leaderboard]) -> String {
    let many_hosts = has_many_hosts(boards);
    let tables = boards.iter().map(|board| {
        let note = not_separated(board)
            .map(|note| format!("  note: {note}\n"))
            .unwrap_or_default();
        format!("{}\n{}{note}", heading(board, many_hosts), table(board))
    });
    tables.collect::<Vec<_>>().join("\n")
}

/// One section a leaderboard, in Markdown.
pub fn leaderboard_markdown(boards: &[Leaderboard]) -> String {
    let many_hosts = has_many_hosts(boards);
    let sections = boards.iter().map(|board| {
        let note = not_separated(board)
            .map(|note| format!("\nNote: {note}.\n"))
            .unwrap_or_default();
        format!(
            "### {}\n\n{}{note}",
            heading(board, many_hosts),
            table(board).markdown()
        )
    });
    sections.collect::<Vec<_>>().join("\n")
}

fn has_many_hosts(boards: &[Leaderboard]) -> bool {
    boards
        .iter()
        .any(|board| board.host_id != boards[0].host_id)
}

/// `knapsack, process: ratio of CPU time (median) to the best, 12 shared cases`
fn heading(board: &Leaderboard, many_hosts: bool) -> String {
    let cases = match board.shared_cases {
        0 => "no shared case".to_owned(),
        1 => "1 shared case".to_owned(),
        many => format!("{many} shared cases"),
    };
    let (title, target, metric) = (board.title(), board.target, board.metric);
    let host = match many_hosts {
        true => format!(" on host {}", board.host_id),
        false => String::new(),
    };
    format!("{title}, {target}{host}: ratio of {metric} to the best, {cases}")
}

fn table(board: &Leaderboard) -> Table {
    let mut table = Table::new(&[
        ("rank", Align::Right),
        ("solution", Align::Left),
        ("ratio", Align::Right),
        ("95% interval", Align::Left),
        ("failed", Align::Right),
        ("note", Align::Left),
    ]);
    for standing in &board.standings {
        let place = standing.place.as_ref().ok();
        let interval = place.and_then(|place| place.ratio.interval);
        table.row([
            place.map_or_else(|| "-".to_owned(), |place| place.rank.to_string()),
            standing.solution.clone(),
            place
                .map(|place| format!("{:.2}", place.ratio.mean))
                .unwrap_or_default(),
            interval
                .map(|interval| format!("{:.2} to {:.2}", interval.low, interval.high))
                .unwrap_or_default(),
            standing.failed().to_string(),
            standing.note().unwrap_or_default(),
        ]);
    }
    table
}

/// The neighbours whose intervals overlap, by name.
fn not_separated(board: &Leaderboard) -> Option<String> {
    let pairs = board.not_separated().into_iter();
    let pairs: Vec<String> = pairs
        .map(|(one, other)| format!("{one} and {other}"))
        .collect();
    (!pairs.is_empty()).then(|| format!("not separated: {}", pairs.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Measurement, Metric, leaderboards};
    use vocabulary::{Kind, Target, Verdict};

    fn boards() -> Vec<Leaderboard> {
        let row = |solution: &str, n: i64, verdict, cpu_ns| Measurement {
            cpu_ns_median: cpu_ns,
            ..Measurement::new(
                format!("knapsack/random@n={n}#0").parse().unwrap(),
                solution,
                Kind::Program,
                Target::Process,
                verdict,
            )
        };
        let rows = [
            row("one_row", 1, Verdict::Accepted, Some(100)),
            row("one_row", 2, Verdict::Accepted, Some(100)),
            row("two_rows", 1, Verdict::Accepted, Some(150)),
            row("two_rows", 2, Verdict::Accepted, Some(150)),
            row("table", 1, Verdict::Accepted, Some(200)),
            row("table", 2, Verdict::Accepted, Some(100)),
            row("greedy", 1, Verdict::WrongAnswer, Some(1)),
        ];
        leaderboards(&rows, Metric::of_target)
    }

    #[test]
    fn ranked_stand_first_and_overlapping_neighbours_are_named() {
        // table: 2 and 1, mean sqrt 2; ln 2 (0, 1) has deviation ln 2 / sqrt 2, standard error ln 2 / 2, t = 12.706:
        // up to exp(ln 2 (1/2 + 12.706/2)) = 2^6.853 = 115.6.
        let lines = [
            "knapsack, process: ratio of CPU time (median) to the best, 2 shared cases",
            "rank  solution  ratio  95% interval    failed  note",
            "   1  one_row    1.00  1.00 to 1.00         0",
            "   2  table      1.41  1.00 to 115.60       0",
            "   3  two_rows   1.50  1.50 to 1.50         0",
            "   -  greedy                                1  failed: 1 WA",
            "  note: not separated: one_row and table, table and two_rows",
            "",
        ];
        assert_eq!(leaderboard_table(&boards()), lines.join("\n"));
    }

    #[test]
    fn markdown_says_the_same() {
        let lines = [
            "### knapsack, process: ratio of CPU time (median) to the best, 2 shared cases",
            "",
            "| rank | solution | ratio | 95% interval | failed | note |",
            "| --: | :-- | --: | :-- | --: | :-- |",
            "| 1 | one_row | 1.00 | 1.00 to 1.00 | 0 |  |",
            "| 2 | table | 1.41 | 1.00 to 115.60 | 0 |  |",
            "| 3 | two_rows | 1.50 | 1.50 to 1.50 | 0 |  |",
            "| - | greedy |  |  | 1 | failed: 1 WA |",
            "",
            "Note: not separated: one_row and table, table and two_rows.",
            "",
        ];
        assert_eq!(leaderboard_markdown(&boards()), lines.join("\n"));
    }
}

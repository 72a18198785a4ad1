//! What GitHub Actions is told: lines that become annotations, and the job's summary.

use std::io::Write;
use std::path::Path;

use reports::comparison::Change;

use super::row::{Row, headline, notes, table};

/// Whether this is a job of GitHub Actions.
pub fn is_wanted() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// A line for each row that somebody should look at.
pub fn lines(rows: &[Row]) -> Vec<String> {
    let line = |row: &Row| {
        let (level, title) = match row.change() {
            Some(Change::Slower) => ("error", "slower"),
            Some(Change::Undecided) => ("warning", "undecided"),
            Some(Change::Same | Change::Faster) => return None,
            None if row.is_broken() => ("error", "not right"),
            None => ("warning", "not compared"),
        };
        let mut text = row.title();
        if row.change().is_some() {
            text = format!("{text}: {}", row.shown());
        }
        for remark in row.remarks() {
            text = format!("{text}; {remark}");
        }
        Some(format!(
            "::{level} title=judge compare, {title}::{}",
            escaped(&text)
        ))
    };
    rows.iter().filter_map(line).collect()
}

/// As workflow commands want their text.
fn escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The comparison in Markdown, for a pull request or a summary.
pub fn markdown(rows: &[Row], what: &str) -> String {
    let mut text = format!(
        "### {}\n\n{what}\n\n{}",
        headline(rows),
        table(rows).markdown()
    );
    for note in notes(rows) {
        text.push_str(&format!("\n- {note}"));
    }
    text.push('\n');
    text
}

/// Adds Markdown to the summary of the job, if it has one.
pub fn summarise(text: &str) -> std::io::Result<()> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY") else {
        return Ok(());
    };
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(Path::new(&path))?
        .write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::Side;
    use super::super::row::Compared;
    use super::*;
    use vocabulary::{Target, Verdict};

    #[test]
    fn what_is_not_right_is_an_error_whose_text_is_escaped() {
        let row = Row {
            solution: "knapsack/B.cpp".to_owned(),
            case: None,
            target: Target::Process,
            metric: "CPU time".to_owned(),
            threshold: 0.02,
            result: Compared::Not {
                side: Some((Side::Head, Verdict::CompileError)),
                reason: "100% wrong\nat line 1".to_owned(),
            },
        };
        assert_eq!(
            lines(&[row]),
            ["::error title=judge compare, not right::knapsack/B.cpp; 100%25 wrong%0Aat line 1"]
        );
    }
}

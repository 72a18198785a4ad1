//! A failing case, so that one sees at a glance what went wrong.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::screen::paint;

/// What is shown of a failing case.
pub struct Shown<'a> {
    /// Verdict, name of the case, and what its family promises.
    pub heading: String,
    /// Why.
    pub detail: &'a str,
    /// The input as a program reads it.
    pub input: &'a [u8],
    /// A right output, if there is one to show.
    pub expected: Option<&'a [u8]>,
    /// The output, if the checker looked at it.
    pub got: Option<&'a [u8]>,
    /// Standard error.
    pub errors: &'a [u8],
    /// What was said, if the program talked with an interactor, a line each.
    pub transcript: Option<&'a str>,
    /// The command that shows it again.
    pub again: Option<String>,
}

/// Lines shown of a text, and columns of a line.
const LINES: usize = 8;
const COLUMNS: usize = 92;

impl Shown<'_> {
    /// The failure as lines.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        let _ = writeln!(text, "{}", paint(red, &self.heading));
        for line in self.detail.lines().take(LINES) {
            let _ = writeln!(text, "    {line}");
        }
        let difference = self
            .expected
            .zip(self.got)
            .and_then(|(expected, got)| first_difference(expected, got));
        section(&mut text, "input", self.input, None);
        if let Some(expected) = self.expected {
            section(
                &mut text,
                "expected (one right output)",
                expected,
                difference,
            );
        }
        if let Some(got) = self.got {
            section(&mut text, "got", got, difference);
            if let Some((line, column)) = difference {
                let _ = writeln!(
                    text,
                    "  first difference: line {}, column {}",
                    line + 1,
                    column + 1
                );
            }
        }
        if !self.errors.is_empty() {
            section(&mut text, "standard error", self.errors, None);
        }
        if let Some(transcript) = self.transcript {
            let title = "transcript (> the program, < the interactor)";
            let _ = writeln!(text, "  {}", paint(Style::new().underline(), title));
            for line in both_ends(transcript, 2 * LINES, COLUMNS) {
                let _ = writeln!(text, "    {line}");
            }
        }
        if let Some(again) = &self.again {
            let _ = writeln!(text, "  again: {again}");
        }
        text
    }
}

fn section(text: &mut String, title: &str, content: &[u8], around: Option<(usize, usize)>) {
    let _ = writeln!(text, "  {}", paint(Style::new().underline(), title));
    for line in excerpt(content, around, LINES, COLUMNS) {
        let _ = writeln!(text, "    {line}");
    }
}

/// Line and column, from 0, of the first byte in which two texts differ, white space at the end of lines aside.
pub fn first_difference(a: &[u8], b: &[u8]) -> Option<(usize, usize)> {
    let lines = |text: &[u8]| -> Vec<Vec<u8>> {
        let mut lines: Vec<Vec<u8>> = text
            .split(|byte| *byte == b'\n')
            .map(|line| line.trim_ascii_end().to_vec())
            .collect();
        while lines.last().is_some_and(Vec::is_empty) {
            lines.pop();
        }
        lines
    };
    let (a, b) = (lines(a), lines(b));
    let line = (0..a.len().max(b.len())).find(|line| a.get(*line) != b.get(*line))?;
    let empty = Vec::new();
    let (left, right) = (a.get(line).unwrap_or(&empty), b.get(line).unwrap_or(&empty));
    let column = left.iter().zip(right).take_while(|(x, y)| x == y).count();
    Some((line, column))
}

/// The lines of a text that are worth showing: those around a place, long lines cut in the middle.
pub fn excerpt(
    content: &[u8],
    around: Option<(usize, usize)>,
    lines: usize,
    columns: usize,
) -> Vec<String> {
    if content.trim_ascii().is_empty() {
        return vec!["(empty)".to_owned()];
    }
    let text = String::from_utf8_lossy(content);
    let all: Vec<&str> = text.trim_end().lines().collect();
    let centre = around.map_or(0, |(line, _)| line);
    let first = centre
        .saturating_sub(lines / 2)
        .min(all.len().saturating_sub(lines));
    let last = (first + lines).min(all.len());
    let mut shown = Vec::new();
    if first > 0 {
        shown.push(format!("... {first} lines before"));
    }
    for (index, line) in all.iter().enumerate().take(last).skip(first) {
        let column = around
            .filter(|(line, _)| *line == index)
            .map(|(_, column)| column);
        shown.push(cut(line, column, columns));
    }
    if last < all.len() {
        shown.push(format!("... {} lines more", all.len() - last));
    }
    shown
}

/// The first and the last lines of a text, as many each: how a talk began, and what was said last.
fn both_ends(text: &str, lines: usize, columns: usize) -> Vec<String> {
    let mut all: Vec<String> = text.lines().map(|line| cut(line, None, columns)).collect();
    if all.is_empty() {
        return vec!["(nothing was said)".to_owned()];
    }
    let hidden = all.len().saturating_sub(lines);
    if hidden > 0 {
        let dots = format!("... {hidden} lines more");
        all.splice(lines / 2..lines / 2 + hidden, [dots]);
    }
    all
}

/// A line cut to a width: its two ends, or what surrounds a column. Control characters are made visible.
fn cut(line: &str, column: Option<usize>, columns: usize) -> String {
    let visible: Vec<char> = line
        .chars()
        .map(|c| {
            if c.is_control() && c != '\t' {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect();
    if visible.len() <= columns {
        return visible.into_iter().collect();
    }
    let part = |from: usize, to: usize| visible[from..to].iter().collect::<String>();
    match column
        .map(|column| column.min(visible.len() - 1))
        .filter(|column| *column > columns / 2)
    {
        Some(column) => {
            let start = column.saturating_sub(columns / 2);
            let end = (start + columns).min(visible.len());
            let after = if end < visible.len() {
                format!(" ... {} more", visible.len() - end)
            } else {
                String::new()
            };
            format!("... {}{after}", part(start, end))
        }
        None => {
            let half = columns / 2 - 8;
            let hidden = visible.len() - 2 * half;
            format!(
                "{} ... {hidden} more ... {}",
                part(0, half),
                part(visible.len() - half, visible.len())
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_found_and_trailing_blanks_do_not_count() {
        assert_eq!(first_difference(b"1 2 3\n", b"1 2 3  \n\n"), None);
        assert_eq!(first_difference(b"1 2 3\n", b"1 2 4\n"), Some((0, 4)));
        assert_eq!(first_difference(b"1\n2\n", b"1\n"), Some((1, 0)));
        assert_eq!(first_difference(b"", b""), None);
    }

    #[test]
    fn long_lines_are_cut_in_the_middle_and_long_texts_around_the_place() {
        let line = "x".repeat(500);
        let shown = excerpt(line.as_bytes(), None, 8, 60);
        assert!(
            shown[0].contains("more") && shown[0].len() < 80,
            "{shown:?}"
        );
        let many = (0..100).map(|n| format!("{n}\n")).collect::<String>();
        let shown = excerpt(many.as_bytes(), Some((50, 0)), 4, 60);
        assert!(
            shown.contains(&"50".to_owned()) && shown.len() == 6,
            "{shown:?}"
        );
        assert_eq!(excerpt(b" \n", None, 4, 60), ["(empty)"]);
    }

    #[test]
    fn a_long_transcript_keeps_both_its_ends() {
        let text = (0..10).map(|n| format!("> {n}\n")).collect::<String>();
        let shown = both_ends(&text, 4, 60);
        assert_eq!(shown, ["> 0", "> 1", "... 6 lines more", "> 8", "> 9"]);
        assert_eq!(both_ends("> 1\n", 4, 60), ["> 1"]);
        assert_eq!(both_ends("", 4, 60), ["(nothing was said)"]);
    }

    #[test]
    fn what_surrounds_a_far_column_is_shown() {
        let mut line = "0 ".repeat(300);
        line.push_str("here");
        line.push_str(&" 1".repeat(300));
        let shown = excerpt(line.as_bytes(), Some((0, 600)), 4, 40);
        assert!(shown[0].contains("here"), "{shown:?}");
    }
}

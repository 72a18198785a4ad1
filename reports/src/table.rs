//! Plain tables: aligned text for a terminal or a pipe, and Markdown. No colour: that is for the caller to add.

mod growth;
mod leaderboard;

use std::fmt;

use comfy_table::{CellAlignment, presets};

pub use growth::growth_table;
pub(crate) use growth::{count, exponent, largest_common_size, noted};
pub use leaderboard::{leaderboard_markdown, leaderboard_table};

/// On which side a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Names and words.
    Left,
    /// Numbers.
    Right,
}

/// A table: columns with a name and a side, and rows of texts. `Display` gives aligned text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new(columns: &[(&str, Align)]) -> Self {
        let columns = columns
            .iter()
            .map(|(name, align)| ((*name).to_owned(), *align));
        Table {
            columns: columns.collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row. Cells that are missing at its end stay empty.
    pub fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let mut cells: Vec<String> = cells.into_iter().map(Into::into).collect();
        cells.resize(self.columns.len(), String::new());
        self.rows.push(cells);
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table in Markdown.
    pub fn markdown(&self) -> String {
        let line = |cells: &mut dyn Iterator<Item = String>| {
            let cells: Vec<String> = cells.collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let escape = |text: &String| text.replace('|', "\\|");
        let rule = |align: &Align| match align {
            Align::Left => ":--".to_owned(),
            Align::Right => "--:".to_owned(),
        };
        let mut text = line(&mut self.columns.iter().map(|(name, _)| escape(name)));
        text += &line(&mut self.columns.iter().map(|(_, align)| rule(align)));
        for row in &self.rows {
            text += &line(&mut row.iter().map(escape));
        }
        text
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(self.columns.iter().map(|(name, _)| name));
        table.add_rows(&self.rows);
        for (column, (_, align)) in table.column_iter_mut().zip(&self.columns) {
            column.set_padding((0, 2));
            column.set_cell_alignment(match align {
                Align::Left => CellAlignment::Left,
                Align::Right => CellAlignment::Right,
            });
        }
        for line in table.lines() {
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&[
            ("name", Align::Left),
            ("time", Align::Right),
            ("note", Align::Left),
        ]);
        table.row(["a", "1.00 ms", "x|y"]);
        table.row(["longer", "12 ns"]);
        table
    }

    #[test]
    fn numbers_stand_to_the_right_and_no_line_ends_in_spaces() {
        let lines = [
            "name       time  note",
            "a       1.00 ms  x|y",
            "longer    12 ns",
            "",
        ];
        assert_eq!(table().to_string(), lines.join("\n"));
    }

    #[test]
    fn markdown_keeps_the_sides_and_escapes_bars() {
        let lines = [
            "| name | time | note |",
            "| :-- | --: | :-- |",
            "| a | 1.00 ms | x\\|y |",
            "| longer | 12 ns |  |",
            "",
        ];
        assert_eq!(table().markdown(), lines.join("\n"));
    }
}

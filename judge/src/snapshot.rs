//! The committed counters of all shipped kernels, and what differs from them.
//!
//! ```text
//! kernels/counters.csv           a row a kernel and case: problem, kernel, case, registers, shared_bytes, counters by name
//! kernels/counters_by_line.csv   a row a line of its source, with the line's text, so that a line is known again when
//!                                others are added above it; `file` is empty but for headers
//! ```

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use kernels::{Counters, SourceLine};

use crate::counting::{Counted, CountedLine, LINE_COUNTERS};

/// The files, in a repository.
pub const FILES: [&str; 2] = ["kernels/counters.csv", "kernels/counters_by_line.csv"];

/// The columns before the counters, in each file.
const KEYS: [&str; 5] = ["problem", "kernel", "case", "registers", "shared_bytes"];
const LINE_KEYS: [&str; 5] = ["problem", "kernel", "file", "line", "text"];

/// Counters of kernels, in the order of the kernels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot(pub Vec<Counted>);

impl Snapshot {
    /// What was committed when this judge was built.
    ///
    /// # Errors
    /// What is wrong with the files.
    pub fn embedded() -> Result<Self, String> {
        Self::parse([kernels::COUNTERS, kernels::COUNTERS_BY_LINE])
    }

    /// What a repository holds.
    ///
    /// # Errors
    /// The file that is not there or not of the form, and why.
    pub fn read(root: &Path) -> Result<Self, String> {
        let text = |file: &str| {
            let path = root.join(file);
            std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
        };
        Self::parse([&text(FILES[0])?, &text(FILES[1])?])
    }

    /// Writes both files, each whole or not at all.
    ///
    /// # Errors
    /// The file that cannot be written, and why.
    pub fn write(&self, root: &Path) -> Result<(), String> {
        for (file, text) in FILES.iter().zip(self.text()) {
            let path = root.join(file);
            let beside = path.with_extension("csv.new");
            std::fs::write(&beside, text)
                .and_then(|()| std::fs::rename(&beside, &path))
                .map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(())
    }

    /// The counters of a kernel.
    pub fn of(&self, kernel: &str) -> Option<&Counted> {
        self.0.iter().find(|counted| counted.kernel == kernel)
    }

    fn parse(texts: [&str; 2]) -> Result<Self, String> {
        let names = Counters::default().named().map(|(name, _)| name);
        let mut snapshot = Snapshot::default();
        for row in rows(FILES[0], texts[0])? {
            let counters = names
                .iter()
                .map(|name| Ok((name.to_string(), row.value(name)?)));
            snapshot.0.push(Counted {
                kernel: row.kernel()?,
                case: row.value("case")?,
                registers: row.optional("registers")?,
                shared_bytes: row.optional("shared_bytes")?,
                counters: counters.collect::<Result<_, String>>()?,
                lines: Vec::new(),
            });
        }
        for row in rows(FILES[1], texts[1])? {
            let kernel = row.kernel()?;
            let mut counts = [0; LINE_COUNTERS.len()];
            for (count, name) in counts.iter_mut().zip(LINE_COUNTERS) {
                *count = row.value(name)?;
            }
            let line = CountedLine {
                line: SourceLine {
                    file: match row.cell("file")? {
                        "" => source_of(&kernel),
                        header => header.to_owned(),
                    },
                    line: row.value("line")?,
                },
                text: row.cell("text")?.to_owned(),
                counts,
            };
            let mut counted = snapshot.0.iter_mut();
            let whole = counted.find(|counted| counted.kernel == kernel);
            let whole = whole.ok_or_else(|| row.error("its kernel is not in the other file"))?;
            whole.lines.push(line);
        }
        Ok(snapshot)
    }

    /// Both files.
    fn text(&self) -> [String; 2] {
        let names = Counters::default().named().map(|(name, _)| name);
        let mut whole = vec![[KEYS.as_slice(), &names].concat().join(",")];
        let mut by_line = vec![[LINE_KEYS.as_slice(), &LINE_COUNTERS].concat().join(",")];
        for counted in &self.0 {
            let (problem, kernel) = counted.kernel.split_once('/').unwrap_or_default();
            let keys = [problem, kernel, &counted.case.to_string()].map(quoted);
            let optional = |value: Option<u64>| value.map(|value| value.to_string());
            let resources = [counted.registers, counted.shared_bytes]
                .map(|value| optional(value).unwrap_or_default());
            let counts = counted.counters.iter().map(|(_, count)| count.to_string());
            let cells: Vec<String> = keys
                .iter()
                .cloned()
                .chain(resources)
                .chain(counts)
                .collect();
            whole.push(cells.join(","));
            let source = source_of(&counted.kernel);
            for line in &counted.lines {
                let place = &line.line;
                let header = Some(&place.file).filter(|file| **file != source);
                let header = header.map_or("", String::as_str);
                let cells = [problem, kernel, header, &place.line.to_string(), &line.text];
                let cells = cells.map(quoted).into_iter();
                let cells = cells.chain(line.counts.iter().map(u64::to_string));
                by_line.push(cells.collect::<Vec<_>>().join(","));
            }
        }
        [whole, by_line].map(|lines| lines.join("\n") + "\n")
    }
}

/// The source of a right kernel.
fn source_of(kernel: &str) -> String {
    let (problem, name) = kernel.split_once('/').unwrap_or_default();
    format!("{}/{problem}/accepted/{name}.cu", kernels::FOLDER)
}

/// A cell of CSV.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// A row of a file, read by the names of its columns.
struct Row {
    file: &'static str,
    line: u64,
    cells: BTreeMap<String, String>,
}

fn rows(file: &'static str, text: &str) -> Result<Vec<Row>, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let in_words = |error: csv::Error| format!("{file}: {error}");
    let header = reader.headers().map_err(in_words)?.clone();
    let rows = reader.records().map(|record| {
        let record = record.map_err(in_words)?;
        let cells = header.iter().zip(&record);
        Ok(Row {
            file,
            line: record.position().map_or(0, csv::Position::line),
            cells: cells
                .map(|(name, cell)| (name.to_owned(), cell.to_owned()))
                .collect(),
        })
    });
    rows.collect()
}

impl Row {
    fn error(&self, reason: &str) -> String {
        format!("{}:{}: {reason}", self.file, self.line)
    }

    fn cell(&self, name: &str) -> Result<&str, String> {
        let cell = self.cells.get(name).map(String::as_str);
        cell.ok_or_else(|| self.error(&format!("there is no column `{name}`")))
    }

    fn value<T: FromStr>(&self, name: &str) -> Result<T, String> {
        let cell = self.cell(name)?;
        cell.parse()
            .map_err(|_| self.error(&format!("`{name}` cannot be `{cell}`")))
    }

    fn optional(&self, name: &str) -> Result<Option<u64>, String> {
        match self.cell(name)? {
            "" => Ok(None),
            _ => self.value(name).map(Some),
        }
    }

    fn kernel(&self) -> Result<String, String> {
        Ok(format!(
            "{}/{}",
            self.cell("problem")?,
            self.cell("kernel")?
        ))
    }
}

/// What a kernel counts now, and what it counted.
pub struct Difference<'a> {
    /// Before.
    pub old: &'a Counted,
    /// Now.
    pub new: &'a Counted,
    /// Each counter that changed: its name, before and now.
    pub counters: Vec<(&'a str, u64, u64)>,
}

/// A line whose counts changed; a side is missing where the line is.
#[derive(Debug, PartialEq, Eq)]
pub struct Moved<'a> {
    /// Before.
    pub old: Option<&'a CountedLine>,
    /// Now.
    pub new: Option<&'a CountedLine>,
}

impl<'a> Difference<'a> {
    /// What differs in the counters of the whole run, if anything does.
    pub fn between(old: &'a Counted, new: &'a Counted) -> Option<Self> {
        let pairs = old.counters.iter().zip(&new.counters);
        let counters: Vec<_> = pairs
            .filter(|(old, new)| old != new)
            .map(|((name, old), (_, new))| (name.as_str(), *old, *new))
            .collect();
        (!counters.is_empty()).then_some(Difference { old, new, counters })
    }

    /// The lines whose counts changed, the most changed first. A line is known by its text, then by its number.
    pub fn lines(&self) -> Vec<Moved<'a>> {
        let mut before: Vec<&CountedLine> = self.old.lines.iter().collect();
        let mut take = |is_it: &dyn Fn(&CountedLine) -> bool| {
            let index = before.iter().position(|line| is_it(line))?;
            Some(before.remove(index))
        };
        let mut moved: Vec<Moved<'a>> = Vec::new();
        for new in &self.new.lines {
            let old = take(&|old| old.line.file == new.line.file && old.text == new.text);
            moved.push(Moved {
                old,
                new: Some(new),
            });
        }
        for line in moved.iter_mut().filter(|line| line.old.is_none()) {
            let place = line.new.map(|new| &new.line);
            line.old = take(&|old| Some(&old.line) == place);
        }
        let gone = before.into_iter().map(|old| Moved {
            old: Some(old),
            new: None,
        });
        moved.extend(gone);
        moved.retain(|line| line.weight() > 0);
        moved.sort_by_key(|line| std::cmp::Reverse(line.weight()));
        moved
    }
}

impl<'a> Moved<'a> {
    /// The line as it is now, or as it was.
    pub fn line(&self) -> Option<&'a CountedLine> {
        self.new.or(self.old)
    }

    /// Each count that changed: its name, before and now.
    pub fn counts(&self) -> Vec<(&'static str, u64, u64)> {
        let counts = |line: Option<&CountedLine>| line.map_or([0; 6], |line| line.counts);
        let pairs = counts(self.old).into_iter().zip(counts(self.new));
        let named = LINE_COUNTERS.into_iter().zip(pairs);
        let changed = named.filter(|(_, (old, new))| old != new);
        changed.map(|(name, (old, new))| (name, old, new)).collect()
    }

    /// How much changed, threads aside: they are the instructions of warps, 32 times.
    fn weight(&self) -> u64 {
        let counts = self.counts();
        let counts = counts.iter().filter(|(name, ..)| *name != LINE_COUNTERS[1]);
        counts.map(|(_, old, new)| old.abs_diff(*new)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &[(u32, &str, u64)]) -> Counted {
        let mut counters = Counters::default();
        counters.warp_instructions = lines.iter().map(|(_, _, count)| count).sum();
        let line = |(line, text, count): &(u32, &str, u64)| CountedLine {
            line: SourceLine {
                file: "a.cu".to_owned(),
                line: *line,
            },
            text: (*text).to_owned(),
            counts: [*count, 0, 0, 0, 0, 0],
        };
        Counted {
            kernel: "p/a".to_owned(),
            case: "p/f@n=1,k=2#0".parse().unwrap(),
            registers: Some(12),
            shared_bytes: None,
            counters: counters.named().map(|(n, c)| (n.to_owned(), c)).into(),
            lines: lines.iter().map(line).collect(),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let snapshot = Snapshot(vec![counted(&[(3, "a, \"b\"", 7), (9, "c", 1)])]);
        let [whole, by_line] = snapshot.text();
        assert_eq!(Snapshot::parse([&whole, &by_line]), Ok(snapshot));
        let without = whole.replace("warp_instructions", "something");
        let error = Snapshot::parse([&without, &by_line]).unwrap_err();
        assert!(error.contains("no column `warp_instructions`"), "{error}");
    }

    #[test]
    fn a_line_is_known_again_by_its_text_and_else_by_its_number() {
        let old = counted(&[(3, "same", 7), (4, "before", 10), (5, "gone", 2)]);
        let new = counted(&[(4, "same", 7), (4, "after", 30)]);
        let difference = Difference::between(&old, &new).unwrap();
        assert_eq!(difference.counters, [("warp_instructions", 19, 37)]);
        let lines = difference.lines();
        let shown: Vec<_> = lines
            .iter()
            .map(|l| (l.line().unwrap().text.as_str(), l.counts()))
            .collect();
        assert_eq!(
            shown,
            [
                ("after", vec![("warp_instructions", 10, 30)]),
                ("gone", vec![("warp_instructions", 2, 0)])
            ]
        );
        assert!(Difference::between(&old, &old).is_none());
    }
}

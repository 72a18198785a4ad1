//! What comes out of a comparison: a row a case, as a table, as JSON, and the headline over them.

use reports::comparison::{Change, Estimate};
use reports::table::{Align, Table};
use serde_json::{Value, json};
use vocabulary::{Target, Verdict, units};

use super::Side;
use super::decide::Finding;

/// A case that was compared, or could not be.
pub struct Row {
    /// `problem/solution`.
    pub solution: String,
    /// The case, if one was reached.
    pub case: Option<String>,
    /// Where it ran.
    pub target: Target,
    /// What was compared, for example `CPU time`.
    pub metric: String,
    /// From where on a change counts, relative.
    pub threshold: f64,
    /// What came of it.
    pub result: Compared,
}

/// What came of a case.
pub enum Compared {
    /// Both sides were measured, in pairs.
    Pairs(Box<Finding>, Option<String>),
    /// Both sides have rows that nothing interleaved.
    Unpaired {
        /// The word.
        change: Change,
        /// Head over base.
        estimate: Estimate,
        /// Base and head.
        medians: [f64; 2],
        /// What weakens it.
        remark: Option<String>,
    },
    /// There is no ratio.
    Not {
        /// The side that is the reason, and what it got.
        side: Option<(Side, Verdict)>,
        /// Why.
        reason: String,
    },
}

impl Row {
    /// The word, if there is one.
    pub fn change(&self) -> Option<Change> {
        match &self.result {
            Compared::Pairs(finding, _) => Some(finding.change),
            Compared::Unpaired { change, .. } => Some(*change),
            Compared::Not { .. } => None,
        }
    }

    /// Whether the new version is not right where the known one is.
    pub fn is_broken(&self) -> bool {
        matches!(&self.result, Compared::Not { side: Some((Side::Head, verdict)), .. } if *verdict != Verdict::Skipped)
    }

    /// Solution and case.
    pub fn title(&self) -> String {
        match &self.case {
            Some(case) => format!("{} on {case}", self.solution),
            None => self.solution.clone(),
        }
    }

    fn estimate(&self) -> Option<&Estimate> {
        match &self.result {
            Compared::Pairs(finding, _) => Some(&finding.cpu),
            Compared::Unpaired { estimate, .. } => Some(estimate),
            Compared::Not { .. } => None,
        }
    }

    fn medians(&self) -> Option<[f64; 2]> {
        match &self.result {
            Compared::Pairs(finding, _) => Some(finding.medians_ns),
            Compared::Unpaired { medians, .. } => Some(*medians),
            Compared::Not { .. } => None,
        }
    }

    /// What weakens it or would help, in sentences.
    pub fn remarks(&self) -> Vec<String> {
        match &self.result {
            Compared::Pairs(finding, remark) => {
                let advice = finding.advice.as_ref().map(ToString::to_string);
                let counts = finding.instructions.map(|[base, head]| {
                    format!(
                        "{} instructions before, {} after ({})",
                        units::count(base),
                        units::count(head),
                        percent((head as f64 / base as f64).ln())
                    )
                });
                let all = counts.into_iter().chain(advice);
                all.chain(remark.clone()).collect()
            }
            Compared::Unpaired { remark, .. } => remark.iter().cloned().collect(),
            Compared::Not { reason, .. } => vec![reason.clone()],
        }
    }

    fn word(&self) -> &'static str {
        self.change().map_or("NOT COMPARED", Change::as_str)
    }

    /// The change with its interval: `+4.02% [+3.80%, +4.31%]`.
    pub fn shown(&self) -> String {
        self.estimate().map(shown).unwrap_or_default()
    }

    /// The row for machines.
    pub fn json(&self) -> Value {
        let ratios = |estimate: &Estimate| {
            let interval = estimate.interval;
            json!({
                "change": estimate.median.exp_m1(),
                "change_low": interval.low.exp_m1(),
                "change_high": interval.high.exp_m1(),
                "half_width": estimate.half_width(),
                "pairs": estimate.pairs,
            })
        };
        let finding = match &self.result {
            Compared::Pairs(finding, _) => Some(finding),
            _ => None,
        };
        let side = match &self.result {
            Compared::Not { side, .. } => *side,
            _ => None,
        };
        json!({
            "solution": self.solution,
            "case": self.case,
            "target": self.target.as_str(),
            "verdict": self.change().map(Change::as_str),
            "metric": self.metric,
            "threshold": self.threshold,
            "compared": self.estimate().map(ratios),
            "wall": finding.map(|finding| ratios(&finding.wall)),
            "self_check": finding.map(|finding| {
                let mut check = ratios(&finding.check.estimate);
                check["noisy"] = finding.check.is_noisy().into();
                check
            }),
            "instructions": finding.and_then(|finding| finding.instructions),
            "base": self.medians().map(|medians| medians[0]),
            "head": self.medians().map(|medians| medians[1]),
            "not_right": side.map(|(side, verdict)| json!({
                "side": side.name(),
                "verdict": verdict.as_str(),
            })),
            "remarks": self.remarks(),
        })
    }
}

fn percent(logarithm: f64) -> String {
    format!("{:+.2}%", 100.0 * logarithm.exp_m1())
}

fn shown(estimate: &Estimate) -> String {
    let interval = estimate.interval;
    format!(
        "{} [{}, {}]",
        percent(estimate.median),
        percent(interval.low),
        percent(interval.high)
    )
}

/// All rows as a table.
pub fn table(rows: &[Row]) -> Table {
    let mut table = Table::new(&[
        ("verdict", Align::Left),
        ("solution", Align::Left),
        ("case", Align::Left),
        ("change [99% interval]", Align::Left),
        ("half-width", Align::Right),
        ("pairs", Align::Right),
        ("base", Align::Right),
        ("head", Align::Right),
        ("by the clock", Align::Left),
        ("base against its copy", Align::Left),
    ]);
    for row in rows {
        let medians = row.medians();
        let is_count = row.metric.contains("instructions");
        let figure = |index: usize| {
            medians.map_or_else(String::new, |medians| {
                if is_count {
                    units::count(medians[index].round() as u64)
                } else {
                    units::duration(medians[index])
                }
            })
        };
        let finding = match &row.result {
            Compared::Pairs(finding, _) => Some(finding),
            _ => None,
        };
        let estimate = row.estimate();
        let half_width = estimate.map(|it| format!("{:.2}%", 100.0 * it.half_width()));
        let pairs = estimate.and_then(|it| it.pairs);
        table.row([
            row.word().to_owned(),
            row.solution.clone(),
            short(row),
            row.shown(),
            half_width.unwrap_or_default(),
            pairs.map(|pairs| pairs.to_string()).unwrap_or_default(),
            figure(0),
            figure(1),
            finding.map(|it| shown(&it.wall)).unwrap_or_default(),
            finding
                .map(|it| shown(&it.check.estimate))
                .unwrap_or_default(),
        ]);
    }
    table
}

/// The case without its problem, which the solution names already.
fn short(row: &Row) -> String {
    let case = row.case.as_deref().unwrap_or_default();
    case.split_once('/')
        .map_or(case, |(_, rest)| rest)
        .to_owned()
}

/// What stands below the table: a line for each remark.
pub fn notes(rows: &[Row]) -> Vec<String> {
    let of_row = |row: &Row| {
        let title = row.title();
        let remarks = row.remarks().into_iter();
        remarks
            .map(|remark| format!("{} {title}: {remark}", row.word()))
            .collect::<Vec<_>>()
    };
    rows.iter().flat_map(of_row).collect()
}

/// One line that counts the rows, the worst first; it is made of nothing else, so that it cannot contradict them.
pub fn headline(rows: &[Row]) -> String {
    let words = [
        Change::Slower,
        Change::Undecided,
        Change::Faster,
        Change::Same,
    ];
    let count = |word: Option<Change>| rows.iter().filter(|row| row.change() == word).count();
    let broken = rows.iter().filter(|row| row.is_broken()).count();
    let others = count(None) - broken;
    let mut parts = Vec::new();
    if broken > 0 {
        parts.push(format!("{broken} where HEAD is not right"));
    }
    let counted = words.map(|word| (count(Some(word)), word));
    parts.extend(
        counted
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}")),
    );
    if others > 0 {
        parts.push(format!("{others} not compared"));
    }
    format!(
        "{}: {}",
        units::counted(rows.len(), "case"),
        parts.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::statistics::Interval;

    fn row(change: Change) -> Row {
        Row {
            solution: "knapsack/B.cpp".to_owned(),
            case: Some("knapsack/random@n=5#0".to_owned()),
            target: Target::Process,
            metric: "CPU time".to_owned(),
            threshold: 0.02,
            result: Compared::Unpaired {
                change,
                estimate: Estimate {
                    median: 1.05_f64.ln(),
                    interval: Interval {
                        low: 1.04_f64.ln(),
                        high: 1.06_f64.ln(),
                    },
                    pairs: None,
                },
                medians: [1e6, 1.05e6],
                remark: None,
            },
        }
    }

    fn not_compared(side: Option<(Side, Verdict)>) -> Row {
        Row {
            result: Compared::Not {
                side,
                reason: "it is wrong".to_owned(),
            },
            ..row(Change::Same)
        }
    }

    #[test]
    fn the_headline_counts_the_rows_and_nothing_else() {
        let rows = [
            row(Change::Same),
            row(Change::Slower),
            row(Change::Same),
            not_compared(Some((Side::Head, Verdict::WrongAnswer))),
            not_compared(Some((Side::Base, Verdict::WrongAnswer))),
        ];
        assert_eq!(
            headline(&rows),
            "5 cases: 1 where HEAD is not right, 1 SLOWER, 2 SAME, 1 not compared"
        );
        assert_eq!(headline(&rows[..1]), "1 case: 1 SAME");
    }

    #[test]
    fn a_row_says_its_change_with_the_interval() {
        let text = table(&[row(Change::Slower)]).to_string();
        assert!(text.contains("+5.00% [+4.00%, +6.00%]"), "{text}");
        assert!(text.contains("1.05 ms"), "{text}");
        let json = row(Change::Slower).json();
        assert_eq!(json["verdict"], "SLOWER");
        assert!((json["compared"]["change_low"].as_f64().unwrap() - 0.04).abs() < 1e-9);
    }

    #[test]
    fn what_is_not_right_has_no_ratio() {
        let row = not_compared(Some((Side::Head, Verdict::WrongAnswer)));
        let json = row.json();
        assert!(json["verdict"].is_null() && json["compared"].is_null());
        assert_eq!(json["not_right"]["verdict"], "WA");
        assert!(row.is_broken());
        assert!(notes(&[row])[0].starts_with("NOT COMPARED knapsack/B.cpp on"));
    }
}

//! `judge counters --check | --update`: what shipped kernels count, against what is committed.

use std::path::{Path, PathBuf};

use clap::Args;
use kernels::Variant;
use reports::table::{Align, Table};
use serde_json::json;
use vocabulary::{Verdict, units};

use super::options::{Format, jobs};
use super::variants::{root, selected, variants};
use super::{AS_EXPECTED, COUNTERS_CHANGED, NOT_AS_EXPECTED, NOTHING_TO_COMPARE};
use crate::counting::{self, Counted, Statement, case_of, count, label};
use crate::display::print_line;
use crate::selection::problem;
use crate::sharing::in_order;
use crate::snapshot::{Difference, FILES, Moved, Snapshot};
use crate::usage::Usage;

/// Hold what shipped kernels count on the emulator against what is committed
#[derive(Debug, Args)]
#[command(after_help = "\
Every right shipped kernel runs on the emulator on the first rung of its problem's first ladder. Its counters are exact and the \
same everywhere: any difference from kernels/counters.csv is a change of the kernel, the compiler or the emulator. What a \
kernel's plan states as a formula, [[theorem]], is held on the cases that it names.

Exit codes: 0 equal, 1 a kernel is not right any more or a formula does not hold, 2 a .cu differs from its .ptx (run `judge kernels compile`), 3 a \
counter changed, 4 nothing to compare with.

Examples:
  judge counters --check
  judge counters --check 'kth_largest/*'
  judge counters --update                    accept what is counted now")]
pub(super) struct Options {
    /// Problems, kernels as PROBLEM/KERNEL, or globs
    selection: Vec<String>,
    #[command(flatten)]
    what: What,
    /// The repository whose kernels and counters are meant [default: that of the current folder; else those built in]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// How many run at a time [default: one a processor]
    #[arg(long, value_name = "COUNT")]
    jobs: Option<usize>,
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct What {
    /// Say what changed
    #[arg(long)]
    check: bool,
    /// Write what is counted now
    #[arg(long)]
    update: bool,
}

/// How many of the lines that moved are shown.
const LINES_SHOWN: usize = 5;

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        let root = root(self.root.as_deref())?;
        let all = variants(root.as_deref())?;
        let wanted = right(&selected(&self.selection, all)?)?;
        let counted = count_all(&wanted, jobs(self.jobs))?;
        let mut now = Vec::new();
        for (variant, counted) in wanted.iter().zip(counted) {
            match counted {
                Ok(counted) => now.push(counted),
                Err((verdict, reason)) => {
                    anstream::eprintln!("{verdict} {}: {reason}", label(variant));
                    return Ok(NOT_AS_EXPECTED);
                }
            }
        }
        if self.what.update {
            let root = root.ok_or_else(|| {
                Usage::new("--update writes into a repository: name it with --root DIR")
            })?;
            return self.update(&root, now);
        }
        let before = match &root {
            Some(root) => Snapshot::read(root),
            None => Snapshot::embedded(),
        };
        let before = match before {
            Ok(before) => before,
            Err(reason) => return Ok(nothing_to_compare(&reason)),
        };
        let compared = self.check(&before, &now)?;
        Ok(match hold(&wanted, jobs(self.jobs))? {
            AS_EXPECTED => compared,
            refuted => refuted,
        })
    }

    fn check(&self, before: &Snapshot, now: &[Counted]) -> anyhow::Result<u8> {
        for counted in now {
            let known = before.of(&counted.kernel);
            if known.is_none_or(|known| known.case != counted.case) {
                let (kernel, case) = (&counted.kernel, &counted.case);
                let reason = format!("{} has no row of {kernel} on {case}", FILES[0]);
                return Ok(nothing_to_compare(&reason));
            }
        }
        let pairs = now
            .iter()
            .filter_map(|new| Some((before.of(&new.kernel)?, new)));
        let differences: Vec<_> = pairs
            .filter_map(|(old, new)| Difference::between(old, new))
            .collect();
        // Whoever asks for some says nothing of the others.
        let is_now = |old: &&Counted| now.iter().any(|new| new.kernel == old.kernel);
        let gone = before.0.iter().filter(|old| !is_now(old));
        let gone: Vec<_> = gone.filter(|_| self.selection.is_empty()).collect();
        for difference in &differences {
            match self.format {
                Format::Text => show(difference),
                Format::Json => print_line(&in_json(difference).to_string()),
            }
        }
        for gone in &gone {
            anstream::eprintln!("{} is counted in {} and not there", gone.kernel, FILES[0]);
        }
        let changed = differences.len() + gone.len();
        anstream::eprintln!(
            "{} counted, {changed} differ from {}",
            units::counted(now.len(), "kernel"),
            FILES[0]
        );
        if changed == 0 {
            return Ok(AS_EXPECTED);
        }
        anstream::eprintln!("if that is meant: judge counters --update");
        Ok(COUNTERS_CHANGED)
    }

    /// Rows of kernels that were not selected stay.
    fn update(&self, root: &Path, mut now: Vec<Counted>) -> anyhow::Result<u8> {
        let before = Snapshot::read(root).unwrap_or_default();
        let known = super::kernels::resources(root);
        for counted in &mut now {
            let old = before.of(&counted.kernel);
            let same = old.filter(|old| old.counters == counted.counters);
            // Without a compiler, what is known stays true only of a kernel that did not change.
            let told = known.iter().find(|(kernel, ..)| *kernel == counted.kernel);
            (counted.registers, counted.shared_bytes) = match (told, same) {
                (Some((_, registers, shared)), _) => (Some(*registers), Some(*shared)),
                (None, Some(same)) => (same.registers, same.shared_bytes),
                (None, None) => (None, None),
            };
        }
        let (count, mut rows) = (now.len(), now);
        if !self.selection.is_empty() {
            let kept = before.0.into_iter();
            let kept: Vec<_> = kept
                .filter(|old| rows.iter().all(|new| new.kernel != old.kernel))
                .collect();
            rows.extend(kept);
        }
        rows.sort_by(|a, b| a.kernel.cmp(&b.kernel));
        Snapshot(rows).write(root).map_err(Usage::new)?;
        anstream::eprintln!("{count} kernels counted; {} written", FILES.join(" and "));
        Ok(AS_EXPECTED)
    }
}

fn nothing_to_compare(reason: &str) -> u8 {
    anstream::eprintln!(
        "error: nothing to compare with: {reason}; `judge counters --update` writes it"
    );
    NOTHING_TO_COMPARE
}

/// Those that are to be right, none of them stale.
fn right(variants: &[Variant]) -> Result<Vec<Variant>, Usage> {
    let mut right = variants.to_vec();
    right.retain(|variant| variant.expectation.verdict == Verdict::Accepted);
    for variant in &right {
        let stale = |reason| Usage::new(format!("{}: {reason}", variant.path));
        variant.ptx().map_err(stale)?;
    }
    Ok(right)
}

/// Holds kernels to what their plans state in closed formulas.
fn hold(variants: &[Variant], jobs: usize) -> anyhow::Result<u8> {
    let all: Vec<Statement<'_>> = variants.iter().flat_map(counting::statements).collect();
    let (mut index, mut refuted) = (0, 0);
    let one = |_: &mut (), index: usize| all[index].refutation();
    in_order(&mut vec![(); jobs], all.len(), one, |done| {
        if let Some(refutation) = done? {
            refuted += 1;
            anstream::eprintln!("{}: {refutation}", all[index].kernel());
        }
        index += 1;
        anyhow::Ok(true)
    })?;
    let count = units::counted(all.len(), "count");
    anstream::eprintln!("{count} stated as formulas, {refuted} refuted");
    Ok(if refuted == 0 {
        AS_EXPECTED
    } else {
        NOT_AS_EXPECTED
    })
}

fn count_all(variants: &[Variant], jobs: usize) -> anyhow::Result<Vec<counting::Outcome<Counted>>> {
    let mut all = Vec::new();
    let one = |_: &mut (), index: usize| {
        let variant = &variants[index];
        let problem = problem(&variant.problem)?;
        count(variant, &case_of(problem.as_ref(), &variant.plan.takes)?)
    };
    in_order(&mut vec![(); jobs], variants.len(), one, |done| {
        all.push(done?);
        anyhow::Ok(true)
    })?;
    Ok(all)
}

fn show(difference: &Difference<'_>) {
    print_line(&format!(
        "{} on {}",
        difference.new.kernel, difference.new.case
    ));
    let columns = [
        ("  counter", Align::Left),
        ("old", Align::Right),
        ("new", Align::Right),
        ("ratio", Align::Right),
    ];
    let mut table = Table::new(&columns);
    for (name, old, new) in &difference.counters {
        let ratio = match old {
            0 => String::new(),
            _ => format!("{:.3}", *new as f64 / *old as f64),
        };
        let name = format!("  {name}");
        table.row([name, units::count(*old), units::count(*new), ratio]);
    }
    print_line(&table.to_string());
    let lines = difference.lines();
    print_line("  the lines that moved most");
    for moved in lines.iter().take(LINES_SHOWN) {
        let Some(line) = moved.line() else { continue };
        let state = match (moved.old, moved.new) {
            (None, _) => " (new)",
            (_, None) => " (gone)",
            _ => "",
        };
        print_line(&format!("  {}{state}: {}", line.line, line.text));
        print_line(&format!("      {}", in_words(moved)));
    }
    print_line("");
}

fn in_words(moved: &Moved<'_>) -> String {
    let counts = moved.counts();
    let each = counts
        .iter()
        .map(|(name, old, new)| format!("{name} {} -> {}", units::count(*old), units::count(*new)));
    each.collect::<Vec<_>>().join(", ")
}

fn in_json(difference: &Difference<'_>) -> serde_json::Value {
    let change = |(name, old, new): &(&str, u64, u64)| {
        let figures = json!({ "old": old, "new": new });
        ((*name).to_owned(), figures)
    };
    let counters: serde_json::Map<_, _> = difference.counters.iter().map(change).collect();
    let lines = difference.lines();
    let lines = lines.iter().take(LINES_SHOWN).filter_map(|moved| {
        let line = moved.line()?;
        let counts: serde_json::Map<_, _> = moved.counts().iter().map(change).collect();
        Some(json!({ "line": line.line.to_string(), "text": line.text, "counters": counts }))
    });
    json!({
        "kernel": difference.new.kernel,
        "case": difference.new.case,
        "counters": counters,
        "lines": lines.collect::<Vec<_>>(),
    })
}

//! The emulator's counters beside those of a card, as Nsight Compute (`ncu`) reads them: what `kernels/HARDWARE.md` holds.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Two names of one count, and why they may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The emulator's name.
    pub ours: &'static str,
    /// `ncu`'s name.
    pub theirs: &'static str,
    /// Why a difference is none of the emulator's mistakes.
    pub explanation: &'static str,
}

/// What is compared.
pub const PAIRS: [Pair; 9] = [
    Pair {
        ours: "warp_instructions",
        theirs: "smsp__inst_executed.sum",
        explanation: "PTX instructions against machine instructions: ptxas unrolls, merges and expands",
    },
    Pair {
        ours: "thread_instructions",
        theirs: "smsp__thread_inst_executed.sum",
        explanation: "as for warp instructions",
    },
    Pair {
        ours: "global_load_requests",
        theirs: "l1tex__t_requests_pipe_lsu_mem_global_op_ld.sum",
        explanation: "ptxas merges neighbouring loads into wider ones",
    },
    Pair {
        ours: "global_load_sectors",
        theirs: "l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum",
        explanation: "wider loads touch a sector once instead of several times",
    },
    Pair {
        ours: "global_store_requests",
        theirs: "l1tex__t_requests_pipe_lsu_mem_global_op_st.sum",
        explanation: "ptxas merges neighbouring stores into wider ones",
    },
    Pair {
        ours: "global_store_sectors",
        theirs: "l1tex__t_sectors_pipe_lsu_mem_global_op_st.sum",
        explanation: "wider stores touch a sector once instead of several times",
    },
    Pair {
        ours: "shared_wavefronts",
        theirs: "l1tex__data_pipe_lsu_wavefronts_mem_shared.sum",
        explanation: "ptxas merges shared accesses; the card counts passes of other kinds, too",
    },
    Pair {
        ours: "bank_conflicts",
        theirs: "l1tex__data_bank_conflicts_pipe_lsu_mem_shared.sum",
        explanation: "as for wavefronts; the card also counts collisions with other traffic",
    },
    Pair {
        ours: "divergent_branches",
        theirs: "smsp__sass_branch_targets_threads_divergent.sum",
        explanation: "ptxas turns small branches into predicates",
    },
];

/// A kernel that is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its file.
    pub name: String,
    /// The case that it runs on.
    pub case: String,
    /// The kernels of its plan: others, as those that tell the clock, do not count.
    pub entries: Vec<String>,
    /// What the emulator counted.
    pub emulated: Vec<(String, u64)>,
}

/// Why there is nothing to compare with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HardwareError {
    /// There is no GPU.
    #[error("no GPU to compare with: {0}")]
    NoGpu(String),
    /// There is no profiler.
    #[error("no `ncu` on PATH: it comes with CUDA's toolkit, or as Nsight Compute alone")]
    NoProfiler,
    /// A kernel could not be profiled.
    #[error("{name}: {reason}")]
    NotProfiled {
        /// The kernel.
        name: String,
        /// What was wrong.
        reason: String,
    },
}

/// The profiler and a GPU, or why there is nothing to compare with.
///
/// # Errors
/// [`HardwareError::NoGpu`] or [`HardwareError::NoProfiler`].
pub fn profiler() -> Result<PathBuf, HardwareError> {
    crate::cuda::presence().map_err(|reason| HardwareError::NoGpu(reason.to_owned()))?;
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&paths).map(|folder| folder.join("ncu"));
    places
        .find(|path| path.is_file())
        .ok_or(HardwareError::NoProfiler)
}

/// A command that runs a program under the profiler, which writes what it reads to `log`.
pub fn profiled(profiler: &Path, log: &Path, program: &Path) -> Command {
    let metrics: Vec<&str> = PAIRS.iter().map(|pair| pair.theirs).collect();
    let mut command = Command::new(profiler);
    command
        .env("LC_ALL", "C") // numbers as the table is read
        .args(["--csv", "--print-units", "base", "--metrics"])
        .arg(metrics.join(","))
        .arg("--log-file")
        .arg(log)
        .arg(program);
    command
}

/// Compares every subject: `profile` runs it on the GPU under the profiler, and hands over what that wrote.
///
/// # Errors
/// The first subject that could not be profiled.
pub fn compare(
    subjects: &[Subject],
    mut profile: impl FnMut(&Subject) -> Result<String, String>,
) -> Result<String, HardwareError> {
    let mut text = String::new();
    for subject in subjects {
        let counted = profile(subject).and_then(|csv| counts(&csv, &subject.entries));
        let counted = counted.map_err(|reason| HardwareError::NotProfiled {
            name: subject.name.clone(),
            reason,
        })?;
        text += &table(subject, &counted);
    }
    Ok(text)
}

/// Sums of each metric over all launches of some kernels, from the profiler's CSV: a line a launch and metric, behind lines
/// that are none of it.
fn counts(csv: &str, entries: &[String]) -> Result<Vec<(String, f64)>, String> {
    let mut lines = csv.lines().skip_while(|line| !line.starts_with("\"ID\""));
    let last = || csv.lines().rfind(|line| !line.trim().is_empty());
    let head = lines.next().map(fields).ok_or_else(|| {
        format!(
            "the profiler wrote no table: {}",
            last().unwrap_or_default()
        )
    })?;
    let column = |name: &str| {
        let found = head.iter().position(|field| field == name);
        found.ok_or_else(|| format!("the profiler's table has no column `{name}`"))
    };
    let (kernel, metric) = (column("Kernel Name")?, column("Metric Name")?);
    let value = column("Metric Value")?;
    let mut sums: Vec<(String, f64)> = Vec::new();
    for line in lines.map(fields).filter(|line| line.len() == head.len()) {
        let name = line[kernel].split('(').next().unwrap_or_default();
        if !entries.iter().any(|entry| entry == name) {
            continue;
        }
        // A thousand is written `1,000`; what a card does not have, `n/a`.
        let Ok(number) = line[value].replace(',', "").parse::<f64>() else {
            continue;
        };
        match sums.iter_mut().find(|(known, _)| *known == line[metric]) {
            Some((_, sum)) => *sum += number,
            None => sums.push((line[metric].clone(), number)),
        }
    }
    match sums.is_empty() {
        true => Err("the profiler saw none of its kernels".to_owned()),
        false => Ok(sums),
    }
}

/// The fields of a line, each between quotation marks, one of which is written as two.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut characters = line.trim_end().chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    fields.push(field);
    fields
}

/// A subject's counters side by side, in Markdown.
fn table(subject: &Subject, counted: &[(String, f64)]) -> String {
    let mut text = format!(
        "\n## {}\n\nOn `{}`.\n\n| counter | emulator | card | difference | why |\n|---|---:|---:|---:|---|\n",
        subject.name, subject.case
    );
    for pair in PAIRS {
        let ours = subject.emulated.iter().find(|(name, _)| name == pair.ours);
        let ours = ours.map(|(_, count)| *count as f64);
        let theirs = counted.iter().find(|(name, _)| name == pair.theirs);
        let theirs = theirs.map(|(_, count)| *count);
        let cell = |count: Option<f64>| count.map_or(String::new(), |count| format!("{count:.0}"));
        let (difference, why) = match (ours, theirs) {
            (Some(ours), Some(theirs)) if ours == theirs => ("none".to_owned(), ""),
            (Some(ours), Some(theirs)) if theirs != 0.0 => {
                let percent = 100.0 * (ours - theirs) / theirs;
                (format!("{percent:+.1}%"), pair.explanation)
            }
            (Some(_), Some(_)) => ("all".to_owned(), pair.explanation),
            _ => (String::new(), "not counted"),
        };
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| {} | {} | {} | {difference} | {why} |",
            pair.ours,
            cell(ours),
            cell(theirs)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: &str = "\
==PROF== Connected to process 7
==PROF== Profiling \"double_width\" - 0: 0%....100% - 3 passes
\"ID\",\"Kernel Name\",\"Metric Name\",\"Metric Unit\",\"Metric Value\"
\"0\",\"judge_rate\",\"smsp__inst_executed.sum\",\"inst\",\"9\"
\"1\",\"double_width(int const*, int)\",\"smsp__inst_executed.sum\",\"inst\",\"1,048\"
\"1\",\"double_width(int const*, int)\",\"smsp__thread_inst_executed.sum\",\"inst\",\"n/a\"
\"2\",\"join_two\",\"smsp__inst_executed.sum\",\"inst\",\"2\"
";

    fn subject() -> Subject {
        Subject {
            name: "doubling.cu".to_owned(),
            case: "a@10#1".to_owned(),
            entries: vec!["double_width".to_owned(), "join_two".to_owned()],
            emulated: vec![("warp_instructions".to_owned(), 2100)],
        }
    }

    #[test]
    fn launches_of_a_plan_are_summed_and_others_left_out() {
        let counted = counts(CSV, &subject().entries).expect("a table");
        assert_eq!(counted, [("smsp__inst_executed.sum".to_owned(), 1050.0)]);
    }

    #[test]
    fn fields_may_hold_commas_and_quotation_marks() {
        assert_eq!(
            fields("\"a, b\",\"say \"\"c\"\"\",\"\""),
            ["a, b", "say \"c\"", ""]
        );
    }

    #[test]
    fn what_is_no_table_is_told_with_its_last_line() {
        let denied = "==ERROR== ERR_NVGPUCTRPERM\n\n";
        let error = counts(denied, &[]).expect_err("no table");
        assert!(error.ends_with("ERR_NVGPUCTRPERM"), "{error}");
        let other = counts(CSV, &["absent".to_owned()]).expect_err("no such kernel");
        assert!(other.contains("none of its kernels"), "{other}");
    }

    #[test]
    fn counters_stand_side_by_side_with_their_difference() {
        let text = compare(&[subject()], |_| Ok(CSV.to_owned())).expect("a table");
        assert!(text.contains("## doubling.cu"), "{text}");
        let row = "| warp_instructions | 2100 | 1050 | +100.0% | PTX instructions";
        assert!(text.contains(row), "{text}");
        assert!(
            text.contains("| bank_conflicts |  |  |  | not counted |"),
            "{text}"
        );
        let equal = Subject {
            emulated: vec![("warp_instructions".to_owned(), 1050)],
            ..subject()
        };
        let text = compare(&[equal], |_| Ok(CSV.to_owned())).expect("a table");
        assert!(text.contains("| 1050 | 1050 | none |  |"), "{text}");
    }

    #[test]
    fn a_kernel_that_cannot_be_profiled_is_named() {
        let error = compare(&[subject()], |_| Err("no rights".to_owned()));
        assert_eq!(
            error.expect_err("it failed").to_string(),
            "doubling.cu: no rights"
        );
    }

    #[test]
    fn the_profiler_is_asked_for_every_metric() {
        let command = profiled(Path::new("ncu"), Path::new("log"), Path::new("judge"));
        let arguments: Vec<_> = command.get_args().map(|a| a.to_string_lossy()).collect();
        assert_eq!(
            arguments[..4],
            ["--csv", "--print-units", "base", "--metrics"]
        );
        assert_eq!(arguments[4].split(',').count(), PAIRS.len());
        assert_eq!(arguments[5..], ["--log-file", "log", "judge"]);
    }
}

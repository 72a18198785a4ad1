//! Instructions that a run executes: a count that repeats where times do not.
//!
//! They are counted by callgrind of [valgrind](https://valgrind.org), which runs a program some 20 to 50 times slower and sees
//! all of it but the kernel. Of a function it counts the call alone.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sandbox::Command;

use crate::execute::{Execute, Prepared, RunLimits};
use crate::language::search;

/// What counts instructions here.
#[derive(Clone, Debug)]
pub struct Counter {
    valgrind: PathBuf,
}

/// What limits of time are multiplied by under the counter.
const SLOWER: u32 = 100;
/// Memory that the counter takes for itself, bytes.
const OWN_MEMORY: u64 = 1 << 30;
/// The function whose calls are counted in a runner. Its whole name: of two options with one wildcard callgrind drops the second.
const COUNTED_CALL: &str = "judge::runner::child::counted_call";

impl Counter {
    /// Looks for a counter and tries it; without one, says how to get it.
    pub fn probe() -> Result<Self, String> {
        let Some(valgrind) = search("valgrind") else {
            return Err("valgrind is not there: apt-get install valgrind".to_owned());
        };
        let counter = Counter { valgrind };
        let tried = std::process::Command::new(&counter.valgrind)
            .args(counter.arguments(Path::new("/dev/null")))
            .arg("/bin/true")
            .stdin(Stdio::null())
            .output();
        match tried {
            Ok(output) => match of_report(&output.stderr) {
                Some(_) => Ok(counter),
                None => Err(format!(
                    "{} counts nothing: {}",
                    counter.valgrind.display(),
                    String::from_utf8_lossy(&output.stderr).trim_end()
                )),
            },
            Err(error) => Err(format!("{}: {error}", counter.valgrind.display())),
        }
    }

    /// The word in the rows: counts of different counters are not of one unit.
    pub const fn tier(&self) -> &'static str {
        "callgrind"
    }

    fn arguments(&self, parts: &Path) -> Vec<OsString> {
        let mut out = OsString::from("--callgrind-out-file=");
        out.push(parts);
        // No debugger may come, and so no pipe need stand ready for one.
        vec!["--tool=callgrind".into(), "--vgdb=no".into(), out]
    }

    /// A program's command under the counter, which reports on standard error: see [`of_report`]. It lies at the same
    /// addresses every time, as far as the machine allows: what hashes an address would not repeat.
    pub fn program(&self, command: Command) -> Command {
        let mut arguments = self.arguments(Path::new("/dev/null"));
        arguments.push(command.program.into());
        arguments.extend(command.arguments);
        Command {
            program: self.valgrind.clone(),
            arguments,
            fixed_layout: true,
            ..command
        }
    }

    /// The words that stand before a runner's, whose counted calls leave a numbered file each beside `parts`: see [`of_part`].
    pub fn runner(&self, parts: &Path) -> Vec<OsString> {
        let mut words = vec![self.valgrind.clone().into()];
        words.extend(self.arguments(parts));
        for option in ["--toggle-collect", "--dump-after"] {
            words.push(format!("{option}={COUNTED_CALL}").into());
        }
        words
    }

    /// Limits with room for the counter.
    pub fn limits(&self, limits: &RunLimits) -> RunLimits {
        let cpu: Duration = limits.cpu * SLOWER;
        RunLimits::new(cpu, limits.memory + OWN_MEMORY, limits.output)
    }
}

/// Counts of each rung of a ladder from the smallest up, as far as the time goes, less those of a case of next to no work, which
/// are a process's own. Empty where they cannot be counted.
pub fn along(
    execution: &mut dyn Execute,
    rungs: &[Arc<Prepared>],
    smallest: Option<&Prepared>,
    limits: &RunLimits,
    counter: &Counter,
    until: Instant,
) -> anyhow::Result<Vec<u64>> {
    let own = match smallest {
        None => 0,
        Some(case) => match execution.instructions(case, limits, counter)? {
            Some(own) => own,
            None => return Ok(Vec::new()),
        },
    };
    let mut counts = Vec::new();
    let mut before: Option<Duration> = None;
    for rung in rungs {
        let start = Instant::now();
        let Some(count) = execution.instructions(rung, limits, counter)? else {
            break;
        };
        counts.push(count.saturating_sub(own));
        // A start takes the same every time; what comes on top grows with the rungs.
        let took = start.elapsed();
        let more = took.saturating_sub(before.unwrap_or(took));
        if Instant::now() + took + 4 * more > until {
            break;
        }
        before = Some(took);
    }
    Ok(counts)
}

/// The count in what the counter wrote behind all that the program wrote to standard error: `==7== Collected : 1830354`.
pub fn of_report(errors: &[u8]) -> Option<u64> {
    let text = String::from_utf8_lossy(errors);
    let counts = text.lines().rev().filter_map(|line| {
        let (_, count) = line.strip_prefix("==")?.split_once("== Collected :")?;
        count.trim().parse().ok()
    });
    counts.into_iter().next()
}

/// The count of the `number`th counted call of a runner, from 1.
pub fn of_part(parts: &Path, number: usize) -> Option<u64> {
    let mut path = parts.as_os_str().to_owned();
    path.push(format!(".{number}"));
    let text = std::fs::read_to_string(path).ok()?;
    let summary = text
        .lines()
        .find_map(|line| line.strip_prefix("summary: "))?;
    summary.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_count_of_a_report_is_the_counters() {
        let report = b"==1== Collected : 12\nhello\n==77== Events    : Ir\n==77== Collected : 1830354\n==77== \n";
        assert_eq!(of_report(report), Some(1_830_354));
        assert_eq!(of_report(b"Collected : 5"), None);
        assert_eq!(of_report(b""), None);
    }

    #[test]
    fn a_part_says_what_its_call_took() {
        let folder = tempfile::tempdir().unwrap();
        let parts = folder.path().join("parts");
        let text =
            "version: 1\npart: 2\nevents: Ir\nsummary: 4711\n\nfn=(1) f\n1 4711\ntotals: 4711\n";
        std::fs::write(folder.path().join("parts.2"), text).unwrap();
        assert_eq!(of_part(&parts, 2), Some(4711));
        assert_eq!(of_part(&parts, 1), None);
    }
}

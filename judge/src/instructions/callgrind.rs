//! callgrind of [valgrind](https://valgrind.org), which runs a program some 20 to 50 times slower and sees all of it but the
//! kernel. Of a function it counts the call alone.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use sandbox::Command;

use crate::language::search;
use crate::limits::RunLimits;

/// valgrind, found and tried.
#[derive(Clone, Debug)]
pub struct Callgrind {
    valgrind: PathBuf,
}

/// What limits of time are multiplied by under it.
const SLOWER: u32 = 100;
/// Memory that it takes for itself, bytes.
const OWN_MEMORY: u64 = 1 << 30;
/// The function whose calls are counted in a runner. Its whole name: of two options with one wildcard callgrind drops the second.
const COUNTED_CALL: &str = "judge::runner::child::counted_call";

impl Callgrind {
    /// Looks for it and tries it; without one, says how to get it.
    pub fn probe() -> Result<Self, String> {
        let Some(valgrind) = search("valgrind") else {
            return Err("valgrind is not there: apt-get install valgrind".to_owned());
        };
        let callgrind = Callgrind { valgrind };
        let tried = std::process::Command::new(&callgrind.valgrind)
            .args(callgrind.arguments(Path::new("/dev/null")))
            .arg("/bin/true")
            .stdin(Stdio::null())
            .output();
        let name = callgrind.valgrind.display();
        match tried {
            Ok(output) => match of_report(&output.stderr) {
                Some(_) => Ok(callgrind),
                None => Err(format!(
                    "{name} counts nothing: {}",
                    String::from_utf8_lossy(&output.stderr).trim_end()
                )),
            },
            Err(error) => Err(format!("{name}: {error}")),
        }
    }

    fn arguments(&self, parts: &Path) -> Vec<OsString> {
        let mut out = OsString::from("--callgrind-out-file=");
        out.push(parts);
        // No debugger may come, and so no pipe need stand ready for one.
        vec!["--tool=callgrind".into(), "--vgdb=no".into(), out]
    }

    /// A program's command under it, which reports on standard error: see [`of_report`]. It lies at the same addresses every
    /// time, as far as the machine allows: what hashes an address would not repeat.
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

    /// Limits with room for it.
    pub fn limits(&self, limits: &RunLimits) -> RunLimits {
        RunLimits {
            memory: limits.memory + OWN_MEMORY,
            ..limits.with_cpu(limits.cpu * SLOWER)
        }
    }
}

/// The count in what it wrote behind all that the program wrote to standard error: `==7== Collected : 1830354`.
pub fn of_report(errors: &[u8]) -> Option<u64> {
    let text = String::from_utf8_lossy(errors);
    let mut counts = text.lines().rev().filter_map(|line| {
        let (_, count) = line.strip_prefix("==")?.split_once("== Collected :")?;
        count.trim().parse().ok()
    });
    counts.next()
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

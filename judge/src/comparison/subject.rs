//! What BASE and HEAD name: a solution's file, a built judge, or rows.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sandbox::HELPER_ARGUMENT;
use serde::Deserialize;
use vocabulary::{Kind, Verdict};

use crate::own_kernel::is_kernel;
use crate::runner::Launch;
use crate::usage::Usage;

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A source in some language, or a program that was built.
    Program(PathBuf),
    /// A judge, whose functions are compared.
    Judge(PathBuf),
    /// `measurements.csv` of a run.
    Rows(PathBuf),
}

impl Subject {
    /// Looks at a file; `role` is the argument's name.
    pub fn of_file(path: &Path, role: &str) -> Result<Self, Usage> {
        if !path.is_file() {
            let reason = if path.is_dir() {
                "it is a folder; name a file in it"
            } else {
                "no such file"
            };
            return Err(Usage::file(path, format!("{reason} ({role})")));
        }
        if is_kernel(path) {
            let reason =
                "kernels are compared by their counters, which are exact: judge counters --check";
            return Err(Usage::file(path, reason));
        }
        if path.extension().is_some_and(|extension| extension == "csv") {
            return Ok(Subject::Rows(path.to_owned()));
        }
        let path = path.to_owned();
        Ok(
            if is_judge(&path).map_err(|error| Usage::file(&path, error))? {
                Subject::Judge(path)
            } else {
                Subject::Program(path)
            },
        )
    }

    /// What it is, in words.
    pub const fn name(&self) -> &'static str {
        match self {
            Subject::Program(_) => "a program",
            Subject::Judge(_) => "a judge",
            Subject::Rows(_) => "rows",
        }
    }
}

/// What every executable of Linux begins with.
const EXECUTABLE: &[u8] = b"\x7fELF";

/// Whether a file is a program of machine code.
pub fn is_executable(path: &Path) -> std::io::Result<bool> {
    let mut beginning = Vec::new();
    let file = std::fs::File::open(path)?;
    file.take(EXECUTABLE.len() as u64)
        .read_to_end(&mut beginning)?;
    Ok(beginning == EXECUTABLE)
}

/// Whether a file is a judge. It is not run to find that out: every judge carries the word by which its sandbox's helper knows
/// itself.
fn is_judge(path: &Path) -> std::io::Result<bool> {
    if !is_executable(path)? {
        return Ok(false);
    }
    let (bytes, word) = (std::fs::read(path)?, HELPER_ARGUMENT.as_bytes());
    Ok(bytes.windows(word.len()).any(|window| window == word))
}

/// A line of `judge list solutions --format json`.
#[derive(Deserialize)]
struct Listed {
    problem: String,
    solution: String,
    kind: Kind,
    expect: String,
}

/// The functions of a judge that are right by their own word, as `problem/name`.
pub fn functions(judge: &Path) -> anyhow::Result<Vec<String>> {
    let fault = |reason: String| {
        Usage::file(
            judge,
            format!(
                "`list solutions --format json` of it fails: {reason}; is it a judge, built for this machine?"
            ),
        )
    };
    let output = Command::new(absolute(judge)?)
        .args(["list", "solutions", "--format", "json"])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| fault(error.to_string()))?;
    if !output.status.success() {
        return Err(fault(output.status.to_string()).into());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut labels = Vec::new();
    for line in text.lines() {
        let listed: Listed =
            serde_json::from_str(line).map_err(|error| fault(error.to_string()))?;
        if listed.kind == Kind::Function && listed.expect == Verdict::Accepted.as_str() {
            labels.push(format!("{}/{}", listed.problem, listed.solution));
        }
    }
    Ok(labels)
}

/// A place from which three judges are started under paths of one length: a program's name lies on its stack, and would
/// otherwise shift what stands there.
pub struct Stage {
    folder: tempfile::TempDir,
    processor: Option<usize>,
}

impl Stage {
    /// A stage on one processor.
    pub fn new(processor: Option<usize>) -> anyhow::Result<Self> {
        Ok(Stage {
            folder: tempfile::tempdir()?,
            processor,
        })
    }

    /// How a judge is launched as the base, the head and the base's copy.
    pub fn launches(&self, base: &Path, head: &Path) -> anyhow::Result<[Launch; 3]> {
        let launch = |name: &str, judge: &Path| -> anyhow::Result<Launch> {
            let link = self.folder.path().join(name);
            #[cfg(unix)]
            if !link.exists() {
                std::os::unix::fs::symlink(absolute(judge)?, &link)?;
            }
            #[cfg(not(unix))]
            let link = absolute(judge)?;
            Ok(Launch {
                program: Some(link),
                processor: self.processor,
                fixed_layout: true,
                ..Launch::default()
            })
        };
        Ok([
            launch("base", base)?,
            launch("head", head)?,
            launch("copy", base)?,
        ])
    }
}

fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    Ok(path
        .canonicalize()
        .map_err(|error| Usage::file(path, error))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_name_or_its_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, content: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, content).unwrap();
            Subject::of_file(&path, "BASE")
        };
        assert!(matches!(file("a.csv", b""), Ok(Subject::Rows(_))));
        assert!(matches!(file("a.cpp", b"x"), Ok(Subject::Program(_))));
        assert!(matches!(file("a", b"\x7fELF.."), Ok(Subject::Program(_))));
        let judge = [EXECUTABLE, b"..", HELPER_ARGUMENT.as_bytes()].concat();
        assert!(matches!(file("b", &judge), Ok(Subject::Judge(_))));
        let refused = file("a.cu", b"").unwrap_err().to_string();
        assert!(refused.contains("judge counters"), "{refused}");
        let absent = Subject::of_file(Path::new("absent.cpp"), "BASE").unwrap_err();
        assert_eq!(absent.to_string(), "absent.cpp: no such file (BASE)");
    }
}

//! Programs that are not ours and say whether something is right: checkers and interactors.

use std::path::{Path, PathBuf};

use problems::{Accepted, Mismatch};
use sandbox::{Command, Ended, Exit, Mount, Outcome};

use crate::build::Built;

/// What exit codes mean; any other is the program's own fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum CheckerStyle {
    /// 0 accepts, 1 refuses, and so does 2, testlib's "presentation error".
    #[value(name = "0/1")]
    ZeroOne,
    /// 42 accepts, 43 refuses.
    #[value(name = "42/43")]
    FortyTwo,
}

/// Memory of such a program, bytes.
pub(crate) const MEMORY: u64 = 1 << 30;

/// A checker or an interactor.
pub struct Referee {
    /// What people call it: `checker`.
    role: &'static str,
    built: Built,
    style: CheckerStyle,
}

/// A file that such a program is called with.
pub(crate) enum File<'a> {
    /// One to read.
    Read(&'a [u8]),
    /// One that it may write, in its scratch folder.
    Write,
}

impl Referee {
    /// A program that was built.
    pub fn new(role: &'static str, built: Built, style: CheckerStyle) -> Self {
        Referee { role, built, style }
    }

    /// The command that calls it with the files of input, output and answer, which are written into a folder.
    pub(crate) fn command(&self, folder: &Path, files: [File<'_>; 3]) -> Result<Command, Mismatch> {
        let mut command = self.built.command(MEMORY);
        for (name, file) in ["input", "output", "answer"].into_iter().zip(files) {
            let File::Read(content) = file else {
                command.arguments.push(name.into());
                continue;
            };
            let source = folder.join(name);
            std::fs::write(&source, content).map_err(|error| self.fault(error))?;
            let target = PathBuf::from("/case").join(name);
            command.arguments.push(target.clone().into());
            command.mounts.push(Mount { source, target });
        }
        Ok(command)
    }

    /// What it says by the way it ended.
    pub(crate) fn word(&self, outcome: &Outcome) -> Result<Accepted, Mismatch> {
        let (accepts, refuses): (i32, &[i32]) = match self.style {
            CheckerStyle::ZeroOne => (0, &[1, 2]),
            CheckerStyle::FortyTwo => (42, &[43]),
        };
        match (&outcome.ended, &outcome.exit) {
            (Ended::ByItself, Exit::Code(code)) if *code == accepts => Ok(Accepted::default()),
            (Ended::ByItself, Exit::Code(code)) if refuses.contains(code) => {
                Err(Mismatch::new(self.said(outcome)))
            }
            (Ended::ByItself, Exit::Code(code)) => Err(self.fault(format!(
                "exit code {code} neither accepts ({accepts}) nor refuses ({}): {}",
                refuses[0],
                self.said(outcome)
            ))),
            (ended, exit) => {
                Err(self.fault(format!("{ended:?}, {exit:?}: {}", self.said(outcome))))
            }
        }
    }

    /// Its own fault.
    pub(crate) fn fault(&self, reason: impl std::fmt::Display) -> Mismatch {
        Mismatch::fault(format!("the {}: {reason}", self.role))
    }

    fn said(&self, outcome: &Outcome) -> String {
        let text = [outcome.output.as_slice(), outcome.error_output.as_slice()].concat();
        let text = String::from_utf8_lossy(&text);
        match text.trim() {
            "" => format!("refused by the {}", self.role),
            text => text.chars().take(400).collect(),
        }
    }
}

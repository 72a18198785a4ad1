//! What is to be run, under which limits, with which input.

use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A program with its arguments, its environment and what it may see beside the system's own folders.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// The executable as seen inside; `PATH` is not searched.
    pub program: PathBuf,
    /// The arguments after the program's own name.
    pub arguments: Vec<OsString>,
    /// The whole environment but for `HOME`, `PATH` and `TMPDIR`, which have stand-ins where they are not given.
    pub environment: Vec<(OsString, OsString)>,
    /// Host files and folders shown inside, read-only.
    pub mounts: Vec<Mount>,
    /// Where the regular files of the scratch folder are copied after the run, if anywhere. Links, devices and pipes are
    /// left out. More than [`Limits::scratch`] bytes (of files with holes), 100,000 files or 32 folders in each other are
    /// [`Ended::OutputLimit`](crate::Ended::OutputLimit).
    pub collect: Option<PathBuf>,
    /// Whether address-space randomisation is switched off, where the machine allows that: for comparing times.
    pub fixed_layout: bool,
}

/// A host file or folder that is shown inside, read-only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mount {
    /// The path on the host.
    pub source: PathBuf,
    /// The absolute path inside; missing folders above it are made, unless they would lie in another mount. It cannot be
    /// below `/scratch`, `/tmp`, `/proc` or `/dev`, where the sandbox has its own file systems.
    pub target: PathBuf,
}

/// What a run may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// CPU time of all processes and threads of the run together.
    pub cpu: Duration,
    /// Time by the clock.
    pub wall: Duration,
    /// Bytes of memory of all processes together (in [`Tier::Namespaces`](crate::Tier::Namespaces): see
    /// [`MemoryScope`](crate::MemoryScope)); the stack may grow beyond it, so that a runaway recursion meets this limit first.
    pub memory: u64,
    /// Bytes of standard output.
    pub output: u64,
    /// Bytes of standard error.
    pub error_output: u64,
    /// Processes and threads at one time.
    pub processes: u32,
    /// Bytes of files in the scratch folder, and as many in `/tmp`.
    pub scratch: u64,
}

impl Limits {
    /// How far a stack may grow: an eighth beyond the limit of memory. Were the two equal, chance would decide which of them
    /// a recursion without end meets first, and with it whether it is called a crash.
    #[cfg(target_os = "linux")]
    pub(crate) fn stack(&self) -> u64 {
        self.memory
            .saturating_add(self.memory / 8)
            .saturating_add(1 << 20)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            cpu: Duration::from_secs(2),
            wall: Duration::from_secs(10),
            memory: 512 << 20,
            output: 64 << 20,
            error_output: 1 << 20,
            processes: 64,
            scratch: 64 << 20,
        }
    }
}

/// What the run reads; its output and errors come back in the [`Outcome`](crate::Outcome).
#[derive(Debug, Default)]
pub struct Streams {
    /// Standard input.
    pub input: Input,
}

/// Standard input of a run.
#[derive(Debug, Default)]
pub enum Input {
    /// Nothing: `/dev/null`.
    #[default]
    Empty,
    /// These bytes. A slot keeps the last ones, so that runs on the same input do not copy it again.
    Bytes(Arc<[u8]>),
    /// This file from its beginning, whatever its position. Pipes and sockets are handed over as they are.
    File(File),
}

//! `environment.json`: where a run took place, as far as it can be known.
//!
//! What could not be read is `null`. Nobody's name is in it: a machine is known by a digest of its facts.

mod probe;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{RunInfo, atomic};

/// All that rows of a run leave out about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Environment {
    /// Version of the judge.
    pub judge_version: Option<String>,
    /// Revision of the repository that was run from, if it was one.
    pub git_rev: Option<String>,
    /// Name of the run, as in its rows.
    pub run_id: String,
    /// When the run began: RFC 3339, UTC.
    pub utc: String,
    /// Digest of the machine's facts, as in the rows.
    pub host_id: String,
    /// Model of the processor.
    pub cpu_model: Option<String>,
    /// Logical cores of the machine.
    pub logical_cores: Option<u64>,
    /// Caches that the first core sees.
    pub caches: Vec<Cache>,
    /// Memory of the machine.
    pub memory_bytes: Option<u64>,
    /// How the clock of the first core is governed: anything but `performance` makes times vary.
    pub cpu_governor: Option<String>,
    /// Load of the machine over the last minute, when the run began.
    pub load_average: Option<f64>,
    /// Operating system.
    pub os: Option<String>,
    /// Its kernel.
    pub kernel: Option<String>,
    /// Instruction set, for example `x86_64`.
    pub architecture: String,
    /// Compilers and interpreters, with what each says of its version.
    pub compilers: BTreeMap<String, String>,
    /// How strictly programs were confined.
    pub sandbox: SandboxTier,
    /// Limits of the run, with the unit in the name, for example `wall_ns`.
    pub limits: BTreeMap<String, u64>,
    /// The GPU, if there is one.
    pub device: Option<Device>,
}

/// A cache of the processor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cache {
    /// Level, from 1.
    pub level: u64,
    /// `Data`, `Instruction` or `Unified`.
    pub kind: String,
    /// Its size.
    pub bytes: u64,
}

/// How strictly programs were confined, and why not more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SandboxTier {
    /// The tier, as in the rows.
    pub tier: Option<String>,
    /// What the machine does not offer, one sentence each.
    pub reasons: Vec<String>,
}

/// A GPU.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Device {
    /// Its name.
    pub name: String,
    /// Version of its driver.
    pub driver: Option<String>,
    /// Compute capability, for example `9.0`.
    pub compute_capability: Option<String>,
    /// Its memory.
    pub memory_bytes: Option<u64>,
}

/// Why an environment cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum EnvironmentError {
    /// The file cannot be opened, read or written.
    #[error("{}: {source}; check the path, and that it can be read and written", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The text is no environment.
    #[error("{}: {source}; is this an environment.json of a run?", .path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What the parser says, with line and column.
        source: serde_json::Error,
    },
}

impl Environment {
    /// What can be found out about this machine, and a new name for a run that begins now. The caller adds what only he
    /// knows: versions, compilers, tiers, limits, device.
    pub fn probe() -> Self {
        probe::probe(Path::new("/"))
    }

    /// What goes into every row of the run.
    pub fn run_info(&self) -> RunInfo {
        RunInfo {
            run_id: self.run_id.clone(),
            utc: self.utc.clone(),
            host_id: self.host_id.clone(),
            git_rev: self.git_rev.clone(),
        }
    }

    /// Writes the file: the old one or the new one is there, never half of either.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), EnvironmentError> {
        let path = path.as_ref();
        let form = |source| EnvironmentError::Form {
            path: path.to_owned(),
            source,
        };
        let mut text = serde_json::to_string_pretty(self).map_err(form)?;
        text.push('\n');
        atomic::write(path, text.as_bytes()).map_err(|source| EnvironmentError::File {
            path: path.to_owned(),
            source,
        })
    }

    /// Reads a file. What it does not say is as if it could not be found out; what is unknown here is passed over.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, EnvironmentError> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|source| EnvironmentError::File {
            path: path.to_owned(),
            source,
        })?;
        serde_json::from_str(&text).map_err(|source| EnvironmentError::Form {
            path: path.to_owned(),
            source,
        })
    }
}

#[cfg(test)]
mod tests;

//! Makes the committed PTX of every shipped kernel: what `judge kernels compile` does.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::calibration;
use crate::catalogue::{FOLDER, slashed};
use crate::committed::{COMPILER, MOST_BYTES, with_header};
use crate::compiler::{CompileError, Compiled, Resources};
use crate::plan::{Plan, PlanError};

/// A kernel that was compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recompiled {
    /// Its source, relative to the repository.
    pub path: String,
    /// The PTX with its header.
    pub ptx: String,
    /// Whether it differs from what stood beside the source, or nothing stood there.
    pub is_changed: bool,
    /// Registers, spills and shared memory of each kernel in it.
    pub resources: Vec<Resources>,
    /// Warnings of the compiler.
    pub log: String,
}

/// Why a kernel was not compiled.
#[derive(Debug, thiserror::Error)]
pub enum RecompileError {
    /// The compiler is not there or failed, or the source is wrong.
    #[error("{path}: {error}")]
    Compile {
        /// The source, or what was to be compiled.
        path: String,
        /// What happened.
        error: CompileError,
    },
    /// Another compiler than the one that what is committed is made with.
    #[error(
        "this is NVRTC {0}; what is committed is made with {COMPILER}: `pip install nvidia-cuda-nvrtc=={COMPILER}`"
    )]
    Version(String),
    /// The plan is wrong.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// There is no plan.
    #[error("{0} has no `/* judge:` block: write its launch plan at its top")]
    NoPlan(String),
    /// The PTX is too large.
    #[error("{path}: {bytes} bytes of PTX; the most is {MOST_BYTES}: unroll less")]
    TooLarge {
        /// The source.
        path: String,
        /// Its bytes.
        bytes: usize,
    },
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: String,
        /// What happened.
        error: io::Error,
    },
}

/// Compiles every `.cu` below `kernels/variants` and `kernels/calibration` of a repository, and writes what changed beside it
/// if asked to. `compile` turns a source and its name into PTX, with what its kernels take.
///
/// # Errors
/// The first that cannot be compiled; those before it are written.
pub fn compile_all(
    root: &Path,
    writes: bool,
    compile: &mut dyn FnMut(&str, &str) -> Result<Compiled, CompileError>,
) -> Result<Vec<Recompiled>, RecompileError> {
    let mut sources = sources(&root.join(FOLDER))?;
    sources.extend(self::sources(&root.join(calibration::FOLDER))?);
    let each = sources.iter().map(|path| {
        let compiled = compile_one(compile, root, path)?;
        if writes && compiled.is_changed {
            write(&path.with_extension("ptx"), &compiled.ptx)?;
        }
        Ok(compiled)
    });
    each.collect()
}

fn compile_one(
    compile: &mut dyn FnMut(&str, &str) -> Result<Compiled, CompileError>,
    root: &Path,
    path: &Path,
) -> Result<Recompiled, RecompileError> {
    let source = fs::read_to_string(path).map_err(|error| file_error(path, error))?;
    let name = slashed(path.strip_prefix(root).unwrap_or(path));
    let plan = Plan::find(&source, &name)?;
    let plan = plan.ok_or_else(|| RecompileError::NoPlan(name.clone()))?;
    let compiled = compile(&source, &name).map_err(|error| RecompileError::Compile {
        path: name.clone(),
        error,
    })?;
    if compiled.version != COMPILER {
        return Err(RecompileError::Version(compiled.version));
    }
    let ptx = with_header(&source, &plan, &compiled);
    if ptx.len() > MOST_BYTES {
        return Err(RecompileError::TooLarge {
            path: name,
            bytes: ptx.len(),
        });
    }
    let before = fs::read_to_string(path.with_extension("ptx")).ok();
    Ok(Recompiled {
        path: name,
        is_changed: before.as_deref() != Some(&ptx),
        ptx,
        resources: compiled.resources,
        log: compiled.log,
    })
}

/// Every `.cu` below a folder, in the order of their paths.
fn sources(folder: &Path) -> Result<Vec<PathBuf>, RecompileError> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| file_error(&folder, error))?;
        for entry in entries {
            let path = entry.map_err(|error| file_error(&folder, error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "cu") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Appears whole or not at all.
fn write(path: &Path, text: &str) -> Result<(), RecompileError> {
    let beside = path.with_extension("ptx.new");
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, path))
        .map_err(|error| file_error(path, error))
}

fn file_error(path: &Path, error: io::Error) -> RecompileError {
    RecompileError::File {
        path: path.display().to_string(),
        error,
    }
}

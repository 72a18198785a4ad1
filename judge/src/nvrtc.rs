//! Compiling kernels in a confined child: NVRTC reads whatever a source includes, so it is shown nothing but itself, its
//! headers and the source.
//!
//! ```text
//! judge                                    judge compile-kernel, in the sandbox
//!   Order { source, name, options }  --->    loads NVRTC, compiles
//!                                    <---  Result<Compiled, CompileError>
//! ```

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use kernels::compiler::{CompileError, Compiled, Compiler, Location, Options, locate};
use sandbox::{Command, Ended, Exit, Input, Limits, Mount, Slot, Streams};
use serde::{Deserialize, Serialize};

/// The hidden subcommand that the child runs.
pub const CHILD: &str = "compile-kernel";

/// NVRTC, where it is.
pub struct Nvrtc {
    location: Location,
    helper: PathBuf,
}

/// Where the child finds this program, NVRTC and the headers.
const HELPER: &str = "/compiler/judge";
const LIBRARIES: &str = "/compiler/lib";
const HEADERS: &str = "/compiler/include";

/// What the child is to compile. Where NVRTC is stands in the arguments: a sandbox that shows nothing elsewhere translates those.
#[derive(Serialize, Deserialize)]
struct Order {
    source: String,
    name: String,
    options: Options,
}

/// NVRTC takes half a gibibyte for itself.
fn limits() -> Limits {
    Limits {
        cpu: Duration::from_secs(60),
        wall: Duration::from_secs(120),
        memory: 4 << 30,
        output: 32 << 20,
        error_output: 1 << 20,
        processes: 64,
        scratch: 256 << 20,
    }
}

impl Nvrtc {
    /// Looks for it; the inner error says how to get it.
    ///
    /// # Errors
    /// If this program does not know where it is itself.
    pub fn find() -> anyhow::Result<Result<Self, String>> {
        let helper = std::env::current_exe()?;
        Ok(match locate() {
            Ok(location) => Ok(Nvrtc { location, helper }),
            Err(error) => Err(error.to_string()),
        })
    }

    /// The library, by which what it made is kept.
    pub fn library(&self) -> String {
        let path = &self.location.library;
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        let bytes = real.metadata().map_or(0, |metadata| metadata.len());
        format!("{} of {bytes} bytes", real.display())
    }

    /// Compiles a source in a slot; `name` is what messages and line information call it.
    ///
    /// # Errors
    /// If the sandbox fails. The inner error is the compiler's.
    pub fn compile(
        &self,
        source: &str,
        name: &str,
        options: &Options,
        slot: &mut Slot,
    ) -> anyhow::Result<Result<Compiled, CompileError>> {
        let (arguments, mounts) = self.inside()?;
        let order = Order {
            source: source.to_owned(),
            name: name.to_owned(),
            options: options.clone(),
        };
        let command = Command {
            program: HELPER.into(),
            arguments,
            environment: Vec::new(),
            mounts,
            collect: None,
            fixed_layout: false,
        };
        let streams = Streams {
            input: Input::Bytes(serde_json::to_vec(&order)?.into()),
        };
        let outcome = slot.run(&command, &limits(), streams)?;
        let said = || String::from_utf8_lossy(&outcome.error_output).into_owned();
        Ok(match (&outcome.ended, &outcome.exit) {
            (Ended::ByItself, Exit::Code(0)) => serde_json::from_slice(&outcome.output)?,
            (Ended::ByItself, exit) => Err(CompileError::Failed(format!(
                "{exit:?} {}",
                said().trim_end()
            ))),
            (Ended::CpuLimit | Ended::WallLimit, _) => Err(CompileError::Source(
                "the compiler ran into its time limit".to_owned(),
            )),
            (Ended::MemoryLimit, _) => Err(CompileError::Source(
                "the compiler ran into its memory limit".to_owned(),
            )),
            (Ended::OutputLimit, _) => Err(CompileError::Source(
                "the compiler made more PTX than its limit".to_owned(),
            )),
            (Ended::CouldNotStart(reason), _) => Err(CompileError::Failed(reason.clone())),
        })
    }

    /// The child's arguments, and how what they name gets there.
    fn inside(&self) -> anyhow::Result<(Vec<OsString>, Vec<Mount>)> {
        let mut arguments = vec![CHILD.into()];
        let mut mounts = Vec::new();
        let mut show = |source: &Path, target: PathBuf, option: Option<&str>| {
            // A link would lead to where nothing is inside.
            mounts.push(Mount {
                source: source.canonicalize()?,
                target: target.clone(),
            });
            if let Some(option) = option {
                arguments.extend([option.into(), target.into()]);
            }
            anyhow::Ok(())
        };
        show(&self.helper, HELPER.into(), None)?;
        let Location {
            library,
            builtins,
            include,
        } = &self.location;
        let beside = |path: &Path| Path::new(LIBRARIES).join(path.file_name().unwrap_or_default());
        show(library, beside(library), Some("--library"))?;
        if let Some(builtins) = builtins {
            show(builtins, beside(builtins), Some("--builtins"))?;
        }
        for (index, path) in include.iter().enumerate() {
            let target = Path::new(HEADERS).join(index.to_string());
            show(path, target, Some("--include"))?;
        }
        Ok((arguments, mounts))
    }
}

/// The child's side: an order on standard input, what came of it on standard output.
///
/// # Errors
/// If the order is not of the form.
pub fn serve(location: Location) -> anyhow::Result<()> {
    let mut order = String::new();
    std::io::stdin().read_to_string(&mut order)?;
    let order: Order = serde_json::from_str(&order)?;
    let made = Compiler::load(location)
        .and_then(|compiler| compiler.compile(&order.source, &order.name, &order.options));
    let mut output = std::io::stdout().lock();
    serde_json::to_writer(&mut output, &made)?;
    Ok(output.flush()?)
}

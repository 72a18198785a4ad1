//! From CUDA to PTX: NVRTC, found and loaded at run time, so that nothing of CUDA is needed where none is compiled.
//!
//! NVRTC reads whatever a source includes, so somebody else's source belongs into a confined child that may read no more
//! than [`Location`] names: [`Compiler::compile`] is one plain call for that child to make.

mod binding;
mod cubin;
mod locate;
mod paths;
mod resources;

use binding::Fetch;
pub use cubin::Cubin;
pub use locate::{Location, SETTING};
pub use resources::Resources;
use serde::{Deserialize, Serialize};

/// What is compiled for where nobody says otherwise: it runs on everything from Ampere on.
pub const ARCHITECTURE: u32 = 80;

/// The command that gets NVRTC with the headers that kernels include.
pub const INSTALL: &str =
    "pip install nvidia-cuda-nvrtc==13.0.88 nvidia-cuda-runtime==13.0.96 nvidia-cuda-crt==13.0.88";

/// How a source is compiled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Compute capability, 80 for 8.0.
    pub architecture: u32,
    /// Whether registers, spills and shared memory are asked for, which takes a second compilation.
    pub resources: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            architecture: ARCHITECTURE,
            resources: false,
        }
    }
}

/// What NVRTC made of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compiled {
    /// The PTX, which names the source as the caller named it.
    pub ptx: String,
    /// The compiler's version, as `13.0.88`.
    pub version: String,
    /// Warnings.
    pub log: String,
    /// What each kernel takes, if that was asked for.
    pub resources: Vec<Resources>,
}

/// Why there is no PTX.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum CompileError {
    /// NVRTC is not there.
    #[error(
        "{0}; get it with `{INSTALL}` in a Python environment that is active, or set {SETTING} to the folder of libnvrtc.so"
    )]
    Absent(String),
    /// The source is wrong; this is what the compiler says.
    #[error("{0}")]
    Source(String),
    /// NVRTC itself failed.
    #[error("NVRTC: {0}")]
    Failed(String),
}

/// NVRTC, ready to compile.
pub struct Compiler {
    nvrtc: binding::Nvrtc,
    location: Location,
}

/// Where NVRTC is, without loading it.
///
/// # Errors
/// [`CompileError::Absent`], with the command that gets it.
pub fn locate() -> Result<Location, CompileError> {
    locate::locate().map_err(CompileError::Absent)
}

/// Finds NVRTC and compiles a source; `name` is what messages and line information call it.
///
/// # Errors
/// If NVRTC is not there, the source is wrong, or NVRTC fails.
pub fn compile(source: &str, name: &str, options: &Options) -> Result<Compiled, CompileError> {
    Compiler::load(locate()?)?.compile(source, name, options)
}

/// The options that decide what PTX comes out; where headers are is not among them.
pub fn flags(architecture: u32) -> Vec<String> {
    vec![
        format!("--gpu-architecture=compute_{architecture}"),
        "-lineinfo".to_owned(),
        "--std=c++17".to_owned(),
    ]
}

impl Compiler {
    /// Loads NVRTC.
    ///
    /// # Errors
    /// [`CompileError::Failed`] if the files are there but not what they should be.
    pub fn load(location: Location) -> Result<Self, CompileError> {
        let nvrtc = binding::Nvrtc::load(&location.library, location.builtins.as_deref())
            .map_err(CompileError::Failed)?;
        Ok(Compiler { nvrtc, location })
    }

    /// Compiles a source; `name` is what messages and line information call it.
    ///
    /// # Errors
    /// If the source is wrong, or NVRTC fails.
    pub fn compile(
        &self,
        source: &str,
        name: &str,
        options: &Options,
    ) -> Result<Compiled, CompileError> {
        let include = self.location.include.iter();
        let include: Vec<String> = include
            .map(|path| format!("-I{}", path.display()))
            .collect();
        let mut arguments = flags(options.architecture);
        arguments.extend_from_slice(&include);
        let output = self.run(source, name, &arguments, Fetch::Ptx)?;
        let ptx = String::from_utf8_lossy(&output.made);
        let ptx = paths::make_relative(&ptx, name, &self.location.include);
        let resources = if options.resources {
            let mut arguments = vec![
                format!("--gpu-architecture=sm_{}", options.architecture),
                "--std=c++17".to_owned(),
                "--ptxas-options=-v".to_owned(),
            ];
            arguments.extend(include);
            resources::parse(&self.run(source, name, &arguments, Fetch::Log)?.log)
        } else {
            Vec::new()
        };
        Ok(Compiled {
            version: self.version(&ptx)?,
            ptx,
            log: output.log,
            resources,
        })
    }

    /// Compiles a source to machine code for one architecture, 90 for 9.0.
    ///
    /// # Errors
    /// If the source is wrong, the compiler does not know the architecture, or NVRTC fails.
    pub fn cubin(
        &self,
        source: &str,
        name: &str,
        architecture: u32,
    ) -> Result<Cubin, CompileError> {
        let mut arguments = vec![
            format!("--gpu-architecture=sm_{architecture}"),
            "-lineinfo".to_owned(),
            "--std=c++17".to_owned(),
        ];
        let include = self.location.include.iter();
        arguments.extend(include.map(|path| format!("-I{}", path.display())));
        let output = self.run(source, name, &arguments, Fetch::Cubin)?;
        Cubin::of_compiler(output.made).map_err(CompileError::Failed)
    }

    fn run(
        &self,
        source: &str,
        name: &str,
        arguments: &[String],
        fetch: Fetch,
    ) -> Result<binding::Output, CompileError> {
        let output = self.nvrtc.compile(source, name, arguments, fetch);
        let output = output.map_err(CompileError::Failed)?;
        if output.succeeded {
            Ok(output)
        } else {
            Err(CompileError::Source(output.log))
        }
    }

    /// The whole version stands only in the PTX: `Cuda compilation tools, release 13.0, V13.0.88`.
    fn version(&self, ptx: &str) -> Result<String, CompileError> {
        let stated = ptx
            .lines()
            .take_while(|line| line.starts_with("//"))
            .find_map(|line| line.rsplit_once(", V"))
            .map(|(_, version)| version.trim().to_owned());
        match stated {
            Some(version) => Ok(version),
            None => {
                let (major, minor) = self.nvrtc.version().map_err(CompileError::Failed)?;
                Ok(format!("{major}.{minor}"))
            }
        }
    }
}

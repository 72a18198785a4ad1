//! From a source to something that runs: compiled in the sandbox, kept by content.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sandbox::{Command, Ended, Exit, Limits, Mount, Slot, Streams};
use sha2::{Digest, Sha256};

use crate::digest::hexadecimal;
use crate::language::{Language, Languages, Toolchain, is_system, search};
use crate::lock::lock;
use crate::solution::Code;
use crate::usage::Usage;

/// Where a source stands while it is compiled, and what was compiled while it runs.
const SOURCE_FOLDER: &str = "/source";
const PROGRAM_FOLDER: &str = "/program";
/// Where the files of a command of the user's stand.
const COMMAND_FOLDER: &str = "/command";

/// Builds programs, each once.
pub struct Builder {
    languages: Languages,
    cache: PathBuf,
    sanitize: bool,
    toolchains: Mutex<HashMap<String, Arc<Result<Toolchain, String>>>>,
}

/// A program that can be run.
#[derive(Clone, Debug)]
pub struct Built {
    program: PathBuf,
    arguments: Vec<String>,
    mounts: Vec<Mount>,
    environment: Vec<(OsString, OsString)>,
    /// What time limits are multiplied by.
    pub time_factor: f64,
    /// Memory of the language's runtime, bytes, added to the limit.
    pub runtime_memory: u64,
    /// See [`Language::repeats`].
    pub repeats: bool,
}

/// Why there is nothing to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotBuilt {
    /// The toolchain is not there; says how to get it.
    NoToolchain(String),
    /// The compiler refuses the source, or passed a limit; says what it printed.
    CompileError(String),
}

/// What a compiler may use: enough for heavy templates, not enough to harm.
fn compile_limits() -> Limits {
    Limits {
        cpu: Duration::from_secs(60),
        wall: Duration::from_secs(120),
        memory: 2 << 30,
        output: 1 << 20,
        error_output: 1 << 20,
        processes: 256,
        scratch: 512 << 20,
    }
}

impl Builder {
    /// A builder that keeps what it builds in the user's cache folder.
    pub fn new(languages: Languages, sanitize: bool) -> anyhow::Result<Self> {
        use etcetera::BaseStrategy as _;
        let cache = match etcetera::choose_base_strategy() {
            Ok(base) => base.cache_dir(),
            Err(_) => std::env::temp_dir(), // nobody's home
        };
        let cache = cache.join("judge").join("programs");
        std::fs::create_dir_all(&cache).map_err(|error| {
            anyhow::anyhow!(
                "{}: {error}; set XDG_CACHE_HOME to a folder that can be written",
                cache.display()
            )
        })?;
        Ok(Builder {
            languages,
            cache,
            sanitize,
            toolchains: Mutex::default(),
        })
    }

    /// The folder of what was built.
    pub fn cache(&self) -> &Path {
        &self.cache
    }

    /// The table of languages.
    pub fn languages(&self) -> &Languages {
        &self.languages
    }

    /// The toolchain of a language, looked for once.
    pub fn toolchain(&self, key: &str) -> anyhow::Result<Arc<Result<Toolchain, String>>> {
        let language = self.languages.get(key)?;
        let mut known = lock(&self.toolchains);
        let found = known
            .entry(key.to_owned())
            .or_insert_with(|| Arc::new(Toolchain::find(language)));
        Ok(found.clone())
    }

    /// Builds a program, or finds it built.
    pub fn build(&self, code: &Code, slot: &mut Slot) -> anyhow::Result<Result<Built, NotBuilt>> {
        match code {
            Code::Function(_) | Code::Kernel(_) => {
                anyhow::bail!("a function or a kernel is not built")
            }
            Code::Command(words) => Ok(Ok(self.as_it_is(words)?)),
            Code::Source { language, source } => self.source(language, source, slot),
        }
    }

    fn source(
        &self,
        key: &str,
        source: &[u8],
        slot: &mut Slot,
    ) -> anyhow::Result<Result<Built, NotBuilt>> {
        let language = self.languages.get(key)?;
        let toolchain = self.toolchain(key)?;
        let toolchain = match toolchain.as_ref() {
            Ok(toolchain) => toolchain,
            Err(reason) => return Ok(Err(NotBuilt::NoToolchain(reason.clone()))),
        };
        let folder = self.cache.join(self.key(language, toolchain, source));
        if !folder.is_dir()
            && let Err(refusal) = self.compile(language, toolchain, source, &folder, slot)?
        {
            return Ok(Err(NotBuilt::CompileError(refusal)));
        }
        let (first, rest) = language.run.split_first().expect("the table was checked");
        let mut mounts = toolchain_mounts(toolchain);
        mounts.push(Mount {
            source: folder,
            target: PROGRAM_FOLDER.into(),
        });
        let inside = |word: &String| {
            word.replace("{source}", &format!("{PROGRAM_FOLDER}/{}", language.source))
                .replace("{program}", PROGRAM_FOLDER)
        };
        Ok(Ok(Built {
            program: toolchain.program(&inside(first)),
            arguments: rest.iter().map(inside).collect(),
            mounts,
            environment: self.environment(),
            time_factor: language.time_factor,
            runtime_memory: language.runtime_memory_mib << 20,
            repeats: language.repeats,
        }))
    }

    /// The compile command's words after the first.
    fn compile_arguments<'a>(&self, language: &'a Language) -> Vec<&'a String> {
        let sanitize = if self.sanitize {
            language.sanitize.as_slice()
        } else {
            &[]
        };
        language.compile.iter().skip(1).chain(sanitize).collect()
    }

    /// What a build depends on: commands, version of the toolchain, source.
    fn key(&self, language: &Language, toolchain: &Toolchain, source: &[u8]) -> String {
        let mut digest = Sha256::new();
        let arguments = self.compile_arguments(language);
        digest.update(format!(
            "{} {arguments:?} {:?}",
            language.source, language.environment
        ));
        digest.update(&toolchain.version);
        digest.update(source);
        hexadecimal(&digest.finalize()[..16])
    }

    /// Compiles into a new folder, which appears whole or not at all. The inner error is the compiler's refusal.
    fn compile(
        &self,
        language: &Language,
        toolchain: &Toolchain,
        source: &[u8],
        folder: &Path,
        slot: &mut Slot,
    ) -> anyhow::Result<Result<(), String>> {
        let staging = tempfile::tempdir_in(&self.cache)?;
        let (given, made) = (staging.path().join("source"), staging.path().join("made"));
        std::fs::create_dir(&given)?;
        std::fs::create_dir(&made)?;
        std::fs::write(given.join(&language.source), source)?;
        if let Some(compiler) = language.compile.first() {
            let path = format!("{SOURCE_FOLDER}/{}", language.source);
            let arguments = self.compile_arguments(language);
            let mut mounts = toolchain_mounts(toolchain);
            mounts.push(Mount {
                source: given.clone(),
                target: SOURCE_FOLDER.into(),
            });
            let command = Command {
                program: toolchain.program(compiler),
                arguments: arguments
                    .iter()
                    .map(|word| word.replace("{source}", &path).into())
                    .collect(),
                environment: language.environment(),
                mounts,
                collect: Some(made.clone()),
                fixed_layout: false,
            };
            let outcome = slot.run(&command, &compile_limits(), Streams::default())?;
            if let Some(refusal) = refusal(&outcome) {
                return Ok(Err(refusal));
            }
        }
        std::fs::copy(given.join(&language.source), made.join(&language.source))?;
        match std::fs::rename(&made, folder) {
            // Another process built the same in the meantime.
            Err(_) if folder.is_dir() => Ok(Ok(())),
            renamed => Ok(Ok(renamed?)),
        }
    }

    /// The environment of programs.
    fn environment(&self) -> Vec<(OsString, OsString)> {
        // Hash seeds differ from run to run, and with them the order and the cost of sets.
        let mut environment = vec![("PYTHONHASHSEED".into(), "0".into())];
        if self.sanitize {
            // Leaks are looked for by ptrace, which the sandbox forbids.
            environment.push(("ASAN_OPTIONS".into(), "detect_leaks=0".into()));
        }
        environment
    }

    /// A command of the user's: its program and every argument that is a file are shown inside, nothing else is. An
    /// interpreter that a language knows is found where the language finds it.
    fn as_it_is(&self, words: &[String]) -> anyhow::Result<Built> {
        let (first, rest) = words
            .split_first()
            .ok_or_else(|| Usage::new("`--` needs a command behind it"))?;
        let mut mounts = Vec::new();
        // A file of the user's stands under its own name in a folder of its own: two may have the same name.
        let mut shown = |index: usize, word: &str| {
            let source = Path::new(word)
                .canonicalize()
                .ok()
                .filter(|path| path.is_file())?;
            let target = Path::new(COMMAND_FOLDER)
                .join(index.to_string())
                .join(source.file_name()?);
            mounts.push(Mount {
                source,
                target: target.clone(),
            });
            Some(target)
        };
        let repeats = self
            .language_of(first)
            .is_none_or(|(_, language)| language.repeats);
        let argument = |(index, word): (usize, &String)| match shown(index + 1, word) {
            Some(path) => path.display().to_string(),
            None => word.clone(),
        };
        let arguments = rest.iter().enumerate().map(argument).collect();
        let program = match (shown(0, first), self.interpreter(first)?) {
            (Some(path), _) => path,
            (None, Some((path, folders))) => {
                mounts.extend(folders.into_iter().map(in_its_place));
                path
            }
            (None, None) => {
                let path = search(first).ok_or_else(|| {
                    Usage::new(format!("`{first}` is neither a file nor on the PATH"))
                })?;
                if !is_system(&path) {
                    mounts.push(in_its_place(path.clone()));
                }
                path
            }
        };
        Ok(Built {
            program,
            arguments,
            mounts,
            environment: self.environment(),
            time_factor: 1.0,
            runtime_memory: 0,
            repeats,
        })
    }

    /// The language whose programs are run by a command.
    fn language_of(&self, command: &str) -> Option<(&str, &Language)> {
        let runs = |language: &Language| {
            language
                .run
                .first()
                .is_some_and(|program| program == command)
        };
        self.languages.iter().find(|(_, language)| runs(language))
    }

    /// The true path of a language's program, and the folders that it needs.
    fn interpreter(&self, name: &str) -> anyhow::Result<Option<(PathBuf, Vec<PathBuf>)>> {
        let Some((key, _)) = self.language_of(name) else {
            return Ok(None);
        };
        let toolchain = self.toolchain(key)?;
        let found = toolchain.as_ref().as_ref().ok();
        Ok(found.map(|toolchain| (toolchain.program(name), toolchain.folders.clone())))
    }
}

fn toolchain_mounts(toolchain: &Toolchain) -> Vec<Mount> {
    toolchain
        .folders
        .iter()
        .cloned()
        .map(in_its_place)
        .collect()
}

/// Shows a path inside where it is outside.
fn in_its_place(path: PathBuf) -> Mount {
    Mount {
        source: path.clone(),
        target: path,
    }
}

/// What a compiler printed if it did not succeed.
fn refusal(outcome: &sandbox::Outcome) -> Option<String> {
    let printed = || {
        let text = if outcome.error_output.is_empty() {
            &outcome.output
        } else {
            &outcome.error_output
        };
        String::from_utf8_lossy(text).trim_end().to_owned()
    };
    Some(match (&outcome.ended, &outcome.exit) {
        (Ended::ByItself, Exit::Code(0)) => return None,
        (Ended::ByItself, _) => printed(),
        (Ended::CpuLimit | Ended::WallLimit, _) => {
            "the compiler ran into its time limit".to_owned()
        }
        (Ended::MemoryLimit, _) => "the compiler ran into its memory limit".to_owned(),
        (Ended::OutputLimit, _) => "the compiler wrote more than its limit".to_owned(),
        (Ended::CouldNotStart(reason), _) => format!("the compiler could not be started: {reason}"),
    })
}

impl Built {
    /// The command that runs it under a memory limit in bytes.
    pub fn command(&self, memory: u64) -> Command {
        let memory_mib = (memory >> 20).to_string();
        let argument = |word: &String| OsString::from(word.replace("{memory_mib}", &memory_mib));
        Command {
            program: self.program.clone(),
            arguments: self.arguments.iter().map(argument).collect(),
            environment: self.environment.clone(),
            mounts: self.mounts.clone(),
            collect: None,
            fixed_layout: false,
        }
    }
}

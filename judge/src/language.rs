//! Languages: a table of how to compile and run each, built in and extended by a `judge.toml`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::usage::Usage;

/// How programs of a language are compiled and run.
///
/// In commands `{source}` stands for the source file, `{program}` for the folder of what was compiled, `{memory_mib}`
/// for the memory limit. Compilers run in an empty writable folder, and what they leave there is what is run.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// The name that people use.
    pub name: String,
    /// Extensions of its files, without the dot.
    pub extensions: Vec<String>,
    /// The name that its compiler wants the source file to have.
    pub source: String,
    /// The command that compiles or checks a source.
    #[serde(default)]
    pub compile: Vec<String>,
    /// What is added to the compile command by `--sanitize`; without it the language has no sanitizer.
    #[serde(default)]
    pub sanitize: Vec<String>,
    /// The command that runs it.
    pub run: Vec<String>,
    /// The command that prints the toolchain's version.
    pub version: Vec<String>,
    /// A command that prints, a line each, the true path of the toolchain's first program and the folders that it
    /// needs, where that is not what the search path leads to.
    #[serde(default)]
    pub locate: Vec<String>,
    /// The environment of its compiler.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// What time limits are multiplied by.
    #[serde(default = "one")]
    pub time_factor: f64,
    /// Memory that its runtime takes for itself, added to every memory limit.
    #[serde(default)]
    pub runtime_memory_mib: u64,
    /// Whether its programs execute the same instructions every time: not where a runtime compiles or collects beside them.
    #[serde(default = "yes")]
    pub repeats: bool,
    /// A source that reads its input and answers nothing: what it costs is no solution's work.
    pub null_program: Option<String>,
    /// How to get it.
    pub install: String,
}

impl Language {
    /// The environment of its compiler, as the sandbox takes it.
    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        let pairs = self.environment.iter();
        pairs
            .map(|(name, value)| (name.into(), value.into()))
            .collect()
    }
}

fn yes() -> bool {
    true
}

fn one() -> f64 {
    1.0
}

/// All languages by their key (`cpp`).
#[derive(Clone, Debug)]
pub struct Languages(BTreeMap<String, Language>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    language: BTreeMap<String, Language>,
}

/// The name of the file that extends the built-in table, looked for in the current folder and those above it.
pub const SETTINGS_FILE: &str = "judge.toml";

impl Languages {
    /// The built-in table.
    pub fn built_in() -> Self {
        let file: File =
            toml::from_str(include_str!("languages.toml")).expect("the built-in table is right");
        Languages(file.language)
    }

    /// The built-in table with the `judge.toml` of the current folder, or of the nearest one above it, laid over it.
    pub fn load() -> anyhow::Result<Self> {
        let mut languages = Self::built_in();
        let here = std::env::current_dir()?;
        if let Some(path) = here
            .ancestors()
            .map(|folder| folder.join(SETTINGS_FILE))
            .find(|path| path.is_file())
        {
            languages.extend(&path)?;
        }
        Ok(languages)
    }

    fn extend(&mut self, path: &Path) -> anyhow::Result<()> {
        let text = std::fs::read_to_string(path).map_err(|error| Usage::file(path, error))?;
        let file: File = toml::from_str(&text).map_err(|error| Usage::file(path, error))?;
        for (key, language) in file.language {
            if language.run.is_empty() || language.version.is_empty() {
                let reason = format!("language.{key}: `run` and `version` must name a command");
                return Err(Usage::file(path, reason).into());
            }
            self.0.insert(key, language);
        }
        Ok(())
    }

    /// Keys and languages, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Language)> {
        self.0
            .iter()
            .map(|(key, language)| (key.as_str(), language))
    }

    /// The language of a key.
    pub fn get(&self, key: &str) -> Result<&Language, Usage> {
        self.0.get(key).ok_or_else(|| {
            let near = problems::suggestions(key, self.0.keys().map(String::as_str));
            Usage::new(format!(
                "unknown language `{key}`{near}; `judge list languages` shows all"
            ))
        })
    }

    /// The key of the language that a file's extension tells.
    pub fn of_extension(&self, extension: &str) -> Option<&str> {
        let matches =
            |language: &Language| language.extensions.iter().any(|known| known == extension);
        self.iter()
            .find(|(_, language)| matches(language))
            .map(|(key, _)| key)
    }

    /// The key of the language of a file.
    pub fn of_file(&self, path: &Path) -> Result<&str, Usage> {
        let extension = path
            .extension()
            .and_then(std::ffi::OsStr::to_str)
            .unwrap_or_default();
        self.of_extension(extension).ok_or_else(|| {
            Usage::file(
                path,
                format!("no language has the extension `{extension}`: name one with --language, or run a command with `-- CMD`"),
            )
        })
    }
}

/// A toolchain that is there: its programs' true paths and what they need.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// What its version command prints, first line.
    pub version: String,
    /// The true path of the programs that the language's commands begin with.
    programs: BTreeMap<String, PathBuf>,
    /// Folders outside the system's own that it needs.
    pub folders: Vec<PathBuf>,
}

/// Folders that every sandbox shows anyway.
const SYSTEM: [&str; 4] = ["/usr", "/bin", "/lib", "/lib64"];

impl Toolchain {
    /// Looks for a language's toolchain; an error says what is missing and how to get it.
    pub fn find(language: &Language) -> Result<Self, String> {
        let absent = |what: &str| format!("{what}; to get {}: {}", language.name, language.install);
        let version = output_of(&language.version).map_err(|reason| absent(&reason))?;
        let mut toolchain = Toolchain {
            version: version.lines().next().unwrap_or_default().trim().to_owned(),
            programs: BTreeMap::new(),
            folders: Vec::new(),
        };
        if !language.locate.is_empty() {
            let located = output_of(&language.locate).map_err(|reason| absent(&reason))?;
            let mut lines = located.lines().map(PathBuf::from);
            let first = language.compile.first().or(language.run.first());
            if let (Some(first), Some(path)) = (first, lines.next()) {
                toolchain.programs.insert(first.clone(), path);
            }
            toolchain
                .folders
                .extend(lines.filter(|folder| !is_system(folder)));
        }
        for command in [&language.compile, &language.run] {
            let Some(name) = command.first().filter(|name| !name.contains('{')) else {
                continue;
            };
            if !toolchain.programs.contains_key(name) {
                let path =
                    search(name).ok_or_else(|| absent(&format!("`{name}` is not on the PATH")))?;
                if !is_system(&path) {
                    // The usual layout is PREFIX/bin/NAME with libraries beside `bin`.
                    toolchain
                        .folders
                        .extend(path.parent().and_then(Path::parent).map(Path::to_owned));
                }
                toolchain.programs.insert(name.clone(), path);
            }
        }
        Ok(toolchain)
    }

    /// The true path of a command's first word.
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs
            .get(name)
            .cloned()
            .unwrap_or_else(|| PathBuf::from(name))
    }
}

/// Whether every sandbox shows a path anyway.
pub fn is_system(path: &Path) -> bool {
    SYSTEM.iter().any(|folder| path.starts_with(folder))
}

/// The file that a name on the search path leads to, links followed.
pub fn search(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let candidates = std::env::split_paths(&path).map(|folder| folder.join(name));
    let found = candidates
        .into_iter()
        .find(|candidate| candidate.is_file())?;
    found.canonicalize().ok()
}

fn output_of(command: &[String]) -> Result<String, String> {
    let (program, arguments) = command.split_first().ok_or("no command")?;
    let output = std::process::Command::new(program)
        .args(arguments)
        .stdin(std::process::Stdio::null())
        .output()
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => format!("`{program}` is not on the PATH"),
            _ => format!("`{program}`: {error}"),
        })?;
    if !output.status.success() {
        return Err(format!("`{}` fails ({})", command.join(" "), output.status));
    }
    // Some print their version to standard error.
    let text = if output.stdout.is_empty() {
        output.stderr
    } else {
        output.stdout
    };
    Ok(String::from_utf8_lossy(&text).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_is_whole_and_no_extension_has_two_languages() {
        let languages = Languages::built_in();
        let mut seen = std::collections::BTreeSet::new();
        for (key, language) in languages.iter() {
            assert!(
                !language.run.is_empty() && !language.version.is_empty(),
                "{key}"
            );
            assert!(language.time_factor >= 1.0, "{key}");
            for extension in &language.extensions {
                assert!(seen.insert(extension.clone()), "{extension} stands twice");
            }
        }
        assert_eq!(languages.of_extension("cpp"), Some("cpp"));
        assert!(
            languages
                .get("cxx")
                .unwrap_err()
                .to_string()
                .contains("did you mean")
        );
    }

    #[test]
    fn a_settings_file_adds_languages_and_names_its_faults() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(SETTINGS_FILE);
        let entry = "[language.awk]\nname = 'AWK'\nextensions = ['awk']\nsource = 'main.awk'\n\
                     run = ['awk', '-f', '{source}']\nversion = ['awk', '--version']\ninstall = 'apt-get install gawk'\n";
        std::fs::write(&path, entry).unwrap();
        let mut languages = Languages::built_in();
        languages.extend(&path).unwrap();
        assert_eq!(languages.of_extension("awk"), Some("awk"));

        std::fs::write(&path, "[language.awk]\nnam = 'AWK'\n").unwrap();
        let error = languages.extend(&path).unwrap_err().to_string();
        assert!(
            error.contains("judge.toml") && error.contains("line 2"),
            "{error}"
        );
    }
}

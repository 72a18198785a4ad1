//! Programs, embedded in the binary so that it works from any folder.

use include_dir::{Dir, File, include_dir};
use vocabulary::{Expectation, Verdict};

static PROGRAMS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/programs");

/// A program that reads standard input and writes standard output.
#[derive(Clone, Debug)]
pub struct Program {
    /// The problem's name.
    pub problem: &'static str,
    /// The file's name without its extension.
    pub name: &'static str,
    /// The file's extension, which tells the language.
    pub extension: &'static str,
    /// The source.
    pub source: &'static str,
    /// What it must get.
    pub expectation: Expectation,
}

/// The name of the folder for an expected verdict.
fn folder_of(verdict: Verdict) -> String {
    verdict.in_words().replace(' ', "_")
}

pub(crate) fn embedded() -> Vec<Program> {
    let mut programs = Vec::new();
    for problem in PROGRAMS.dirs() {
        for verdict in problem.dirs() {
            programs.extend(verdict.files().map(|file| program(problem, verdict, file)));
        }
    }
    programs.sort_by_key(|program| (program.problem, program.name, program.extension));
    programs
}

fn program(
    problem: &'static Dir<'static>,
    verdict: &'static Dir<'static>,
    file: &'static File<'static>,
) -> Program {
    let path = file.path().display().to_string();
    let part = |part: Option<&'static std::ffi::OsStr>| {
        part.and_then(std::ffi::OsStr::to_str)
            .unwrap_or_else(|| panic!("{path} is not problem/verdict/name.extension"))
    };
    let source = file
        .contents_utf8()
        .unwrap_or_else(|| panic!("{path} is not UTF-8"));
    let expectation = crate::expectation(&path, source);
    assert_eq!(
        part(verdict.path().file_name()),
        folder_of(expectation.verdict),
        "{path} stands in the folder of another verdict than it expects"
    );
    Program {
        problem: part(problem.path().file_name()),
        name: part(file.path().file_stem()),
        extension: part(file.path().extension()),
        source,
        expectation,
    }
}

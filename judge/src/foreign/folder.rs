//! A folder of cases as a problem: `name.in` with `name.ans` or `name.out`.

use std::any::Any;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use problems::{
    Accepted, AnyCase, AnyProblem, Axis, CaseError, Cost, FamilyInfo, FormError, Limits, Mismatch,
    Sample, Schema,
};
use vocabulary::{Arrays, CaseId, CaseName, Parameters};

use super::Comparison;
use crate::usage::Usage;

/// A folder of cases. Each is named after its file, as the one case of a family of that name.
pub struct FolderProblem {
    name: String,
    files: Vec<Files>,
    comparison: Arc<Comparison>,
}

/// The files of a case.
#[derive(Clone)]
struct Files {
    name: String,
    input: PathBuf,
    /// None where there is none and an interactor does without.
    answer: Option<PathBuf>,
}

impl FolderProblem {
    /// Finds the cases of a folder; every input needs its answer, unless an interactor judges.
    pub fn open(folder: &Path, comparison: Comparison) -> anyhow::Result<Self> {
        let entries = std::fs::read_dir(folder).map_err(|error| Usage::file(folder, error))?;
        let mut inputs = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "in") {
                inputs.push(path);
            }
        }
        inputs.sort();
        if inputs.is_empty() {
            return Err(Usage::file(folder, "holds no case: there is no file NAME.in").into());
        }
        let files = inputs.into_iter().map(|input| {
            let answers = [input.with_extension("ans"), input.with_extension("out")];
            let answer = answers.into_iter().find(|path| path.is_file());
            if answer.is_none() && !matches!(comparison, Comparison::Interactor) {
                let reason = "has no answer beside it: NAME.ans or NAME.out";
                return Err(Usage::file(&input, reason));
            }
            let stem = input
                .file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
                .unwrap_or_default();
            Ok(Files {
                name: label(&stem),
                input,
                answer,
            })
        });
        let whole = folder
            .canonicalize()
            .map_err(|error| Usage::file(folder, error))?;
        let name = whole
            .file_name()
            .map_or("cases".into(), std::ffi::OsStr::to_string_lossy);
        Ok(FolderProblem {
            name: label(&name),
            files: files.collect::<Result<_, Usage>>()?,
            comparison: Arc::new(comparison),
        })
    }

    /// The names of all cases, in the order of their files.
    pub fn cases(&self) -> Vec<CaseId> {
        let id = |files: &Files| CaseId {
            problem: self.name.clone(),
            family: files.name.clone(),
            parameters: Parameters::new(),
            seed: 0,
        };
        self.files.iter().map(id).collect()
    }

    fn unknown(&self, family: &str) -> CaseError {
        CaseError::Unknown(format!("{} has no case `{family}`", self.name))
    }
}

/// A file's name as a part of a case's name, whose separators it must not hold.
fn label(name: &str) -> String {
    let is_separator = |c: char| c.is_whitespace() || "/@#,=".contains(c);
    name.replace(is_separator, "_")
}

impl AnyProblem for FolderProblem {
    fn name(&self) -> &str {
        &self.name
    }

    fn statement(&self) -> String {
        String::new()
    }

    fn samples(&self) -> Vec<Sample> {
        Vec::new()
    }

    fn schema(&self) -> Option<&Schema> {
        None
    }

    fn families(&self) -> Vec<&FamilyInfo> {
        Vec::new()
    }

    fn trial_sizes(&self) -> Vec<i64> {
        Vec::new()
    }

    fn settings(&self) -> Vec<Parameters> {
        vec![Parameters::new()]
    }

    fn axes(&self) -> Vec<Axis> {
        Vec::new()
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }

    fn resolve(&self, name: &CaseName) -> Result<CaseId, CaseError> {
        let found = self
            .cases()
            .into_iter()
            .find(|case| case.family == name.family);
        found.ok_or_else(|| self.unknown(&name.family))
    }

    fn case(&self, case: &CaseId) -> Result<Arc<dyn AnyCase>, CaseError> {
        let files = self.files.iter().find(|files| files.name == case.family);
        let files = files.ok_or_else(|| self.unknown(&case.family))?;
        let read = |path: &Path| {
            std::fs::read(path)
                .map_err(|error| CaseError::Unknown(format!("{}: {error}", path.display())))
        };
        Ok(Arc::new(FolderCase {
            id: case.clone(),
            input: read(&files.input)?,
            answer: match &files.answer {
                Some(answer) => read(answer)?,
                None => Vec::new(),
            },
            comparison: self.comparison.clone(),
            typed: OnceLock::new(),
        }))
    }

    fn case_of_text(&self, _: CaseId, _: &[u8]) -> Result<Arc<dyn AnyCase>, FormError> {
        Err(FormError::new(
            "a folder of cases has no schema to hold an input against",
        ))
    }
}

struct FolderCase {
    id: CaseId,
    input: Vec<u8>,
    answer: Vec<u8>,
    comparison: Arc<Comparison>,
    /// Stands for the typed input that there is not.
    typed: OnceLock<()>,
}

impl AnyCase for FolderCase {
    fn id(&self) -> &CaseId {
        &self.id
    }

    fn input_text(&self) -> Vec<u8> {
        self.input.clone()
    }

    fn expected_text(&self) -> Vec<u8> {
        self.answer.clone()
    }

    fn input_arrays(&self) -> Option<Arrays> {
        None
    }

    fn check_text(&self, output: &[u8]) -> Result<Accepted, Mismatch> {
        self.comparison.check(&self.input, &self.answer, output)
    }

    fn input(&self) -> &(dyn Any + Sync) {
        self.typed.get_or_init(|| ())
    }

    fn prepare(&self) -> Box<dyn Any + Send> {
        Box::new(())
    }

    fn output_of_arrays(&self, _: Arrays) -> Result<Box<dyn Any + Send>, Mismatch> {
        Err(Mismatch::fault("a folder of cases has no array form"))
    }

    fn output_text(&self, _: &dyn Any) -> Vec<u8> {
        Vec::new()
    }

    fn check(&self, _: &dyn Any) -> Result<Accepted, Mismatch> {
        Err(Mismatch::fault("a folder of cases has no typed form"))
    }

    fn cost(&self) -> Option<Cost> {
        None
    }

    fn items(&self) -> u64 {
        self.input
            .split(u8::is_ascii_whitespace)
            .filter(|word| !word.is_empty())
            .count() as u64
    }

    fn bytes(&self) -> u64 {
        self.input.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(files: &[(&str, &str)]) -> anyhow::Result<FolderProblem> {
        let folder = tempfile::tempdir()?;
        for (name, content) in files {
            std::fs::write(folder.path().join(name), content)?;
        }
        let problem = FolderProblem::open(folder.path(), Comparison::Exact)?;
        for case in problem.cases() {
            problem.case(&case)?; // while the folder is there
        }
        Ok(problem)
    }

    #[test]
    fn inputs_find_their_answers_in_the_order_of_their_names() {
        let problem = open(&[
            ("b.in", "2"),
            ("b.out", "2"),
            ("a 1.in", "1"),
            ("a 1.ans", "1"),
            ("notes.txt", ""),
        ])
        .unwrap();
        let names: Vec<String> = problem
            .cases()
            .into_iter()
            .map(|case| case.family)
            .collect();
        assert_eq!(names, ["a_1", "b"]);
    }

    #[test]
    fn an_input_without_an_answer_and_an_empty_folder_are_mistakes() {
        let error = open(&[("a.in", "1")]).err().unwrap().to_string();
        assert!(
            error.contains("a.in") && error.contains("NAME.ans"),
            "{error}"
        );
        assert!(open(&[]).err().unwrap().to_string().contains("no case"));
    }
}

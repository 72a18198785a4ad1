//! Solutions: what is judged, whatever it is.

use std::path::Path;
use std::sync::Arc;

use problems::AnyProblem;
use sha2::{Digest, Sha256};
use solutions::Function;
use vocabulary::{CaseId, Expectation, Growth, Kind, Target};

use crate::digest::hexadecimal;
use crate::kernel::Kernel;
use crate::language::Languages;
use crate::own_kernel;
use crate::usage::Usage;

/// An answer to a problem.
#[derive(Clone)]
pub struct Solution {
    /// The problem that it answers.
    pub problem: Arc<dyn AnyProblem>,
    /// Its name: a function's own, a program's with its extension.
    pub name: String,
    /// What it must get, if it states that.
    pub expectation: Option<Expectation>,
    /// The answer itself.
    pub code: Code,
}

/// What an answer is made of.
#[derive(Clone)]
pub enum Code {
    /// A function that is linked in.
    Function(Arc<Function>),
    /// A source in a language.
    Source {
        /// The key of its language.
        language: String,
        /// The file's bytes.
        source: Arc<[u8]>,
    },
    /// A command, run as it is.
    Command(Vec<String>),
    /// A kernel, for one target.
    Kernel(Arc<Kernel>),
}

impl Solution {
    /// `problem/name`.
    pub fn label(&self) -> String {
        format!("{}/{}", self.problem.name(), self.name)
    }

    /// The label, and for a kernel the device.
    pub fn title(&self) -> String {
        match self.code {
            Code::Kernel(_) => format!("{} on {}", self.label(), self.target()),
            _ => self.label(),
        }
    }

    /// Whether it is for a case.
    pub fn takes(&self, case: &CaseId) -> bool {
        match &self.code {
            Code::Kernel(kernel) => kernel
                .takes
                .includes(|name| case.parameters.get(name).cloned()),
            _ => true,
        }
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        match self.code {
            Code::Function(_) => Kind::Function,
            Code::Source { .. } | Code::Command(_) => Kind::Program,
            Code::Kernel(_) => Kind::Kernel,
        }
    }

    /// Where it runs.
    pub fn target(&self) -> Target {
        match &self.code {
            Code::Function(_) => Target::Function,
            Code::Source { .. } | Code::Command(_) => Target::Process,
            Code::Kernel(kernel) => kernel.target,
        }
    }

    /// The key of its language.
    pub fn language(&self) -> &str {
        match &self.code {
            Code::Function(_) => "rust",
            Code::Source { language, .. } => language,
            Code::Command(_) => "command",
            Code::Kernel(_) => "cuda",
        }
    }

    /// Its name as a part of a file's name.
    pub fn file_name(&self) -> String {
        self.name.replace(['/', ' '], "_")
    }

    /// A digest of its source, 16 hexadecimal digits; none for a command.
    pub fn source_hash(&self) -> Option<String> {
        let source: &[u8] = match &self.code {
            Code::Function(function) => function.source.as_bytes(),
            Code::Source { source, .. } => source,
            Code::Kernel(kernel) => kernel.source.as_bytes(),
            Code::Command(_) => return None,
        };
        Some(hexadecimal(&Sha256::digest(source)[..8]))
    }

    /// The growth that its header states.
    pub fn growth(&self) -> Option<&Growth> {
        self.expectation.as_ref()?.growth.as_ref()
    }

    /// Whether it is right by its own word, or states nothing (as a user's file).
    pub fn should_be_right(&self) -> bool {
        self.expectation
            .as_ref()
            .is_none_or(|expectation| expectation.verdict == vocabulary::Verdict::Accepted)
    }

    /// A user's file, or, if it is a kernel, one solution for each device.
    pub fn all_of_file(
        problem: &Arc<dyn AnyProblem>,
        path: &Path,
        languages: &Languages,
        language: Option<&str>,
    ) -> anyhow::Result<Vec<Self>> {
        if language.is_some() || !own_kernel::is_kernel(path) {
            return Ok(vec![Self::of_file(
                problem.clone(),
                path,
                languages,
                language,
            )?]);
        }
        let on = |target| {
            Ok(Solution {
                problem: problem.clone(),
                name: name_of(path),
                expectation: None,
                code: Code::Kernel(Arc::new(own_kernel::read(path, target)?)),
            })
        };
        own_kernel::TARGETS.into_iter().map(on).collect()
    }

    /// A user's file.
    pub fn of_file(
        problem: Arc<dyn AnyProblem>,
        path: &Path,
        languages: &Languages,
        language: Option<&str>,
    ) -> anyhow::Result<Self> {
        let source = std::fs::read(path).map_err(|error| Usage::file(path, error))?;
        let language = match language {
            Some(key) => {
                languages.get(key)?;
                key
            }
            None => languages.of_file(path)?,
        };
        Ok(Solution {
            problem,
            name: name_of(path),
            expectation: None,
            code: Code::Source {
                language: language.to_owned(),
                source: source.into(),
            },
        })
    }
}

/// What a user's file is called.
fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// Everything that is shipped, by problem: functions, then programs, then kernels, each once for every device.
pub fn shipped(languages: &Languages) -> Vec<Solution> {
    let functions = solutions::functions().into_iter().map(|function| {
        (
            function.problem,
            function.name.to_owned(),
            function.expectation.clone(),
            Code::Function(Arc::new(function)),
        )
    });
    let programs = solutions::programs().into_iter().map(|program| {
        let language = languages
            .of_extension(program.extension)
            .unwrap_or(program.extension);
        let code = Code::Source {
            language: language.to_owned(),
            source: program.source.as_bytes().into(),
        };
        (
            program.problem,
            format!("{}.{}", program.name, program.extension),
            program.expectation,
            code,
        )
    });
    let targets = [Target::Emulator, Target::Cuda];
    let variants = kernels::variants();
    let kernels = variants.iter().flat_map(|variant| {
        let name = format!("{}.cu", variant.name);
        let kernel = |target| Code::Kernel(Arc::new(Kernel::of_variant(variant, target)));
        targets.map(|target| {
            (
                variant.problem.as_str(),
                name.clone(),
                variant.expectation.clone(),
                kernel(target),
            )
        })
    });
    let of_problem: Vec<_> = functions.chain(programs).chain(kernels).collect();
    problems::catalogue::all()
        .flat_map(|problem| {
            let own = of_problem
                .iter()
                .filter(|(name, ..)| *name == problem.name());
            own.map(|(_, name, expectation, code)| Solution {
                problem: problem.clone(),
                name: name.clone(),
                expectation: Some(expectation.clone()),
                code: code.clone(),
            })
        })
        .collect()
}

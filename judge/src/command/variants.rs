//! Which kernels a command is about: those of a repository, or those that are built in.

use std::path::{Path, PathBuf};

use kernels::Variant;
use vocabulary::Target;

use crate::counting::label;
use crate::kernel::Kernel;
use crate::selection::{Selection, problem};
use crate::solution::{Code, Solution};
use crate::usage::Usage;

/// The repository that is meant: the one that is named, or the one around the current folder, if it is in one.
pub(super) fn root(named: Option<&Path>) -> anyhow::Result<Option<PathBuf>> {
    let is_one = |folder: &Path| folder.join(kernels::FOLDER).is_dir();
    if let Some(named) = named {
        if !is_one(named) {
            let reason = format!("there is no {} in it", kernels::FOLDER);
            return Err(Usage::file(named, format!("--root: {reason}")).into());
        }
        return Ok(Some(named.to_owned()));
    }
    let here = std::env::current_dir()?;
    let found = here.ancestors().find(|folder| is_one(folder));
    Ok(found.map(Path::to_owned))
}

/// The kernels of a repository, or those that are built in.
pub(super) fn variants(root: Option<&Path>) -> Result<Vec<Variant>, Usage> {
    match root {
        Some(root) => kernels::variants_in(root).map_err(Usage::new),
        None => Ok(kernels::variants()),
    }
}

/// Those that some words select.
pub(super) fn selected(words: &[String], all: Vec<Variant>) -> anyhow::Result<Vec<Variant>> {
    let selection = Selection::parse(words)?;
    if let Some(file) = selection.files.first() {
        let reason = "name a shipped kernel as PROBLEM/KERNEL (`judge kernels list`)";
        return Err(Usage::file(file, reason).into());
    }
    let solution = |variant: &Variant| {
        Ok(Solution {
            problem: problem(&variant.problem)?,
            name: format!("{}.cu", variant.name),
            expectation: Some(variant.expectation.clone()),
            code: Code::Kernel(Kernel::of_variant(variant, Target::Emulator).into()),
        })
    };
    let solutions = all.iter().map(solution).collect::<Result<_, Usage>>()?;
    let wanted = selection.solutions(solutions)?;
    let labels: Vec<String> = wanted.iter().map(Solution::label).collect();
    let is_wanted = |variant: &Variant| labels.contains(&format!("{}.cu", label(variant)));
    Ok(all.into_iter().filter(is_wanted).collect())
}

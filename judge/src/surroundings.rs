//! What a run says of the machine that it ran on.

use reports::{Environment, RunInfo};

use crate::judging::Court;
use crate::solution::{Code, Solution};

/// The environment of a run of solutions, and what its rows are stamped with. Only their languages are looked for:
/// starting a compiler that is not needed takes longer than a small run.
pub fn of_this_run<'a>(
    court: &Court,
    solutions: impl IntoIterator<Item = &'a Solution>,
) -> anyhow::Result<(Environment, RunInfo)> {
    let mut environment = Environment::probe();
    environment.judge_version = Some(env!("CARGO_PKG_VERSION").to_owned());
    environment.git_rev = git_revision();
    match &court.sandbox {
        Ok(sandbox) => environment.sandbox.tier = Some(sandbox.tier().to_string()),
        Err(reason) => environment.sandbox.reasons.push(reason.clone()),
    }
    for solution in solutions {
        let Code::Source { language, .. } = &solution.code else {
            continue;
        };
        if let Ok(toolchain) = court.builder.toolchain(language)?.as_ref() {
            let version = toolchain.version.clone();
            environment.compilers.insert(language.clone(), version);
        }
    }
    let run = environment.run_info();
    Ok((environment, run))
}

/// The revision of the repository that the judge is run from, if it is one.
fn git_revision() -> Option<String> {
    let output = std::process::Command::new("git")
        .args(["rev-parse", "--short=12", "HEAD"])
        .output()
        .ok()?;
    let revision = String::from_utf8(output.stdout).ok()?;
    Some(revision.trim().to_owned())
        .filter(|revision| output.status.success() && !revision.is_empty())
}

//! What a run says of the machine that it ran on.

use reports::{Environment, RunInfo};

use crate::judging::Court;

/// The environment of this run, and what its rows are stamped with.
pub fn of_this_run(court: &Court) -> anyhow::Result<(Environment, RunInfo)> {
    let mut environment = Environment::probe();
    environment.judge_version = Some(env!("CARGO_PKG_VERSION").to_owned());
    environment.git_rev = git_revision();
    match &court.sandbox {
        Ok(sandbox) => environment.sandbox.tier = Some(sandbox.tier().to_string()),
        Err(reason) => environment.sandbox.reasons.push(reason.clone()),
    }
    for (key, _) in court.builder.languages().iter() {
        if let Ok(toolchain) = court.builder.toolchain(key)?.as_ref() {
            environment
                .compilers
                .insert(key.to_owned(), toolchain.version.clone());
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

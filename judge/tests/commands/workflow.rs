//! The workflow that docs/ci.md shows, run as a job of GitHub Actions would run it, in a repository of two commits. What compiles
//! and what comments is pretended: `cargo build` puts the judge of this test where it would put its own.
#![cfg(target_os = "linux")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::common::Bench;

const DOCUMENT: &str = include_str!("../../../docs/ci.md");

/// The commands of the steps, in their order.
fn commands() -> Vec<String> {
    let (_, workflow) = DOCUMENT.split_once("name: compare\n").expect("it is shown");
    let (workflow, _) = workflow.split_once("```").expect("it ends");
    let mut commands: Vec<String> = Vec::new();
    let mut block: Option<usize> = None;
    for line in workflow.lines() {
        let indent = line.len() - line.trim_start().len();
        if block.is_some_and(|outer| indent > outer) {
            let last = commands.last_mut().expect("a block was begun");
            last.push_str(line.trim_start());
            last.push('\n');
            continue;
        }
        block = None;
        let Some((before, run)) = line.split_once("run: ") else {
            continue;
        };
        if run == "|" {
            commands.push(String::new());
            block = Some(before.len());
        } else {
            commands.push(run.to_owned());
        }
    }
    commands
}

/// A command of this name, first on the path.
fn pretend(folder: &Path, name: &str, script: &str) {
    let path = folder.join(name);
    std::fs::write(&path, format!("#!/bin/sh\nset -e\n{script}")).expect("it can be written");
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(path, mode).expect("it is ours");
}

fn output(bench: &Bench, folder: &str, script: &str) -> (Option<i32>, String) {
    let path = std::env::var("PATH").unwrap_or_default();
    let tools = bench.path().join("tools");
    let output = Command::new("bash")
        .args(["-e", "-c", script])
        .current_dir(bench.path().join(folder))
        .env("PATH", format!("{}:{path}", tools.display()))
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", bench.path().join("summary.md"))
        .env("NO_COLOR", "1")
        .output()
        .expect("bash runs");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    (output.status.code(), said)
}

#[test]
fn the_commands_of_the_shown_workflow_compare_base_and_head_and_comment() {
    let bench = Bench::new();
    let tools = bench.path().join("tools");
    std::fs::create_dir(&tools).expect("it can be made");
    let judge = env!("CARGO_BIN_EXE_judge");
    pretend(
        &tools,
        "cargo",
        &format!(
            "[ \"$1 $2 $3\" = 'build --release --locked' ]\nfolder=.\n\
             [ \"$4\" = --manifest-path ] && folder=$(dirname \"$5\")\n\
             mkdir -p \"$folder/target/release\"\ncp {judge} \"$folder/target/release/judge\"\n"
        ),
    );
    pretend(
        &tools,
        "gh",
        "echo \"$@\" > ../commented\ncat \"$5\" >> ../commented\n",
    );
    bench.file("head/Cargo.toml", "");
    let git = "git -c user.name=a -c user.email=a@b -c init.defaultBranch=main";
    let history = format!(
        "{git} init -q . && {git} add . && {git} commit -qm one && {git} rev-parse HEAD > ../base-sha && {git} commit -q \
         --allow-empty -m two"
    );
    let (code, said) = output(&bench, "head", &history);
    assert_eq!(code, Some(0), "{said}");
    let base = std::fs::read_to_string(bench.path().join("base-sha")).expect("it was written");

    let commands = commands();
    assert_eq!(commands.len(), 3, "{commands:?}");
    for command in commands {
        let mut command = command
            .replace("${{ github.event.pull_request.base.sha }}", base.trim())
            .replace("${{ github.event.number }}", "17");
        assert!(!command.contains("${{"), "{command}");
        if command.contains("judge compare") {
            // All functions take minutes.
            command.push_str(" combination_sum_ii/sorted_with_skip --time 0.2 --threshold 100");
        }
        let (code, said) = output(&bench, "head", &command);
        assert_eq!(code, Some(0), "{command}\n{said}");
    }
    let commented = std::fs::read_to_string(bench.path().join("commented")).expect("it was told");
    assert!(
        commented.starts_with("pr comment 17 --body-file comparison.md\n### "),
        "{commented}"
    );
    assert!(
        commented.contains("combination_sum_ii/sorted_with_skip"),
        "{commented}"
    );
    let summary = std::fs::read_to_string(bench.path().join("summary.md")).expect("it was added");
    assert!(commented.ends_with(&summary), "{summary}");
}

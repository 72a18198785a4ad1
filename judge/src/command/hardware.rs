//! `judge hardware`: the emulator's counters beside those of a card.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use clap::Args;
use kernels::hardware::{self, HardwareError, Subject};
use kernels::plan::Plan;
use vocabulary::{CaseId, Target, Verdict};

use super::AS_EXPECTED;
use crate::display::print_line;
use crate::kernel::Kernel;
use crate::language::Languages;
use crate::plan::{PlanOptions, for_solution};
use crate::runner::{Answer, Done, KernelAnswer, Reply, Request, Runner};
use crate::solution::{Code, Solution, shipped};
use crate::usage::Usage;

/// Hold the emulator's counters against those of a card
#[derive(Debug, Args)]
#[command(after_help = "\
Runs every shipped right kernel on the emulator, and on the GPU under `ncu`, and writes a table of both.
Ends with 4 where there is no GPU or no `ncu`: there is nothing to compare with.")]
pub(super) struct Options {
    /// Where the table goes
    #[arg(long, value_name = "FILE", default_value = "kernels/HARDWARE.md")]
    out: PathBuf,
}

/// Ends with 4: there is nothing to compare with.
const NOTHING_TO_COMPARE: u8 = 4;
/// A kernel that takes longer on either device hangs.
const PATIENCE: Duration = Duration::from_secs(300);

const HEAD: &str = "\
# The emulator's counters beside those of a card

Made by `judge hardware`; do not edit. Each kernel ran once on the emulator and once on the card under `ncu`; counts are sums
over all its launches. A difference is of the emulator's count over the card's.
";

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        let profiler = match hardware::profiler() {
            Ok(profiler) => profiler,
            Err(reason @ (HardwareError::NoGpu(_) | HardwareError::NoProfiler)) => {
                eprintln!("nothing to compare with: {reason}");
                return Ok(NOTHING_TO_COMPARE);
            }
            Err(error) => return Err(error.into()),
        };
        let mut runner = Runner::new(None);
        let mut subjects = Vec::new();
        let mut asked = Vec::new();
        for (kernel, case) in right_kernels()? {
            let done = emulated(&mut runner, &kernel, &case)?;
            subjects.push(subject(&kernel, &case, done)?);
            asked.push((kernel, case));
        }
        let mut next = asked.iter();
        let text = hardware::compare(&subjects, |_| {
            let (kernel, case) = next.next().ok_or("more subjects than kernels")?;
            profile(&profiler, kernel, case).map_err(|error| format!("{error:#}"))
        })?;
        let card = kernels::cuda::presence().map_err(anyhow::Error::msg)?;
        let text = format!("{HEAD}\nThe card: {}.\n{text}", card.name);
        fs::write(&self.out, text).map_err(|error| Usage::file(&self.out, error))?;
        let count = subjects.len();
        print_line(&format!("{count} kernels compared: {}", self.out.display()));
        Ok(AS_EXPECTED)
    }
}

/// Every shipped right kernel with the largest case that the emulator can afford.
fn right_kernels() -> anyhow::Result<Vec<(Kernel, CaseId)>> {
    let all = shipped(&Languages::load()?);
    let on_emulator = |solution: &&Solution| solution.target() == Target::Emulator;
    let right = all
        .iter()
        .filter(on_emulator)
        .filter(|solution| solution.should_be_right());
    let mut found = Vec::new();
    for solution in right {
        let Code::Kernel(kernel) = &solution.code else {
            continue;
        };
        let schema = solution.problem.schema();
        let primary = schema.map(problems::Schema::primary_name);
        let cases = for_solution(solution, &all, &PlanOptions::default())?;
        let size = |case: &CaseId| primary.and_then(|name| case.parameters.integer(name));
        let largest = cases.into_iter().max_by_key(size);
        found.extend(largest.map(|case| (Kernel::clone(kernel), case)));
    }
    Ok(found)
}

fn request(kernel: &Kernel, target: Target, case: &CaseId) -> anyhow::Result<Request> {
    let ptx = kernel.ptx.clone();
    let ptx = ptx.map_err(|reason| Usage::new(format!("{}: {reason}", kernel.file)))?;
    Ok(Request {
        version: 0, // set when it is written
        answer: Answer::Kernel(KernelAnswer {
            target,
            file: kernel.file.clone(),
            source: kernel.source.clone(),
            ptx,
        }),
        case: case.clone(),
        input: None,
        rounds: 1,
        timed: false,
        counted: false,
        unchecked: false,
        memory: 8 << 30,
    })
}

fn emulated(runner: &mut Runner, kernel: &Kernel, case: &CaseId) -> anyhow::Result<Done> {
    match runner.serve(request(kernel, Target::Emulator, case)?, PATIENCE)? {
        Reply::Done(done) if done.verdict == Verdict::Accepted => Ok(done),
        other => anyhow::bail!("{} on {case}: {other:?}", kernel.file),
    }
}

fn subject(kernel: &Kernel, case: &CaseId, done: Done) -> anyhow::Result<Subject> {
    let plan = Plan::find(&kernel.source, &kernel.file)?;
    let launches = plan.iter().flat_map(Plan::launches);
    let value_of = |name: &str| case.parameters.get(name).map(ToString::to_string);
    Ok(Subject {
        name: kernel.file.clone(),
        case: case.to_string(),
        entries: launches
            .filter_map(|launch| launch.entry.value.resolve(value_of).ok())
            .collect(),
        emulated: done.counters,
    })
}

/// Runs a kernel on the GPU in a runner under the profiler; gives what the profiler wrote.
fn profile(profiler: &Path, kernel: &Kernel, case: &CaseId) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("counters.csv");
    let mut command = hardware::profiled(profiler, &log, &std::env::current_exe()?);
    let mut child = command
        .arg("runner")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let line = request(kernel, Target::Cuda, case)?.line()?;
    if let Some(mut input) = child.stdin.take() {
        // It may have ended already: then its log says why.
        let _ = input.write_all(line.as_bytes());
    }
    let output = child.wait_with_output()?;
    let text = fs::read_to_string(&log).unwrap_or_default();
    let answer = String::from_utf8_lossy(&output.stdout);
    anyhow::ensure!(
        answer.contains("\"verdict\":\"AC\""),
        "it was not accepted under the profiler: {} {}",
        answer.lines().last().unwrap_or_default(),
        text.lines().last().unwrap_or_default()
    );
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_kernel_has_a_case_of_the_emulators_size() {
        let right = right_kernels().expect("cases are named");
        assert!(right.len() > 15, "{}", right.len());
        for (kernel, case) in right {
            assert!(kernel.fault.is_none(), "{}", kernel.file);
            let request = request(&kernel, Target::Cuda, &case).expect("it is compiled");
            assert!(!request.timed, "one round, so that counts are of one");
        }
    }
}

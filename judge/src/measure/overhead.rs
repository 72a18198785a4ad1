//! What a process costs beside its work: measured by a program of the same language that does none, in the same sandbox.

use std::collections::HashMap;

use vocabulary::{CaseId, Verdict};

use super::ladder::smallest;
use crate::execute::{Execute, Prepared, RunLimits, Timing};
use crate::judging::{Court, Readied, Worker};
use crate::solution::{Code, Solution};

/// Runs of which the least counts: what stands in the way of a process beside its work only ever adds to it.
const RUNS: u32 = 5;

/// The costs of null programs, each measured once in a run.
#[derive(Debug, Default)]
pub struct Overheads(HashMap<String, Option<Timing>>);

impl Overheads {
    /// What the null program of a solution's language costs on the smallest case that is like another. `None` for what is no
    /// process, and where the language names no such program.
    pub fn of_language(
        &mut self,
        court: &Court,
        worker: &mut Worker,
        solution: &Solution,
        like: &CaseId,
    ) -> anyhow::Result<Option<Timing>> {
        let Code::Source { language, .. } = &solution.code else {
            return Ok(None);
        };
        if let Some(known) = self.0.get(language) {
            return Ok(*known);
        }
        let overhead = match &court.builder.languages().get(language)?.null_program {
            Some(source) => {
                let code = Code::Source {
                    language: language.clone(),
                    source: source.as_bytes().into(),
                };
                of_null_program(court, worker, solution, code, like)?
            }
            None => None,
        };
        self.0.insert(language.clone(), overhead);
        Ok(overhead)
    }
}

fn of_null_program(
    court: &Court,
    worker: &mut Worker,
    solution: &Solution,
    code: Code,
    like: &CaseId,
) -> anyhow::Result<Option<Timing>> {
    let null = Solution {
        name: "null program".to_owned(),
        expectation: None,
        code,
        ..solution.clone()
    };
    let Some(case) = smallest(&null, like) else {
        return Ok(None);
    };
    let mut built = None;
    let Readied::Ready(mut execution, factor) = court.ready(&null, worker, &mut built)? else {
        return Ok(None);
    };
    let limits = court.run_limits(&null, factor);
    // It answers nothing, which is hardly ever right, and ends by itself.
    let ends = |verdict| matches!(verdict, Verdict::Accepted | Verdict::WrongAnswer);
    least(execution.as_mut(), &case, &limits, ends)
}

/// What a process costs on its family's smallest case, next to no work: for what has no null program, a command or a language of
/// the user's that names none. `None` for what is no process.
pub fn of_smallest_case(
    execution: &mut dyn Execute,
    solution: &Solution,
    like: &CaseId,
    limits: &RunLimits,
) -> anyhow::Result<Option<Timing>> {
    let is_right = |verdict| verdict == Verdict::Accepted;
    match smallest(solution, like) {
        Some(case) => least(execution, &case, limits, is_right),
        None => Ok(None),
    }
}

/// The least times of a few runs, by the clock and of the processor, if all of them end as they should.
fn least(
    execution: &mut dyn Execute,
    case: &Prepared,
    limits: &RunLimits,
    ends: impl Fn(Verdict) -> bool,
) -> anyhow::Result<Option<Timing>> {
    let mut least: Option<Timing> = None;
    for _ in 0..RUNS {
        let run = execution.run(case, limits, 1)?;
        let Some(timing) = run.timings.first().filter(|_| ends(run.verdict)) else {
            return Ok(None);
        };
        least = Some(least.map_or(*timing, |least| Timing {
            wall_ns: least.wall_ns.min(timing.wall_ns),
            cpu_ns: least.cpu_ns.min(timing.cpu_ns),
        }));
    }
    Ok(least)
}

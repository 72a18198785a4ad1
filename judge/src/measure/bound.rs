//! Growth that solutions state, held against counts, which have no noise: instructions of functions and programs, instructions
//! of warps of kernels on the emulator.

use std::time::{Duration, Instant};

use reports::{Curve, Measurement, Metric};
use vocabulary::{Growth, Target, Verdict};

use super::growth::{count, smallest};
use super::instructions::{Counter, along};
use super::ladder::ladders;
use super::sweep::{Sweep, Wish};
use crate::judging::{Court, Judged, Readied, Worker};
use crate::output;
use crate::sharing::in_order;
use crate::solution::Solution;

/// How a solution's growth in a family compares with what it states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// It keeps to it.
    Keeps,
    /// All that its counts allow lies above; says so in a sentence.
    Above(String),
    /// There are no counts, or too few; says why.
    Unknown(String),
}

/// Time for the counts of one curve.
const TIME: Duration = Duration::from_secs(4);
/// The step between sizes: far apart they tell classes best, and a curve needs few.
const STEP: i64 = 4;

/// Holds every right solution that was accepted and states a growth, several at a time. `heard` is told of each curve.
pub fn hold(
    court: &Court,
    judged: &[Judged],
    counter: &Result<Counter, String>,
    jobs: usize,
    mut heard: impl FnMut(&Solution, Held),
) -> anyhow::Result<()> {
    let solutions: Vec<(&Solution, &Growth)> = judged
        .iter()
        .filter(|judged| judged.verdict == Verdict::Accepted)
        .filter_map(|judged| Some((&judged.solution, stated(&judged.solution)?)))
        .collect();
    let mut workers: Vec<Worker> = (0..jobs).map(|_| Worker::new(None)).collect();
    in_order(
        &mut workers,
        solutions.len(),
        |worker, index| {
            let (solution, bound) = solutions[index];
            (
                solution,
                of_solution(court, worker, solution, bound, counter),
            )
        },
        |(solution, all)| {
            for held in all? {
                heard(solution, held);
            }
            anyhow::Ok(true)
        },
    )
}

/// The growth that the header of a right solution states, where it can be counted.
pub fn stated(solution: &Solution) -> Option<&Growth> {
    let growth = solution.expectation.as_ref()?.growth.as_ref();
    growth.filter(|_| solution.should_be_right() && solution.target() != Target::Cuda)
}

fn of_solution(
    court: &Court,
    worker: &mut Worker,
    solution: &Solution,
    bound: &Growth,
    counter: &Result<Counter, String>,
) -> anyhow::Result<Vec<Held>> {
    let problem = solution.problem.as_ref();
    let target = solution.target();
    let Some(sweep) = Sweep::of(problem, &Wish::default())? else {
        return Ok(vec![Held::Unknown("its problem has no axis".to_owned())]);
    };
    let sweep = sweep.within_reach_of(target);
    let mut built = None;
    let Readied::Ready(mut execution, factor) = court.ready(solution, worker, &mut built)? else {
        return Ok(Vec::new()); // it was judged, so this is a toolchain that went away in the meantime
    };
    let limits = court.run_limits(solution, factor);
    let mut all = Vec::new();
    for ladder in ladders(problem, &sweep, STEP)? {
        let rungs = ladder.rungs(&solution.problem);
        let tier = execution.tier();
        let mut rows: Vec<Measurement> = Vec::new();
        let metric = if target == Target::Emulator {
            count(execution.as_mut(), &rungs, &limits, TIME, |rung, run| {
                rows.push(output::counted(solution, rung, run, &tier));
                Ok(())
            })?;
            Metric::WarpInstructions
        } else {
            let counter = match counter {
                Ok(counter) => counter,
                Err(reason) => {
                    all.push(Held::Unknown(reason.clone()));
                    continue;
                }
            };
            let smallest = smallest(solution, &rungs[0].case.id);
            let counts = along(
                execution.as_mut(),
                &rungs,
                smallest.as_ref(),
                &limits,
                counter,
                Instant::now() + TIME,
            )?;
            if counts.is_empty() {
                all.push(Held::Unknown(
                    "its instructions do not repeat, or its threads hide them".to_owned(),
                ));
                continue;
            }
            for (rung, count) in rungs.iter().zip(counts) {
                let mut row = output::row(solution, &rung.case, Verdict::Accepted, &tier);
                row.instructions = Some(count.instructions);
                row.instruction_tier = Some(count.tier.to_string());
                rows.push(row);
            }
            Metric::Instructions
        };
        let axis = reports::Axis {
            parameter: sweep.parameter.to_owned(),
            products: sweep.products.clone(),
        };
        let curve = Curve::fit(&rows.iter().collect::<Vec<_>>(), metric, &axis);
        all.push(match &curve {
            None => Held::Unknown("nothing was counted".to_owned()),
            Some(curve) => of_curve(curve, bound),
        });
    }
    Ok(all)
}

/// How a curve compares with a bound.
pub fn of_curve(curve: &Curve, bound: &Growth) -> Held {
    let name = || format!("{}/{} on {}", curve.problem, curve.solution, curve.family);
    match curve.keeps_to(bound) {
        Some(true) => Held::Keeps,
        Some(false) => Held::Above(format!(
            "{}: its {} grow like {}, its header states {}",
            name(),
            curve.metric,
            curve.classes_in_words(),
            bound.in_words()
        )),
        None => Held::Unknown(format!(
            "{}: too few sizes to hold it against {}",
            name(),
            bound.in_words()
        )),
    }
}

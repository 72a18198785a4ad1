//! Growth that solutions state, held against counts, which have no noise: instructions of functions and programs, instructions
//! of warps of kernels on the emulator.

use std::time::{Duration, Instant};

use reports::{Curve, Measurement, Metric};
use vocabulary::{Growth, Target, Verdict};

use super::counts::{Reach, along};
use super::growth::count;
use super::ladder::{Ladder, Rung, ladders, smallest};
use super::sweep::{Sweep, Wish};
use crate::execute::{Counting, Execute, RunLimits, RunnerExecution};
use crate::instructions::{Count, Counter};
use crate::judging::{Court, Readied, Worker};
use crate::output;
use crate::runner::Runner;
use crate::sharing::in_order;
use crate::solution::{Code, Solution};

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

/// Time for the counts of one curve at most: a busy machine takes seconds to start callgrind alone.
const TIME: Duration = Duration::from_secs(20);
/// The same for a kernel's.
const EMULATED_TIME: Duration = Duration::from_secs(6);

/// How many sizes are counted at most, each twice the last. For what callgrind counts a factor of 128 from end to end, over which
/// the nearest classes (n and n log n) differ by 17%: larger sizes only take longer. Kernels have counts that no runtime disturbs.
const fn sizes(target: Target) -> usize {
    match target {
        Target::Emulator => 6,
        _ => 8,
    }
}

/// Fewer are enough where they take long under callgrind: such work hides nothing of less.
const ENOUGH: (usize, u64) = (6, 30_000_000);

/// The step between sizes.
const STEP: i64 = 2;

/// Holds solutions that state a growth, several at a time. `heard` is told of each curve.
pub fn hold(
    court: &Court,
    solutions: &[&Solution],
    counter: &Result<Counter, String>,
    jobs: usize,
    mut heard: impl FnMut(&Solution, Held),
) -> anyhow::Result<()> {
    let solutions: Vec<(&Solution, &Growth)> = solutions
        .iter()
        .filter_map(|solution| Some((*solution, stated(solution)?)))
        .collect();
    let mut desks: Vec<Desk> = (0..jobs).map(|_| Desk::new()).collect();
    in_order(
        &mut desks,
        solutions.len(),
        |desk, index| {
            let (solution, bound) = solutions[index];
            (solution, of_solution(court, desk, solution, bound, counter))
        },
        |(solution, all)| {
            for held in all? {
                heard(solution, held);
            }
            anyhow::Ok(true)
        },
    )
}

/// What is kept from solution to solution.
struct Desk {
    worker: Worker,
    runner: Runner,
    /// Growth is told by factors: that functions share a heap does not matter, that each waits for callgrind to start does.
    counting: Option<Counting>,
}

impl Desk {
    fn new() -> Self {
        Desk {
            worker: Worker::new(None),
            runner: Runner::new(None),
            counting: None,
        }
    }
}

/// The growth that the header of a right solution states, where it can be counted.
pub fn stated(solution: &Solution) -> Option<&Growth> {
    let growth = solution.growth();
    growth.filter(|_| solution.should_be_right() && solution.target() != Target::Cuda)
}

fn of_solution(
    court: &Court,
    desk: &mut Desk,
    solution: &Solution,
    bound: &Growth,
    counter: &Result<Counter, String>,
) -> anyhow::Result<Vec<Held>> {
    let problem = solution.problem.as_ref();
    let target = solution.target();
    let Some(sweep) = Sweep::of_solution(solution, &Wish::default())? else {
        return Ok(vec![Held::Unknown("its problem has no axis".to_owned())]);
    };
    let sweep = sweep.within_reach_of(target);
    let mut built = None;
    let readied = if let Code::Function(_) = solution.code {
        let execution = RunnerExecution::of_function(&mut desk.runner, solution.label());
        let execution = execution.counted_with(&mut desk.counting);
        Readied::Ready(Box::new(execution), 1.0)
    } else {
        court.ready(solution, &mut desk.worker, &mut built)?
    };
    let Readied::Ready(mut execution, factor) = readied else {
        return Ok(Vec::new()); // it was judged, so this is a toolchain that went away in the meantime
    };
    let mut witness = Witness {
        solution,
        axis: sweep.axis(Some(bound)),
        bound,
        counter,
        limits: court.run_limits(solution, factor),
        execution: execution.as_mut(),
    };
    let few = sizes(target);
    let held = |ladder: Ladder| {
        let rungs = ladder.rungs(&solution.problem);
        let held = witness.hold(&rungs[..few.min(rungs.len())], Some(ENOUGH))?;
        // What begins steeply may bend later.
        match held {
            Held::Above(_) if rungs.len() > few => witness.hold(&rungs, None),
            held => Ok(held),
        }
    };
    ladders(problem, &sweep, STEP)?
        .into_iter()
        .map(held)
        .collect()
}

/// A solution, ready to be counted.
struct Witness<'a> {
    solution: &'a Solution,
    axis: reports::Axis,
    bound: &'a Growth,
    counter: &'a Result<Counter, String>,
    limits: RunLimits,
    execution: &'a mut dyn Execute,
}

impl Witness<'_> {
    fn hold(&mut self, rungs: &[Rung], enough: Option<(usize, u64)>) -> anyhow::Result<Held> {
        let (rows, metric) = if self.solution.target() == Target::Emulator {
            (self.by_the_emulator(rungs)?, Metric::WarpInstructions)
        } else {
            match self.counter {
                Err(reason) => return Ok(Held::Unknown(reason.clone())),
                Ok(counter) => (self.by(counter, rungs, enough)?, Metric::Instructions),
            }
        };
        let curve = Curve::fit(&rows.iter().collect::<Vec<_>>(), metric, &self.axis);
        Ok(match &curve {
            None => Held::Unknown(format!(
                "{}: its instructions do not repeat, or its threads hide them",
                self.solution.label()
            )),
            Some(curve) => of_curve(curve, self.bound),
        })
    }

    fn by_the_emulator(&mut self, rungs: &[Rung]) -> anyhow::Result<Vec<Measurement>> {
        let (tier, mut rows) = (self.execution.tier(), Vec::new());
        let (limits, time) = (&self.limits, EMULATED_TIME);
        count(self.execution, rungs, limits, time, |rung, run| {
            rows.push(output::counted(self.solution, rung, run, &tier));
            Ok(())
        })?;
        Ok(rows)
    }

    fn by(
        &mut self,
        counter: &Counter,
        rungs: &[Rung],
        enough: Option<(usize, u64)>,
    ) -> anyhow::Result<Vec<Measurement>> {
        let smallest = smallest(self.solution, &rungs[0].case.id);
        let reach = Reach {
            until: Instant::now() + TIME,
            enough,
        };
        let limits = &self.limits;
        let counts = along(
            self.execution,
            rungs,
            smallest.as_ref(),
            limits,
            counter,
            &reach,
        )?;
        let tier = self.execution.tier();
        let row = |(rung, count): (&Rung, Count)| Measurement {
            instructions: Some(count.instructions),
            instruction_tier: Some(count.tier.to_string()),
            ..output::row(self.solution, &rung.case, Verdict::Accepted, &tier)
        };
        Ok(rungs.iter().zip(counts).map(row).collect())
    }
}

/// How a curve compares with a bound.
pub fn of_curve(curve: &Curve, bound: &Growth) -> Held {
    let name = || format!("{}/{} on {}", curve.problem, curve.solution, curve.family);
    match curve.keeps_to(bound) {
        Some(true) => Held::Keeps,
        Some(false) => Held::Above(format!(
            "{}: {} by its {}, where {} is stated",
            name(),
            curve.classes_in_words(),
            curve.metric,
            bound.in_words()
        )),
        None => Held::Unknown(format!(
            "{}: too few sizes to hold it against {}",
            name(),
            bound.in_words()
        )),
    }
}

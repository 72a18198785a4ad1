//! Growth of all right solutions: which are measured, for how long, one after the other and alone.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use reports::{Measurement, Metric};
use vocabulary::{Growth, Target, Verdict};

use super::calibration::Calibration;
use super::counts::{Reach, along};
use super::ladder::{Ladder, Rung, ladders, smallest};
use super::overhead::{Overheads, of_smallest_case};
use super::sampler::{Budget, sample};
use super::sweep::{Sweep, Wish};
use crate::display::Screen;
use crate::execute::{Execute, Prepared, Run, RunLimits};
use crate::instructions::Counter;
use crate::interrupt;
use crate::judging::{Court, Judged, Readied, Worker, named};
use crate::output::{Counts, OutFolder, Results};
use crate::solution::Solution;

/// Along what growth is measured, and for how long.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The parameter that grows, and what is held still.
    pub wish: Wish,
    /// What counts instructions beside the times, if anything.
    pub counter: Option<Counter>,
    /// A growth that all solutions are said to have, instead of what each states of itself.
    pub stated: Option<Growth>,
    total: Duration,
    per_curve: Duration,
}

impl Plan {
    /// A plan that shares a time out over all curves.
    pub fn new(total: Duration, per_curve: Duration, wish: Wish) -> Self {
        Plan {
            wish,
            counter: None,
            stated: None,
            total,
            per_curve,
        }
    }

    /// The time for the curve of a solution on one target, where all curves together have some weight: a share, but not more
    /// than a curve needs.
    fn share(&self, target: Target, weight: u32) -> Duration {
        (self.total * weight_of(target) / weight.max(1)).min(self.per_curve)
    }

    /// The time that the curves of some solutions take together, if all are right.
    pub fn time<'a>(&self, solutions: impl Iterator<Item = &'a Solution>) -> Duration {
        let curves = |solution: &Solution| match Sweep::of_solution(solution, &self.wish) {
            Ok(Some(sweep)) => sweep.families.len() as u32,
            _ => 0,
        };
        let right: Vec<(Target, u32)> = solutions
            .filter(|solution| solution.should_be_right())
            .map(|solution| (solution.target(), curves(solution)))
            .collect();
        let weight = right
            .iter()
            .map(|(target, curves)| weight_of(*target) * curves)
            .sum();
        right
            .iter()
            .map(|(target, curves)| self.share(*target, weight) * *curves)
            .sum()
    }
}

/// A program takes longer than a function: it starts anew, reads and writes text.
const fn weight_of(target: Target) -> u32 {
    match target {
        Target::Process => 2,
        _ => 1,
    }
}

/// The step of a ladder: what a start costs a program leaves time for fewer sizes.
const fn step_of(target: Target) -> i64 {
    match target {
        Target::Process => 4,
        _ => 2,
    }
}

/// Reads curves out of the rows that were timed along what the plan says, and leaderboards out of all rows of the run.
pub fn results(
    rows: &[Measurement],
    all: &[Measurement],
    judged: &[Judged],
    plan: &Plan,
) -> Results {
    let axis_of = |row: &Measurement| {
        let solution = named(judged, &row.case.problem, &row.solution, row.target)?;
        let sweep = Sweep::of_solution(solution, &plan.wish).ok().flatten()?;
        let stated = plan.stated.as_ref().or_else(|| solution.growth());
        Some(sweep.axis(stated))
    };
    let on = |is_emulated: bool| -> Vec<Measurement> {
        let rows = rows.iter();
        rows.filter(|row| (row.target == Target::Emulator) == is_emulated)
            .cloned()
            .collect()
    };
    if plan.wish.is_of_threads() {
        return Results {
            curves: reports::curves(rows, Metric::WallMinimum, axis_of),
            leaderboards: Vec::new(),
        };
    }
    let mut curves = reports::curves(&on(false), Metric::CpuMinimum, axis_of);
    curves.extend(reports::curves(&on(false), Metric::Instructions, axis_of));
    // The emulator has no times, and its counts are free of noise.
    let metric = Metric::of_target(Target::Emulator);
    curves.extend(reports::curves(&on(true), metric, axis_of));
    Results {
        curves,
        leaderboards: reports::leaderboards(all, Metric::of_target),
    }
}

/// Rounds at most: more would not move a median by much.
const ROUNDS: u32 = 15;
/// What is steady enough: more rounds would not tell classes further apart.
const NOISE: f64 = 0.005;

/// Measures every solution that was accepted along an axis of its problem, and writes rows as they come.
pub fn measure(
    court: &Court,
    judged: &[Judged],
    plan: &Plan,
    out: &OutFolder,
    screen: &Screen,
) -> anyhow::Result<Vec<Measurement>> {
    let mut groups: Vec<(Ladder, Vec<&Solution>)> = Vec::new();
    for judged in judged
        .iter()
        .filter(|judged| judged.verdict == Verdict::Accepted)
    {
        let problem = judged.solution.problem.as_ref();
        let target = judged.solution.target();
        let Some(sweep) = Sweep::of_solution(&judged.solution, &plan.wish)? else {
            continue;
        };
        for ladder in ladders(problem, &sweep.within_reach_of(target), step_of(target))? {
            match groups.iter_mut().find(|(known, _)| *known == ladder) {
                Some((_, solutions)) => solutions.push(&judged.solution),
                None => groups.push((ladder, vec![&judged.solution])),
            }
        }
    }
    let measured = || groups.iter().flat_map(|(_, solutions)| solutions);
    let weight = measured()
        .map(|solution| weight_of(solution.target()))
        .sum();
    if weight == 0 || plan.total.is_zero() {
        return Ok(Vec::new());
    }
    // Threads need more than one.
    let processor = quiet_processor().filter(|_| !plan.wish.is_of_threads());
    let (mut worker, calibration) = (Worker::new(processor), Calibration::new(processor));
    let mut overheads = Overheads::default();
    screen.start("growth", measured().count() as u64);
    let mut rows = Vec::new();
    for (ladder, solutions) in groups {
        let problem = &solutions[0].problem;
        let rungs = ladder.rungs(problem);
        for solution in solutions {
            if interrupt::flag().load(Ordering::Relaxed) {
                break;
            }
            let target = solution.target();
            let budget = Budget {
                time: plan.share(target, weight),
                rounds: ROUNDS,
                noise: NOISE,
                warms_up: target != Target::Process,
            };
            let mut bench = Bench {
                court,
                worker: &mut worker,
                calibration: &calibration,
                overheads: &mut overheads,
                counter: plan.counter.as_ref(),
                out,
            };
            rows.extend(bench.curve(solution, &rungs, budget)?);
            screen.advance(1);
        }
    }
    screen.finish();
    Ok(rows)
}

/// What every curve is measured with.
struct Bench<'a> {
    court: &'a Court,
    worker: &'a mut Worker,
    calibration: &'a Calibration,
    overheads: &'a mut Overheads,
    counter: Option<&'a Counter>,
    out: &'a OutFolder,
}

impl Bench<'_> {
    fn curve(
        &mut self,
        solution: &Solution,
        rungs: &[Rung],
        budget: Budget,
    ) -> anyhow::Result<Vec<Measurement>> {
        let first = &rungs[0].case.id;
        let null = self
            .overheads
            .of_language(self.court, self.worker, solution, first)?;
        let mut built = None;
        let Readied::Ready(mut execution, factor) =
            self.court.ready(solution, self.worker, &mut built)?
        else {
            return Ok(Vec::new()); // it was judged, so this is a toolchain that went away in the meantime
        };
        let limits = self.court.run_limits(solution, factor);
        if solution.target() == Target::Emulator {
            let (tier, mut rows) = (execution.tier(), Vec::new());
            count(
                execution.as_mut(),
                rungs,
                &limits,
                budget.time,
                |rung, run| {
                    rows.push(self.out.counted(solution, rung, run, &tier)?);
                    Ok(())
                },
            )?;
            return Ok(rows);
        }
        let mut counts = Counts::default();
        // What several threads do differs from run to run, and how many they are does not change what there is to do.
        let is_counted = rungs.iter().all(|rung| rung.threads.is_none());
        if let Some(counter) = self.counter.filter(|_| is_counted) {
            let reach = Reach {
                until: Instant::now() + budget.time,
                enough: None,
            };
            let smallest = smallest(solution, first);
            let (execution, smallest) = (execution.as_mut(), smallest.as_ref());
            let counted = along(execution, rungs, smallest, &limits, counter, &reach)?;
            let cases = rungs.iter().map(|rung| rung.case.id.clone());
            counts.of_cases = cases.zip(counted).collect();
        }
        let overhead = match null {
            Some(overhead) => Some(overhead),
            None => of_smallest_case(execution.as_mut(), solution, first, &limits)?,
        };
        let sampling = sample(
            execution.as_mut(),
            rungs,
            overhead,
            &limits,
            budget,
            Some(self.calibration),
        )?;
        self.out
            .sampled(solution, &sampling, &counts, &execution.tier())
    }
}

/// Runs a kernel once on each rung, as far as the time goes: counts are the same every time.
pub(crate) fn count(
    execution: &mut dyn Execute,
    rungs: &[Rung],
    limits: &RunLimits,
    time: Duration,
    mut hear: impl FnMut(&Prepared, &Run) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let start = Instant::now();
    for rung in rungs {
        let run = execution.counters(&rung.case, limits)?;
        if run.verdict != Verdict::Accepted {
            break;
        }
        hear(&rung.case, &run)?;
        // The next rung is likely to take as long as all before it, or longer.
        if start.elapsed() > time / 3 {
            break;
        }
    }
    Ok(())
}

/// The last processor: interrupts and whatever else runs here tend to keep to the first.
pub(crate) fn quiet_processor() -> Option<usize> {
    std::thread::available_parallelism()
        .ok()
        .map(|count| count.get() - 1)
}

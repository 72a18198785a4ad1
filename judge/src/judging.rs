//! Judging solutions on cases, several at a time: builds, runs, and says of each how it fared.

use std::time::{Duration, Instant};

use problems::AnyProblem;
use sandbox::{Sandbox, Slot};
use vocabulary::{CaseId, Parameters, Target, Verdict};

use crate::build::{Builder, Built, NotBuilt};
use crate::execute::{
    CaseStore, Execute, Failure, InteractiveExecution, Prepared, ProgramExecution, Run, RunLimits,
    RunnerExecution,
};
use crate::foreign::Referee;
use crate::kernel::Kernel;
use crate::own_kernel;
use crate::runner::{KernelAnswer, Runner};
use crate::search::{Order, cases_from_smallest, first_like};
use crate::sharing::in_order;
use crate::solution::{Code, Solution};

/// What judging needs, shared by all workers.
pub struct Court {
    /// Builds programs.
    pub builder: Builder,
    /// Runs what is not ours; or the reason why there is none.
    pub sandbox: Result<Sandbox, String>,
    /// What programs talk with, instead of reading an input and writing an output.
    pub interactor: Option<Referee>,
    /// Cases, built once.
    pub cases: CaseStore,
    /// How limits follow from those of a problem.
    pub limits: LimitOptions,
}

/// How limits follow from those of a problem.
#[derive(Clone, Copy, Debug)]
pub struct LimitOptions {
    /// Instead of the problem's own limit of processor time.
    pub cpu: Option<Duration>,
    /// What every time limit is multiplied by.
    pub scale: f64,
    /// Instead of the problem's own limit of memory, bytes.
    pub memory: Option<u64>,
}

/// A solution with the cases that it is judged on.
pub struct Task {
    /// The solution.
    pub solution: Solution,
    /// The cases, in order.
    pub cases: Vec<CaseId>,
    /// What every case must show; anything else is a failure.
    pub wanted: Verdict,
    /// What the limit of processor time is multiplied by: a slow solution is given more, to show how slow it is.
    pub patience: u32,
    /// Whether the first failure ends the task.
    pub stops_at_first: bool,
    /// How long to look for a smaller case that fails in the same way as the first.
    pub smaller_within: Duration,
}

/// How a solution fared.
pub struct Judged {
    /// The solution.
    pub solution: Solution,
    /// What was wanted if every case showed it; else what the first case that did not show it got.
    pub verdict: Verdict,
    /// Why, if the solution never ran.
    pub detail: String,
    /// How many cases there were to judge.
    pub planned: usize,
    /// How many were judged.
    pub ran: usize,
    /// How many showed what was wanted.
    pub held: usize,
    /// The first case that did not.
    pub first_failure: Option<Failure>,
    /// The largest share of the limit of processor time that a case took, and that case.
    pub heaviest: Option<(f64, CaseId)>,
    /// The largest error over what is tolerated, where there is a tolerance.
    pub worst_error: Option<f64>,
    /// How long judging it took.
    pub elapsed: Duration,
}

/// The solution of a problem that has a name and runs on a target.
pub fn named<'a>(
    judged: &'a [Judged],
    problem: &str,
    name: &str,
    target: Target,
) -> Option<&'a Solution> {
    let mut solutions = judged.iter().map(|judged| &judged.solution);
    solutions.find(|solution| {
        solution.problem.name() == problem && solution.name == name && solution.target() == target
    })
}

/// What hears of everything as it happens.
pub trait Observer: Sync {
    /// A case was judged in an isolation of some tier.
    fn case(
        &self,
        solution: &Solution,
        case: &Prepared,
        run: &Run,
        tier: &str,
    ) -> anyhow::Result<()>;

    /// A solution was judged.
    fn solution(&self, judged: &Judged);
}

/// What one worker keeps from task to task.
pub struct Worker {
    slot: Option<Slot>,
    /// Where interactors run.
    second_slot: Option<Slot>,
    runner: Runner,
    processor: Option<usize>,
}

impl Worker {
    /// A worker, kept on one processor if one is named.
    pub fn new(processor: Option<usize>) -> Self {
        Worker {
            slot: None,
            second_slot: None,
            runner: Runner::new(processor),
            processor,
        }
    }
}

/// A solution that can run, or why it cannot.
pub enum Readied<'a> {
    /// It can, with this to multiply time limits by.
    Ready(Box<dyn Execute + 'a>, f64),
    /// It cannot: CE or SK, and why.
    Not(Verdict, String),
}

impl Court {
    /// Makes a solution ready to run, and hands it over with what its time limits are multiplied by.
    pub fn ready<'a>(
        &'a self,
        solution: &Solution,
        worker: &'a mut Worker,
        built: &'a mut Option<Built>,
    ) -> anyhow::Result<Readied<'a>> {
        if let Code::Function(_) = solution.code {
            let execution = RunnerExecution::of_function(&mut worker.runner, solution.label());
            return Ok(Readied::Ready(Box::new(execution), 1.0));
        }
        if let Code::Kernel(kernel) = &solution.code {
            // What is shipped is compiled, and tests hold its plan.
            if solution.expectation.is_some() {
                return Ok(kernel_ready(kernel, worker));
            }
            let (problem, cache) = (solution.problem.as_ref(), self.builder.cache());
            return Ok(
                match own_kernel::compiled(kernel, problem, cache, || self.slot(worker))? {
                    Ok(kernel) => kernel_ready(&kernel, worker),
                    Err((verdict, reason)) => Readied::Not(verdict, reason),
                },
            );
        }
        let sandbox = match &self.sandbox {
            Ok(sandbox) => sandbox,
            Err(reason) => return Ok(Readied::Not(Verdict::Skipped, reason.clone())),
        };
        // Not by `slot`: its borrow would take the second slot with it.
        if worker.slot.is_none() {
            worker.slot = Some(sandbox.slot(worker.processor)?);
        }
        let slot = worker.slot.as_mut().expect("it was just made");
        match self.builder.build(&solution.code, slot)? {
            Ok(program) => {
                let program = built.insert(program);
                let (factor, tier) = (program.time_factor, sandbox.tier());
                let execution: Box<dyn Execute> = match &self.interactor {
                    None => Box::new(ProgramExecution::new(slot, program, tier)),
                    Some(interactor) => {
                        if worker.second_slot.is_none() {
                            worker.second_slot = Some(sandbox.slot(worker.processor)?);
                        }
                        let second = worker.second_slot.as_mut().expect("it was just made");
                        let slots = [slot, second];
                        Box::new(InteractiveExecution::new(slots, program, interactor, tier))
                    }
                };
                Ok(Readied::Ready(execution, factor))
            }
            Err(NotBuilt::NoToolchain(reason)) => Ok(Readied::Not(Verdict::Skipped, reason)),
            Err(NotBuilt::CompileError(reason)) => Ok(Readied::Not(Verdict::CompileError, reason)),
        }
    }

    /// A worker's slot, made when it is first needed; or why there is no sandbox.
    fn slot<'a>(&self, worker: &'a mut Worker) -> anyhow::Result<Result<&'a mut Slot, String>> {
        let sandbox = match &self.sandbox {
            Ok(sandbox) => sandbox,
            Err(reason) => return Ok(Err(reason.clone())),
        };
        if worker.slot.is_none() {
            worker.slot = Some(sandbox.slot(worker.processor)?);
        }
        Ok(Ok(worker.slot.as_mut().expect("it was just made")))
    }

    /// The limits of a solution whose language multiplies time by a factor.
    pub fn run_limits(&self, solution: &Solution, factor: f64) -> RunLimits {
        self.limits_of(solution.problem.as_ref(), factor)
    }

    /// The limits of a problem, its time multiplied by a factor.
    pub fn limits_of(&self, problem: &dyn AnyProblem, factor: f64) -> RunLimits {
        let own = problem.limits();
        let cpu = self
            .limits
            .cpu
            .unwrap_or(own.cpu)
            .mul_f64(factor * self.limits.scale);
        RunLimits::new(cpu, self.limits.memory.unwrap_or(own.memory), own.output)
    }

    /// Judges one task; the workers share its cases.
    pub fn judge(
        &self,
        task: &Task,
        workers: &mut [Worker],
        observer: &dyn Observer,
    ) -> anyhow::Result<Judged> {
        let start = Instant::now();
        let mut judged = Judged {
            solution: task.solution.clone(),
            verdict: task.wanted,
            detail: String::new(),
            planned: task.cases.len(),
            ran: 0,
            held: 0,
            first_failure: None,
            heaviest: None,
            worst_error: None,
            elapsed: Duration::ZERO,
        };
        if task.cases.is_empty() {
            (judged.verdict, judged.detail) =
                (Verdict::Skipped, "it is for none of these cases".to_owned());
            observer.solution(&judged);
            return Ok(judged);
        }
        let mut built: Vec<Option<Built>> = workers.iter().map(|_| None).collect();
        let team = built.len();
        let mut executions = Vec::new();
        let mut time_factor = 1.0;
        for (worker, built) in workers.iter_mut().zip(&mut built) {
            match self.ready(&task.solution, worker, built) {
                Ok(Readied::Ready(execution, factor)) => {
                    executions.push(execution);
                    time_factor = factor;
                }
                Ok(Readied::Not(verdict, detail)) => {
                    (judged.verdict, judged.detail) = (verdict, detail);
                    break;
                }
                Err(error) => {
                    (judged.verdict, judged.detail) = (Verdict::JudgeError, format!("{error:#}"));
                    break;
                }
            }
        }
        if executions.len() == team {
            self.cases(task, &mut executions, time_factor, &mut judged, observer)?;
        }
        judged.elapsed = start.elapsed();
        observer.solution(&judged);
        Ok(judged)
    }

    fn cases(
        &self,
        task: &Task,
        executions: &mut [Box<dyn Execute + '_>],
        factor: f64,
        judged: &mut Judged,
        observer: &dyn Observer,
    ) -> anyhow::Result<()> {
        let limits = self.run_limits(&task.solution, factor);
        let patient = limits.with_cpu(limits.cpu * task.patience);
        let run = |execution: &mut Box<dyn Execute + '_>, index: usize| {
            let prepared = self.cases.get(&task.solution.problem, &task.cases[index])?;
            let run = match execution.run(&prepared, &patient, 1) {
                Ok(run) => run,
                Err(error) => Run::without_timing(Verdict::JudgeError, format!("{error:#}")),
            };
            anyhow::Ok((prepared, run, execution.tier()))
        };
        in_order(executions, task.cases.len(), run, |done| {
            let (prepared, run, tier) = done?;
            observer.case(&task.solution, &prepared, &run, &tier)?;
            judged.ran += 1;
            if let Some(cpu) = run.cpu_ns() {
                let share = cpu as f64 / limits.cpu.as_nanos() as f64;
                if judged
                    .heaviest
                    .as_ref()
                    .is_none_or(|(heaviest, _)| share > *heaviest)
                {
                    judged.heaviest = Some((share, prepared.id.clone()));
                }
            }
            if run.verdict == task.wanted {
                judged.worst_error = judged
                    .worst_error
                    .into_iter()
                    .chain(run.error_ratio)
                    .reduce(f64::max);
                judged.held += 1;
                return Ok(true);
            }
            // Once a limit was passed, every larger case is likely to pass it too, and to take as long.
            let ends = task.stops_at_first
                || matches!(run.verdict, Verdict::TimeLimit | Verdict::JudgeError);
            if judged.first_failure.is_none() {
                judged.verdict = run.verdict;
                judged.first_failure = Some(Failure { prepared, run });
            }
            anyhow::Ok(!ends)
        })?;
        if let Some(failure) = judged
            .first_failure
            .as_mut()
            .filter(|_| !task.smaller_within.is_zero())
            && let Some(smaller) = smaller(task, failure, executions, &limits)?
        {
            *failure = smaller;
        }
        Ok(())
    }

    /// Judges tasks, several at a time; the results come in the order of the tasks. Of few tasks each has its cases shared
    /// by several workers.
    pub fn judge_all(
        &self,
        tasks: &[Task],
        jobs: usize,
        observer: &dyn Observer,
    ) -> anyhow::Result<Vec<Judged>> {
        let teams = jobs.clamp(1, tasks.len().max(1));
        let team = || -> Vec<Worker> {
            (0..(jobs / teams).max(1))
                .map(|_| Worker::new(None))
                .collect()
        };
        let mut teams: Vec<Vec<Worker>> = (0..teams).map(|_| team()).collect();
        let mut judged = Vec::new();
        in_order(
            &mut teams,
            tasks.len(),
            |team, index| self.judge(&tasks[index], team, observer),
            |done| {
                judged.push(done);
                anyhow::Ok(true)
            },
        )?;
        judged.into_iter().collect()
    }
}

/// The emulator takes longer than a GPU: its limit of time is only there for what hangs.
const EMULATION: f64 = 30.0;

fn kernel_ready<'a>(kernel: &Kernel, worker: &'a mut Worker) -> Readied<'a> {
    let mut factor = EMULATION;
    if kernel.target == Target::Cuda {
        if kernel.fault.is_some() {
            let reason = "its fault is for the emulator to find";
            return Readied::Not(Verdict::Skipped, reason.to_owned());
        }
        if let Err(reason) = kernels::cuda::presence() {
            return Readied::Not(Verdict::Skipped, reason.to_owned());
        }
        factor = 1.0;
    }
    match &kernel.ptx {
        Err(reason) => Readied::Not(Verdict::Skipped, reason.clone()),
        Ok(ptx) => {
            let answer = KernelAnswer {
                target: kernel.target,
                file: kernel.file.clone(),
                source: kernel.source.clone(),
                ptx: ptx.clone(),
            };
            let execution =
                RunnerExecution::of_kernel(&mut worker.runner, answer, kernel.fault.clone());
            Readied::Ready(Box::new(execution), factor)
        }
    }
}

/// Seeds that are tried for a smaller case.
const SEEDS: u64 = 3;

/// The smallest case that is found to fail in the same way. A fault of the judge has none.
fn smaller(
    task: &Task,
    failure: &Failure,
    executions: &mut [Box<dyn Execute + '_>],
    limits: &RunLimits,
) -> anyhow::Result<Option<Failure>> {
    let problem = &task.solution.problem;
    let size = problem.schema().and_then(|schema| {
        failure
            .prepared
            .id
            .parameters
            .integer(schema.primary_name())
    });
    let Some(size) = size.filter(|size| *size > 1 && failure.run.verdict != Verdict::JudgeError)
    else {
        return Ok(None);
    };
    let cases = cases_from_smallest(
        problem.as_ref(),
        &[],
        &Parameters::new(),
        size - 1,
        0..SEEDS,
        Order::BySize,
    );
    first_like(
        problem,
        &failure.run,
        &cases,
        executions,
        limits,
        Instant::now() + task.smaller_within,
    )
}

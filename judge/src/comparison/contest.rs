//! Both sides and a copy of the base, ready to run on one case.

use std::sync::Arc;

use sandbox::{Slot, Tier};

use super::Side;
use crate::build::Built;
use crate::execute::{Execute, Prepared, ProgramExecution, Run, RunLimits, RunnerExecution};
use crate::instructions::{Count, Counter};
use crate::runner::{Launch, Runner};

/// Sides that can be sampled on one case.
pub trait Contest {
    /// Whether a process gives many samples, until [`Contest::restart`]; else every sample is a process of its own.
    fn serves_many(&self) -> bool;

    /// Ends all processes, so that the next samples come from fresh ones.
    fn restart(&mut self);

    /// One sample of a side, its output checked. An error is the judge's own.
    fn sample(&mut self, side: Side) -> anyhow::Result<Run>;

    /// Instructions of a side on the case, where they can be counted.
    fn instructions(&mut self, _side: Side, _counter: &Counter) -> anyhow::Result<Option<Count>> {
        Ok(None)
    }
}

/// Programs, one after the other in one slot: nothing but the program differs.
pub struct ProgramContest<'a> {
    /// Where they run.
    pub slot: &'a mut Slot,
    /// Base and head.
    pub built: [&'a Built; 2],
    /// How they are confined.
    pub tier: Tier,
    /// What they run on.
    pub case: Arc<Prepared>,
    /// What base and head may use.
    pub limits: [RunLimits; 2],
}

impl Contest for ProgramContest<'_> {
    fn serves_many(&self) -> bool {
        false
    }

    fn restart(&mut self) {}

    fn sample(&mut self, side: Side) -> anyhow::Result<Run> {
        let index = usize::from(side == Side::Head);
        ProgramExecution::new(self.slot, self.built[index], self.tier)
            .with_fixed_layout()
            .run(&self.case, &self.limits[index], 1)
    }

    fn instructions(&mut self, side: Side, counter: &Counter) -> anyhow::Result<Option<Count>> {
        let index = usize::from(side == Side::Head);
        ProgramExecution::new(self.slot, self.built[index], self.tier).instructions(
            &self.case,
            &self.limits[index],
            counter,
        )
    }
}

/// A function of two judges, each in a runner of its own.
pub struct RunnerContest {
    runners: [Runner; 3],
    function: String,
    case: Arc<Prepared>,
    limits: RunLimits,
    rounds: u32,
}

impl RunnerContest {
    /// A function by its label, `problem/name`, of runners that are launched in these ways: base, head, copy of the base. One
    /// sample is so many calls.
    pub fn new(
        launches: [Launch; 3],
        function: String,
        case: Arc<Prepared>,
        limits: RunLimits,
        rounds: u32,
    ) -> Self {
        RunnerContest {
            runners: launches.map(Runner::launched),
            function,
            case,
            limits,
            rounds,
        }
    }
}

impl Contest for RunnerContest {
    fn serves_many(&self) -> bool {
        true
    }

    fn restart(&mut self) {
        self.runners.iter_mut().for_each(Runner::stop);
    }

    fn sample(&mut self, side: Side) -> anyhow::Result<Run> {
        let runner = &mut self.runners[side as usize];
        RunnerExecution::of_function(runner, self.function.clone()).run(
            &self.case,
            &self.limits,
            self.rounds,
        )
    }

    fn instructions(&mut self, side: Side, counter: &Counter) -> anyhow::Result<Option<Count>> {
        let runner = &mut self.runners[side as usize];
        RunnerExecution::of_function(runner, self.function.clone()).instructions(
            &self.case,
            &self.limits,
            counter,
        )
    }
}

//! All blocks of a launch.
//!
//! Blocks that may talk to each other, and all blocks where somebody watches, take turns in a fixed order on one thread: a
//! block runs until it is finished or waits for others, then the next. Other blocks run on all threads; nothing that they do
//! or count depends on their order.

use super::block::{Block, BlockPause};
use super::tally::Tally;
use super::trouble::{Outcome, Trouble};
use super::worker::{LaunchState, Running, Worker};
use crate::fault::FaultKind;
use crate::matrix::Left;
use crate::memory::GlobalMemory;
use crate::program::{Entry, Program};
use crate::sanitizer::GlobalWatch;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// Blocks at work at once, at most: more than any card holds. What waits for blocks beyond waits for ever, there as here.
const RESIDENT: usize = 4096;

/// Rounds of all blocks without any progress, at most: who looks more often waits for what never comes.
const ROUNDS: u32 = 1000;

/// A launch, ready to go.
pub(crate) struct Grid<'l> {
    pub(crate) program: &'l Program,
    pub(crate) entry: &'l Entry,
    pub(crate) launch: &'l LaunchState,
    pub(crate) memory: &'l GlobalMemory,
    /// Instructions of warps that the launch may execute.
    pub(crate) budget: u64,
}

/// What a launch left behind.
pub(crate) struct Run {
    pub(crate) tally: Tally,
    pub(crate) printed: String,
    pub(crate) watch: GlobalWatch,
}

/// What went wrong, where, and by whom.
pub(crate) struct Stop {
    pub(crate) trouble: Box<Trouble>,
    pub(crate) pc: u32,
    pub(crate) running: Running,
}

impl<'l> Grid<'l> {
    fn worker<const WATCH: bool>(&self, watch: GlobalWatch, budget: u64) -> Worker<'l, WATCH> {
        Worker {
            program: self.program,
            entry: self.entry,
            launch: self.launch,
            memory: self.memory,
            watch,
            tally: self.tally(),
            budget,
            pc: 0,
            polls: 0,
            began: self.budget,
            progress: 0,
            running: Running::default(),
            left: Left::default(),
        }
    }

    fn tally(&self) -> Tally {
        Tally::new(self.program.code.len(), self.memory)
    }

    fn blocks(&self) -> u32 {
        self.launch.grid.iter().product()
    }

    /// Runs all blocks in a fixed order.
    pub(crate) fn run_in_order<const WATCH: bool>(&self, watch: GlobalWatch) -> Result<Run, Stop> {
        let mut worker = self.worker::<WATCH>(watch, self.budget);
        let mut printed = String::new();
        match self.turns(&mut worker, &mut printed) {
            Ok(()) => Ok(Run {
                tally: worker.tally,
                printed,
                watch: worker.watch,
            }),
            Err(trouble) => Err(Stop {
                trouble,
                pc: worker.pc,
                running: worker.running,
            }),
        }
    }

    fn turns<const WATCH: bool>(
        &self,
        worker: &mut Worker<'l, WATCH>,
        printed: &mut String,
    ) -> Outcome {
        let mut next = 0;
        let mut waiting: VecDeque<Block> = VecDeque::new();
        let mut idle: Vec<Block> = Vec::new();
        let (mut rounds, mut progress) = (0, worker.progress);
        while next < self.blocks() || !waiting.is_empty() {
            // Those that wait get a turn each before the next one begins.
            for _ in 0..waiting.len() {
                let Some(mut block) = waiting.pop_front() else {
                    break;
                };
                match worker.run_block(&mut block)? {
                    BlockPause::Yielded => waiting.push_back(block),
                    BlockPause::Finished => {
                        rounds = 0;
                        printed.push_str(&std::mem::take(&mut block.room.printed));
                        idle.push(block);
                    }
                }
            }
            if next < self.blocks() && waiting.len() < RESIDENT {
                let mut block = match idle.pop() {
                    Some(block) => block,
                    None => Block::new(self.program, self.entry, self.launch, WATCH),
                };
                block.start(next, self.entry, self.launch);
                next += 1;
                match worker.run_block(&mut block)? {
                    BlockPause::Yielded => waiting.push_back(block),
                    BlockPause::Finished => {
                        printed.push_str(&std::mem::take(&mut block.room.printed));
                        idle.push(block);
                    }
                }
                rounds = 0;
            } else {
                rounds += 1;
                if worker.progress != progress {
                    (rounds, progress) = (0, worker.progress);
                }
                if rounds > ROUNDS {
                    return Err(Trouble::of_all(
                        FaultKind::Deadlock,
                        format!(
                            "deadlock: {} blocks wait for something that never comes",
                            waiting.len()
                        ),
                    ));
                }
            }
        }
        Ok(())
    }

    /// Runs all blocks, as many at once as there are threads.
    pub(crate) fn run_side_by_side(&self, threads: usize) -> Result<Run, Stop> {
        let next = AtomicU32::new(0);
        let failed: Mutex<Option<(u32, Stop)>> = Mutex::new(None);
        let done: Mutex<(Tally, Vec<(u32, String)>)> = Mutex::new((self.tally(), Vec::new()));
        let spent = std::sync::atomic::AtomicU64::new(0);
        let work = || {
            let mut worker = self.worker::<false>(GlobalWatch::default(), self.budget);
            let mut block = Block::new(self.program, self.entry, self.launch, false);
            let mut printed = Vec::new();
            loop {
                let number = next.fetch_add(1, Relaxed);
                if number >= self.blocks() {
                    break;
                }
                block.start(number, self.entry, self.launch);
                let (mut turns, mut progress) = (0, worker.progress);
                let outcome = loop {
                    match worker.run_block(&mut block) {
                        Ok(BlockPause::Finished) => break Ok(()),
                        Ok(BlockPause::Yielded) if worker.progress != progress => {
                            (turns, progress) = (0, worker.progress);
                        }
                        // Nobody else can help it.
                        Ok(BlockPause::Yielded) if turns < ROUNDS => turns += 1,
                        Ok(BlockPause::Yielded) => {
                            break Err(Trouble::of_all(
                                FaultKind::Deadlock,
                                "deadlock: a block waits for something that never comes",
                            ));
                        }
                        Err(trouble) => break Err(trouble),
                    }
                };
                // The budget is that of all together.
                let all = spent.fetch_add(self.budget - worker.budget, Relaxed)
                    + (self.budget - worker.budget);
                worker.budget = self.budget;
                let is_spent = all > self.budget && outcome.is_ok();
                let outcome = if is_spent {
                    Err(worker.endless())
                } else {
                    outcome
                };
                if let Err(trouble) = outcome {
                    // Of several blocks with faults the first is told of: those before it are always begun before it.
                    let stop = Stop {
                        trouble,
                        pc: worker.pc,
                        running: worker.running,
                    };
                    let mut failed = lock(&failed);
                    if failed.as_ref().is_none_or(|(other, _)| number < *other) {
                        *failed = Some((number, stop));
                    }
                    next.store(self.blocks(), Relaxed);
                    break;
                }
                if !block.room.printed.is_empty() {
                    printed.push((number, std::mem::take(&mut block.room.printed)));
                }
            }
            let mut done = lock(&done);
            done.0.add(&worker.tally);
            done.1.append(&mut printed);
        };
        let threads = threads.min(self.blocks() as usize).max(1);
        if threads == 1 {
            work();
        } else {
            rayon::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(|_| work());
                }
            });
        }
        if let Some((_, stop)) = into_inner(failed) {
            return Err(stop);
        }
        let (tally, mut printed) = into_inner(done);
        printed.sort_unstable_by_key(|(number, _)| *number);
        let printed = printed.into_iter().map(|(_, text)| text).collect();
        Ok(Run {
            tally,
            printed,
            watch: GlobalWatch::default(),
        })
    }
}

/// What a lock guards is whole even if somebody panicked who held it.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn into_inner<T>(mutex: Mutex<T>) -> T {
    mutex
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

//! Runs warps: the loop over instructions.

use super::access::Way;
use super::registers::{ALL, Class, lanes_of};
use super::room::Room;
use super::tally::Tally;
use super::trouble::{Outcome, Trouble};
use super::warp::{ENDURANCE, Fragment, PATIENCE, State, Warp};
use crate::fault::FaultKind;
use crate::matrix::Left;
use crate::memory::GlobalMemory;
use crate::program::step::{Action, Step};
use crate::program::{Entry, Program};
use crate::sanitizer::GlobalWatch;

/// What stays the same during a launch.
pub(crate) struct LaunchState {
    pub(crate) grid: [u32; 3],
    pub(crate) block: [u32; 3],
    pub(crate) dynamic_shared: usize,
    pub(crate) shared_bytes: usize,
    /// The bytes of the kernel's parameters.
    pub(crate) parameters: Vec<u8>,
    /// Constant memory.
    pub(crate) constants: Vec<u8>,
    /// Where the grid's barrier keeps its count.
    pub(crate) workspace: u64,
    /// The addresses of the module's global variables.
    pub(crate) globals: Vec<u64>,
    /// Bytes of local memory of a thread, at most.
    pub(crate) stack_limit: usize,
    /// The number of the launch.
    pub(crate) number: u32,
}

/// Why a warp stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pause {
    /// All its lanes exited.
    Finished,
    /// All its lanes wait.
    Blocked,
    /// It looked in vain at what others may change, or ran long: others should run.
    Yielded,
}

/// Executes warps. `WATCH` says whether the sanitizer looks on.
pub(crate) struct Worker<'l, const WATCH: bool> {
    pub(crate) program: &'l Program,
    pub(crate) entry: &'l Entry,
    pub(crate) launch: &'l LaunchState,
    pub(crate) memory: &'l GlobalMemory,
    pub(crate) watch: GlobalWatch,
    pub(crate) tally: Tally,
    /// Instructions of warps that may still be executed.
    pub(crate) budget: u64,
    /// Grows with whatever others may have waited for: what was changed, barriers that opened, long work, time.
    pub(crate) progress: u64,
    /// The step that is executed.
    pub(crate) pc: u32,
    /// Looks at what others may change, since the warp began to run.
    pub(crate) polls: u32,
    /// The budget when the warp began to run.
    pub(crate) began: u64,
    /// Who runs, or ran last.
    pub(crate) running: Running,
    /// The left factor that was multiplied last, in the straight run of steps that is executed.
    pub(crate) left: Left,
}

/// A block and a warp in it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Running {
    pub(crate) block: u32,
    pub(crate) warp: u32,
}

/// Where the run of a fragment goes on after an instruction.
pub(crate) enum Next {
    /// At the next step.
    Step,
    /// With another fragment: this one was put away.
    Reschedule,
}

impl<const WATCH: bool> Worker<'_, WATCH> {
    /// Runs a warp until it must wait or should let others run.
    pub(crate) fn run(&mut self, warp: &mut Warp, room: &mut Room) -> Outcome<Pause> {
        #[cfg(target_arch = "x86_64")]
        if super::compute::has_wide_vectors() {
            return super::vectors::run_wide(self, warp, room);
        }
        self.run_here::<false>(warp, room)
    }

    /// The loop itself; `WIDE` says that it is compiled for wide vectors.
    #[inline(always)]
    pub(super) fn run_here<const WIDE: bool>(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
    ) -> Outcome<Pause> {
        self.polls = 0;
        self.began = self.budget;
        loop {
            self.wake(warp, room);
            if self.is_tired() {
                self.progress += u64::from(self.polls < PATIENCE);
                if !warp.fragments.is_empty() {
                    return Ok(Pause::Yielded);
                }
            }
            let Some(chosen) = choose(&warp.fragments) else {
                return Ok(if warp.fragments.is_empty() {
                    Pause::Finished
                } else {
                    Pause::Blocked
                });
            };
            let fragment = gather(&mut warp.fragments, chosen);
            warp.frame = fragment.frame.as_ref().map_or(0, |frame| frame.base);
            self.run_fragment::<WIDE>(warp, room, fragment)?;
        }
    }

    #[inline(always)]
    fn run_fragment<const WIDE: bool>(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        mut fragment: Fragment,
    ) -> Outcome {
        let program = self.program;
        let code = &program.code[..];
        let mut pc = fragment.pc;
        let mut start = pc;
        let mut mask = fragment.mask;
        // Where the next fragment of the same call waits: there the two become one.
        let stop = warp
            .fragments
            .iter()
            .filter(|other| !matches!(other.state, State::AtBarrier { .. }))
            .filter(|other| other.pc > pc && other.is_same_call(fragment.frame.as_ref()))
            .map(|other| other.pc)
            .min()
            .unwrap_or(u32::MAX);
        let is_alone = warp.fragments.is_empty();
        macro_rules! count {
            ($end:expr) => {
                self.tally.run(start, $end, mask);
                let length = u64::from($end - start);
                if self.budget < length {
                    return Err(self.endless());
                }
                self.budget -= length;
            };
        }
        macro_rules! put_away {
            () => {{
                fragment.pc = pc;
                fragment.mask = mask;
                warp.fragments.push(fragment);
                return Ok(());
            }};
        }
        loop {
            if pc >= stop {
                count!(pc);
                put_away!();
            }
            let step: &Step = &code[pc as usize];
            if step.straight > 0 {
                let end = (pc + step.straight).min(stop);
                let steps = &code[pc as usize..end as usize];
                let done = self.run_straight::<WIDE>(warp, room, steps, pc, mask)?;
                if done > 0 {
                    pc += done;
                    continue;
                }
                // The first needs lanes that are not here.
            }
            let now = step.guard.apply(&warp.registers.predicates, mask);
            self.pc = pc;
            pc += 1;
            match step.action {
                Action::Branch(target) => {
                    if now == mask {
                        count!(pc);
                        let is_backward = target < pc;
                        pc = target;
                        start = pc;
                        if is_backward {
                            let is_tired = self.is_tired();
                            if is_tired || !is_alone {
                                fragment.turns += u32::from(is_tired);
                                put_away!();
                            }
                        } else if pc > stop {
                            put_away!();
                        }
                    } else if now != 0 {
                        count!(pc);
                        self.tally.divergent[self.pc as usize] += 1;
                        let taken = Fragment {
                            pc: target,
                            mask: now,
                            state: State::Ready,
                            turns: fragment.turns,
                            frame: fragment.frame.clone(),
                        };
                        warp.fragments.push(taken);
                        mask &= !now;
                        put_away!();
                    }
                }
                Action::Exit => {
                    count!(pc);
                    start = pc;
                    warp.live &= !now;
                    mask &= !now;
                    if mask == 0 {
                        return Ok(());
                    }
                }
                _ => {
                    if now != mask {
                        self.tally.guard(self.pc, mask, now);
                        if now == 0 {
                            continue;
                        }
                    }
                    warp.registers.prepare(step.reads, step.writes, now == ALL);
                    fragment.pc = pc;
                    fragment.mask = mask;
                    let next = super::vectors::rare::<WATCH, WIDE>(
                        self,
                        warp,
                        room,
                        &mut fragment,
                        step,
                        now,
                    )?;
                    if let Next::Reschedule = next {
                        // What waits for other lanes is counted when it happens.
                        let waits = fragment.pc < pc;
                        count!(if waits { pc - 1 } else { pc });
                        if fragment.mask != 0 {
                            warp.fragments.push(fragment);
                        }
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Runs steps one behind the other that all lanes of a mask execute: see [`Step::straight`]. How many: up to one that needs
    /// lanes that are not here.
    #[inline(always)]
    fn run_straight<const WIDE: bool>(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        steps: &[Step],
        start: u32,
        mask: u32,
    ) -> Outcome<u32> {
        self.left.forget();
        let is_full = mask == ALL;
        for (pc, step) in (start..).zip(steps) {
            let operands = &step.operands;
            match step.action {
                Action::Compute(run) => {
                    let registers = &mut warp.registers;
                    registers.prepare(step.reads, step.writes, is_full);
                    super::vectors::compute(run, registers, operands, mask);
                }
                Action::Follow { run, follow } => {
                    let registers = &mut warp.registers;
                    let (reads, writes) = (step.reads, step.writes);
                    if !is_full || !follow(registers, operands, reads, writes) {
                        registers.prepare(reads, writes, is_full);
                        super::vectors::compute(run, registers, operands, mask);
                    }
                }
                Action::LoadShared(base) => {
                    self.pc = pc;
                    self.load_shared::<WIDE>(warp, room, step, base, mask)?;
                }
                Action::LoadGlobal => {
                    self.pc = pc;
                    self.load_global::<WIDE>(warp, room, step, mask)?;
                }
                Action::StoreShared(base) => {
                    self.pc = pc;
                    self.store_shared::<WIDE>(warp, room, step, base, mask)?;
                }
                Action::StoreGlobal => {
                    self.pc = pc;
                    self.store_global::<WIDE>(warp, room, step, mask)?;
                }
                Action::Load(access) | Action::Store(access) => {
                    self.pc = pc;
                    warp.registers.prepare(step.reads, step.writes, is_full);
                    let is_load = matches!(step.action, Action::Load(_));
                    let way = if is_load { Way::Load } else { Way::Store };
                    super::vectors::access::<WATCH, WIDE>(
                        self, warp, room, operands, access, mask, way,
                    )?;
                }
                Action::Multiply(_)
                | Action::LoadMatrix { .. }
                | Action::StoreMatrix { .. }
                | Action::MoveMatrix => {
                    if !is_full {
                        return Ok(pc - start);
                    }
                    self.pc = pc;
                    warp.registers.prepare(step.reads, step.writes, true);
                    self.meet(warp, room);
                    super::vectors::matrix::<WATCH, WIDE>(self, warp, room, step, mask)?;
                }
                _ => unreachable!("other steps are no part of a straight run"),
            }
        }
        Ok(steps.len() as u32)
    }

    /// Whether the warp has run so long, or looked so often at what others may change, that others should have their turn.
    #[inline(always)]
    fn is_tired(&self) -> bool {
        self.began - self.budget >= ENDURANCE || self.polls >= PATIENCE
    }

    /// Makes fragments ready that need not wait any longer.
    #[inline(always)]
    pub(super) fn wake(&mut self, warp: &mut Warp, room: &mut Room) {
        let mut has_passed = false;
        let tally = &mut self.tally;
        warp.wake(|pc, mask| {
            tally.run(pc, pc + 1, mask);
            has_passed = true;
        });
        if WATCH
            && has_passed
            && let Some(watch) = &mut room.watch
        {
            watch.tick(warp.id);
        }
    }

    /// Instructions that are rarer, or do more than the loop around them costs.
    #[inline(always)]
    pub(super) fn rare<const WIDE: bool>(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        fragment: &mut Fragment,
        step: &Step,
        now: u32,
    ) -> Outcome<Next> {
        let operands = &step.operands;
        match step.action {
            Action::Compute(run) | Action::Follow { run, .. } => {
                super::vectors::compute(run, &mut warp.registers, operands, now);
            }
            Action::LoadShared(base) => self.load_shared::<WIDE>(warp, room, step, base, now)?,
            Action::LoadGlobal => self.load_global::<WIDE>(warp, room, step, now)?,
            Action::StoreShared(base) => self.store_shared::<WIDE>(warp, room, step, base, now)?,
            Action::StoreGlobal => self.store_global::<WIDE>(warp, room, step, now)?,
            Action::Load(access) | Action::Store(access) => {
                let is_load = matches!(step.action, Action::Load(_));
                let way = if is_load { Way::Load } else { Way::Store };
                super::vectors::access::<WATCH, WIDE>(
                    self, warp, room, operands, access, now, way,
                )?;
            }
            Action::Atomic(index) => self.atomic(warp, room, operands, index, now)?,
            Action::FrameAddress => {
                let value = warp.frame as u64 + operands.immediate as u64;
                warp.registers.set_wide(operands.d, now, &[value; 32]);
                if now == ALL {
                    warp.registers.note_level(step.writes);
                }
            }
            Action::Nothing => {}
            Action::Sleep => self.polls += PATIENCE,
            Action::Fence => self.fence(warp.id, room),
            Action::Clock { is_wide } => {
                self.progress += 1;
                let ticks = u64::MAX - self.budget; // a clock that is the same from run to run
                let ticks = ticks.wrapping_add(1 << 40) & (u64::MAX >> 1);
                if is_wide {
                    warp.registers.set_wide(operands.d, now, &[ticks; 32]);
                } else {
                    warp.registers
                        .set_narrow(operands.d, now, &[ticks as u32; 32]);
                }
            }
            Action::ActiveMask => warp.registers.set_narrow(operands.d, now, &[now; 32]),
            Action::Shuffle(_)
            | Action::Vote(_)
            | Action::Match { .. }
            | Action::Reduce(_)
            | Action::WarpBarrier
            | Action::Elect
            | Action::Multiply(_)
            | Action::LoadMatrix { .. }
            | Action::StoreMatrix { .. }
            | Action::MoveMatrix
            | Action::LoadFragment(_)
            | Action::StoreFragment(_) => {
                return self.together::<WIDE>(warp, room, fragment, step, now);
            }
            Action::Barrier(barrier) => {
                return self.arrive(warp, room, fragment, operands, barrier, now);
            }
            Action::CopyAsync {
                bytes,
                has_source_size,
            } => {
                self.start_copies(warp, room, operands, bytes, has_source_size, now)?;
            }
            Action::BulkCopy { is_load } => self.copy_bulk(warp, room, operands, is_load, now)?,
            Action::CommitCopies => warp.copies.commit(now),
            Action::WaitCopies(pending) => self.wait_for_copies(warp, room, now, pending)?,
            Action::Mbarrier(kind) => self.mbarrier(warp, room, operands, kind, now)?,
            Action::Call(index) => return self.call(warp, room, fragment, index, operands.a, now),
            Action::Return => return self.give_back(warp, fragment, now),
            Action::BranchIndexed(table) => {
                return Ok(self.branch_indexed(warp, fragment, operands.a, table, now));
            }
            Action::Trap => {
                let lane = now.trailing_zeros() as usize;
                return Err(Trouble::at_lane(FaultKind::Trap, lane, "trap"));
            }
            Action::Branch(_) | Action::Exit => unreachable!("the loop does these itself"),
        }
        Ok(Next::Step)
    }

    fn branch_indexed(
        &mut self,
        warp: &mut Warp,
        fragment: &mut Fragment,
        slot: u32,
        table: u32,
        now: u32,
    ) -> Next {
        let targets = &self.program.branch_tables[table as usize];
        let indices = *warp.registers.narrow(slot);
        let mut rest = now;
        while rest != 0 {
            let index = indices[rest.trailing_zeros() as usize];
            let same = lanes_of(rest).filter(|&lane| indices[lane] == index);
            let mask = same.fold(0, |mask, lane| mask | 1 << lane);
            rest &= !mask;
            // Beyond the table is undefined; the last target is as good as any.
            let last = targets.len() - 1;
            warp.fragments.push(Fragment {
                pc: targets[(index as usize).min(last)],
                mask,
                state: State::Ready,
                turns: fragment.turns,
                frame: fragment.frame.clone(),
            });
        }
        fragment.mask &= !now;
        Next::Reschedule
    }

    #[cold]
    pub(super) fn endless(&self) -> Box<Trouble> {
        Trouble::of_all(
            FaultKind::EndlessLoop,
            "more instructions than a launch may execute: an endless loop?",
        )
    }

    /// A register of any class, of the first lane of a mask.
    pub(super) fn first_of(&self, warp: &Warp, class: Class, slot: u32, mask: u32) -> u64 {
        warp.registers
            .bits(class, slot, mask.trailing_zeros() as usize & 31)
    }
}

/// The fragment to run next.
#[inline(always)]
fn choose(fragments: &[Fragment]) -> Option<usize> {
    if let [only] = fragments {
        return (only.state == State::Ready).then_some(0);
    }
    let ready = fragments
        .iter()
        .enumerate()
        .filter(|(_, fragment)| fragment.state == State::Ready);
    let key = |fragment: &Fragment| (fragment.turns, u32::MAX - fragment.depth(), fragment.pc);
    ready
        .min_by_key(|(_, fragment)| key(fragment))
        .map(|(index, _)| index)
}

/// Takes a fragment out, and with it all others at the same step.
#[inline(always)]
fn gather(fragments: &mut Vec<Fragment>, chosen: usize) -> Fragment {
    let mut fragment = fragments.swap_remove(chosen);
    if !fragments.is_empty() {
        fragments.retain(|other| {
            let is_here = other.pc == fragment.pc
                && !matches!(other.state, State::AtBarrier { .. })
                && other.is_same_call(fragment.frame.as_ref());
            if is_here {
                fragment.mask |= other.mask;
                fragment.turns = fragment.turns.min(other.turns);
            }
            !is_here
        });
    }
    fragment.state = State::Ready;
    fragment
}

//! Barriers of a block.

use super::compute::Operands;
use super::registers::Class;
use super::room::{BARRIERS, Room};
use super::trouble::{Outcome, Trouble};
use super::warp::{Fragment, State, Warp};
use super::worker::{Next, Worker};
use crate::fault::FaultKind;
use crate::program::step::{Barrier, BarrierReduction};

impl<const WATCH: bool> Worker<'_, WATCH> {
    /// Lanes of a warp come to a barrier: its number stands in `a`, the threads it waits for in `b`, a predicate in `c`.
    pub(super) fn arrive(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        fragment: &mut Fragment,
        operands: &Operands,
        barrier: Barrier,
        now: u32,
    ) -> Outcome<Next> {
        let number = self.first_of(warp, Class::Narrow, operands.a, now) as usize;
        if number >= BARRIERS {
            let lane = now.trailing_zeros() as usize;
            return Err(Trouble::at_lane(
                FaultKind::DivergentBarrier,
                lane,
                format!("there is no barrier {number}"),
            ));
        }
        let has_come_together = now == warp.live;
        if WATCH && barrier.is_aligned && !has_come_together {
            return self.wait_for_warp(warp, fragment, now);
        }
        let gate = &mut room.gates[number];
        match gate.pc {
            Some(pc) if WATCH && barrier.is_aligned && !barrier.has_count && pc != self.pc => {
                let mut trouble = Trouble::at_lane(
                    FaultKind::DivergentBarrier,
                    now.trailing_zeros() as usize,
                    "divergent barrier: other warps of the block wait at another one",
                );
                trouble.rival = Some(super::trouble::Rival {
                    block: None,
                    thread: None,
                    pc,
                    is_write: false,
                });
                return Err(trouble);
            }
            _ => gate.pc = Some(self.pc),
        }
        // With a number of threads given, whole warps are counted.
        gate.arrived += if barrier.has_count && has_come_together {
            32
        } else {
            now.count_ones()
        };
        gate.warps |= 1 << warp.id;
        if barrier.has_count {
            let expected = warp.registers.bits(
                Class::Narrow,
                operands.b,
                now.trailing_zeros() as usize & 31,
            );
            gate.expected = Some(expected as u32);
        }
        let mut result = None;
        if let Some(reduction) = barrier.reduction {
            gate.reduction = Some(reduction);
            gate.votes += (warp.registers.predicate(operands.c) & now).count_ones();
            gate.voters += now.count_ones();
            let class = match reduction {
                BarrierReduction::Count => Class::Narrow,
                _ => Class::Predicate,
            };
            result = Some((class, operands.d));
        }
        if !barrier.waits {
            return Ok(Next::Step);
        }
        let state = State::AtBarrier {
            barrier: number as u8,
            result,
        };
        if now == fragment.mask {
            fragment.state = state;
        } else {
            warp.fragments.push(Fragment {
                pc: fragment.pc,
                mask: now,
                state,
                turns: fragment.turns,
                frame: fragment.frame.clone(),
            });
            fragment.mask &= !now;
        }
        Ok(Next::Reschedule)
    }

    /// Some lanes of a warp come to a barrier to which all must. Those that are beyond it will not come; the others may, or
    /// exit first: they are waited for.
    #[cold]
    fn wait_for_warp(
        &mut self,
        warp: &mut Warp,
        fragment: &mut Fragment,
        now: u32,
    ) -> Outcome<Next> {
        let others = fragment.mask & !now;
        let here = fragment.frame.as_ref();
        let mut elsewhere = warp.fragments.iter();
        if others != 0 && self.is_beyond(self.pc + 1)
            || elsewhere.any(|other| other.is_same_call(here) && self.is_beyond(other.pc))
        {
            return Err(divergence(warp, now));
        }
        if others != 0 {
            // Those whom the guard keeps out go on.
            self.tally.run(self.pc, self.pc + 1, others);
            warp.fragments.push(Fragment {
                pc: self.pc + 1,
                mask: others,
                state: State::Ready,
                turns: fragment.turns,
                frame: fragment.frame.clone(),
            });
        }
        fragment.mask = now;
        fragment.pc = self.pc;
        fragment.state = State::Gathering {
            members: warp.live,
            is_barrier: false,
        };
        Ok(Next::Reschedule)
    }

    /// Whether lanes at a step have passed by the barrier at the present step, and neither exit there nor come back to it.
    fn is_beyond(&self, pc: u32) -> bool {
        let code = &self.program.code;
        !super::reach::is_end(code, pc)
            && super::reach::leads(self.program, self.pc, pc)
            && !super::reach::leads(self.program, pc, self.pc)
    }

    /// Opens the barriers to which all came who must; whether there were any.
    pub(super) fn open_barriers(&mut self, warps: &mut [Warp], room: &mut Room) -> bool {
        let mut opened = false;
        for number in 0..BARRIERS {
            let gate = room.gates[number];
            if gate.pc.is_none() {
                continue;
            }
            let live: u32 = warps.iter().map(|warp| warp.live.count_ones()).sum();
            let is_full = match gate.expected {
                Some(expected) => gate.arrived >= expected,
                None => gate.arrived >= live,
            };
            if !is_full {
                continue;
            }
            opened = true;
            self.tally.barriers += 1;
            self.progress += 1;
            let all = |outcome: bool| if outcome { u32::MAX } else { 0 };
            for warp in &mut *warps {
                for index in 0..warp.fragments.len() {
                    let fragment = &mut warp.fragments[index];
                    let State::AtBarrier { barrier, result } = fragment.state else {
                        continue;
                    };
                    if usize::from(barrier) != number {
                        continue;
                    }
                    fragment.state = State::Ready;
                    let mask = fragment.mask;
                    match (result, gate.reduction) {
                        (Some((Class::Narrow, slot)), _) => {
                            warp.registers.set_narrow(slot, mask, &[gate.votes; 32]);
                        }
                        (Some((_, slot)), Some(BarrierReduction::And)) => {
                            warp.registers.set_predicate(
                                slot,
                                mask,
                                all(gate.votes == gate.voters),
                            );
                        }
                        (Some((_, slot)), _) => {
                            warp.registers
                                .set_predicate(slot, mask, all(gate.votes > 0));
                        }
                        (None, _) => {}
                    }
                }
            }
            if WATCH && let Some(watch) = &mut room.watch {
                let members: Vec<u32> = (0..warps.len() as u32)
                    .filter(|warp| gate.warps >> warp & 1 != 0)
                    .collect();
                let is_everybody = warps
                    .iter()
                    .all(|warp| warp.live == 0 || gate.warps >> warp.id & 1 != 0);
                if is_everybody && gate.expected.is_none() {
                    watch.begin_phase();
                } else {
                    watch.meet(&members);
                }
            }
            room.gates[number] = super::room::Gate::default();
        }
        opened
    }
}

/// Some lanes of a warp alone come to a barrier.
pub(super) fn divergence(warp: &Warp, now: u32) -> Box<Trouble> {
    let missing = (warp.live & !now).trailing_zeros() as usize & 31;
    let detail = format!(
        "divergent barrier: {} of the warp's {} threads come to it, lane {missing} does not",
        now.count_ones(),
        warp.live.count_ones()
    );
    let lane = now.trailing_zeros() as usize;
    Trouble::at_lane(FaultKind::DivergentBarrier, lane, detail)
}

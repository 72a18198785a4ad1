//! Instructions that the lanes of a warp execute together: shuffles, votes, matches, reductions, matrices.

use super::registers::{Class, WARP, lanes_of};
use super::room::Room;
use super::trouble::{Outcome, Trouble};
use super::warp::{Fragment, State, Warp};
use super::worker::{Next, Worker};
use crate::fault::FaultKind;
use crate::program::step::{Action, Reduction, Shuffle, Step, Vote};

impl<const WATCH: bool> Worker<'_, WATCH> {
    /// Executes such an instruction, if all lanes are here that it names; else the fragment waits for them.
    #[inline(always)]
    pub(super) fn together(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        fragment: &mut Fragment,
        step: &Step,
        now: u32,
    ) -> Outcome<Next> {
        let operands = &step.operands;
        let members = match step.action {
            Action::Shuffle(_)
            | Action::Vote(_)
            | Action::Match { .. }
            | Action::Reduce(_)
            | Action::WarpBarrier
            | Action::Elect => {
                self.first_of(warp, Class::Narrow, operands.immediate as u32, now) as u32
            }
            _ => u32::MAX,
        };
        if WATCH && members & now != now {
            let lane = (now & !members).trailing_zeros() as usize;
            let detail = format!(
                "lane {lane} is not in the mask {members:#010x} of the instruction that it executes"
            );
            return Err(Trouble::at_lane(
                FaultKind::BadWarpInstruction,
                lane,
                detail,
            ));
        }
        if members & warp.live & !now != 0 {
            fragment.state = State::Gathering {
                members,
                is_barrier: matches!(step.action, Action::WarpBarrier),
            };
            fragment.pc = self.pc;
            return Ok(Next::Reschedule);
        }
        if now == warp.live {
            warp.lane_epoch += 1;
            if WATCH {
                if let Some(watch) = &mut room.watch {
                    watch.tick(warp.id);
                }
            }
        }
        let registers = &mut warp.registers;
        match step.action {
            Action::Shuffle(way) => self.shuffle(warp, step, way, now)?,
            Action::Vote(vote) => {
                let votes = registers.predicate(operands.a) & now;
                let outcome = match vote {
                    Vote::Ballot => {
                        registers.set_narrow(operands.d, now, &[votes; WARP]);
                        return Ok(Next::Step);
                    }
                    Vote::All => votes == now,
                    Vote::Any => votes != 0,
                    Vote::Uniform => votes == now || votes == 0,
                };
                registers.set_predicate(operands.d, now, if outcome { u32::MAX } else { 0 });
            }
            Action::Match { is_all, is_wide } => {
                let class = if is_wide { Class::Wide } else { Class::Narrow };
                let first = registers.bits(class, operands.a, now.trailing_zeros() as usize);
                let is_same =
                    lanes_of(now).all(|lane| registers.bits(class, operands.a, lane) == first);
                for lane in lanes_of(now) {
                    let value = registers.bits(class, operands.a, lane);
                    let equal = lanes_of(now)
                        .filter(|&other| registers.bits(class, operands.a, other) == value);
                    let mask = match is_all {
                        true => {
                            if is_same {
                                now
                            } else {
                                0
                            }
                        }
                        false => equal.fold(0, |mask, lane| mask | 1 << lane),
                    };
                    registers.set_bits(Class::Narrow, operands.d, lane, mask.into());
                }
                if is_all {
                    registers.set_predicate(operands.e, now, if is_same { u32::MAX } else { 0 });
                }
            }
            Action::Reduce(reduction) => {
                let values = *registers.narrow(operands.a);
                let lanes = lanes_of(now).map(|lane| values[lane]);
                let signed = |value: u32| value as i32;
                let result = match reduction {
                    Reduction::Add => lanes.fold(0, u32::wrapping_add),
                    Reduction::And => lanes.fold(u32::MAX, |one, other| one & other),
                    Reduction::Or => lanes.fold(0, |one, other| one | other),
                    Reduction::Xor => lanes.fold(0, |one, other| one ^ other),
                    Reduction::MinimumUnsigned => lanes.fold(u32::MAX, u32::min),
                    Reduction::MaximumUnsigned => lanes.fold(0, u32::max),
                    Reduction::MinimumSigned => lanes.map(signed).fold(i32::MAX, i32::min) as u32,
                    Reduction::MaximumSigned => lanes.map(signed).fold(i32::MIN, i32::max) as u32,
                };
                registers.set_narrow(operands.d, now, &[result; WARP]);
            }
            Action::WarpBarrier => {}
            Action::Elect => {
                let leader = now.trailing_zeros();
                registers.set_narrow(operands.d, now, &[leader; WARP]);
                registers.set_predicate(operands.e, now, 1 << leader);
            }
            _ => self.matrix(warp, room, step, now)?,
        }
        Ok(Next::Step)
    }

    #[inline(always)]
    fn shuffle(&mut self, warp: &mut Warp, step: &Step, way: Shuffle, now: u32) -> Outcome {
        let operands = &step.operands;
        let registers = &mut warp.registers;
        let values = *registers.narrow(operands.a);
        let (distances, limits) = (*registers.narrow(operands.b), *registers.narrow(operands.c));
        let (mut results, mut valid) = ([0; WARP], 0);
        for lane in 0..WARP as u32 {
            let index = lane as usize;
            let (distance, clamp) = (distances[index] & 31, limits[index] & 31);
            let segment = limits[index] >> 8 & 31;
            let last = lane & segment | clamp & !segment;
            let first = lane & segment;
            let (source, is_valid) = match way {
                Shuffle::Up => (
                    lane.wrapping_sub(distance),
                    lane as i32 - distance as i32 >= last as i32,
                ),
                Shuffle::Down => (lane + distance, lane + distance <= last),
                Shuffle::Butterfly => (lane ^ distance, lane ^ distance <= last),
                Shuffle::Index => {
                    let source = first | distance & !segment;
                    (source, source <= last)
                }
            };
            let source = if is_valid { source & 31 } else { lane };
            results[index] = values[source as usize];
            valid |= u32::from(is_valid) << lane;
            if WATCH
                && now >> lane & 1 != 0
                && is_valid
                && now >> source & 1 == 0
                && warp.live >> source & 1 != 0
            {
                let detail = format!("shuffle reads lane {source}, which does not take part");
                return Err(Trouble::at_lane(
                    FaultKind::BadWarpInstruction,
                    index,
                    detail,
                ));
            }
        }
        registers.set_narrow(operands.d, now, &results);
        registers.set_predicate(operands.e, now, valid);
        Ok(())
    }
}

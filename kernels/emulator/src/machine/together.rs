//! Instructions that the lanes of a warp execute together: shuffles, votes, matches, reductions, matrices.

use super::registers::{Class, WARP, lanes_of};
use super::room::Room;
use super::trouble::{Outcome, Trouble};
use super::warp::{Fragment, State, Warp};
use super::worker::{Next, Worker};
use crate::fault::FaultKind;
use crate::program::step::{Action, Reduction, Shuffle, Step, Vote};

impl<const WATCH: bool> Worker<'_, WATCH> {
    /// Executes such an instruction for each group of lanes that name each other, if all of the group are here; the others
    /// wait.
    #[inline(always)]
    pub(super) fn together<const WIDE: bool>(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        fragment: &mut Fragment,
        step: &Step,
        now: u32,
    ) -> Outcome<Next> {
        let (mut rest, mut waiting) = (now, 0);
        while rest != 0 {
            let (members, group) = self.group(warp, step, rest)?;
            rest &= !group;
            if members & warp.live & !group == 0 {
                self.execute_together::<WIDE>(warp, room, step, group)?;
                continue;
            }
            waiting |= group;
            let state = State::Gathering {
                members,
                is_barrier: matches!(step.action, Action::WarpBarrier),
            };
            warp.fragments.push(Fragment {
                pc: self.pc,
                mask: group,
                state,
                turns: fragment.turns,
                frame: fragment.frame.clone(),
            });
        }
        if waiting == 0 {
            return Ok(Next::Step);
        }
        // Those who have done their part, or whom the guard keeps out, do not wait for the others.
        let others = fragment.mask & !waiting;
        if others != 0 {
            self.tally.run(self.pc, self.pc + 1, others);
            warp.fragments.push(Fragment {
                pc: self.pc + 1,
                mask: others,
                state: State::Ready,
                turns: fragment.turns,
                frame: fragment.frame.clone(),
            });
        }
        fragment.mask = 0;
        fragment.pc = self.pc;
        Ok(Next::Reschedule)
    }

    /// The lanes that the first lane of a mask names, and those of the mask that name the same.
    fn group(&self, warp: &Warp, step: &Step, now: u32) -> Outcome<(u32, u32)> {
        let names_members = matches!(
            step.action,
            Action::Shuffle(_)
                | Action::Vote(_)
                | Action::Match { .. }
                | Action::Reduce(_)
                | Action::WarpBarrier
                | Action::Elect
        );
        if !names_members {
            return Ok((u32::MAX, now));
        }
        let all = warp.registers.narrow(step.operands.immediate as u32);
        let members = all[now.trailing_zeros() as usize & 31];
        let others = (0..WARP).fold(0, |others, lane| {
            others | u32::from(all[lane] != members) << lane
        });
        let group = now & !others;
        if WATCH && members & group != group {
            let lane = (group & !members).trailing_zeros() as usize;
            let detail = format!(
                "lane {lane} is not in the mask {members:#010x} of the instruction that it executes"
            );
            return Err(Trouble::at_lane(
                FaultKind::BadWarpInstruction,
                lane,
                detail,
            ));
        }
        Ok((members, group))
    }

    /// Lanes of a warp meet: what they did before is known to them all.
    #[inline(always)]
    pub(super) fn meet(&mut self, warp: &mut Warp, room: &mut Room) {
        warp.lane_epoch += 1;
        if WATCH && let Some(watch) = &mut room.watch {
            // For lanes outside of the group this hides a race now and then; the other way would invent some.
            watch.tick(warp.id);
        }
    }

    /// Executes such an instruction for lanes that are all here.
    #[inline(always)]
    fn execute_together<const WIDE: bool>(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        now: u32,
    ) -> Outcome {
        let operands = &step.operands;
        self.meet(warp, room);
        let registers = &mut warp.registers;
        match step.action {
            Action::Shuffle(way) => self.shuffle(warp, step, way, now)?,
            Action::Vote(vote) => {
                let votes = registers.predicate(operands.a) & now;
                let outcome = match vote {
                    Vote::Ballot => {
                        registers.set_narrow(operands.d, now, &[votes; WARP]);
                        return Ok(());
                    }
                    Vote::All => votes == now,
                    Vote::Any => votes != 0,
                    Vote::Uniform => votes == now || votes == 0,
                };
                registers.set_predicate(operands.d, now, if outcome { u32::MAX } else { 0 });
            }
            Action::Match { is_all, is_wide } => {
                let class = if is_wide { Class::Wide } else { Class::Narrow };
                // The result may stand where the values stood.
                let values: [u64; WARP] =
                    std::array::from_fn(|lane| registers.bits(class, operands.a, lane));
                let first = values[now.trailing_zeros() as usize];
                let is_same = lanes_of(now).all(|lane| values[lane] == first);
                for lane in lanes_of(now) {
                    let equal = lanes_of(now).filter(|&other| values[other] == values[lane]);
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
            _ => super::vectors::matrix::<WATCH, WIDE>(self, warp, room, step, now)?,
        }
        Ok(())
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
            // What a lane holds that is no more is nobody's: zero, whatever ran before.
            let is_there = warp.live >> source & 1 != 0;
            results[index] = if is_there { values[source as usize] } else { 0 };
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

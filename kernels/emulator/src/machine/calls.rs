//! Calls of device functions, and what the system provides.

use super::address;
use super::print::{Piece, format};
use super::registers::{WARP, lanes_of};
use super::room::Room;
use super::trouble::{Outcome, Trouble};
use super::warp::{Fragment, Frame, Saved, State, Warp};
use super::worker::{Next, Worker};
use crate::fault::FaultKind;
use crate::matrix::Aligned;
use crate::program::step::{Builtin, Call, CallTarget};
use std::sync::Arc;

/// Calls inside calls, at most: what is deeper is a recursion without end.
const DEEPEST: u32 = 10_000;

impl<const WATCH: bool> Worker<'_, WATCH> {
    /// Calls a function with the lanes of a mask; the others of the fragment stay behind.
    pub(super) fn call(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        fragment: &mut Fragment,
        index: u32,
        pointer: u32,
        now: u32,
    ) -> Outcome<Next> {
        let program = self.program;
        let call = &program.calls[index as usize];
        match &call.target {
            CallTarget::Builtin(builtin) => {
                for lane in lanes_of(now) {
                    self.builtin(warp, room, call, *builtin, lane)?;
                }
                return Ok(Next::Step);
            }
            CallTarget::Function(function) => self.enter(warp, fragment, *function, index, now)?,
            CallTarget::Indirect => {
                let targets = *warp.registers.wide(pointer);
                let mut rest = now;
                while rest != 0 {
                    let first = rest.trailing_zeros() as usize;
                    let same = lanes_of(rest).filter(|&lane| targets[lane] == targets[first]);
                    let mask = same.fold(0, |mask, lane| mask | 1 << lane);
                    rest &= !mask;
                    let function = address::function_at(targets[first]).filter(|function| {
                        program.functions.get(*function).is_some_and(|function| {
                            function.parameters.len() == call.arguments.len()
                                && function.results.len() == call.results.len()
                        })
                    });
                    let Some(function) = function else {
                        let detail = format!(
                            "call of {:#x}, which is no function with these parameters",
                            targets[first]
                        );
                        return Err(Trouble::at_lane(FaultKind::BadCall, first, detail));
                    };
                    self.enter(warp, fragment, function, index, mask)?;
                }
            }
        }
        fragment.mask &= !now;
        Ok(Next::Reschedule)
    }

    fn enter(
        &mut self,
        warp: &mut Warp,
        fragment: &Fragment,
        function: usize,
        call: u32,
        mask: u32,
    ) -> Outcome {
        let program = self.program;
        let caller = fragment
            .frame
            .as_ref()
            .map_or(self.entry.function, |frame| frame.function);
        let base = warp.frame + program.functions[caller].frame_bytes;
        let layout = &program.functions[function];
        let depth = fragment.depth() + 1;
        if base + layout.frame_bytes > self.launch.stack_limit || depth > DEEPEST {
            let detail = format!(
                "call of {} needs more than {} bytes of stack, or is more than {DEEPEST} calls deep",
                layout.name, self.launch.stack_limit
            );
            return Err(Trouble::at_lane(
                FaultKind::StackOverflow,
                mask.trailing_zeros() as usize,
                detail,
            ));
        }
        prepare(warp, base, layout.frame_bytes, mask, WATCH);
        for (from, to) in program.calls[call as usize]
            .arguments
            .iter()
            .zip(&layout.parameters)
        {
            transfer(
                warp,
                warp.frame + from.place,
                base + to.place,
                from.bytes.min(to.bytes),
                mask,
                WATCH,
            );
        }
        if layout.saved.is_some() {
            warp.registers.settle(u64::MAX);
        }
        let saved = layout.saved.map(|[narrow, wide, predicates]| Saved {
            narrow: warp.registers.narrow[range(narrow)].to_vec(),
            wide: warp.registers.wide[range(wide)].to_vec(),
            predicates: warp.registers.predicates[range(predicates)].to_vec(),
        });
        let frame = Frame {
            parent: fragment.frame.clone(),
            depth,
            return_to: fragment.pc,
            function,
            call,
            base,
            saved,
        };
        warp.fragments.push(Fragment {
            pc: layout.start,
            mask,
            state: State::Ready,
            turns: fragment.turns,
            frame: Some(Arc::new(frame)),
        });
        Ok(())
    }

    /// Returns from a function with the lanes of a mask.
    pub(super) fn give_back(
        &mut self,
        warp: &mut Warp,
        fragment: &mut Fragment,
        now: u32,
    ) -> Outcome<Next> {
        let frame = fragment.frame.clone().expect("a kernel's ret is an exit");
        let program = self.program;
        let layout = &program.functions[frame.function];
        let base = frame.parent.as_ref().map_or(0, |parent| parent.base);
        for (to, from) in program.calls[frame.call as usize]
            .results
            .iter()
            .zip(&layout.results)
        {
            transfer(
                warp,
                frame.base + from.place,
                base + to.place,
                from.bytes.min(to.bytes),
                now,
                WATCH,
            );
        }
        if let (Some(saved), Some([narrow, wide, predicates])) = (&frame.saved, layout.saved) {
            warp.registers.prepare(u64::MAX, u64::MAX, true);
            for (slot, Aligned(values)) in range(narrow).zip(&saved.narrow) {
                warp.registers.set_narrow(slot as u32, now, values);
            }
            for (slot, Aligned(values)) in range(wide).zip(&saved.wide) {
                warp.registers.set_wide(slot as u32, now, values);
            }
            for (slot, values) in range(predicates).zip(&saved.predicates) {
                warp.registers.set_predicate(slot as u32, now, *values);
            }
        }
        warp.fragments.push(Fragment {
            pc: frame.return_to,
            mask: now,
            state: State::Ready,
            turns: fragment.turns,
            frame: frame.parent.clone(),
        });
        fragment.mask &= !now;
        Ok(Next::Reschedule)
    }

    fn builtin(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        call: &Call,
        builtin: Builtin,
        lane: usize,
    ) -> Outcome {
        let argument = |warp: &Warp, index: usize| -> u64 {
            let Some(argument) = call.arguments.get(index) else {
                return 0;
            };
            let word = |at: usize| u64::from(warp.local[at / 4].0[lane]);
            let at = warp.frame + argument.place;
            if argument.bytes == 8 {
                word(at) | word(at + 4) << 32
            } else {
                word(at)
            }
        };
        match builtin {
            Builtin::Print => {
                let (text, values) = (argument(warp, 0), argument(warp, 1));
                let text = self.text_at(warp, room, lane, text)?;
                let mut read = |offset: usize, size: usize| -> Outcome<u64> {
                    let (space, at) = address::resolve(values.wrapping_add(offset as u64));
                    self.check(
                        room,
                        warp,
                        space,
                        super::access::Way::Load,
                        lane,
                        at,
                        size as u64,
                    )?;
                    Ok(self.peek(room, warp, space, lane, at, size))
                };
                let mut strings = Vec::new();
                let pieces = format(&text, &mut read, &mut strings)?;
                let mut printed = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Plain(text) => printed.push_str(&text),
                        Piece::Text(pointer, spec) => {
                            let text = self.text_at(warp, room, lane, pointer)?;
                            printed.push_str(&spec.text(&text));
                        }
                    }
                }
                room.printed.push_str(&printed);
                if let Some(result) = call.results.first() {
                    let at = (warp.frame + result.place) / 4;
                    warp.local[at].0[lane] = 0;
                    mark(warp, at, 1 << lane, WATCH);
                }
                Ok(())
            }
            Builtin::AssertFail => {
                let message = argument(warp, 0);
                let file = argument(warp, 1);
                let line = argument(warp, 2);
                let message = self.text_at(warp, room, lane, message)?;
                let file = self.text_at(warp, room, lane, file)?;
                let detail = format!("assertion failed: {message} ({file}:{line})");
                Err(Trouble::at_lane(FaultKind::AssertionFailed, lane, detail))
            }
        }
    }

    /// The text at a generic address, up to a zero byte.
    fn text_at(
        &mut self,
        warp: &mut Warp,
        room: &Room,
        lane: usize,
        pointer: u64,
    ) -> Outcome<String> {
        let mut bytes = Vec::new();
        loop {
            let (space, at) = address::resolve(pointer.wrapping_add(bytes.len() as u64));
            self.check(room, warp, space, super::access::Way::Load, lane, at, 1)?;
            match self.peek(room, warp, space, lane, at, 1) as u8 {
                0 => return Ok(String::from_utf8_lossy(&bytes).into_owned()),
                byte => bytes.push(byte),
            }
        }
    }
}

fn range((first, count): (u32, u32)) -> std::ops::Range<usize> {
    first as usize..(first + count) as usize
}

/// Makes room for a stack frame, which counts as not written.
pub(super) fn prepare(warp: &mut Warp, base: usize, bytes: usize, mask: u32, is_watched: bool) {
    let words = (base + bytes).div_ceil(4) + 1;
    if warp.local.len() < words {
        warp.local.resize(words, Aligned([0; WARP]));
    }
    if is_watched {
        if warp.local_written.len() < words {
            warp.local_written.resize(words, [0; 4]);
        }
        for word in &mut warp.local_written[base / 4..words] {
            word.iter_mut().for_each(|lanes| *lanes &= !mask);
        }
    }
}

/// Copies bytes from one place of local memory to another; both begin at words.
fn transfer(warp: &mut Warp, from: usize, to: usize, bytes: usize, mask: u32, is_watched: bool) {
    for word in 0..bytes.div_ceil(4) {
        let values = warp.local[from / 4 + word].0;
        let place = &mut warp.local[to / 4 + word].0;
        for lane in lanes_of(mask) {
            place[lane] = values[lane];
        }
        if is_watched {
            let written = warp.local_written[from / 4 + word];
            for (to, from) in warp.local_written[to / 4 + word].iter_mut().zip(written) {
                *to = *to & !mask | from & mask;
            }
        }
    }
}

/// Marks a word as written.
fn mark(warp: &mut Warp, word: usize, mask: u32, is_watched: bool) {
    if is_watched {
        warp.local_written[word]
            .iter_mut()
            .for_each(|lanes| *lanes |= mask);
    }
}

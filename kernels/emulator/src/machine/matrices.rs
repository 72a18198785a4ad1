//! Matrices in the registers of a warp.

use super::access::{Way, addresses, wavefronts, write_deed};
use super::registers::{ALL, WARP};
use super::room::Room;
use super::trouble::Outcome;
use super::vectors::product;
use super::warp::Warp;
use super::worker::Worker;
use crate::machine::address;
use crate::matrix::{self, Lanes, WideLanes};
use crate::program::step::{Action, Base, Order, Step};
use crate::sanitizer::{Deed, SharedWho};
use crate::syntax::Space;

impl<const WATCH: bool> Worker<'_, WATCH> {
    #[inline(always)]
    pub(super) fn matrix<const WIDE: bool>(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        now: u32,
    ) -> Outcome {
        match step.action {
            Action::Multiply(index) => {
                self.multiply::<WIDE>(warp, step, index);
                Ok(())
            }
            Action::MoveMatrix => {
                let moved = matrix::transfer::transpose(warp.registers.narrow(step.operands.a));
                warp.registers.set_narrow(step.operands.d, now, &moved);
                Ok(())
            }
            Action::LoadMatrix {
                count,
                is_transposed,
            } => self.load_rows(warp, room, step, count.into(), is_transposed),
            Action::StoreMatrix {
                count,
                is_transposed,
            } => self.store_rows(warp, room, step, count.into(), is_transposed),
            Action::LoadFragment(index) => self.fragment(warp, room, step, index, Way::Load),
            Action::StoreFragment(index) => self.fragment(warp, room, step, index, Way::Store),
            _ => unreachable!("the caller did the others"),
        }
    }

    #[inline(always)]
    fn multiply<const WIDE: bool>(&mut self, warp: &mut Warp, step: &Step, index: u32) {
        let program = self.program;
        let operation = &program.products[index as usize];
        let mut list = &program.lists[step.operands.e as usize..];
        let mut next = || {
            let count = list[0] as usize;
            let (slots, rest) = list[1..].split_at(count);
            list = rest;
            slots
        };
        let (d, a, b, c) = (next(), next(), next(), next());
        let registers = &mut warp.registers;
        if operation.a == matrix::Element::F64 {
            let gather = |slots: &[u32]| -> Vec<WideLanes> {
                slots.iter().map(|slot| *registers.wide(*slot)).collect()
            };
            let mut result = vec![[0; WARP]; d.len()];
            matrix::multiply_double(operation, &gather(a), &gather(b), &gather(c), &mut result);
            for (slot, values) in d.iter().zip(&result) {
                *registers.wide_mut(*slot) = *values;
            }
            return;
        }
        if let ([_, _, _, _], [a0, a1, a2, a3], [b0, b1], [c0, c1, c2, c3]) = (d, a, b, c) {
            // The usual shape, without detours.
            let take = |slot: &u32| *registers.narrow(*slot);
            let left = [take(a0), take(a1), take(a2), take(a3)];
            let (right, sum) = (
                [take(b0), take(b1)],
                [take(c0), take(c1), take(c2), take(c3)],
            );
            let mut result = [[0; WARP]; 4];
            product::<WIDE>(operation, &left, &right, &sum, &mut result);
            for (slot, values) in d.iter().zip(&result) {
                *registers.narrow_mut(*slot) = *values;
            }
            return;
        }
        let take = |slots: &[u32]| -> Vec<Lanes> {
            slots.iter().map(|slot| *registers.narrow(*slot)).collect()
        };
        let mut result = vec![[0; WARP]; d.len()];
        product::<WIDE>(operation, &take(a), &take(b), &take(c), &mut result);
        for (slot, values) in d.iter().zip(&result) {
            *registers.narrow_mut(*slot) = *values;
        }
    }

    /// The addresses of the rows of up to four matrices, eight lanes' each, checked and counted.
    #[inline(always)]
    fn row_addresses(
        &mut self,
        warp: &Warp,
        room: &Room,
        step: &Step,
        count: usize,
        way: Way,
    ) -> Outcome<[u64; WARP]> {
        let program = self.program;
        let base = if program.lists[step.operands.e as usize] == 0 {
            Base::Narrow
        } else {
            Base::Wide
        };
        let mut rows = addresses(warp, &step.operands, base);
        if base == Base::Wide {
            for row in &mut rows {
                *row = address::resolve(*row).1;
            }
        }
        self.check_shared(&rows, ALL >> (WARP - 8 * count), 16, 16, way, room)?;
        let (mut passes, mut conflicts) = (0, 0);
        for place in 0..count {
            // The eight rows of a matrix go together, in one pass if each has four banks of its own.
            let banks = rows[8 * place..8 * place + 8]
                .iter()
                .fold(0_u8, |banks, at| banks | 1 << (at / 16 % 8));
            let (more, twice) = match banks {
                0xFF => (1, 0),
                _ => wavefronts(&rows, 0xFF << (8 * place), 16),
            };
            passes += more;
            conflicts += twice;
        }
        self.pass_shared(passes, conflicts);
        Ok(rows)
    }

    #[inline(always)]
    fn load_rows(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        count: usize,
        is_transposed: bool,
    ) -> Outcome {
        let addresses = self.row_addresses(warp, room, step, count, Way::Load)?;
        let program = self.program;
        let slots = &program.lists[step.operands.e as usize + 1..][..count];
        if !WATCH && !is_transposed {
            // A row is four lanes of a register as it stands in memory.
            for (rows, slot) in addresses.chunks_exact(8).zip(slots) {
                let register = warp.registers.narrow_mut(*slot);
                for (lanes, at) in register.as_chunks_mut::<4>().0.iter_mut().zip(rows) {
                    *lanes = row_at(room, *at);
                }
            }
            return Ok(());
        }
        let mut rows = [[0; 4]; 32];
        for lane in 0..8 * count {
            if WATCH {
                self.watch_matrix_row(room, warp.id, lane, addresses[lane], Deed::Read)?;
            }
            rows[lane] = row_at(room, addresses[lane]);
        }
        let mut registers = [[0; WARP]; 4];
        matrix::transfer::load(&rows, is_transposed, &mut registers[..count]);
        for (slot, values) in slots.iter().zip(&registers) {
            *warp.registers.narrow_mut(*slot) = *values;
        }
        Ok(())
    }

    #[inline(always)]
    fn store_rows(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        count: usize,
        is_transposed: bool,
    ) -> Outcome {
        let addresses = self.row_addresses(warp, room, step, count, Way::Store)?;
        let program = self.program;
        let slots = &program.lists[step.operands.e as usize + 1..][..count];
        let registers: Vec<Lanes> = slots
            .iter()
            .map(|slot| *warp.registers.narrow(*slot))
            .collect();
        let rows = matrix::transfer::store(&registers, is_transposed);
        for lane in 0..8 * count {
            if WATCH {
                self.watch_matrix_row(room, warp.id, lane, addresses[lane], Deed::Write)?;
            }
            let bytes = &mut room.shared[addresses[lane] as usize..][..16];
            for (word, bytes) in rows[lane].iter().zip(bytes.as_chunks_mut::<4>().0) {
                *bytes = word.to_le_bytes();
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn watch_matrix_row(
        &mut self,
        room: &mut Room,
        warp: u32,
        lane: usize,
        at: u64,
        deed: Deed,
    ) -> Outcome {
        let pc = self.pc;
        let who = SharedWho { warp, lane, pc };
        if self.watch_words_of_lane(room, who, at, 4, deed == Deed::Write) {
            return Ok(());
        }
        self.watch_shared(room, warp, lane, at, 16, deed)
    }

    /// `wmma.load` and `wmma.store`: element by element, since the layout of registers is ours alone.
    fn fragment(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        index: u32,
        way: Way,
    ) -> Outcome {
        let program = self.program;
        let fragment = &program.fragments[index as usize];
        let operands = &step.operands;
        let base = addresses(warp, operands, fragment.base)[0];
        let stride = u64::from(warp.registers.narrow(operands.c)[0]);
        let size = u64::from(fragment.size);
        let (space, base) = match fragment.space {
            Space::Generic => address::resolve(base),
            space => (space, base),
        };
        let layout = &fragment.layout;
        let (major, minor) = if fragment.is_row_major {
            (layout.rows, layout.columns)
        } else {
            (layout.columns, layout.rows)
        };
        self.count_matrix(
            space,
            base,
            stride * size,
            major as u64,
            minor as u64 * size,
        );
        let slots = &program.lists[operands.e as usize..][..fragment.count];
        for (register, &slot) in slots.iter().enumerate() {
            for lane in 0..WARP {
                let mut bits = if way == Way::Load {
                    0
                } else {
                    warp.registers.bits(fragment.class, slot, lane)
                };
                if way == Way::Store && register >= layout.registers() {
                    continue;
                }
                for part in 0..layout.packed {
                    let (row, column) = layout.place(lane, register, part);
                    let (major, minor) = if fragment.is_row_major {
                        (row, column)
                    } else {
                        (column, row)
                    };
                    let at = base
                        .wrapping_add((major as u64 * stride + minor as u64).wrapping_mul(size));
                    let shift = part as u64 * 8 * size;
                    self.check(room, warp, space, way, lane, at, size)?;
                    if way == Way::Load {
                        if WATCH {
                            self.watch_any(
                                room,
                                warp,
                                space,
                                lane,
                                at,
                                size,
                                Deed::Read,
                                Order::PLAIN,
                            )?;
                        }
                        bits |= self.peek(room, warp, space, lane, at, size as usize) << shift;
                    } else {
                        let value = if size == 8 {
                            bits
                        } else {
                            bits >> shift & ((1 << (8 * size)) - 1)
                        };
                        if WATCH {
                            let is_same =
                                self.peek(room, warp, space, lane, at, size as usize) == value;
                            self.watch_any(
                                room,
                                warp,
                                space,
                                lane,
                                at,
                                size,
                                write_deed(is_same, false),
                                Order::PLAIN,
                            )?;
                        }
                        self.poke(room, warp, space, lane, at, size as usize, value);
                    }
                }
                if way == Way::Load {
                    warp.registers.set_bits(fragment.class, slot, lane, bits);
                }
            }
        }
        Ok(())
    }

    /// Counts the sectors or passes of a matrix: lines of so many bytes, so many bytes apart.
    fn count_matrix(&mut self, space: Space, base: u64, pitch: u64, lines: u64, bytes: u64) {
        match space {
            Space::Shared => {
                let passes = (lines * bytes).div_ceil(128);
                self.pass_shared(passes, 0);
            }
            _ => {
                let sectors = (0..lines).map(|line| {
                    let start = base.wrapping_add(line.wrapping_mul(pitch));
                    (start.wrapping_add(bytes - 1)) / 32 - start / 32 + 1
                });
                let sectors = sectors.sum();
                self.pass_sectors(sectors);
            }
        }
    }
}

/// The words of 16 bytes of shared memory, at a place that was checked.
#[inline(always)]
fn row_at(room: &Room, at: u64) -> [u32; 4] {
    let bytes = &room.shared[at as usize..at as usize + 16];
    let mut row = [0; 4];
    for (word, bytes) in row.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    row
}

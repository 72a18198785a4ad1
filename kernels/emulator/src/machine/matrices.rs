//! Matrices in the registers of a warp.

use super::access::{Run, Way, addresses, passes_of_eight, watch_shared_run, write_deed};
use super::registers::{ALL, WARP};
use super::room::Room;
use super::trouble::Outcome;
use super::warp::Warp;
use super::worker::Worker;
use crate::machine::address;
use crate::matrix::{self, Lanes, WideLanes};
use crate::program::step::{Action, Base, Order, Step};
use crate::sanitizer::{Deed, Glance};
use crate::syntax::Space;
use std::cell::Cell;

impl<const WATCH: bool> Worker<'_, WATCH> {
    #[inline(always)]
    pub(super) fn matrix(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        now: u32,
    ) -> Outcome {
        match step.action {
            Action::Multiply(index) => {
                self.multiply(warp, index);
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
            } => match count {
                1 => self.load_rows::<1>(warp, room, step, is_transposed),
                2 => self.load_rows::<2>(warp, room, step, is_transposed),
                _ => self.load_rows::<4>(warp, room, step, is_transposed),
            },
            Action::StoreMatrix {
                count,
                is_transposed,
            } => match count {
                1 => self.store_rows::<1>(warp, room, step, is_transposed),
                2 => self.store_rows::<2>(warp, room, step, is_transposed),
                _ => self.store_rows::<4>(warp, room, step, is_transposed),
            },
            Action::LoadFragment(index) => self.fragment(warp, room, step, index, Way::Load),
            Action::StoreFragment(index) => self.fragment(warp, room, step, index, Way::Store),
            _ => unreachable!("the caller did the others"),
        }
    }

    #[inline(always)]
    fn multiply(&mut self, warp: &mut Warp, index: u32) {
        let product = &self.program.products[index as usize];
        let registers = &mut warp.registers;
        if product.operation.a == matrix::Element::F64 {
            let gather = |slots: &[u32]| -> Vec<WideLanes> {
                slots.iter().map(|slot| *registers.wide(*slot)).collect()
            };
            let [a, b, c, mut d] =
                [&product.a, &product.b, &product.c, &product.d].map(|slots| gather(slots));
            matrix::multiply_double(&product.operation, &a, &b, &c, &mut d);
            for (slot, values) in product.d.iter().zip(d) {
                *registers.wide_mut(*slot) = values;
            }
            return;
        }
        let registers = Cell::from_mut(&mut registers.narrow[..]).as_slice_of_cells();
        matrix::multiply(product, registers, &mut self.left);
    }

    /// Sets the addresses of the rows of up to four matrices, eight lanes' each, checked and counted.
    #[inline(always)]
    fn row_addresses<const COUNT: usize>(
        &mut self,
        warp: &Warp,
        room: &Room,
        step: &Step,
        way: Way,
        rows: &mut Lanes,
    ) -> Outcome {
        let (program, operands) = (self.program, &step.operands);
        let is_narrow = program.lists[operands.e as usize] == 0;
        let mut is_fine = false;
        if is_narrow {
            let base = warp.registers.narrow(operands.a);
            let (mut most, mut bits) = (0, 0);
            for lane in 0..8 * COUNT {
                let row = base[lane].wrapping_add(operands.immediate as u32);
                (most, bits) = (most.max(row), bits | row);
                rows[lane] = row;
            }
            is_fine = bits & 15 == 0 && most as usize + 16 <= room.shared.len();
        }
        if !is_fine {
            let base = if is_narrow { Base::Narrow } else { Base::Wide };
            let mut all = addresses(warp, operands, base);
            if base == Base::Wide {
                for row in &mut all {
                    *row = address::resolve(*row).1;
                }
            }
            self.check_shared(&all, ALL >> (WARP - 8 * COUNT), 16, 16, way, room)?;
            *rows = all.map(|at| at as u32); // inside of shared memory
        }
        // The eight rows of a matrix go together, in one pass if each has four banks of its own.
        let mut passes = 0;
        for eight in &rows.as_chunks::<8>().0[..COUNT] {
            let mut units = [0; 8];
            for (unit, at) in units.iter_mut().zip(eight) {
                *unit = at / 16;
            }
            passes += passes_of_eight(&units, 0xFF);
        }
        self.pass_shared(passes, passes - COUNT as u64);
        Ok(())
    }

    #[inline(always)]
    fn load_rows<const COUNT: usize>(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        is_transposed: bool,
    ) -> Outcome {
        let mut addresses = [0; WARP];
        self.row_addresses::<COUNT>(warp, room, step, Way::Load, &mut addresses)?;
        if WATCH {
            let glance = self.glance(room, warp.id);
            for lane in 0..8 * COUNT {
                let at = addresses[lane].into();
                self.watch_matrix_row(room, warp.id, glance, lane, at, Deed::Read)?;
            }
        }
        let (program, shared) = (self.program, &room.shared[..]);
        let slots = &program.lists[step.operands.e as usize + 1..][..COUNT];
        for (eight, slot) in addresses.as_chunks::<8>().0.iter().zip(slots) {
            let register = warp.registers.narrow_mut(*slot);
            matrix::transfer::load(|row| row_at(shared, eight[row]), register, is_transposed);
        }
        Ok(())
    }

    #[inline(always)]
    fn store_rows<const COUNT: usize>(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        is_transposed: bool,
    ) -> Outcome {
        let mut addresses = [0; WARP];
        self.row_addresses::<COUNT>(warp, room, step, Way::Store, &mut addresses)?;
        let program = self.program;
        let slots = &program.lists[step.operands.e as usize + 1..][..COUNT];
        let glance = self.glance(room, warp.id);
        for (matrix, slot) in slots.iter().enumerate() {
            let rows = matrix::transfer::store(warp.registers.narrow(*slot), is_transposed);
            for (row, words) in rows.iter().enumerate() {
                let lane = 8 * matrix + row;
                let at = addresses[lane];
                if WATCH {
                    self.watch_matrix_row(room, warp.id, glance, lane, at.into(), Deed::Write)?;
                }
                let bytes = &mut room.shared[at as usize..][..16];
                for (word, bytes) in words.iter().zip(bytes.as_chunks_mut::<4>().0) {
                    *bytes = word.to_le_bytes();
                }
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn watch_matrix_row(
        &mut self,
        room: &mut Room,
        warp: u32,
        glance: Option<Glance>,
        lane: usize,
        at: u64,
        deed: Deed,
    ) -> Outcome {
        let run = Run {
            lane,
            words_log: 2,
            at,
            words: 4,
        };
        if watch_shared_run(room, glance, run, deed == Deed::Write) {
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

/// The words of a row in shared memory, which lies at a multiple of its size.
#[inline(always)]
fn row_at(shared: &[u8], at: u32) -> [u32; 4] {
    let bytes = &shared.as_chunks::<16>().0[at as usize / 16];
    let mut row = [0; 4];
    for (word, bytes) in row.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    row
}

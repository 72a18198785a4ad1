//! An operation on the registers of a warp.

use super::layout::{Layout, Matrix};
use super::operation::Operation;
use super::{Aligned, Register};

/// An operation, and the slots of the registers that hold its matrices.
#[derive(Clone, Debug)]
pub struct Product {
    /// What is computed.
    pub operation: Operation,
    /// The left factor's slots.
    pub a: Box<[u32]>,
    /// The right factor's.
    pub b: Box<[u32]>,
    /// The summand's.
    pub c: Box<[u32]>,
    /// The result's, which may be any of the others.
    pub d: Box<[u32]>,
    /// Whether nothing is read after it is written, if A and B are read first, and C's registers each before D's of the same
    /// number.
    pub is_in_order: bool,
    /// Whether A is that of the product before, so that what a [`Left`] keeps of that one will do.
    pub repeats_left: bool,
}

impl Product {
    /// The operation on registers in slots: those of D, then of A, B and C, as many as their layouts say.
    pub fn new(operation: Operation, slots: impl IntoIterator<Item = u32>) -> Product {
        let mut slots = slots.into_iter();
        let mut next = |matrix| {
            let count = Layout::of(&operation, matrix).registers();
            slots.by_ref().take(count).collect()
        };
        let [d, a, b, c]: [Box<[u32]>; 4] =
            [Matrix::D, Matrix::A, Matrix::B, Matrix::C].map(&mut next);
        // Larger ones read A and B while they write.
        let is_one_block = (operation.m, operation.n) == (16, 8) && operation.c == operation.d;
        let is_read_late = |(number, slot)| c[number + 1..].contains(slot);
        Product {
            is_in_order: is_one_block && !d.iter().enumerate().any(is_read_late),
            operation,
            a,
            b,
            c,
            d,
            repeats_left: false,
        }
    }
}

/// Registers in some slots of all.
#[derive(Clone, Copy)]
pub(super) struct Places<'r> {
    /// All registers.
    pub(super) all: &'r [Register],
    /// The slots.
    pub(super) slots: &'r [u32],
}

impl<'r> Places<'r> {
    /// The register of a number.
    #[inline(always)]
    pub(super) fn get(self, number: usize) -> &'r Register {
        &self.all[self.slots[number] as usize]
    }

    /// So many from one on.
    #[inline(always)]
    pub(super) fn part(self, start: usize, count: usize) -> Places<'r> {
        Places {
            slots: &self.slots[start..][..count],
            ..self
        }
    }
}

/// The elements of the left factor that was multiplied last, as numbers of f32, in an order that vectors like.
pub struct Left {
    /// As many as the largest has: 32 by 16 of `wmma`, or 16 by 32 of bytes.
    pub(super) numbers: Aligned<[f32; 512]>,
    pub(super) is_kept: bool,
}

impl Default for Left {
    fn default() -> Left {
        Left {
            numbers: Aligned([0.0; 512]),
            is_kept: false,
        }
    }
}

impl Left {
    /// Forgets it: the next product has another one, or another warp's.
    #[inline(always)]
    pub fn forget(&mut self) {
        self.is_kept = false;
    }
}

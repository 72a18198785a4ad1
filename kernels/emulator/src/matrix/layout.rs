//! Which element of a matrix a lane's register holds.
//!
//! All of PTX's `mma.sync` fragments are one pattern. Lanes come in 8 groups of 4; with `p` elements to a register:
//!
//! ```text
//!            A: 8 or 16 rows           B: 8 columns            C, D
//!   row      group (+ 8)               p member + part (+ 4p)  group (+ 8)
//!   column   p member + part (+ 4p)    group                   2 member + (0 or 1)
//! ```
//!
//! Registers of A go down before they go right; those of C right before down. Larger matrices, those of `wmma`, consist of
//! blocks of 16 rows and 8 columns, one after the other. PTX leaves the layout of `wmma` open; for accumulators this is
//! the one of hardware since sm_75, on which some programs rely.

use super::operation::{Accumulator, Element, Operation};

/// Which of the four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matrix {
    /// The left factor.
    A,
    /// The right factor.
    B,
    /// The summand.
    C,
    /// The result.
    D,
}

/// Where the elements of one matrix are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Layout {
    matrix: Matrix,
    /// Rows of the whole matrix.
    pub rows: usize,
    /// Columns of the whole matrix.
    pub columns: usize,
    /// Elements in a register.
    pub packed: usize,
}

impl Layout {
    /// The layout of one matrix of an operation.
    #[inline(always)]
    pub const fn of(operation: &Operation, matrix: Matrix) -> Layout {
        match matrix {
            Matrix::A => Layout::left(operation.m, operation.k, operation.a),
            Matrix::B => Layout::right(operation.k, operation.n, operation.b),
            Matrix::C => Layout::sum(operation.m, operation.n, operation.c),
            Matrix::D => Layout {
                matrix: Matrix::D,
                ..Layout::sum(operation.m, operation.n, operation.d)
            },
        }
    }

    /// The layout of a left factor: `wmma.load.a`.
    pub const fn left(m: usize, k: usize, element: Element) -> Layout {
        Layout {
            matrix: Matrix::A,
            rows: m,
            columns: k,
            packed: element.packed(),
        }
    }

    /// The layout of a right factor: `wmma.load.b`.
    pub const fn right(k: usize, n: usize, element: Element) -> Layout {
        Layout {
            matrix: Matrix::B,
            rows: k,
            columns: n,
            packed: element.packed(),
        }
    }

    /// The layout of a summand or a result: `wmma.load.c`, `wmma.store.d`.
    pub const fn sum(m: usize, n: usize, accumulator: Accumulator) -> Layout {
        Layout {
            matrix: Matrix::C,
            rows: m,
            columns: n,
            packed: accumulator.packed(),
        }
    }

    /// How many registers hold the matrix once. `wmma` on f16 has 8 for A and for B of any shape: what is beyond this number
    /// repeats the first ones when loaded, and is not read when multiplied.
    #[inline(always)]
    pub const fn registers(&self) -> usize {
        self.rows * self.columns / (32 * self.packed)
    }

    /// The row and the column of a part of a lane's register.
    #[inline(always)]
    pub const fn place(&self, lane: usize, register: usize, part: usize) -> (usize, usize) {
        let register = register % self.registers();
        let (group, member) = (lane / 4, lane % 4);
        let along = member * self.packed + part;
        let step = 4 * self.packed;
        // Two blocks of 8 rows make one of 16.
        let high = if self.rows > 8 { 2 } else { 1 };
        match self.matrix {
            Matrix::A => {
                let across = self.columns / step;
                let (block, inner) = (register / (high * across), register % (high * across));
                (
                    block * 16 + inner % high * 8 + group,
                    inner / high * step + along,
                )
            }
            Matrix::B => {
                let down = self.rows / step;
                (register % down * step + along, register / down * 8 + group)
            }
            Matrix::C | Matrix::D => {
                let wide = 2 / self.packed;
                let (block, inner) = (register / (high * wide), register % (high * wide));
                let blocks_across = self.columns / 8;
                let column = member * 2 + if self.packed == 2 { part } else { inner % wide };
                (
                    block / blocks_across * 16 + inner / wide * 8 + group,
                    block % blocks_across * 8 + column,
                )
            }
        }
    }
}

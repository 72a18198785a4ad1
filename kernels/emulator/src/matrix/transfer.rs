//! Matrices of 8 by 8 halves between memory and registers: `ldmatrix`, `stmatrix` and `movmatrix`.
//!
//! Matrix `i` takes the addresses of its 8 rows, of 16 bytes each, from lanes `8 i` to `8 i + 7`, and register `i` of all
//! lanes holds it: four lanes a row, as it stands in memory, or, transposed, four lanes a column.

use super::Lanes;
use crate::vector::transpose_halves;

/// `ldmatrix`: sets the register that holds the matrix of 8 rows.
#[inline(always)]
pub fn load(row: impl Fn(usize) -> [u32; 4], register: &mut Lanes, transposed: bool) {
    for (index, place) in register.as_chunks_mut().0.iter_mut().enumerate() {
        *place = row(index);
    }
    if transposed {
        *register = transpose_halves(register);
    }
}

/// `stmatrix`: the 8 rows of the matrix in a register.
#[inline(always)]
pub fn store(register: &Lanes, transposed: bool) -> [[u32; 4]; 8] {
    let turned = if transposed {
        transpose_halves(register)
    } else {
        *register
    };
    let mut rows = [[0; 4]; 8];
    rows.copy_from_slice(turned.as_chunks().0);
    rows
}

/// `movmatrix.trans`: the matrix in a register, transposed.
#[inline(always)]
pub fn transpose(register: &Lanes) -> Lanes {
    transpose_halves(register)
}

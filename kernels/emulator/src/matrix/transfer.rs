//! Matrices of 8 by 8 halves between memory and registers: `ldmatrix`, `stmatrix` and `movmatrix`.
//!
//! Matrix `i` takes the addresses of its 8 rows, of 16 bytes each, from lanes `8 i` to `8 i + 7`, and register `i` of all
//! lanes holds it: lane 0 the first two halves of the first row, lane 4 those of the second row, and so on.

use super::Lanes;

/// Where a lane's register has one of its halves from, or where it goes to: the lane whose address begins the row, and the
/// half's number within the row.
#[inline(always)]
pub const fn place(lane: usize, register: usize, part: usize, transposed: bool) -> (usize, usize) {
    let (group, along) = (lane / 4, lane % 4 * 2 + part);
    if transposed {
        (8 * register + along, group)
    } else {
        (8 * register + group, along)
    }
}

/// `ldmatrix`: fills as many registers as there are, 1, 2 or 4, from the rows that the lanes' addresses begin.
#[inline(always)]
pub fn load(rows: &[[u32; 4]; 32], transposed: bool, registers: &mut [Lanes]) {
    for (index, register) in registers.iter_mut().enumerate() {
        for (lane, slot) in register.iter_mut().enumerate() {
            let half = |part| {
                let (row, half) = place(lane, index, part, transposed);
                (rows[row][half / 2] >> (16 * (half % 2))) & 0xffff
            };
            *slot = if transposed {
                half(0) | (half(1) << 16)
            } else {
                rows[8 * index + lane / 4][lane % 4]
            };
        }
    }
}

/// `stmatrix`: the rows that are to be stored at the lanes' addresses; those of the first 8 lanes for each register.
#[inline(always)]
pub fn store(registers: &[Lanes], transposed: bool) -> [[u32; 4]; 32] {
    let mut rows = [[0; 4]; 32];
    for (index, register) in registers.iter().enumerate() {
        for (lane, bits) in register.iter().enumerate() {
            for part in 0..2 {
                let (row, half) = place(lane, index, part, transposed);
                rows[row][half / 2] |= ((bits >> (16 * part)) & 0xffff) << (16 * (half % 2));
            }
        }
    }
    rows
}

/// `movmatrix.trans`: the matrix in a register, transposed.
#[inline(always)]
pub fn transpose(register: &Lanes) -> Lanes {
    let mut result = [[0; 32]];
    load(&store(&[*register], false), true, &mut result);
    result[0]
}

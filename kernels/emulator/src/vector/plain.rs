//! For any processor.

use crate::matrix::Lanes;

#[inline(always)]
pub(super) fn registers_of_rows<const COUNT: usize>(
    row: impl Fn(usize) -> [u32; 4],
    registers: &mut [&mut Lanes; COUNT],
) {
    for lane in 0..32 {
        for (register, word) in registers.iter_mut().zip(row(lane)) {
            register[lane] = word;
        }
    }
}

#[inline(always)]
pub(super) fn rows_of_registers(registers: [&Lanes; 4], mut put: impl FnMut(usize, [u32; 4])) {
    for lane in 0..32 {
        put(lane, registers.map(|register| register[lane]));
    }
}

#[inline(always)]
pub(super) fn transpose_halves(register: &Lanes) -> Lanes {
    let half =
        |row: usize, column: usize| register[4 * row + column / 2] >> (16 * (column % 2)) & 0xffff;
    std::array::from_fn(|lane| {
        let (column, pair) = (lane / 4, lane % 4);
        half(2 * pair, column) | half(2 * pair + 1, column) << 16
    })
}

//! Both twins against what is meant; the dispatch takes that for wide vectors wherever there are any.

use super::*;

fn row(lane: usize) -> [u32; 4] {
    std::array::from_fn(|word| (10 * lane + word) as u32)
}

#[test]
fn rows_become_registers_and_rows_again() {
    let mut all = [[[0; 32]; 4]; 2];
    let [one, other] = &mut all;
    registers_of_rows(row, &mut one.each_mut());
    plain::registers_of_rows(row, &mut other.each_mut());
    for registers in all {
        for (word, register) in registers.iter().enumerate() {
            for (lane, value) in register.iter().enumerate() {
                assert_eq!(*value, row(lane)[word]);
            }
        }
        let mut seen = 0;
        let mut look = |lane, words| {
            assert_eq!(words, row(lane));
            seen += 1;
        };
        rows_of_registers(registers.each_ref(), &mut look);
        plain::rows_of_registers(registers.each_ref(), &mut look);
        assert_eq!(seen, 64);
    }
}

#[test]
fn halves_change_row_and_column() {
    // The half in row r and column c is 8 r + c.
    let matrix = std::array::from_fn(|word| (2 * word) as u32 | ((2 * word + 1) as u32) << 16);
    for transposed in [transpose_halves(&matrix), plain::transpose_halves(&matrix)] {
        for row in 0..8 {
            for column in 0..8 {
                let half = transposed[4 * row + column / 2] >> (16 * (column % 2)) & 0xffff;
                assert_eq!(half as usize, 8 * column + row);
            }
        }
    }
}

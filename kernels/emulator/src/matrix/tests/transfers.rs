//! `ldmatrix`, `stmatrix` and `movmatrix`.

use crate::matrix::transfer::{load, place, store, transpose};

/// Rows whose half `j` of row `i` is `100 i + j`, as memory has them.
fn rows() -> [[u32; 4]; 32] {
    std::array::from_fn(|row| {
        std::array::from_fn(|word| {
            let half = |part| (100 * row + 2 * word + part) as u32;
            half(0) | (half(1) << 16)
        })
    })
}

fn halves(bits: u32) -> (u32, u32) {
    (bits & 0xffff, bits >> 16)
}

#[test]
fn lanes_get_pairs_of_their_row() {
    let mut registers = [[0; 32]; 4];
    load(&rows(), false, &mut registers);
    assert_eq!(halves(registers[0][0]), (0, 1));
    assert_eq!(halves(registers[0][6]), (104, 105));
    assert_eq!(halves(registers[3][31]), (3106, 3107));
    assert_eq!(place(6, 2, 1, false), (17, 5));
}

#[test]
fn transposed_lanes_get_pairs_of_their_column() {
    let mut registers = [[0; 32]; 2];
    load(&rows(), true, &mut registers);
    assert_eq!(halves(registers[0][0]), (0, 100));
    assert_eq!(halves(registers[0][6]), (401, 501));
    assert_eq!(halves(registers[1][31]), (1407, 1507));
}

#[test]
fn storing_undoes_loading() {
    for transposed in [false, true] {
        let mut registers = [[0; 32]; 4];
        load(&rows(), transposed, &mut registers);
        assert_eq!(store(&registers, transposed), rows());
    }
}

#[test]
fn moving_transposes() {
    let (mut plain, mut transposed) = ([[0; 32]], [[0; 32]]);
    load(&rows(), false, &mut plain);
    load(&rows(), true, &mut transposed);
    assert_eq!(transpose(&plain[0]), transposed[0]);
    assert_eq!(transpose(&transposed[0]), plain[0]);
}

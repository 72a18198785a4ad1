//! `ldmatrix`, `stmatrix` and `movmatrix`.

use crate::matrix::transfer::{load, store, transpose};

/// Rows whose half `j` of row `i` is `100 i + j`, as memory has them.
fn rows() -> [[u32; 4]; 8] {
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
    let register = load(&rows(), false);
    assert_eq!(halves(register[0]), (0, 1));
    assert_eq!(halves(register[6]), (104, 105));
    assert_eq!(halves(register[31]), (706, 707));
}

#[test]
fn transposed_lanes_get_pairs_of_their_column() {
    let register = load(&rows(), true);
    assert_eq!(halves(register[0]), (0, 100));
    assert_eq!(halves(register[6]), (401, 501));
    assert_eq!(halves(register[31]), (607, 707));
}

#[test]
fn storing_undoes_loading() {
    for transposed in [false, true] {
        let register = load(&rows(), transposed);
        assert_eq!(store(&register, transposed), rows());
    }
}

#[test]
fn moving_transposes() {
    let (plain, transposed) = (load(&rows(), false), load(&rows(), true));
    assert_eq!(transpose(&plain), transposed);
    assert_eq!(transpose(&transposed), plain);
}

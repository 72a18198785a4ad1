//! `ldmatrix`, `stmatrix` and `movmatrix`.

use crate::matrix::Lanes;
use crate::matrix::transfer::{load, store, transpose};

/// A row as memory has it: half `j` of row `i` is `100 i + j`.
fn row(index: usize) -> [u32; 4] {
    std::array::from_fn(|word| {
        let half = |part| (100 * index + 2 * word + part) as u32;
        half(0) | (half(1) << 16)
    })
}

fn loaded(transposed: bool) -> Lanes {
    let mut register = [u32::MAX; 32];
    load(row, &mut register, transposed);
    register
}

fn halves(bits: u32) -> (u32, u32) {
    (bits & 0xffff, bits >> 16)
}

#[test]
fn lanes_get_pairs_of_their_row() {
    let register = loaded(false);
    assert_eq!(halves(register[0]), (0, 1));
    assert_eq!(halves(register[6]), (104, 105));
    assert_eq!(halves(register[31]), (706, 707));
}

#[test]
fn transposed_lanes_get_pairs_of_their_column() {
    let register = loaded(true);
    assert_eq!(halves(register[0]), (0, 100));
    assert_eq!(halves(register[6]), (401, 501));
    assert_eq!(halves(register[31]), (607, 707));
}

#[test]
fn storing_undoes_loading() {
    for transposed in [false, true] {
        let register = loaded(transposed);
        assert_eq!(store(&register, transposed), std::array::from_fn(row));
    }
}

#[test]
fn moving_transposes() {
    let (plain, transposed) = (loaded(false), loaded(true));
    assert_eq!(transpose(&plain), transposed);
    assert_eq!(transpose(&transposed), plain);
}

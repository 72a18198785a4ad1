//! Matrices of n rows and n columns: n^3.

use super::{Call, scattered};

fn matrix(values: &[u64]) -> Vec<u64> {
    let size = values.len() as u64;
    (0..size * size)
        .map(|place| scattered(place) % 1000)
        .collect()
}

/// The square of a matrix, a sum of products for each place.
pub(super) fn matrix_product(values: &[u64]) -> Call {
    let size = values.len();
    let factor = matrix(values);
    let mut product = vec![0_u64; size * size];
    Box::new(move || {
        product.fill(0);
        for row in 0..size {
            for middle in 0..size {
                let left = factor[row * size + middle];
                let right = &factor[middle * size..][..size];
                for (place, right) in product[row * size..][..size].iter_mut().zip(right) {
                    *place = place.wrapping_add(left.wrapping_mul(*right));
                }
            }
        }
        product[size * size - 1]
    })
}

/// All shortest paths (Floyd and Warshall).
pub(super) fn shortest_paths(values: &[u64]) -> Call {
    let size = values.len();
    let lengths = matrix(values);
    let mut shortest = lengths.clone();
    Box::new(move || {
        shortest.copy_from_slice(&lengths);
        for over in 0..size {
            let onwards = shortest[over * size..][..size].to_vec();
            for row in shortest.chunks_exact_mut(size) {
                let to = row[over];
                for (place, onward) in row.iter_mut().zip(&onwards) {
                    *place = (*place).min(to + onward);
                }
            }
        }
        shortest[size * size - 1]
    })
}

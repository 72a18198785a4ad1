//! Products of matrices.

use crate::case::{Case, fractions};
use half::f16;

#[test]
fn tiles_make_a_product() {
    let n = 37_usize;
    let (a, b) = (fractions(n * n, 15), fractions(n * n, 16));
    let outcome = Case::new(include_str!("product.ptx"), "product", 1, 1)
        .extent([3, 3], [16, 16], 0)
        .buffer(&a)
        .buffer(&b)
        .blank(4 * n * n)
        .value(n as i32)
        .run();
    for (i, found) in outcome.array::<f32>(2).into_iter().enumerate() {
        let term = |k: usize| f64::from(a[i / n * n + k]) * f64::from(b[k * n + i % n]);
        let expected: f64 = (0..n).map(term).sum();
        assert!(
            (f64::from(found) - expected).abs() < 1e-5,
            "{i}: {found}, not {expected}"
        );
    }
    // 9 blocks of 256 threads, 3 tiles of 16 products and sums.
    let operations = outcome.report.counters.floating_point_operations;
    assert_eq!(operations, 9 * 256 * 3 * 16 * 2);
}

/// Small integers, of which sums are exact in halves and singles.
fn halves(count: usize, seed: u64) -> (Vec<u16>, Vec<f32>) {
    let values: Vec<f32> = fractions(count, seed)
        .into_iter()
        .map(|x| (x * 4.0).round())
        .collect();
    let bits = values.iter().map(|x| f16::from_f32(*x).to_bits()).collect();
    (bits, values)
}

#[test]
fn tensor_cores_multiply_halves() {
    let ((a, left), (b, right)) = (halves(1024, 17), halves(1024, 18));
    let tensor = include_str!("tensor.ptx");
    let outcome = Case::new(tensor, "by_wmma", 1, 128)
        .buffer(&a)
        .buffer(&b)
        .blank(4096)
        .run();
    let element = |row: usize, column: usize, depth: usize| -> f32 {
        (0..depth)
            .map(|k| left[row * depth + k] * right[column * depth + k])
            .sum()
    };
    let expected: Vec<f32> = (0..1024)
        .map(|i| (element(i / 32, i % 32, 32) + 1.0) * 0.5)
        .collect();
    assert_eq!(outcome.array::<f32>(2), expected);
    let counters = outcome.report.counters;
    assert_eq!(counters.matrix_products, 8);
    let outcome = Case::new(tensor, "by_mma", 1, 32)
        .buffer(&a[..256])
        .buffer(&b[..128])
        .blank(512)
        .run();
    let expected: Vec<f32> = (0..128).map(|i| element(i / 8, i % 8, 16)).collect();
    assert_eq!(outcome.array::<f32>(2), expected);
    let counters = outcome.report.counters;
    assert_eq!(counters.matrix_products, 1);
    assert_eq!(counters.floating_point_operations, 2 * 16 * 8 * 16);
}

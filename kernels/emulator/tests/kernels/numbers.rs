//! Kernels that compute much with floats.

use crate::case::{Case, fractions};
use half::{bf16, f16};

const LIBM: &str = include_str!("libm.ptx");

/// Arguments from small to so large that sines reduce them with many digits.
fn arguments() -> Vec<f64> {
    let small = fractions(90, 19).into_iter().map(|x| f64::from(x) * 12.0);
    small
        .chain([0.0, 1.0, -1.0, 0.5, 123456.0, 1.0e6])
        .collect()
}

fn check(name: &str, x: f64, found: f64, expected: f64, relative: f64) {
    let error = (found - expected).abs();
    assert!(
        error <= relative * expected.abs().max(1e-2),
        "{name} of {x}: {found}, not {expected}"
    );
}

#[test]
fn functions_of_single_precision_are_close() {
    let numbers: Vec<f32> = arguments()
        .into_iter()
        .map(|x| (x / 100.0).clamp(-1e3, 1e3) as f32 * 100.0)
        .collect();
    let n = numbers.len();
    let outcome = Case::new(LIBM, "single", 1, 96)
        .buffer(&numbers)
        .blank(n * 48)
        .value(n as i32)
        .run();
    let found = outcome.array::<f32>(1);
    for (i, single) in numbers.into_iter().enumerate() {
        let x = f64::from(single);
        let large = x.abs() > 1000.0;
        let row: Vec<f64> = found[i * 12..][..12]
            .iter()
            .map(|y| f64::from(*y))
            .collect();
        check("sin", x, row[0], x.sin(), 1e-6);
        check("cos", x, row[1], x.cos(), 1e-6);
        check("log", x, row[3], (x.abs() + 0.5).ln(), 1e-6);
        check("pow", x, row[4], x.abs().powf(1.7), 1e-6);
        check("cbrt", x, row[7], x.cbrt(), 1e-6);
        check("atan2", x, row[8], x.atan2(2.0), 1e-6);
        check("sqrt", x, row[9], x.abs().sqrt() / 3.0, 1e-6);
        check("fmod", x, row[10], x % f64::from(0.7_f32), 1e-6);
        if !large {
            let tenth = f64::from(single * 0.1);
            check("exp", x, row[2], tenth.exp(), 1e-6);
            check("tanh", x, row[5], tenth.tanh(), 1e-6);
            check(
                "fast",
                x,
                row[11],
                tenth.exp() + f64::from(single * 0.01).sin(),
                2e-6,
            );
        }
    }
}

#[test]
fn functions_of_double_precision_are_close() {
    let numbers = arguments();
    let n = numbers.len();
    let outcome = Case::new(LIBM, "twice", 1, 96)
        .buffer(&numbers)
        .blank(n * 64)
        .value(n as i32)
        .run();
    let found = outcome.array::<f64>(1);
    for (i, x) in numbers.into_iter().enumerate() {
        let row = &found[i * 8..][..8];
        check("sin", x, row[0], x.sin(), 1e-14);
        check("cos", x, row[1], x.cos(), 1e-14);
        check("log", x, row[3], (x.abs() + 0.5).ln(), 1e-14);
        check("pow", x, row[4], x.abs().powf(1.7), 1e-14);
        check("atan", x, row[6], x.atan(), 1e-14);
        check("sqrt", x, row[7], x.abs().sqrt() / 3.0, 1e-14);
        check("tanh", x, row[5], (x * 0.1).tanh(), 1e-14);
        if x < 1000.0 {
            check("exp", x, row[2], (x * 0.1).exp(), 1e-14);
        }
    }
}

#[test]
fn halves_are_scaled_added_and_measured() {
    let text = include_str!("halves.ptx");
    let bits = |values: &[f32]| -> Vec<u16> {
        values.iter().map(|x| f16::from_f32(*x).to_bits()).collect()
    };
    let (x, y) = (bits(&fractions(100, 20)), bits(&fractions(100, 21)));
    let outcome = Case::new(text, "scaled_sum", 1, 64)
        .buffer(&x)
        .buffer(&y)
        .value(1.5_f32)
        .value(50_i32)
        .run();
    let widen = |bits: u16| f16::from_bits(bits).to_f64();
    let sum = |(x, y): (&u16, &u16)| f16::from_f64(1.5 * widen(*x) + widen(*y)).to_bits();
    let expected: Vec<u16> = x.iter().zip(&y).map(sum).collect();
    assert_eq!(outcome.array::<u16>(1), expected);

    let values = fractions(77, 22);
    let brains: Vec<bf16> = values.iter().map(|x| bf16::from_f32(*x)).collect();
    let bits: Vec<u16> = brains.iter().map(|x| x.to_bits()).collect();
    let outcome = Case::new(text, "magnitude", 1, 32)
        .buffer(&bits)
        .blank(4)
        .blank(2)
        .value(77_i32)
        .run();
    let squares: f64 = brains.iter().map(|x| x.to_f64() * x.to_f64()).sum();
    let found = f64::from(outcome.array::<f32>(1)[0]);
    assert!((found - squares.sqrt()).abs() < 1e-5);
    let largest = brains.iter().map(|x| x.to_f32().abs()).fold(0.0, f32::max);
    assert_eq!(outcome.array::<u16>(2), [f16::from_f32(largest).to_bits()]);
}

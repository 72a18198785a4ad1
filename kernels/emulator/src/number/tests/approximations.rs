//! Errors of the approximations, against f64 and the bounds that PTX states.

use crate::number::approximate::*;
use crate::number::limit::flush_single;
use crate::number::narrow::{brain_to_single, half_to_single};

/// Many numbers of both signs over all magnitudes, and evenly over a range.
fn samples(low: f32, high: f32) -> impl Iterator<Item = f32> {
    let spread = (0..=u32::MAX)
        .step_by(65_521)
        .map(f32::from_bits)
        .filter(move |x| *x >= low && *x <= high);
    let even = (0..=40_000_u16).map(move |step| low + (high - low) * (f32::from(step) / 40_000.0));
    spread.chain(even)
}

fn worst(
    range: (f32, f32),
    approximate: impl Fn(f32) -> f32,
    error: impl Fn(f64, f64) -> f64,
) -> f64 {
    samples(range.0, range.1)
        .map(|x| error(f64::from(x), f64::from(approximate(x))))
        .fold(0.0, f64::max)
}

fn relative(expected: f64, actual: f64) -> f64 {
    if expected == actual {
        0.0
    } else {
        ((actual - expected) / expected).abs()
    }
}

fn bound(power: f64) -> f64 {
    power.exp2()
}

#[test]
fn exponentials_stay_within_their_error() {
    let error = worst((-126.0, 127.99), exp2, |x, y| relative(x.exp2(), y));
    assert!(error < bound(-22.0), "2^{}", error.log2());
    for (x, expected) in [
        (0.0, 1.0),
        (-0.0, 1.0),
        (1.0, 2.0),
        (-149.0, f32::from_bits(1)),
        (128.0, f32::INFINITY),
    ] {
        assert_eq!(exp2(x), expected);
    }
    assert_eq!(exp2(f32::NEG_INFINITY).to_bits(), 0);
    assert_eq!(exp2(f32::INFINITY), f32::INFINITY);
    assert_eq!(exp2(-f32::NAN).to_bits(), 0x7fff_ffff);
    assert_eq!(
        (exp2(-140.0), exp2(-1e30), exp2(1e30)),
        (2.0_f32.powi(-140), 0.0, f32::INFINITY)
    );
}

#[test]
fn logarithms_stay_within_their_error() {
    let near = worst((0.5, 2.0), log2, |x, y| (x.log2() - y).abs());
    assert!(near < bound(-22.0), "2^{}", near.log2());
    let far = |x: f64, y: f64| {
        if (0.5..=2.0).contains(&x) {
            0.0
        } else {
            relative(x.log2(), y)
        }
    };
    let error = worst((f32::from_bits(1), f32::MAX), log2, far);
    assert!(error < bound(-22.0), "2^{}", error.log2());
    assert_eq!(
        (log2(1.0), log2(8.0), log2(f32::from_bits(1))),
        (0.0, 3.0, -149.0)
    );
    assert_eq!(
        (log2(0.0), log2(-0.0)),
        (f32::NEG_INFINITY, f32::NEG_INFINITY)
    );
    assert_eq!(log2(f32::INFINITY), f32::INFINITY);
    for x in [-1.0, f32::NEG_INFINITY, f32::NAN, -f32::from_bits(1)] {
        assert_eq!(log2(x).to_bits(), 0x7fff_ffff);
    }
}

#[test]
fn sines_and_cosines_stay_within_their_error() {
    let tau = std::f32::consts::TAU;
    for (range, allowed) in [
        ((-tau, tau), bound(-20.5)),
        ((-314.16, 314.16), bound(-14.7)),
        ((-1e5, 1e5), bound(-10.0)),
    ] {
        let sine = worst(range, sin, |x, y| (x.sin() - y).abs());
        let cosine = worst(range, cos, |x, y| (x.cos() - y).abs());
        assert!(
            sine < allowed && cosine < allowed,
            "2^{} 2^{}",
            sine.log2(),
            cosine.log2()
        );
    }
    assert_eq!(
        (sin(0.0).to_bits(), sin(-0.0).to_bits(), cos(0.0)),
        (0, 0x8000_0000, 1.0)
    );
    for x in [f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
        assert_eq!(
            (sin(x).to_bits(), cos(x).to_bits()),
            (0x7fff_ffff, 0x7fff_ffff)
        );
    }
    assert!(samples(-1e38, 1e38).all(|x| sin(x).abs() <= 1.0001 && cos(x).abs() <= 1.0001));
}

#[test]
fn hyperbolic_tangents_stay_within_their_error() {
    let error = worst((-20.0, 20.0), tanh, |x, y| relative(x.tanh(), y));
    assert!(error < bound(-11.0), "2^{}", error.log2());
    assert_eq!(
        (
            tanh(-0.0).to_bits(),
            tanh(f32::INFINITY),
            tanh(f32::NEG_INFINITY)
        ),
        (0x8000_0000, 1.0, -1.0)
    );
    assert_eq!(tanh(f32::NAN).to_bits(), 0x7fff_ffff);
    assert_eq!(tanh(f32::from_bits(1)), f32::from_bits(1));
}

#[test]
fn reciprocals_and_roots_stay_within_their_error() {
    let range = (f32::MIN_POSITIVE, f32::from_bits((126 + 127) << 23));
    assert!(worst(range, reciprocal, |x, y| relative(x.recip(), y)) < bound(-23.0));
    assert!(worst(range, square_root, |x, y| relative(x.sqrt(), y)) < bound(-23.0));
    let error = worst((f32::from_bits(1), f32::MAX), reciprocal_root, |x, y| {
        relative(x.sqrt().recip(), y)
    });
    assert!(error < bound(-22.9), "2^{}", error.log2());
    assert_eq!(
        (reciprocal_root(0.0), reciprocal_root(-0.0)),
        (f32::INFINITY, f32::NEG_INFINITY)
    );
    assert_eq!(reciprocal_root(-1.0).to_bits(), 0x7fff_ffff);
    assert_eq!(reciprocal(f32::NEG_INFINITY).to_bits(), 0x8000_0000);
    assert_eq!(
        reciprocal(flush_single(-f32::from_bits(9))),
        f32::NEG_INFINITY
    );
    assert_eq!(square_root(-0.0).to_bits(), 0x8000_0000);
}

#[test]
fn quotients_by_huge_divisors_vanish() {
    let huge = 1.5 * 2.0_f32.powi(126);
    assert_eq!(divide(huge, huge), 0.0);
    assert_eq!(divide(-huge, huge).to_bits(), 0x8000_0000);
    assert!(divide(f32::INFINITY, huge).is_nan());
    assert_eq!(divide(3.0, f32::INFINITY), 0.0);
    assert_eq!(divide(1.0, 2.0_f32.powi(126)), 2.0_f32.powi(-126));
    assert_eq!(divide_full(huge, huge), 1.0);
}

#[test]
fn reciprocals_of_doubles_use_the_upper_half_alone() {
    for x in [3.0_f64, -7.25, 1e200, 1e-200, 0.1] {
        assert!(relative(x.recip(), reciprocal_double(x)) < bound(-19.0));
        assert_eq!(reciprocal_double(x).to_bits() & 0xffff_ffff, 0);
        assert!(relative(x.abs().sqrt().recip(), reciprocal_root_double(x.abs())) < bound(-19.0));
    }
    assert_eq!(reciprocal_double(-0.0), f64::NEG_INFINITY);
    assert_eq!(reciprocal_double(f64::from_bits(1)), f64::INFINITY);
    assert_eq!(reciprocal_double(1e308), 0.0);
    assert!(reciprocal_root_double(-1.0).is_nan() && reciprocal_double(f64::NAN).is_nan());
}

#[test]
fn short_formats_stay_within_their_error() {
    for bits in 0..=u16::MAX {
        let x = f64::from(half_to_single(bits));
        if (-14.0..15.99).contains(&x) {
            assert!(relative(x.exp2(), f64::from(half_to_single(exp2_half(bits)))) < bound(-9.9));
        }
        if !x.is_nan() {
            assert!((x.tanh() - f64::from(half_to_single(tanh_half(bits)))).abs() < bound(-10.987));
        }
        let x = f64::from(brain_to_single(bits));
        if (-126.0..127.9).contains(&x) {
            assert!(relative(x.exp2(), f64::from(brain_to_single(exp2_brain(bits)))) < bound(-7.0));
        }
        if x.abs() > 1e-37 {
            assert!(relative(x.tanh(), f64::from(brain_to_single(tanh_brain(bits)))) < bound(-8.0));
        }
    }
}

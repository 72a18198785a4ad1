//! The approximations, `ex2.approx` and its like: equal on every machine, and within the errors that PTX allows.
//!
//! They are not what a GPU's tables yield to the last bit; nobody may rely on that. All are free of branches, so that a loop
//! over lanes becomes vector instructions. `.ftz` is the caller's: see [`limit`](super::limit). Polynomials are
//! interpolations at Chebyshev nodes; the comments give their largest error without rounding.

use super::Rounding;
use super::limit::{flush_double, flush_single};
use super::narrow::{
    brain_to_single, canonical_double, canonical_single, half_to_single, single_to_brain,
    single_to_half,
};

/// Adding it leaves the nearest integer in the lowest bits of an f32.
const TO_INTEGER: f32 = 12_582_912.0;

/// `ex2.approx.f32`, within 2^-22 of the result.
#[inline(always)]
pub fn exp2(a: f32) -> f32 {
    let high = if a > 129.0 { 129.0 } else { a };
    let x = if high < -151.0 { -151.0 } else { high };
    let shifted = x + TO_INTEGER;
    let fraction = x - (shifted - TO_INTEGER);
    // 2^fraction to 2^-26.7 on [-0.5, 0.5].
    let mut power = 1.545_316_3e-4_f32;
    power = power.mul_add(fraction, 1.339_086_3e-3);
    power = power.mul_add(fraction, 9.618_083e-3);
    power = power.mul_add(fraction, 5.550_357e-2);
    power = power.mul_add(fraction, 0.240_226_5);
    power = power.mul_add(fraction, std::f32::consts::LN_2);
    power = power.mul_add(fraction, 1.0);
    // In two steps, since 2^-150 has no f32 and denormal results are to be rounded once.
    let exponent = shifted.to_bits().wrapping_sub(TO_INTEGER.to_bits()) as i32;
    let first = exponent >> 1;
    canonical_single(power * power_of_two(first) * power_of_two(exponent.wrapping_sub(first)))
}

#[inline(always)]
fn power_of_two(exponent: i32) -> f32 {
    f32::from_bits((exponent.wrapping_add(127) as u32) << 23)
}

/// `lg2.approx.f32`, within 2^-22 absolutely on (0.5, 2) and of the result elsewhere.
#[inline(always)]
pub fn log2(a: f32) -> f32 {
    let denormal = a < f32::MIN_POSITIVE;
    let scaled = if denormal { a * 16_777_216.0 } else { a };
    // Mantissas from the root of a half to the root of two.
    const ROOT_OF_HALF: u32 = 0x3f35_04f3;
    let bits = scaled.to_bits().wrapping_add(0x3f80_0000 - ROOT_OF_HALF);
    let exponent = (bits >> 23) as i32 - if denormal { 127 + 24 } else { 127 };
    let x = f32::from_bits((bits & 0x7f_ffff) + ROOT_OF_HALF) - 1.0;
    // log2(1 + x) / x to 2^-26.6.
    let mut slope = -0.107_497_89_f32;
    slope = slope.mul_add(x, 0.184_760_33);
    slope = slope.mul_add(x, -0.191_388_38);
    slope = slope.mul_add(x, 0.204_857_65);
    slope = slope.mul_add(x, -0.239_608_12);
    slope = slope.mul_add(x, 0.288_552_55);
    slope = slope.mul_add(x, -0.360_696_55);
    slope = slope.mul_add(x, 0.480_898_53);
    slope = slope.mul_add(x, -0.721_347_33);
    slope = slope.mul_add(x, std::f32::consts::LOG2_E);
    let logarithm = slope.mul_add(x, exponent as f32);
    let positive = if a == f32::INFINITY { a } else { logarithm };
    let defined = if a == 0.0 {
        f32::NEG_INFINITY
    } else {
        positive
    };
    canonical_single(if a >= 0.0 { defined } else { f32::NAN })
}

/// `sin.approx.f32`, within 2^-20.5 on [-2 pi, 2 pi] and well within the 2^-14.7 that is allowed up to 100 pi.
#[inline(always)]
pub fn sin(a: f32) -> f32 {
    let (rest, quadrant) = reduce(a);
    canonical_single(quarter(rest, quadrant))
}

/// `cos.approx.f32`, as exact as [`sin`].
#[inline(always)]
pub fn cos(a: f32) -> f32 {
    let (rest, quadrant) = reduce(a);
    canonical_single(quarter(rest, quadrant.wrapping_add(1)))
}

/// What is left within a quarter turn around zero, and the number of quarter turns taken off.
#[inline(always)]
#[allow(clippy::approx_constant)] // One of three parts, rounded towards zero.
fn reduce(a: f32) -> (f32, u32) {
    // So far out, every answer is as good; a limit keeps it a number and the same everywhere.
    const FAR: f32 = 2_097_152.0;
    let turns = a * std::f32::consts::FRAC_2_PI;
    let below = if turns > FAR { FAR } else { turns };
    let turns = if below < -FAR { -FAR } else { below };
    let shifted = turns + TO_INTEGER;
    let count = shifted - TO_INTEGER;
    // Half of pi in three parts, all positive, so that -0 stays -0.
    let rest = (-count).mul_add(1.570_796_3, a);
    let rest = (-count).mul_add(7.549_789_4e-8, rest);
    let rest = (-count).mul_add(5.390_302_5e-15, rest);
    let limited = if rest > 0.9 { 0.9 } else { rest };
    let limited = if limited < -0.9 { -0.9 } else { limited };
    let defined = if a.abs() < f32::INFINITY {
        limited
    } else {
        f32::NAN
    };
    (defined, shifted.to_bits())
}

/// The sine of `x` and that many quarter turns.
#[inline(always)]
fn quarter(x: f32, quadrant: u32) -> f32 {
    let square = x * x;
    // Both to 2^-26 on a bit more than [-pi / 4, pi / 4].
    let mut sine = -1.957_771_8e-4_f32;
    sine = sine.mul_add(square, 8.332_7e-3);
    sine = sine.mul_add(square, -0.166_666_64);
    // A product keeps the sign of -0.
    sine = sine.mul_add(square, 1.0) * x;
    let mut cosine = 2.445_023_2e-5_f32;
    cosine = cosine.mul_add(square, -1.388_748_3e-3);
    cosine = cosine.mul_add(square, 4.166_665e-2);
    cosine = cosine.mul_add(square, -0.5);
    cosine = cosine.mul_add(square, 1.0);
    let chosen = if quadrant & 1 == 0 { sine } else { cosine };
    f32::from_bits(chosen.to_bits() ^ ((quadrant & 2) << 30))
}

/// `tanh.approx.f32`, within 2^-11 of the result.
#[inline(always)]
pub fn tanh(a: f32) -> f32 {
    let magnitude = a.abs();
    // exp(-2 |a|); near zero the difference below would cancel, and a short series is near enough.
    let decay = exp2(magnitude * (-2.0 * std::f32::consts::LOG2_E));
    let far = (1.0 - decay) / (1.0 + decay);
    let square = magnitude * magnitude;
    let near = magnitude * square.mul_add(square.mul_add(2.0 / 15.0, -1.0 / 3.0), 1.0);
    let value = if magnitude < 0.1 { near } else { far };
    canonical_single(value.copysign(a))
}

/// `rcp.approx.f32`: the nearest, though one place off would do.
#[inline(always)]
pub fn reciprocal(a: f32) -> f32 {
    canonical_single(1.0 / a)
}

/// `rsqrt.approx.f32`, within 2^-22.9 of the result.
#[inline(always)]
pub fn reciprocal_root(a: f32) -> f32 {
    canonical_single(1.0 / a.sqrt())
}

/// `sqrt.approx.f32`: the nearest.
#[inline(always)]
pub fn square_root(a: f32) -> f32 {
    canonical_single(a.sqrt())
}

/// `div.approx.f32`: the nearest, but for divisors beyond 2^126, whose reciprocal counts as zero.
#[inline(always)]
pub fn divide(a: f32, b: f32) -> f32 {
    let magnitude = b.abs();
    let huge = (magnitude > f32::from_bits((126 + 127) << 23)) & (magnitude < f32::INFINITY);
    canonical_single(if huge { a * 0.0_f32.copysign(b) } else { a / b })
}

/// `div.full.f32`: the nearest.
#[inline(always)]
pub fn divide_full(a: f32, b: f32) -> f32 {
    canonical_single(a / b)
}

/// `rcp.approx.ftz.f64`: reads and writes the upper 32 bits alone.
#[inline(always)]
pub fn reciprocal_double(a: f64) -> f64 {
    upper(1.0 / flush_double(upper(a)))
}

/// `rsqrt.approx.ftz.f64`: reads and writes the upper 32 bits alone.
#[inline(always)]
pub fn reciprocal_root_double(a: f64) -> f64 {
    upper(1.0 / flush_double(upper(a)).sqrt())
}

/// The upper 32 bits, and zeros.
#[inline(always)]
fn upper(a: f64) -> f64 {
    flush_double(f64::from_bits(
        canonical_double(a).to_bits() & 0xffff_ffff_0000_0000,
    ))
}

/// `ex2.approx.f16`, within 2^-9.9 of the result.
#[inline(always)]
pub fn exp2_half(a: u16) -> u16 {
    single_to_half(exp2(half_to_single(a)), Rounding::NearestEven)
}

/// `tanh.approx.f16`, within 2^-10.987.
#[inline(always)]
pub fn tanh_half(a: u16) -> u16 {
    single_to_half(tanh(half_to_single(a)), Rounding::NearestEven)
}

/// `ex2.approx.ftz.bf16`, within 2^-7 of the result.
#[inline(always)]
pub fn exp2_brain(a: u16) -> u16 {
    single_to_brain(
        flush_single(exp2(flush_single(brain_to_single(a)))),
        Rounding::NearestEven,
    )
}

/// `tanh.approx.bf16`, within 2^-8 of the result.
#[inline(always)]
pub fn tanh_brain(a: u16) -> u16 {
    single_to_brain(tanh(brain_to_single(a)), Rounding::NearestEven)
}

//! Single and double precision.

use crate::single::{Case, Value, cases, lanes, verify};

const NAN: f32 = f32::NAN;
/// Half a unit in the last place of 1.
const HALF_ULP: f32 = 5.960_464_5e-8;
const ABOVE_ONE: f32 = 1.000_000_1;

#[test]
fn sums_round_in_every_direction() {
    verify(&cases! {
        "add.f32 d, a, b;" (1.0_f32, HALF_ULP) => 1.0_f32;
        "add.rn.f32 d, a, b;" (ABOVE_ONE, HALF_ULP) => 1.000_000_2_f32;
        "add.rz.f32 d, a, b;" (ABOVE_ONE, HALF_ULP) => ABOVE_ONE;
        "add.rp.f32 d, a, b;" (1.0_f32, 1e-30_f32) => ABOVE_ONE;
        "add.rm.f32 d, a, b;" (1.0_f32, -1e-30_f32) => 0.999_999_94_f32;
        "sub.rn.f32 d, a, b;" (1.0_f32, 3.0_f32) => -2.0_f32;
        "sub.rp.f32 d, a, b;" (1.0_f32, 1e-30_f32) => 1.0_f32;
        "add.rm.f32 d, a, b;" (1.0_f32, -1.0_f32) => -0.0_f32;
        "add.f64 d, a, b;" (0.1_f64, 0.2_f64) => 0.30000000000000004_f64;
        "add.rz.f64 d, a, b;" (0.1_f64, 0.2_f64) => 0.3_f64;
        "add.rp.f64 d, a, b;" (1.0_f64, 1e-300_f64) => 1.0000000000000002_f64;
        "add.f32 d, a, 0f3F800000;" (1.0_f32) => 2.0_f32;
    });
}

#[test]
fn small_numbers_are_flushed_and_results_saturate_where_asked() {
    verify(&cases! {
        "add.f32 d, a, b;" (1e-40_f32, 0.0_f32) => 1e-40_f32;
        "add.ftz.f32 d, a, b;" (1e-40_f32, 0.0_f32) => 0.0_f32;
        "mul.ftz.f32 d, a, b;" (1e-20_f32, 1e-20_f32) => 0.0_f32;
        "mul.f32 d, a, b;" (-1e-20_f32, 1e-20_f32) => -1e-40_f32;
        "mul.ftz.f32 d, a, b;" (-1e-20_f32, 1e-20_f32) => -0.0_f32;
        "add.sat.f32 d, a, b;" (0.7_f32, 0.7_f32) => 1.0_f32;
        "mul.sat.f32 d, a, b;" (-0.7_f32, 0.7_f32) => 0.0_f32;
        "fma.rn.sat.f32 d, a, b, c;" (NAN, 1.0_f32, 1.0_f32) => 0.0_f32;
        "fma.rn.ftz.f32 d, a, b, c;" (1e-40_f32, 1e20_f32, 1.0_f32) => 1.0_f32;
    });
}

#[test]
fn fused_products_round_once() {
    verify(&cases! {
        "fma.rn.f32 d, a, b, c;" (ABOVE_ONE, ABOVE_ONE, -1.000_000_2_f32) => 1.421_085_5e-14_f32;
        "fma.rz.f32 d, a, b, c;" (1.0_f32, 1.0_f32, -1e-30_f32) => 0.999_999_94_f32;
        "fma.rm.f32 d, a, b, c;" (1.0_f32, 1.0_f32, 1e-30_f32) => 1.0_f32;
        "fma.rp.f32 d, a, b, c;" (1.0_f32, 1.0_f32, 1e-30_f32) => ABOVE_ONE;
        "fma.rn.f64 d, a, b, c;" (3.0_f64, 5.0_f64, 0.5_f64) => 15.5_f64;
        "fma.rm.f64 d, a, b, c;" (1.0_f64, 1.0_f64, -1e-300_f64) => 0.9999999999999999_f64;
        "mad.rn.f32 d, a, b, c;" (2.0_f32, 3.0_f32, 4.0_f32) => 10.0_f32;
        "mul.rz.f32 d, a, b;" (ABOVE_ONE, ABOVE_ONE) => 1.000_000_2_f32;
        "mul.rp.f32 d, a, b;" (ABOVE_ONE, ABOVE_ONE) => 1.000_000_4_f32;
        "mul.f64 d, a, b;" (1.5_f64, -2.0_f64) => -3.0_f64;
    });
}

#[test]
fn quotients_and_roots_are_exact_where_ieee_asks() {
    verify(&cases! {
        "div.rn.f32 d, a, b;" (1.0_f32, 3.0_f32) => f32::from_bits(0x3EAA_AAAB);
        "div.rz.f32 d, a, b;" (1.0_f32, 3.0_f32) => f32::from_bits(0x3EAA_AAAA);
        "div.rn.f64 d, a, b;" (1.0_f64, 3.0_f64) => 1.0_f64 / 3.0;
        "div.rn.f32 d, a, b;" (1.0_f32, 0.0_f32) => f32::INFINITY;
        "rcp.rn.f32 d, a;" (3.0_f32) => f32::from_bits(0x3EAA_AAAB);
        "rcp.rn.f64 d, a;" (4.0_f64) => 0.25_f64;
        "sqrt.rn.f32 d, a;" (2.0_f32) => f32::from_bits(0x3FB5_04F3);
        "sqrt.rp.f32 d, a;" (2.0_f32) => f32::from_bits(0x3FB5_04F4);
        "sqrt.rn.f64 d, a;" (2.0_f64) => std::f64::consts::SQRT_2;
        "div.full.f32 d, a, b;" (6.0_f32, 3.0_f32) => 2.0_f32;
        "rcp.approx.ftz.f64 d, a;" (4.0_f64) => 0.25_f64;
        "rsqrt.approx.f64 d, a;" (16.0_f64) => 0.25_f64;
    });
}

#[test]
fn extremes_pass_over_what_is_no_number() {
    verify(&cases! {
        "min.f32 d, a, b;" (NAN, 1.0_f32) => 1.0_f32;
        "max.f32 d, a, b;" (1.0_f32, NAN) => 1.0_f32;
        "min.NaN.f32 d, a, b;" (NAN, 1.0_f32) => f32::from_bits(0x7FFF_FFFF);
        "min.f32 d, a, b;" (0.0_f32, -0.0_f32) => -0.0_f32;
        "max.f32 d, a, b;" (-0.0_f32, 0.0_f32) => 0.0_f32;
        "max.xorsign.abs.f32 d, a, b;" (-3.0_f32, 2.0_f32) => -3.0_f32;
        "min.ftz.f32 d, a, b;" (1e-40_f32, 1.0_f32) => 0.0_f32;
        "min.f64 d, a, b;" (f64::NAN, 1.0_f64) => 1.0_f64;
        "max.f64 d, a, b;" (-2.0_f64, 1.0_f64) => 1.0_f64;
        "abs.f32 d, a;" (-1.5_f32) => 1.5_f32;
        "abs.ftz.f32 d, a;" (-1e-40_f32) => 0.0_f32;
        "neg.f32 d, a;" (0.0_f32) => -0.0_f32;
        "neg.f64 d, a;" (1.0_f64) => -1.0_f64;
        "abs.f64 d, a;" (-1.0_f64) => 1.0_f64;
        "copysign.f32 d, a, b;" (-2.0_f32, 3.0_f32) => -3.0_f32;
        "copysign.f64 d, a, b;" (2.0_f64, -3.0_f64) => 3.0_f64;
    });
}

#[test]
fn approximations_are_exact_where_everybody_expects_it() {
    verify(&cases! {
        "ex2.approx.f32 d, a;" (3.0_f32) => 8.0_f32;
        "ex2.approx.f32 d, a;" (f32::NEG_INFINITY) => 0.0_f32;
        "lg2.approx.f32 d, a;" (8.0_f32) => 3.0_f32;
        "lg2.approx.ftz.f32 d, a;" (0.0_f32) => f32::NEG_INFINITY;
        "rcp.approx.f32 d, a;" (4.0_f32) => 0.25_f32;
        "rcp.approx.ftz.f32 d, a;" (1e-40_f32) => f32::INFINITY;
        "sqrt.approx.f32 d, a;" (9.0_f32) => 3.0_f32;
        "rsqrt.approx.f32 d, a;" (4.0_f32) => 0.5_f32;
        "sin.approx.f32 d, a;" (0.0_f32) => 0.0_f32;
        "cos.approx.f32 d, a;" (0.0_f32) => 1.0_f32;
        "tanh.approx.f32 d, a;" (0.0_f32) => 0.0_f32;
        "div.approx.f32 d, a, b;" (1.0_f32, 4.0_f32) => 0.25_f32;
    });
}

/// Runs an instruction on numbers of single precision, one a lane.
fn over(instruction: &str, inputs: &[f32; 32]) -> [f32; 32] {
    lanes(&format!("{instruction} d, a;"), &inputs.map(f32::to_bits)).map(f32::from_bits)
}

#[test]
fn approximations_stay_within_the_error_that_ptx_states() {
    let inputs: [f32; 32] = std::array::from_fn(|lane| 0.11 * lane as f32 - 1.5);
    let positive = inputs.map(|x| x.abs() + 0.03);
    type Exact = fn(f64) -> f64;
    // Absolute errors: 2^-20.5 of sine and cosine between -pi and pi. Relative ones: 2^-22 and a little.
    let absolute: [(&str, Exact, f64); 3] = [
        ("sin.approx.f32", f64::sin, 6.8e-7),
        ("cos.approx.f32", f64::cos, 6.8e-7),
        ("tanh.approx.f32", f64::tanh, 5e-4),
    ];
    for (name, exact, limit) in absolute {
        for (found, x) in over(name, &inputs).iter().zip(inputs) {
            let error = (f64::from(*found) - exact(x.into())).abs();
            assert!(error <= limit, "{name} of {x}: {found}");
        }
    }
    let relative: [(&str, Exact); 5] = [
        ("ex2.approx.f32", f64::exp2),
        ("rcp.approx.f32", f64::recip),
        ("sqrt.approx.f32", f64::sqrt),
        ("rsqrt.approx.f32", |x| x.sqrt().recip()),
        ("lg2.approx.f32", f64::log2),
    ];
    for (name, exact) in relative {
        for (found, x) in over(name, &positive).iter().zip(positive) {
            let expected = exact(x.into());
            let error = (f64::from(*found) - expected).abs();
            assert!(
                error <= 4e-7 * expected.abs().max(0.5),
                "{name} of {x}: {found}"
            );
        }
    }
}

#[test]
fn every_lane_computes_its_own() {
    let inputs: [u32; 32] = std::array::from_fn(|lane| (lane as f32).to_bits());
    let found = lanes("fma.rn.f32 d, a, a, 0f3F800000;", &inputs);
    let expected: [u32; 32] = std::array::from_fn(|lane| ((lane * lane + 1) as f32).to_bits());
    assert_eq!(found, expected);
}

#[test]
fn decimal_constants_have_the_registers_width() {
    verify(&[
        Case {
            text: "mov.f64 d, 1.5;",
            inputs: vec![],
            outputs: vec![1.5_f64.into()],
        },
        Case {
            text: "mov.f32 d, 0f40490FDB;",
            inputs: vec![],
            outputs: vec![Value::Word(0x4049_0FDB)],
        },
        Case {
            text: "add.f64 d, a, 0d3FF0000000000000;",
            inputs: vec![1.0_f64.into()],
            outputs: vec![2.0_f64.into()],
        },
    ]);
}

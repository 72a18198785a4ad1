//! The arithmetic that everything else is tested against, itself against native operators and hand-made cases.

use proptest::prelude::*;

use crate::number::Rounding::{self, Down, NearestAway, NearestEven, Up, Zero};
use crate::number::exact::{self, Binary};
use crate::number::format::{Format, Overflow, Value};

/// Bits of f64 of which many meet: near each other, denormal, special.
fn doubles() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        (any::<bool>(), 1000_u64..1046, any::<u64>()).prop_map(|(sign, field, bits)| (u64::from(
            sign
        ) << 63)
            | (field << 52)
            | (bits >> 12)),
        (any::<bool>(), 0_u64..60, 0_u64..8)
            .prop_map(|(sign, field, bits)| (u64::from(sign) << 63) | (field << 52) | bits),
        prop::sample::select(vec![
            0,
            1 << 63,
            0x7ff0_0000_0000_0000,
            0xfff0_0000_0000_0000,
            0x7fef_ffff_ffff_ffff,
            1
        ]),
    ]
}

fn same(expected: f64, bits: u64) -> bool {
    expected.to_bits() == bits || (expected.is_nan() && bits == Format::F64.not_a_number())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn to_the_nearest_it_agrees_with_the_processor(a in doubles(), b in doubles(), c in doubles()) {
        let (x, y, z) = (f64::from_bits(a), f64::from_bits(b), f64::from_bits(c));
        let compute = |operation| exact::binary(Format::F64, operation, a, b, NearestEven);
        prop_assert!(same(x + y, compute(Binary::Add)));
        prop_assert!(same(x - y, compute(Binary::Subtract)));
        prop_assert!(same(x * y, compute(Binary::Multiply)));
        prop_assert!(same(x / y, compute(Binary::Divide)));
        prop_assert!(same(x.mul_add(y, z), exact::fused(Format::F64, a, b, c, NearestEven)));
        prop_assert!(same(x.sqrt(), exact::root(Format::F64, a, NearestEven)));
        let narrowed = exact::convert(Format::F64, Format::F32, a, NearestEven, Overflow::ByRounding) as u32;
        prop_assert!(x.is_nan() || (x as f32).to_bits() == narrowed);
    }

    #[test]
    fn the_directed_results_are_neighbours_around_the_exact_one(a in doubles(), b in doubles()) {
        let compute = |rounding| f64::from_bits(exact::binary(Format::F64, Binary::Divide, a, b, rounding));
        let (down, up, zero, nearest) = (compute(Down), compute(Up), compute(Zero), compute(NearestEven));
        if !nearest.is_nan() {
            prop_assert!(down == up || down.next_up() == up);
            prop_assert!(nearest == down || nearest == up);
            prop_assert_eq!(zero, if nearest.is_sign_negative() { up } else { down });
        }
    }
}

#[test]
fn directions_are_as_worked_out_by_hand() {
    let third = |rounding| {
        exact::binary(
            Format::F32,
            Binary::Divide,
            0x3f80_0000,
            0x4040_0000,
            rounding,
        ) as u32
    };
    assert_eq!(
        Rounding::ALL.map(third),
        [
            0x3eaa_aaab,
            0x3eaa_aaab,
            0x3eaa_aaaa,
            0x3eaa_aaaa,
            0x3eaa_aaab
        ]
    );
    let minus_third = |rounding| {
        exact::binary(
            Format::F32,
            Binary::Divide,
            0xbf80_0000,
            0x4040_0000,
            rounding,
        ) as u32
    };
    assert_eq!(
        Rounding::ALL.map(minus_third),
        [
            0xbeaa_aaab,
            0xbeaa_aaab,
            0xbeaa_aaaa,
            0xbeaa_aaab,
            0xbeaa_aaaa
        ]
    );
    // 2049 lies in the middle of two f16.
    let middle = |rounding| exact::integer(Format::F16, 2049, rounding);
    assert_eq!(
        Rounding::ALL.map(middle),
        [0x6800, 0x6801, 0x6800, 0x6800, 0x6801]
    );
    // Beyond the largest f16, which is 65504.
    let beyond = |rounding| exact::integer(Format::F16, 70000, rounding);
    assert_eq!(
        Rounding::ALL.map(beyond),
        [0x7c00, 0x7c00, 0x7bff, 0x7bff, 0x7c00]
    );
    let below = |rounding| exact::integer(Format::F16, -70000, rounding);
    assert_eq!(
        Rounding::ALL.map(below),
        [0xfc00, 0xfc00, 0xfbff, 0xfc00, 0xfbff]
    );
    // Half of the smallest f16.
    let tiny = |rounding| {
        exact::convert(
            Format::F32,
            Format::F16,
            0x3300_0000,
            rounding,
            Overflow::ByRounding,
        )
    };
    assert_eq!(Rounding::ALL.map(tiny), [0, 1, 0, 0, 1]);
}

#[test]
fn a_sum_that_cancels_is_negative_zero_only_downwards() {
    let cancel = |rounding| {
        exact::binary(
            Format::F32,
            Binary::Subtract,
            0x3f80_0000,
            0x3f80_0000,
            rounding,
        ) as u32
    };
    assert_eq!(Rounding::ALL.map(cancel), [0, 0, 0, 0x8000_0000, 0]);
}

#[test]
fn e4m3_has_no_infinity_and_reaches_448() {
    let narrow = |x: f32, overflow| {
        exact::convert(
            Format::F32,
            Format::E4M3,
            x.to_bits().into(),
            NearestEven,
            overflow,
        )
    };
    assert_eq!(narrow(448.0, Overflow::ByRounding), 0x7e);
    assert_eq!(narrow(464.0, Overflow::ByRounding), 0x7e);
    assert_eq!(narrow(500.0, Overflow::ByRounding), 0x7f);
    assert_eq!(narrow(500.0, Overflow::Saturate), 0x7e);
    assert_eq!(narrow(f32::NEG_INFINITY, Overflow::Saturate), 0xfe);
    assert_eq!(narrow(f32::NAN, Overflow::Saturate), 0x7f);
    assert_eq!(narrow(2.0_f32.powi(-9), Overflow::Saturate), 1);
    assert_eq!(Format::E4M3.decode(0x7f), Value::NotANumber);
}

#[test]
fn every_format_gives_back_what_it_decodes() {
    for format in [
        Format::F16,
        Format::BF16,
        Format::E4M3,
        Format::E5M2,
        Format::TF32,
    ] {
        for bits in 0..format.sign() * 2 {
            let bits = bits << format.padding;
            let value = format.decode(bits);
            for rounding in [NearestEven, NearestAway, Up] {
                let back = format.encode(value, rounding, Overflow::ByRounding);
                assert!(
                    back == bits || (value == Value::NotANumber && back == format.not_a_number())
                );
            }
        }
    }
}

//! Conversions, all 65,536 values of the short formats included.

use proptest::prelude::*;

use crate::number::Rounding::{self, Down, NearestEven, Up, Zero};
use crate::number::convert::*;
use crate::number::exact;
use crate::number::format::{Format, Overflow};
use crate::number::narrow::*;

fn reference(format: Format, a: f32, rounding: Rounding, overflow: Overflow) -> u32 {
    exact::convert(Format::F32, format, a.to_bits().into(), rounding, overflow) as u32
}

fn check_narrowing(a: f32) {
    for rounding in Rounding::ALL {
        let plain = |format| reference(format, a, rounding, Overflow::ByRounding);
        assert_eq!(
            u32::from(single_to_half(a, rounding)),
            plain(Format::F16),
            "f16 {a:e} {rounding:?}"
        );
        assert_eq!(
            u32::from(single_to_brain(a, rounding)),
            plain(Format::BF16),
            "bf16 {a:e} {rounding:?}"
        );
        assert_eq!(
            single_to_tensor(a, rounding),
            plain(Format::TF32),
            "tf32 {a:e} {rounding:?}"
        );
        for format in [Format::E4M3, Format::E5M2, Format::F16] {
            for overflow in [Overflow::Saturate, Overflow::ByRounding] {
                assert_eq!(
                    narrow(format, a, rounding, overflow),
                    reference(format, a, rounding, overflow),
                    "{a:e}"
                );
            }
        }
    }
}

#[test]
fn widening_agrees_with_another_implementation_and_narrowing_undoes_it() {
    for bits in 0..=u16::MAX {
        let (wide, other) = (half_to_single(bits), half::f16::from_bits(bits).to_f32());
        assert!(wide.to_bits() == other.to_bits() || (wide.is_nan() && other.is_nan()));
        let (brain, other) = (brain_to_single(bits), half::bf16::from_bits(bits).to_f32());
        assert!(brain.to_bits() == other.to_bits() || (brain.is_nan() && other.is_nan()));
        for rounding in Rounding::ALL {
            let expected = if wide.is_nan() { HALF_NAN } else { bits };
            assert_eq!(single_to_half(wide, rounding), expected);
            assert_eq!(double_to_half(f64::from(wide), rounding), expected);
            let expected = if brain.is_nan() { HALF_NAN } else { bits };
            assert_eq!(single_to_brain(brain, rounding), expected);
            assert_eq!(double_to_brain(f64::from(brain), rounding), expected);
        }
    }
}

#[test]
fn middles_of_all_halves_and_their_neighbours_round_exactly() {
    for bits in 0..0x7c00 {
        let (low, high) = (half_to_single(bits), half_to_single(bits + 1).min(65536.0));
        let middle = (low + high) / 2.0;
        for near in [
            middle.next_down(),
            middle,
            middle.next_up(),
            low.next_up(),
            high.next_down(),
        ] {
            for a in [near, -near] {
                for rounding in Rounding::ALL {
                    let expected = reference(Format::F16, a, rounding, Overflow::ByRounding);
                    assert_eq!(
                        u32::from(single_to_half(a, rounding)),
                        expected,
                        "{a:e} {rounding:?}"
                    );
                }
                let nearest = half::f16::from_f32(a).to_bits();
                assert_eq!(single_to_half(a, NearestEven), nearest);
            }
        }
        // Just beside the middle as an f64, where an f32 in between must not round to the middle.
        for near in [f64::from(middle).next_down(), f64::from(middle).next_up()] {
            for rounding in Rounding::ALL {
                let expected = exact::convert(
                    Format::F64,
                    Format::F16,
                    near.to_bits(),
                    rounding,
                    Overflow::ByRounding,
                );
                assert_eq!(u64::from(double_to_half(near, rounding)), expected);
            }
        }
    }
}

#[test]
fn middles_of_all_brain_floats_and_their_neighbours_round_exactly() {
    for bits in 0..0x7f80_u32 {
        let middle = (bits << 16) | 0x8000;
        for near in [
            middle - 1,
            middle,
            middle + 1,
            middle - 0x7fff,
            middle + 0x7fff,
        ] {
            for a in [f32::from_bits(near), f32::from_bits(near | 0x8000_0000)] {
                for rounding in Rounding::ALL {
                    let expected = reference(Format::BF16, a, rounding, Overflow::ByRounding);
                    assert_eq!(
                        u32::from(single_to_brain(a, rounding)),
                        expected,
                        "{a:e} {rounding:?}"
                    );
                }
                assert_eq!(
                    single_to_brain(a, NearestEven),
                    half::bf16::from_f32(a).to_bits()
                );
            }
        }
    }
}

#[test]
fn every_byte_survives_widening_and_narrowing() {
    for format in [Format::E4M3, Format::E5M2] {
        for bits in 0..=u8::MAX {
            let wide = byte_to_single(format, bits);
            let back = narrow(format, wide, NearestEven, Overflow::ByRounding);
            assert!(back == u32::from(bits) || wide.is_nan());
            check_narrowing(wide.next_up());
            check_narrowing(wide.next_down());
        }
    }
}

#[test]
fn what_is_not_a_number_becomes_zero_or_the_highest_bit() {
    assert_eq!(single_to_integer(f32::NAN, Integer::S32, Zero), 0);
    assert_eq!(single_to_integer(f32::NAN, Integer::S64, Zero), 1 << 63);
    assert_eq!(single_to_integer(f32::NAN, Integer::U64, Zero), 1 << 63);
    assert_eq!(double_to_integer(f64::NAN, Integer::U32, Zero), 0x8000_0000);
    assert_eq!(
        double_to_integer(f64::NAN, Integer::S32, Zero) as u32,
        0x8000_0000
    );
    assert_eq!(double_to_integer(f64::NAN, Integer::S64, Zero), 1 << 63);
}

#[test]
fn floats_become_integers_by_every_rounding_and_saturate() {
    let round =
        |a: f32| Rounding::ALL.map(|rounding| single_to_integer(a, Integer::S32, rounding) as i32);
    assert_eq!(round(2.5), [2, 3, 2, 2, 3]);
    assert_eq!(round(-2.5), [-2, -3, -2, -3, -2]);
    assert_eq!(round(-0.25), [0, 0, 0, -1, 0]);
    assert_eq!(round(3e9), [i32::MAX; 5]);
    assert_eq!(single_to_integer(-1.5, Integer::U32, Down), 0);
    assert_eq!(
        single_to_integer(5e9, Integer::U32, Down),
        u64::from(u32::MAX)
    );
    assert_eq!(single_to_integer(-200.0, Integer::S8, Zero) as i64, -128);
    assert_eq!(single_to_integer(300.0, Integer::U8, Zero), 255);
    assert_eq!(double_to_integer(-1e30, Integer::S64, Zero), 1 << 63);
    assert_eq!(double_to_integer(1e30, Integer::U64, Zero), u64::MAX);
    assert_eq!(
        double_to_integer(-40000.0, Integer::S16, Zero) as i64,
        -32768
    );
    assert_eq!(integral_half(0x3e00, NearestEven), 0x4000); // 1.5 and 2
    assert_eq!(integral_single(-0.5, Up).to_bits(), (-0.0_f32).to_bits());
    assert_eq!(integral_double(0.5, Up), 1.0);
}

#[test]
fn integers_become_integers_by_cutting_or_clamping() {
    let cut = |a, from, to| integer_to_integer(a, from, to, false);
    let clamp = |a, from, to| integer_to_integer(a, from, to, true);
    assert_eq!(cut(0x1ff, Integer::U32, Integer::S8), u64::MAX);
    assert_eq!(clamp(0x1ff, Integer::U32, Integer::S8), 127);
    assert_eq!(clamp(0xffff_fe00, Integer::S32, Integer::S8) as i64, -128);
    assert_eq!(clamp(0xffff_fe00, Integer::S32, Integer::U64), 0);
    assert_eq!(
        cut(0xffff_fe00, Integer::S32, Integer::U64),
        0xffff_ffff_ffff_fe00
    );
    assert_eq!(clamp(u64::MAX, Integer::U64, Integer::S64), i64::MAX as u64);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn any_single_narrows_exactly(bits in any::<u32>()) {
        check_narrowing(f32::from_bits(bits));
    }

    #[test]
    fn any_double_narrows_exactly(bits in any::<u64>(), field in 850_u64..1200, low in 0_u64..4) {
        let near = (bits & (1 << 63)) | (field << 52) | ((bits >> 12) & !0x3fff_ffff) | low;
        for a in [bits, near] {
            for rounding in Rounding::ALL {
                let expected = |format| exact::convert(Format::F64, format, a, rounding, Overflow::ByRounding);
                let x = f64::from_bits(a);
                prop_assert_eq!(u64::from(double_to_single(x, rounding).to_bits()), expected(Format::F32));
                prop_assert_eq!(u64::from(double_to_half(x, rounding)), expected(Format::F16));
                prop_assert_eq!(u64::from(double_to_brain(x, rounding)), expected(Format::BF16));
            }
        }
    }

    #[test]
    fn any_integer_becomes_the_right_float(bits in any::<u64>(), shift in 0_u32..64) {
        let register = bits >> shift;
        for from in [Integer::S8, Integer::U8, Integer::S16, Integer::U16, Integer::S32, Integer::U32, Integer::S64, Integer::U64] {
            for rounding in Rounding::ALL {
                let expected = |format| exact::integer(format, from.value(register), rounding);
                prop_assert_eq!(u64::from(integer_to_single(register, from, rounding).to_bits()), expected(Format::F32));
                prop_assert_eq!(integer_to_double(register, from, rounding).to_bits(), expected(Format::F64));
                prop_assert_eq!(u64::from(integer_to_half(register, from, rounding)), expected(Format::F16));
                prop_assert_eq!(u64::from(integer_to_brain(register, from, rounding)), expected(Format::BF16));
            }
        }
    }

    #[test]
    fn any_float_becomes_the_nearest_integer_of_the_type(bits in any::<u32>()) {
        let a = f32::from_bits(bits);
        for to in [Integer::S8, Integer::U8, Integer::S16, Integer::U16, Integer::S32, Integer::U32, Integer::S64, Integer::U64] {
            for rounding in Rounding::ALL {
                if !a.is_nan() {
                    let expected = (integral_single(a, rounding) as i128).clamp(to.least(), to.greatest());
                    prop_assert_eq!(single_to_integer(a, to, rounding), expected as u64);
                    prop_assert_eq!(double_to_integer(f64::from(a), to, rounding), expected as u64);
                }
            }
        }
    }
}

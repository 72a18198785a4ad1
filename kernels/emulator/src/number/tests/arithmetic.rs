//! Arithmetic of every format in every rounding, against exact integers.

use proptest::prelude::*;

use crate::number::exact::{self, Binary};
use crate::number::format::Format;
use crate::number::limit::*;
use crate::number::{Rounding, brain, double, half, single};

/// Bits of a format, of which many are near each other, denormal or special.
fn numbers(format: Format) -> impl Strategy<Value = u64> {
    let (sign, fraction) = (format.sign(), format.fraction_bits);
    let middle = format.bias() as u64;
    prop_oneof![
        0..=sign | (sign - 1),
        (
            any::<bool>(),
            middle.saturating_sub(13)..middle + 13,
            any::<u64>()
        )
            .prop_map(move |(negative, field, bits)| {
                (u64::from(negative) * sign) | (field << fraction) | (bits & ((1 << fraction) - 1))
            }),
        (any::<bool>(), 0..6_u64, 0..4_u64).prop_map(move |(negative, field, low)| (u64::from(
            negative
        ) * sign)
            | (field << fraction)
            | low),
        prop::sample::select(vec![
            0,
            sign,
            format.beyond(),
            format.beyond() | sign,
            format.beyond() - 1,
            1
        ]),
    ]
}

macro_rules! agrees_with_exact_arithmetic {
    ($test:ident, $module:ident, $format:expr, $from:expr, $to:expr) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(6000))]
            #[test]
            fn $test(a in numbers($format), b in numbers($format), c in numbers($format)) {
                let (x, y, z) = ($from(a), $from(b), $from(c));
                let one = $format.bias() as u64;
                let one = one << $format.fraction_bits;
                for rounding in Rounding::ALL {
                    let expected = |operation, a, b| exact::binary($format, operation, a, b, rounding);
                    prop_assert_eq!($to($module::add(x, y, rounding)), expected(Binary::Add, a, b), "add {:?}", rounding);
                    prop_assert_eq!($to($module::subtract(x, y, rounding)), expected(Binary::Subtract, a, b));
                    prop_assert_eq!($to($module::multiply(x, y, rounding)), expected(Binary::Multiply, a, b));
                    prop_assert_eq!($to($module::divide(x, y, rounding)), expected(Binary::Divide, a, b));
                    prop_assert_eq!($to($module::reciprocal(x, rounding)), expected(Binary::Divide, one, a));
                    prop_assert_eq!($to($module::square_root(x, rounding)), exact::root($format, a, rounding));
                    let fused = exact::fused($format, a, b, c, rounding);
                    prop_assert_eq!($to($module::fused(x, y, z, rounding)), fused, "fma {:?}", rounding);
                }
            }
        }
    };
}

agrees_with_exact_arithmetic!(
    single_is_exact_in_every_rounding,
    single,
    Format::F32,
    |bits: u64| f32::from_bits(bits as u32),
    |x: f32| u64::from(x.to_bits())
);
agrees_with_exact_arithmetic!(
    double_is_exact_in_every_rounding,
    double,
    Format::F64,
    f64::from_bits,
    f64::to_bits
);
agrees_with_exact_arithmetic!(
    half_is_exact_in_every_rounding,
    half,
    Format::F16,
    |bits| bits as u16,
    u64::from
);
agrees_with_exact_arithmetic!(
    brain_is_exact_in_every_rounding,
    brain,
    Format::BF16,
    |bits| bits as u16,
    u64::from
);

#[test]
fn directed_singles_are_as_worked_out_by_hand() {
    use Rounding::{Down, Up, Zero};
    // 1 and a bit too small to be seen.
    let tiny = f32::from_bits(1);
    assert_eq!(single::add(1.0, tiny, Up), 1.0_f32.next_up());
    assert_eq!(single::add(1.0, -tiny, Down), 1.0_f32.next_down());
    assert_eq!(single::add(1.0, -tiny, Zero), 1.0_f32.next_down());
    assert_eq!(single::add(1.0, tiny, Down), 1.0);
    // The way in which `expf` finds a power of two: the sum is cut to an integer.
    assert_eq!(
        single::fused(std::f32::consts::LOG2_E, 3.0, 12_582_912.0, Down),
        12_582_916.0
    );
    assert_eq!(
        single::fused(-std::f32::consts::LOG2_E, 3.0, 12_582_912.0, Down),
        12_582_907.0
    );
    // Underflow and overflow.
    assert_eq!(
        single::multiply(f32::MIN_POSITIVE, f32::MIN_POSITIVE, Up),
        tiny
    );
    assert_eq!(
        single::multiply(f32::MIN_POSITIVE, -f32::MIN_POSITIVE, Up).to_bits(),
        0x8000_0000
    );
    assert_eq!(single::multiply(f32::MAX, f32::MAX, Zero), f32::MAX);
    assert_eq!(single::multiply(f32::MAX, f32::MAX, Up), f32::INFINITY);
    assert_eq!(single::divide(1.0, 0.0, Zero), f32::INFINITY);
    assert_eq!(single::add(1.0, -1.0, Down).to_bits(), 0x8000_0000);
}

#[test]
fn all_roots_and_reciprocals_of_halves_are_exact() {
    for bits in 0..=u16::MAX {
        for rounding in Rounding::ALL {
            let root = exact::root(Format::F16, bits.into(), rounding);
            assert_eq!(u64::from(half::square_root(bits, rounding)), root);
            let reciprocal =
                exact::binary(Format::F16, Binary::Divide, 0x3c00, bits.into(), rounding);
            assert_eq!(u64::from(half::reciprocal(bits, rounding)), reciprocal);
        }
    }
}

#[test]
fn modifiers_flush_saturate_and_rectify() {
    assert_eq!(
        flush_single(f32::from_bits(0x807f_ffff)).to_bits(),
        0x8000_0000
    );
    assert_eq!(flush_single(f32::MIN_POSITIVE), f32::MIN_POSITIVE);
    assert_eq!(flush_half(0x83ff), 0x8000);
    assert_eq!(flush_half(0x0400), 0x0400);
    assert_eq!(flush_double(f64::from_bits(7)), 0.0);
    for (a, expected) in [
        (-1.0, 0.0),
        (0.25, 0.25),
        (7.0, 1.0),
        (f32::NAN, 0.0),
        (f32::INFINITY, 1.0),
        (-0.0, 0.0),
    ] {
        assert_eq!(saturate_single(a).to_bits(), f32::to_bits(expected));
        assert_eq!(saturate_double(f64::from(a)), f64::from(expected));
        let narrow = |x| crate::number::narrow::single_to_half(x, Rounding::Zero);
        assert_eq!(saturate_half(narrow(a)), narrow(expected));
    }
    assert_eq!(rectify_single(-3.0).to_bits(), 0);
    assert_eq!(rectify_single(-f32::NAN).to_bits(), 0x7fff_ffff);
    assert_eq!(
        (
            rectify_half(0xbc00),
            rectify_half(0xfe00),
            rectify_half(0x3c00)
        ),
        (0, 0x7fff, 0x3c00)
    );
    assert_eq!(
        (
            rectify_brain(0xbf80),
            rectify_brain(0x7f81),
            rectify_brain(0x7f80)
        ),
        (0, 0x7fff, 0x7f80)
    );
    assert_eq!(copy_sign_single(-1.0, 2.0), -2.0);
    assert_eq!(copy_sign_double(1.0, -2.0), 2.0);
}

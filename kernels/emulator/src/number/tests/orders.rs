//! Comparisons and extremes.

use crate::number::order::Comparison::*;
use crate::number::order::*;

#[test]
fn unordered_comparisons_hold_where_a_number_is_missing() {
    let ordered = [
        Equal,
        NotEqual,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
        Ordered,
    ];
    let unordered = [
        EqualOrUnordered,
        NotEqualOrUnordered,
        LessOrUnordered,
        LessOrEqualOrUnordered,
        GreaterOrUnordered,
        GreaterOrEqualOrUnordered,
        Unordered,
    ];
    for (a, b) in [(f32::NAN, 1.0), (1.0, f32::NAN), (f32::NAN, f32::NAN)] {
        assert!(ordered.iter().all(|&comparison| !compare(comparison, a, b)));
        assert!(
            unordered
                .iter()
                .all(|&comparison| compare(comparison, a, b))
        );
    }
    for (a, b) in [(1.0, 2.0), (2.0, 1.0), (1.0, 1.0), (0.0, -0.0)] {
        for (&plain, &with) in ordered.iter().zip(&unordered).take(6) {
            assert_eq!(compare(plain, a, b), compare(with, a, b));
        }
        assert!(compare(Ordered, a, b) && !compare(Unordered, a, b));
    }
    assert!(compare(Less, 1.0, 2.0) && !compare(Less, 2.0, 1.0) && compare(Equal, 0.0, -0.0));
    assert!(compare(Less, -1_i32, 0) && !compare(Less, u32::MAX, 0) && compare(NotEqual, 3_u64, 4));
}

#[test]
fn extremes_prefer_numbers_unless_told_otherwise() {
    let (plain, nan) = (
        ExtremeModifiers::default(),
        ExtremeModifiers {
            nan: true,
            ..ExtremeModifiers::default()
        },
    );
    let least = |a, b| extreme_single(Extreme::Least, plain, a, b);
    let greatest = |a, b| extreme_single(Extreme::Greatest, plain, a, b);
    assert_eq!(
        (
            least(1.0, f32::NAN),
            least(f32::NAN, 1.0),
            greatest(f32::NAN, -1.0)
        ),
        (1.0, 1.0, -1.0)
    );
    assert_eq!(least(-f32::NAN, f32::NAN).to_bits(), 0x7fff_ffff);
    assert_eq!(
        extreme_single(Extreme::Least, nan, 1.0, f32::NAN).to_bits(),
        0x7fff_ffff
    );
    assert_eq!(
        (least(0.0, -0.0).to_bits(), greatest(-0.0, 0.0).to_bits()),
        (0x8000_0000, 0)
    );
    assert_eq!(
        (
            least(-3.0, 2.0),
            greatest(-3.0, 2.0),
            least(-3.0, -4.0),
            greatest(5.0, 4.0)
        ),
        (-3.0, 2.0, -4.0, 5.0)
    );
    assert_eq!(
        extreme_double(Extreme::Greatest, plain, f64::NEG_INFINITY, -1.0),
        -1.0
    );
}

#[test]
fn extremes_of_magnitudes_carry_the_sign_of_the_product() {
    let modifiers = ExtremeModifiers {
        nan: false,
        xor_sign_absolute: true,
    };
    assert_eq!(extreme_single(Extreme::Least, modifiers, -3.0, 2.0), -2.0);
    assert_eq!(
        extreme_single(Extreme::Greatest, modifiers, -3.0, -2.0),
        3.0
    );
    assert_eq!(
        extreme_single(Extreme::Greatest, modifiers, f32::NAN, f32::NAN).to_bits(),
        0x7fff_ffff
    );
}

#[test]
fn short_extremes_know_their_format() {
    let plain = ExtremeModifiers::default();
    // 0x7d00 is not a number as f16 and large as bf16.
    assert_eq!(
        extreme_half(Extreme::Greatest, plain, 0x7d00, 0x3c00),
        0x3c00
    );
    assert_eq!(
        extreme_brain(Extreme::Greatest, plain, 0x7d00, 0x3f80),
        0x7d00
    );
    assert_eq!(extreme_half(Extreme::Least, plain, 0xbc00, 0x3c00), 0xbc00);
    assert_eq!(extreme_half(Extreme::Least, plain, 0x7fff, 0xfe00), 0x7fff);
}

#[test]
fn properties_divide_the_numbers() {
    let classes = [
        Property::Finite,
        Property::Infinite,
        Property::Number,
        Property::NotANumber,
        Property::Normal,
        Property::Subnormal,
    ];
    let of = |a: f32| classes.map(|property| has_property_single(property, a));
    assert_eq!(of(0.0), [true, false, true, false, true, false]);
    assert_eq!(
        of(f32::from_bits(1)),
        [true, false, true, false, false, true]
    );
    assert_eq!(of(f32::INFINITY), [false, true, true, false, false, false]);
    assert_eq!(of(f32::NAN), [false, false, false, true, false, false]);
    assert!(has_property_double(Property::Subnormal, f64::from_bits(1)));
}

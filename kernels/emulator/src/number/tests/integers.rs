//! Integers, bits and bytes, against the definitions that PTX gives bit by bit.

use proptest::prelude::*;

use crate::number::bits::*;
use crate::number::integer::*;
use crate::number::permute::{Permutation, permute};

#[test]
fn products_have_their_upper_halves() {
    assert_eq!(multiply_high_u32(u32::MAX, u32::MAX), u32::MAX - 1);
    assert_eq!(multiply_high_s32(i32::MIN, 2), -1);
    assert_eq!(multiply_high_u64(u64::MAX, 2), 1);
    assert_eq!(multiply_high_s64(-1, 1), -1);
    assert_eq!(multiply_high_u16(0xffff, 0xffff), 0xfffe);
    assert_eq!(multiply_high_s16(-1, 1), -1);
    assert_eq!(multiply_24_low(0xff00_0003, 5, false), 15);
    assert_eq!(multiply_24_low(0x00ff_ffff, 5, true) as i32, -5);
    assert_eq!(multiply_24_high(0x80_0000, 0x80_0000, false), 0x4000_0000);
    assert_eq!(multiply_24_high(0x80_0000, 1, true) as i32, -128);
    assert_eq!(
        multiply_add_high_saturating(i32::MAX, i32::MAX, i32::MAX),
        i32::MAX
    );
    assert_eq!(sum_absolute_difference_s32(i32::MIN, i32::MAX, 1), 0);
    assert_eq!(sum_absolute_difference_u64(3, 10, 1), 8);
}

#[test]
fn dot_products_mix_signs() {
    assert_eq!(
        dot_product_4(0x0102_03ff, true, 0x0101_01ff, false, 10) as i32,
        10 + 1 + 2 + 3 - 255
    );
    assert_eq!(
        dot_product_4(0xffff_ffff, false, 0x0101_0101, true, 0),
        1020
    );
    assert_eq!(
        dot_product_2(0xffff_0002, true, 0x0403_0201, false, false, 0),
        0
    );
    assert_eq!(
        dot_product_2(0xffff_0002, true, 0x0403_0201, false, true, 0),
        2
    );
}

#[test]
fn carries_and_borrows_chain() {
    assert_eq!(add_carry_u32(u32::MAX, 0, true), (0, true));
    assert_eq!(add_carry_u64(u64::MAX, 1, false), (0, true));
    assert_eq!(subtract_borrow_u32(0, 0, true), (u32::MAX, true));
    assert_eq!(subtract_borrow_u32(5, 4, true), (0, false));
    assert_eq!(subtract_borrow_u64(0, u64::MAX, true), (0, true));
    assert_eq!(
        multiply_add_carry_u32(u32::MAX, u32::MAX, true),
        (u32::MAX, true)
    );
}

#[test]
fn division_by_zero_answers_like_hardware() {
    assert_eq!((divide_u32(7, 0), remainder_u32(7, 0)), (u32::MAX, 7));
    assert_eq!((divide_s32(-7, 0), remainder_s32(-7, 0)), (-1, -7));
    assert_eq!(
        (divide_s32(i32::MIN, -1), remainder_s32(i32::MIN, -1)),
        (i32::MIN, 0)
    );
    assert_eq!((divide_u64(7, 0), remainder_s64(7, 0)), (u64::MAX, 7));
    assert_eq!((divide_s32(-7, 2), remainder_s32(-7, 2)), (-3, -1));
}

#[test]
fn shifts_clamp_and_funnels_clamp_or_wrap() {
    assert_eq!(
        (
            shift_left_32(1, 31),
            shift_left_32(1, 32),
            shift_left_32(1, u32::MAX)
        ),
        (1 << 31, 0, 0)
    );
    assert_eq!(
        (
            shift_right_s32(-8, 1),
            shift_right_s32(-8, 99),
            shift_right_s64(i64::MIN, 64)
        ),
        (-4, -1, -1)
    );
    assert_eq!(
        (
            shift_right_64(u64::MAX, 64),
            shift_left_16(3, 15),
            shift_right_16(0x8000, 15)
        ),
        (0, 0x8000, 1)
    );
    assert_eq!(funnel_left(0x8000_0000, 0x1, 1, false), 3);
    assert_eq!(
        (funnel_left(7, 9, 32, true), funnel_left(7, 9, 32, false)),
        (7, 9)
    );
    assert_eq!(
        (funnel_right(7, 9, 40, true), funnel_right(7, 9, 32, false)),
        (9, 7)
    );
    assert_eq!(funnel_right(0, 1, 4, false), 0x1000_0000);
}

#[test]
fn highest_bits_are_found() {
    assert_eq!(
        (
            find_u32(0, false),
            find_u32(1, false),
            find_u32(0x8000_0000, false)
        ),
        (u32::MAX, 0, 31)
    );
    assert_eq!(
        (
            find_u32(1, true),
            find_s32(-1, false),
            find_s32(-2, false),
            find_s32(-2, true)
        ),
        (31, u32::MAX, 0, 31)
    );
    assert_eq!(
        (
            find_u64(1 << 40, false),
            find_u64(1 << 40, true),
            find_s64(0, true)
        ),
        (40, 23, u32::MAX)
    );
    assert_eq!(
        (
            find_nth(0b1010, 0, 2),
            find_nth(0b1010, 3, -2),
            find_nth(0b1010, 1, 0),
            find_nth(0b1010, 0, 0)
        ),
        (3, 1, 1, u32::MAX)
    );
    assert_eq!(
        (mask(4, 8, true), mask(0, 40, true), mask(31, 2, false)),
        (0xff0, u32::MAX, 0x8000_0000)
    );
}

#[test]
fn bytes_are_permuted_in_every_mode() {
    let (a, b) = (0x8322_1100, 0x7766_5544);
    assert_eq!(permute(Permutation::General, a, b, 0x7610), 0x7766_1100);
    assert_eq!(permute(Permutation::General, a, b, 0xb0c3), 0xff00_0083);
    let all = |mode| [0, 1, 2, 3].map(|selector| permute(mode, 0x0302_0100, 0x0706_0504, selector));
    assert_eq!(
        all(Permutation::Forward4),
        [0x0302_0100, 0x0403_0201, 0x0504_0302, 0x0605_0403]
    );
    assert_eq!(
        all(Permutation::Backward4),
        [0x0506_0700, 0x0607_0001, 0x0700_0102, 0x0001_0203]
    );
    assert_eq!(
        all(Permutation::Replicate8),
        [0, 0x0101_0101, 0x0202_0202, 0x0303_0303]
    );
    assert_eq!(
        all(Permutation::ClampLeft),
        [0x0302_0100, 0x0302_0101, 0x0302_0202, 0x0303_0303]
    );
    assert_eq!(
        all(Permutation::ClampRight),
        [0, 0x0101_0100, 0x0202_0100, 0x0302_0100]
    );
    assert_eq!(
        all(Permutation::Replicate16),
        [0x0100_0100, 0x0302_0302, 0x0100_0100, 0x0302_0302]
    );
}

/// The definition of `bfe` in PTX, bit by bit.
fn extract_by_bits(a: u64, start: u32, length: u32, width: u32, signed: bool) -> u64 {
    let (start, length) = (start & 0xff, length & 0xff);
    let bit = |position: u32| (a >> position) & 1;
    let fill = if !signed || length == 0 {
        0
    } else {
        bit((start + length - 1).min(width - 1))
    };
    (0..width).fold(0, |sum, i| {
        let inside = i < length && start + i < width;
        sum | (if inside { bit(start + i) } else { fill }) << i
    })
}

fn insert_by_bits(a: u64, b: u64, start: u32, length: u32, width: u32) -> u64 {
    let (start, length) = (start & 0xff, length & 0xff);
    (0..length)
        .take_while(|i| start + i < width && *i < width)
        .fold(b, |sum, i| {
            (sum & !(1 << (start + i))) | (((a >> i) & 1) << (start + i))
        })
}

proptest! {
    #[test]
    fn fields_are_extracted_and_inserted_bit_by_bit(a in any::<u64>(), b in any::<u64>(), start in 0_u32..300, length in 0_u32..300) {
        let (low, low_b) = (a as u32, b as u32);
        for (start, length) in [(start, length), (start % 70, length % 70)] {
            prop_assert_eq!(extract_u64(a, start, length), extract_by_bits(a, start, length, 64, false));
            prop_assert_eq!(extract_s64(a as i64, start, length) as u64, extract_by_bits(a, start, length, 64, true));
            prop_assert_eq!(u64::from(extract_u32(low, start, length)), extract_by_bits(low.into(), start, length, 32, false));
            prop_assert_eq!(u64::from(extract_s32(low as i32, start, length) as u32), extract_by_bits(low.into(), start, length, 32, true));
            prop_assert_eq!(insert_64(a, b, start, length), insert_by_bits(a, b, start, length, 64));
            prop_assert_eq!(u64::from(insert_32(low, low_b, start, length)), insert_by_bits(low.into(), low_b.into(), start, length, 32));
        }
    }

    #[test]
    fn logic_follows_its_table(a in any::<u32>(), b in any::<u32>(), c in any::<u32>()) {
        prop_assert_eq!(logic_3(a, b, c, 0xf0 & 0xcc & 0xaa), a & b & c);
        prop_assert_eq!(logic_3(a, b, c, 0xf0 ^ 0xcc ^ 0xaa), a ^ b ^ c);
        prop_assert_eq!(logic_3(a, b, c, (0xf0 & 0xcc) | (!0xf0 & 0xaa)), (a & b) | (!a & c));
    }
}

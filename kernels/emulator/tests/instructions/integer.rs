//! Integer arithmetic.

use crate::single::{cases, verify};

const LEAST: i32 = i32::MIN;
const MOST: i32 = i32::MAX;
const ONES: u32 = u32::MAX;

#[test]
fn sums_and_differences_wrap_or_saturate() {
    verify(&cases! {
        "add.s32 d, a, b;" (MOST, 1) => LEAST;
        "add.sat.s32 d, a, b;" (MOST, 1) => MOST;
        "add.u16 d, a, b;" (0xFFFF_u16, 2_u16) => 1_u16;
        "add.s64 d, a, b;" (0xFFFF_FFFF_u64, 1_u64) => 0x1_0000_0000_u64;
        "add.u32 d, a, 5;" (ONES) => 4;
        "add.s64 d, a, -1;" (0_u64) => u64::MAX;
        "sub.u32 d, a, b;" (0, 1) => ONES;
        "sub.sat.s32 d, a, b;" (LEAST, 1) => LEAST;
        "sub.s16 d, a, b;" (1_i16, 2_i16) => -1_i16;
        "sub.s64 d, a, b;" (0_u64, 1_u64) => u64::MAX;
    });
}

#[test]
fn products_give_their_low_high_or_all_bits() {
    verify(&cases! {
        "mul.lo.s32 d, a, b;" (0x10001, 0x10001) => 0x20001;
        "mul.lo.u16 d, a, b;" (300_u16, 300_u16) => 24464_u16;
        "mul.lo.s64 d, a, b;" (-3_i64, 5_i64) => -15_i64;
        "mul.hi.u32 d, a, b;" (ONES, ONES) => 0xFFFF_FFFE_u32;
        "mul.hi.s32 d, a, b;" (-1, -1) => 0;
        "mul.hi.s32 d, a, b;" (LEAST, 2) => -1;
        "mul.hi.u16 d, a, b;" (0xFFFF_u16, 0xFFFF_u16) => 0xFFFE_u16;
        "mul.hi.s16 d, a, b;" (-1_i16, 1_i16) => -1_i16;
        "mul.hi.u64 d, a, b;" (u64::MAX, u64::MAX) => u64::MAX - 1;
        "mul.hi.s64 d, a, b;" (-1_i64, 1_i64) => -1_i64;
        "mul.wide.u32 d, a, b;" (ONES, 2) => 0x1_FFFF_FFFE_u64;
        "mul.wide.s32 d, a, b;" (-1, 2) => -2_i64;
        "mul.wide.u16 d, a, b;" (0xFFFF_u16, 0xFFFF_u16) => 0xFFFE_0001_u32;
        "mul.wide.s16 d, a, b;" (-3_i16, 7_i16) => -21;
        "mul24.lo.u32 d, a, b;" (0xFF_FFFF, 2) => 0x1FF_FFFE;
        "mul24.lo.s32 d, a, b;" (0xFF_FFFF, 2) => -2;
        "mul24.hi.u32 d, a, b;" (0xFF_FFFF, 0xFF_FFFF) => 0xFFFF_FE00_u32;
    });
}

#[test]
fn products_are_added_to() {
    verify(&cases! {
        "mad.lo.s32 d, a, b, c;" (-3, 5, 100) => 85;
        "mad.lo.u64 d, a, b, c;" (3_u64, 5_u64, 1_u64 << 40) => (1_u64 << 40) + 15;
        "mad.lo.u16 d, a, b, c;" (256_u16, 256_u16, 7_u16) => 7_u16;
        "mad.hi.u32 d, a, b, c;" (0x8000_0000_u32, 4, 5) => 7;
        "mad.hi.s32 d, a, b, c;" (-1, 1, 0) => -1;
        "mad.hi.sat.s32 d, a, b, c;" (MOST, MOST, MOST) => MOST;
        "mad.wide.u32 d, a, b, c;" (0x10000, 0x10000, 5_u64) => 0x1_0000_0005_u64;
        "mad.wide.s32 d, a, b, c;" (-2, 3, 10_i64) => 4_i64;
        "mad.wide.s16 d, a, b, c;" (-2_i16, 3_i16, 10) => 4;
        "mad24.lo.u32 d, a, b, c;" (3, 4, 5) => 17;
        "mad24.lo.s32 d, a, b, c;" (0xFF_FFFF, 4, 5) => 1;
    });
}

#[test]
fn quotients_round_to_zero_and_remainders_take_the_dividends_sign() {
    verify(&cases! {
        "div.s32 d, a, b;" (-7, 2) => -3;
        "div.u32 d, a, b;" (0xFFFF_FFF9_u32, 2) => 0x7FFF_FFFC;
        "div.s64 d, a, b;" (-7_i64, -2_i64) => 3_i64;
        "div.u64 d, a, b;" (1_u64 << 40, 3_u64) => 366_503_875_925_u64;
        "div.s16 d, a, b;" (-7_i16, 2_i16) => -3_i16;
        "div.u16 d, a, b;" (0xFFF9_u16, 2_u16) => 0x7FFC_u16;
        "div.s32 d, a, b;" (LEAST, -1) => LEAST;
        "rem.s32 d, a, b;" (-7, 2) => -1;
        "rem.s32 d, a, b;" (LEAST, -1) => 0;
        "rem.u32 d, a, b;" (7, 4) => 3;
        "rem.u64 d, a, b;" (1_u64 << 40, 3_u64) => 1_u64;
        "rem.s64 d, a, b;" (7_i64, -4_i64) => 3_i64;
        "rem.s16 d, a, b;" (-7_i16, 4_i16) => -3_i16;
    });
}

#[test]
fn division_by_zero_has_an_answer() {
    verify(&cases! {
        "div.u32 d, a, b;" (7, 0) => ONES;
        "div.s32 d, a, b;" (-7, 0) => -1;
        "div.u64 d, a, b;" (7_u64, 0_u64) => u64::MAX;
        "rem.u32 d, a, b;" (7, 0) => 7;
        "rem.s64 d, a, b;" (-7_i64, 0_i64) => -7_i64;
    });
}

#[test]
fn extremes_magnitudes_and_negatives_know_their_signs() {
    verify(&cases! {
        "min.s32 d, a, b;" (-1, 1) => -1;
        "min.u32 d, a, b;" (-1, 1) => 1;
        "max.s32 d, a, b;" (-1, 1) => 1;
        "max.u32 d, a, b;" (-1, 1) => -1;
        "min.s64 d, a, b;" (-1_i64, 1_i64) => -1_i64;
        "max.u64 d, a, b;" (-1_i64, 1_i64) => -1_i64;
        "min.s16 d, a, b;" (-1_i16, 1_i16) => -1_i16;
        "max.u16 d, a, b;" (-1_i16, 1_i16) => -1_i16;
        "abs.s32 d, a;" (-5) => 5;
        "abs.s32 d, a;" (LEAST) => LEAST;
        "abs.s64 d, a;" (-5_i64) => 5_i64;
        "abs.s16 d, a;" (-5_i16) => 5_i16;
        "neg.s32 d, a;" (5) => -5;
        "neg.s64 d, a;" (5_i64) => -5_i64;
        "neg.s16 d, a;" (5_i16) => -5_i16;
    });
}

#[test]
fn absolute_differences_and_dot_products_add_up() {
    verify(&cases! {
        "sad.s32 d, a, b, c;" (-5, 7, 100) => 112;
        "sad.u32 d, a, b, c;" (3, 10, 1) => 8;
        "sad.u64 d, a, b, c;" (10_u64, 3_u64, 1_u64) => 8_u64;
        "dp4a.s32.s32 d, a, b, c;" (0x01FF_0203, 0x0101_0101, 10) => 15;
        "dp4a.u32.u32 d, a, b, c;" (0x01FF_0203, 0x0101_0101, 10) => 271;
        "dp4a.s32.u32 d, a, b, c;" (0x00FF_0000, 0x00FF_0000, 0) => -255;
        "dp4a.u32.s32 d, a, b, c;" (0x00FF_0000, 0x00FF_0000, 5) => -250;
        "dp2a.lo.s32.s32 d, a, b, c;" (0x0002_FFFF, 0x0403_0201, 0) => 3;
        "dp2a.hi.s32.s32 d, a, b, c;" (0x0002_FFFF, 0x0403_0201, 0) => 5;
    });
}

#[test]
fn halves_and_bytes_compute_side_by_side() {
    verify(&cases! {
        "add.u16x2 d, a, b;" (0x0001_FFFF, 0x0001_0002) => 0x0002_0001;
        "min.s16x2 d, a, b;" (0xFFFF_0001_u32, 0x0001_0002) => 0xFFFF_0001_u32;
        "max.u16x2 d, a, b;" (0xFFFF_0001_u32, 0x0001_0002) => 0xFFFF_0002_u32;
        "max.relu.s16x2 d, a, b;" (0xFFFF_0001_u32, 0xFFFE_0002_u32) => 0x0000_0002;
        "min.relu.s32 d, a, b;" (-5, 7) => 0;
        "vabsdiff4.u32.u32.u32 d, a, b, c;" (0x05FF_0001, 0x0701_0100, 9) => 0x02FE_0101;
        "vabsdiff4.u32.u32.u32.add d, a, b, c;" (0x05FF_0001, 0x0701_0100, 9) => 267;
        "vabsdiff4.u32.s32.s32.add d, a, b, c;" (0x00FF_0000, 0x0001_0000, 1) => 3;
    });
}

#[test]
fn carries_travel_from_one_instruction_to_the_next() {
    verify(&cases! {
        "add.cc.u32 d, a, b; addc.u32 q, c, e;" (ONES, 1, 5, 6) => 0, 12;
        "add.cc.u32 d, a, b; addc.u32 q, c, e;" (ONES, 0, 5, 6) => ONES, 11;
        "add.cc.s32 d, a, b; addc.cc.s32 d, c, e; addc.s32 q, 0, 0;" (-1, 1, -1, 0) => 0, 1;
        "add.cc.u64 d, a, b; addc.u64 q, c, e;" (u64::MAX, 1_u64, 5_u64, 6_u64) => 0_u64, 12_u64;
        "sub.cc.u32 d, a, b; subc.u32 q, c, e;" (0, 1, 5, 3) => ONES, 1;
        "sub.cc.u32 d, a, b; subc.u32 q, c, e;" (1, 1, 5, 3) => 0, 2;
        "sub.cc.u32 d, a, b; subc.cc.u32 d, c, e; subc.u32 q, 0, 0;" (0, 1, 0, 0) => ONES, ONES;
        "sub.cc.u64 d, a, b; subc.u64 q, c, e;" (0_u64, 1_u64, 5_u64, 3_u64) => u64::MAX, 1_u64;
    });
}

#[test]
fn products_carry_into_wider_sums() {
    verify(&cases! {
        "mad.lo.cc.u32 d, a, b, c; madc.hi.u32 q, a, b, 0;" (ONES, 2, 3) => 1, 2;
        "mad.hi.cc.u32 d, a, b, c; addc.u32 q, 0, 0;" (ONES, ONES, 2) => 0, 1;
        "add.cc.u32 d, a, 1; madc.lo.cc.u32 d, b, c, e; addc.u32 q, 0, 0;" (ONES, 0x10000, 0x10000, ONES) => 0, 1;
        "mad.lo.cc.u64 d, a, b, c; madc.hi.u64 q, a, b, 0;" (u64::MAX, 2_u64, 3_u64) => 1_u64, 2_u64;
        "mad.lo.cc.s32 d, a, b, c; madc.hi.s32 q, a, b, 0;" (-1, 2, 3) => 1, 0;
    });
}

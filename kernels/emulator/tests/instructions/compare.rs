//! Comparisons and selections.

use crate::single::{cases, verify};

const NAN: f32 = f32::NAN;

#[test]
fn integers_compare_by_their_sign() {
    verify(&cases! {
        "setp.lt.s32 d, a, b;" (-1, 1) => true;
        "setp.lt.u32 d, a, b;" (-1, 1) => false;
        "setp.le.s32 d, a, b;" (1, 1) => true;
        "setp.gt.s32 d, a, b;" (-1, 1) => false;
        "setp.ge.u32 d, a, b;" (-1, 1) => true;
        "setp.eq.b32 d, a, b;" (5, 5) => true;
        "setp.ne.s32 d, a, b;" (5, 5) => false;
        "setp.lo.u32 d, a, b;" (1, -1) => true;
        "setp.ls.u32 d, a, b;" (1, 1) => true;
        "setp.hi.u32 d, a, b;" (1, -1) => false;
        "setp.hs.u32 d, a, b;" (1, 1) => true;
        "setp.lt.s64 d, a, b;" (-1_i64, 1_i64) => true;
        "setp.gt.u64 d, a, b;" (-1_i64, 1_i64) => true;
        "setp.lt.s16 d, a, b;" (-1_i16, 1_i16) => true;
        "setp.lt.u16 d, a, b;" (-1_i16, 1_i16) => false;
        "setp.eq.s32 d, a, -3;" (-3) => true;
    });
}

#[test]
fn what_is_no_number_is_unordered() {
    verify(&cases! {
        "setp.lt.f32 d, a, b;" (NAN, 1.0_f32) => false;
        "setp.ltu.f32 d, a, b;" (NAN, 1.0_f32) => true;
        "setp.eq.f32 d, a, b;" (NAN, NAN) => false;
        "setp.equ.f32 d, a, b;" (NAN, NAN) => true;
        "setp.ne.f32 d, a, b;" (NAN, 1.0_f32) => false;
        "setp.neu.f32 d, a, b;" (NAN, 1.0_f32) => true;
        "setp.leu.f32 d, a, b;" (2.0_f32, 1.0_f32) => false;
        "setp.gtu.f32 d, a, b;" (2.0_f32, 1.0_f32) => true;
        "setp.geu.f32 d, a, b;" (2.0_f32, NAN) => true;
        "setp.num.f32 d, a, b;" (2.0_f32, 1.0_f32) => true;
        "setp.nan.f32 d, a, b;" (2.0_f32, NAN) => true;
        "setp.lt.f64 d, a, b;" (1.0_f64, 2.0_f64) => true;
        "setp.nan.f64 d, a, b;" (1.0_f64, 2.0_f64) => false;
        "setp.gt.ftz.f32 d, a, b;" (1e-40_f32, 0.0_f32) => false;
        "setp.gt.f32 d, a, b;" (1e-40_f32, 0.0_f32) => true;
        "setp.eq.f32 d, a, b;" (-0.0_f32, 0.0_f32) => true;
        "setp.lt.f16 d, a, b;" (0xBC00_u16, 0x3C00_u16) => true;
        "setp.lt.bf16 d, a, b;" (0xBF80_u16, 0x3F80_u16) => true;
    });
}

#[test]
fn comparisons_combine_and_give_their_opposite() {
    verify(&cases! {
        "setp.lt.s32 d|q, a, b;" (1, 2) => true, false;
        "setp.lt.and.s32 d|q, a, b, c;" (1, 2, true) => true, false;
        "setp.lt.and.s32 d|q, a, b, c;" (3, 2, true) => false, true;
        "setp.lt.and.s32 d|q, a, b, !c;" (3, 2, true) => false, false;
        "setp.lt.or.s32 d|q, a, b, c;" (3, 2, true) => true, true;
        "setp.lt.xor.s32 d|q, a, b, c;" (1, 2, true) => false, true;
        "setp.eq.or.f32 d, a, b, c;" (NAN, NAN, false) => false;
    });
}

#[test]
fn halves_compare_in_pairs() {
    // In each register the low half comes first: 1 and 2 against 2 and 1.
    verify(&cases! {
        "setp.lt.f16x2 d|q, a, b;" (0x4000_3C00, 0x3C00_4000) => true, false;
        "setp.gt.bf16x2 d|q, a, b;" (0x4000_3F80, 0x3F80_4000) => false, true;
        "setp.lt.and.f16x2 d|q, a, b, c;" (0x4000_3C00, 0x3C00_4000, false) => false, false;
        "set.lt.f16x2.f16x2 d, a, b;" (0x4000_3C00, 0x3C00_4000) => 0x0000_3C00;
        "set.gt.u32.f16x2 d, a, b;" (0x4000_3C00, 0x3C00_4000) => 0xFFFF_0000_u32;
        "set.lt.bf16x2.bf16x2 d, a, b;" (0x4000_3F80, 0x3F80_4000) => 0x0000_3F80;
    });
}

#[test]
fn outcomes_become_numbers() {
    verify(&cases! {
        "set.lt.u32.s32 d, a, b;" (-1, 1) => u32::MAX;
        "set.lt.f32.s32 d, a, b;" (-1, 1) => 1.0_f32;
        "set.gt.s32.f32 d, a, b;" (1.0_f32, 2.0_f32) => 0;
        "set.lt.and.u32.s32 d, a, b, c;" (-1, 1, false) => 0;
        "set.eq.f16.f16 d, a, b;" (0x3C00_u16, 0x3C00_u16) => 0x3C00_u16;
        "set.ltu.u32.f32 d, a, b;" (NAN, 1.0_f32) => u32::MAX;
    });
}

#[test]
fn selections_take_one_of_two() {
    verify(&cases! {
        "selp.b32 d, a, b, c;" (1, 2, true) => 1;
        "selp.s32 d, a, -7, c;" (1, 2, false) => -7;
        "selp.b64 d, a, b, c;" (1_u64, 2_u64, false) => 2_u64;
        "selp.b16 d, a, b, c;" (1_u16, 2_u16, true) => 1_u16;
        "selp.f64 d, a, b, c;" (1.5_f64, 2.5_f64, false) => 2.5_f64;
        "slct.s32.s32 d, a, b, c;" (1, 2, -1) => 2;
        "slct.s32.s32 d, a, b, c;" (1, 2, 0) => 1;
        "slct.u64.s32 d, a, b, c;" (1_u64, 2_u64, 3) => 1_u64;
        "slct.f32.f32 d, a, b, c;" (1.0_f32, 2.0_f32, -0.0_f32) => 1.0_f32;
        "slct.f32.f32 d, a, b, c;" (1.0_f32, 2.0_f32, NAN) => 2.0_f32;
    });
}

#[test]
fn numbers_have_properties() {
    verify(&cases! {
        "testp.finite.f32 d, a;" (1.0_f32) => true;
        "testp.infinite.f32 d, a;" (f32::INFINITY) => true;
        "testp.number.f64 d, a;" (f64::NAN) => false;
        "testp.notanumber.f32 d, a;" (NAN) => true;
        "testp.normal.f32 d, a;" (1e-40_f32) => false;
        "testp.subnormal.f32 d, a;" (1e-40_f32) => true;
    });
}

//! Conversions.

use crate::single::{cases, verify};

const NAN: f32 = f32::NAN;

#[test]
fn floats_become_integers_by_their_rounding() {
    verify(&cases! {
        "cvt.rni.s32.f32 d, a;" (2.5_f32) => 2;
        "cvt.rni.s32.f32 d, a;" (3.5_f32) => 4;
        "cvt.rzi.s32.f32 d, a;" (-2.7_f32) => -2;
        "cvt.rmi.s32.f32 d, a;" (-2.1_f32) => -3;
        "cvt.rpi.s32.f32 d, a;" (2.1_f32) => 3;
        "cvt.rzi.u32.f32 d, a;" (3e9_f32) => 3_000_000_000_u32;
        "cvt.rzi.s64.f64 d, a;" (-1e15_f64) => -1_000_000_000_000_000_i64;
        "cvt.rni.u64.f32 d, a;" (1e10_f32) => 10_000_000_000_u64;
        "cvt.rzi.s16.f32 d, a;" (-5.9_f32) => -5_i16;
        "cvt.rni.s32.f16 d, a;" (0x4100_u16) => 2;
        "cvt.rzi.s32.f64 d, a;" (-2.9_f64) => -2;
        "cvt.rpi.u32.f64 d, a;" (2.1_f64) => 3;
        "cvt.rzi.ftz.s32.f32 d, a;" (1.5_f32) => 1;
        "cvt.rpi.s32.f32 d, a;" (1e-40_f32) => 1;
        "cvt.rpi.ftz.s32.f32 d, a;" (1e-40_f32) => 0;
    });
}

#[test]
fn integers_of_floats_saturate() {
    verify(&cases! {
        "cvt.rzi.s32.f32 d, a;" (3e9_f32) => i32::MAX;
        "cvt.rzi.s32.f32 d, a;" (-3e9_f32) => i32::MIN;
        "cvt.rzi.u32.f32 d, a;" (-1.0_f32) => 0;
        "cvt.rzi.u16.f32 d, a;" (1e6_f32) => 0xFFFF_u16;
        "cvt.rzi.u8.f32 d, a;" (300.0_f32) => 255_u16;
        "cvt.rzi.u32.f64 d, a;" (1e12_f64) => u32::MAX;
        "cvt.rzi.s64.f32 d, a;" (f32::INFINITY) => i64::MAX;
    });
}

#[test]
fn what_is_no_number_becomes_zero_or_the_least() {
    verify(&cases! {
        "cvt.rzi.s32.f32 d, a;" (NAN) => 0;
        "cvt.rni.u32.f32 d, a;" (NAN) => 0;
        "cvt.rzi.s64.f32 d, a;" (NAN) => i64::MIN;
        "cvt.rzi.s64.f64 d, a;" (f64::NAN) => i64::MIN;
        "cvt.rzi.s32.f64 d, a;" (f64::NAN) => i32::MIN;
        "cvt.rzi.u32.f64 d, a;" (f64::NAN) => i32::MIN;
        "cvt.rni.s32.f64 d, a;" (f64::NAN) => i32::MIN;
    });
}

#[test]
fn integers_become_floats_by_their_rounding() {
    verify(&cases! {
        "cvt.rn.f32.u32 d, a;" (u32::MAX) => 4_294_967_296.0_f32;
        "cvt.rz.f32.u32 d, a;" (u32::MAX) => 4_294_967_040.0_f32;
        "cvt.rn.f32.s32 d, a;" (-3) => -3.0_f32;
        "cvt.rp.f32.s32 d, a;" (16_777_217) => 16_777_218.0_f32;
        "cvt.rm.f32.s32 d, a;" (16_777_217) => 16_777_216.0_f32;
        "cvt.rn.f32.s64 d, a;" (-1_i64) => -1.0_f32;
        "cvt.rz.f32.u64 d, a;" (u64::MAX) => 18_446_742_974_197_923_840.0_f32;
        "cvt.rn.f64.s32 d, a;" (-3) => -3.0_f64;
        "cvt.rn.f64.u64 d, a;" ((1_u64 << 53) + 1) => 9_007_199_254_740_992.0_f64;
        "cvt.rp.f64.s64 d, a;" ((1_i64 << 53) + 1) => 9_007_199_254_740_994.0_f64;
        "cvt.rn.f16.s32 d, a;" (2049) => 0x6800_u16;
        "cvt.rp.f16.u32 d, a;" (2049) => 0x6801_u16;
        "cvt.rn.f16.s16 d, a;" (-1_i16) => 0xBC00_u16;
        "cvt.rn.f32.u16 d, a;" (0xFFFF_u16) => 65535.0_f32;
        "cvt.rn.f32.s16 d, a;" (-1_i16) => -1.0_f32;
        "cvt.rn.f32.u8 d, a;" (0x1FF_u16) => 255.0_f32;
        "cvt.rn.f32.s8 d, a;" (0xFF_u16) => -1.0_f32;
        "cvt.rn.bf16.s32 d, a;" (257) => 0x4380_u16;
    });
}

#[test]
fn integers_are_extended_cut_and_saturated() {
    verify(&cases! {
        "cvt.s64.s32 d, a;" (-1) => -1_i64;
        "cvt.u64.u32 d, a;" (-1) => 0xFFFF_FFFF_u64;
        "cvt.u64.s32 d, a;" (-1) => u64::MAX;
        "cvt.u32.u64 d, a;" (0x1_2345_6789_u64) => 0x2345_6789;
        "cvt.u16.u32 d, a;" (0x12345) => 0x2345_u16;
        "cvt.s32.s16 d, a;" (-2_i16) => -2;
        "cvt.u32.u16 d, a;" (-2_i16) => 0xFFFE;
        "cvt.s32.s8 d, a;" (0x1FF) => -1;
        "cvt.u32.u8 d, a;" (0x1FF) => 0xFF;
        "cvt.s16.s8 d, a;" (0x80_u16) => -128_i16;
        "cvt.u16.u8 d, a;" (0x180_u16) => 0x80_u16;
        "cvt.s64.s8 d, a;" (0x80_u16) => -128_i64;
        "cvt.s8.s32 d, a;" (0x1FF) => -1;
        "cvt.u8.u32 d, a;" (0x1FF) => 0xFF;
        "cvt.sat.u8.s32 d, a;" (300) => 255;
        "cvt.sat.u8.s32 d, a;" (-5) => 0;
        "cvt.sat.s16.s32 d, a;" (40000) => 32767_i16;
        "cvt.sat.s32.s64 d, a;" (i64::MIN) => i32::MIN;
        "cvt.sat.u32.s32 d, a;" (-1) => 0;
        "cvt.sat.s32.u32 d, a;" (-1) => i32::MAX;
    });
}

#[test]
fn floats_change_their_format() {
    verify(&cases! {
        "cvt.rn.f16.f32 d, a;" (65520.0_f32) => 0x7C00_u16;
        "cvt.rn.f16.f32 d, a;" (65519.0_f32) => 0x7BFF_u16;
        "cvt.rz.f16.f32 d, a;" (70000.0_f32) => 0x7BFF_u16;
        "cvt.f32.f16 d, a;" (0x3C00_u16) => 1.0_f32;
        "cvt.f32.f16 d, a;" (0x0001_u16) => 5.960_464_5e-8_f32;
        "cvt.rn.bf16.f32 d, a;" (1.0_f32 + 1.0 / 256.0) => 0x3F80_u16;
        "cvt.rn.bf16.f32 d, a;" (1.0_f32 + 3.0 / 256.0) => 0x3F82_u16;
        "cvt.rz.bf16.f32 d, a;" (1.0_f32 + 3.0 / 256.0) => 0x3F81_u16;
        "cvt.f32.bf16 d, a;" (0x3F81_u16) => 1.0_f32 + 1.0 / 128.0;
        "cvt.f64.f32 d, a;" (1.5_f32) => 1.5_f64;
        "cvt.rn.f32.f64 d, a;" (1e300_f64) => f32::INFINITY;
        "cvt.rz.f32.f64 d, a;" (1e300_f64) => f32::MAX;
        "cvt.rn.f32.f64 d, a;" (0.1_f64) => 0.1_f32;
        "cvt.rm.f32.f64 d, a;" (0.1_f64) => 0.099_999_994_f32;
        "cvt.f64.f16 d, a;" (0xC000_u16) => -2.0_f64;
        "cvt.rn.f16.f64 d, a;" (1.5_f64) => 0x3E00_u16;
        "cvt.rna.tf32.f32 d, a;" (1.0_f32 + 1.0 / 2048.0) => 0x3F80_2000;
        "cvt.rn.ftz.f32.f64 d, a;" (1e-40_f64) => 0.0_f32;
        "cvt.ftz.f64.f32 d, a;" (1e-40_f32) => 0.0_f64;
    });
}

#[test]
fn floats_become_integral_or_saturate() {
    verify(&cases! {
        "cvt.rni.f32.f32 d, a;" (2.5_f32) => 2.0_f32;
        "cvt.rmi.f32.f32 d, a;" (-2.5_f32) => -3.0_f32;
        "cvt.rpi.f64.f64 d, a;" (2.1_f64) => 3.0_f64;
        "cvt.rzi.f64.f64 d, a;" (-2.9_f64) => -2.0_f64;
        "cvt.rmi.f16.f16 d, a;" (0xBE00_u16) => 0xC000_u16;
        "cvt.sat.f32.f32 d, a;" (1.5_f32) => 1.0_f32;
        "cvt.sat.f32.f32 d, a;" (-0.5_f32) => 0.0_f32;
        "cvt.sat.f32.f32 d, a;" (NAN) => 0.0_f32;
        "cvt.ftz.f32.f32 d, a;" (1e-40_f32) => 0.0_f32;
        "cvt.rn.sat.f16.f32 d, a;" (3.0_f32) => 0x3C00_u16;
    });
}

#[test]
fn two_floats_become_a_pair() {
    verify(&cases! {
        "cvt.rn.f16x2.f32 d, a, b;" (1.0_f32, 2.0_f32) => 0x3C00_4000;
        "cvt.rz.f16x2.f32 d, a, b;" (70000.0_f32, 2.0_f32) => 0x7BFF_4000;
        "cvt.rn.bf16x2.f32 d, a, b;" (1.0_f32, 2.0_f32) => 0x3F80_4000;
        "cvt.rn.relu.f16x2.f32 d, a, b;" (-1.0_f32, 2.0_f32) => 0x0000_4000;
        "cvt.rn.relu.bf16x2.f32 d, a, b;" (1.0_f32, -2.0_f32) => 0x3F80_0000;
        "cvt.rn.satfinite.e4m3x2.f32 d, a, b;" (1.0_f32, 500.0_f32) => 0x387E_u16;
        "cvt.rn.satfinite.e5m2x2.f32 d, a, b;" (1.0_f32, 1e9_f32) => 0x3C7B_u16;
        "cvt.rn.f16x2.e4m3x2 d, a;" (0x387E_u16) => 0x3C00_5F00;
        "cvt.rn.f16x2.e5m2x2 d, a;" (0x3C7B_u16) => 0x3C00_7B00;
        "cvt.rn.satfinite.e4m3x2.f16x2 d, a;" (0x3C00_4000) => 0x3840_u16;
    });
}

#[test]
fn two_integers_are_packed_within_the_bounds_of_a_short_type() {
    verify(&cases! {
        "cvt.pack.sat.u16.s32 d, a, b;" (70_000, -3) => 0xFFFF_0000_u32;
        "cvt.pack.sat.s16.s32 d, a, b;" (-40_000, -3) => 0x8000_FFFD_u32;
        "cvt.pack.sat.u8.s32.b32 d, a, b, c;" (300, 7, 0x1234_5678) => 0x5678_FF07_u32;
        "cvt.pack.sat.s8.s32.b32 d, a, b, c;" (-300, -1, 0x1234_5678) => 0x5678_80FF_u32;
    });
}

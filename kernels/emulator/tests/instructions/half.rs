//! Half precision and bfloat16, alone and in pairs.

use crate::single::{cases, verify};

#[test]
fn halves_round_after_every_step() {
    verify(&cases! {
        // 2048 + 1 is halfway to 2050.
        "add.f16 d, a, b;" (0x6800_u16, 0x3C00_u16) => 0x6800_u16;
        "add.rn.f16 d, a, b;" (0x3C00_u16, 0x3C00_u16) => 0x4000_u16;
        "sub.f16 d, a, b;" (0x3C00_u16, 0x4000_u16) => 0xBC00_u16;
        "mul.f16 d, a, b;" (0x4200_u16, 0x4200_u16) => 0x4880_u16;
        "mul.sat.f16 d, a, b;" (0x4200_u16, 0x4200_u16) => 0x3C00_u16;
        "fma.rn.f16 d, a, b, c;" (0x4200_u16, 0x4200_u16, 0x3C00_u16) => 0x4900_u16;
        "fma.rn.relu.f16 d, a, b, c;" (0x4200_u16, 0xC200_u16, 0x3C00_u16) => 0_u16;
        "add.ftz.f16 d, a, b;" (1_u16, 1_u16) => 0_u16;
        "add.f16 d, a, b;" (1_u16, 1_u16) => 2_u16;
        "neg.f16 d, a;" (0x3C00_u16) => 0xBC00_u16;
        "abs.f16 d, a;" (0xBC00_u16) => 0x3C00_u16;
        "min.f16 d, a, b;" (0x7E00_u16, 0x3C00_u16) => 0x3C00_u16;
        "max.NaN.f16 d, a, b;" (0x7E00_u16, 0x3C00_u16) => 0x7FFF_u16;
        "tanh.approx.f16 d, a;" (0_u16) => 0_u16;
        "ex2.approx.f16 d, a;" (0x4200_u16) => 0x4800_u16;
    });
}

#[test]
fn bfloats_keep_eight_bits() {
    verify(&cases! {
        "add.bf16 d, a, b;" (0x4380_u16, 0x3F80_u16) => 0x4380_u16;
        "sub.rn.bf16 d, a, b;" (0x3F80_u16, 0x4000_u16) => 0xBF80_u16;
        "mul.bf16 d, a, b;" (0x4040_u16, 0x4040_u16) => 0x4110_u16;
        "fma.rn.bf16 d, a, b, c;" (0x4040_u16, 0x4040_u16, 0x3F80_u16) => 0x4120_u16;
        "neg.bf16 d, a;" (0x3F80_u16) => 0xBF80_u16;
        "max.bf16 d, a, b;" (0xBF80_u16, 0x3F80_u16) => 0x3F80_u16;
        "ex2.approx.ftz.bf16 d, a;" (0x4040_u16) => 0x4100_u16;
        "tanh.approx.bf16 d, a;" (0_u16) => 0_u16;
    });
}

#[test]
fn pairs_compute_both_halves() {
    verify(&cases! {
        "add.f16x2 d, a, b;" (0x3C00_4000, 0x3C00_3C00) => 0x4000_4200;
        "sub.f16x2 d, a, b;" (0x3C00_4000, 0x4000_3C00) => 0xBC00_3C00_u32;
        "mul.rn.f16x2 d, a, b;" (0x3C00_4000, 0x4200_4200) => 0x4200_4600;
        "fma.rn.f16x2 d, a, b, c;" (0x3C00_4000, 0x4200_4200, 0x3C00_0000) => 0x4400_4600;
        "neg.f16x2 d, a;" (0x3C00_BC00_u32) => 0xBC00_3C00_u32;
        "abs.f16x2 d, a;" (0xBC00_3C00_u32) => 0x3C00_3C00;
        "max.f16x2 d, a, b;" (0x3C00_4000, 0x4000_3C00) => 0x4000_4000;
        "min.f16x2 d, a, b;" (0x3C00_4000, 0x4000_3C00) => 0x3C00_3C00;
        "add.bf16x2 d, a, b;" (0x3F80_4000, 0x3F80_3F80) => 0x4000_4040;
        "fma.rn.bf16x2 d, a, b, c;" (0x3F80_4000, 0x4040_4040, 0x3F80_0000) => 0x4080_40C0;
        "ex2.approx.f16x2 d, a;" (0x3C00_4000) => 0x4000_4400;
        "tanh.approx.f16x2 d, a;" (0) => 0;
    });
}

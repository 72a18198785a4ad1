//! Logic, shifts, fields, permutations.

use crate::single::{cases, verify};

const TOP: u32 = 0x8000_0000;

#[test]
fn logic_works_on_every_width_and_on_predicates() {
    verify(&cases! {
        "and.b32 d, a, b;" (0b1100, 0b1010) => 0b1000;
        "or.b32 d, a, b;" (0b1100, 0b1010) => 0b1110;
        "xor.b32 d, a, b;" (0b1100, 0b1010) => 0b0110;
        "not.b32 d, a;" (0xF) => 0xFFFF_FFF0_u32;
        "and.b16 d, a, b;" (0xFF0F_u16, 0x0FFF_u16) => 0x0F0F_u16;
        "not.b16 d, a;" (0xF_u16) => 0xFFF0_u16;
        "xor.b64 d, a, b;" (u64::MAX, 1_u64 << 40) => !(1_u64 << 40);
        "not.b64 d, a;" (0_u64) => u64::MAX;
        "or.b64 d, a, b;" (1_u64 << 40, 2_u64) => (1_u64 << 40) + 2;
        "and.pred d, a, b;" (true, false) => false;
        "or.pred d, a, b;" (true, false) => true;
        "xor.pred d, a, b;" (true, true) => false;
        "not.pred d, a;" (false) => true;
        "cnot.b32 d, a;" (0) => 1;
        "cnot.b32 d, a;" (7) => 0;
        "and.b32 d, a, -2;" (7) => 6;
    });
}

#[test]
fn shifts_clamp_at_the_width() {
    verify(&cases! {
        "shl.b32 d, a, b;" (1, 31) => TOP;
        "shl.b32 d, a, b;" (1, 32) => 0;
        "shl.b32 d, a, b;" (1, u32::MAX) => 0;
        "shl.b64 d, a, b;" (1_u64, 63) => 1_u64 << 63;
        "shl.b64 d, a, b;" (1_u64, 64) => 0_u64;
        "shl.b16 d, a, b;" (3_u16, 15) => 0x8000_u16;
        "shr.u32 d, a, b;" (TOP, 32) => 0;
        "shr.s32 d, a, b;" (TOP, 40) => -1;
        "shr.s32 d, a, b;" (-8, 2) => -2;
        "shr.b32 d, a, b;" (TOP, 31) => 1;
        "shr.u64 d, a, b;" (1_u64 << 63, 63) => 1_u64;
        "shr.s64 d, a, b;" (i64::MIN, 63) => -1_i64;
        "shr.s64 d, a, b;" (i64::MIN, 100) => -1_i64;
        "shr.u16 d, a, b;" (0x8000_u16, 15) => 1_u16;
        "shr.s16 d, a, b;" (-2_i16, 1) => -1_i16;
        "shr.s16 d, a, b;" (-2_i16, 16) => -1_i16;
    });
}

#[test]
fn funnels_shift_two_words() {
    verify(&cases! {
        "shf.l.wrap.b32 d, a, b, c;" (0x89AB_CDEF_u32, 0x0123_4567, 8) => 0x2345_6789;
        "shf.l.wrap.b32 d, a, b, c;" (0x89AB_CDEF_u32, 0x0123_4567, 40) => 0x2345_6789;
        "shf.r.wrap.b32 d, a, b, c;" (0x89AB_CDEF_u32, 0x0123_4567, 8) => 0x6789_ABCD;
        "shf.l.clamp.b32 d, a, b, c;" (0x89AB_CDEF_u32, 0x0123_4567, 40) => 0x89AB_CDEF_u32;
        "shf.r.clamp.b32 d, a, b, c;" (0x89AB_CDEF_u32, 0x0123_4567, 40) => 0x0123_4567;
        "shf.l.wrap.b32 d, a, b, c;" (0x89AB_CDEF_u32, 0x0123_4567, 0) => 0x0123_4567;
    });
}

#[test]
fn three_way_logic_follows_its_table() {
    verify(&cases! {
        "lop3.b32 d, a, b, c, 0x96;" (0xF0, 0xCC, 0xAA) => 0x96;
        "lop3.b32 d, a, b, c, 0xE8;" (0xF0, 0xCC, 0xAA) => 0xE8;
        "lop3.b32 d, a, b, c, 0x1B;" (0xF0, 0xCC, 0xAA) => 0xFFFF_FF1B_u32;
        "lop3.b32 d, a, b, 15, 0x80;" (0xFF, 0x3C) => 0x0C;
    });
}

#[test]
fn three_way_logic_says_whether_anything_is_left() {
    verify(&cases! {
        "{ .reg .pred p, t; setp.ne.u32 t, 0, 0; lop3.or.b32 d|p, a, b, c, 0x80, t; selp.u32 q, 1, 0, p; }"
            (0xF0, 0xCC, 0xAA) => 0x80, 1;
        "{ .reg .pred p, t; setp.ne.u32 t, 0, 0; lop3.or.b32 d|p, a, b, c, 0x80, t; selp.u32 q, 1, 0, p; }"
            (0xF0, 0x0F, 0xAA) => 0, 0;
        "{ .reg .pred p, t; setp.eq.u32 t, 0, 0; lop3.or.b32 d|p, a, b, c, 0x80, t; selp.u32 q, 1, 0, p; }"
            (0xF0, 0x0F, 0xAA) => 0, 1;
        "{ .reg .pred p, t; setp.eq.u32 t, 0, 0; lop3.and.b32 d|p, a, b, c, 0xFE, t; selp.u32 q, 1, 0, p; }"
            (0, 0x0F, 0xF0) => 0xFF, 1;
        "{ .reg .pred p, t; setp.ne.u32 t, 0, 0; lop3.and.b32 d|p, a, b, c, 0xFE, t; selp.u32 q, 1, 0, p; }"
            (0, 0x0F, 0xF0) => 0xFF, 0;
        "{ .reg .pred p, t; setp.eq.u32 t, 0, 0; lop3.and.b32 _|p, a, b, c, 0xFE, t; selp.u32 d, 1, 0, p; }"
            (0, 0, 4) => 1;
    });
}

#[test]
fn bytes_are_permuted_in_every_mode() {
    verify(&cases! {
        "prmt.b32 d, a, b, c;" (0x0302_0100, 0x0706_0504, 0x7531) => 0x0705_0301;
        "prmt.b32 d, a, b, 0x8;" (0x80, 0) => 0x8080_80FF_u32;
        "prmt.b32.f4e d, a, b, c;" (0x3322_1100, 0x7766_5544, 1) => 0x4433_2211;
        "prmt.b32.b4e d, a, b, c;" (0x3322_1100, 0x7766_5544, 1) => 0x6677_0011;
        "prmt.b32.rc8 d, a, b, c;" (0x3322_1100, 0x7766_5544, 1) => 0x1111_1111;
        "prmt.b32.ecl d, a, b, c;" (0x3322_1100, 0x7766_5544, 1) => 0x3322_1111;
        "prmt.b32.ecr d, a, b, c;" (0x3322_1100, 0x7766_5544, 1) => 0x1111_1100;
        "prmt.b32.rc16 d, a, b, c;" (0x3322_1100, 0x7766_5544, 1) => 0x3322_3322;
    });
}

#[test]
fn fields_are_extracted_with_their_sign() {
    verify(&cases! {
        "bfe.u32 d, a, b, c;" (0xABCD_EF12_u32, 8, 12) => 0xDEF;
        "bfe.s32 d, a, b, c;" (0xABCD_EF12_u32, 8, 12) => 0xFFFF_FDEF_u32;
        "bfe.u32 d, a, 8, 12;" (0xABCD_EF12_u32) => 0xDEF;
        "bfe.s32 d, a, b, c;" (TOP, 40, 4) => -1;
        "bfe.u32 d, a, b, c;" (TOP, 28, 8) => 8;
        "bfe.s32 d, a, b, c;" (TOP, 28, 8) => -8;
        "bfe.s32 d, a, b, c;" (TOP, 3, 0) => 0;
        "bfe.u64 d, a, b, c;" (0xAB_0000_0000_u64, 32, 8) => 0xAB_u64;
        "bfe.s64 d, a, b, c;" (0xAB_0000_0000_u64, 32, 8) => -0x55_i64;
    });
}

#[test]
fn fields_are_inserted_by_constants_and_registers() {
    verify(&cases! {
        "bfi.b32 d, a, b, c, e;" (0xFF, 0, 8, 4) => 0xF00;
        "bfi.b32 d, a, b, 8, 4;" (0xFF, 0) => 0xF00;
        "bfi.b32 d, a, b, c, 4;" (0, 0xFFFF, 4) => 0xFF0F;
        "bfi.b32 d, a, b, c, e;" (0xFF, 0, 28, 8) => 0xF000_0000_u32;
        "bfi.b32 d, a, b, c, e;" (0xFF, 7, 32, 8) => 7;
        "bfi.b32 d, a, b, c, e;" (0xFF, 0, 8, 256 + 4) => 0xF00;
        "bfi.b64 d, a, b, c, e;" (0xFF_u64, 0_u64, 40, 4) => 0xF00_0000_0000_u64;
        "bfi.b64 d, a, b, 40, 4;" (0xFF_u64, 1_u64) => 0xF00_0000_0001_u64;
    });
}

#[test]
fn bits_are_reversed_counted_and_found() {
    verify(&cases! {
        "brev.b32 d, a;" (1) => TOP;
        "brev.b64 d, a;" (2_u64) => 1_u64 << 62;
        "clz.b32 d, a;" (0) => 32;
        "clz.b64 d, a;" (1_u64) => 63;
        "popc.b32 d, a;" (0xF0F0) => 8;
        "popc.b64 d, a;" (u64::MAX) => 64;
        "bfind.u32 d, a;" (0x10) => 4;
        "bfind.u32 d, a;" (0) => u32::MAX;
        "bfind.s32 d, a;" (-1) => u32::MAX;
        "bfind.s32 d, a;" (-2) => 0;
        "bfind.shiftamt.u32 d, a;" (0x10) => 27;
        "bfind.u64 d, a;" (1_u64 << 40) => 40;
        "bfind.shiftamt.s64 d, a;" (1_u64 << 40) => 23;
        "fns.b32 d, a, b, c;" (0b11010, 1, 2) => 3;
        "bmsk.clamp.b32 d, a, b;" (4, 8) => 0xFF0;
        "szext.clamp.s32 d, a, b;" (0xF0, 5) => -16;
        "szext.clamp.u32 d, a, b;" (0xF5, 4) => 5;
    });
}

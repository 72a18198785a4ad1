//! Integer arithmetic beyond what the language's own wrapping operators do.

/// `mul.hi.u32`
#[inline(always)]
pub fn multiply_high_u32(a: u32, b: u32) -> u32 {
    (multiply_wide_u32(a, b) >> 32) as u32
}

/// `mul.hi.s32`
#[inline(always)]
pub fn multiply_high_s32(a: i32, b: i32) -> i32 {
    (multiply_wide_s32(a, b) >> 32) as i32
}

/// `mul.hi.u64`
#[inline(always)]
pub fn multiply_high_u64(a: u64, b: u64) -> u64 {
    ((u128::from(a) * u128::from(b)) >> 64) as u64
}

/// `mul.hi.s64`
#[inline(always)]
pub fn multiply_high_s64(a: i64, b: i64) -> i64 {
    ((i128::from(a) * i128::from(b)) >> 64) as i64
}

/// `mul.hi.u16`
#[inline(always)]
pub fn multiply_high_u16(a: u16, b: u16) -> u16 {
    (multiply_wide_u16(a, b) >> 16) as u16
}

/// `mul.hi.s16`
#[inline(always)]
pub fn multiply_high_s16(a: i16, b: i16) -> i16 {
    (multiply_wide_s16(a, b) >> 16) as i16
}

/// `mul.wide.u32`
#[inline(always)]
pub fn multiply_wide_u32(a: u32, b: u32) -> u64 {
    u64::from(a) * u64::from(b)
}

/// `mul.wide.s32`
#[inline(always)]
pub fn multiply_wide_s32(a: i32, b: i32) -> i64 {
    i64::from(a) * i64::from(b)
}

/// `mul.wide.u16`
#[inline(always)]
pub fn multiply_wide_u16(a: u16, b: u16) -> u32 {
    u32::from(a) * u32::from(b)
}

/// `mul.wide.s16`
#[inline(always)]
pub fn multiply_wide_s16(a: i16, b: i16) -> i32 {
    i32::from(a) * i32::from(b)
}

/// The product, of 48 bits, of the lowest 24 bits of both.
#[inline(always)]
fn multiply_24(a: u32, b: u32, signed: bool) -> u64 {
    if signed {
        let extend = |x: u32| i64::from((x << 8) as i32 >> 8);
        (extend(a) * extend(b)) as u64
    } else {
        u64::from(a & 0xff_ffff) * u64::from(b & 0xff_ffff)
    }
}

/// `mul24.lo`: bits 0 to 31 of the product.
#[inline(always)]
pub fn multiply_24_low(a: u32, b: u32, signed: bool) -> u32 {
    multiply_24(a, b, signed) as u32
}

/// `mul24.hi`: bits 16 to 47 of the product.
#[inline(always)]
pub fn multiply_24_high(a: u32, b: u32, signed: bool) -> u32 {
    (multiply_24(a, b, signed) >> 16) as u32
}

/// `mad.hi.sat.s32`: the upper half of the product plus `c`, clamped.
#[inline(always)]
pub fn multiply_add_high_saturating(a: i32, b: i32, c: i32) -> i32 {
    multiply_high_s32(a, b).saturating_add(c)
}

/// `mad24.hi.sat.s32`
#[inline(always)]
pub fn multiply_add_24_high_saturating(a: i32, b: i32, c: i32) -> i32 {
    (multiply_24_high(a as u32, b as u32, true) as i32).saturating_add(c)
}

/// `sad.u32`: the distance of `a` and `b`, plus `c`.
#[inline(always)]
pub fn sum_absolute_difference_u32(a: u32, b: u32, c: u32) -> u32 {
    a.abs_diff(b).wrapping_add(c)
}

/// `sad.s32`
#[inline(always)]
pub fn sum_absolute_difference_s32(a: i32, b: i32, c: u32) -> u32 {
    a.abs_diff(b).wrapping_add(c)
}

/// `sad.u64`
#[inline(always)]
pub fn sum_absolute_difference_u64(a: u64, b: u64, c: u64) -> u64 {
    a.abs_diff(b).wrapping_add(c)
}

/// `sad.s64`
#[inline(always)]
pub fn sum_absolute_difference_s64(a: i64, b: i64, c: u64) -> u64 {
    a.abs_diff(b).wrapping_add(c)
}

/// `dp4a`: the dot product of four bytes each, plus `c`. Whether a side is signed, is each side's own.
#[inline(always)]
pub fn dot_product_4(a: u32, a_signed: bool, b: u32, b_signed: bool, c: u32) -> u32 {
    let byte = |word: u32, index: u32, signed: bool| {
        let bits = (word >> (8 * index)) as u8;
        if signed {
            i32::from(bits as i8)
        } else {
            i32::from(bits)
        }
    };
    let mut sum = c;
    for index in 0..4 {
        sum = sum.wrapping_add((byte(a, index, a_signed) * byte(b, index, b_signed)) as u32);
    }
    sum
}

/// `dp2a`: the dot product of the two halves of `a` and two bytes of `b`, the lower or the upper ones, plus `c`.
#[inline(always)]
pub fn dot_product_2(a: u32, a_signed: bool, b: u32, b_signed: bool, upper: bool, c: u32) -> u32 {
    let mut sum = c;
    for index in 0..2 {
        let half = (a >> (16 * index)) as u16;
        let half = if a_signed {
            i32::from(half as i16)
        } else {
            i32::from(half)
        };
        let byte = (b >> (8 * (index + 2 * u32::from(upper)))) as u8;
        let byte = if b_signed {
            i32::from(byte as i8)
        } else {
            i32::from(byte)
        };
        sum = sum.wrapping_add((half * byte) as u32);
    }
    sum
}

/// `add.cc`, `addc.cc`: the sum and its carry.
#[inline(always)]
pub fn add_carry_u32(a: u32, b: u32, carry: bool) -> (u32, bool) {
    let sum = u64::from(a) + u64::from(b) + u64::from(carry);
    (sum as u32, sum >> 32 != 0)
}

/// `add.cc`, `addc.cc`: the sum and its carry.
#[inline(always)]
pub fn add_carry_u64(a: u64, b: u64, carry: bool) -> (u64, bool) {
    let sum = u128::from(a) + u128::from(b) + u128::from(carry);
    (sum as u64, sum >> 64 != 0)
}

/// `sub.cc`, `subc.cc`: `a - b - borrow`, and whether that borrows.
#[inline(always)]
pub fn subtract_borrow_u32(a: u32, b: u32, borrow: bool) -> (u32, bool) {
    let difference = u64::from(a)
        .wrapping_sub(u64::from(b))
        .wrapping_sub(u64::from(borrow));
    (difference as u32, difference >> 63 != 0)
}

/// `sub.cc`, `subc.cc`: `a - b - borrow`, and whether that borrows.
#[inline(always)]
pub fn subtract_borrow_u64(a: u64, b: u64, borrow: bool) -> (u64, bool) {
    let difference = u128::from(a)
        .wrapping_sub(u128::from(b))
        .wrapping_sub(u128::from(borrow));
    (difference as u64, difference >> 127 != 0)
}

/// `mad.cc`, `madc`: one half of a product, plus `c`, plus a carry.
#[inline(always)]
pub fn multiply_add_carry_u32(product_half: u32, c: u32, carry: bool) -> (u32, bool) {
    add_carry_u32(product_half, c, carry)
}

/// `mad.cc`, `madc`: one half of a product, plus `c`, plus a carry.
#[inline(always)]
pub fn multiply_add_carry_u64(product_half: u64, c: u64, carry: bool) -> (u64, bool) {
    add_carry_u64(product_half, c, carry)
}

macro_rules! division {
    ($divide:ident, $remainder:ident, $type:ty, $name:literal, $ones:expr) => {
        #[doc = concat!("`div.", $name, "`; by zero all bits are ones, as on hardware.")]
        #[inline(always)]
        pub fn $divide(a: $type, b: $type) -> $type {
            if b == 0 { $ones } else { a.wrapping_div(b) }
        }

        #[doc = concat!("`rem.", $name, "`; by zero the dividend, as on hardware.")]
        #[inline(always)]
        pub fn $remainder(a: $type, b: $type) -> $type {
            if b == 0 { a } else { a.wrapping_rem(b) }
        }
    };
}

division!(divide_u16, remainder_u16, u16, "u16", u16::MAX);
division!(divide_s16, remainder_s16, i16, "s16", -1);
division!(divide_u32, remainder_u32, u32, "u32", u32::MAX);
division!(divide_s32, remainder_s32, i32, "s32", -1);
division!(divide_u64, remainder_u64, u64, "u64", u64::MAX);
division!(divide_s64, remainder_s64, i64, "s64", -1);

/// `add.sat.s32`
#[inline(always)]
pub fn add_saturating(a: i32, b: i32) -> i32 {
    a.saturating_add(b)
}

/// `sub.sat.s32`
#[inline(always)]
pub fn subtract_saturating(a: i32, b: i32) -> i32 {
    a.saturating_sub(b)
}

/// An operation on both halves of a register: `add.u16x2`, `min.s16x2`.
#[inline(always)]
pub fn pairwise(a: u32, b: u32, operation: impl Fn(u16, u16) -> u16) -> u32 {
    let low = operation(a as u16, b as u16);
    let high = operation((a >> 16) as u16, (b >> 16) as u16);
    u32::from(high) << 16 | u32::from(low)
}

/// `vabsdiff4`: how far the bytes are apart, each in its place; or, added to a number, the sum of all.
#[inline(always)]
pub fn absolute_differences_4(
    a: u32,
    a_signed: bool,
    b: u32,
    b_signed: bool,
    sum: Option<u32>,
) -> u32 {
    let byte = |register: u32, signed: bool, place: u32| {
        let byte = (register >> (8 * place)) as u8;
        if signed {
            i32::from(byte as i8)
        } else {
            i32::from(byte)
        }
    };
    let difference = |place| (byte(a, a_signed, place) - byte(b, b_signed, place)).unsigned_abs();
    let differences = [0, 1, 2, 3].map(difference);
    match sum {
        Some(sum) => differences.into_iter().fold(sum, u32::wrapping_add),
        None => (0..4).fold(0, |word, place| {
            word | (differences[place] & 255) << (8 * place)
        }),
    }
}

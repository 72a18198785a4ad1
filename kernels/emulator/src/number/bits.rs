//! Instructions on single bits and fields of bits.

macro_rules! shifts {
    ($left:ident, $right:ident, $arithmetic:ident, $bits:ty, $signed:ty, $name:literal) => {
        #[doc = concat!("`shl.b", $name, "`: amounts beyond the width clear everything.")]
        #[inline(always)]
        pub fn $left(a: $bits, amount: u32) -> $bits {
            if amount < <$bits>::BITS {
                a << (amount & (<$bits>::BITS - 1))
            } else {
                0
            }
        }

        #[doc = concat!("`shr.u", $name, "`: amounts beyond the width clear everything.")]
        #[inline(always)]
        pub fn $right(a: $bits, amount: u32) -> $bits {
            if amount < <$bits>::BITS {
                a >> (amount & (<$bits>::BITS - 1))
            } else {
                0
            }
        }

        #[doc = concat!("`shr.s", $name, "`: amounts beyond the width leave the sign.")]
        #[inline(always)]
        pub fn $arithmetic(a: $signed, amount: u32) -> $signed {
            a >> amount.min(<$bits>::BITS - 1)
        }
    };
}

shifts!(
    shift_left_16,
    shift_right_16,
    shift_right_s16,
    u16,
    i16,
    "16"
);
shifts!(
    shift_left_32,
    shift_right_32,
    shift_right_s32,
    u32,
    i32,
    "32"
);
shifts!(
    shift_left_64,
    shift_right_64,
    shift_right_s64,
    u64,
    i64,
    "64"
);

/// `shf.l`: the upper half of `high:low` shifted left, by the amount modulo 32, or with `.clamp` by at most 32.
#[inline(always)]
pub fn funnel_left(low: u32, high: u32, amount: u32, clamp: bool) -> u32 {
    let amount = if clamp { amount.min(32) } else { amount & 31 };
    ((join(low, high) << amount) >> 32) as u32
}

/// `shf.r`: the lower half of `high:low` shifted right, by the amount modulo 32, or with `.clamp` by at most 32.
#[inline(always)]
pub fn funnel_right(low: u32, high: u32, amount: u32, clamp: bool) -> u32 {
    let amount = if clamp { amount.min(32) } else { amount & 31 };
    (join(low, high) >> amount) as u32
}

#[inline(always)]
fn join(low: u32, high: u32) -> u64 {
    (u64::from(high) << 32) | u64::from(low)
}

/// That many ones at the bottom; 64 and more mean all.
#[inline(always)]
fn ones(length: u32) -> u64 {
    if length < 64 {
        (1 << (length & 63)) - 1
    } else {
        u64::MAX
    }
}

/// `bfe.u64`: the field of `length` bits from `start` on; both count modulo 256.
#[inline(always)]
pub fn extract_u64(a: u64, start: u32, length: u32) -> u64 {
    shift_right_64(a, start & 0xff) & ones(length & 0xff)
}

/// `bfe.s64`: like [`extract_u64`], extended by the highest bit of the field, or of `a` where the field goes beyond it.
#[inline(always)]
pub fn extract_s64(a: i64, start: u32, length: u32) -> i64 {
    let (start, length) = (start & 0xff, length & 0xff);
    let shifted = shift_right_s64(a, start);
    let unused = 64 - length.min(64);
    if length == 0 {
        0
    } else {
        (shifted << (unused & 63)) >> (unused & 63)
    }
}

/// `bfe.u32`
#[inline(always)]
pub fn extract_u32(a: u32, start: u32, length: u32) -> u32 {
    extract_u64(u64::from(a), start, length) as u32
}

/// `bfe.s32`
#[inline(always)]
pub fn extract_s32(a: i32, start: u32, length: u32) -> i32 {
    extract_s64(i64::from(a), start, length) as i32
}

/// `bfi.b64`: the lowest `length` bits of `a` put into `b` from `start` on; both count modulo 256.
#[inline(always)]
pub fn insert_64(a: u64, b: u64, start: u32, length: u32) -> u64 {
    let mask = shift_left_64(ones(length & 0xff), start & 0xff);
    (b & !mask) | (shift_left_64(a, start & 0xff) & mask)
}

/// `bfi.b32`
#[inline(always)]
pub fn insert_32(a: u32, b: u32, start: u32, length: u32) -> u32 {
    insert_64(u64::from(a), u64::from(b), start, length) as u32
}

/// `bmsk.b32`: a mask of `length` ones from `start` on, both modulo 32 with `.wrap`, at most 32 with `.clamp`.
#[inline(always)]
pub fn mask(start: u32, length: u32, clamp: bool) -> u32 {
    let limit = |amount: u32| if clamp { amount.min(32) } else { amount & 31 };
    shift_left_64(ones(limit(length)), limit(start)) as u32
}

/// `bfind.u32`: the position of the highest one, with `.shiftamt` the shift that brings it to the top; all ones if none.
#[inline(always)]
pub fn find_u32(a: u32, shift_amount: bool) -> u32 {
    let zeros = a.leading_zeros();
    if a == 0 {
        u32::MAX
    } else if shift_amount {
        zeros
    } else {
        31 - zeros
    }
}

/// `bfind.u64`
#[inline(always)]
pub fn find_u64(a: u64, shift_amount: bool) -> u32 {
    let zeros = a.leading_zeros();
    if a == 0 {
        u32::MAX
    } else if shift_amount {
        zeros
    } else {
        63 - zeros
    }
}

/// `bfind.s32`: of a negative number the highest zero.
#[inline(always)]
pub fn find_s32(a: i32, shift_amount: bool) -> u32 {
    find_u32((a ^ (a >> 31)) as u32, shift_amount)
}

/// `bfind.s64`: of a negative number the highest zero.
#[inline(always)]
pub fn find_s64(a: i64, shift_amount: bool) -> u32 {
    find_u64((a ^ (a >> 63)) as u64, shift_amount)
}

/// `lop3.b32`: bit `4 a + 2 b + c` of the table, for each bit.
#[inline(always)]
pub fn logic_3(a: u32, b: u32, c: u32, table: u8) -> u32 {
    let mut result = 0;
    for row in 0..8 {
        let take = |bits: u32, of: u32| if row & of != 0 { bits } else { !bits };
        let chosen = if table >> row & 1 != 0 { u32::MAX } else { 0 };
        result |= take(a, 4) & take(b, 2) & take(c, 1) & chosen;
    }
    result
}

/// `fns.b32`: the position of the `offset`-th one, counted from `base` upwards or, below zero, downwards; all ones if none.
pub fn find_nth(mask: u32, base: u32, offset: i32) -> u32 {
    let base = (base & 31) as i32;
    let (step, mut left) = if offset == 0 {
        (1, 1)
    } else {
        (offset.signum(), offset.unsigned_abs())
    };
    let mut position = base;
    while (0..32).contains(&position) {
        if mask >> position & 1 != 0 {
            left -= 1;
            if left == 0 {
                return position as u32;
            }
        } else if offset == 0 {
            return u32::MAX;
        }
        position += step;
    }
    u32::MAX
}

/// `szext.u32` of the lowest `width` bits, at most 32.
#[inline(always)]
pub fn extend_u32(a: u32, width: u32) -> u32 {
    extract_u32(a, 0, width)
}

/// `szext.s32` of the lowest `width` bits, at most 32.
#[inline(always)]
pub fn extend_s32(a: i32, width: u32) -> i32 {
    extract_s32(a, 0, width)
}

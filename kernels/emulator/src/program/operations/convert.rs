//! Conversions. PTX ISA, section "Data Movement and Conversion Instructions: cvt".
//!
//! The common ones have functions of their own. All others take the road through `any`: 64 bits in, 64 bits out, with the
//! types and modifiers in the instruction's constant.

use super::machinery::*;
use super::{Found, Kind, Name};
use crate::number::Rounding;
use crate::number::convert::*;
use crate::number::format::{Format, Overflow};
use crate::number::limit::*;
use crate::number::narrow::*;
use crate::syntax::Type::{self, *};

const NEAREST: Rounding = Rounding::NearestEven;

pub(super) fn find(name: &Name) -> Option<Found> {
    if name.opcode() == "cvta" {
        return None; // addresses are the translation's business
    }
    if name.has("pack") {
        return pack_integers(name);
    }
    let [to, from] = name.types()[..] else {
        return None;
    };
    let rounding = name.rounding();
    let is_plain = !["ftz", "sat", "relu", "satfinite"]
        .iter()
        .any(|modifier| name.has(modifier));
    let operation = match (to, from, rounding) {
        _ if !is_plain => None,
        (S64, S32, _) => Some(compute!([Extend(Signed)] (x: i32) -> i64 { x.into() })),
        (U64 | S64, U32, _) => Some(compute!([Extend(Unsigned)] (x: u32) -> u64 { x.into() })),
        (U64, S32, _) => Some(compute!([Extend(Signed)] (x: i32) -> i64 { x.into() })),
        (U32 | S32, U64 | S64, _) => Some(compute!([Copy(Wide)] (x: u64) -> u32 { x as u32 })),
        (U32 | S32, U16, _) => Some(compute!((x: u16) -> u32 { x.into() })),
        (U32 | S32, S16, _) => Some(compute!((x: i16) -> i32 { x.into() })),
        (U16 | S16, U32 | S32, _) => Some(compute!((x: u32) -> u16 { x as u16 })),
        (U64 | S64, U16, _) => Some(compute!((x: u16) -> u64 { x.into() })),
        (S64 | U64, S16, _) => Some(compute!((x: i16) -> i64 { x.into() })),
        (F32, S32, NEAREST) => Some(compute!((x: i32) -> f32 { x as f32 })),
        (F32, U32, NEAREST) => Some(compute!((x: u32) -> f32 { x as f32 })),
        (F64, S32, _) => Some(compute!((x: i32) -> f64 { x.into() })),
        (F64, U32, _) => Some(compute!((x: u32) -> f64 { x.into() })),
        (S32, F32, Rounding::Zero) => Some(compute!((x: f32) -> i32 { x as i32 })),
        (U32, F32, Rounding::Zero) => Some(compute!((x: f32) -> u32 { x as u32 })),
        (S32, F64, Rounding::Zero) => Some(compute!((x: f64) -> u32 {
            double_to_integer(x, Integer::S32, Rounding::Zero) as u32
        })),
        (U32, F64, Rounding::Zero) => Some(compute!((x: f64) -> u32 {
            double_to_integer(x, Integer::U32, Rounding::Zero) as u32
        })),
        (F64, F32, _) => Some(compute!((x: f32) -> f64 { canonical_double(x.into()) })),
        (F32, F64, NEAREST) => Some(compute!((x: f64) -> f32 { canonical_single(x as f32) })),
        (F32, F16, _) => Some(compute!((x: u16) -> f32 { half_to_single(x) })),
        (F32, BF16, _) => Some(compute!((x: u16) -> f32 { brain_to_single(x) })),
        (F16, F32, NEAREST) => Some(compute!((x: f32) -> u16 { single_to_half(x, NEAREST) })),
        (BF16, F32, NEAREST) => Some(compute!((x: f32) -> u16 { single_to_brain(x, NEAREST) })),
        (F16x2, F32, NEAREST) => Some(compute!((high: f32, low: f32) -> u32 {
            pack(single_to_half(high, NEAREST), single_to_half(low, NEAREST))
        })),
        (BF16x2, F32, NEAREST) => Some(compute!((high: f32, low: f32) -> u32 {
            pack(single_to_brain(high, NEAREST), single_to_brain(low, NEAREST))
        })),
        _ => None,
    };
    if let Some(operation) = operation {
        return Found::new(operation, Kind::Convert);
    }
    let plan = Plan::new(name, to, from)?;
    let immediate = plan.pack();
    let operation = match (from.bytes() == 8, to.bytes() == 8) {
        _ if is_pair(to) && from == F32 => compute!((high: u32, low: u32; plan) -> u32 {
            pair(Plan::unpack(plan), high, low)
        }),
        (false, false) => {
            compute!((x: u32; plan) -> u32 { any(Plan::unpack(plan), x.into()) as u32 })
        }
        (false, true) => compute!((x: u32; plan) -> u64 { any(Plan::unpack(plan), x.into()) }),
        (true, false) => compute!((x: u64; plan) -> u32 { any(Plan::unpack(plan), x) as u32 }),
        (true, true) => compute!((x: u64; plan) -> u64 { any(Plan::unpack(plan), x) }),
    };
    Found::with(operation, Kind::Convert, immediate)
}

/// `cvt.pack`: two integers of 32 bits, each brought into the bounds of a short type, side by side; with a third operand in front
/// of them, shifted to there.
fn pack_integers(name: &Name) -> Option<Found> {
    let operation = match name.types()[..] {
        [U16, S32] => compute!((x: i32, y: i32) -> u32 {
            (x.clamp(0, 0xffff) as u32) << 16 | y.clamp(0, 0xffff) as u32
        }),
        [S16, S32] => compute!((x: i32, y: i32) -> u32 {
            (x.clamp(-0x8000, 0x7fff) as u32) << 16 | y.clamp(-0x8000, 0x7fff) as u32 & 0xffff
        }),
        [U8, S32, B32] => compute!((x: i32, y: i32, z: u32) -> u32 {
            z << 16 | (x.clamp(0, 0xff) as u32) << 8 | y.clamp(0, 0xff) as u32
        }),
        [S8, S32, B32] => compute!((x: i32, y: i32, z: u32) -> u32 {
            let (x, y) = (x.clamp(-0x80, 0x7f) as u32, y.clamp(-0x80, 0x7f) as u32);
            z << 16 | (x & 0xff) << 8 | y & 0xff
        }),
        _ => return None,
    };
    Found::new(operation, Kind::Convert)
}

/// Whether two numbers of 32 bits become one register.
fn is_pair(to: Type) -> bool {
    matches!(to, F16x2 | BF16x2 | E4M3x2 | E5M2x2)
}

/// What is converted to what, and how.
#[derive(Clone, Copy)]
struct Plan {
    to: Type,
    from: Type,
    rounding: Rounding,
    /// Whether a rounding to integers is asked for.
    is_integral: bool,
    flush: bool,
    saturate: bool,
    rectify: bool,
    finite: bool,
}

const TYPES: [Type; 20] = [
    U8, U16, U32, U64, S8, S16, S32, S64, B8, B16, B32, B64, F16, F16x2, BF16, BF16x2, TF32, F32,
    F64, E4M3x2,
];

impl Plan {
    fn new(name: &Name, to: Type, from: Type) -> Option<Plan> {
        if from == Predicate || to == Predicate || to == B128 || from == B128 {
            return None;
        }
        let is_integral = name
            .parts
            .iter()
            .any(|part| matches!(part.as_str(), "rni" | "rzi" | "rmi" | "rpi"));
        let plan = Plan {
            to,
            from,
            rounding: name.rounding(),
            is_integral,
            flush: name.has("ftz"),
            saturate: name.has("sat"),
            rectify: name.has("relu"),
            finite: name.has("satfinite"),
        };
        let is_byte_pair = |element: Type| matches!(element, E4M3x2 | E5M2x2);
        let is_supported = match (from, to) {
            (F32, to) if is_byte_pair(to) => plan.finite,
            (F16x2, to) if is_byte_pair(to) => plan.finite,
            (from, F16x2) if is_byte_pair(from) => true,
            (from, to) if is_byte_pair(from) || is_byte_pair(to) => false,
            (F16x2 | BF16x2 | TF32, _) => false,
            _ => true,
        };
        is_supported.then_some(plan)
    }

    fn pack(self) -> i64 {
        let place = |element: Type| {
            TYPES
                .iter()
                .position(|other| *other == element)
                .unwrap_or(TYPES.len())
        };
        let rounding = Rounding::ALL
            .iter()
            .position(|other| *other == self.rounding)
            .unwrap_or(0);
        let flags = [
            self.is_integral,
            self.flush,
            self.saturate,
            self.rectify,
            self.finite,
        ];
        let flags = flags
            .iter()
            .enumerate()
            .fold(0, |bits, (place, flag)| bits | i64::from(*flag) << place);
        place(self.to) as i64
            | (place(self.from) as i64) << 8
            | (rounding as i64) << 16
            | flags << 24
    }

    #[inline(always)]
    fn unpack(bits: i64) -> Plan {
        let element = |place: i64| TYPES.get((place & 255) as usize).copied().unwrap_or(E5M2x2);
        let flag = |place: i64| bits >> (24 + place) & 1 != 0;
        Plan {
            to: element(bits),
            from: element(bits >> 8),
            rounding: Rounding::ALL[(bits >> 16 & 7) as usize],
            is_integral: flag(0),
            flush: flag(1),
            saturate: flag(2),
            rectify: flag(3),
            finite: flag(4),
        }
    }
}

/// The integers that a type stands for.
fn integer(element: Type) -> Option<Integer> {
    Some(match element {
        U8 | B8 => Integer::U8,
        U16 | B16 => Integer::U16,
        U32 | B32 => Integer::U32,
        U64 | B64 => Integer::U64,
        S8 => Integer::S8,
        S16 => Integer::S16,
        S32 => Integer::S32,
        S64 => Integer::S64,
        _ => return None,
    })
}

/// A register's bits, converted. Rare, and so not made to be fast.
#[inline(never)]
fn any(plan: Plan, bits: u64) -> u64 {
    let Plan {
        to, from, rounding, ..
    } = plan;
    match (integer(from), integer(to)) {
        (Some(from), Some(to)) => integer_to_integer(bits, from, to, plan.saturate),
        (Some(from), None) => match to {
            F16 => {
                let value = integer_to_half(bits, from, rounding);
                u64::from(if plan.saturate {
                    saturate_half(value)
                } else {
                    value
                })
            }
            BF16 => integer_to_brain(bits, from, rounding).into(),
            F64 => {
                let value = integer_to_double(bits, from, rounding);
                (if plan.saturate {
                    saturate_double(value)
                } else {
                    value
                })
                .to_bits()
            }
            _ => {
                let value = integer_to_single(bits, from, rounding);
                u64::from(
                    (if plan.saturate {
                        saturate_single(value)
                    } else {
                        value
                    })
                    .to_bits(),
                )
            }
        },
        (None, Some(to)) => match from {
            F64 => double_to_integer(f64::from_bits(bits), to, rounding),
            F16 => single_to_integer(half_to_single(bits as u16), to, rounding),
            BF16 => single_to_integer(brain_to_single(bits as u16), to, rounding),
            _ => {
                let value = f32::from_bits(bits as u32);
                single_to_integer(
                    if plan.flush {
                        flush_single(value)
                    } else {
                        value
                    },
                    to,
                    rounding,
                )
            }
        },
        (None, None) => number(plan, bits),
    }
}

/// From a floating-point format to another.
fn number(plan: Plan, bits: u64) -> u64 {
    let Plan {
        to, from, rounding, ..
    } = plan;
    let byte_format = |element| {
        if element == E4M3x2 {
            Format::E4M3
        } else {
            Format::E5M2
        }
    };
    if matches!(from, E4M3x2 | E5M2x2) {
        let half = |byte: u64| {
            let value = single_to_half(byte_to_single(byte_format(from), byte as u8), NEAREST);
            if plan.rectify {
                rectify_half(value)
            } else {
                value
            }
        };
        return pack(half(bits >> 8 & 255), half(bits & 255)).into();
    }
    if from == F16x2 {
        let (high, low) = unpack(bits as u32);
        let (high, low) = (half_to_single(high), half_to_single(low));
        return pair(plan, high.to_bits(), low.to_bits()).into();
    }
    if from == F64 {
        let mut value = f64::from_bits(bits);
        if plan.is_integral || to == F64 && plan.rounding != NEAREST {
            value = integral_double(value, rounding);
        }
        return match to {
            F64 => (if plan.saturate {
                saturate_double(value)
            } else {
                value
            })
            .to_bits(),
            F16 => double_to_half(value, rounding).into(),
            BF16 => double_to_brain(value, rounding).into(),
            _ => {
                let value = double_to_single(value, rounding);
                let value = if plan.flush {
                    flush_single(value)
                } else {
                    value
                };
                u64::from(
                    (if plan.saturate {
                        saturate_single(value)
                    } else {
                        value
                    })
                    .to_bits(),
                )
            }
        };
    }
    let mut value = match from {
        F16 => half_to_single(bits as u16),
        BF16 => brain_to_single(bits as u16),
        _ => f32::from_bits(bits as u32),
    };
    if plan.flush {
        value = flush_single(value);
    }
    if plan.is_integral {
        value = integral_single(value, rounding);
    }
    if plan.saturate {
        value = saturate_single(value);
    }
    if plan.rectify {
        value = rectify_single(value);
    }
    match to {
        F64 => canonical_double(value.into()).to_bits(),
        F16 => single_to_half(value, rounding).into(),
        BF16 => single_to_brain(value, rounding).into(),
        TF32 => single_to_tensor(value, rounding).into(),
        _ => canonical_single(value).to_bits().into(),
    }
}

/// Two numbers of single precision, as one register.
fn pair(plan: Plan, high: u32, low: u32) -> u32 {
    let one = |bits: u32| {
        let value = f32::from_bits(bits);
        let value = if plan.rectify {
            rectify_single(value)
        } else {
            value
        };
        let overflow = if plan.finite {
            Overflow::Saturate
        } else {
            Overflow::ByRounding
        };
        match plan.to {
            F16x2 => narrow(Format::F16, value, plan.rounding, overflow) as u16,
            BF16x2 => single_to_brain(value, plan.rounding),
            E4M3x2 => narrow(Format::E4M3, value, plan.rounding, overflow) as u16,
            _ => narrow(Format::E5M2, value, plan.rounding, overflow) as u16,
        }
    };
    match plan.to {
        F16x2 | BF16x2 => pack(one(high), one(low)),
        _ => u32::from(one(high) & 255) << 8 | u32::from(one(low) & 255),
    }
}

//! Which instructions make lines of lines.

use super::Name;
use super::compare::comparison;
use crate::machine::lines::{Rule, Sign};
use crate::machine::registers::Class;
use crate::syntax::Type::{self, *};

/// The rule by which an instruction's results lie on lines.
pub(super) fn rule(name: &Name) -> Rule {
    let types = name.types();
    let (class, sign) = match types.last() {
        Some(U32) => (Class::Narrow, Some(Sign::Unsigned)),
        Some(S32) => (Class::Narrow, Some(Sign::Signed)),
        Some(B32 | F32) => (Class::Narrow, None),
        Some(U64 | S64 | B64 | F64) => (Class::Wide, None),
        _ => return Rule::Level,
    };
    let is_integer = |element: &Type| matches!(element, U32 | S32 | U64 | S64);
    let is_whole = types.iter().all(is_integer);
    let is_plain = !["sat", "cc", "hi", "relu"]
        .iter()
        .any(|word| name.has(word));
    match (name.opcode(), sign) {
        ("mov", _) => Rule::Copy(class),
        ("selp", _) => Rule::Select(class),
        ("shl", _) => Rule::ShiftLeft(class),
        _ if !is_plain || !is_whole => Rule::Level,
        ("cvt", sign) => match (&types[..], sign) {
            ([U64 | S64, _], Some(sign)) => Rule::Extend(sign),
            ([U32 | S32, U64 | S64], _) => Rule::Copy(class),
            _ => Rule::Level,
        },
        ("setp", Some(sign)) => match comparison(name, types[0]) {
            Some(comparison) => Rule::Compare(comparison, sign),
            None => Rule::Level,
        },
        ("mul", Some(sign)) if name.has("wide") => Rule::MultiplyWide(sign),
        ("mad", Some(sign)) if name.has("wide") => Rule::MultiplyWideAdd(sign),
        ("add", _) => Rule::Add(class),
        ("sub", _) => Rule::Subtract(class),
        ("mul", _) => Rule::Multiply(class),
        ("mad", _) => Rule::MultiplyAdd(class),
        _ => Rule::Level,
    }
}

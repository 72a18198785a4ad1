//! Comparisons: `setp` and `set`.

use super::function::{FunctionTranslator, Translation};
use crate::machine::compute::{Compute, Element, Operands, Operation, compute};
use crate::machine::registers::{Class, Registers, WARP};
use crate::program::draft::{Draft, Register};
use crate::program::operations::{self, Name};
use crate::program::step::Action;
use crate::syntax::{Operand, Type};

impl FunctionTranslator<'_, '_> {
    /// `setp` and `set`, with all that may stand behind the comparison.
    pub(super) fn compare(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        if matches!(name.last_type(), Some(Type::F16x2 | Type::BF16x2)) {
            return self.compare_pairs(name, operands);
        }
        let Some(found) = operations::find(name) else {
            return self.unsupported(name);
        };
        let is_set = name.opcode() == "set";
        let types = name.types();
        let Some(element) = types.last().copied() else {
            return self.unsupported(name);
        };
        let combination = ["and", "or", "xor"].into_iter().find(|word| name.has(word));
        let expected = if combination.is_some() { 4 } else { 3 };
        if operands.len() != expected {
            return self.error(format!(
                "expected {expected} operands, found {}",
                operands.len()
            ));
        }
        let class = found.operation.sources[0].unwrap_or(Class::Narrow);
        let (x, y) = (
            self.source(&operands[1], class, element)?,
            self.source(&operands[2], class, element)?,
        );
        let third = match combination {
            Some(_) => Some(self.source(&operands[3], Class::Predicate, Type::Predicate)?),
            None => None,
        };
        let (first, second) = match &operands[0] {
            Operand::Pair(first, second) => (first.as_ref(), Some(second.as_ref())),
            only => (only, None),
        };
        let is_simple = combination.is_none() && second.is_none() && !is_set;
        let mut draft = Draft::new(Action::of(&found.operation), self.description(found.kind));
        let outcome = if is_simple {
            self.destination(first, Class::Predicate)?
        } else {
            self.fresh(Class::Predicate)
        };
        (draft.d, draft.a, draft.b) = (Some(outcome), Some(x), Some(y));
        self.push(draft);
        if is_simple {
            return Ok(());
        }
        let combined = |this: &mut Self, outcome: Register, result: Register| {
            let (operation, other) = match (combination, third) {
                (Some("and"), third) => (compute!((x: bool, y: bool) -> bool { x & y }), third),
                (Some("or"), third) => (compute!((x: bool, y: bool) -> bool { x | y }), third),
                (Some(_), third) => (compute!((x: bool, y: bool) -> bool { x ^ y }), third),
                (None, _) => (compute!((x: bool) -> bool { x }), None),
            };
            this.part(operation, result, [Some(outcome), other, None], 0);
        };
        // The second result is that of the opposite comparison; it is made first, since the third source may be the first.
        let other = match second {
            Some(second) => {
                let opposite = self.fresh(Class::Predicate);
                self.part(
                    compute!((x: bool) -> bool { !x }),
                    opposite,
                    [Some(outcome), None, None],
                    0,
                );
                let result = self.fresh(Class::Predicate);
                combined(self, opposite, result);
                Some((second, result))
            }
            None => None,
        };
        let result = self.fresh(Class::Predicate);
        combined(self, outcome, result);
        if is_set {
            let kind = types.first().copied().unwrap_or(Type::U32);
            let operation = match kind {
                Type::F32 => compute!((x: bool) -> f32 { if x { 1.0 } else { 0.0 } }),
                Type::F16 => compute!((x: bool) -> u16 { if x { 0x3C00 } else { 0 } }),
                Type::BF16 => compute!((x: bool) -> u16 { if x { 0x3F80 } else { 0 } }),
                Type::U16 | Type::S16 => {
                    compute!((x: bool) -> u16 { if x { u16::MAX } else { 0 } })
                }
                Type::U32 | Type::S32 => {
                    compute!((x: bool) -> u32 { if x { u32::MAX } else { 0 } })
                }
                _ => return self.unsupported(name),
            };
            let place = self.destination(first, Class::Narrow)?;
            self.part(operation, place, [Some(result), None, None], 0);
            return Ok(());
        }
        let place = self.destination(first, Class::Predicate)?;
        self.copy_part(place, result);
        if let Some((second, result)) = other {
            let place = self.destination(second, Class::Predicate)?;
            self.copy_part(place, result);
        }
        Ok(())
    }
}

//! `setp` and `set` of two halves in a register: each half is compared for itself.

use super::function::{FunctionTranslator, Translation};
use crate::machine::compute::{Compute, Element, Operands, Operation, compute};
use crate::machine::registers::{Class, Registers, WARP};
use crate::program::draft::{Draft, Register};
use crate::program::operations::{self, Found, Name};
use crate::program::step::{Action, Kind};
use crate::syntax::{Operand, Type};

impl FunctionTranslator<'_, '_> {
    pub(super) fn compare_pairs(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let combination = ["and", "or", "xor"].into_iter().find(|word| name.has(word));
        let (result, x, y, third) = match (operands, combination) {
            ([result, x, y], None) => (result, x, y, None),
            ([result, x, y, third], Some(_)) => (result, x, y, Some(third)),
            _ => return self.unsupported(name),
        };
        let Some(found) = of_halves(name) else {
            return self.unsupported(name);
        };
        let x = self.source(x, Class::Narrow, Type::B32)?;
        let y = self.source(y, Class::Narrow, Type::B32)?;
        let third = match third {
            Some(third) => Some(self.source(third, Class::Predicate, Type::Predicate)?),
            None => None,
        };
        let low = self.compare_half(&found, [x, y], false);
        let high = self.compare_half(&found, [x, y], true);
        let [low, high] = [low, high].map(|outcome| self.combine(outcome, combination, third));
        match (name.opcode(), result) {
            ("setp", Operand::Pair(first, second)) => {
                for (place, outcome) in [(first, low), (second, high)] {
                    let place = self.destination(place, Class::Predicate)?;
                    self.copy_part(place, outcome);
                }
                Ok(())
            }
            ("set", result) => {
                let one = match name.types()[0] {
                    Type::F16x2 => 0x3C00,
                    Type::BF16x2 => 0x3F80,
                    Type::U32 | Type::S32 => 0xFFFF,
                    _ => return self.unsupported(name),
                };
                let place = self.destination(result, Class::Narrow)?;
                let join = compute!((low: bool, high: bool; one) -> u32 {
                    (u32::from(low) * one as u32) | (u32::from(high) * one as u32 * 0x1_0000)
                });
                self.part(join, place, [Some(low), Some(high), None], one);
                Ok(())
            }
            _ => self.unsupported(name),
        }
    }

    /// The outcome of one half; the first is the instruction, the second a part of it.
    fn compare_half(&mut self, found: &Found, sources: [Register; 2], is_high: bool) -> Register {
        let [x, y] = sources.map(|source| {
            let half = self.fresh(Class::Narrow);
            let shift = if is_high { 16 } else { 0 };
            let take = compute!((x: u32; shift) -> u16 { (x >> shift) as u16 });
            self.part(take, half, [Some(source), None, None], shift);
            half
        });
        let outcome = self.fresh(Class::Predicate);
        let kind = if is_high { Kind::Part } else { found.kind };
        let action = Action::of(&found.operation);
        let mut draft = Draft::new(action, self.description(kind));
        (draft.d, draft.a, draft.b) = (Some(outcome), Some(x), Some(y));
        self.push(draft);
        outcome
    }

    fn combine(
        &mut self,
        outcome: Register,
        combination: Option<&str>,
        third: Option<Register>,
    ) -> Register {
        let operation = match combination {
            None => return outcome,
            Some("and") => compute!((x: bool, y: bool) -> bool { x & y }),
            Some("or") => compute!((x: bool, y: bool) -> bool { x | y }),
            Some(_) => compute!((x: bool, y: bool) -> bool { x ^ y }),
        };
        let combined = self.fresh(Class::Predicate);
        self.part(operation, combined, [Some(outcome), third, None], 0);
        combined
    }
}

/// The same comparison of single halves.
fn of_halves(name: &Name) -> Option<Found> {
    let mut parts: Vec<String> = name.parts.to_vec();
    let last = parts.last_mut()?;
    last.truncate(last.len() - "x2".len());
    operations::find(&Name { parts: &parts })
}

//! Instructions that only compute.

use super::function::{FunctionTranslator, Translation};
use super::operands::class_of;
use crate::machine::compute::{Compute, Element, Operands, Operation, compute};
use crate::machine::registers::{Class, Registers, WARP};
use crate::program::draft::{Draft, Register};
use crate::program::operations::{self, Name};
use crate::program::step::Action;
use crate::syntax::{Operand, Type};

impl FunctionTranslator<'_, '_> {
    /// An instruction of which `operations` knows the function.
    pub(super) fn computation(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let Some(found) = operations::find(name) else {
            return self.unsupported(name);
        };
        let element = name.last_type().unwrap_or(Type::B32);
        let Some((result, sources)) = operands.split_first() else {
            return self.error("expected operands");
        };
        let operation = found.operation;
        let takes_carry = operation.second == Some(Class::Predicate);
        let expected = operation.sources.iter().flatten().count();
        if sources.len() != expected - usize::from(takes_carry) {
            return self.error(format!(
                "expected {} operands, found {}",
                expected + 1 - usize::from(takes_carry),
                operands.len()
            ));
        }
        let mut draft = Draft::new(Action::of(&operation), self.description(found.kind));
        draft.description.operations = found.operations;
        draft.immediate = found.immediate;
        let mut registers = [None; 3];
        for ((register, source), class) in registers
            .iter_mut()
            .zip(sources)
            .zip(operation.sources.iter().flatten())
        {
            *register = Some(self.source(source, *class, element)?);
        }
        if takes_carry {
            let carry = self.carry();
            let is_used = matches!(name.opcode(), "addc" | "subc" | "madc");
            registers[expected - 1] = Some(if is_used {
                carry
            } else {
                self.bits(Class::Predicate, 0)
            });
            draft.e = Some(if name.has("cc") {
                carry
            } else {
                self.fresh(Class::Predicate)
            });
        }
        [draft.a, draft.b, draft.c] = registers;
        // A conversion to a small type may go into a register wider than that.
        let own = self.any_register(result)?.map(|register| register.class);
        match own {
            Some(class)
                if name.opcode() == "cvt"
                    && class != operation.result
                    && class != Class::Predicate
                    && operation.result != Class::Predicate =>
            {
                let between = self.fresh(operation.result);
                draft.d = Some(between);
                self.push(draft);
                let wide = self.of_class(between, class)?;
                let result = self.destination(result, class)?;
                self.copy_part(result, wide);
            }
            _ => {
                draft.d = Some(self.destination(result, operation.result)?);
                self.push(draft);
            }
        }
        Ok(())
    }

    pub(super) fn carry(&mut self) -> Register {
        match self.carry {
            Some(carry) => carry,
            None => {
                let carry = self.fresh(Class::Predicate);
                *self.carry.insert(carry)
            }
        }
    }

    /// `mad.lo.cc`, `madc.hi` and their like: a product, of which half is added with carry.
    pub(super) fn multiply_with_carry(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let [result, x, y, z] = self.exactly(operands)?;
        let Some(element) = name.last_type() else {
            return self.unsupported(name);
        };
        let half = if name.has("hi") { "hi" } else { "lo" };
        let class = class_of(element);
        let kind = if class == Class::Wide { "64" } else { "32" };
        let sign = if element.is_signed() { "s" } else { "u" };
        let parts = ["mul", half, &format!("{sign}{kind}")].map(str::to_owned);
        let Some(product) = operations::find(&Name { parts: &parts }) else {
            return self.unsupported(name);
        };
        let (x, y) = (
            self.source(x, class, element)?,
            self.source(y, class, element)?,
        );
        let between = self.fresh(class);
        self.part(product.operation, between, [Some(x), Some(y), None], 0);
        let Some(sum) = operations::find(name) else {
            return self.unsupported(name);
        };
        let mut draft = Draft::new(Action::of(&sum.operation), self.description(sum.kind));
        let z = self.source(z, class, element)?;
        let carry = self.carry();
        let taken = if name.opcode() == "madc" {
            carry
        } else {
            self.bits(Class::Predicate, 0)
        };
        (draft.a, draft.b, draft.c) = (Some(between), Some(z), Some(taken));
        draft.d = Some(self.destination(result, class)?);
        draft.e = Some(if name.has("cc") {
            carry
        } else {
            self.fresh(Class::Predicate)
        });
        self.push(draft);
        Ok(())
    }

    /// `bfi`, whose four sources are one too many: the length is a constant, or the instruction becomes several steps.
    pub(super) fn insert_bits(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let [result, x, y, start, length] = self.exactly(operands)?;
        let Some(found) = operations::find(name) else {
            return self.unsupported(name);
        };
        let element = name.last_type().unwrap_or(Type::B32);
        let class = found.operation.result;
        let (x, y) = (
            self.source(x, class, element)?,
            self.source(y, class, element)?,
        );
        let start = self.source(start, Class::Narrow, Type::U32)?;
        let mut draft = Draft::new(Action::of(&found.operation), self.description(found.kind));
        (draft.a, draft.b, draft.c) = (Some(x), Some(y), Some(start));
        match length {
            Operand::Integer(length) => draft.immediate = *length as i64,
            length => {
                // Start and length travel as one: 8 bits count of each.
                let length = self.source(length, Class::Narrow, Type::U32)?;
                let both = self.fresh(Class::Narrow);
                self.part(
                    compute!((start: u32, length: u32) -> u32 { start & 255 | (length & 255) << 8 }),
                    both,
                    [Some(start), Some(length), None],
                    0,
                );
                use crate::number::bits::{insert_32, insert_64};
                let operation = match class {
                    Class::Wide => {
                        compute!((x: u64, y: u64, both: u32) -> u64 { insert_64(x, y, both & 255, both >> 8) })
                    }
                    _ => {
                        compute!((x: u32, y: u32, both: u32) -> u32 { insert_32(x, y, both & 255, both >> 8) })
                    }
                };
                draft.action = Action::of(&operation);
                draft.c = Some(both);
            }
        }
        draft.d = Some(self.destination(result, class)?);
        self.push(draft);
        Ok(())
    }

    /// `lop3`, whose table is a constant; with a predicate that says whether the result, or another predicate, is there.
    pub(super) fn logic(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let (result, x, y, z, table, predicates) = match operands {
            [result, x, y, z, Operand::Integer(table)] if !name.has("or") && !name.has("and") => {
                (result, x, y, z, table, None)
            }
            [
                Operand::Pair(result, outcome),
                x,
                y,
                z,
                Operand::Integer(table),
                other,
            ] if name.has("or") || name.has("and") => {
                (&**result, x, y, z, table, Some((&**outcome, other)))
            }
            _ => return self.unsupported(name),
        };
        let Some(found) = operations::find(name) else {
            return self.unsupported(name);
        };
        let mut draft = Draft::new(Action::of(&found.operation), self.description(found.kind));
        let mut source = |operand| self.source(operand, Class::Narrow, Type::B32);
        (draft.a, draft.b, draft.c) = (Some(source(x)?), Some(source(y)?), Some(source(z)?));
        draft.immediate = *table as i64;
        let place = self.destination(result, Class::Narrow)?;
        draft.d = Some(place);
        let other = match predicates {
            Some((_, other)) => Some(self.source(other, Class::Predicate, Type::Predicate)?),
            None => None,
        };
        self.push(draft);
        if let Some((outcome, _)) = predicates {
            let combine = match name.has("or") {
                true => compute!((x: u32, other: bool) -> bool { (x != 0) | other }),
                false => compute!((x: u32, other: bool) -> bool { (x != 0) & other }),
            };
            let outcome = self.destination(outcome, Class::Predicate)?;
            self.part(combine, outcome, [Some(place), other, None], 0);
        }
        Ok(())
    }
}

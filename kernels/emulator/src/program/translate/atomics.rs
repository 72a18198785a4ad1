//! Atomics and reductions.

use super::function::{FunctionTranslator, Translation};
use super::memory::{order_of, space_of, without_hint};
use super::operands::class_of;
use crate::program::draft::{Draft, Register};
use crate::program::operations::Name;
use crate::program::step::{Access, Action, Atomic, AtomicOperation, Kind};
use crate::syntax::{Operand, Space, Type};

impl FunctionTranslator<'_, '_> {
    pub(super) fn atomic(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let Some(element) = name.last_type() else {
            return self.unsupported(name);
        };
        let operation = name.parts[1..].iter().find_map(|part| {
            Some(match part.as_str() {
                "exch" => AtomicOperation::Exchange,
                "cas" => AtomicOperation::CompareExchange,
                "and" => AtomicOperation::And,
                "or" => AtomicOperation::Or,
                "xor" => AtomicOperation::Xor,
                "add" => AtomicOperation::Add,
                "inc" => AtomicOperation::Increment,
                "dec" => AtomicOperation::Decrement,
                "min" => AtomicOperation::Minimum,
                "max" => AtomicOperation::Maximum,
                _ => return None,
            })
        });
        let Some(operation) = operation else {
            return self.unsupported(name);
        };
        let is_float_extreme = element.is_float()
            && matches!(
                operation,
                AtomicOperation::Minimum | AtomicOperation::Maximum
            );
        if is_float_extreme || matches!(element, Type::B128 | Type::Predicate) {
            return self.unsupported(name);
        }
        let has_result = name.opcode() == "atom";
        let operands = without_hint(name, operands);
        let operands = if has_result {
            operands
        } else {
            &[&[Operand::Name("_".to_owned())], operands].concat()[..]
        };
        let is_exchange = operation == AtomicOperation::CompareExchange;
        let expected = if is_exchange { 4 } else { 3 };
        if operands.len() != expected {
            return self.error(format!("expected {expected} operands"));
        }
        if let [Operand::Vector(_), ..] | [_, _, Operand::Vector(_), ..] = operands {
            return self.atomic_vector(name, operation, element, operands);
        }
        let last = operands.get(3);
        let result = self.destination(&operands[0], class_of(element))?;
        let operands = (&operands[1], &operands[2], last);
        self.atomic_element(name, operation, element, result, operands, 0)
    }

    /// Each element of a vector is an atomic of its own: PTX promises no more.
    fn atomic_vector(
        &mut self,
        name: &Name,
        operation: AtomicOperation,
        element: Type,
        operands: &[Operand],
    ) -> Translation {
        let [result, address, Operand::Vector(values)] = operands else {
            return self.unsupported(name);
        };
        let count = values.len();
        if !matches!(count, 2 | 4 | 8) || count * element.bytes() > 16 {
            return self.unsupported(name);
        }
        let class = class_of(element);
        // Results wait until all values were read: they may be the same registers.
        let mut between = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let register = self.fresh(class);
            let offset = (index * element.bytes()) as i64;
            let operands = (address, value, None);
            self.atomic_element(name, operation, element, register, operands, offset)?;
            between.push(register);
        }
        let Operand::Vector(results) = result else {
            return Ok(()); // nobody wants them
        };
        if results.len() != count {
            return self.unsupported(name);
        }
        for (result, register) in results.iter().zip(between) {
            let place = self.destination(result, class)?;
            self.copy_part(place, register);
        }
        Ok(())
    }

    /// One atomic: address, value, and what to exchange for where it compares; so many bytes behind the address.
    fn atomic_element(
        &mut self,
        name: &Name,
        operation: AtomicOperation,
        element: Type,
        result: Register,
        operands: (&Operand, &Operand, Option<&Operand>),
        behind: i64,
    ) -> Translation {
        let (address, value, other) = operands;
        let (space, base, register, offset) = self.address(address, space_of(name))?;
        let offset = offset.wrapping_add(behind);
        let class = class_of(element);
        let mut order = order_of(name);
        order.is_strong = true;
        self.is_communicating |= matches!(space, Space::Global | Space::Generic);
        let access = Access {
            space,
            base,
            size: element.bytes() as u8,
            count: 1,
            is_signed: false,
            class,
            order,
            is_counted: true,
        };
        self.tables.atomics.push(Atomic {
            operation,
            element,
            access,
            has_result: name.opcode() == "atom",
        });
        let index = self.tables.atomics.len() as u32 - 1;
        let kind = if behind == 0 {
            Kind::Atomic
        } else {
            Kind::Part
        };
        let mut draft = Draft::new(Action::Atomic(index), self.description(kind));
        (draft.a, draft.immediate) = (register, offset);
        draft.b = Some(self.source(value, class, element)?);
        if let Some(other) = other {
            draft.c = Some(self.source(other, class, element)?);
        }
        draft.d = Some(result);
        self.push(draft);
        Ok(())
    }
}

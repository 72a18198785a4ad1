//! Names and operands: what stands behind them, and the registers that hold it.

use super::function::{FunctionTranslator, Symbol, Translation};
use super::special::{fixed_special, special};
use crate::machine::compute::{Compute, Element, Operands, Operation, compute};
use crate::machine::lines::{Rule, Sign};
use crate::machine::registers::{Class, Registers, WARP};
use crate::program::draft::{Draft, Item, Register};
use crate::program::layout::PresetValue;
use crate::program::step::{Action, Base, Kind};
use crate::syntax::{Operand, Space, Type};

/// What stands behind the name of a register of 128 bits in those of its halves.
pub(super) const HALVES: [&str; 2] = [".low", ".high"];

impl<'m> FunctionTranslator<'m, '_> {
    pub(super) fn symbol(&mut self, name: &str) -> Option<Symbol> {
        let mut scope = Some(self.scope);
        while let Some(index) = scope {
            if let Some(symbol) = self.scopes[index].get(name) {
                let symbol = *symbol;
                if let Symbol::Shared(index) = symbol {
                    self.shared.insert(index);
                }
                return Some(symbol);
            }
            scope = self.function.scopes[index].parent;
        }
        if let Some(index) = self.context.shared.get(name) {
            self.shared.insert(*index);
            return Some(Symbol::Shared(*index));
        }
        if let Some(index) = self.context.globals.get(name) {
            return Some(Symbol::Global(*index));
        }
        if let Some(index) = self.context.constants.get(name) {
            return Some(Symbol::Constant(self.tables.constants[*index].1));
        }
        self.context
            .functions
            .get(name)
            .map(|index| Symbol::Function(*index))
    }

    /// The statement that a label stands before.
    pub(super) fn label(&self, name: &str) -> Translation<usize> {
        let mut scope = Some(self.scope);
        while let Some(index) = scope {
            if let Some(place) = self.labels[index].get(name) {
                return Ok(*place);
            }
            scope = self.function.scopes[index].parent;
        }
        self.error(format!("there is no label {name}"))
    }

    /// The scopes around the statement, from the innermost.
    pub(super) fn enclosing(&self) -> impl Iterator<Item = &'m crate::syntax::Scope> {
        let scopes = &self.function.scopes;
        let first = scopes.get(self.scope);
        std::iter::successors(first, move |scope| scopes.get(scope.parent?))
    }

    /// The register that always holds a value.
    pub(super) fn constant(&mut self, class: Class, value: PresetValue) -> Register {
        if let Some(register) = self.constants.get(&(class, value.clone())) {
            return *register;
        }
        let register = self.fresh(class);
        self.constants.insert((class, value.clone()), register);
        self.presets.push((register, value));
        register
    }

    /// The register that always holds these bits.
    pub(super) fn bits(&mut self, class: Class, bits: u64) -> Register {
        let bits = match class {
            Class::Narrow => bits & u64::from(u32::MAX),
            Class::Wide => bits,
            Class::Predicate => {
                if bits != 0 {
                    1
                } else {
                    0
                }
            }
        };
        self.constant(class, PresetValue::Bits(bits))
    }

    /// A register of a class that holds an operand.
    pub(super) fn source(
        &mut self,
        operand: &Operand,
        class: Class,
        element: Type,
    ) -> Translation<Register> {
        match operand {
            Operand::Integer(value) if element == Type::F32 => {
                Ok(self.bits(class, (*value as f32).to_bits().into()))
            }
            Operand::Integer(value) if element == Type::F64 => {
                Ok(self.bits(class, (*value as f64).to_bits()))
            }
            Operand::Integer(value) => Ok(self.bits(class, *value as u64)),
            Operand::Single(bits) => Ok(match class {
                Class::Wide => self.bits(class, f64::from(f32::from_bits(*bits)).to_bits()),
                _ => self.bits(class, (*bits).into()),
            }),
            Operand::Double(bits) => Ok(match class {
                Class::Wide => self.bits(class, *bits),
                _ => self.bits(class, (f64::from_bits(*bits) as f32).to_bits().into()),
            }),
            Operand::Not(inner) => {
                let inner = self.source(inner, Class::Predicate, Type::Predicate)?;
                let result = self.fresh(Class::Predicate);
                self.part(
                    compute!((x: bool) -> bool { !x }),
                    result,
                    [Some(inner), None, None],
                    0,
                );
                Ok(result)
            }
            Operand::Offset(name, offset) => self.address_of(name, *offset, class),
            Operand::Name(name) => {
                if let Some(value) = fixed_special(name) {
                    return Ok(self.bits(class, value));
                }
                if let Some(special) = special(name) {
                    return Ok(self.constant(class, PresetValue::Special(special)));
                }
                match self.symbol(name) {
                    Some(Symbol::Register(register)) => self.of_class(register, class),
                    Some(_) => self.address_of(name, 0, class),
                    None => self.error(format!("{name} is not declared")),
                }
            }
            _ => self.error("an operand of this form does not belong here"),
        }
    }

    /// A register's value in one of another class: cut off, or extended with zeros.
    pub(super) fn of_class(&mut self, register: Register, class: Class) -> Translation<Register> {
        if register.class == class {
            return Ok(register);
        }
        let operation = match (register.class, class) {
            (Class::Narrow, Class::Wide) => {
                compute!([Rule::Extend(Sign::Unsigned)] (x: u32) -> u64 { x.into() })
            }
            (Class::Wide, Class::Narrow) => {
                compute!([Rule::Copy(Class::Wide)] (x: u64) -> u32 { x as u32 })
            }
            _ => {
                return self
                    .error("a predicate stands where a number belongs, or the other way round");
            }
        };
        let result = self.fresh(class);
        self.part(operation, result, [Some(register), None, None], 0);
        Ok(result)
    }

    /// A register with the address of what a name stands for.
    pub(super) fn address_of(
        &mut self,
        name: &str,
        offset: i64,
        class: Class,
    ) -> Translation<Register> {
        let value = match self.symbol(name) {
            Some(Symbol::Shared(index)) => PresetValue::Shared(index, offset),
            Some(Symbol::Global(index)) => PresetValue::Global(index, offset),
            Some(Symbol::Constant(start)) => PresetValue::Bits(start.wrapping_add(offset as u64)),
            Some(Symbol::Parameter(place)) => {
                PresetValue::Bits((place as u64).wrapping_add(offset as u64))
            }
            Some(Symbol::Function(index)) => {
                self.addresses.insert(index);
                PresetValue::Function(index)
            }
            Some(Symbol::Frame(place)) => {
                let result = self.fresh(Class::Wide);
                let mut draft = Draft::new(Action::FrameAddress, self.description(Kind::Part));
                draft.d = Some(result);
                draft.immediate = (place as i64).wrapping_add(offset);
                self.push(draft);
                return self.of_class(result, class);
            }
            Some(Symbol::Register(register)) => {
                if offset != 0 {
                    return self.error("a register with an offset belongs into brackets");
                }
                return self.of_class(register, class);
            }
            None => return self.error(format!("{name} is not declared")),
        };
        Ok(self.constant(class, value))
    }

    /// The register that an instruction writes.
    pub(super) fn destination(&mut self, operand: &Operand, class: Class) -> Translation<Register> {
        let register = match operand {
            Operand::Name(name) if name == "_" => return Ok(self.fresh(class)),
            Operand::Name(name) => match self.symbol(name) {
                Some(Symbol::Register(register)) => register,
                _ => return self.error(format!("{name} is no register")),
            },
            _ => return self.error("expected a register to write to"),
        };
        if register.class != class {
            return self.error("a register of this size cannot take the result");
        }
        Ok(register)
    }

    /// The register of any class that an operand names; none for `_`.
    pub(super) fn any_register(&mut self, operand: &Operand) -> Translation<Option<Register>> {
        match operand {
            Operand::Name(name) if name == "_" => Ok(None),
            Operand::Name(name) => match self.symbol(name) {
                Some(Symbol::Register(register)) => Ok(Some(register)),
                _ => self.error(format!("{name} is no register")),
            },
            _ => self.error("expected a register"),
        }
    }

    /// What an address in brackets is counted from: the base, the register of the base, and the offset.
    pub(super) fn address(
        &mut self,
        operand: &Operand,
        space: Space,
    ) -> Translation<(Space, Base, Option<Register>, i64)> {
        let Operand::Address(base, offset) = operand else {
            return self.error("expected an address in brackets");
        };
        match base.as_ref() {
            Operand::Name(name) => match self.symbol(name) {
                Some(Symbol::Register(register)) => {
                    let base = match register.class {
                        Class::Narrow => Base::Narrow,
                        Class::Wide => Base::Wide,
                        Class::Predicate => return self.error("a predicate is no address"),
                    };
                    Ok((space, base, Some(register), *offset))
                }
                Some(Symbol::Frame(place)) => {
                    Ok((Space::Local, Base::Frame, None, place as i64 + offset))
                }
                Some(_) => {
                    let register = self.address_of(name, *offset, Class::Wide)?;
                    Ok((space, Base::Wide, Some(register), 0))
                }
                None => self.error(format!("{name} is not declared")),
            },
            Operand::Integer(value) => {
                let register = self.bits(Class::Wide, (*value as u64).wrapping_add(*offset as u64));
                Ok((space, Base::Wide, Some(register), 0))
            }
            _ => self.error("an address is a register, a variable or a number, and an offset"),
        }
    }

    /// The operands, if there are so many.
    pub(super) fn exactly<'o, const N: usize>(
        &self,
        operands: &'o [Operand],
    ) -> Translation<&'o [Operand; N]> {
        operands
            .try_into()
            .or_else(|_| self.error(format!("expected {N} operands, found {}", operands.len())))
    }

    /// Registers of a list, all of one class.
    pub(super) fn list(
        &mut self,
        operand: &Operand,
        class: Class,
        is_written: bool,
        list: &mut Vec<Item>,
    ) -> Translation<usize> {
        let parts = match operand {
            Operand::Vector(parts) => &parts[..],
            single => std::slice::from_ref(single),
        };
        for part in parts {
            list.push(if is_written {
                Item::Write(self.destination(part, class)?)
            } else {
                Item::Read(self.source(part, class, Type::B32)?)
            });
        }
        Ok(parts.len())
    }

    /// The halves of an operand of 128 bits, the low one first: a register, or two of 64 bits.
    pub(super) fn halves(&mut self, operand: &Operand) -> Translation<[Operand; 2]> {
        match operand {
            Operand::Vector(parts) if parts.len() == 2 => Ok([parts[0].clone(), parts[1].clone()]),
            Operand::Name(name) if name == "_" => Ok([operand.clone(), operand.clone()]),
            Operand::Name(name) => {
                let halves = HALVES.map(|half| format!("{name}{half}"));
                if self.symbol(&halves[0]).is_none() {
                    return self.error(format!("{name} is no register of 128 bits"));
                }
                Ok(halves.map(Operand::Name))
            }
            _ => self.error("expected a register of 128 bits"),
        }
    }
}

/// The class of the registers of a type.
pub(super) fn class_of(element: Type) -> Class {
    match element {
        Type::Predicate => Class::Predicate,
        Type::U64 | Type::S64 | Type::B64 | Type::F64 => Class::Wide,
        _ => Class::Narrow,
    }
}

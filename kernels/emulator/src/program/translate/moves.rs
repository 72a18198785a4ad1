//! Moves: of values, parts of values, and addresses.

use super::function::{FunctionTranslator, Symbol, Translation};
use super::operands::class_of;
use crate::machine::address;
use crate::machine::compute::{Compute, Element, Operands, Operation, compute};
use crate::machine::lines::Rule;
use crate::machine::registers::{Class, Registers, WARP};
use crate::program::draft::{Draft, Register};
use crate::program::operations::{self, Name};
use crate::program::step::{Action, Kind};
use crate::syntax::{Operand, Space, Type};

impl FunctionTranslator<'_, '_> {
    /// `mov`: of values, addresses, and between registers and parts of registers.
    pub(super) fn move_value(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let [result, source] = self.exactly(operands)?;
        let Some(element) = name.last_type() else {
            return self.unsupported(name);
        };
        if element == Type::B128 {
            return self.move_halves(result, source);
        }
        if let Operand::Name(register) = source
            && matches!(
                register.as_str(),
                "%clock"
                    | "%clock_hi"
                    | "%clock64"
                    | "%globaltimer"
                    | "%globaltimer_lo"
                    | "%globaltimer_hi"
            )
        {
            let is_wide = element.bytes() == 8;
            let class = class_of(element);
            let mut draft = Draft::new(Action::Clock { is_wide }, self.description(Kind::Move));
            draft.d = Some(self.destination(result, class)?);
            self.push(draft);
            return Ok(());
        }
        match (result, source) {
            (Operand::Vector(parts), source) => self.take_apart(parts, source, element),
            (result, Operand::Vector(parts)) => self.put_together(result, parts, element),
            (result, source) => {
                let class = class_of(element);
                if let Operand::Name(variable) = source
                    && let Some(Symbol::Frame(place)) = self.symbol(variable)
                {
                    let mut draft = Draft::new(Action::FrameAddress, self.description(Kind::Move));
                    draft.immediate = place as i64;
                    draft.d = Some(self.destination(result, Class::Wide)?);
                    self.push(draft);
                    return Ok(());
                }
                let Some(found) = operations::find(name) else {
                    return self.unsupported(name);
                };
                let mut draft =
                    Draft::new(Action::of(&found.operation), self.description(Kind::Move));
                draft.a = Some(self.source(source, class, element)?);
                draft.d = Some(self.destination(result, class)?);
                self.push(draft);
                Ok(())
            }
        }
    }

    /// `mov.b128`: half by half.
    pub(super) fn move_halves(&mut self, result: &Operand, source: &Operand) -> Translation {
        let (results, sources) = (self.halves(result)?, self.halves(source)?);
        // Both are read before one is written: the halves may change places.
        let mut between = Vec::new();
        for (source, kind) in sources.iter().zip([Kind::Move, Kind::Part]) {
            let copy = compute!([Rule::Copy(Class::Wide)] (x: u64) -> u64 { x });
            let mut draft = Draft::new(Action::of(&copy), self.description(kind));
            let register = self.fresh(Class::Wide);
            draft.a = Some(self.source(source, Class::Wide, Type::B64)?);
            draft.d = Some(register);
            self.push(draft);
            between.push(register);
        }
        for (result, register) in results.iter().zip(between) {
            let place = self.destination(result, Class::Wide)?;
            self.copy_part(place, register);
        }
        Ok(())
    }

    /// `mov.b64 {a, b}, x`.
    pub(super) fn take_apart(
        &mut self,
        parts: &[Operand],
        source: &Operand,
        element: Type,
    ) -> Translation {
        let class = class_of(element);
        let x = self.source(source, class, element)?;
        let bits = 8 * element.bytes() / parts.len().max(1);
        let mut kind = Kind::Move;
        for (index, part) in parts.iter().enumerate() {
            let shift = (index * bits) as i64;
            let operation = match (class, bits) {
                (Class::Wide, 32) => compute!((x: u64; shift) -> u32 { (x >> shift) as u32 }),
                (Class::Wide, 16) => compute!((x: u64; shift) -> u16 { (x >> shift) as u16 }),
                (Class::Narrow, 16) => compute!((x: u32; shift) -> u16 { (x >> shift) as u16 }),
                (Class::Wide, 64) | (Class::Narrow, 32) => {
                    return self.error("one part is no vector");
                }
                _ => return self.error("parts of this size are not supported"),
            };
            let d = self.destination(part, Class::Narrow)?;
            let mut draft = Draft::new(Action::of(&operation), self.description(kind));
            // The source may be one of the parts: in two steps, what is read stays what it was.
            (draft.d, draft.a, draft.immediate) = (Some(d), Some(x), shift);
            self.push(draft);
            kind = Kind::Part;
        }
        Ok(())
    }

    /// `mov.b64 x, {a, b}`.
    pub(super) fn put_together(
        &mut self,
        result: &Operand,
        parts: &[Operand],
        element: Type,
    ) -> Translation {
        let class = class_of(element);
        let bits = 8 * element.bytes() / parts.len().max(1);
        let sources: Vec<Register> = parts
            .iter()
            .map(|part| self.source(part, Class::Narrow, Type::B32))
            .collect::<Translation<_>>()?;
        let d = self.destination(result, class)?;
        let sources = match (class, bits, &sources[..]) {
            (Class::Wide, 16, &[a, b, c, e]) => {
                let half = || compute!((low: u16, high: u16) -> u32 { u32::from(low) | u32::from(high) << 16 });
                let (low, high) = (self.fresh(Class::Narrow), self.fresh(Class::Narrow));
                self.part(half(), low, [Some(a), Some(b), None], 0);
                self.part(half(), high, [Some(c), Some(e), None], 0);
                [low, high]
            }
            (Class::Wide, 32, &[a, b]) | (Class::Narrow, 16, &[a, b]) => [a, b],
            _ => return self.error("parts of this size are not supported"),
        };
        let operation = match class {
            Class::Wide => {
                compute!((low: u32, high: u32) -> u64 { u64::from(low) | u64::from(high) << 32 })
            }
            _ => compute!((low: u16, high: u16) -> u32 { u32::from(low) | u32::from(high) << 16 }),
        };
        let mut draft = Draft::new(Action::of(&operation), self.description(Kind::Move));
        (draft.d, draft.a, draft.b) = (Some(d), Some(sources[0]), Some(sources[1]));
        self.push(draft);
        Ok(())
    }

    /// `cvta`: between an address in a space and a generic one.
    pub(super) fn convert_address(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let [result, source] = self.exactly(operands)?;
        let Some(space) = name.parts.iter().find_map(|part| Space::of_name(part)) else {
            return self.unsupported(name);
        };
        let class = class_of(name.last_type().unwrap_or(Type::U64));
        if class != Class::Wide {
            return self.unsupported(name);
        }
        let x = self.source(source, Class::Wide, Type::U64)?;
        let window = address::window(space) as i64;
        let change = if name.has("to") {
            window.wrapping_neg()
        } else {
            window
        };
        let operation = compute!([Rule::Copy(Class::Wide)] (x: u64; change) -> u64 { x.wrapping_add(change as u64) });
        let mut draft = Draft::new(Action::of(&operation), self.description(Kind::Move));
        (draft.a, draft.immediate) = (Some(x), change);
        draft.d = Some(self.destination(result, Class::Wide)?);
        self.push(draft);
        Ok(())
    }

    /// `isspacep`: whether a generic address is one of a space.
    pub(super) fn is_space(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let [result, source] = self.exactly(operands)?;
        let Some(space) = name.parts.iter().find_map(|part| Space::of_name(part)) else {
            return self.unsupported(name);
        };
        let x = self.source(source, Class::Wide, Type::U64)?;
        let window = (address::window(space) >> 60) as i64;
        let operation = compute!((x: u64; window) -> bool {
            let own = x >> 60;
            if window == 0 { own < 4 } else { own == window as u64 }
        });
        let mut draft = Draft::new(Action::of(&operation), self.description(Kind::Compare));
        (draft.a, draft.immediate) = (Some(x), window);
        draft.d = Some(self.destination(result, Class::Predicate)?);
        self.push(draft);
        Ok(())
    }

    /// `mapa` and `getctarank`: a cluster has one block, whose shared memory is where it is.
    pub(super) fn map_address(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let class = class_of(name.last_type().unwrap_or(Type::U32));
        let (result, source, element, operation) = match (name.opcode(), operands) {
            ("mapa", [result, address, _rank]) => {
                let copy = match class {
                    Class::Wide => compute!([Rule::Copy(Class::Wide)] (x: u64) -> u64 { x }),
                    _ => compute!([Rule::Copy(Class::Narrow)] (x: u32) -> u32 { x }),
                };
                (result, address, class, copy)
            }
            ("getctarank", [result, address]) => {
                let rank = match class {
                    Class::Wide => compute!([Rule::Level] (_x: u64) -> u32 { 0 }),
                    _ => compute!([Rule::Level] (_x: u32) -> u32 { 0 }),
                };
                (result, address, Class::Narrow, rank)
            }
            _ => return self.unsupported(name),
        };
        let mut draft = Draft::new(Action::of(&operation), self.description(Kind::Move));
        draft.a = Some(self.source(source, class, Type::U64)?);
        draft.d = Some(self.destination(result, element)?);
        self.push(draft);
        Ok(())
    }

    /// `createpolicy`: how caches should treat an access. Here are no caches, and all policies are one.
    pub(super) fn policy(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let [result, ..] = operands else {
            return self.error("expected operands");
        };
        if name.last_type() != Some(Type::B64) && !name.has("cvt") {
            return self.unsupported(name);
        }
        let nothing = compute!([Rule::Copy(Class::Wide)] (x: u64) -> u64 { x });
        let mut draft = Draft::new(Action::of(&nothing), self.description(Kind::Other));
        draft.a = Some(self.bits(Class::Wide, 0));
        draft.d = Some(self.destination(result, Class::Wide)?);
        self.push(draft);
        Ok(())
    }
}

//! A function: its names, its operands, its statements.

use super::{Context, Tables, Translated};
use crate::machine::address;
use crate::machine::compute::{Compute, Element, Operands, Operation, compute};
use crate::machine::lines::{Rule, Sign};
use crate::machine::registers::{Class, Registers, WARP};
use crate::program::draft::{Draft, Item, Register};
use crate::program::layout::{FunctionLayout, PresetValue, Special, Transferred};
use crate::program::operations::{self, Name};
use crate::program::step::{Action, Base, Description, Kind};
use crate::syntax::{
    Function, Instruction, Location, Operand, ParseError, Space, Statement, StatementKind, Type,
};
use std::collections::{BTreeSet, HashMap};

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Symbol {
    Register(Register),
    /// A place in the stack frame: local variables, and parameters of calls.
    Frame(usize),
    /// A parameter of the kernel, by its place.
    Parameter(usize),
    Shared(usize),
    Global(usize),
    Constant(u64),
    Function(usize),
}

/// What stands behind the name of a register of 128 bits in those of its halves.
const HALVES: [&str; 2] = [".low", ".high"];

/// The translation of one function.
pub(super) struct FunctionTranslator<'m, 't> {
    pub(super) context: &'m Context<'m>,
    pub(super) tables: &'t mut Tables,
    pub(super) function: &'m Function,
    scopes: Vec<HashMap<String, Symbol>>,
    labels: Vec<HashMap<&'m str, usize>>,
    pub(super) targets: HashMap<&'m str, &'m [String]>,
    registers: Vec<Class>,
    constants: HashMap<(Class, PresetValue), Register>,
    presets: Vec<(Register, PresetValue)>,
    pub(super) drafts: Vec<Draft>,
    /// The register that holds the carry between instructions.
    carry: Option<Register>,
    layout: FunctionLayout,
    pub(super) calls: BTreeSet<usize>,
    addresses: BTreeSet<usize>,
    pub(super) calls_indirectly: bool,
    shared: BTreeSet<usize>,
    pub(super) is_communicating: bool,
    /// The statement being translated.
    line: u32,
    location: Option<Location>,
    scope: usize,
    guard: Option<(Register, bool)>,
    /// Whether the statement has brought a step that counts.
    is_counted: bool,
}

pub(super) type Translation<T = ()> = Result<T, ParseError>;

impl<'m, 't> FunctionTranslator<'m, 't> {
    pub(super) fn new(
        context: &'m Context<'m>,
        tables: &'t mut Tables,
        function: &'m Function,
    ) -> Translation<Self> {
        let layout = FunctionLayout {
            name: function.name.clone(),
            start: 0,
            results: Vec::new(),
            parameters: Vec::new(),
            frame_bytes: 0,
            saved: None,
        };
        let mut translator = FunctionTranslator {
            context,
            tables,
            function,
            scopes: Vec::new(),
            labels: Vec::new(),
            targets: HashMap::new(),
            registers: Vec::new(),
            constants: HashMap::new(),
            presets: Vec::new(),
            drafts: Vec::new(),
            carry: None,
            layout,
            calls: BTreeSet::new(),
            addresses: BTreeSet::new(),
            calls_indirectly: false,
            shared: BTreeSet::new(),
            is_communicating: false,
            line: function.line,
            location: None,
            scope: 0,
            guard: None,
            is_counted: false,
        };
        translator.declare()?;
        Ok(translator)
    }

    pub(super) fn error<T>(&self, reason: impl Into<String>) -> Translation<T> {
        Err(ParseError::new(self.line, reason))
    }

    /// A register of its own.
    pub(super) fn fresh(&mut self, class: Class) -> Register {
        self.registers.push(class);
        Register {
            class,
            id: self.registers.len() as u32 - 1,
        }
    }

    fn declare(&mut self) -> Translation {
        let mut end = 0_usize;
        let mut place = |alignment: usize, bytes: usize| {
            end = end.next_multiple_of(alignment.max(4));
            let start = end;
            end += bytes.next_multiple_of(4);
            start
        };
        let mut outermost = HashMap::new();
        if self.function.is_entry {
            let mut end = 0_usize;
            for parameter in &self.function.parameters {
                end = end.next_multiple_of(parameter.alignment);
                outermost.insert(parameter.name.clone(), Symbol::Parameter(end));
                end += parameter.bytes;
            }
        } else {
            for (parameters, places) in [
                (&self.function.returns, &mut self.layout.results),
                (&self.function.parameters, &mut self.layout.parameters),
            ] {
                for parameter in parameters {
                    let start = place(parameter.alignment, parameter.bytes);
                    places.push(Transferred {
                        place: start,
                        bytes: parameter.bytes,
                    });
                    outermost.insert(parameter.name.clone(), Symbol::Frame(start));
                }
            }
        }
        for (index, scope) in self.function.scopes.iter().enumerate() {
            let mut names = if index == 0 {
                std::mem::take(&mut outermost)
            } else {
                HashMap::new()
            };
            for (name, count, element) in &scope.registers {
                if *element == Type::B128 {
                    self.declare_halves(name, *count, &mut names);
                    continue;
                }
                let class = class_of(*element);
                match count {
                    None => {
                        self.registers.push(class);
                        let id = self.registers.len() as u32 - 1;
                        names.insert(name.clone(), Symbol::Register(Register { class, id }));
                    }
                    Some(count) => {
                        for number in 0..*count {
                            self.registers.push(class);
                            let id = self.registers.len() as u32 - 1;
                            names.insert(
                                format!("{name}{number}"),
                                Symbol::Register(Register { class, id }),
                            );
                        }
                    }
                }
                if self.registers.len() > 1 << 20 {
                    return self.error("too many registers");
                }
            }
            for variable in &scope.variables {
                let symbol = match variable.space {
                    Space::Shared => {
                        self.tables.shared.push(variable.clone());
                        Symbol::Shared(self.tables.shared.len() - 1)
                    }
                    Space::Local | Space::Parameter => {
                        let bytes = variable.bytes.unwrap_or(0);
                        if bytes > 1 << 24 {
                            return Err(ParseError::new(
                                variable.line,
                                format!("{} is too large for a stack", variable.name),
                            ));
                        }
                        Symbol::Frame(place(variable.alignment, bytes))
                    }
                    Space::Constant if variable.bytes.unwrap_or(0) > super::MOST_CONSTANTS => {
                        return Err(ParseError::new(variable.line, "too large a constant"));
                    }
                    Space::Constant => {
                        let end = self
                            .tables
                            .constants
                            .iter()
                            .map(|(last, start)| start + last.bytes.unwrap_or(0) as u64 + 16);
                        let start = end
                            .max()
                            .unwrap_or(0)
                            .next_multiple_of(variable.alignment.max(16) as u64);
                        self.tables.constants.push((variable.clone(), start));
                        Symbol::Constant(start)
                    }
                    _ => {
                        let reason =
                            "variables of functions are shared, local, constant, or parameters";
                        return Err(ParseError::new(variable.line, reason));
                    }
                };
                names.insert(variable.name.clone(), symbol);
            }
            self.scopes.push(names);
            self.labels.push(
                scope
                    .labels
                    .iter()
                    .map(|(name, place)| (name.as_str(), *place))
                    .collect(),
            );
        }
        self.layout.frame_bytes = end.next_multiple_of(16);
        if self.layout.frame_bytes > 1 << 24 {
            return self.error("the function's stack frame is too large");
        }
        for statement in &self.function.statements {
            if let StatementKind::BranchTargets(name, targets) = &statement.kind {
                self.targets.insert(name, targets);
            }
        }
        Ok(())
    }

    /// A register of 128 bits is two of 64, which have names of their own.
    fn declare_halves(
        &mut self,
        name: &str,
        count: Option<u32>,
        names: &mut HashMap<String, Symbol>,
    ) {
        let all: Vec<String> = match count {
            None => vec![name.to_owned()],
            Some(count) => (0..count).map(|number| format!("{name}{number}")).collect(),
        };
        for name in all {
            for half in HALVES {
                let register = self.fresh(Class::Wide);
                names.insert(format!("{name}{half}"), Symbol::Register(register));
            }
        }
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

    /// `mov.b128`: half by half.
    fn move_halves(&mut self, result: &Operand, source: &Operand) -> Translation {
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

    pub(super) fn translate(mut self) -> Translation<Translated> {
        let mut starts = Vec::with_capacity(self.function.statements.len() + 1);
        for statement in &self.function.statements {
            starts.push(self.drafts.len());
            self.statement(statement)?;
        }
        starts.push(self.drafts.len());
        if !self.function.is_declaration {
            // What falls off the end returns.
            self.guard = None;
            self.is_counted = true;
            let action = if self.function.is_entry {
                Action::Exit
            } else {
                Action::Return
            };
            self.push(Draft::new(action, self.description(Kind::Control)));
        }
        Ok(Translated {
            drafts: self.drafts,
            starts,
            registers: self.registers,
            presets: self.presets,
            layout: self.layout,
            calls: self.calls,
            addresses: self.addresses,
            calls_indirectly: self.calls_indirectly,
            shared: self.shared,
            is_communicating: self.is_communicating,
        })
    }

    fn statement(&mut self, statement: &'m Statement) -> Translation {
        self.line = statement.line;
        self.location = statement.location;
        self.scope = statement.scope;
        let StatementKind::Instruction(instruction) = &statement.kind else {
            return Ok(());
        };
        self.is_counted = false;
        self.guard = match &instruction.guard {
            None => None,
            Some((name, is_negated)) => match self.symbol(name) {
                Some(Symbol::Register(register)) if register.class == Class::Predicate => {
                    Some((register, *is_negated))
                }
                _ => return self.error(format!("{name} is no predicate")),
            },
        };
        self.instruction(instruction)
    }

    fn instruction(&mut self, instruction: &'m Instruction) -> Translation {
        let name = Name {
            parts: &instruction.name,
        };
        let operands = &instruction.operands[..];
        match name.opcode() {
            "mov" => self.move_value(&name, operands),
            "cvta" => self.convert_address(&name, operands),
            "isspacep" => self.is_space(&name, operands),
            "ld" | "ldu" => self.load(&name, operands),
            "st" => self.store(&name, operands),
            "atom" | "red" => self.atomic(&name, operands),
            "cp" | "mbarrier" => self.asynchronous(&name, operands),
            "prefetch" | "prefetchu" | "applypriority" | "discard" | "pmevent"
            | "griddepcontrol" => self.simple(Action::Nothing, Kind::Other),
            "bra" | "brx" | "call" | "ret" | "exit" | "trap" | "brkpt" => {
                self.control(&name, operands)
            }
            "bar" | "barrier" | "membar" | "fence" | "shfl" | "vote" | "match" | "redux"
            | "activemask" | "elect" | "nanosleep" => self.collective(&name, operands),
            "mma" | "wmma" | "ldmatrix" | "stmatrix" | "movmatrix" => {
                self.matrices(&name, operands)
            }
            "setp" | "set" => self.compare(&name, operands),
            "mad" | "madc" if name.has("cc") || name.opcode() == "madc" => {
                self.multiply_with_carry(&name, operands)
            }
            "bfi" => self.insert_bits(&name, operands),
            "lop3" => self.logic(&name, operands),
            "createpolicy" => self.policy(&name, operands),
            "mapa" | "getctarank" => self.map_address(&name, operands),
            _ => self.computation(&name, operands),
        }
    }

    /// What all of a statement's steps have in common.
    pub(super) fn description(&self, kind: Kind) -> Description {
        Description {
            line: self.line,
            location: self.location,
            kind,
            operations: 0,
        }
    }

    /// Adds a step of the statement, under its guard.
    pub(super) fn push(&mut self, mut draft: Draft) {
        draft.guard = self.guard;
        self.drafts.push(draft);
    }

    pub(super) fn simple(&mut self, action: Action, kind: Kind) -> Translation {
        let draft = Draft::new(action, self.description(kind));
        self.push(draft);
        Ok(())
    }

    /// Adds a step that helps another and does not count.
    pub(super) fn part(
        &mut self,
        operation: Operation,
        d: Register,
        sources: [Option<Register>; 3],
        immediate: i64,
    ) {
        let mut draft = Draft::new(Action::of(&operation), self.description(Kind::Part));
        draft.d = Some(d);
        [draft.a, draft.b, draft.c] = sources;
        draft.immediate = immediate;
        self.push(draft);
    }

    /// Adds a step that copies a register into another of its class.
    pub(super) fn copy_part(&mut self, to: Register, from: Register) {
        let copy = match to.class {
            Class::Narrow => compute!((x: u32) -> u32 { x }),
            Class::Wide => compute!((x: u64) -> u64 { x }),
            Class::Predicate => compute!((x: bool) -> bool { x }),
        };
        self.part(copy, to, [Some(from), None, None], 0);
    }

    /// An instruction that is not known.
    pub(super) fn unsupported<T>(&self, name: &Name) -> Translation<T> {
        self.error(format!("{} is not supported", name.parts.join(".")))
    }

    // Names and operands.

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
    fn of_class(&mut self, register: Register, class: Class) -> Translation<Register> {
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

    // Statements that only compute.

    /// An instruction of which `operations` knows the function.
    fn computation(&mut self, name: &Name, operands: &[Operand]) -> Translation {
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

    fn carry(&mut self) -> Register {
        match self.carry {
            Some(carry) => carry,
            None => {
                let carry = self.fresh(Class::Predicate);
                *self.carry.insert(carry)
            }
        }
    }

    /// `mad.lo.cc`, `madc.hi` and their like: a product, of which half is added with carry.
    fn multiply_with_carry(&mut self, name: &Name, operands: &[Operand]) -> Translation {
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

    /// `setp` and `set`, with all that may stand behind the comparison.
    fn compare(&mut self, name: &Name, operands: &[Operand]) -> Translation {
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

    /// `bfi`, whose four sources are one too many: the length is a constant, or the instruction becomes several steps.
    fn insert_bits(&mut self, name: &Name, operands: &[Operand]) -> Translation {
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
    fn logic(&mut self, name: &Name, operands: &[Operand]) -> Translation {
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

    /// `createpolicy`: how caches should treat an access. Here are no caches, and all policies are one.
    fn policy(&mut self, name: &Name, operands: &[Operand]) -> Translation {
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

    /// `mapa` and `getctarank`: a cluster has one block, whose shared memory is where it is.
    fn map_address(&mut self, name: &Name, operands: &[Operand]) -> Translation {
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

    /// `mov`: of values, addresses, and between registers and parts of registers.
    fn move_value(&mut self, name: &Name, operands: &[Operand]) -> Translation {
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

    /// `mov.b64 {a, b}, x`.
    fn take_apart(&mut self, parts: &[Operand], source: &Operand, element: Type) -> Translation {
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
    fn put_together(&mut self, result: &Operand, parts: &[Operand], element: Type) -> Translation {
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
    fn convert_address(&mut self, name: &Name, operands: &[Operand]) -> Translation {
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
    fn is_space(&mut self, name: &Name, operands: &[Operand]) -> Translation {
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
}

/// The class of the registers of a type.
pub(super) fn class_of(element: Type) -> Class {
    match element {
        Type::Predicate => Class::Predicate,
        Type::U64 | Type::S64 | Type::B64 | Type::F64 => Class::Wide,
        _ => Class::Narrow,
    }
}

/// A special register that is the same for all: a cluster has one block.
fn fixed_special(name: &str) -> Option<u64> {
    Some(match name {
        "WARP_SZ" => 32,
        "%cluster_ctaid.x" | "%cluster_ctaid.y" | "%cluster_ctaid.z" | "%cluster_ctarank" => 0,
        "%cluster_nctaid.x" | "%cluster_nctaid.y" | "%cluster_nctaid.z" | "%cluster_nctarank" => 1,
        "%is_explicit_cluster" | "%current_graph_exec" => 0,
        "%reserved_smem_offset_begin" | "%reserved_smem_offset_end" => 0,
        _ => return None,
    })
}

/// A special register by its name.
fn special(name: &str) -> Option<Special> {
    let axis = |rest: &str| match rest {
        ".x" => Some(0),
        ".y" => Some(1),
        ".z" => Some(2),
        _ => None,
    };
    let name = name.strip_prefix('%')?;
    if let Some(number) = name.strip_prefix("envreg") {
        return number.parse().ok().map(Special::Environment);
    }
    type Make = fn(u8) -> Special;
    let triples: [(&str, Make); 6] = [
        ("tid", Special::Thread),
        ("ntid", Special::BlockSize),
        ("ctaid", Special::Block),
        ("nctaid", Special::GridSize),
        ("clusterid", Special::Block),
        ("nclusterid", Special::GridSize),
    ];
    for (stem, make) in triples {
        if let Some(axis) = name.strip_prefix(stem).and_then(axis) {
            return Some(make(axis));
        }
    }
    Some(match name {
        "laneid" => Special::Lane,
        "warpid" => Special::Warp,
        "nwarpid" => Special::WarpCount,
        "smid" => Special::Processor,
        "nsmid" => Special::ProcessorCount,
        "gridid" => Special::Grid,
        "lanemask_eq" => Special::LaneMaskEqual,
        "lanemask_lt" => Special::LaneMaskLess,
        "lanemask_le" => Special::LaneMaskLessOrEqual,
        "lanemask_gt" => Special::LaneMaskGreater,
        "lanemask_ge" => Special::LaneMaskGreaterOrEqual,
        "dynamic_smem_size" => Special::DynamicShared,
        "total_smem_size" | "aggr_smem_size" => Special::TotalShared,
        _ => return None,
    })
}

//! A function: its statements, one by one.

use super::{Context, Tables, Translated};
use crate::machine::compute::{Compute, Element, Operands, Operation, compute};
use crate::machine::registers::{Class, Registers, WARP};
use crate::program::draft::{Draft, Register};
use crate::program::layout::{FunctionLayout, PresetValue};
use crate::program::operations::Name;
use crate::program::step::{Action, Description, Kind};
use crate::syntax::{Function, Instruction, Location, ParseError, Statement, StatementKind};
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

/// The translation of one function.
pub(super) struct FunctionTranslator<'m, 't> {
    pub(super) context: &'m Context<'m>,
    pub(super) tables: &'t mut Tables,
    pub(super) function: &'m Function,
    pub(super) scopes: Vec<HashMap<String, Symbol>>,
    pub(super) labels: Vec<HashMap<&'m str, usize>>,
    pub(super) targets: HashMap<&'m str, &'m [String]>,
    pub(super) registers: Vec<Class>,
    pub(super) constants: HashMap<(Class, PresetValue), Register>,
    pub(super) presets: Vec<(Register, PresetValue)>,
    pub(super) drafts: Vec<Draft>,
    /// The register that holds the carry between instructions.
    pub(super) carry: Option<Register>,
    pub(super) layout: FunctionLayout,
    pub(super) calls: BTreeSet<usize>,
    pub(super) addresses: BTreeSet<usize>,
    pub(super) calls_indirectly: bool,
    pub(super) shared: BTreeSet<usize>,
    pub(super) is_communicating: bool,
    /// The statement being translated.
    pub(super) line: u32,
    pub(super) location: Option<Location>,
    pub(super) scope: usize,
    pub(super) guard: Option<(Register, bool)>,
    /// Whether the statement has brought a step that counts.
    pub(super) is_counted: bool,
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
}

//! From the tree of a module to a program.
//!
//! ```text
//! mod.rs          the module: variables, and what its functions have in common
//! function.rs     a function: the way of each statement to drafts
//! declare.rs      the names of a function
//! operands.rs     what names and operands stand for; special.rs: special registers
//! computation.rs  instructions that only compute; compare.rs: comparisons; moves.rs: moves
//! memory.rs       loads and stores; atomics.rs; transfers.rs: asynchronous copies
//! control.rs      branches and calls
//! collective.rs   what warps and blocks do together
//! matrices.rs     mma, wmma, ldmatrix
//! pairs.rs        comparisons of two halves in a register
//! link.rs         all functions together: which call each other, slots, steps
//! ```

mod atomics;
mod collective;
mod compare;
mod computation;
mod control;
mod declare;
mod function;
mod link;
mod matrices;
mod memory;
mod moves;
mod operands;
mod pairs;
mod special;
mod transfers;

use super::draft::{Draft, Register};
use super::layout::{FunctionLayout, PresetValue, Program};
use super::step::{Atomic, Call, Fragment};
use crate::machine::registers::Class;
use crate::matrix;
use crate::syntax::{Module, ParseError, Space, Variable};
use function::FunctionTranslator;
use link::Linker;
use std::collections::{BTreeSet, HashMap};

/// Bytes of constant memory, at most: ten banks of 64 KiB are all that PTX has.
const MOST_CONSTANTS: usize = 1 << 20;

/// What functions of a module have in common while they are translated.
struct Context<'m> {
    module: &'m Module,
    globals: HashMap<&'m str, usize>,
    constants: HashMap<&'m str, usize>,
    /// Shared variables of the module, by name.
    shared: HashMap<&'m str, usize>,
    functions: HashMap<&'m str, usize>,
}

/// What the translation of functions fills.
#[derive(Default)]
struct Tables {
    atomics: Vec<Atomic>,
    calls: Vec<Call>,
    /// The statements that each table of branches names.
    branch_tables: Vec<Vec<usize>>,
    /// What products compute; which registers they work on is known at the end.
    operations: Vec<matrix::Operation>,
    fragments: Vec<Fragment>,
    /// All shared variables, those of functions behind those of the module.
    shared: Vec<Variable>,
    constants: Vec<(Variable, u64)>,
}

/// A translated function, with virtual registers.
struct Translated {
    drafts: Vec<Draft>,
    /// The first draft of each statement.
    starts: Vec<usize>,
    registers: Vec<Class>,
    presets: Vec<(Register, PresetValue)>,
    layout: FunctionLayout,
    /// Functions that it calls by name, and whose address it takes.
    calls: BTreeSet<usize>,
    addresses: BTreeSet<usize>,
    calls_indirectly: bool,
    shared: BTreeSet<usize>,
    is_communicating: bool,
}

/// Translates a module.
pub(crate) fn translate(module: &Module) -> Result<Program, ParseError> {
    let mut tables = Tables::default();
    let of_space = |space: Space| {
        module
            .variables
            .iter()
            .filter(move |variable| variable.space == space)
    };
    let globals: Vec<Variable> = of_space(Space::Global).cloned().collect();
    let mut end = 0;
    for variable in of_space(Space::Constant) {
        // What runs out of one must not fall into the next.
        let start = (end as u64).next_multiple_of(variable.alignment.max(16) as u64);
        end = start as usize + variable.bytes.unwrap_or(0) + 16;
        if end > MOST_CONSTANTS {
            let reason = format!("more than {MOST_CONSTANTS} bytes of constants");
            return Err(ParseError::new(variable.line, reason));
        }
        tables.constants.push((variable.clone(), start));
    }
    tables.shared.extend(of_space(Space::Shared).cloned());
    let by_name = |space: Space| {
        let variables = module
            .variables
            .iter()
            .filter(move |variable| variable.space == space);
        variables
            .enumerate()
            .map(|(index, variable)| (variable.name.as_str(), index))
            .collect()
    };
    let context = Context {
        module,
        globals: by_name(Space::Global),
        constants: by_name(Space::Constant),
        shared: by_name(Space::Shared),
        functions: module
            .functions
            .iter()
            .enumerate()
            .map(|(index, function)| (function.name.as_str(), index))
            .collect(),
    };
    if let Some(local) = of_space(Space::Local).next() {
        return Err(ParseError::new(
            local.line,
            "local variables outside of functions are not supported",
        ));
    }
    let mut functions = Vec::new();
    for function in &module.functions {
        functions.push(FunctionTranslator::new(&context, &mut tables, function)?.translate()?);
    }
    Linker {
        module,
        tables,
        functions,
        globals,
    }
    .link()
}

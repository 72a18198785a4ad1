//! Where everything of a module stands.

use super::step::{Atomic, Call, Description, Fragment, Step};
use crate::fault::SourceLine;
use crate::machine::registers::Class;
use crate::matrix;
use crate::syntax::{Parameter, Variable};
use std::collections::HashMap;

/// A translated module.
pub(crate) struct Program {
    /// The steps of all functions, one behind the other.
    pub(crate) code: Vec<Step>,
    /// What is known of each step.
    pub(crate) descriptions: Vec<Description>,
    /// Slots of registers, of instructions with more than fit.
    pub(crate) lists: Vec<u32>,
    pub(crate) atomics: Vec<Atomic>,
    pub(crate) calls: Vec<Call>,
    pub(crate) branch_tables: Vec<Vec<u32>>,
    pub(crate) products: Vec<matrix::Product>,
    pub(crate) fragments: Vec<Fragment>,
    pub(crate) functions: Vec<FunctionLayout>,
    /// Variables in global space.
    pub(crate) globals: Vec<Variable>,
    /// Variables in constant space, and where each begins.
    pub(crate) constants: Vec<(Variable, u64)>,
    /// The names of files, by their number.
    pub(crate) files: HashMap<u32, String>,
    /// Kernels by their names.
    pub(crate) entries: HashMap<String, Entry>,
}

impl Program {
    /// The source line of a step.
    pub(crate) fn source_line(&self, pc: u32) -> SourceLine {
        let Some(description) = self.descriptions.get(pc as usize) else {
            return SourceLine {
                file: String::new(),
                line: 0,
            };
        };
        let named = description.location.and_then(|location| {
            let file = self.files.get(&location.file)?.clone();
            Some(SourceLine {
                file,
                line: location.line,
            })
        });
        named.unwrap_or(SourceLine {
            file: String::new(),
            line: description.line,
        })
    }
}

/// A function: its code and its frame.
pub(crate) struct FunctionLayout {
    pub(crate) name: String,
    /// Its first step.
    pub(crate) start: u32,
    /// The sizes in bytes of results and parameters, in the order in which they stand at the bottom of the frame.
    pub(crate) results: Vec<Transferred>,
    pub(crate) parameters: Vec<Transferred>,
    /// The size of its stack frame in bytes.
    pub(crate) frame_bytes: usize,
    /// Slots that a call must save because an outer call of the same function may use them: first and count by class.
    pub(crate) saved: Option<[(u32, u32); 3]>,
}

/// A parameter in a frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transferred {
    pub(crate) place: usize,
    pub(crate) bytes: usize,
}

/// A kernel.
pub(crate) struct Entry {
    /// Its function, and that one's first step.
    pub(crate) function: usize,
    pub(crate) start: u32,
    pub(crate) parameters: Vec<Parameter>,
    /// Where each parameter begins, and the size of all in bytes.
    pub(crate) parameter_places: Vec<usize>,
    pub(crate) parameter_bytes: usize,
    pub(crate) required_threads: Option<[u32; 3]>,
    pub(crate) most_threads: Option<[u32; 3]>,
    /// Slots of each class.
    pub(crate) slots: [usize; 3],
    /// Slots that hold a value before the first step.
    pub(crate) presets: Vec<Preset>,
    /// Slots that may be read before anybody wrote them: they begin as zeros, so that what a kernel reads there does not
    /// depend on what ran before.
    pub(crate) undefined: Vec<(Class, u32)>,
    /// Shared memory whose size is known, in bytes.
    pub(crate) static_shared: usize,
    /// Whether blocks may talk to each other, so that their interleaving must be a fixed one.
    pub(crate) is_communicating: bool,
}

/// A slot, and what it holds from the start.
#[derive(Clone, Debug)]
pub(crate) struct Preset {
    pub(crate) class: Class,
    pub(crate) slot: u32,
    pub(crate) value: PresetValue,
}

/// What a slot holds from the start.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PresetValue {
    Bits(u64),
    /// The address of a global variable, by its number.
    Global(usize, i64),
    /// The address of a function, by its number.
    Function(usize),
    /// The address of a shared variable, by its number among those of the module and all functions.
    Shared(usize, i64),
    /// Changes from lane to lane, warp to warp or block to block.
    Special(Special),
}

/// Special registers whose value a block's start decides. Chapter 10 of the PTX ISA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Special {
    Thread(u8),
    BlockSize(u8),
    Block(u8),
    GridSize(u8),
    Lane,
    Warp,
    WarpCount,
    Processor,
    ProcessorCount,
    Grid,
    LaneMaskEqual,
    LaneMaskLess,
    LaneMaskLessOrEqual,
    LaneMaskGreater,
    LaneMaskGreaterOrEqual,
    DynamicShared,
    TotalShared,
    /// Where the grid's barrier keeps its count, in halves.
    Environment(u8),
}

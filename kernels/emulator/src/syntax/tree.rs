//! What a module's text says.

use super::{Space, Type};

/// A whole text.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// The files that locations name, by their number.
    pub(crate) files: Vec<(u32, String)>,
    /// Variables outside of functions.
    pub(crate) variables: Vec<Variable>,
    /// Kernels and device functions.
    pub(crate) functions: Vec<Function>,
}

/// A variable in some space.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) space: Space,
    /// In bytes.
    pub(crate) alignment: usize,
    /// In bytes; none for an extern array, whose size a launch decides.
    pub(crate) bytes: Option<usize>,
    /// The first elements' values; the others are zero.
    pub(crate) initial: Vec<Initial>,
    /// The size of an element of `initial`, in bytes.
    pub(crate) element_bytes: usize,
    pub(crate) line: u32,
}

/// The initial value of an element.
#[derive(Clone, Debug)]
pub(crate) enum Initial {
    /// Bits.
    Bits(u64),
    /// The address of a variable or function, and an offset in bytes.
    Address {
        name: String,
        offset: i64,
        is_generic: bool,
        /// A byte of the address, where it is spread over bytes by `mask(address)`.
        mask: Option<u64>,
    },
}

/// A parameter of a function.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) alignment: usize,
    pub(crate) bytes: usize,
}

/// A kernel or a device function.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) is_entry: bool,
    /// Whether it is only declared here.
    pub(crate) is_declaration: bool,
    pub(crate) returns: Vec<Parameter>,
    pub(crate) parameters: Vec<Parameter>,
    /// Threads in a block, where the kernel states them (`.reqntid`), and at most (`.maxntid`).
    pub(crate) required_threads: Option<[u32; 3]>,
    pub(crate) most_threads: Option<[u32; 3]>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) statements: Vec<Statement>,
    pub(crate) line: u32,
}

/// What a block declares.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// The block around it.
    pub(crate) parent: Option<usize>,
    /// Registers: a name, or the stem of `%r<10>` and its count.
    pub(crate) registers: Vec<(String, Option<u32>, Type)>,
    /// Variables in shared and local space, and parameters of calls.
    pub(crate) variables: Vec<Variable>,
    /// Labels, and the statement that each stands before.
    pub(crate) labels: Vec<(String, usize)>,
}

/// A place in a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Location {
    pub(crate) file: u32,
    pub(crate) line: u32,
}

/// One statement of a function.
#[derive(Debug)]
pub(crate) struct Statement {
    /// The line of the PTX text.
    pub(crate) line: u32,
    /// Where it comes from: for what was inlined, where it was called in the outermost function.
    pub(crate) location: Option<Location>,
    /// The block in which it stands.
    pub(crate) scope: usize,
    pub(crate) kind: StatementKind,
}

/// What a statement does.
#[derive(Debug)]
pub(crate) enum StatementKind {
    Instruction(Instruction),
    /// `name: .branchtargets a, b;`
    BranchTargets(String, Vec<String>),
}

/// One instruction.
#[derive(Debug)]
pub(crate) struct Instruction {
    /// The predicate that guards it, and whether it is negated.
    pub(crate) guard: Option<(String, bool)>,
    /// Its name and modifiers, apart.
    pub(crate) name: Vec<String>,
    pub(crate) operands: Vec<Operand>,
}

/// What an instruction works on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand {
    /// A register, special register, label, variable or function.
    Name(String),
    Integer(i128),
    Single(u32),
    Double(u64),
    /// `!p`.
    Not(Box<Operand>),
    /// `-x`, for names.
    Minus(Box<Operand>),
    /// `[base + offset]`.
    Address(Box<Operand>, i64),
    /// `variable + offset`.
    Offset(String, i64),
    /// `{a, b}`.
    Vector(Vec<Operand>),
    /// `a|b`.
    Pair(Box<Operand>, Box<Operand>),
    /// `(a, b)`, of calls.
    List(Vec<Operand>),
}

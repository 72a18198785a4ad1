//! The launch plan: a TOML block in the comment at the top of every `.cu`. It replaces host code.
//!
//! ```text
//! /* judge:
//! expect = "AC"                         as for every solution; a user's own file states nothing
//! growth = "n"
//! takes = { type = "f16", size = [32, 64] }   the cases it is for, by sizes and words; all if nothing is said
//!
//! [[buffer]]                            memory of the kernel's own, not initialised unless `fill` says with what
//! name = "histogram"
//! type = "u32"                          u8, i32, u32, i64, f16, f32 or f64
//! length = "256"                        an expression over the sizes
//! fill = 0
//!
//! [[output]]                            for outputs whose length the problem does not state
//! name = "window"
//! length = "text_length"                how many elements there is room for
//! count = "found"                       the buffer whose first element says how many are used; else all are
//!
//! [[launch]]                            in this order
//! entry = "count_digits"                `{type}` or `{size}` in it stand for the word or size of the case
//! grid = "ceil_div(n, 256)"             one to three expressions; with a 0 nothing is launched
//! block = "256"                         one to three
//! shared = "4 * k"                      bytes of dynamic shared memory
//! arguments = ["numbers", "n", "i64(k)", "pass", "histogram"]
//! repeat = "4"                          so often, `index` counting from 0
//! index = "pass"
//! while = "unfinished"                  before each round: on only if this buffer's first element is not 0
//! swap = ["row", "next"]                after each round: two buffers change names
//! read = ["found"]                      after each round: this buffer's first element becomes a size
//!
//! [[launch]]                            several launches that are repeated together, as deep as one likes
//! repeat = "n"
//! [[launch.step]]
//! entry = "..."
//!
//! [[theorem]]                           `judge counters --check` holds it; the derivation is a comment above
//! counter = "global_sectors"            those of loads and stores, or any counter by its name
//! equals = "n * type_bytes / 32 + 1"    over the sizes in the case's name; the bytes of its `type`
//! cases = ["attention/random@n=64"]
//! */
//! ```
//!
//! Sizes are the input's scalars, the lengths of its arrays as `numbers_length`, the indices of the loops around, and what was
//! read back. In `arguments` the name of an array or buffer is its address; an integer is an `int` unless `i64(...)`,
//! `u32(...)` or `u64(...)` says otherwise. A buffer is made, and filled, before the first launch that takes it: its length may
//! thus depend on what an earlier launch found.

mod argument;
mod check;
mod entries;
mod entry_name;
mod place;
mod read;
mod table;
mod takes;
mod theorem;

pub use argument::{Argument, ScalarType};
pub use check::{Field, Interface, Length};
pub use entry_name::EntryName;
pub use place::{At, Place, PlanError};
pub(crate) use read::fill_bytes;
pub use takes::Takes;
pub use theorem::{CounterName, Theorem};
use vocabulary::{ElementType, Expectation, Expression, Target};

use crate::fault::FaultKind;

/// What runs a kernel: memory, launches, and what a shipped one must get.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The file as the caller named it.
    pub file: String,
    /// What it must get; nothing is stated by a user's own file.
    pub expectation: Option<Expectation>,
    /// What a wrong one must be caught at, where its verdict is that of a fault.
    pub fault: Option<FaultKind>,
    /// Where it may run; everywhere if empty.
    pub targets: Vec<Target>,
    /// Which cases it is for.
    pub takes: Takes,
    /// Memory of the kernel's own.
    pub buffers: Vec<Buffer>,
    /// Room for outputs whose length the problem does not state.
    pub outputs: Vec<Output>,
    /// Launches and loops, in order.
    pub steps: Vec<Step>,
    /// What it counts, in closed formulas.
    pub theorems: Vec<Theorem>,
    /// The block's text, by which a compiled kernel knows its plan.
    pub text: String,
}

/// Memory of a kernel's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Buffer {
    /// Its name.
    pub name: At<String>,
    /// The type of its elements.
    pub element: ElementType,
    /// How many there are.
    pub length: At<Expression>,
    /// What all of them are at the beginning; otherwise they are not initialised.
    pub fill: Option<i64>,
}

/// Room for an output.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Its name.
    pub name: At<String>,
    /// How many elements there is room for.
    pub length: At<Expression>,
    /// The buffer whose first element says how many are used.
    pub count: Option<At<String>>,
}

/// A launch or several, once or repeated.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// How often; once if nothing is said.
    pub repeat: Option<Repeat>,
    /// What is done in a round.
    pub body: Body,
    /// Pairs of buffers that change names after each round.
    pub swap: Vec<(At<String>, At<String>)>,
    /// Buffers whose first element becomes a size after each round.
    pub read: Vec<At<String>>,
}

/// How often a step is done.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeat {
    /// How many rounds, at most if there is a condition.
    pub times: At<Expression>,
    /// The name of the round's number, from 0.
    pub index: String,
    /// The buffer whose first element must not be 0 for another round.
    pub condition: Option<At<String>>,
}

/// What is done in a round.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// One launch.
    Launch(Box<Launch>),
    /// Several steps.
    Steps(Vec<Step>),
}

/// One launch.
#[derive(Clone, Debug, PartialEq)]
pub struct Launch {
    /// The kernel's name.
    pub entry: At<EntryName>,
    /// Blocks in x, y and z.
    pub grid: [At<Expression>; 3],
    /// Threads of a block in x, y and z.
    pub block: [At<Expression>; 3],
    /// Bytes of dynamic shared memory.
    pub shared: Option<At<Expression>>,
    /// What it is called with.
    pub arguments: Vec<At<Argument>>,
}

impl Plan {
    /// Reads the plan of a source; `file` is what errors call it. `Ok(None)` if there is no `/* judge:` in it.
    ///
    /// # Errors
    /// If the block is not of the form, with line and column.
    pub fn find(source: &str, file: &str) -> Result<Option<Plan>, PlanError> {
        read::plan(source, file)
    }

    /// Whether it may run somewhere. What must be caught at a fault needs the sanitizer of the emulator.
    pub fn runs_on(&self, target: Target) -> bool {
        let is_caught = self.fault.is_none() || target == Target::Emulator;
        is_caught && (self.targets.is_empty() || self.targets.contains(&target))
    }

    /// Every launch, in order, those of a loop once.
    pub fn launches(&self) -> Vec<&Launch> {
        fn collect<'a>(steps: &'a [Step], launches: &mut Vec<&'a Launch>) {
            for step in steps {
                match &step.body {
                    Body::Launch(launch) => launches.push(launch),
                    Body::Steps(inner) => collect(inner, launches),
                }
            }
        }
        let mut launches = Vec::new();
        collect(&self.steps, &mut launches);
        launches
    }

    pub(crate) fn error(&self, place: Place, reason: impl Into<String>) -> PlanError {
        PlanError {
            file: self.file.clone(),
            place,
            reason: reason.into(),
        }
    }
}

/// The name of the length of an array of the input, as expressions know it.
pub fn length_name(array: &str) -> String {
    format!("{array}_length")
}

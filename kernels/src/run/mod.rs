//! Runs a plan on a device: memory, loops, launches, and what comes out.
//!
//! ```text
//! Session::start   inputs onto the device, once
//!   round          poison, then the plan's steps; may be repeated
//!   outputs        what the last round wrote
//! ```

mod elements;
mod memory;

use vocabulary::{Array, Arrays, Element, ElementType, Expression, Verdict};

use crate::device::{Device, DeviceError, LaunchOf, ModuleId};
use crate::fault::{Fault, verdict_of};
use crate::plan::{
    Argument, At, Body, Field, Interface, Launch, Length, Place, Plan, PlanError, Repeat,
    ScalarType, Step, fill_bytes, length_name,
};
use memory::{Memories, Memory};

/// What a run may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all buffers together.
    pub bytes: u64,
    /// Launches and rounds of loops together, so that no plan goes on for ever.
    pub rounds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 8 << 30,
            rounds: 10_000_000,
        }
    }
}

/// Why a run has no outputs.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RunError {
    /// The plan does not fit this input: a size is negative, a scalar too large.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The kernel or the device failed.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The kernel says that it wrote more than there is room for, or less than nothing.
    #[error("the kernel says that `{output}` has {count} elements; there is room for {room}")]
    Count {
        /// The output.
        output: String,
        /// What the kernel says.
        count: i64,
        /// How many there is room for.
        room: u64,
    },
    /// The buffers are larger than the limit.
    #[error("`{name}` brings the buffers to {bytes} bytes; the limit is {limit}")]
    TooMuchMemory {
        /// The buffer.
        name: String,
        /// Bytes of all buffers with it.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// A loop with a condition came to its last round, and the condition still held.
    #[error("`{condition}` is not 0 after {rounds} rounds, the most that the plan allows")]
    Unfinished {
        /// The buffer.
        condition: String,
        /// How many rounds.
        rounds: i64,
    },
    /// More launches than the limit.
    #[error("more than {0} launches")]
    TooManyRounds(u64),
    /// An input is not there or not of its type.
    #[error("the input `{0}` is missing or not of its type")]
    Input(String),
}

impl RunError {
    /// The verdict that it means for the kernel.
    pub fn verdict(&self) -> Verdict {
        match self {
            RunError::Device(DeviceError::Fault(fault)) => verdict_of(fault.kind),
            RunError::Plan(_) | RunError::Count { .. } => Verdict::RuntimeError,
            RunError::TooMuchMemory { .. } | RunError::Device(DeviceError::OutOfMemory { .. }) => {
                Verdict::MemoryLimit
            }
            RunError::Unfinished { .. } | RunError::TooManyRounds(_) => Verdict::TimeLimit,
            RunError::Device(DeviceError::Unsupported(_)) => Verdict::Skipped,
            RunError::Device(DeviceError::Failed(_)) | RunError::Input(_) => Verdict::JudgeError,
        }
    }

    /// The fault, if it is one.
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            RunError::Device(DeviceError::Fault(fault)) => Some(fault),
            _ => None,
        }
    }
}

fn word_of<'a>(words: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = words.iter().find(|(key, _)| key == name);
    found.map(|(_, word)| word.as_str())
}

/// Runs a plan once: inputs in, outputs out.
///
/// # Errors
/// See [`RunError`].
pub fn run(
    device: &mut dyn Device,
    module: ModuleId,
    plan: &Plan,
    interface: &Interface,
    inputs: &Arrays,
) -> Result<Arrays, RunError> {
    let mut session = Session::start(device, module, plan, interface, inputs, Limits::default())?;
    session.round()?;
    session.outputs()
}

/// A plan and its input on a device, for one round or many.
pub struct Session<'a> {
    device: &'a mut dyn Device,
    module: ModuleId,
    plan: &'a Plan,
    interface: &'a Interface,
    limits: Limits,
    memories: Memories,
    /// The sizes of the input, then indices of loops and what was read, the latest last.
    sizes: Vec<(String, i64)>,
    /// The words of the input.
    words: Vec<(String, String)>,
    input_sizes: usize,
    rounds_left: u64,
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        self.memories.free(self.device);
    }
}

impl<'a> Session<'a> {
    /// Brings an input onto a device. The plan was held against the interface with [`Plan::check`].
    ///
    /// # Errors
    /// If an input is missing, or does not fit the device.
    pub fn start(
        device: &'a mut dyn Device,
        module: ModuleId,
        plan: &'a Plan,
        interface: &'a Interface,
        inputs: &Arrays,
        limits: Limits,
    ) -> Result<Self, RunError> {
        let mut session = Session {
            device,
            module,
            plan,
            interface,
            limits,
            memories: Memories::default(),
            sizes: Vec::new(),
            words: Vec::new(),
            input_sizes: 0,
            rounds_left: 0,
        };
        // Scalars come before what depends on them.
        for field in &interface.inputs {
            let missing = || RunError::Input(field.name.clone());
            let element = session.resolve(field.element).ok_or_else(missing)?;
            let array = inputs.get(&field.name);
            let array = array.filter(|array| array.element_type() == element);
            session.add_input(field, array.ok_or_else(missing)?)?;
        }
        session.input_sizes = session.sizes.len();
        Ok(session)
    }

    /// The type of an array in this case.
    fn resolve(&self, element: Element) -> Option<ElementType> {
        element.resolve(|name| word_of(&self.words, name))
    }

    fn add_input(&mut self, field: &Field, array: &Array) -> Result<(), RunError> {
        let name = field.name.as_str();
        match (&field.length, array) {
            (Length::Scalar, array) => {
                let value = elements::first_integer(array);
                let value = value.ok_or_else(|| RunError::Input(name.to_owned()))?;
                self.sizes.push((name.to_owned(), value));
                return Ok(());
            }
            (Length::Word(_), Array::U8(letters)) => {
                let word = String::from_utf8_lossy(letters).into_owned();
                self.words.push((name.to_owned(), word));
                return Ok(());
            }
            _ => {}
        }
        let bytes = elements::to_bytes(array);
        self.hold_limit(name, bytes.len() as u64)?;
        let address = self.device.allocate(bytes.len() as u64, name)?;
        let length = array.len() as u64;
        self.memories
            .add_input(name, address, array.element_type(), length);
        self.device.write(address, &bytes)?;
        self.device.protect(address);
        self.sizes.push((length_name(name), length as i64));
        Ok(())
    }

    /// Runs the plan's steps once. Gives the nanoseconds that they took, if the device has a clock; what an earlier round
    /// wrote is worthless before it begins.
    ///
    /// # Errors
    /// See [`RunError`].
    pub fn round(&mut self) -> Result<Option<f64>, RunError> {
        self.sizes.truncate(self.input_sizes);
        self.rounds_left = self.limits.rounds;
        self.memories.begin_round(self.device)?;
        self.device.synchronise()?;
        self.device.settle()?;
        let from = self.device.mark()?;
        self.steps(&self.plan.steps)?;
        let to = self.device.mark()?;
        self.device.synchronise()?;
        Ok(self.device.elapsed(from, to)?)
    }

    /// Launches kernels of another module from now on: the same file loaded once more, which has forgotten whatever an
    /// earlier round kept in its variables.
    pub fn use_module(&mut self, module: ModuleId) {
        self.module = module;
    }

    /// What the last round wrote.
    ///
    /// # Errors
    /// If a count is out of range, or the device fails.
    pub fn outputs(&mut self) -> Result<Arrays, RunError> {
        let mut outputs = Arrays::new();
        for field in &self.interface.outputs {
            let Some(memory) = self.memories.get(&field.name).cloned() else {
                continue; // optional, and no launch took it
            };
            let stated = self
                .plan
                .outputs
                .iter()
                .find(|o| o.name.value == field.name);
            let used = match stated.and_then(|output| output.count.as_ref()) {
                None => memory.length,
                Some(count) => {
                    let count = self.first_of(count)?;
                    let fits = u64::try_from(count).ok().filter(|c| *c <= memory.length);
                    fits.ok_or_else(|| RunError::Count {
                        output: field.name.clone(),
                        count,
                        room: memory.length,
                    })?
                }
            };
            let mut bytes = vec![0; used as usize * memory.element.bytes()];
            self.device.read(memory.address, &mut bytes)?;
            outputs.set(&field.name, elements::from_bytes(memory.element, &bytes));
        }
        Ok(outputs)
    }

    fn steps(&mut self, steps: &'a [Step]) -> Result<(), RunError> {
        steps.iter().try_for_each(|step| match &step.repeat {
            None => self.once(step),
            Some(repeat) => self.repeated(step, repeat),
        })
    }

    fn repeated(&mut self, step: &'a Step, repeat: &'a Repeat) -> Result<(), RunError> {
        let times = self.evaluate(&repeat.times.value, repeat.times.place)?;
        let index = self.sizes.len();
        self.sizes.push((repeat.index.clone(), 0));
        for round in 0..times {
            self.count_round()?;
            if !self.goes_on(repeat)? {
                self.sizes.remove(index);
                return Ok(());
            }
            self.sizes[index].1 = round;
            self.once(step)?;
        }
        let unfinished = repeat.condition.is_some() && self.goes_on(repeat)?;
        self.sizes.remove(index);
        match &repeat.condition {
            Some(condition) if unfinished => Err(RunError::Unfinished {
                condition: condition.value.clone(),
                rounds: times,
            }),
            _ => Ok(()),
        }
    }

    fn goes_on(&mut self, repeat: &Repeat) -> Result<bool, RunError> {
        match &repeat.condition {
            Some(condition) => Ok(self.first_of(condition)? != 0),
            None => Ok(true),
        }
    }

    fn once(&mut self, step: &'a Step) -> Result<(), RunError> {
        match &step.body {
            Body::Launch(launch) => self.launch(launch)?,
            Body::Steps(steps) => self.steps(steps)?,
        }
        for (one, other) in &step.swap {
            self.swap(one, other)?;
        }
        for name in &step.read {
            let value = self.first_of(name)?;
            // A later reading replaces an earlier one, so that loops do not pile them up.
            let input_sizes = self.input_sizes;
            let known = self.sizes[input_sizes..]
                .iter_mut()
                .find(|(key, _)| *key == name.value);
            match known {
                Some((_, old)) => *old = value,
                None => self.sizes.push((name.value.clone(), value)),
            }
        }
        Ok(())
    }

    fn swap(&mut self, one: &At<String>, other: &At<String>) -> Result<(), RunError> {
        let (first, second) = (self.memory(one)?, self.memory(other)?);
        if first.length != second.length {
            let (a, b) = (&one.value, &other.value);
            let reason = format!("`{a}` and `{b}` are not of one length and cannot change names");
            return Err(self.plan.error(other.place, reason).into());
        }
        let swapped = self.memories.swap(&one.value, &other.value);
        debug_assert!(swapped.is_some(), "both were just made");
        Ok(())
    }

    fn launch(&mut self, launch: &'a Launch) -> Result<(), RunError> {
        self.count_round()?;
        let grid = self.dimensions(&launch.grid, "grid")?;
        let block = self.dimensions(&launch.block, "block")?;
        let shared_bytes = match &launch.shared {
            Some(shared) => self.small(shared, "shared")?,
            None => 0,
        };
        // All memory is made, even for a launch of nothing, so that outputs of no elements are there.
        let arguments = launch.arguments.iter();
        let arguments: Vec<Vec<u8>> = arguments
            .map(|argument| self.argument(argument))
            .collect::<Result<_, _>>()?;
        if grid.contains(&0) {
            return Ok(());
        }
        let At { value, place } = &launch.entry;
        let entry = value.resolve(|name| {
            let word = word_of(&self.words, name).map(str::to_owned);
            word.or_else(|| Some(self.size(name, *place).ok()?.to_string()))
        });
        let entry = entry.map_err(|name| {
            let reason = format!("`{name}` is not known here");
            self.plan.error(*place, reason)
        })?;
        let launch = LaunchOf {
            entry: &entry,
            grid,
            block,
            shared_bytes,
            arguments: &arguments,
        };
        Ok(self.device.launch(self.module, &launch)?)
    }

    fn argument(&mut self, argument: &At<Argument>) -> Result<Vec<u8>, RunError> {
        let (scalar, value) = match &argument.value {
            Argument::Name(name) if self.is_memory(name) => {
                let name = At {
                    value: name.clone(),
                    place: argument.place,
                };
                let memory = self.memory(&name)?;
                return Ok(memory.address.0.to_le_bytes().to_vec());
            }
            Argument::Name(name) => (ScalarType::I32, self.size(name, argument.place)?),
            Argument::Scalar(scalar, expression) => {
                (*scalar, self.evaluate(expression, argument.place)?)
            }
        };
        scalar.to_bytes(value).ok_or_else(|| {
            let wider = match scalar {
                ScalarType::I32 => ": pass it as i64(...), to a `long long`",
                _ => "",
            };
            let reason = format!("{value} does not fit {scalar}{wider}");
            self.plan.error(argument.place, reason).into()
        })
    }

    fn is_memory(&self, name: &str) -> bool {
        let is_buffer = self.plan.buffers.iter().any(|b| b.name.value == name);
        let is_output = self.interface.outputs.iter().any(|o| o.name == name);
        is_buffer || is_output || self.memories.get(name).is_some()
    }

    /// The memory that a name denotes, made and filled if this round has not used it yet.
    fn memory(&mut self, name: &At<String>) -> Result<Memory, RunError> {
        if let Some(memory) = self.memories.get(&name.value) {
            return Ok(memory.clone());
        }
        let plan = self.plan;
        if let Some(buffer) = plan.buffers.iter().find(|b| b.name.value == name.value) {
            let length = self.length(&buffer.length)?;
            let memory = self.make(&name.value, buffer.element, length)?;
            let element = buffer
                .fill
                .and_then(|fill| fill_bytes(buffer.element, fill));
            if let Some(element) = element {
                self.device.fill(memory.address, &element, memory.length)?;
            }
            return Ok(memory);
        }
        let interface = self.interface;
        let field = interface.outputs.iter().find(|o| o.name == name.value);
        let field = field.ok_or_else(|| {
            let reason = format!("`{}` is neither a buffer nor an output", name.value);
            plan.error(name.place, reason)
        })?;
        let length = match &field.length {
            Length::Scalar => 1,
            Length::Word(_) => 0, // no output is one
            Length::Of(length) => self.length(&At {
                value: length.clone(),
                place: name.place,
            })?,
            Length::Any => {
                let stated = plan.outputs.iter().find(|o| o.name.value == name.value);
                let stated = stated.ok_or_else(|| {
                    let reason = format!("`{}` needs an [[output]] with a length", name.value);
                    plan.error(name.place, reason)
                })?;
                self.length(&stated.length)?
            }
        };
        let element = self.resolve(field.element);
        let element = element.ok_or_else(|| RunError::Input(name.value.clone()))?;
        self.make(&name.value, element, length)
    }

    fn make(&mut self, name: &str, element: ElementType, length: u64) -> Result<Memory, RunError> {
        self.hold_limit(name, length.saturating_mul(element.bytes() as u64))?;
        Ok(self.memories.make(self.device, name, element, length)?)
    }

    fn hold_limit(&self, name: &str, more: u64) -> Result<(), RunError> {
        let bytes = self.memories.bytes_beside(name).saturating_add(more);
        if bytes <= self.limits.bytes {
            return Ok(());
        }
        Err(RunError::TooMuchMemory {
            name: name.to_owned(),
            bytes,
            limit: self.limits.bytes,
        })
    }

    fn first_of(&mut self, name: &At<String>) -> Result<i64, RunError> {
        let memory = self.memory(name)?;
        let mut bytes = vec![0; memory.element.bytes()];
        if memory.length > 0 {
            self.device.read(memory.address, &mut bytes)?;
        }
        let first = elements::first_integer(&elements::from_bytes(memory.element, &bytes));
        first.filter(|_| memory.length > 0).ok_or_else(|| {
            let reason = format!("`{}` has no integer to read", name.value);
            self.plan.error(name.place, reason).into()
        })
    }

    fn count_round(&mut self) -> Result<(), RunError> {
        let left = self.rounds_left.checked_sub(1);
        self.rounds_left = left.ok_or(RunError::TooManyRounds(self.limits.rounds))?;
        Ok(())
    }

    fn size(&self, name: &str, place: Place) -> Result<i64, RunError> {
        let found = self.sizes.iter().rev().find(|(key, _)| key == name);
        let found = found.map(|(_, value)| *value);
        found.ok_or_else(|| {
            let reason = format!("`{name}` is not known here");
            self.plan.error(place, reason).into()
        })
    }

    fn evaluate(&self, expression: &Expression, place: Place) -> Result<i64, RunError> {
        expression
            .evaluate(&|name| self.size(name, place).ok())
            .map_err(|error| self.plan.error(place, error.to_string()).into())
    }

    fn length(&self, length: &At<Expression>) -> Result<u64, RunError> {
        let value = self.evaluate(&length.value, length.place)?;
        u64::try_from(value).map_err(|_| {
            let reason = format!("the length {} is {value} here", length.value);
            self.plan.error(length.place, reason).into()
        })
    }

    /// A size of a launch.
    fn small(&self, expression: &At<Expression>, what: &str) -> Result<u32, RunError> {
        let value = self.evaluate(&expression.value, expression.place)?;
        u32::try_from(value)
            .ok()
            .filter(|value| *value <= i32::MAX as u32)
            .ok_or_else(|| {
                let reason = format!("`{what}`: {} is {value} here", expression.value);
                self.plan.error(expression.place, reason).into()
            })
    }

    fn dimensions(
        &self,
        expressions: &[At<Expression>; 3],
        what: &str,
    ) -> Result<[u32; 3], RunError> {
        let mut dimensions = [0; 3];
        for (dimension, expression) in dimensions.iter_mut().zip(expressions) {
            *dimension = self.small(expression, what)?;
        }
        Ok(dimensions)
    }
}

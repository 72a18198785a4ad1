//! Holding a plan against what goes into and comes out of a problem, before anything runs.

use vocabulary::{Element, ElementType, Expression, Value};

use super::place::{At, Place, PlanError};
use super::{Argument, Body, Launch, Plan, Step, length_name};

/// What goes into a kernel and must come out of it: the array form of a problem.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interface {
    /// What is given.
    pub inputs: Vec<Field>,
    /// What is asked for.
    pub outputs: Vec<Field>,
}

/// An array of the array form.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The type of its elements.
    pub element: Element,
    /// How many there are.
    pub length: Length,
    /// Whether an output may be left out.
    pub optional: bool,
}

/// How many elements an array has.
#[derive(Clone, Debug, PartialEq)]
pub enum Length {
    /// One. An input like that is a size, and is passed by value.
    Scalar,
    /// The letters of one of these words. No kernel is passed it: types and names of entries depend on it.
    Word(&'static [&'static str]),
    /// As many as the sizes say.
    Of(Expression),
    /// Any number; of an output the plan says how much room it needs.
    Any,
}

impl Interface {
    /// The input or output of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        let mut fields = self.inputs.iter().chain(&self.outputs);
        fields.find(|field| field.name == name)
    }
}

impl Plan {
    /// Whether every name is known where it stands, every output made, and every exchange possible.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place and the mend.
    pub fn check(&self, interface: &Interface) -> Result<(), PlanError> {
        let mut check = Check::new(self, interface);
        check.takes()?;
        check.declarations()?;
        check.steps(&self.steps)?;
        check.results()
    }
}

impl Plan {
    /// The values that a size or word in the name of an entry can have.
    pub(super) fn values_in_entry(&self, interface: &Interface, name: &str) -> Option<Vec<String>> {
        if let Some(taken) = self.takes.of(name) {
            return Some(taken.iter().map(|at| at.value.to_string()).collect());
        }
        let field = interface.inputs.iter().find(|field| field.name == name)?;
        match field.length {
            Length::Word(all) => Some(all.iter().map(ToString::to_string).collect()),
            _ => None,
        }
    }
}

/// What is known while a plan is read from top to bottom.
struct Check<'a> {
    plan: &'a Plan,
    interface: &'a Interface,
    /// The names of sizes.
    sizes: Vec<String>,
    /// The arrays and buffers that some launch took.
    made: Vec<&'a str>,
}

impl<'a> Check<'a> {
    fn new(plan: &'a Plan, interface: &'a Interface) -> Self {
        let sizes = interface
            .inputs
            .iter()
            .filter_map(|field| match field.length {
                Length::Word(_) => None,
                Length::Scalar => Some(field.name.clone()),
                _ => Some(length_name(&field.name)),
            });
        Check {
            plan,
            interface,
            sizes: sizes.collect(),
            made: Vec::new(),
        }
    }

    fn takes(&self) -> Result<(), PlanError> {
        for (At { value: name, place }, taken) in &self.plan.takes.0 {
            let field = self
                .interface
                .inputs
                .iter()
                .find(|field| field.name == *name);
            match field.map(|field| &field.length) {
                Some(Length::Scalar) => {
                    let is_word = |at: &&At<Value>| matches!(at.value, Value::Word(_));
                    if let Some(word) = taken.iter().find(is_word) {
                        let reason = format!("`{name}` is an integer, not `{}`", word.value);
                        return Err(self.plan.error(word.place, reason));
                    }
                }
                Some(Length::Word(all)) => {
                    let is_known = |at: &At<Value>| all.contains(&at.value.to_string().as_str());
                    if let Some(unknown) = taken.iter().find(|at| !is_known(at)) {
                        let all = all.join(", ");
                        let reason = format!("`{name}` is one of {all}, not `{}`", unknown.value);
                        return Err(self.plan.error(unknown.place, reason));
                    }
                }
                _ => {
                    let inputs = self.interface.inputs.iter();
                    let known = inputs
                        .filter(|field| matches!(field.length, Length::Scalar | Length::Word(_)));
                    let known: Vec<&str> = known.map(|field| &*field.name).collect();
                    let known = known.join(", ");
                    let reason =
                        format!("`{name}` is no size or word of the input: there are {known}");
                    return Err(self.plan.error(*place, reason));
                }
            }
        }
        Ok(())
    }

    fn declarations(&self) -> Result<(), PlanError> {
        let mut names: Vec<&str> = Vec::new();
        for At { value, place } in self.plan.buffers.iter().map(|buffer| &buffer.name) {
            if self.interface.field(value).is_some() || names.contains(&value.as_str()) {
                let reason = format!("`{value}` is there already: give the buffer another name");
                return Err(self.plan.error(*place, reason));
            }
            names.push(value);
        }
        for output in &self.plan.outputs {
            let At { value, place } = &output.name;
            let field = self
                .interface
                .outputs
                .iter()
                .find(|field| &field.name == value);
            let reason = match field.map(|field| &field.length) {
                Some(Length::Any) => None,
                Some(_) => Some(format!(
                    "the problem states the length of `{value}`: drop the [[output]]"
                )),
                None => {
                    let outputs = self.interface.outputs.iter().map(|field| &*field.name);
                    let outputs = outputs.collect::<Vec<_>>().join(", ");
                    Some(format!("`{value}` is no output: there are {outputs}"))
                }
            };
            if let Some(reason) = reason {
                return Err(self.plan.error(*place, reason));
            }
            if let Some(count) = &output.count {
                self.integer_buffer(count)?;
            }
        }
        Ok(())
    }

    fn steps(&mut self, steps: &'a [Step]) -> Result<(), PlanError> {
        steps.iter().try_for_each(|step| self.step(step))
    }

    fn step(&mut self, step: &'a Step) -> Result<(), PlanError> {
        let before = self.sizes.len();
        if let Some(repeat) = &step.repeat {
            self.expression(&repeat.times)?;
            if let Some(condition) = &repeat.condition {
                self.integer_buffer(condition)?;
            }
            self.sizes.push(repeat.index.clone());
        }
        match &step.body {
            Body::Launch(launch) => self.launch(launch)?,
            Body::Steps(steps) => self.steps(steps)?,
        }
        for (one, other) in &step.swap {
            self.swap(one, other)?;
        }
        // The index ends with its loop; what was read inside is known from then on.
        if step.repeat.is_some() {
            self.sizes.remove(before);
        }
        for name in &step.read {
            self.integer_buffer(name)?;
            self.sizes.push(name.value.clone());
        }
        Ok(())
    }

    fn launch(&mut self, launch: &'a Launch) -> Result<(), PlanError> {
        let At {
            value: entry,
            place,
        } = &launch.entry;
        entry.names().try_for_each(|name| {
            let values = self.plan.values_in_entry(self.interface, name);
            values.map(drop).ok_or_else(|| {
                let reason = format!(
                    "`{{{name}}}` has no list of values: it must be a word of the input, or an integer whose values \
                     stand in `takes`"
                );
                self.plan.error(*place, reason)
            })
        })?;
        let expressions = launch.grid.iter().chain(&launch.block);
        for expression in expressions.chain(&launch.shared) {
            self.expression(expression)?;
        }
        for argument in &launch.arguments {
            match &argument.value {
                Argument::Name(name) => self.name(name, argument.place)?,
                Argument::Scalar(_, expression) => {
                    self.names_of(expression, argument.place)?;
                }
            }
        }
        Ok(())
    }

    /// A name alone: memory, whose length must be known when it is made, or a size.
    fn name(&mut self, name: &'a str, place: Place) -> Result<(), PlanError> {
        if let Some(buffer) = self.plan.buffers.iter().find(|b| b.name.value == name) {
            self.made.push(name);
            return self.expression(&buffer.length);
        }
        let Some(field) = self.interface.field(name) else {
            return self.known(name, place);
        };
        let is_output = self
            .interface
            .outputs
            .iter()
            .any(|output| output.name == name);
        self.made.push(name);
        if !is_output || field.length != Length::Any {
            return Ok(());
        }
        match self.plan.outputs.iter().find(|o| o.name.value == name) {
            Some(output) => self.expression(&output.length),
            None => {
                let reason = format!(
                    "the problem does not state how long `{name}` is: add [[output]] name = \"{name}\" with a length"
                );
                Err(self.plan.error(place, reason))
            }
        }
    }

    fn expression(&self, expression: &At<Expression>) -> Result<(), PlanError> {
        self.names_of(&expression.value, expression.place)
    }

    fn names_of(&self, expression: &Expression, place: Place) -> Result<(), PlanError> {
        let mut names = expression.names().into_iter();
        names.try_for_each(|name| self.known(name, place))
    }

    fn known(&self, name: &str, place: Place) -> Result<(), PlanError> {
        if self.sizes.iter().any(|size| size == name) {
            return Ok(());
        }
        let is_buffer = self.plan.buffers.iter().any(|b| b.name.value == name);
        let reason = if is_buffer {
            format!("`{name}` is no size here: put it under `read` of the launch that writes it")
        } else {
            let known = self.sizes.join(", ");
            format!("`{name}` is not known here; sizes are {known}")
        };
        Err(self.plan.error(place, reason))
    }

    /// The type of a scratch buffer or output.
    fn written(&self, name: &At<String>) -> Result<Element, PlanError> {
        let buffer = self
            .plan
            .buffers
            .iter()
            .find(|b| b.name.value == name.value);
        let output = self.interface.outputs.iter().find(|o| o.name == name.value);
        let element = buffer
            .map(|buffer| Element::Of(buffer.element))
            .or(output.map(|output| output.element));
        element.ok_or_else(|| {
            let reason = format!(
                "`{}` is no buffer: add a [[buffer]] of that name",
                name.value
            );
            self.plan.error(name.place, reason)
        })
    }

    fn integer_buffer(&self, name: &At<String>) -> Result<(), PlanError> {
        match self.written(name)? {
            Element::Of(ElementType::I32 | ElementType::U32 | ElementType::I64) => Ok(()),
            _ => {
                let reason = format!("`{}` must be of type i32, u32 or i64", name.value);
                Err(self.plan.error(name.place, reason))
            }
        }
    }

    fn swap(&self, one: &At<String>, other: &At<String>) -> Result<(), PlanError> {
        if self.written(one)? == self.written(other)? {
            return Ok(());
        }
        let reason = format!(
            "`{}` and `{}` are of different types and cannot change names",
            one.value, other.value
        );
        Err(self.plan.error(other.place, reason))
    }

    fn results(&self) -> Result<(), PlanError> {
        for output in self
            .interface
            .outputs
            .iter()
            .filter(|output| !output.optional)
        {
            if !self.made.contains(&output.name.as_str()) {
                let place = self.plan.launches()[0].entry.place;
                let reason = format!("no launch takes the output `{}`", output.name);
                return Err(self.plan.error(place, reason));
            }
        }
        Ok(())
    }
}

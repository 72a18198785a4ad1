//! Holding a plan against the kernels of a compiled file: do they exist, and do they take what they are given?
//!
//! ```text
//! .visible .entry largest_of_window(
//!     .param .u64 largest_of_window_param_0,
//!     .param .u32 largest_of_window_param_1
//! )
//! ```

use super::place::PlanError;
use super::{Argument, Interface, Launch, Length, Plan};

/// A kernel of a compiled file and the bytes that each of its parameters takes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry<'a> {
    name: &'a str,
    parameters: Vec<u64>,
}

impl Plan {
    /// Whether the kernels that the plan launches are in a PTX, with parameters as wide as the arguments.
    ///
    /// # Errors
    /// The first launch that does not fit, with its place and the mend.
    pub fn check_entries(&self, interface: &Interface, ptx: &str) -> Result<(), PlanError> {
        let entries = entries(ptx);
        let mut launches = self.launches().into_iter();
        launches.try_for_each(|launch| self.check_launch(interface, &entries, launch))
    }

    fn check_launch(
        &self,
        interface: &Interface,
        entries: &[Entry<'_>],
        launch: &Launch,
    ) -> Result<(), PlanError> {
        let names = self.entry_names(interface, launch);
        names
            .iter()
            .try_for_each(|name| self.check_entry(interface, entries, launch, name))
    }

    /// The names that the entry of a launch has in one case or another.
    fn entry_names(&self, interface: &Interface, launch: &Launch) -> Vec<String> {
        let entry = &launch.entry.value;
        let mut choices: Vec<Vec<(&str, String)>> = vec![Vec::new()];
        for name in entry.names() {
            let values = self.values_in_entry(interface, name).unwrap_or_default();
            let longer = choices.iter().flat_map(|choice| {
                let with = |value: &String| [choice.as_slice(), &[(name, value.clone())]].concat();
                values.iter().map(with).collect::<Vec<_>>()
            });
            choices = longer.collect();
        }
        let named = choices.iter().filter_map(|choice| {
            let value_of = |name: &str| {
                let found = choice.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| value.clone())
            };
            entry.resolve(value_of).ok()
        });
        named.collect()
    }

    fn check_entry(
        &self,
        interface: &Interface,
        entries: &[Entry<'_>],
        launch: &Launch,
        name: &str,
    ) -> Result<(), PlanError> {
        let place = launch.entry.place;
        let Some(entry) = entries.iter().find(|entry| entry.name == name) else {
            let known: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
            let known = known.join(", ");
            let reason = format!(
                "there is no kernel `{name}`; there are {known} (declare it extern \"C\" __global__)"
            );
            return Err(self.error(place, reason));
        };
        let (given, taken) = (launch.arguments.len(), entry.parameters.len());
        if given != taken {
            let reason = format!("`{name}` takes {taken} arguments and is given {given}");
            return Err(self.error(place, reason));
        }
        for (argument, taken) in launch.arguments.iter().zip(&entry.parameters) {
            let (given, what) = self.width(interface, &argument.value);
            if given != *taken {
                let reason = format!(
                    "`{name}` takes {taken} bytes here and is given {what} of {given}: write i32(...) for an int, \
                     i64(...) for a long long, the name of an array or buffer for a pointer"
                );
                return Err(self.error(argument.place, reason));
            }
        }
        Ok(())
    }

    /// The bytes that an argument takes, and what it is.
    fn width(&self, interface: &Interface, argument: &Argument) -> (u64, &'static str) {
        match argument {
            Argument::Scalar(scalar, _) => (scalar.bytes() as u64, "an integer"),
            Argument::Name(name) => {
                let is_buffer = self.buffers.iter().any(|b| &b.name.value == name);
                let is_output = interface.outputs.iter().any(|field| &field.name == name);
                let mut inputs = interface.inputs.iter();
                let is_array =
                    inputs.any(|field| &field.name == name && field.length != Length::Scalar);
                match is_buffer || is_output || is_array {
                    true => (8, "an address"),
                    false => (4, "an integer"),
                }
            }
        }
    }
}

/// The kernels that a PTX defines.
fn entries(ptx: &str) -> Vec<Entry<'_>> {
    // No string of a PTX, and no comment of a compiler, holds the word.
    ptx.split(".entry ").skip(1).filter_map(entry).collect()
}

fn entry(text: &str) -> Option<Entry<'_>> {
    let end = text.find(|c: char| c == '(' || c == '{' || c.is_whitespace())?;
    let (name, rest) = text.split_at(end);
    let parameters = match rest.trim_start().strip_prefix('(') {
        None => "",
        Some(list) => list.split_once(')')?.0,
    };
    let parameters = parameters.split(',').filter_map(parameter).collect();
    Some(Entry { name, parameters })
}

/// The bytes of `.param .u64 .ptr .align 1 name` or `.param .align 8 .b8 name[24]`.
fn parameter(text: &str) -> Option<u64> {
    let mut bytes = None;
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        match word.strip_prefix('.') {
            Some("align") => {
                words.next();
            }
            Some(word) => {
                let width = word.trim_start_matches(|c: char| c.is_ascii_lowercase());
                bytes = bytes.or(width.parse::<u64>().ok().map(|bits| bits / 8));
            }
            None => {
                let count = word.split_once('[').and_then(|(_, rest)| {
                    let count = rest.trim_end_matches(']');
                    count.parse::<u64>().ok()
                });
                bytes = bytes.map(|bytes| bytes * count.unwrap_or(1));
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_as_wide_as_their_types_say() {
        let ptx = "\
.visible .entry first(
\t.param .u64 .ptr .global .align 1 first_param_0,
\t.param .u32 first_param_1,
\t.param .align 8 .b8 first_param_2[24]
)
{ ret; }
.visible .entry second()
{ ret; }
.entry third
{ ret; }";
        let found = entries(ptx);
        let names: Vec<&str> = found.iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["first", "second", "third"]);
        assert_eq!(found[0].parameters, [8, 4, 24]);
        assert!(found[1].parameters.is_empty() && found[2].parameters.is_empty());
    }
}

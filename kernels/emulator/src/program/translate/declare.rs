//! The names of a function: registers, variables, parameters, labels.

use super::function::{FunctionTranslator, Symbol, Translation};
use super::operands::{HALVES, class_of};
use crate::machine::registers::Class;
use crate::program::draft::Register;
use crate::program::layout::Transferred;
use crate::syntax::{ParseError, Space, StatementKind, Type};
use std::collections::HashMap;

impl<'m> FunctionTranslator<'m, '_> {
    pub(super) fn declare(&mut self) -> Translation {
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
    pub(super) fn declare_halves(
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
}

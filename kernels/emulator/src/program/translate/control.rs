//! Branches, calls, and ends.

use super::function::{FunctionTranslator, Symbol, Translation};
use crate::machine::registers::Class;
use crate::program::draft::Draft;
use crate::program::operations::Name;
use crate::program::step::{Action, Builtin, Call, CallTarget, Kind, Transfer};
use crate::syntax::{Operand, Type};

impl FunctionTranslator<'_, '_> {
    pub(super) fn control(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        match name.opcode() {
            "bra" => {
                let [Operand::Name(label)] = operands else {
                    return self.error("a branch goes to a label");
                };
                let target = self.label(label)?;
                let mut draft = Draft::new(Action::Branch(0), self.description(Kind::Control));
                draft.target = Some(target);
                self.push(draft);
                Ok(())
            }
            "brx" => {
                let [index, Operand::Name(table)] = operands else {
                    return self.unsupported(name);
                };
                let Some(labels) = self.targets.get(table.as_str()).copied() else {
                    return self.error(format!("there is no list of targets {table}"));
                };
                let targets = labels
                    .iter()
                    .map(|label| self.label(label))
                    .collect::<Translation<Vec<usize>>>()?;
                self.tables.branch_tables.push(targets);
                let number = self.tables.branch_tables.len() as u32 - 1;
                let index = self.source(index, Class::Narrow, Type::U32)?;
                let mut draft = Draft::new(
                    Action::BranchIndexed(number),
                    self.description(Kind::Control),
                );
                draft.a = Some(index);
                self.push(draft);
                Ok(())
            }
            "ret" if !self.function.is_entry => self.simple(Action::Return, Kind::Control),
            "ret" | "exit" => self.simple(Action::Exit, Kind::Control),
            "trap" | "brkpt" => self.simple(Action::Trap, Kind::Control),
            _ => self.call(operands),
        }
    }

    /// `call (results), function, (arguments), prototype;` of which only the function must be there.
    fn call(&mut self, operands: &[Operand]) -> Translation {
        let mut rest = operands;
        let results = match rest {
            [Operand::List(results), later @ ..] => {
                rest = later;
                &results[..]
            }
            _ => &[],
        };
        let [callee, rest @ ..] = rest else {
            return self.error("a call names a function");
        };
        let arguments = match rest {
            [Operand::List(arguments), ..] => &arguments[..],
            _ => &[],
        };
        let arguments = self.transfers(arguments)?;
        let results = self.transfers(results)?;
        let Operand::Name(callee) = callee else {
            return self.error("a call names a function");
        };
        let mut pointer = None;
        let target = match self.symbol(callee) {
            Some(Symbol::Register(register)) if register.class == Class::Wide => {
                self.calls_indirectly = true;
                pointer = Some(register);
                CallTarget::Indirect
            }
            Some(Symbol::Function(index)) => {
                let function = &self.context.module.functions[index];
                if function.is_declaration {
                    match callee.as_str() {
                        "vprintf" => {
                            self.is_communicating = true; // what it prints has an order
                            CallTarget::Builtin(Builtin::Print)
                        }
                        "__assertfail" => CallTarget::Builtin(Builtin::AssertFail),
                        other => {
                            let reason = match other {
                                "malloc" | "free" => {
                                    "memory from the device's heap is not supported"
                                }
                                other
                                    if other.starts_with("cudaLaunch")
                                        || other.starts_with("cudaGetParameter") =>
                                {
                                    "launches from the device are not supported"
                                }
                                _ => "it is declared and nowhere defined",
                            };
                            return self.error(format!("{other}: {reason}"));
                        }
                    }
                } else {
                    if function.parameters.len() != arguments.len()
                        || function.returns.len() != results.len()
                    {
                        return self.error(format!("{callee} takes other parameters"));
                    }
                    self.calls.insert(index);
                    CallTarget::Function(index)
                }
            }
            _ => return self.error(format!("{callee} is no function")),
        };
        self.tables.calls.push(Call {
            target,
            arguments,
            results,
        });
        let number = self.tables.calls.len() as u32 - 1;
        let mut draft = Draft::new(Action::Call(number), self.description(Kind::Control));
        draft.a = pointer;
        self.push(draft);
        Ok(())
    }

    /// Where parameters of a call stand in the frame.
    fn transfers(&mut self, operands: &[Operand]) -> Translation<Vec<Transfer>> {
        let mut transfers = Vec::new();
        for operand in operands {
            let Operand::Name(name) = operand else {
                return self.error("a parameter of a call has a name");
            };
            let Some(Symbol::Frame(place)) = self.symbol(name) else {
                return self.error(format!("{name} is no parameter of a call"));
            };
            let bytes = self.bytes_of(name);
            transfers.push(Transfer { place, bytes });
        }
        Ok(transfers)
    }

    /// The size of a variable that some scope of the function declares, or of a parameter.
    fn bytes_of(&self, name: &str) -> usize {
        let variable = self.enclosing().find_map(|scope| {
            scope
                .variables
                .iter()
                .find(|variable| variable.name == name)
        });
        let parameters = self
            .function
            .parameters
            .iter()
            .chain(&self.function.returns);
        let mut parameters = parameters.filter(|parameter| parameter.name == name);
        match variable {
            Some(variable) => variable.bytes.unwrap_or(0),
            None => parameters.next().map_or(0, |parameter| parameter.bytes),
        }
    }
}

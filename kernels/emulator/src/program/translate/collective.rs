//! What warps and blocks do together.

use super::function::{FunctionTranslator, Translation};
use crate::machine::registers::Class;
use crate::program::draft::Draft;
use crate::program::operations::Name;
use crate::program::step::{Action, Barrier, BarrierReduction, Kind, Reduction, Shuffle, Vote};
use crate::syntax::{Operand, Type};

impl FunctionTranslator<'_, '_> {
    pub(super) fn collective(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        match name.opcode() {
            "membar" | "fence" => {
                if name.has("cluster") && name.has("proxy") {
                    return self.unsupported(name);
                }
                // A fence of the block orders nothing between blocks; what is wider does.
                self.is_communicating |= !name.has("cta");
                self.simple(
                    if name.has("proxy") {
                        Action::Nothing
                    } else {
                        Action::Fence
                    },
                    Kind::Synchronise,
                )
            }
            "nanosleep" => self.simple(Action::Sleep, Kind::Synchronise),
            "activemask" => {
                let [result] = self.exactly(operands)?;
                let mut draft = Draft::new(Action::ActiveMask, self.description(Kind::Warp));
                draft.d = Some(self.destination(result, Class::Narrow)?);
                self.push(draft);
                Ok(())
            }
            "bar" | "barrier" if name.has("warp") => {
                let [members] = self.exactly(operands)?;
                self.with_members(Action::WarpBarrier, Kind::Synchronise, members, |_, _| {
                    Ok(())
                })
            }
            "bar" | "barrier" => self.barrier(name, operands),
            _ if !name.has("sync") => self.error(format!(
                "{} without .sync is not supported since sm_70",
                name.parts.join(".")
            )),
            "shfl" => self.shuffle(name, operands),
            "vote" => {
                let [result, source, members] = self.exactly(operands)?;
                let (vote, class) = match name.parts.iter().find_map(|part| {
                    Some(match part.as_str() {
                        "all" => Vote::All,
                        "any" => Vote::Any,
                        "uni" => Vote::Uniform,
                        "ballot" => Vote::Ballot,
                        _ => return None,
                    })
                }) {
                    Some(Vote::Ballot) => (Vote::Ballot, Class::Narrow),
                    Some(vote) => (vote, Class::Predicate),
                    None => return self.unsupported(name),
                };
                self.with_members(Action::Vote(vote), Kind::Warp, members, |this, draft| {
                    draft.a = Some(this.source(source, Class::Predicate, Type::Predicate)?);
                    draft.d = Some(this.destination(result, class)?);
                    Ok(())
                })
            }
            "match" => {
                let [result, source, members] = self.exactly(operands)?;
                let is_wide = name.last_type().is_some_and(|element| element.bytes() == 8);
                let is_all = name.has("all");
                let (first, second) = parts(result);
                self.with_members(
                    Action::Match { is_all, is_wide },
                    Kind::Warp,
                    members,
                    |this, draft| {
                        let class = if is_wide { Class::Wide } else { Class::Narrow };
                        draft.a = Some(this.source(source, class, Type::B32)?);
                        draft.d = Some(this.destination(first, Class::Narrow)?);
                        draft.e = Some(match second {
                            Some(second) => this.destination(second, Class::Predicate)?,
                            None => this.fresh(Class::Predicate),
                        });
                        Ok(())
                    },
                )
            }
            "redux" => {
                let [result, source, members] = self.exactly(operands)?;
                let is_signed = name.last_type().is_some_and(Type::is_signed);
                let reduction = name.parts.iter().find_map(|part| {
                    Some(match (part.as_str(), is_signed) {
                        ("add", _) => Reduction::Add,
                        ("min", true) => Reduction::MinimumSigned,
                        ("min", false) => Reduction::MinimumUnsigned,
                        ("max", true) => Reduction::MaximumSigned,
                        ("max", false) => Reduction::MaximumUnsigned,
                        ("and", _) => Reduction::And,
                        ("or", _) => Reduction::Or,
                        ("xor", _) => Reduction::Xor,
                        _ => return None,
                    })
                });
                let Some(reduction) = reduction else {
                    return self.unsupported(name);
                };
                if name.last_type().is_none_or(Type::is_float) {
                    return self.unsupported(name);
                }
                self.with_members(
                    Action::Reduce(reduction),
                    Kind::Warp,
                    members,
                    |this, draft| {
                        draft.a = Some(this.source(source, Class::Narrow, Type::B32)?);
                        draft.d = Some(this.destination(result, Class::Narrow)?);
                        Ok(())
                    },
                )
            }
            "elect" => {
                let [result, members] = self.exactly(operands)?;
                let (first, second) = parts(result);
                self.with_members(Action::Elect, Kind::Warp, members, |this, draft| {
                    draft.d = Some(this.destination(first, Class::Narrow)?);
                    draft.e = Some(match second {
                        Some(second) => this.destination(second, Class::Predicate)?,
                        None => this.fresh(Class::Predicate),
                    });
                    Ok(())
                })
            }
            _ => self.unsupported(name),
        }
    }

    /// An instruction that names the lanes that execute it together.
    fn with_members(
        &mut self,
        action: Action,
        kind: Kind,
        members: &Operand,
        fill: impl FnOnce(&mut Self, &mut Draft) -> Translation,
    ) -> Translation {
        let mut draft = Draft::new(action, self.description(kind));
        fill(self, &mut draft)?;
        draft.member = Some(self.source(members, Class::Narrow, Type::B32)?);
        self.push(draft);
        Ok(())
    }

    fn shuffle(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let [result, value, distance, limits, members] = self.exactly(operands)?;
        let way = name.parts.iter().find_map(|part| {
            Some(match part.as_str() {
                "up" => Shuffle::Up,
                "down" => Shuffle::Down,
                "bfly" => Shuffle::Butterfly,
                "idx" => Shuffle::Index,
                _ => return None,
            })
        });
        let Some(way) = way else {
            return self.unsupported(name);
        };
        let (first, second) = parts(result);
        self.with_members(Action::Shuffle(way), Kind::Warp, members, |this, draft| {
            draft.a = Some(this.source(value, Class::Narrow, Type::B32)?);
            draft.b = Some(this.source(distance, Class::Narrow, Type::B32)?);
            draft.c = Some(this.source(limits, Class::Narrow, Type::B32)?);
            draft.d = Some(this.destination(first, Class::Narrow)?);
            draft.e = Some(match second {
                Some(second) => this.destination(second, Class::Predicate)?,
                None => this.fresh(Class::Predicate),
            });
            Ok(())
        })
    }

    /// A cluster has one block: its barrier is one of the block, at which nobody need wait before `wait`.
    fn cluster_barrier(&mut self, name: &Name) -> Translation {
        if name.has("arrive") {
            return self.simple(Action::Fence, Kind::Synchronise);
        }
        let barrier = Barrier {
            has_count: false,
            waits: true,
            is_aligned: name.has("aligned"),
            reduction: None,
        };
        let mut draft = Draft::new(
            Action::Barrier(barrier),
            self.description(Kind::Synchronise),
        );
        draft.a = Some(self.bits(Class::Narrow, crate::machine::CLUSTER_BARRIER as u64));
        self.push(draft);
        Ok(())
    }

    fn barrier(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        if name.has("cluster") {
            return self.cluster_barrier(name);
        }
        let reduction = match name.has("red") {
            false => None,
            true if name.has("popc") => Some(BarrierReduction::Count),
            true if name.has("and") => Some(BarrierReduction::And),
            true if name.has("or") => Some(BarrierReduction::Or),
            true => return self.unsupported(name),
        };
        let (result, rest) = match (reduction, operands) {
            (Some(_), [result, rest @ ..]) => (Some(result), rest),
            (None, rest) => (None, rest),
            _ => return self.unsupported(name),
        };
        let (predicate, rest) = match (reduction, rest) {
            (Some(_), [rest @ .., predicate]) => (Some(predicate), rest),
            (None, rest) => (None, rest),
            _ => return self.unsupported(name),
        };
        let (number, count) = match rest {
            [number] => (number, None),
            [number, count] => (number, Some(count)),
            _ => return self.unsupported(name),
        };
        let barrier = Barrier {
            has_count: count.is_some(),
            waits: !name.has("arrive"),
            is_aligned: name.opcode() == "bar" || name.has("aligned"),
            reduction,
        };
        let mut draft = Draft::new(
            Action::Barrier(barrier),
            self.description(Kind::Synchronise),
        );
        draft.a = Some(self.source(number, Class::Narrow, Type::U32)?);
        if let Some(count) = count {
            draft.b = Some(self.source(count, Class::Narrow, Type::U32)?);
        }
        if let Some(predicate) = predicate {
            draft.c = Some(self.source(predicate, Class::Predicate, Type::Predicate)?);
        }
        if let Some(result) = result {
            let class = match reduction {
                Some(BarrierReduction::Count) => Class::Narrow,
                _ => Class::Predicate,
            };
            draft.d = Some(self.destination(result, class)?);
        }
        self.push(draft);
        Ok(())
    }
}

/// The two results of `a|b`.
fn parts(operand: &Operand) -> (&Operand, Option<&Operand>) {
    match operand {
        Operand::Pair(first, second) => (first, Some(second)),
        only => (only, None),
    }
}

//! Instructions on their way from text to steps: with virtual registers, each its own.

use super::step::{Action, Description};
use crate::machine::registers::Class;

/// A virtual register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Register {
    pub(crate) class: Class,
    /// Its number; no two of a function have the same, whatever their classes.
    pub(crate) id: u32,
}

/// An entry of an instruction's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Read(Register),
    Write(Register),
    /// A number that is no register.
    Number(u32),
    /// A result that nobody wants.
    Nobody,
}

/// An instruction on its way.
pub(crate) struct Draft {
    pub(crate) action: Action,
    pub(crate) guard: Option<(Register, bool)>,
    /// What it writes.
    pub(crate) d: Option<Register>,
    pub(crate) e: Option<Register>,
    /// What it reads.
    pub(crate) a: Option<Register>,
    pub(crate) b: Option<Register>,
    pub(crate) c: Option<Register>,
    /// A register whose slot becomes the instruction's constant.
    pub(crate) member: Option<Register>,
    /// More registers; `e` then says where they begin.
    pub(crate) list: Vec<Item>,
    pub(crate) immediate: i64,
    /// Where a branch goes: a statement.
    pub(crate) target: Option<usize>,
    pub(crate) description: Description,
}

impl Draft {
    pub(crate) fn new(action: Action, description: Description) -> Self {
        Draft {
            action,
            guard: None,
            d: None,
            e: None,
            a: None,
            b: None,
            c: None,
            member: None,
            list: Vec::new(),
            immediate: 0,
            target: None,
            description,
        }
    }

    /// The registers that it reads.
    pub(crate) fn reads(&self) -> impl Iterator<Item = Register> {
        let listed = self.list.iter().filter_map(|item| match item {
            Item::Read(register) => Some(*register),
            _ => None,
        });
        let guard = self.guard.map(|(register, _)| register);
        [self.a, self.b, self.c, self.member, guard]
            .into_iter()
            .flatten()
            .chain(listed)
    }

    /// The registers that it writes.
    pub(crate) fn writes(&self) -> impl Iterator<Item = Register> {
        let listed = self.list.iter().filter_map(|item| match item {
            Item::Write(register) => Some(*register),
            _ => None,
        });
        [self.d, self.e].into_iter().flatten().chain(listed)
    }

    /// Whether it may be part of a straight run: see [`super::step::Step::straight`].
    pub(crate) fn is_plain(&self) -> bool {
        self.guard.is_none() && self.action.is_plain()
    }

    /// Whether control never goes on to the next instruction.
    pub(crate) fn is_end(&self) -> bool {
        self.guard.is_none()
            && matches!(
                self.action,
                Action::Branch(_) | Action::Exit | Action::Return | Action::BranchIndexed(_)
            )
    }
}

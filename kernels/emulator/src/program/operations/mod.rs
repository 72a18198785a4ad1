//! What instructions compute that only compute: from an instruction's name to a function over lanes.

mod bits;
mod compare;
mod convert;
mod float;
mod integer;
mod packed;

use super::step::Kind;
use crate::machine::compute::Operation;
use crate::number::Rounding;
use crate::syntax::Type;

/// An instruction that only computes.
pub(crate) struct Found {
    pub(crate) operation: Operation,
    pub(crate) kind: Kind,
    /// Floating-point operations of a lane.
    pub(crate) operations: u32,
    /// The constant that the function takes.
    pub(crate) immediate: i64,
}

impl Found {
    fn new(operation: Operation, kind: Kind) -> Option<Found> {
        Some(Found {
            operation,
            kind,
            operations: 0,
            immediate: 0,
        })
    }

    fn integer(operation: Operation) -> Option<Found> {
        Found::new(operation, Kind::Integer)
    }

    fn with(operation: Operation, kind: Kind, immediate: i64) -> Option<Found> {
        Some(Found {
            operation,
            kind,
            operations: 0,
            immediate,
        })
    }
}

/// An instruction's name, taken apart.
pub(crate) struct Name<'n> {
    pub(crate) parts: &'n [String],
}

impl<'n> Name<'n> {
    /// The first part.
    pub(crate) fn opcode(&self) -> &'n str {
        &self.parts[0]
    }

    /// Whether a modifier stands in it.
    pub(crate) fn has(&self, modifier: &str) -> bool {
        self.parts[1..].iter().any(|part| part == modifier)
    }

    /// The types in it, in their order.
    pub(crate) fn types(&self) -> Vec<Type> {
        self.parts[1..]
            .iter()
            .filter_map(|part| Type::of_name(part))
            .collect()
    }

    /// The last type in it.
    pub(crate) fn last_type(&self) -> Option<Type> {
        self.types().last().copied()
    }

    /// The rounding in it, of numbers or to integers; to the nearest if there is none.
    pub(crate) fn rounding(&self) -> Rounding {
        self.stated_rounding().unwrap_or(Rounding::NearestEven)
    }

    /// The rounding in it.
    pub(crate) fn stated_rounding(&self) -> Option<Rounding> {
        self.parts[1..].iter().find_map(|part| {
            Some(match part.as_str() {
                "rn" | "rni" => Rounding::NearestEven,
                "rna" => Rounding::NearestAway,
                "rz" | "rzi" => Rounding::Zero,
                "rm" | "rmi" => Rounding::Down,
                "rp" | "rpi" => Rounding::Up,
                _ => return None,
            })
        })
    }
}

/// The function of an instruction, if it only computes.
pub(crate) fn find(name: &Name) -> Option<Found> {
    let element = name.last_type()?;
    match name.opcode() {
        "add" | "sub" | "mul" | "fma" | "mad" | "div" | "rcp" | "sqrt" | "rsqrt" | "ex2"
        | "lg2" | "sin" | "cos" | "tanh" | "abs" | "neg" | "min" | "max" | "copysign"
            if element.is_float() =>
        {
            match element {
                Type::F32 | Type::F64 => float::find(name, element),
                _ => packed::find(name, element),
            }
        }
        "add" | "sub" | "mul" | "mad" | "mul24" | "mad24" | "div" | "rem" | "abs" | "neg"
        | "min" | "max" | "sad" | "addc" | "subc" | "madc" | "dp4a" | "dp2a" | "vabsdiff4" => {
            integer::find(name, element)
        }
        "and" | "or" | "xor" | "not" | "cnot" | "shl" | "shr" | "shf" | "bfe" | "bfi" | "brev"
        | "clz" | "popc" | "bfind" | "prmt" | "lop3" | "mov" | "fns" | "bmsk" | "szext" => {
            bits::find(name, element)
        }
        "setp" | "set" | "selp" | "slct" | "testp" => compare::find(name, element),
        "cvt" | "cvta" => convert::find(name),
        _ => None,
    }
}

/// An [`Operation`] for each rounding.
macro_rules! by_rounding {
    ($rounding:expr, |$name:ident| $operation:expr) => {
        match $rounding {
            Rounding::NearestEven => {
                const $name: Rounding = Rounding::NearestEven;
                $operation
            }
            Rounding::NearestAway => {
                const $name: Rounding = Rounding::NearestAway;
                $operation
            }
            Rounding::Zero => {
                const $name: Rounding = Rounding::Zero;
                $operation
            }
            Rounding::Down => {
                const $name: Rounding = Rounding::Down;
                $operation
            }
            Rounding::Up => {
                const $name: Rounding = Rounding::Up;
                $operation
            }
        }
    };
}
use by_rounding;

/// A table of operations by their type; those without a rule of lines have the common one.
macro_rules! by_type {
    ($element:expr, $($type:pat => $([$rule:expr])? ($($x:ident: $t:ty),*) -> $d:ty $body:block,)*) => {
        match $element {
            $($type => Found::integer(compute!([by_type!(@ $($rule)?)] ($($x: $t),*) -> $d $body)),)*
            _ => None,
        }
    };
    (@) => { Level };
    (@ $rule:expr) => { $rule };
}
use by_type;

/// The machinery that `compute!` needs where it is used.
mod machinery {
    pub(super) use crate::machine::compute::{Compute, Element, Operands, Operation, compute};
    pub(super) use crate::machine::lines::Rule::*;
    pub(super) use crate::machine::lines::Sign::*;
    pub(super) use crate::machine::registers::Class::{self, Narrow, Wide};
    pub(super) use crate::machine::registers::{Registers, WARP};
}

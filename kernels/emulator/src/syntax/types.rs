//! Types and state spaces.

/// A fundamental type: what the last parts of an instruction's name say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the names are PTX's own
pub(crate) enum Type {
    U8,
    U16,
    U32,
    U64,
    S8,
    S16,
    S32,
    S64,
    B8,
    B16,
    B32,
    B64,
    B128,
    F16,
    F16x2,
    BF16,
    BF16x2,
    U16x2,
    S16x2,
    TF32,
    F32,
    F64,
    E4M3x2,
    E5M2x2,
    Predicate,
}

impl Type {
    /// A type by its name, without the dot.
    pub(crate) fn of_name(name: &str) -> Option<Type> {
        Some(match name {
            "u8" => Type::U8,
            "u16" => Type::U16,
            "u32" => Type::U32,
            "u64" => Type::U64,
            "s8" => Type::S8,
            "s16" => Type::S16,
            "s32" => Type::S32,
            "s64" => Type::S64,
            "b8" => Type::B8,
            "b16" => Type::B16,
            "b32" => Type::B32,
            "b64" => Type::B64,
            "b128" => Type::B128,
            "f16" => Type::F16,
            "f16x2" => Type::F16x2,
            "bf16" => Type::BF16,
            "bf16x2" => Type::BF16x2,
            "u16x2" => Type::U16x2,
            "s16x2" => Type::S16x2,
            "tf32" => Type::TF32,
            "f32" => Type::F32,
            "f64" => Type::F64,
            "e4m3x2" => Type::E4M3x2,
            "e5m2x2" => Type::E5M2x2,
            "pred" => Type::Predicate,
            _ => return None,
        })
    }

    /// Its size in memory, in bytes; none for predicates.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Type::Predicate => 0,
            Type::U8 | Type::S8 | Type::B8 => 1,
            Type::U16 | Type::S16 | Type::B16 | Type::F16 | Type::BF16 => 2,
            Type::E4M3x2 | Type::E5M2x2 => 2,
            Type::U32 | Type::S32 | Type::B32 | Type::F32 => 4,
            Type::F16x2 | Type::BF16x2 | Type::TF32 => 4,
            Type::U16x2 | Type::S16x2 => 4,
            Type::U64 | Type::S64 | Type::B64 | Type::F64 => 8,
            Type::B128 => 16,
        }
    }

    /// Whether it is a signed integer.
    pub(crate) fn is_signed(self) -> bool {
        matches!(self, Type::S8 | Type::S16 | Type::S32 | Type::S64)
    }

    /// Whether its values are floating-point numbers.
    pub(crate) fn is_float(self) -> bool {
        use Type::*;
        matches!(self, F16 | F16x2 | BF16 | BF16x2 | TF32 | F32 | F64)
    }
}

/// Where a variable lives, or an access goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Space {
    /// Any of the others, told apart by the address.
    Generic,
    /// Seen by all threads of a launch.
    Global,
    /// Seen by the threads of a block.
    Shared,
    /// Seen by one thread.
    Local,
    /// Read only, set by the host.
    Constant,
    /// Parameters of kernels and functions.
    Parameter,
}

impl Space {
    /// A space by its name, without the dot. A cluster has one block: its shared memory is the block's.
    pub(crate) fn of_name(name: &str) -> Option<Space> {
        Some(match name {
            "global" => Space::Global,
            "shared" | "shared::cta" | "shared::cluster" => Space::Shared,
            "local" => Space::Local,
            "const" => Space::Constant,
            "param" | "param::entry" | "param::func" => Space::Parameter,
            _ => return None,
        })
    }
}

//! What is multiplied: shapes and types.

/// The type of an element of A or B.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Element {
    /// `.f16`
    F16,
    /// `.bf16`
    BF16,
    /// `.tf32`: the lowest 13 bits of a register are ignored.
    TF32,
    /// `.f64`
    F64,
    /// `.e4m3`
    E4M3,
    /// `.e5m2`
    E5M2,
    /// `.s8`
    S8,
    /// `.u8`
    U8,
    /// `.s4`
    S4,
    /// `.u4`
    U4,
}

impl Element {
    /// How many elements a register holds; one of f64 has 64 bits, the others 32.
    #[inline(always)]
    pub const fn packed(self) -> usize {
        match self {
            Element::TF32 | Element::F64 => 1,
            Element::F16 | Element::BF16 => 2,
            Element::E4M3 | Element::E5M2 | Element::S8 | Element::U8 => 4,
            Element::S4 | Element::U4 => 8,
        }
    }

    /// Whether products are summed as integers.
    #[inline(always)]
    pub const fn integral(self) -> bool {
        matches!(self, Element::S8 | Element::U8 | Element::S4 | Element::U4)
    }
}

/// The type of an element of C or D.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Accumulator {
    /// `.f16`, two in a register.
    F16,
    /// `.f32`
    F32,
    /// `.s32`
    S32,
    /// `.f64`
    F64,
}

impl Accumulator {
    /// How many elements a register holds.
    #[inline(always)]
    pub const fn packed(self) -> usize {
        if matches!(self, Accumulator::F16) {
            2
        } else {
            1
        }
    }
}

/// One `mma.sync` or `wmma.mma`: D = A B + C.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operation {
    /// Rows of A and D: 8, 16 or 32.
    pub m: usize,
    /// Columns of B and D: 8, 16 or 32.
    pub n: usize,
    /// Columns of A, rows of B.
    pub k: usize,
    /// The type of A.
    pub a: Element,
    /// The type of B.
    pub b: Element,
    /// The type of C.
    pub c: Accumulator,
    /// The type of D.
    pub d: Accumulator,
    /// `.satfinite` of integers: sums are clamped, not wrapped.
    pub saturate: bool,
}

impl Operation {
    /// The operation with equal types of A and B, and of C and D.
    pub const fn new(
        m: usize,
        n: usize,
        k: usize,
        element: Element,
        accumulator: Accumulator,
    ) -> Operation {
        Operation {
            m,
            n,
            k,
            a: element,
            b: element,
            c: accumulator,
            d: accumulator,
            saturate: false,
        }
    }
}

//! `prmt`: four bytes out of eight.

/// The modes of `prmt.b32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permutation {
    /// No mode: each four bits of the selector choose a byte; the highest of them spreads that byte's sign instead.
    General,
    /// `.f4e`: four bytes upwards from the selected one.
    Forward4,
    /// `.b4e`: four bytes downwards from the selected one.
    Backward4,
    /// `.rc8`: one byte, four times.
    Replicate8,
    /// `.ecl`: bytes 3 to 0, those below the selected one replaced by it.
    ClampLeft,
    /// `.ecr`: bytes 3 to 0, those above the selected one replaced by it.
    ClampRight,
    /// `.rc16`: one half, twice.
    Replicate16,
}

/// `prmt.b32 d, a, b, selector`: bytes 0 to 3 are those of `a`, 4 to 7 those of `b`.
#[inline(always)]
pub fn permute(mode: Permutation, a: u32, b: u32, selector: u32) -> u32 {
    let bytes = (u64::from(b) << 32) | u64::from(a);
    let mut result = 0;
    for place in 0..4 {
        let chosen = selector & 3;
        let index = match mode {
            Permutation::General => selector >> (4 * place),
            Permutation::Forward4 => chosen + place,
            Permutation::Backward4 => chosen.wrapping_sub(place),
            Permutation::Replicate8 => chosen,
            Permutation::ClampLeft => chosen.max(place),
            Permutation::ClampRight => chosen.min(place),
            Permutation::Replicate16 => 2 * (chosen & 1) + (place & 1),
        };
        let byte = (bytes >> (8 * (index & 7))) as u8;
        let spread = (mode == Permutation::General) & (index & 8 != 0);
        let byte = if spread {
            ((byte as i8) >> 7) as u8
        } else {
            byte
        };
        result |= u32::from(byte) << (8 * place);
    }
    result
}

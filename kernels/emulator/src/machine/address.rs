//! How 64 bits name a place: which space, which buffer, which byte.
//!
//! ```text
//! 0x0000'0100'0000'0000 * (buffer + 1) + byte    global: every buffer has a terabyte of its own, so that what runs out of
//!                                                one cannot fall into another
//! 0x4000'0000'0000'0000 + byte                   shared, as a generic address
//! 0x5000'0000'0000'0000 + byte                   local
//! 0x6000'0000'0000'0000 + byte                   constant
//! 0x7000'0000'0000'0000 + byte                   parameters of the kernel
//! 0x2000'0000'0000'0000 + function               functions: to be called, not to be read
//! ```

use crate::syntax::Space;

/// The bits of a byte's place inside a buffer.
pub(crate) const BUFFER_BITS: u32 = 40;

/// Where a space begins in the generic space.
pub(crate) fn window(space: Space) -> u64 {
    match space {
        Space::Generic | Space::Global => 0,
        Space::Shared => 4 << 60,
        Space::Local => 5 << 60,
        Space::Constant => 6 << 60,
        Space::Parameter => 7 << 60,
    }
}

/// The address of a function.
pub(crate) fn of_function(index: usize) -> u64 {
    (2 << 60) + index as u64
}

/// The function at an address.
pub(crate) fn function_at(address: u64) -> Option<usize> {
    (address >> 60 == 2).then_some((address & !(15 << 60)) as usize)
}

/// The space of a generic address, and the address inside it.
#[inline(always)]
pub(crate) fn resolve(address: u64) -> (Space, u64) {
    let space = match address >> 60 {
        4 => Space::Shared,
        5 => Space::Local,
        6 => Space::Constant,
        7 => Space::Parameter,
        _ => return (Space::Global, address),
    };
    (space, address & !(15 << 60))
}

/// The first byte of a buffer.
pub(crate) fn of_buffer(index: usize) -> u64 {
    (index as u64 + 1) << BUFFER_BITS
}

/// The buffer of a global address, and the byte in it.
#[inline(always)]
pub(crate) fn buffer_at(address: u64) -> (usize, u64) {
    let index = (address >> BUFFER_BITS).wrapping_sub(1) as usize;
    (index, address & ((1 << BUFFER_BITS) - 1))
}

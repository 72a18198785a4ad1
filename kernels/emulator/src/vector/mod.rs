//! Words that change places between lanes and memory: plain loops, and twins of them for 256-bit vectors.
//!
//! What a lane has side by side in memory lies apart in registers, lane by lane. A compiler moves it word by word, and then waits
//! for the words to arrive before it reads them as vectors; permutations inside vectors wait for nothing.

use crate::matrix::Lanes;

mod plain;
#[cfg(target_arch = "x86_64")]
pub(crate) mod wide;

/// Asks for the cache line of a place that is read soon, if there is one.
#[inline(always)]
pub(crate) fn fetch<T>(place: *const T) {
    #[cfg(target_arch = "x86_64")]
    wide::fetch(place);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}

/// Calls the twin for wide vectors where the processor has them.
macro_rules! twin {
    ($function:ident($($argument:expr),*)) => {{
        #[cfg(target_arch = "x86_64")]
        if wide::is_available() {
            #[allow(unsafe_code)]
            // SAFETY: `is_available` asks the processor for exactly the features that `wide` is compiled for.
            return unsafe { wide::$function($($argument),*) };
        }
        plain::$function($($argument),*)
    }};
}

/// Up to four registers, from the four words that each lane has side by side.
#[inline(always)]
pub(crate) fn registers_of_rows<const COUNT: usize>(
    row: impl Fn(usize) -> [u32; 4],
    registers: &mut [&mut Lanes; COUNT],
) {
    twin!(registers_of_rows(row, registers));
}

/// Hands out the four words that each lane has in four registers.
#[inline(always)]
pub(crate) fn rows_of_registers(registers: [&Lanes; 4], put: impl FnMut(usize, [u32; 4])) {
    twin!(rows_of_registers(registers, put));
}

/// Of a matrix of 8 by 8 halves, whose rows are four lanes each, the transposed one.
#[inline(always)]
pub(crate) fn transpose_halves(register: &Lanes) -> Lanes {
    twin!(transpose_halves(register))
}

#[cfg(test)]
mod tests;

//! Code for processors with wide vectors: the one place that calls it.

#![allow(unsafe_code)]

use super::access::Way;
use super::compute::{Compute, Operands};
use super::registers::Registers;
use super::room::Room;
use super::trouble::Outcome;
use super::warp::{Fragment, Warp};
use super::worker::{Next, Pause, Worker};
use crate::program::step::{Access, Step};

/// Computes all lanes of a mask.
#[inline(always)]
pub(super) fn compute(run: Compute, registers: &mut Registers, operands: &Operands, mask: u32) {
    // SAFETY: `compute!` takes the function for wide vectors only where `has_wide_vectors` found all features that it is
    // compiled for, and programs do not travel between processors.
    unsafe { run(registers, operands, mask) }
}

/// The loop over instructions, compiled for wide vectors. To be called where `has_wide_vectors` says so.
#[cfg(target_arch = "x86_64")]
pub(super) fn run_wide<const WATCH: bool>(
    worker: &mut Worker<'_, WATCH>,
    warp: &mut Warp,
    room: &mut Room,
) -> Outcome<Pause> {
    #[target_feature(enable = "avx2,fma,f16c,bmi1,bmi2,lzcnt,popcnt")]
    fn run<const WATCH: bool>(
        worker: &mut Worker<'_, WATCH>,
        warp: &mut Warp,
        room: &mut Room,
    ) -> Outcome<Pause> {
        worker.run_here::<true>(warp, room)
    }
    debug_assert!(super::compute::has_wide_vectors());
    // SAFETY: the only caller asked `has_wide_vectors`, which checks exactly these features.
    unsafe { run(worker, warp, room) }
}

/// Makes a function of a worker's method: out of the way of the loop over instructions, and compiled for wide vectors where the
/// loop is.
macro_rules! aside {
    ($(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),*) -> $result:ty { $($method:tt)* }) => {
        $(#[$doc])*
        #[inline(never)]
        pub(super) fn $name<const WATCH: bool, const WIDE: bool>(
            worker: &mut Worker<'_, WATCH>,
            $($argument: $type),*
        ) -> $result {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma,f16c,bmi1,bmi2,lzcnt,popcnt")]
            fn wide<const WATCH: bool, const WIDE: bool>(
                worker: &mut Worker<'_, WATCH>,
                $($argument: $type),*
            ) -> $result {
                worker.$($method)*($($argument),*)
            }
            #[cfg(target_arch = "x86_64")]
            if WIDE {
                // SAFETY: `WIDE` loops run where `has_wide_vectors` said so alone: see `run_wide`.
                return unsafe { wide::<WATCH, WIDE>(worker, $($argument),*) };
            }
            worker.$($method)*($($argument),*)
        }
    };
}

aside! {
    /// Instructions that are rarer, or do more than the loop around them costs.
    fn rare(warp: &mut Warp, room: &mut Room, fragment: &mut Fragment, step: &Step, now: u32) -> Outcome<Next> {
        rare::<WIDE>
    }
}

aside! {
    /// Loads and stores of all kinds.
    fn access(warp: &mut Warp, room: &mut Room, operands: &Operands, access: Access, now: u32, way: Way) -> Outcome {
        access
    }
}

aside! {
    /// Loads and stores of 32 bits whose addresses follow no pattern.
    fn apart(warp: &mut Warp, room: &mut Room, step: &Step, now: u32) -> Outcome {
        apart
    }
}

aside! {
    /// Matrices in registers, by lanes that are all here.
    fn matrix(warp: &mut Warp, room: &mut Room, step: &Step, now: u32) -> Outcome {
        matrix
    }
}

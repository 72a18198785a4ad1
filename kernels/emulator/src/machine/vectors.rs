//! Code for processors with wide vectors: the one place that calls it.

#![allow(unsafe_code)]

use super::compute::{Compute, Operands};
use super::registers::Registers;
use super::room::Room;
use super::trouble::Outcome;
use super::warp::{Fragment, Warp};
use super::worker::{Next, Pause, Worker};
use crate::matrix::{self, Lanes};
use crate::program::step::Step;

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

/// Rare instructions, out of the loop's way; compiled for wide vectors where the loop is.
#[inline(never)]
pub(super) fn rare<const WATCH: bool, const WIDE: bool>(
    worker: &mut Worker<'_, WATCH>,
    warp: &mut Warp,
    room: &mut Room,
    fragment: &mut Fragment,
    step: &Step,
    now: u32,
) -> Outcome<Next> {
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma,f16c,bmi1,bmi2,lzcnt,popcnt")]
    fn wide<const WATCH: bool>(
        worker: &mut Worker<'_, WATCH>,
        warp: &mut Warp,
        room: &mut Room,
        fragment: &mut Fragment,
        step: &Step,
        now: u32,
    ) -> Outcome<Next> {
        worker.rare::<true>(warp, room, fragment, step, now)
    }
    #[cfg(target_arch = "x86_64")]
    if WIDE {
        // SAFETY: `WIDE` loops run where `has_wide_vectors` said so alone: see `run_wide`.
        return unsafe { wide(worker, warp, room, fragment, step, now) };
    }
    worker.rare::<WIDE>(warp, room, fragment, step, now)
}

/// The product of matrices, compiled for wide vectors where the loop is.
#[inline(never)]
pub(super) fn product<const WIDE: bool>(
    operation: &matrix::Operation,
    a: &[Lanes],
    b: &[Lanes],
    c: &[Lanes],
    d: &mut [Lanes],
) {
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma,f16c,bmi1,bmi2,lzcnt,popcnt")]
    fn wide(operation: &matrix::Operation, a: &[Lanes], b: &[Lanes], c: &[Lanes], d: &mut [Lanes]) {
        matrix::multiply(operation, a, b, c, d);
    }
    #[cfg(target_arch = "x86_64")]
    if WIDE {
        // SAFETY: as in `rare`.
        return unsafe { wide(operation, a, b, c, d) };
    }
    matrix::multiply(operation, a, b, c, d);
}

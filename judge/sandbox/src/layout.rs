//! Programs without address-space randomisation: two processes of one program then lie at the same addresses, and which
//! cache lines and branches collide does not change from run to run. For comparing times; programs are judged with it.
#![allow(unsafe_code)]

use std::os::unix::process::CommandExt;
use std::process::Command;

/// What asks for the personality without changing it.
const ASK: libc::c_ulong = 0xffff_ffff;

/// Whether address-space randomisation can be switched off here: containers may forbid it.
#[must_use]
pub fn can_fix_layout() -> bool {
    let before = personality(ASK);
    let could = before >= 0 && fix_self();
    if could {
        // It only counts at the next execution, and this process may execute others.
        personality(before.cast_unsigned().into());
    }
    could
}

/// Has a command started without address-space randomisation, where that can be switched off.
pub fn fix_layout(command: &mut Command) {
    // SAFETY: the closure only calls the system.
    unsafe {
        command.pre_exec(|| {
            fix_self();
            Ok(())
        });
    }
}

/// Switches randomisation off for whatever this thread executes next; says whether that worked.
pub(crate) fn fix_self() -> bool {
    let before = personality(ASK);
    before >= 0
        && personality(
            before.cast_unsigned() as libc::c_ulong | libc::ADDR_NO_RANDOMIZE as libc::c_ulong,
        ) >= 0
}

fn personality(persona: libc::c_ulong) -> i32 {
    // SAFETY: a number only; what it changes is of this thread alone.
    unsafe { libc::personality(persona) }
}

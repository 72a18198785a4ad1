//! Ctrl-C: the first ends the work after the case at hand, with every file whole; the second ends it at once.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::command;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static HANDLER: Once = Once::new();

/// Whether Ctrl-C was pressed.
pub fn was_raised() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// A flag that is set by Ctrl-C from now on.
pub fn flag() -> &'static AtomicBool {
    HANDLER.call_once(|| {
        let handler = || {
            if INTERRUPTED.swap(true, Ordering::Relaxed) {
                std::process::exit(command::INTERRUPTED.into());
            }
            anstream::eprintln!("interrupted: ending after the case at hand; again to end now");
        };
        // Without a handler Ctrl-C ends the process, and every row that was written is whole all the same.
        let _ = ctrlc::set_handler(handler);
    });
    &INTERRUPTED
}

//! Runs untrusted programs under limits, and says truly what ended them and what they used.
//!
//! ```text
//! Sandbox --probe--> Tier                how strong a sandbox this machine allows
//!    `-- Slot       a zygote: a small helper process that has made namespaces and a read-only root, once
//!          `-- run(Command, Limits, Streams) -> Outcome       as often as you like, a fresh inner world each time
//! ```
//!
//! The crate knows nothing of problems and verdicts. An executable that uses it calls [`serve_if_helper`] first in its
//! `main`, so that it can re-execute itself as the helper.
//!
//! ```no_run
//! use sandbox::{Command, Limits, Sandbox, Settings, Streams};
//!
//! sandbox::serve_if_helper();
//! let sandbox = Sandbox::new(Settings { helper: std::env::current_exe()?, allow_unsafe: false })?;
//! let mut slot = sandbox.slot(None)?;
//! let command = Command { program: "/usr/bin/true".into(), ..Command::default() };
//! let outcome = slot.run(&command, &Limits::default(), Streams::default())?;
//! assert_eq!(outcome.exit, sandbox::Exit::Code(0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod command;
mod error;
mod interaction;
mod outcome;
mod tier;

pub use command::{Command, Input, Limits, Mount, Streams};
pub use error::Error;
pub use interaction::{Interaction, Part, Passage, Side};
pub use outcome::{Ended, Exit, MemoryScope, Outcome};
pub use tier::{Obstacle, Probe, Tier};

#[cfg(target_os = "linux")]
mod bare;
#[cfg(target_os = "linux")]
mod board;
#[cfg(target_os = "linux")]
mod cgroup;
#[cfg(target_os = "linux")]
mod channel;
#[cfg(target_os = "linux")]
mod collect;
#[cfg(target_os = "linux")]
mod drain;
#[cfg(target_os = "linux")]
mod input;
#[cfg(target_os = "linux")]
mod interact;
#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod layout;
#[cfg(target_os = "linux")]
mod pin;
#[cfg(target_os = "linux")]
mod polled;
#[cfg(target_os = "linux")]
mod request;
#[cfg(target_os = "linux")]
mod rlimit;
#[cfg(target_os = "linux")]
mod sandbox;
#[cfg(target_os = "linux")]
mod seccomp;
#[cfg(target_os = "linux")]
mod slot;
#[cfg(target_os = "linux")]
mod start;
#[cfg(target_os = "linux")]
mod verdict;
#[cfg(target_os = "linux")]
mod watch;
#[cfg(target_os = "linux")]
mod wire;
#[cfg(target_os = "linux")]
mod zygote;

#[cfg(target_os = "linux")]
pub use interact::interact;
#[cfg(target_os = "linux")]
pub use layout::{can_fix_layout, fix_layout};
#[cfg(target_os = "linux")]
pub use sandbox::{Sandbox, Settings};
#[cfg(target_os = "linux")]
pub use slot::Slot;
#[cfg(target_os = "linux")]
pub use zygote::{HELPER_ARGUMENT, serve_if_helper};

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(not(target_os = "linux"))]
pub use elsewhere::{
    HELPER_ARGUMENT, Sandbox, Settings, Slot, can_fix_layout, fix_layout, interact, serve_if_helper,
};

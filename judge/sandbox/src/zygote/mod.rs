//! The zygote: a small process, re-executed from the helper, that makes the sandbox once and runs program after program in it.
//!
//! ```text
//! judge --(channel)-- zygote              own mount, network, IPC, UTS, cgroup (and user) namespaces; the read-only root
//!                        `-- init         for each run: own process and mount namespaces, empty /scratch and /tmp, own /proc
//!                              `-- program      unprivileged, filtered, limited
//! ```
//!
//! The zygote is re-executed, not forked, so that it is small: a process that executes another hands it its own largest
//! resident set as a floor.

mod child;
mod init;
mod mounts;
mod root;
mod run;
mod scratch;
mod serve;
mod system;

pub(crate) use init::Step;

/// The first argument by which an executable knows that it was started as a sandbox helper.
pub const HELPER_ARGUMENT: &str = "sandbox-zygote";

/// The argument with which an executable only shows that it can be executed.
pub(crate) const PROBE_ARGUMENT: &str = "sandbox-probe";

/// Must be called first in `main()`: if this process was re-executed as a sandbox helper, it serves and never returns.
pub fn serve_if_helper() {
    let Some(argument) = std::env::args_os().nth(1) else {
        return;
    };
    if argument == HELPER_ARGUMENT {
        std::process::exit(serve::serve());
    }
    if argument == PROBE_ARGUMENT {
        std::process::exit(0);
    }
}

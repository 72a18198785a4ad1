//! Resource limits of the calling process.
#![allow(unsafe_code)]

use std::io;

/// What the C library calls the number of a resource.
#[cfg(target_env = "gnu")]
pub(crate) type Resource = libc::__rlimit_resource_t;
/// What the C library calls the number of a resource.
#[cfg(not(target_env = "gnu"))]
pub(crate) type Resource = libc::c_int;

/// Sets the soft and the hard limit of a resource.
pub(crate) fn set(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let limits = libc::rlimit {
        rlim_cur: soft,
        rlim_max: hard,
    };
    // SAFETY: the structure lives through the call.
    if unsafe { libc::setrlimit(resource, &raw const limits) } == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

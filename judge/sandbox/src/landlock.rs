//! Landlock, the second layer: should a mount be missing or a descriptor leak, the rules of paths still hold.
//!
//! Everything below `/` may be read and executed; only `/scratch`, `/tmp` and the devices may be written. TCP is refused,
//! and so are abstract sockets and signals to processes outside the run, where the kernel knows these rules.
#![allow(unsafe_code)]

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

const EXECUTE: u64 = 1 << 0;
const WRITE_FILE: u64 = 1 << 1;
const READ_FILE: u64 = 1 << 2;
const READ_DIR: u64 = 1 << 3;
const MAKE_CHAR: u64 = 1 << 6;
const MAKE_BLOCK: u64 = 1 << 11;
const TRUNCATE: u64 = 1 << 14;

/// The access rights that each version of the interface knows; the first that allows renames between folders is 2.
fn known_rights(version: i64) -> u64 {
    let bits = match version {
        ..=1 => 13,
        2 => 14,
        3 | 4 => 15,
        _ => 16,
    };
    (1 << bits) - 1
}

#[repr(C)]
struct RulesetAttributes {
    files: u64,
    network: u64,
    scoped: u64,
}

#[repr(C, packed)]
struct PathBeneath {
    allowed: u64,
    parent: i32,
}

/// Landlock as this kernel has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Landlock {
    version: i64,
}

impl Landlock {
    /// None where the kernel has no Landlock, or one so old that compilers could not rename their files.
    pub(crate) fn detect() -> Option<Landlock> {
        const VERSION: u32 = 1;
        // SAFETY: with this flag the kernel reads no attributes.
        let version = unsafe {
            libc::syscall(
                libc::SYS_landlock_create_ruleset,
                std::ptr::null::<()>(),
                0_usize,
                VERSION,
            )
        };
        (version >= 2).then_some(Landlock { version })
    }

    /// Rules that allow reading below `root`, using `devices`, and everything but making devices below `writable`.
    pub(crate) fn rules(
        self,
        root: BorrowedFd<'_>,
        devices: BorrowedFd<'_>,
        writable: &[BorrowedFd<'_>],
    ) -> io::Result<OwnedFd> {
        let all = known_rights(self.version);
        let attributes = RulesetAttributes {
            files: all,
            network: if self.version >= 4 { 0b11 } else { 0 },
            scoped: if self.version >= 6 { 0b11 } else { 0 },
        };
        let length = match self.version {
            ..=3 => 8,
            4 | 5 => 16,
            _ => size_of::<RulesetAttributes>(),
        };
        // SAFETY: the structure lives through the call and is at least as long as said.
        let ruleset = unsafe {
            libc::syscall(
                libc::SYS_landlock_create_ruleset,
                &raw const attributes,
                length,
                0_u32,
            )
        };
        if ruleset < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the kernel has just made this descriptor.
        let ruleset =
            unsafe { OwnedFd::from_raw_fd(i32::try_from(ruleset).map_err(io::Error::other)?) };
        let allow = |parent: BorrowedFd<'_>, allowed: u64| {
            const PATH_BENEATH: u32 = 1;
            let rule = PathBeneath {
                allowed,
                parent: parent.as_raw_fd(),
            };
            // SAFETY: the structure lives through the call and has the kernel's layout.
            let result = unsafe {
                libc::syscall(
                    libc::SYS_landlock_add_rule,
                    ruleset.as_raw_fd(),
                    PATH_BENEATH,
                    &raw const rule,
                    0_u32,
                )
            };
            if result < 0 {
                Err(io::Error::last_os_error())
            } else {
                Ok(())
            }
        };
        allow(root, EXECUTE | READ_FILE | READ_DIR)?;
        allow(
            devices,
            READ_FILE | READ_DIR | WRITE_FILE | (TRUNCATE & all),
        )?;
        for folder in writable {
            allow(*folder, all & !(MAKE_CHAR | MAKE_BLOCK))?;
        }
        Ok(ruleset)
    }
}

/// Puts the caller under the rules; it must have no_new_privs.
pub(crate) fn restrict_self(ruleset: i32) -> io::Result<()> {
    // SAFETY: numbers only.
    let result = unsafe { libc::syscall(libc::SYS_landlock_restrict_self, ruleset, 0_u32) };
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

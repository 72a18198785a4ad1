//! The board: one page of memory that slot, zygote and init share, on which the inner ones note figures of the run.
//!
//! The program that runs never sees it: its memory is replaced when it is executed.
#![allow(unsafe_code)]

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicI32, AtomicU32, AtomicU64, Ordering};

use rustix::fs::{MemfdFlags, ftruncate, memfd_create};
use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};

/// The figures of the run that is on, or of the last one.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Figures {
    /// Init's process number in the zygote's own namespace, which is the judge's; 0 while there is none.
    pub(crate) init: AtomicU32,
    /// Which step of starting failed ([`Step`](crate::zygote::Step)); 0: none.
    pub(crate) failed_step: AtomicU32,
    /// The error number of that step.
    pub(crate) error_number: AtomicI32,
    /// 1 once the judge wants the run killed.
    pub(crate) condemned: AtomicU32,
    /// 1 once the program itself has ended.
    pub(crate) ended: AtomicU32,
    /// The program's wait status.
    pub(crate) status: AtomicI32,
    /// Monotonic clock just before the program's process was made.
    pub(crate) started: AtomicU64,
    /// Monotonic clock just after it ended.
    pub(crate) finished: AtomicU64,
    /// CPU time of all waited-for processes of the run.
    pub(crate) children_cpu: AtomicU64,
    /// Largest resident set of one process, in KiB.
    pub(crate) largest_resident: AtomicU64,
    /// The cgroup's CPU time when the run began.
    pub(crate) usage_before: AtomicU64,
    /// CPU time of the run as the zygote reckons it: all of the cgroup less zygote and init.
    pub(crate) cpu: AtomicU64,
}

impl Figures {
    pub(crate) fn clear(&self) {
        for word in [&self.init, &self.failed_step, &self.condemned, &self.ended] {
            word.store(0, Ordering::Relaxed);
        }
        for word in [&self.error_number, &self.status] {
            word.store(0, Ordering::Relaxed);
        }
        for word in [
            &self.started,
            &self.finished,
            &self.children_cpu,
            &self.largest_resident,
            &self.usage_before,
            &self.cpu,
        ] {
            word.store(0, Ordering::Relaxed);
        }
    }
}

const LENGTH: usize = 4096;

/// A mapping of the shared page.
#[derive(Debug)]
pub(crate) struct Board {
    figures: *const Figures,
}

// SAFETY: the page holds nothing but atomics.
unsafe impl Send for Board {}

impl Board {
    /// A new board, and the descriptor by which the zygote maps it too.
    pub(crate) fn new() -> io::Result<(Board, OwnedFd)> {
        let descriptor = memfd_create("judge-board", MemfdFlags::CLOEXEC)?;
        ftruncate(&descriptor, LENGTH as u64)?;
        Ok((Board::map(&descriptor)?, descriptor))
    }

    pub(crate) fn map(descriptor: impl AsFd) -> io::Result<Board> {
        // SAFETY: a fresh mapping at an address of the kernel's choice; the descriptor is a memory file of LENGTH bytes.
        let address = unsafe {
            mmap(
                std::ptr::null_mut(),
                LENGTH,
                ProtFlags::READ | ProtFlags::WRITE,
                MapFlags::SHARED,
                descriptor,
                0,
            )?
        };
        Ok(Board {
            figures: address.cast(),
        })
    }

    pub(crate) fn figures(&self) -> &Figures {
        // SAFETY: the mapping lives as long as self, is page aligned, longer than Figures, zeroed at first, and every
        // bit pattern is a valid atomic.
        unsafe { &*self.figures }
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        // SAFETY: the mapping was made by map() with this length, and figures() borrows cannot outlive self.
        let _ = unsafe { munmap(self.figures.cast_mut().cast(), LENGTH) };
    }
}

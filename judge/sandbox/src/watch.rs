//! Watches one run from outside: drains its output, looks at its use of time, and has it killed when a limit is passed.
//!
//! ```text
//! wait for: output | errors | the zygote's word | the next look at CPU time | the wall limit
//! ```

use std::io;
use std::os::fd::AsFd;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::board::Figures;
use crate::cgroup::{Cgroup, read_usage};
use crate::channel::{Channel, Kind, Message, retry};
use crate::drain::Drain;
use crate::{Ended, Limits, polled};

/// Looks are never closer than this: the limit is kept to the millisecond.
const CLOSEST_LOOK: Duration = Duration::from_millis(1);

/// The CPU time that the sandbox itself takes until the program starts, at most; it is in the cgroup's count.
const OWN_WORK: Duration = Duration::from_millis(2);

/// Without a cgroup memory grows unseen between two looks.
const POLLED_LOOK: Duration = Duration::from_millis(5);

/// How long a killed run may take to vanish before the zygote itself is thought stuck.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the watch saw.
pub(crate) struct Seen {
    /// The limit for which the run was killed.
    pub(crate) killed_for: Option<Ended>,
    /// The zygote's word; none if it died.
    pub(crate) word: Option<Message>,
    /// The largest sum of memory that was seen, where it is polled.
    pub(crate) memory: u64,
}

pub(crate) struct Watch<'a> {
    pub(crate) channel: &'a Channel,
    pub(crate) figures: &'a Figures,
    pub(crate) cgroup: Option<&'a Cgroup>,
    pub(crate) limits: &'a Limits,
    /// CPUs that the run can use at once: how much faster CPU time can pass than time.
    pub(crate) parallel: u32,
    pub(crate) buffer: &'a mut [u8],
}

impl Watch<'_> {
    /// Watches until the zygote says that the run has ended.
    pub(crate) fn run(&mut self, output: &mut Drain, error_output: &mut Drain) -> io::Result<Seen> {
        let begun = Instant::now();
        let mut look = begun + self.until_next_look(0);
        let mut give_up = None;
        let mut seen = Seen {
            killed_for: None,
            word: None,
            memory: 0,
        };
        loop {
            let wall_end = begun + self.limits.wall;
            let next = give_up.unwrap_or_else(|| wall_end.min(look));
            let mut waits = Vec::with_capacity(3);
            waits.push(PollFd::new(self.channel, PollFlags::IN));
            for pipe in [&output.pipe, &error_output.pipe].into_iter().flatten() {
                waits.push(PollFd::new(pipe, PollFlags::IN));
            }
            retry(|| {
                poll(
                    &mut waits,
                    Some(&timespec(next.saturating_duration_since(Instant::now()))),
                )
            })?;
            let word = !waits[0].revents().is_empty();
            let streams = waits[1..].iter().any(|wait| !wait.revents().is_empty());
            drop(waits);

            if word {
                seen.word = self.channel.receive()?;
            }
            if word || streams {
                // Once the run has ended nothing more can come.
                let pieces = if word { usize::MAX } else { 4 };
                output.take(self.buffer, pieces)?;
                error_output.take(self.buffer, pieces)?;
            }
            if word {
                return Ok(seen);
            }
            let now = Instant::now();
            if let Some(end) = give_up {
                if now > end {
                    return Err(io::Error::other("a killed run did not end"));
                }
                continue;
            }
            if self.figures.ended.load(Ordering::Acquire) == 1 {
                // What is left is the sandbox's own work, which shall not be held against the program.
                give_up = Some(now + PATIENCE);
                continue;
            }
            let mut verdict = None;
            if now >= look || now >= wall_end {
                let (cpu, memory) = self.uses()?;
                seen.memory = seen.memory.max(memory);
                look = now + self.until_next_look(cpu);
                if Duration::from_nanos(cpu) > self.limits.cpu + OWN_WORK {
                    verdict = Some(Ended::CpuLimit);
                } else if now >= wall_end {
                    verdict = Some(Ended::WallLimit);
                } else if memory > self.limits.memory {
                    verdict = Some(Ended::MemoryLimit);
                }
            }
            if let (Some(Ended::CpuLimit | Ended::WallLimit), Some(cgroup)) =
                (&verdict, self.cgroup)
                && cgroup.thrashes()?
            {
                verdict = Some(Ended::MemoryLimit);
            }
            if output.overflowed || error_output.overflowed {
                verdict = verdict.or(Some(Ended::OutputLimit));
            }
            if verdict.is_some() {
                self.channel.send(Kind::Kill, &[], &[])?;
                seen.killed_for = verdict;
                give_up = Some(now + PATIENCE);
            }
        }
    }

    /// The earliest time at which the CPU limit can have been passed.
    fn until_next_look(&self, used: u64) -> Duration {
        let left =
            self.limits.cpu.saturating_sub(Duration::from_nanos(used)) / self.parallel.max(1);
        let left = left.max(CLOSEST_LOOK);
        if self.cgroup.is_some() {
            left
        } else {
            left.min(POLLED_LOOK)
        }
    }

    /// CPU time so far, and memory now where it must be polled.
    fn uses(&self) -> io::Result<(u64, u64)> {
        let Some(cgroup) = self.cgroup else {
            let init = self.figures.init.load(Ordering::Acquire);
            if init == 0 {
                return Ok((0, 0));
            }
            let polled = polled::below(init, self.limits.memory);
            return Ok((polled.cpu, polled.largest.max(polled.together)));
        };
        let (file, kind) = cgroup.usage();
        let before = self.figures.usage_before.load(Ordering::Relaxed);
        if before == 0 {
            // The zygote has not begun yet.
            return Ok((0, 0));
        }
        Ok((read_usage(file.as_fd(), kind)?.saturating_sub(before), 0))
    }
}

pub(crate) fn timespec(duration: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: i64::from(duration.subsec_nanos()),
    }
}

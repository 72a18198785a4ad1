//! The processor's own counters, through `perf_event_open`: they cost nothing, but many virtual machines have none.

use std::hint::black_box;
use std::io;

/// Counts what a thread does outside the kernel, and all that it starts while it is watched.
pub struct Watch(perf_event::Counter);

/// Steps of the loop that shows whether something is counted.
const TRIED: u64 = 1_000_000;

impl Watch {
    /// Over the calling thread, from when it is asked to.
    pub fn of_this_thread() -> io::Result<Self> {
        Self::of_event(perf_event::events::Hardware::INSTRUCTIONS, None)
    }

    /// Over the first thread of another process, from now on.
    pub fn of_process(process: u32) -> io::Result<Self> {
        let event = perf_event::events::Hardware::INSTRUCTIONS;
        let mut watch = Self::of_event(event, Some(process))?;
        watch.0.enable()?;
        Ok(watch)
    }

    fn of_event(
        event: impl Into<perf_event::events::Event>,
        process: Option<u32>,
    ) -> io::Result<Self> {
        let mut builder = perf_event::Builder::new().kind(event);
        if let Some(process) = process {
            builder = builder.observe_pid(process.cast_signed());
        }
        builder.inherit(true);
        Ok(Watch(builder.build()?))
    }

    /// What was counted until now. `None` if others used the counter meanwhile, or it cannot be read.
    pub fn count(&mut self) -> Option<u64> {
        let read = self.0.read_count_and_time().ok()?;
        (read.time_running == read.time_enabled).then_some(read.count)
    }

    /// Counts some work of this thread alone, less what counting itself takes.
    pub fn around(&mut self, work: impl FnOnce()) -> Option<u64> {
        let nothing = (0..3).filter_map(|_| self.raw(|| ())).min()?;
        Some(self.raw(work)?.saturating_sub(nothing))
    }

    fn raw(&mut self, work: impl FnOnce()) -> Option<u64> {
        self.0.reset().ok()?;
        let before = self.count()?;
        self.0.enable().ok()?;
        work();
        self.0.disable().ok()?;
        Some(self.count()? - before)
    }
}

/// Whether there are such counters, found out by counting: a loop of known length, twice.
pub fn probe() -> Result<(), String> {
    let mut watch = Watch::of_this_thread().map_err(|error| match error.raw_os_error() {
        Some(libc_error) if libc_error == rustix::io::Errno::NOENT.raw_os_error() => {
            "this machine shows no processor counters".to_owned()
        }
        Some(libc_error) if libc_error == rustix::io::Errno::ACCESS.raw_os_error() => {
            "processor counters are kept back: sysctl kernel.perf_event_paranoid=2".to_owned()
        }
        _ => format!("processor counters: {error}"),
    })?;
    let mut tried = || {
        watch.around(|| {
            for step in 0..TRIED {
                black_box(step);
            }
        })
    };
    let counts = [tried(), tried()];
    match counts {
        // A step is some two to ten instructions, however it was compiled.
        [Some(first), Some(second)]
            if (TRIED..100 * TRIED).contains(&first) && first.abs_diff(second) < TRIED / 100 =>
        {
            Ok(())
        }
        _ => Err(format!(
            "processor counters said {counts:?} of a loop of {TRIED} steps"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::process::{Command, Stdio};

    /// An event of the kernel's own, which there is without hardware.
    const FAULTS: perf_event::events::Software = perf_event::events::Software::PAGE_FAULTS;

    #[test]
    fn what_a_watched_process_starts_later_is_counted_too() {
        let mut shell = Command::new("sh")
            .stdin(Stdio::piped())
            .spawn()
            .expect("a shell");
        let watch = Watch::of_event(FAULTS, Some(shell.id()));
        let mut commands = shell.stdin.take().expect("a pipe");
        let Ok(mut watch) = watch else {
            eprintln!("SKIPPED: this machine lets nobody watch processes");
            drop(commands);
            shell.wait().expect("it ends");
            return;
        };
        let mut own = perf_event::Builder::new()
            .kind(FAULTS)
            .observe_pid(shell.id().cast_signed())
            .build()
            .expect("who may watch twice may watch once");
        own.enable().expect("it can be enabled");
        watch.0.enable().expect("it can be enabled");
        commands.write_all(b"true\n").expect("it listens");
        commands
            .write_all(b"/bin/true; /bin/true; exit\n")
            .expect("it listens");
        shell.wait().expect("it ends");
        let count = watch.count().expect("nobody else uses it");
        let own = own.read().expect("it can be read");
        assert!(count > own, "{count} of all, {own} of the shell alone");
    }

    #[test]
    fn only_the_work_is_counted() {
        let Ok(mut watch) = Watch::of_event(FAULTS, None) else {
            eprintln!("SKIPPED: this machine lets nobody count");
            return;
        };
        let pages = |count: usize| vec![1_u8; count * 4096];
        drop(black_box(pages(2000)));
        let counted = watch.around(|| drop(black_box(pages(4000))));
        assert!(counted.expect("nobody else uses it") < 8000, "{counted:?}");
        assert_eq!(watch.around(|| ()), Some(0));
    }
}

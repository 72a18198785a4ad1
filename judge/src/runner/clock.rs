//! Calls that are short beside the clock: how many are timed together, and what of it is the clock's own.

use std::any::Any;
use std::hint::black_box;
use std::time::Instant;

use problems::AnyCase;
use solutions::Function;

use crate::execute::Timing;
use crate::measure::process;

/// What looking at the clocks costs here.
pub(super) struct Clock {
    /// Processor time that passes between two looks with nothing between them, nanoseconds.
    cost: u64,
}

/// A call is believed by itself if it takes this many times what the clock costs; shorter ones are timed together.
const CLEAR: u64 = 100;
/// Calls timed together at most: each has an output of its own.
const MOST_CALLS: u64 = 500;
/// Looks from which the cost of one follows.
const LOOKS: u32 = 1000;

impl Clock {
    /// The least of many looks: whatever comes between only ever adds to it.
    pub(super) fn calibrated() -> Self {
        let look = |_| spent(|| ()).cpu_ns;
        Clock {
            cost: (0..LOOKS).map(look).min().unwrap_or(0),
        }
    }

    /// How many calls of some processor time (nanoseconds) it takes to be clear of the clock.
    fn calls(&self, cpu_ns: u64) -> u64 {
        let clear = CLEAR * self.cost;
        clear.div_ceil(cpu_ns.max(1)).clamp(1, MOST_CALLS)
    }

    /// The time of a call, and what of it is the clock's own, nanoseconds. `once` is what the call took by itself: if that is
    /// too short, several calls are timed together, each into an output that was prepared before.
    pub(super) fn time(
        &self,
        function: &Function,
        case: &dyn AnyCase,
        once: Timing,
    ) -> (Timing, u64) {
        let calls = self.calls(once.cpu_ns);
        if calls == 1 {
            return (once, self.cost);
        }
        let mut outputs: Vec<Box<dyn Any + Send>> = (0..calls).map(|_| case.prepare()).collect();
        let all = spent(|| {
            for output in &mut outputs {
                function.call(black_box(case.input()), output.as_mut());
            }
        });
        let each = Timing {
            wall_ns: all.wall_ns / calls,
            cpu_ns: all.cpu_ns / calls,
        };
        (each, self.cost / calls)
    }
}

/// What some work takes, on all threads that it starts: nothing else runs in a runner meanwhile. Without a clock of processor
/// time (not on Linux) the wall clock stands in.
pub(super) fn spent(work: impl FnOnce()) -> Timing {
    let (cpu, wall) = (process::cpu_ns(), Instant::now());
    work();
    let wall_ns = wall.elapsed().as_nanos() as u64;
    let cpu_ns = cpu
        .zip(process::cpu_ns())
        .map_or(wall_ns, |(before, after)| after - before);
    Timing { wall_ns, cpu_ns }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_calls_are_timed_together_until_they_are_clear_of_the_clock() {
        let clock = Clock { cost: 300 };
        // 100 times 300 ns is 30 us: one call of that, 30 of 1 us, 15 of 2 us and one more for the rest.
        assert_eq!(clock.calls(30_000), 1);
        assert_eq!(clock.calls(1_000), 30);
        assert_eq!(clock.calls(2_001), 15);
        assert_eq!(clock.calls(0), MOST_CALLS);
    }
}

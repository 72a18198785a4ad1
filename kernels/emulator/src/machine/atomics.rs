//! Atomic instructions: read, change, write, one lane after the other.

use super::access::{Way, addresses, sectors, wavefronts};
use super::address;
use super::compute::Operands;
use super::registers::lanes_of;
use super::room::Room;
use super::trouble::Outcome;
use super::warp::Warp;
use super::worker::Worker;
use crate::number::{Rounding, brain, double, half, single};
use crate::program::step::AtomicOperation::{self, *};
use crate::sanitizer::Deed;
use crate::syntax::{Space, Type};

impl<const WATCH: bool> Worker<'_, WATCH> {
    pub(super) fn atomic(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        operands: &Operands,
        index: u32,
        now: u32,
    ) -> Outcome {
        let atomic = &self.program.atomics[index as usize];
        let access = atomic.access;
        let size = u64::from(access.size);
        let mut addresses = addresses(warp, operands, access.base);
        let (mut space, mut now) = (access.space, now);
        if space == Space::Generic {
            // Lanes may mean different spaces: those of the first lane's now, the others in a turn of their own.
            let first = now.trailing_zeros() as usize & 31;
            space = address::resolve(addresses[first]).0;
            let same = lanes_of(now).filter(|&lane| address::resolve(addresses[lane]).0 == space);
            let same = same.fold(0, |mask, lane| mask | 1 << lane);
            if same != now {
                self.atomic(warp, room, operands, index, now & !same)?;
                now = same;
            }
            if space != Space::Global {
                for lane in lanes_of(now) {
                    addresses[lane] = address::resolve(addresses[lane]).1;
                }
            }
        }
        // Lanes at one address take turns.
        let mut sorted: Vec<u64> = lanes_of(now).map(|lane| addresses[lane]).collect();
        sorted.sort_unstable();
        let conflicts = sorted.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
        match space {
            Space::Shared => self.pass_shared(wavefronts(&addresses, now, size).0, conflicts),
            _ => {
                self.pass_sectors(sectors(&addresses, now, size));
                self.tally.traffic[self.pc as usize].conflicts += conflicts;
            }
        }
        self.order(warp.id, room, space, &addresses, now, access.order, true);
        let before = self.progress;
        for lane in lanes_of(now) {
            let at = addresses[lane];
            self.check(room, warp, space, Way::Atomic, lane, at, size)?;
            if WATCH {
                self.watch_written(room, space, Way::Atomic, lane, at, size)?;
                self.watch_any(
                    room,
                    warp,
                    space,
                    lane,
                    at,
                    size,
                    Deed::Strong,
                    access.order,
                )?;
            }
            let old = self.peek(room, warp, space, lane, at, size as usize);
            let value = warp.registers.bits(access.class, operands.b, lane);
            let other = match atomic.operation {
                CompareExchange => warp.registers.bits(access.class, operands.c, lane),
                _ => 0,
            };
            let new = combine(atomic.operation, atomic.element, old, value, other);
            self.progress += u64::from(new != old);
            self.poke(room, warp, space, lane, at, size as usize, new);
            if atomic.has_result {
                warp.registers.set_bits(access.class, operands.d, lane, old);
            }
        }
        if self.progress != before {
            self.polls -= 1; // who changes something does not wait
        }
        self.order(warp.id, room, space, &addresses, now, access.order, false);
        Ok(())
    }
}

/// What an atomic instruction leaves behind.
pub(crate) fn combine(
    operation: AtomicOperation,
    element: Type,
    old: u64,
    value: u64,
    other: u64,
) -> u64 {
    let mask = if element.bytes() >= 8 {
        u64::MAX
    } else {
        (1 << (8 * element.bytes())) - 1
    };
    let (old, value) = (old & mask, value & mask);
    let result = match operation {
        Exchange => value,
        CompareExchange => {
            if old == value {
                other
            } else {
                old
            }
        }
        And => old & value,
        Or => old | value,
        Xor => old ^ value,
        Increment => {
            if old >= value {
                0
            } else {
                old + 1
            }
        }
        Decrement => {
            if old == 0 || old > value {
                value
            } else {
                old - 1
            }
        }
        Add => add(element, old, value),
        Minimum | Maximum => {
            let is_least = operation == Minimum;
            match element {
                Type::S32 => pick(old as i32, value as i32, is_least) as u64,
                Type::S64 => pick(old as i64, value as i64, is_least) as u64,
                Type::F16 | Type::BF16 => old, // refused when the module was translated
                _ => pick(old, value, is_least),
            }
        }
    };
    result & mask
}

fn pick<T: Ord>(one: T, other: T, is_least: bool) -> T {
    if is_least {
        one.min(other)
    } else {
        one.max(other)
    }
}

fn add(element: Type, old: u64, value: u64) -> u64 {
    let rounding = Rounding::NearestEven;
    let halves = |add: fn(u16, u16, Rounding) -> u16| {
        let low = add(old as u16, value as u16, rounding);
        let high = add((old >> 16) as u16, (value >> 16) as u16, rounding);
        u64::from(high) << 16 | u64::from(low)
    };
    match element {
        Type::F32 => {
            let sum = single::add(
                f32::from_bits(old as u32),
                f32::from_bits(value as u32),
                rounding,
            );
            sum.to_bits().into()
        }
        Type::F64 => double::add(f64::from_bits(old), f64::from_bits(value), rounding).to_bits(),
        Type::F16 => half::add(old as u16, value as u16, rounding).into(),
        Type::BF16 => brain::add(old as u16, value as u16, rounding).into(),
        Type::F16x2 => halves(half::add),
        Type::BF16x2 => halves(brain::add),
        _ => old.wrapping_add(value),
    }
}

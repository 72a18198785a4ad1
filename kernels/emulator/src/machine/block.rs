//! A block: its warps take turns.

use super::registers::{WARP, lanes_of};
use super::room::{BARRIERS, Gate, Room};
use super::trouble::{Outcome, Trouble};
use super::warp::{Fragment, State, Warp};
use super::worker::{LaunchState, Pause, Running, Worker};
use crate::fault::FaultKind;
use crate::machine::registers::Class;
use crate::matrix::Aligned;
use crate::program::step::Action;
use crate::program::{Entry, PresetValue, Program, Special};
use crate::sanitizer::SharedWatch;

/// Multiprocessors that blocks believe in, by turns.
const PROCESSORS: u32 = 132;

/// A block at work.
pub(crate) struct Block {
    pub(crate) warps: Vec<Warp>,
    pub(crate) room: Room,
}

/// Why a block stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockPause {
    Finished,
    /// It waits for other blocks.
    Yielded,
}

impl Block {
    /// A block that is not at work, with all that a launch's blocks have in common.
    pub(crate) fn new(
        program: &Program,
        entry: &Entry,
        launch: &LaunchState,
        is_watched: bool,
    ) -> Self {
        let threads: u32 = launch.block.iter().product();
        let count = threads.div_ceil(32);
        let mut warps: Vec<Warp> = (0..count).map(|id| Warp::new(id, entry.slots)).collect();
        for warp in &mut warps {
            for preset in &entry.presets {
                let bits = match &preset.value {
                    PresetValue::Bits(bits) => *bits,
                    PresetValue::Global(index, offset) => {
                        launch.globals[*index].wrapping_add(*offset as u64)
                    }
                    PresetValue::Function(index) => super::address::of_function(*index),
                    PresetValue::Shared(..) => {
                        unreachable!("the linker knows where shared variables are")
                    }
                    PresetValue::Special(special) => {
                        if !is_of_block(*special) {
                            set_special(
                                warp,
                                preset.class,
                                preset.slot,
                                *special,
                                [0; 3],
                                0,
                                launch,
                            );
                        }
                        continue;
                    }
                };
                for lane in 0..32 {
                    warp.registers
                        .set_bits(preset.class, preset.slot, lane, bits);
                }
            }
            for preset in &entry.presets {
                // Those that change from block to block are zeros up to now, and the same for all lanes in every block.
                warp.registers.note_preset(preset.class, preset.slot);
            }
            let frame = program.functions[entry.function].frame_bytes;
            super::calls::prepare(warp, 0, frame, u32::MAX, is_watched);
        }
        let room = Room {
            block: [0; 3],
            number: 0,
            shared: vec![0; launch.shared_bytes],
            watch: is_watched
                .then(|| SharedWatch::new(launch.shared_bytes, warps.len(), program.code.len())),
            gates: [Gate::default(); BARRIERS],
            printed: String::new(),
            pending: Vec::new(),
        };
        Block { warps, room }
    }

    /// Begins the block of a number.
    pub(crate) fn start(&mut self, number: u32, entry: &Entry, launch: &LaunchState) {
        let [x, y, _] = launch.grid;
        self.room.block = [number % x, number / x % y, number / x / y];
        self.room.number = number;
        self.room.shared.fill(0xCD); // nobody wrote it: not even zeros
        if let Some(watch) = &mut self.room.watch {
            watch.reset();
        }
        self.room.gates = [Gate::default(); BARRIERS];
        self.room.pending.clear();
        let threads: u32 = launch.block.iter().product();
        for warp in &mut self.warps {
            let lanes = (threads - warp.id * 32).min(32);
            warp.live = if lanes == 32 {
                u32::MAX
            } else {
                (1 << lanes) - 1
            };
            warp.copies.clear();
            warp.frame = 0;
            warp.fragments.clear();
            warp.fragments.push(Fragment {
                pc: entry.start,
                mask: warp.live,
                state: State::Ready,
                turns: 0,
                frame: None,
            });
            warp.registers.forget();
            warp.local_written.fill([0; 4]);
            warp.local.fill(Aligned([0; WARP]));
            for (class, slot) in &entry.undefined {
                warp.registers.clear(*class, *slot);
            }
            for preset in &entry.presets {
                if let PresetValue::Special(special) = preset.value
                    && is_of_block(special)
                {
                    set_special(
                        warp,
                        preset.class,
                        preset.slot,
                        special,
                        self.room.block,
                        number,
                        launch,
                    );
                }
            }
        }
    }

    /// The coordinates of a thread.
    pub(crate) fn thread(launch: &LaunchState, thread: u32) -> [u32; 3] {
        let [x, y, _] = launch.block;
        [thread % x, thread / x % y, thread / x / y]
    }
}

/// Whether a special register's value changes from block to block.
fn is_of_block(special: Special) -> bool {
    matches!(special, Special::Block(_) | Special::Processor)
}

fn set_special(
    warp: &mut Warp,
    class: Class,
    slot: u32,
    special: Special,
    block: [u32; 3],
    number: u32,
    launch: &LaunchState,
) {
    for lane in 0..32_u32 {
        let thread = Block::thread(launch, warp.id * 32 + lane);
        let bit = 1_u32 << lane;
        let value: u64 = match special {
            Special::Thread(axis) => thread[usize::from(axis)].into(),
            Special::BlockSize(axis) => launch.block[usize::from(axis)].into(),
            Special::Block(axis) => block[usize::from(axis)].into(),
            Special::GridSize(axis) => launch.grid[usize::from(axis)].into(),
            Special::Lane => lane.into(),
            Special::Warp => warp.id.into(),
            Special::WarpCount => u64::from(launch.block.iter().product::<u32>().div_ceil(32)),
            Special::Processor => u64::from(number % PROCESSORS),
            Special::ProcessorCount => PROCESSORS.into(),
            Special::Grid => launch.number.into(),
            Special::LaneMaskEqual => bit.into(),
            Special::LaneMaskLess => (bit - 1).into(),
            Special::LaneMaskLessOrEqual => (bit | (bit - 1)).into(),
            Special::LaneMaskGreater => (!(bit | (bit - 1))).into(),
            Special::LaneMaskGreaterOrEqual => (!(bit - 1)).into(),
            Special::DynamicShared => launch.dynamic_shared as u64,
            Special::TotalShared => launch.shared_bytes as u64,
            Special::Environment(1) => launch.workspace >> 32,
            Special::Environment(2) => launch.workspace & u64::from(u32::MAX),
            Special::Environment(_) => 0,
        };
        warp.registers.set_bits(class, slot, lane as usize, value);
    }
}

impl<const WATCH: bool> Worker<'_, WATCH> {
    /// Runs a block until it is finished or waits for others.
    pub(crate) fn run_block(&mut self, block: &mut Block) -> Outcome<BlockPause> {
        loop {
            let (mut yielded, mut progressed, mut finished) = (false, false, true);
            for index in 0..block.warps.len() {
                let warp = &mut block.warps[index];
                if warp.fragments.is_empty() {
                    continue;
                }
                finished = false;
                if !warp.is_ready() {
                    self.wake(warp, &mut block.room);
                    if !warp.is_ready() {
                        continue;
                    }
                }
                self.running = Running {
                    block: block.room.number,
                    warp: warp.id,
                };
                match self.run(warp, &mut block.room)? {
                    Pause::Finished | Pause::Blocked => progressed = true,
                    Pause::Yielded => yielded = true,
                }
            }
            if finished {
                return Ok(BlockPause::Finished);
            }
            progressed |= self.open_barriers(&mut block.warps, &mut block.room);
            if !progressed {
                if yielded {
                    return Ok(BlockPause::Yielded);
                }
                return Err(self.deadlock(block));
            }
        }
    }

    fn is_barrier(&self, pc: u32) -> bool {
        matches!(self.program.code[pc as usize].action, Action::Barrier(_))
    }

    /// Nobody can go on: who waits for whom.
    #[cold]
    fn deadlock(&mut self, block: &Block) -> Box<Trouble> {
        let waiting = block
            .warps
            .iter()
            .flat_map(|warp| warp.fragments.iter().map(move |fragment| (warp, fragment)));
        let (mut at_barriers, mut gathering) = (0, None);
        let mut place = None;
        for (warp, fragment) in waiting {
            place.get_or_insert((
                warp.id,
                fragment.mask.trailing_zeros() as usize,
                fragment.pc,
            ));
            match fragment.state {
                State::AtBarrier { .. } => at_barriers += fragment.mask.count_ones(),
                State::Gathering { .. } if self.is_barrier(fragment.pc) => {
                    // Those of the warp who did not come have come to something else.
                    self.running = Running {
                        block: block.room.number,
                        warp: warp.id,
                    };
                    self.pc = fragment.pc;
                    return super::barrier::divergence(warp, fragment.mask);
                }
                State::Gathering { members, .. } => {
                    let missing = lanes_of(members & warp.live & !fragment.mask).next();
                    gathering = gathering.or(missing.map(|lane| (warp.id, lane, fragment)));
                }
                State::Ready => {}
            }
        }
        let detail = match gathering {
            Some((warp, lane, fragment)) => {
                place = Some((
                    warp,
                    fragment.mask.trailing_zeros() as usize,
                    fragment.pc + 1,
                ));
                format!(
                    "deadlock: an instruction of warp {warp} waits for lane {lane}, which never comes"
                )
            }
            None => format!(
                "deadlock: {at_barriers} threads wait at a barrier to which others do not come"
            ),
        };
        if let Some((warp, lane, pc)) = place {
            self.running = Running {
                block: block.room.number,
                warp,
            };
            self.pc = pc.saturating_sub(1);
            return Trouble::at_lane(FaultKind::Deadlock, lane, detail);
        }
        Trouble::of_all(FaultKind::Deadlock, detail)
    }
}

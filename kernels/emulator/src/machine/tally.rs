//! What a launch did, counted for each step of the code.
//!
//! Steps that run one behind the other are counted at their ends alone: one more from the first on, one less behind the last.

use super::address;
use super::registers::ALL;
use crate::memory::{Bits, GlobalMemory, SECTOR};

/// The traffic of one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traffic {
    /// Executions with at least one lane.
    pub(crate) requests: u64,
    /// 32-byte sectors of global and local memory.
    pub(crate) sectors: u64,
    /// Passes through shared memory.
    pub(crate) wavefronts: u64,
    /// Passes beyond those that the width of the access needs; for atomics, lanes that met others at the same address.
    pub(crate) conflicts: u64,
}

/// Counts by step.
pub(crate) struct Tally {
    /// Changes of the number of executions, and of executing lanes.
    warps: Vec<i64>,
    lanes: Vec<i64>,
    /// Lanes that a guard kept out.
    guarded: Vec<u64>,
    pub(crate) traffic: Vec<Traffic>,
    pub(crate) divergent: Vec<u64>,
    pub(crate) barriers: u64,
    /// The sectors of each buffer that were touched. Each worker has its own: blocks that take turns along a buffer would wait for
    /// each other's words.
    pub(crate) touched: Vec<Bits>,
}

impl Tally {
    /// Of a program of so many steps, over some memory.
    pub(crate) fn new(steps: usize, memory: &GlobalMemory) -> Self {
        let sectors = memory.buffers.iter().map(|buffer| match buffer.is_freed {
            true => 0,
            false => buffer.bytes.div_ceil(SECTOR),
        });
        Tally {
            warps: vec![0; steps + 1],
            lanes: vec![0; steps + 1],
            guarded: vec![0; steps],
            traffic: vec![Traffic::default(); steps],
            divergent: vec![0; steps],
            barriers: 0,
            touched: sectors.map(Bits::new).collect(),
        }
    }

    /// Notes the sectors that some bytes of global memory lie in.
    #[inline(always)]
    pub(crate) fn touch(&self, at: u64, bytes: u64) {
        let (buffer, byte) = address::buffer_at(at);
        self.touched[buffer].add_range(byte / SECTOR, (byte + bytes - 1) / SECTOR + 1);
    }

    /// How many sectors were touched at all.
    pub(crate) fn unique_sectors(&self) -> u64 {
        self.touched.iter().map(Bits::count).sum()
    }

    /// Counts the steps from one up to another, executed by the lanes of a mask.
    #[inline(always)]
    pub(crate) fn run(&mut self, start: u32, end: u32, mask: u32) {
        let lanes = i64::from(mask.count_ones());
        self.warps[start as usize] += 1;
        self.warps[end as usize] -= 1;
        self.lanes[start as usize] += lanes;
        self.lanes[end as usize] -= lanes;
    }

    /// Counts the lanes of a fragment that a guard kept out.
    #[inline(always)]
    pub(crate) fn guard(&mut self, pc: u32, mask: u32, executing: u32) {
        self.guarded[pc as usize] += u64::from((mask & !executing & ALL).count_ones());
    }

    /// Adds another's counts.
    pub(crate) fn add(&mut self, other: &Tally) {
        fn sum<T: Copy + std::ops::AddAssign>(ours: &mut [T], theirs: &[T]) {
            ours.iter_mut()
                .zip(theirs)
                .for_each(|(our, their)| *our += *their);
        }
        sum(&mut self.warps, &other.warps);
        sum(&mut self.lanes, &other.lanes);
        sum(&mut self.guarded, &other.guarded);
        sum(&mut self.divergent, &other.divergent);
        for (our, their) in self.traffic.iter_mut().zip(&other.traffic) {
            our.requests += their.requests;
            our.sectors += their.sectors;
            our.wavefronts += their.wavefronts;
            our.conflicts += their.conflicts;
        }
        self.barriers += other.barriers;
        for (our, their) in self.touched.iter().zip(&other.touched) {
            our.add_all(their);
        }
    }

    /// Executions by warps and by threads of each step.
    pub(crate) fn executions(&self) -> Vec<(u64, u64)> {
        let (mut warps, mut lanes) = (0, 0);
        let guarded = self.guarded.iter();
        let steps = guarded.enumerate().map(|(pc, guarded)| {
            warps += self.warps[pc];
            lanes += self.lanes[pc];
            (warps as u64, lanes as u64 - guarded)
        });
        steps.collect()
    }
}

//! A warp: 32 lanes that share registers' slots, not always a place in the code.
//!
//! Lanes that are at the same step of the same call are a *fragment*. The fragment deepest in calls and then with the lowest
//! place in the code runs; where it meets another, they become one. That is where compilers put the code after a branch, so
//! that lanes come together again where hardware would bring them together.

use super::copies::Copies;
use super::registers::{Class, Registers, WARP};
use crate::matrix::Aligned;
use crate::matrix::Lanes;
use std::sync::Arc;

/// A fragment gives way to others after so many looks at what others may change.
pub(crate) const PATIENCE: u32 = 64;

/// A fragment gives way to others after so many steps.
pub(crate) const ENDURANCE: u64 = 1 << 20;

/// Lanes at the same place.
pub(crate) struct Fragment {
    pub(crate) pc: u32,
    pub(crate) mask: u32,
    pub(crate) state: State,
    /// How often it gave way: those that did so least run first.
    pub(crate) turns: u32,
    pub(crate) frame: Option<Arc<Frame>>,
}

impl Fragment {
    pub(crate) fn depth(&self) -> u32 {
        self.frame.as_ref().map_or(0, |frame| frame.depth)
    }

    /// Whether two fragments would be one if they were at the same step.
    pub(crate) fn is_same_call(&self, frame: Option<&Arc<Frame>>) -> bool {
        match (&self.frame, frame) {
            (None, None) => true,
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

/// Whether a fragment can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Ready,
    /// Waits for the other lanes that an instruction names.
    Gathering {
        members: u32,
        is_barrier: bool,
    },
    /// Waits at a barrier of the block.
    AtBarrier {
        barrier: u8,
        result: Option<(Class, u32)>,
    },
}

/// A call that has not returned.
pub(crate) struct Frame {
    pub(crate) parent: Option<Arc<Frame>>,
    pub(crate) depth: u32,
    /// The step behind the call.
    pub(crate) return_to: u32,
    /// The function that was called, and the call's number in the program.
    pub(crate) function: usize,
    pub(crate) call: u32,
    /// Where its stack frame begins, in bytes of local memory.
    pub(crate) base: usize,
    /// The caller's registers that the called function would overwrite.
    pub(crate) saved: Option<Saved>,
}

/// Registers, kept for a caller.
pub(crate) struct Saved {
    pub(crate) narrow: Vec<Aligned<Lanes>>,
    pub(crate) wide: Vec<Aligned<[u64; WARP]>>,
    pub(crate) predicates: Vec<u32>,
}

/// A warp.
pub(crate) struct Warp {
    pub(crate) id: u32,
    pub(crate) registers: Registers,
    pub(crate) fragments: Vec<Fragment>,
    /// The lanes that did not exit.
    pub(crate) live: u32,
    /// Where the stack frame of the running fragment begins, in bytes of local memory.
    pub(crate) frame: usize,
    /// Local memory: words, each of all lanes.
    pub(crate) local: Vec<Aligned<Lanes>>,
    /// Which bytes of each word were written, by lanes; empty unless somebody watches.
    pub(crate) local_written: Vec<[u32; 4]>,
    pub(crate) copies: Copies,
    /// How often its lanes synchronised with each other.
    pub(crate) lane_epoch: u32,
}

impl Warp {
    /// A warp that is not at work.
    pub(crate) fn new(id: u32, slots: [usize; 3]) -> Self {
        Warp {
            id,
            registers: Registers::new(slots),
            fragments: Vec::new(),
            live: 0,
            frame: 0,
            local: Vec::new(),
            local_written: Vec::new(),
            copies: Copies::default(),
            lane_epoch: 0,
        }
    }

    /// Whether any fragment can go on.
    pub(crate) fn is_ready(&self) -> bool {
        self.fragments
            .iter()
            .any(|fragment| fragment.state == State::Ready)
    }

    /// Makes fragments ready whose missing lanes exited, or came to another barrier of the warp; what passes a barrier of the
    /// warp that way is told of with the barrier's place.
    pub(crate) fn wake(&mut self, mut passed: impl FnMut(u32, u32)) {
        for index in 0..self.fragments.len() {
            let State::Gathering {
                members,
                is_barrier,
            } = self.fragments[index].state
            else {
                continue;
            };
            let mut here = self.fragments[index].mask;
            if is_barrier {
                for other in &self.fragments {
                    if other.state
                        == (State::Gathering {
                            members,
                            is_barrier,
                        })
                    {
                        here |= other.mask;
                    }
                }
            }
            if members & self.live & !here != 0 {
                continue;
            }
            if !is_barrier {
                self.fragments[index].state = State::Ready;
                continue;
            }
            for other in &mut self.fragments {
                if other.state
                    == (State::Gathering {
                        members,
                        is_barrier,
                    })
                {
                    passed(other.pc, other.mask);
                    other.state = State::Ready;
                    other.pc += 1; // behind the barrier: nobody waits there twice
                }
            }
            self.lane_epoch += 1;
        }
    }
}

//! Up to eight bytes of any space.

#![allow(clippy::too_many_arguments)] // an access has this many sides

use crate::machine::address;
use crate::machine::room::Room;
use crate::machine::warp::Warp;
use crate::machine::worker::Worker;
use crate::syntax::Space;

impl<const WATCH: bool> Worker<'_, WATCH> {
    /// Up to eight bytes of any space, at a place that was checked.
    #[inline]
    pub(in crate::machine) fn peek(
        &self,
        room: &Room,
        warp: &Warp,
        space: Space,
        lane: usize,
        at: u64,
        size: usize,
    ) -> u64 {
        let of_bytes = |bytes: &[u8]| {
            let mut value = [0; 8];
            value[..size].copy_from_slice(&bytes[at as usize..at as usize + size]);
            u64::from_le_bytes(value)
        };
        match space {
            Space::Shared => of_bytes(&room.shared),
            Space::Constant => of_bytes(&self.launch.constants),
            Space::Parameter => of_bytes(&self.launch.parameters),
            Space::Local => {
                let word = (at / 4) as usize;
                let value = warp.local[word].0[lane];
                match size {
                    8 => u64::from(value) | u64::from(warp.local[word + 1].0[lane]) << 32,
                    4 => value.into(),
                    _ => u64::from(value >> (8 * (at & 3))) & ((1 << (8 * size)) - 1),
                }
            }
            Space::Generic | Space::Global => {
                let (index, byte) = address::buffer_at(at);
                self.memory.buffers[index].load(byte, size)
            }
        }
    }

    /// Writes up to eight bytes of any space, at a place that was checked.
    #[inline]
    pub(in crate::machine) fn poke(
        &self,
        room: &mut Room,
        warp: &mut Warp,
        space: Space,
        lane: usize,
        at: u64,
        size: usize,
        bits: u64,
    ) {
        match space {
            Space::Shared => {
                room.shared[at as usize..at as usize + size]
                    .copy_from_slice(&bits.to_le_bytes()[..size]);
            }
            Space::Local => {
                let word = (at / 4) as usize;
                let place = &mut warp.local[word].0[lane];
                match size {
                    8 => {
                        *place = bits as u32;
                        warp.local[word + 1].0[lane] = (bits >> 32) as u32;
                    }
                    4 => *place = bits as u32,
                    _ => {
                        let mask = ((1_u32 << (8 * size)) - 1) << (8 * (at & 3));
                        *place = *place & !mask | ((bits as u32) << (8 * (at & 3))) & mask;
                    }
                }
            }
            Space::Generic | Space::Global => {
                let (index, byte) = address::buffer_at(at);
                self.memory.buffers[index].store(byte, size, bits);
            }
            Space::Constant | Space::Parameter => {}
        }
    }
}

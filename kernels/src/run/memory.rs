//! The buffers of a run, by name. Names move when a plan exchanges two; the memory stays.

use vocabulary::ElementType;

use crate::device::{Address, Device, DeviceError};

/// An allocation for a run.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    pub(super) address: Address,
    pub(super) element: ElementType,
    /// How many elements it has.
    pub(super) length: u64,
    /// Inputs are written once and only read.
    pub(super) is_input: bool,
    /// Whether it was made ready in this round.
    is_ready: bool,
}

impl Memory {
    pub(super) fn bytes(&self) -> u64 {
        self.length * self.element.bytes() as u64
    }
}

/// All allocations of a run.
#[derive(Debug, Default)]
pub(super) struct Memories {
    all: Vec<(String, Memory)>,
    /// Which allocation each name denotes: its place in `all`.
    names: Vec<(String, usize)>,
}

impl Memories {
    /// The memory that a name denotes now, if it was made ready in this round.
    pub(super) fn get(&self, name: &str) -> Option<&Memory> {
        let (_, index) = self.names.iter().find(|(key, _)| key == name)?;
        Some(&self.all[*index].1).filter(|memory| memory.is_ready)
    }

    /// Bytes of all together but for one.
    pub(super) fn bytes_beside(&self, name: &str) -> u64 {
        let others = self.all.iter().filter(|(key, _)| key != name);
        others.map(|(_, memory)| memory.bytes()).sum()
    }

    /// Adds an input, which is ready for all rounds.
    pub(super) fn add_input(
        &mut self,
        name: &str,
        address: Address,
        element: ElementType,
        length: u64,
    ) {
        self.names.push((name.to_owned(), self.all.len()));
        let memory = Memory {
            address,
            element,
            length,
            is_input: true,
            is_ready: true,
        };
        self.all.push((name.to_owned(), memory));
    }

    /// Makes a buffer ready for this round: the allocation of the round before, if it is as long, else a new one.
    pub(super) fn make(
        &mut self,
        device: &mut dyn Device,
        name: &str,
        element: ElementType,
        length: u64,
    ) -> Result<Memory, DeviceError> {
        let known = self.all.iter().position(|(key, _)| key == name);
        let index = match known {
            Some(index) => index,
            None => {
                let address = allocate(device, name, length * element.bytes() as u64)?;
                let memory = Memory {
                    address,
                    element,
                    length,
                    is_input: false,
                    is_ready: true,
                };
                self.all.push((name.to_owned(), memory));
                self.names.push((name.to_owned(), self.all.len() - 1));
                self.all.len() - 1
            }
        };
        let memory = &mut self.all[index].1;
        if memory.length != length {
            device.free(memory.address);
            memory.length = 0; // so that a failure leaves nothing that is freed twice
            memory.address = allocate(device, name, length * element.bytes() as u64)?;
            memory.length = length;
        }
        memory.is_ready = true;
        Ok(memory.clone())
    }

    /// Lets two names change places. Names of which nothing was made yet have no place.
    pub(super) fn swap(&mut self, one: &str, other: &str) -> Option<()> {
        let place = |name: &str| self.names.iter().position(|(key, _)| key == name);
        let (one, other) = (place(one)?, place(other)?);
        let index = self.names[one].1;
        self.names[one].1 = self.names[other].1;
        self.names[other].1 = index;
        Some(())
    }

    /// Begins a round: every name denotes its own allocation again, and what is no input is worthless.
    pub(super) fn begin_round(&mut self, device: &mut dyn Device) -> Result<(), DeviceError> {
        for (index, (name, memory)) in self.all.iter_mut().enumerate() {
            for (key, denoted) in &mut self.names {
                if key == name {
                    *denoted = index;
                }
            }
            memory.is_ready = memory.is_input;
            if !memory.is_input {
                device.poison(memory.address, memory.bytes())?;
            }
        }
        Ok(())
    }

    /// Gives everything back.
    pub(super) fn free(&mut self, device: &mut dyn Device) {
        for (_, memory) in self.all.drain(..) {
            device.free(memory.address);
        }
        self.names.clear();
    }
}

/// Fresh memory may hold what an earlier run left there.
fn allocate(device: &mut dyn Device, name: &str, bytes: u64) -> Result<Address, DeviceError> {
    let address = device.allocate(bytes, name)?;
    device.poison(address, bytes)?;
    Ok(address)
}

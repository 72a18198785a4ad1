//! Asynchronous copies from global to shared memory that are under way.
//!
//! A copy happens as late as it may, when its thread waits for it: a kernel that forgets to wait finds what was there before.

/// A copy of one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Copy {
    pub(crate) lane: u8,
    /// Bytes written; those beyond `read` become zero.
    pub(crate) bytes: u8,
    pub(crate) read: u8,
    pub(crate) shared: u32,
    pub(crate) global: u64,
    /// The step that asked for it.
    pub(crate) pc: u32,
}

/// Copies that were committed together, of the lanes of a mask.
#[derive(Debug)]
struct Group {
    mask: u32,
    copies: Vec<Copy>,
}

/// The copies of a warp.
#[derive(Debug, Default)]
pub(crate) struct Copies {
    open: Vec<Copy>,
    groups: Vec<Group>,
}

impl Copies {
    pub(crate) fn clear(&mut self) {
        self.open.clear();
        self.groups.clear();
    }

    /// Adds a copy.
    pub(crate) fn start(&mut self, copy: Copy) {
        self.open.push(copy);
    }

    /// Makes a group of what the lanes of a mask asked for since the last one; it may be empty, and still counts.
    pub(crate) fn commit(&mut self, mask: u32) {
        let (now, later) = self
            .open
            .drain(..)
            .partition(|copy| mask >> copy.lane & 1 != 0);
        self.open = later;
        self.groups.push(Group { mask, copies: now });
    }

    /// Takes out, in their order, the copies of the lanes of a mask, except those of each lane's latest `pending` groups.
    pub(crate) fn wait(&mut self, mask: u32, pending: u32) -> Vec<Copy> {
        let mut seen = [0_u32; 32];
        let mut due = Vec::new();
        for group in self.groups.iter_mut().rev() {
            let members = group.mask;
            let mut done = 0;
            for (lane, seen) in seen.iter_mut().enumerate() {
                if members >> lane & 1 != 0 {
                    if mask >> lane & 1 != 0 && *seen >= pending {
                        done |= 1_u32 << lane;
                    }
                    *seen += 1;
                }
            }
            if done != 0 {
                let take = |copy: &Copy| done >> copy.lane & 1 != 0;
                let copies = std::mem::take(&mut group.copies);
                let (now, later): (Vec<Copy>, Vec<Copy>) = copies.into_iter().partition(take);
                group.copies = later;
                group.mask &= !done;
                due.push(now);
            }
        }
        self.groups.retain(|group| group.mask != 0);
        due.into_iter().rev().flatten().collect()
    }

    /// Takes out all copies of the lanes of a mask, committed or not.
    pub(crate) fn wait_all(&mut self, mask: u32) -> Vec<Copy> {
        let mut due = self.wait(mask, 0);
        let (now, later) = self
            .open
            .drain(..)
            .partition(|copy| mask >> copy.lane & 1 != 0);
        self.open = later;
        due.extend::<Vec<Copy>>(now);
        due
    }
}

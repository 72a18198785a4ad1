//! What an instruction finds wrong, before it is known where that was.

use crate::fault::FaultKind;

/// The other side of a race: the block's number, the thread's in it, the step, and whether it wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rival {
    pub(crate) block: Option<u32>,
    pub(crate) thread: Option<u32>,
    pub(crate) pc: u32,
    pub(crate) is_write: bool,
}

/// Something wrong.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    pub(crate) kind: FaultKind,
    pub(crate) detail: String,
    pub(crate) lane: Option<usize>,
    pub(crate) access: Option<(u64, u32)>,
    pub(crate) rival: Option<Rival>,
}

/// What instructions return; boxed, because it is rare.
pub(crate) type Outcome<T = ()> = Result<T, Box<Trouble>>;

impl Trouble {
    /// Something wrong in one lane.
    pub(crate) fn at_lane(kind: FaultKind, lane: usize, detail: impl Into<String>) -> Box<Self> {
        let detail = detail.into();
        Box::new(Trouble {
            kind,
            detail,
            lane: Some(lane),
            access: None,
            rival: None,
        })
    }

    /// Something wrong in a warp or a block.
    pub(crate) fn of_all(kind: FaultKind, detail: impl Into<String>) -> Box<Self> {
        let detail = detail.into();
        Box::new(Trouble {
            kind,
            detail,
            lane: None,
            access: None,
            rival: None,
        })
    }
}

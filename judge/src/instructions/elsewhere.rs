//! Without Linux there are no counters to read.

/// Cannot be made here.
pub enum Watch {}

impl Watch {
    /// Fails.
    pub fn of_this_thread() -> std::io::Result<Self> {
        Err(std::io::ErrorKind::Unsupported.into())
    }

    /// Fails.
    pub fn of_process(_: u32) -> std::io::Result<Self> {
        Err(std::io::ErrorKind::Unsupported.into())
    }

    /// There is none to ask.
    pub fn count(&mut self) -> Option<u64> {
        match *self {}
    }

    /// There is none to ask.
    pub fn around(&mut self, _: impl FnOnce()) -> Option<u64> {
        match *self {}
    }
}

/// There are none here.
pub fn probe() -> Result<(), String> {
    Err("hardware counters are read on Linux only".to_owned())
}

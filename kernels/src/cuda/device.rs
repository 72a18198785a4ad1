//! The device itself: the trait's words in calls of the driver, faults that end a context, flushed caches, clocks.

use std::ffi::CString;

use vocabulary::Target;

use super::driver::{Driver, Image};
use super::failure::{Failure, OUT_OF_MEMORY};
use super::{Cache, Gpu, Presence, presence};
use crate::calibration;
use crate::compiler::Cubin;
use crate::device::{Address, Device, DeviceError, LaunchOf, Mark, ModuleId, POISON};

/// Freed memory is kept up to this many bytes, so that the next allocation has another address.
const MOST_RETIRED: u64 = 2 << 30;
/// What is overwritten to empty a cache of unknown size, bytes.
const UNKNOWN_CACHE: u64 = 128 << 20;

/// A GPU.
pub struct CudaDevice {
    driver: Driver,
    presence: Presence,
    cache: Cache,
    /// Overwritten to empty the cache.
    flushed: Option<(Address, u64)>,
    /// The kernel that the clock is told by, with its memory; `None` where it cannot be loaded.
    ticker: Option<(ModuleId, Address)>,
    ticked: Option<(Mark, Mark)>,
    retired: Vec<(Address, u64)>,
    sizes: std::collections::HashMap<Address, u64>,
    /// What ended the context.
    dead: Option<String>,
}

impl CudaDevice {
    /// The first GPU with a context of its own on this thread.
    ///
    /// # Errors
    /// The reason, as people read it.
    pub fn probe() -> Result<CudaDevice, String> {
        let presence = presence()?.clone();
        // The library panics where a function of the driver is missing.
        let opened = std::panic::catch_unwind(Driver::open)
            .map_err(|_| "the CUDA driver library here lacks functions".to_owned())?;
        let driver =
            opened.map_err(|failure| format!("{} cannot be used: {failure}", presence.name))?;
        let mut device = CudaDevice {
            driver,
            presence,
            cache: Cache::default(),
            flushed: None,
            ticker: None,
            ticked: None,
            retired: Vec::new(),
            sizes: std::collections::HashMap::new(),
            dead: None,
        };
        // A driver too old for its PTX may still run machine code, without a clock.
        device.ticker = device.load_ticker().ok();
        Ok(device)
    }

    fn load_ticker(&mut self) -> Result<(ModuleId, Address), DeviceError> {
        let module = self.load(calibration::RATE.ptx)?;
        let (_, threads) = calibration::rate_extent(self.presence.processors);
        Ok((module, self.allocate(4 * threads, "calibration")?))
    }

    /// Hears of a failure: a fault ends the context, and with it everything that is in it.
    fn heard<T>(&mut self, result: Result<T, Failure>) -> Result<T, DeviceError> {
        result.map_err(|failure| {
            if failure.fault().is_some() {
                self.dead = Some(failure.text.clone());
            }
            failure.error()
        })
    }

    fn alive(&self) -> Result<(), DeviceError> {
        match &self.dead {
            None => Ok(()),
            Some(reason) => Err(DeviceError::Failed(format!(
                "the context ended with a fault: {reason}"
            ))),
        }
    }

    fn load_image(&mut self, image: Image<'_>) -> Result<ModuleId, DeviceError> {
        self.alive()?;
        match self.driver.load(image) {
            Ok(module) => Ok(ModuleId(module as u64)),
            // A fault of an earlier launch may be told here.
            Err((failure, _)) if failure.fault().is_some() => self.heard(Err(failure)),
            Err((failure, log)) => Err(failure.error_of_load(&log)),
        }
    }

    fn release_retired(&mut self) -> Result<(), DeviceError> {
        for (address, _) in std::mem::take(&mut self.retired) {
            let freed = self.driver.free(address.0);
            self.heard(freed)?;
        }
        Ok(())
    }

    /// Writes over as much as the cache holds, twice.
    fn flush(&mut self) -> Result<(), DeviceError> {
        let (address, bytes) = match self.flushed {
            Some(flushed) => flushed,
            None => {
                let bytes = match self.presence.cache_bytes {
                    0 => UNKNOWN_CACHE,
                    bytes => 2 * bytes,
                };
                let address = self.allocate(bytes, "flush")?;
                *self.flushed.insert((address, bytes))
            }
        };
        self.driver.forget_reserved_cache();
        let set = self.driver.set(address.0, POISON, bytes as usize);
        self.heard(set)
    }

    /// Launches a short kernel that uses no memory: its time tells the clock, and while it runs, what follows queues up, so
    /// that the way of a launch to the device is not timed.
    fn tick(&mut self) -> Result<(), DeviceError> {
        let Some((module, address)) = self.ticker else {
            return Ok(());
        };
        let (blocks, _) = calibration::rate_extent(self.presence.processors);
        let arguments = [
            calibration::TICK_ROUNDS.to_le_bytes().to_vec(),
            address.0.to_le_bytes().to_vec(),
        ];
        let launch = LaunchOf {
            entry: calibration::RATE.entry,
            grid: [blocks, 1, 1],
            block: [calibration::RATE_BLOCK, 1, 1],
            shared_bytes: 0,
            arguments: &arguments,
        };
        let from = self.mark()?;
        self.launch(module, &launch)?;
        let to = self.mark()?;
        self.ticked = Some((from, to));
        Ok(())
    }
}

impl Device for CudaDevice {
    fn target(&self) -> Target {
        Target::Cuda
    }

    fn name(&self) -> &str {
        &self.presence.name
    }

    fn load(&mut self, ptx: &str) -> Result<ModuleId, DeviceError> {
        let text = CString::new(ptx)
            .map_err(|_| DeviceError::Unsupported("a NUL byte in the PTX".to_owned()))?;
        self.load_image(Image::Ptx(&text))
    }

    fn unload(&mut self, module: ModuleId) {
        let unloaded = self.driver.unload(module.0 as usize);
        // A fault that is told only here is told again by whatever is asked next.
        let _ = self.heard(unloaded);
    }

    fn allocate(&mut self, bytes: u64, name: &str) -> Result<Address, DeviceError> {
        self.alive()?;
        let mut allocated = self.driver.allocate(bytes as usize);
        if matches!(&allocated, Err(failure) if failure.code == OUT_OF_MEMORY) {
            self.release_retired()?;
            allocated = self.driver.allocate(bytes as usize);
        }
        match allocated {
            Err(failure) if failure.code == OUT_OF_MEMORY => Err(DeviceError::OutOfMemory {
                name: name.to_owned(),
                bytes,
            }),
            other => {
                let address = Address(self.heard(other)?);
                self.sizes.insert(address, bytes);
                Ok(address)
            }
        }
    }

    fn free(&mut self, address: Address) {
        let Some(bytes) = self.sizes.remove(&address) else {
            return;
        };
        self.retired.push((address, bytes));
        let retired: u64 = self.retired.iter().map(|(_, bytes)| bytes).sum();
        if retired > MOST_RETIRED {
            // A fault that is told only here is told again by whatever is asked next.
            let _ = self.release_retired();
        }
    }

    fn write(&mut self, address: Address, bytes: &[u8]) -> Result<(), DeviceError> {
        self.alive()?;
        let written = self.driver.write(address.0, bytes);
        self.heard(written)
    }

    fn read(&mut self, address: Address, bytes: &mut [u8]) -> Result<(), DeviceError> {
        self.alive()?;
        let read = self.driver.read(address.0, bytes);
        self.heard(read)
    }

    /// Writes the first element and doubles what is there, all on the device.
    fn fill(&mut self, address: Address, element: &[u8], count: u64) -> Result<(), DeviceError> {
        self.alive()?;
        let bytes = element.len() * count as usize;
        if let Some(byte) = element.first()
            && element.iter().all(|other| other == byte)
        {
            let set = self.driver.set(address.0, *byte, bytes);
            return self.heard(set);
        }
        if bytes == 0 {
            return Ok(());
        }
        self.write(address, element)?;
        let mut done = element.len();
        while done < bytes {
            let more = done.min(bytes - done);
            let copied = self.driver.copy(address.0, address.0 + done as u64, more);
            self.heard(copied)?;
            done += more;
        }
        Ok(())
    }

    fn poison(&mut self, address: Address, bytes: u64) -> Result<(), DeviceError> {
        self.alive()?;
        let set = self.driver.set(address.0, POISON, bytes as usize);
        self.heard(set)
    }

    fn launch(&mut self, module: ModuleId, launch: &LaunchOf<'_>) -> Result<(), DeviceError> {
        self.alive()?;
        match self.driver.launch(module.0 as usize, launch) {
            Ok(()) => Ok(()),
            Err(failure) if failure.fault().is_some() => self.heard(Err(failure)),
            Err(failure) => Err(failure.error_of_launch(launch.entry)),
        }
    }

    fn synchronise(&mut self) -> Result<(), DeviceError> {
        self.alive()?;
        let done = self.driver.synchronise();
        self.heard(done)
    }

    fn settle(&mut self) -> Result<(), DeviceError> {
        self.alive()?;
        if self.cache == Cache::Cold {
            self.flush()?;
        }
        self.tick()
    }

    fn mark(&mut self) -> Result<Mark, DeviceError> {
        self.alive()?;
        let marked = self.driver.mark();
        Ok(Mark(self.heard(marked)?))
    }

    fn elapsed(&mut self, from: Mark, to: Mark) -> Result<Option<f64>, DeviceError> {
        self.alive()?;
        let elapsed = self.driver.elapsed(from.0, to.0);
        self.heard(elapsed)
    }
}

impl Gpu for CudaDevice {
    fn presence(&self) -> &Presence {
        &self.presence
    }

    fn load_cubin(&mut self, cubin: &Cubin) -> Result<ModuleId, DeviceError> {
        self.load_image(Image::Cubin(cubin))
    }

    fn set_cache(&mut self, cache: Cache) {
        self.cache = cache;
    }

    fn clock(&mut self) -> Result<Option<f64>, DeviceError> {
        let Some((from, to)) = self.ticked else {
            return Ok(None);
        };
        let elapsed = self.elapsed(from, to)?;
        Ok(elapsed
            .filter(|elapsed| *elapsed > 0.0)
            .map(|elapsed| 1.0 / elapsed))
    }

    fn is_dead(&self) -> bool {
        self.dead.is_some()
    }
}

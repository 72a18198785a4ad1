//! The calls of CUDA's driver that a device needs, and all unsafe code around them: what leaves this file is safe.
//!
//! Handles never leave it. A function returns a `CUresult`, which is an enumeration in Rust: the codes that drivers newer
//! than these bindings add belong to functions that are not called here (see `cuda.h`).
#![allow(unsafe_code)]

use std::collections::{BTreeMap, HashMap};
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::marker::PhantomData;
use std::ptr;

use cudarc::driver::sys;

use super::Presence;
use super::failure::{Failure, INVALID_VALUE};

/// The least version of CUDA whose driver has every function that is called here: `cuFuncGetParamInfo` came last.
const LEAST_VERSION: i32 = 12_040;
/// Moments that are remembered; older ones are forgotten.
const MARKS: u64 = 64;

/// A context, a stream in which everything is done in order, and what lives in it.
pub(super) struct Driver {
    device: sys::CUdevice,
    stream: sys::CUstream,
    modules: Vec<Option<Module>>,
    /// Bytes of every allocation by its address.
    allocations: BTreeMap<u64, usize>,
    events: Vec<sys::CUevent>,
    marked: u64,
    /// A context is current on one thread: neither `Send` nor `Sync`.
    _thread: PhantomData<*mut ()>,
}

struct Module {
    handle: sys::CUmodule,
    functions: HashMap<String, Function>,
}

#[derive(Clone)]
struct Function {
    handle: sys::CUfunction,
    /// Bytes of each parameter.
    parameters: Vec<usize>,
    /// Dynamic shared memory that it was allowed.
    shared: u32,
}

/// Compiled code.
#[derive(Clone, Copy)]
pub(super) enum Image<'a> {
    /// Text, ended by NUL.
    Ptx(&'a CStr),
    /// A whole ELF file, as the compiler made it.
    Cubin(&'a crate::compiler::Cubin),
}

fn check(call: &'static str, result: sys::CUresult) -> Result<(), Failure> {
    if result == sys::CUresult::CUDA_SUCCESS {
        return Ok(());
    }
    let mut text: *const c_char = ptr::null();
    // SAFETY: `text` lives through the call, which sets it to a static string or leaves it null.
    let known = unsafe { sys::cuGetErrorString(result, &raw mut text) };
    let text = if known == sys::CUresult::CUDA_SUCCESS && !text.is_null() {
        // SAFETY: the driver set it to a string of its own that ends with NUL and is never freed.
        unsafe { CStr::from_ptr(text) }
            .to_string_lossy()
            .into_owned()
    } else {
        format!("{result:?}")
    };
    Err(Failure {
        call,
        code: result as u32,
        text,
    })
}

/// Calls a function of the driver by its name and checks its result.
macro_rules! call {
    ($name:ident($($argument:expr),* $(,)?)) => {
        check(stringify!($name), sys::$name($($argument),*))
    };
}

/// What there is: the library, its version, the first device. Makes no context.
pub(super) fn look() -> Result<Presence, String> {
    // SAFETY: initialisers of the driver's library run, as in every program that uses CUDA.
    if !unsafe { sys::is_culib_present() } {
        return Err("no CUDA driver library (libcuda.so.1) here".to_owned());
    }
    let words = |failure: Failure| format!("the CUDA driver finds no GPU: {failure}");
    // SAFETY: the flags must be 0.
    unsafe { call!(cuInit(0)) }.map_err(words)?;
    let (mut version, mut count, mut device) = (0, 0, 0);
    // SAFETY: the integer lives through the call.
    unsafe { call!(cuDriverGetVersion(&raw mut version)) }.map_err(words)?;
    if version < LEAST_VERSION {
        let (major, minor) = parts(version);
        return Err(format!(
            "the driver is of CUDA {major}.{minor}; it takes 12.4 or later"
        ));
    }
    // SAFETY: the integer lives through the call.
    unsafe { call!(cuDeviceGetCount(&raw mut count)) }.map_err(words)?;
    if count < 1 {
        return Err("the CUDA driver finds no GPU".to_owned());
    }
    // SAFETY: the handle lives through the call, and there is a device 0.
    unsafe { call!(cuDeviceGet(&raw mut device, 0)) }.map_err(words)?;
    describe(device, version).map_err(words)
}

fn parts(version: i32) -> (u32, u32) {
    let version = version.unsigned_abs();
    (version / 1000, version % 1000 / 10)
}

fn describe(device: sys::CUdevice, version: i32) -> Result<Presence, Failure> {
    use sys::CUdevice_attribute as Attribute;
    let attribute = |which: Attribute| {
        let mut value: c_int = 0;
        // SAFETY: the device is the driver's own, and the integer lives through the call.
        unsafe { call!(cuDeviceGetAttribute(&raw mut value, which, device)) }?;
        Ok(value.unsigned_abs())
    };
    let major = attribute(Attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)?;
    let minor = attribute(Attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)?;
    let mut name = [0_u8; 256];
    // SAFETY: the driver writes at most the 256 bytes that there are.
    unsafe { call!(cuDeviceGetName(name.as_mut_ptr().cast(), 256, device)) }?;
    let name = CStr::from_bytes_until_nul(&name).unwrap_or(c"a GPU");
    Ok(Presence {
        name: name.to_string_lossy().into_owned(),
        architecture: 10 * major + minor,
        driver: parts(version),
        cache_bytes: attribute(Attribute::CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE)?.into(),
        processors: attribute(Attribute::CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)?,
    })
}

impl Driver {
    /// Makes the context of device 0 current on this thread. [`look`] has found a device.
    pub(super) fn open() -> Result<Self, Failure> {
        let (mut device, mut context) = (0, ptr::null_mut());
        // SAFETY: the driver is initialised, since `look` has found a device, and the handle lives through the call.
        unsafe { call!(cuDeviceGet(&raw mut device, 0)) }?;
        // SAFETY: the device is the driver's own, and the handle lives through the call.
        unsafe { call!(cuDevicePrimaryCtxRetain(&raw mut context, device)) }?;
        // From here on dropping it gives the context back.
        let mut driver = Driver {
            device,
            stream: ptr::null_mut(),
            modules: Vec::new(),
            allocations: BTreeMap::new(),
            events: Vec::new(),
            marked: 0,
            _thread: PhantomData,
        };
        // SAFETY: the context was just retained, and is given back only when `driver` is dropped.
        unsafe { call!(cuCtxSetCurrent(context)) }?;
        let flags = sys::CUstream_flags::CU_STREAM_NON_BLOCKING as u32;
        // SAFETY: the context is current, and the handle lives through the call.
        unsafe { call!(cuStreamCreate(&raw mut driver.stream, flags)) }?;
        Ok(driver)
    }

    /// Loads code; where it fails, what the assembler says comes with the failure.
    pub(super) fn load(&mut self, image: Image<'_>) -> Result<usize, (Failure, String)> {
        use sys::CUjit_option as Jit;
        let mut handle = ptr::null_mut();
        let mut log = vec![0_u8; 8192];
        let loaded = match image {
            Image::Ptx(text) => {
                let mut options = [
                    Jit::CU_JIT_ERROR_LOG_BUFFER,
                    Jit::CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES,
                ];
                // The driver takes a size in the place of a pointer.
                let mut values: [*mut c_void; 2] = [
                    log.as_mut_ptr().cast(),
                    ptr::without_provenance_mut(log.len()),
                ];
                // SAFETY: the text ends with NUL; the two options have one value each, a buffer that lives through the
                // call and its size.
                unsafe {
                    call!(cuModuleLoadDataEx(
                        &raw mut handle,
                        text.as_ptr().cast(),
                        2,
                        options.as_mut_ptr(),
                        values.as_mut_ptr(),
                    ))
                }
            }
            // SAFETY: a `Cubin` is a whole file as the compiler made it: its header says how long it is.
            Image::Cubin(cubin) => unsafe {
                call!(cuModuleLoadData(
                    &raw mut handle,
                    cubin.bytes().as_ptr().cast()
                ))
            },
        };
        loaded.map_err(|failure| {
            let log = CStr::from_bytes_until_nul(&log).unwrap_or_default();
            (failure, log.to_string_lossy().into_owned())
        })?;
        self.modules.push(Some(Module {
            handle,
            functions: HashMap::new(),
        }));
        Ok(self.modules.len() - 1)
    }

    /// Forgets a module, once everything that was launched is done.
    pub(super) fn unload(&mut self, module: usize) -> Result<(), Failure> {
        let Some(module) = self.modules.get_mut(module).and_then(Option::take) else {
            return Ok(());
        };
        let done = self.synchronise();
        // SAFETY: the handle was taken out, so that it is unloaded once, and its functions with it.
        unsafe { call!(cuModuleUnload(module.handle)) }.and(done)
    }

    fn function(&mut self, module: usize, entry: &str) -> Result<&mut Function, Failure> {
        let missing = |text: &str| Failure {
            call: "cuModuleGetFunction",
            code: 500,
            text: text.to_owned(),
        };
        let module = self.modules.get_mut(module).and_then(Option::as_mut);
        let module = module.ok_or_else(|| missing("the module was unloaded"))?;
        if !module.functions.contains_key(entry) {
            let name = CString::new(entry).map_err(|_| missing("a NUL byte in the name"))?;
            let mut handle = ptr::null_mut();
            // SAFETY: the module is loaded, the name ends with NUL, and the handle lives through the call.
            unsafe {
                call!(cuModuleGetFunction(
                    &raw mut handle,
                    module.handle,
                    name.as_ptr()
                ))
            }?;
            let function = Function {
                handle,
                parameters: parameters(handle)?,
                shared: 0,
            };
            module.functions.insert(entry.to_owned(), function);
        }
        Ok(module
            .functions
            .get_mut(entry)
            .expect("it was just inserted"))
    }

    /// Launches a kernel with the bytes of its arguments.
    pub(super) fn launch(
        &mut self,
        module: usize,
        launch: &crate::device::LaunchOf<'_>,
    ) -> Result<(), Failure> {
        let stream = self.stream;
        let function = self.function(module, launch.entry)?;
        let given = launch.arguments.iter().map(Vec::len);
        if !given.eq(function.parameters.iter().copied()) {
            let text = format!("its parameters take {:?} bytes", function.parameters);
            return Err(Failure {
                call: "cuLaunchKernel",
                code: INVALID_VALUE,
                text,
            });
        }
        if launch.shared_bytes > function.shared {
            let attribute =
                sys::CUfunction_attribute::CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
            let bytes = c_int::try_from(launch.shared_bytes).unwrap_or(c_int::MAX);
            // SAFETY: the function belongs to a loaded module.
            unsafe { call!(cuFuncSetAttribute(function.handle, attribute, bytes)) }?;
            function.shared = launch.shared_bytes;
        }
        let arguments: Vec<Vec<u128>> = launch.arguments.iter().map(|a| aligned(a)).collect();
        let mut pointers: Vec<*mut c_void> = arguments
            .iter()
            .map(|words| words.as_ptr().cast_mut().cast())
            .collect();
        let ([gx, gy, gz], [bx, by, bz]) = (launch.grid, launch.block);
        // SAFETY: the function belongs to a loaded module and the stream is ours. There is a pointer for every parameter,
        // to as many bytes as the driver says that it has, aligned as much as any type asks; the driver copies them before it
        // returns. What the kernel then does with the addresses in them stays within the memory of this process, which is
        // therefore one that holds nothing but this work.
        unsafe {
            call!(cuLaunchKernel(
                function.handle,
                gx,
                gy,
                gz,
                bx,
                by,
                bz,
                launch.shared_bytes,
                stream,
                pointers.as_mut_ptr(),
                ptr::null_mut(),
            ))
        }
    }

    /// Room for some bytes, at least one.
    pub(super) fn allocate(&mut self, bytes: usize) -> Result<u64, Failure> {
        let bytes = bytes.max(1);
        let mut address = 0;
        // SAFETY: the context is current, and the address lives through the call.
        unsafe { call!(cuMemAlloc_v2(&raw mut address, bytes)) }?;
        self.allocations.insert(address, bytes);
        Ok(address)
    }

    /// Gives memory back, once everything that was launched is done.
    pub(super) fn free(&mut self, address: u64) -> Result<(), Failure> {
        if self.allocations.remove(&address).is_none() {
            return Ok(());
        }
        let done = self.synchronise();
        // SAFETY: the address came from cuMemAlloc and was taken off the list, so that it is freed once.
        unsafe { call!(cuMemFree_v2(address)) }.and(done)
    }

    /// Whether a range lies within one allocation. Without this a wrong address could name memory of the host.
    fn hold(&self, address: u64, bytes: usize) -> Result<(), Failure> {
        let before = self.allocations.range(..=address).next_back();
        let is_within = before.is_some_and(|(start, length)| {
            let end = (address - start).checked_add(bytes as u64);
            end.is_some_and(|end| end <= *length as u64)
        });
        if is_within {
            return Ok(());
        }
        Err(Failure {
            call: "a copy",
            code: INVALID_VALUE,
            text: format!("{bytes} bytes at {address:#x} are not within one allocation"),
        })
    }

    /// Copies onto the device and waits for it.
    pub(super) fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), Failure> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.hold(address, bytes.len())?;
        // SAFETY: so many bytes are at both ends, and the slice is borrowed until the copy is waited for below.
        let copied = unsafe {
            call!(cuMemcpyHtoDAsync_v2(
                address,
                bytes.as_ptr().cast(),
                bytes.len(),
                self.stream
            ))
        };
        self.synchronise().and(copied)
    }

    /// Copies from the device and waits for it.
    pub(super) fn read(&mut self, address: u64, bytes: &mut [u8]) -> Result<(), Failure> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.hold(address, bytes.len())?;
        // SAFETY: so many bytes are at both ends, and the slice is borrowed until the copy is waited for below.
        let copied = unsafe {
            call!(cuMemcpyDtoHAsync_v2(
                bytes.as_mut_ptr().cast(),
                address,
                bytes.len(),
                self.stream
            ))
        };
        self.synchronise().and(copied)
    }

    /// Copies on the device, from one range to another that it does not meet.
    pub(super) fn copy(&mut self, from: u64, to: u64, bytes: usize) -> Result<(), Failure> {
        if bytes == 0 {
            return Ok(());
        }
        self.hold(from, bytes)?;
        self.hold(to, bytes)?;
        // SAFETY: so many bytes of our allocations are at both ends.
        unsafe { call!(cuMemcpyDtoDAsync_v2(to, from, bytes, self.stream)) }
    }

    /// Writes the same byte everywhere.
    pub(super) fn set(&mut self, address: u64, byte: u8, bytes: usize) -> Result<(), Failure> {
        if bytes == 0 {
            return Ok(());
        }
        self.hold(address, bytes)?;
        // SAFETY: so many bytes of one of our allocations are there.
        unsafe { call!(cuMemsetD8Async(address, byte, bytes, self.stream)) }
    }

    /// Takes away what kernels may have reserved of the cache.
    pub(super) fn forget_reserved_cache(&mut self) {
        // SAFETY: the context is current. A device without such a reservation says that it has none.
        let _ = unsafe { sys::cuCtxResetPersistingL2Cache() };
    }

    pub(super) fn synchronise(&mut self) -> Result<(), Failure> {
        // SAFETY: the stream is ours and alive.
        unsafe { call!(cuStreamSynchronize(self.stream)) }
    }

    /// Marks this moment in the stream.
    pub(super) fn mark(&mut self) -> Result<u64, Failure> {
        let slot = (self.marked % MARKS) as usize;
        if slot == self.events.len() {
            let mut event = ptr::null_mut();
            let flags = sys::CUevent_flags::CU_EVENT_DEFAULT as u32;
            // SAFETY: the context is current, and the handle lives through the call.
            unsafe { call!(cuEventCreate(&raw mut event, flags)) }?;
            self.events.push(event);
        }
        // SAFETY: event and stream are ours, of one context, and alive.
        unsafe { call!(cuEventRecord(self.events[slot], self.stream)) }?;
        self.marked += 1;
        Ok(self.marked - 1)
    }

    /// Nanoseconds between two moments; `None` if one is forgotten.
    pub(super) fn elapsed(&mut self, from: u64, to: u64) -> Result<Option<f64>, Failure> {
        let is_known = |mark: u64| mark < self.marked && self.marked - mark <= MARKS;
        if !is_known(from) || !is_known(to) {
            return Ok(None);
        }
        let event = |mark: u64| self.events[(mark % MARKS) as usize];
        let mut milliseconds = 0.0_f32;
        // SAFETY: the event is ours, alive, and was recorded.
        unsafe { call!(cuEventSynchronize(event(to))) }?;
        // SAFETY: both events are ours, alive, and were recorded with their times; the number lives through the call.
        unsafe {
            call!(cuEventElapsedTime(
                &raw mut milliseconds,
                event(from),
                event(to)
            ))
        }?;
        Ok(Some(f64::from(milliseconds) * 1e6))
    }
}

/// The bytes of each parameter of a function.
fn parameters(function: sys::CUfunction) -> Result<Vec<usize>, Failure> {
    let mut sizes = Vec::new();
    loop {
        let (mut offset, mut size) = (0, 0);
        // SAFETY: the function belongs to a loaded module, and both numbers live through the call.
        let told = unsafe {
            call!(cuFuncGetParamInfo(
                function,
                sizes.len(),
                &raw mut offset,
                &raw mut size
            ))
        };
        match told {
            Ok(()) => sizes.push(size),
            // So it says behind the last one.
            Err(failure) if failure.code == INVALID_VALUE => return Ok(sizes),
            Err(failure) => return Err(failure),
        }
    }
}

/// The same bytes where every type may stand, zeros behind them.
fn aligned(bytes: &[u8]) -> Vec<u128> {
    let chunks = bytes.chunks(16).map(|chunk| {
        let mut word = [0; 16];
        word[..chunk.len()].copy_from_slice(chunk);
        u128::from_ne_bytes(word)
    });
    chunks.collect()
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Nothing can be done about a failure; after a fault everything here fails.
        let _ = self.synchronise();
        for module in 0..self.modules.len() {
            let _ = self.unload(module);
        }
        let addresses: Vec<u64> = self.allocations.keys().copied().collect();
        for address in addresses {
            let _ = self.free(address);
        }
        for event in self.events.drain(..) {
            // SAFETY: the event is ours, and was taken off the list.
            let _ = unsafe { sys::cuEventDestroy_v2(event) };
        }
        if !self.stream.is_null() {
            // SAFETY: the stream is ours and not used again.
            let _ = unsafe { sys::cuStreamDestroy_v2(self.stream) };
        }
        // SAFETY: the context was retained once in `open` and nothing of ours is left in it.
        let _ = unsafe { sys::cuDevicePrimaryCtxRelease_v2(self.device) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_keep_their_bytes_when_they_are_aligned() {
        let bytes: Vec<u8> = (1..=20).collect();
        let words = aligned(&bytes);
        let again: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
        assert_eq!((words.len(), &again[..20]), (2, &bytes[..]));
        assert!(aligned(&[]).is_empty());
    }

    #[test]
    fn versions_are_major_and_minor() {
        assert_eq!(parts(12_040), (12, 4));
        assert_eq!(parts(13_000), (13, 0));
    }
}

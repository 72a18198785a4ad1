//! The few functions of NVRTC that are needed, loaded at run time.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_int};
use std::path::Path;
use std::ptr;

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};

type Status = c_int;
/// `nvrtcProgram`, a pointer to what NVRTC keeps of a program.
type Handle = *mut std::ffi::c_void;

const SUCCESS: Status = 0;
/// `NVRTC_ERROR_COMPILATION`: the source is at fault, and the log says how.
const COMPILATION: Status = 6;

/// Declares the table of functions: a field of the name and type of each, and how all of them are found.
macro_rules! functions {
    ($($name:ident = $symbol:literal: fn($($type:ty),*);)*) => {
        struct Functions { $($name: unsafe extern "C" fn($($type),*) -> Status,)* }

        impl Functions {
            fn of(library: &Library) -> Result<Self, libloading::Error> {
                // SAFETY: the types are those of nvrtc.h, which has not changed them since CUDA 11.1; the pointers are
                // kept in `Nvrtc` beside the library, which outlives them.
                unsafe { Ok(Functions { $($name: *library.get($symbol)?,)* }) }
            }
        }
    };
}

functions! {
    version = c"nvrtcVersion": fn(*mut c_int, *mut c_int);
    create = c"nvrtcCreateProgram": fn(
        *mut Handle, *const c_char, *const c_char, c_int, *const *const c_char, *const *const c_char
    );
    destroy = c"nvrtcDestroyProgram": fn(*mut Handle);
    compile = c"nvrtcCompileProgram": fn(Handle, c_int, *const *const c_char);
    log_size = c"nvrtcGetProgramLogSize": fn(Handle, *mut usize);
    log = c"nvrtcGetProgramLog": fn(Handle, *mut c_char);
    ptx_size = c"nvrtcGetPTXSize": fn(Handle, *mut usize);
    ptx = c"nvrtcGetPTX": fn(Handle, *mut c_char);
    cubin_size = c"nvrtcGetCUBINSize": fn(Handle, *mut usize);
    cubin = c"nvrtcGetCUBIN": fn(Handle, *mut c_char);
}

/// NVRTC, loaded.
pub(super) struct Nvrtc {
    functions: Functions,
    // Dropped after the functions that point into them.
    _library: Library,
    _builtins: Option<Library>,
}

/// What is fetched of a compilation: PTX for a virtual architecture, machine code for a real one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fetch {
    Ptx,
    Cubin,
    /// Only what the compiler said.
    Log,
}

/// What a compilation made.
pub(super) struct Output {
    /// What was fetched, as text or not; none if the source is at fault.
    pub(super) made: Vec<u8>,
    /// Whether the source was accepted.
    pub(super) succeeded: bool,
    /// What the compiler said.
    pub(super) log: String,
}

impl Nvrtc {
    /// Loads the library, and before it the one with its built-in functions: NVRTC opens that by its bare name, which the
    /// loader finds only if it is there already.
    pub(super) fn load(library: &Path, builtins: Option<&Path>) -> Result<Self, String> {
        let open = |path: &Path| {
            // SAFETY: initialisers of the library run. It is the compiler that the user installed, the same that a
            // program linked against CUDA runs.
            unsafe { Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL) }
                .map_err(|error| format!("{}: {error}", path.display()))
        };
        let builtins = builtins.map(open).transpose()?;
        let library = open(library)?;
        let functions = Functions::of(&library).map_err(|error| error.to_string())?;
        Ok(Nvrtc {
            functions,
            _library: library,
            _builtins: builtins,
        })
    }

    /// Major and minor version.
    pub(super) fn version(&self) -> Result<(i32, i32), String> {
        let (mut major, mut minor) = (0, 0);
        // SAFETY: both point to integers that live through the call.
        check("nvrtcVersion", unsafe {
            (self.functions.version)(&raw mut major, &raw mut minor)
        })?;
        Ok((major, minor))
    }

    /// Compiles a source under a name with options.
    pub(super) fn compile(
        &self,
        source: &str,
        name: &str,
        options: &[String],
        fetch: Fetch,
    ) -> Result<Output, String> {
        let text = |text: &str| {
            CString::new(text).map_err(|_| "a NUL byte in the source, its name or an option")
        };
        let (source, name) = (text(source)?, text(name)?);
        let options: Vec<CString> = options.iter().map(|o| text(o)).collect::<Result<_, _>>()?;
        let options: Vec<*const c_char> = options.iter().map(|option| option.as_ptr()).collect();
        self.compile_text(&source, &name, &options, fetch)
    }

    fn compile_text(
        &self,
        source: &CStr,
        name: &CStr,
        options: &[*const c_char],
        fetch: Fetch,
    ) -> Result<Output, String> {
        let mut handle = ptr::null_mut();
        // SAFETY: the strings end with NUL and outlive the call; no header is given, so both lists may be null.
        check("nvrtcCreateProgram", unsafe {
            (self.functions.create)(
                &raw mut handle,
                source.as_ptr(),
                name.as_ptr(),
                0,
                ptr::null(),
                ptr::null(),
            )
        })?;
        let mut program = Program {
            nvrtc: self,
            handle,
        };
        let count = c_int::try_from(options.len()).map_err(|_| "too many options")?;
        // SAFETY: the handle is that of a program that was not destroyed, and `options` holds `count` strings.
        let status = unsafe { (self.functions.compile)(program.handle, count, options.as_ptr()) };
        let log = program.text(self.functions.log_size, self.functions.log)?;
        if status != COMPILATION {
            check("nvrtcCompileProgram", status).map_err(|error| format!("{error}: {log}"))?;
        }
        let succeeded = status == SUCCESS;
        let made = match fetch {
            Fetch::Ptx if succeeded => program
                .text(self.functions.ptx_size, self.functions.ptx)?
                .into_bytes(),
            Fetch::Cubin if succeeded => {
                program.bytes(self.functions.cubin_size, self.functions.cubin)?
            }
            _ => Vec::new(),
        };
        Ok(Output {
            made,
            succeeded,
            log,
        })
    }
}

/// A program of NVRTC, destroyed when dropped.
struct Program<'a> {
    nvrtc: &'a Nvrtc,
    handle: Handle,
}

impl Program<'_> {
    /// Bytes that NVRTC keeps: first how many, then they.
    fn bytes(
        &mut self,
        size: unsafe extern "C" fn(Handle, *mut usize) -> Status,
        get: unsafe extern "C" fn(Handle, *mut c_char) -> Status,
    ) -> Result<Vec<u8>, String> {
        let mut length = 0;
        // SAFETY: the handle is alive, and `length` lives through the call.
        check("the size of a result of NVRTC", unsafe {
            size(self.handle, &raw mut length)
        })?;
        let mut bytes = vec![0_u8; length];
        // SAFETY: NVRTC writes as many bytes as it just said, and so many there are.
        check("a result of NVRTC", unsafe {
            get(self.handle, bytes.as_mut_ptr().cast())
        })?;
        Ok(bytes)
    }

    /// The same as text, which has a NUL at its end.
    fn text(
        &mut self,
        size: unsafe extern "C" fn(Handle, *mut usize) -> Status,
        get: unsafe extern "C" fn(Handle, *mut c_char) -> Status,
    ) -> Result<String, String> {
        let mut text = self.bytes(size, get)?;
        let end = text.iter().position(|byte| *byte == 0);
        text.truncate(end.unwrap_or(text.len()));
        String::from_utf8(text).map_err(|_| "NVRTC wrote a text that is not UTF-8".to_owned())
    }
}

impl Drop for Program<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle came from nvrtcCreateProgram and is not used again. Nothing can be done about a failure.
        unsafe { (self.nvrtc.functions.destroy)(&raw mut self.handle) };
    }
}

fn check(what: &str, status: Status) -> Result<(), String> {
    if status == SUCCESS {
        Ok(())
    } else {
        Err(format!("{what} failed with status {status}"))
    }
}

//! A user's own kernel: a `.cu`, or a `.ptx` with a plan. Held against its problem before anything runs.

use std::path::Path;

use kernels::compiler::{CompileError, Options};
use kernels::plan::{Plan, PlanError, Takes};
use problems::AnyProblem;
use sandbox::Slot;
use sha2::{Digest, Sha256};
use vocabulary::{Target, Verdict};

use crate::digest::hexadecimal;
use crate::interface::interface_of;
use crate::kernel::Kernel;
use crate::nvrtc::Nvrtc;
use crate::usage::Usage;

/// The devices that a user's kernel is judged on.
pub const TARGETS: [Target; 2] = [Target::Emulator, Target::Cuda];

/// Whether a file is a kernel.
pub fn is_kernel(path: &Path) -> bool {
    let extension = path.extension().and_then(std::ffi::OsStr::to_str);
    matches!(extension, Some("cu" | "ptx"))
}

/// Reads a kernel's file. The plan of a `.ptx` is a comment in it, or stands in the `.cu` beside it.
///
/// # Errors
/// If a file cannot be read.
pub fn read(path: &Path, target: Target) -> Result<Kernel, Usage> {
    let text =
        |path: &Path| std::fs::read_to_string(path).map_err(|error| Usage::file(path, error));
    let name = |path: &Path| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        name.to_string_lossy().into_owned()
    };
    let own = text(path)?;
    let kernel = |file: &Path, source: String, ptx: Result<String, String>| Kernel {
        target,
        file: name(file),
        // What is wrong with a plan is said when the kernel is compiled.
        takes: match Plan::find(&source, "") {
            Ok(Some(plan)) => plan.takes,
            _ => Takes::default(),
        },
        source,
        ptx,
        fault: None,
    };
    if path.extension().is_some_and(|extension| extension == "cu") {
        let reason = "it is compiled when it is first needed".to_owned();
        return Ok(kernel(path, own, Err(reason)));
    }
    let beside = path.with_extension("cu");
    let has_plan = matches!(Plan::find(&own, ""), Ok(Some(_)) | Err(_));
    if !has_plan && beside.is_file() {
        let source = text(&beside)?;
        return Ok(kernel(&beside, source, Ok(own)));
    }
    Ok(kernel(path, own.clone(), Ok(own)))
}

/// A kernel with its PTX, compiled if need be and kept in a folder by content. The inner error is CE or SK, and why.
///
/// # Errors
/// If the sandbox or the folder fails.
pub fn compiled<'a>(
    kernel: &Kernel,
    problem: &dyn AnyProblem,
    kept: &Path,
    slot: impl FnOnce() -> anyhow::Result<Result<&'a mut Slot, String>>,
) -> anyhow::Result<Result<Kernel, (Verdict, String)>> {
    let wrong = |error: PlanError| (Verdict::CompileError, error.to_string());
    let Some(schema) = problem.schema() else {
        let reason = "the problem has no array form, which kernels need".to_owned();
        return Ok(Err((Verdict::Skipped, reason)));
    };
    let interface = interface_of(schema);
    let plan = match Plan::find(&kernel.source, &kernel.file) {
        Ok(Some(plan)) => plan,
        Ok(None) => return Ok(Err((Verdict::CompileError, without_plan(&kernel.file)))),
        Err(error) => return Ok(Err(wrong(error))),
    };
    if let Err(error) = plan.check(&interface) {
        return Ok(Err(wrong(error)));
    }
    let ptx = match &kernel.ptx {
        Ok(ptx) => ptx.clone(),
        Err(_) => match compile(kernel, kept, slot)? {
            Ok(ptx) => ptx,
            Err(refusal) => return Ok(Err(refusal)),
        },
    };
    let checked = plan.check_entries(&interface, &ptx).map_err(wrong);
    Ok(checked.map(|()| Kernel {
        ptx: Ok(ptx),
        ..kernel.clone()
    }))
}

fn without_plan(file: &str) -> String {
    let beside = match file.strip_suffix(".ptx") {
        Some(stem) => format!(", or put {stem}.cu with its plan beside it"),
        None => String::new(),
    };
    format!(
        "{file}:1:1: it has no launch plan: begin it with `/* judge:`, [[launch]] and `*/` \
         (docs/kernels.md){beside}"
    )
}

fn compile<'a>(
    kernel: &Kernel,
    kept: &Path,
    slot: impl FnOnce() -> anyhow::Result<Result<&'a mut Slot, String>>,
) -> anyhow::Result<Result<String, (Verdict, String)>> {
    let skipped = |reason| Ok(Err((Verdict::Skipped, reason)));
    let nvrtc = match Nvrtc::find()? {
        Ok(nvrtc) => nvrtc,
        Err(reason) => return skipped(reason),
    };
    let options = Options::default();
    let what = (nvrtc.library(), &options, &kernel.file, &kernel.source);
    let digest = Sha256::digest(format!("{what:?}"));
    let path = kept.join(format!("{}.ptx", hexadecimal(&digest[..16])));
    if let Ok(ptx) = std::fs::read_to_string(&path) {
        return Ok(Ok(ptx));
    }
    let slot = match slot()? {
        Ok(slot) => slot,
        Err(reason) => return skipped(reason),
    };
    match nvrtc.compile(&kernel.source, &kernel.file, &options, slot)? {
        Ok(compiled) => {
            let staging = tempfile::NamedTempFile::new_in(kept)?;
            std::fs::write(staging.path(), &compiled.ptx)?;
            staging.persist(&path)?; // whole or not at all
            Ok(Ok(compiled.ptx))
        }
        Err(CompileError::Source(log)) => {
            Ok(Err((Verdict::CompileError, log.trim_end().to_owned())))
        }
        Err(error) => skipped(error.to_string()),
    }
}

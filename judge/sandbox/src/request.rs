//! From a command to the request that the zygote understands, and from its refusal to an error.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::wire::{MountRequest, Request};
use crate::{Command, Error, Limits, Tier};

pub(crate) fn request(command: &Command, limits: &Limits, tier: Tier) -> Result<Request, Error> {
    let bytes = |text: &std::ffi::OsStr| text.as_bytes().to_vec();
    let arguments = std::iter::once(command.program.as_os_str())
        .chain(command.arguments.iter().map(|it| &**it));
    let mut environment: Vec<Vec<u8>> = Vec::new();
    for (name, value) in &command.environment {
        environment.push([name.as_bytes(), b"=", value.as_bytes()].concat());
    }
    for (name, value) in [
        ("HOME", "/scratch"),
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ("TMPDIR", "/tmp"),
    ] {
        if !command.environment.iter().any(|(given, _)| given == name) {
            environment.push(format!("{name}={value}").into_bytes());
        }
    }
    // Zygote and init are of the same user in a user namespace.
    let own_processes = if tier == Tier::Namespaces { 2 } else { 64 };
    Ok(Request {
        program: bytes(command.program.as_os_str()),
        arguments: arguments.map(bytes).collect(),
        environment,
        mounts: command.mounts.iter().map(mount).collect::<Result<_, _>>()?,
        cpu_seconds: limits.cpu.as_secs() + 2,
        stack: limits.stack(),
        scratch: limits.scratch,
        processes: u64::from(limits.processes) + own_processes,
        collect: command.collect.is_some(),
        fixed_layout: command.fixed_layout,
    })
}

fn mount(mount: &crate::Mount) -> Result<MountRequest, Error> {
    let refuse = |reason: String| Error::Mount {
        source_path: mount.source.clone(),
        target: mount.target.clone(),
        reason,
    };
    if !mount.target.is_absolute() {
        return Err(refuse("the target is not an absolute path".to_owned()));
    }
    if ["/scratch", "/tmp", "/proc", "/dev"]
        .iter()
        .any(|taken| mount.target.starts_with(taken))
    {
        return Err(refuse(
            "the sandbox has its own file system there; choose another target".to_owned(),
        ));
    }
    // The zygote's working directory is not the judge's.
    let source = std::path::absolute(&mount.source).map_err(|error| refuse(error.to_string()))?;
    let metadata = std::fs::metadata(&source).map_err(|error| refuse(error.to_string()))?;
    Ok(MountRequest {
        source: source.as_os_str().as_bytes().to_vec(),
        target: mount.target.as_os_str().as_bytes().to_vec(),
        device: metadata.dev(),
        inode: metadata.ino(),
        folder: metadata.is_dir(),
    })
}

/// The zygote's refusal; a mount that failed names both of its paths.
pub(crate) fn refusal(words: &str, command: &Command) -> Error {
    for mount in &command.mounts {
        let start = format!(
            "show {} at {}: ",
            absolute(&mount.source).display(),
            mount.target.display()
        );
        if let Some(reason) = words.strip_prefix(&start) {
            let (source_path, target) = (mount.source.clone(), mount.target.clone());
            return Error::Mount {
                source_path,
                target,
                reason: reason.to_owned(),
            };
        }
    }
    Error::Refused(words.to_owned())
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

//! Where a slot's cgroup lies, and what both hierarchies have in common: memory and processes limited, CPU time, peak
//! memory and out-of-memory kills counted, all by the kernel and for all processes together.

mod v1;
mod v2;

use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::wire::Usage;
pub(crate) use v1::V1;
pub(crate) use v2::V2;

/// The zygote and init, beside the program's own processes.
const OWN_PROCESSES: u64 = 2;

/// A run that meets its limit and is killed for it is refused memory some tens of times before.
const MANY_REFUSALS: u64 = 1000;

/// The cgroup of one slot.
#[derive(Debug)]
pub(crate) enum Cgroup {
    V1(V1),
    V2(V2),
}

/// What the cgroup counted in one run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counted {
    pub(crate) peak_memory: Option<u64>,
    pub(crate) out_of_memory_kills: u64,
}

impl Cgroup {
    /// Sets the limits of the next run and the counters back.
    pub(crate) fn prepare(&mut self, memory: u64, processes: u32) -> io::Result<()> {
        match self {
            Cgroup::V1(cgroup) => cgroup.prepare(memory, processes),
            Cgroup::V2(cgroup) => cgroup.prepare(memory, processes),
        }
    }

    /// What was counted since; call it when all processes of the run have ended.
    pub(crate) fn counted(&mut self) -> io::Result<Counted> {
        match self {
            Cgroup::V1(cgroup) => cgroup.counted(),
            Cgroup::V2(cgroup) => cgroup.counted(),
        }
    }

    /// Whether the run goes round in circles at its limit of memory: what it has cannot be given back, and so the kernel takes
    /// the pages of the program's own file away, over and over, and never calls that out of memory.
    pub(crate) fn thrashes(&self) -> io::Result<bool> {
        let (refused, kept, limit) = match self {
            Cgroup::V1(cgroup) => cgroup.pressure()?,
            Cgroup::V2(cgroup) => cgroup.pressure()?,
        };
        Ok(refused >= MANY_REFUSALS && kept >= limit / 20 * 19)
    }

    /// The file that tells the CPU time, and its kind.
    pub(crate) fn usage(&self) -> (&OwnedFd, Usage) {
        match self {
            Cgroup::V1(cgroup) => (cgroup.usage(), Usage::Nanoseconds),
            Cgroup::V2(cgroup) => (cgroup.usage(), Usage::Statistics),
        }
    }
}

/// The CPU time in nanoseconds that a usage file tells.
pub(crate) fn read_usage(file: impl AsFd, kind: Usage) -> io::Result<u64> {
    let mut text = [0; 256];
    let length = rustix::io::pread(file, &mut text, 0)?;
    let text = str::from_utf8(&text[..length]).map_err(io::Error::other)?;
    let number = match kind {
        Usage::None => return Ok(0),
        Usage::Nanoseconds => text.trim().parse(),
        Usage::Statistics => field(text, "usage_usec")
            .unwrap_or("")
            .parse()
            .map(|usec: u64| usec * 1000),
    };
    number.map_err(|_| io::Error::other(format!("{text:?} is no CPU time")))
}

/// The value after a name in a file of `name value` lines.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
}

/// An open control file, read and written from its beginning each time.
#[derive(Debug)]
struct Control {
    file: OwnedFd,
    path: PathBuf,
}

impl Control {
    fn open(path: PathBuf, writable: bool) -> io::Result<Control> {
        let file = fs::OpenOptions::new()
            .read(true)
            .write(writable)
            .open(&path)
            .map_err(|error| named(&path, &error))?;
        Ok(Control {
            file: file.into(),
            path,
        })
    }

    fn write(&self, value: &str) -> io::Result<()> {
        rustix::io::pwrite(&self.file, value.as_bytes(), 0)
            .map_err(|error| named(&self.path, &error.into()))?;
        Ok(())
    }

    fn text(&self) -> io::Result<String> {
        let mut text = [0; 4096];
        let length = rustix::io::pread(&self.file, &mut text, 0)
            .map_err(|error| named(&self.path, &error.into()))?;
        Ok(String::from_utf8_lossy(&text[..length]).into_owned())
    }

    /// The sum of some fields of `name value` lines; one that is not there is zero.
    fn sum(&self, names: &[&str]) -> io::Result<u64> {
        let text = self.text()?;
        let values = names
            .iter()
            .filter_map(|name| field(&text, name)?.parse::<u64>().ok());
        Ok(values.sum())
    }

    fn number(&self) -> io::Result<u64> {
        let text = self.text()?;
        text.trim().parse().map_err(|_| {
            io::Error::other(format!("{}: {text:?} is no number", self.path.display()))
        })
    }
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

fn write_new(path: &Path, value: &str) -> io::Result<()> {
    fs::write(path, value).map_err(|error| named(path, &error))
}

/// A folder in a cgroup file system, removed when dropped.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    fn make(path: PathBuf) -> io::Result<Folder> {
        fs::create_dir(&path).map_err(|error| named(&path, &error))?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The last process may still be on its way out, for which the kernel says "busy".
        for _ in 0..100 {
            match fs::remove_dir(&self.0) {
                Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
                    std::thread::sleep(std::time::Duration::from_millis(2));
                }
                _ => return,
            }
        }
    }
}

const PREFIX: &str = "judge-sandbox-";

/// A name that no other slot on this machine has.
fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!(
        "{PREFIX}{}-{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    )
}

/// Removes the folders of judges that were killed before they could.
fn sweep(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(process) = name
            .to_str()
            .and_then(|name| name.strip_prefix(PREFIX)?.split('-').next())
        else {
            continue;
        };
        if !Path::new("/proc").join(process).exists() {
            // Still-used folders refuse.
            for inner in fs::read_dir(entry.path()).into_iter().flatten().flatten() {
                let _ = fs::remove_dir(inner.path());
            }
            let _ = fs::remove_dir(entry.path());
        }
    }
}

/// Where this process's cgroup lies in the hierarchy that `is_it` picks by controllers; none if it is not mounted.
fn own_folder(is_it: impl Fn(&str, &str) -> bool) -> io::Result<Option<PathBuf>> {
    let cgroups = fs::read_to_string("/proc/self/cgroup")?;
    let mounts = fs::read_to_string("/proc/self/mountinfo")?;
    Ok(locate(&cgroups, &mounts, is_it).filter(|path| path.is_dir()))
}

/// `is_it` gets a file system type and a list of controllers with commas.
fn locate(cgroups: &str, mounts: &str, is_it: impl Fn(&str, &str) -> bool) -> Option<PathBuf> {
    // 9:memory:/some/where, and 0::/some/where for the unified hierarchy.
    let within = cgroups.lines().find_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?);
        let kind = if controllers.is_empty() {
            "cgroup2"
        } else {
            "cgroup"
        };
        is_it(kind, controllers).then_some(path)
    })?;
    // 31 24 0:27 /root /mounted/at rw,... shared:9 - cgroup name rw,memory
    mounts.lines().find_map(|line| {
        let (place, kind) = line.split_once(" - ")?;
        let mut kind = kind.split(' ');
        let (kind, options) = (kind.next()?, kind.nth(1)?);
        if !is_it(kind, options) {
            return None;
        }
        let mut place = place.split(' ').skip(3);
        let (root, at) = (place.next()?, Path::new(place.next()?));
        let below = Path::new(within)
            .strip_prefix(root)
            .unwrap_or(Path::new(""));
        Some(at.join(below.strip_prefix("/").unwrap_or(below)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(name: &str) -> impl Fn(&str, &str) -> bool {
        move |kind, controllers| kind == "cgroup" && controllers.split(',').any(|it| it == name)
    }

    #[test]
    fn the_own_folder_is_found_below_the_mounted_root() {
        let cgroups = "4:cpu,cpuacct:/a\n3:memory:/docker/12ab/x\n0::/init.scope\n";
        let mounts = "25 20 0:22 / /proc rw - proc proc rw\n\
            31 24 0:27 /docker/12ab /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory\n\
            32 24 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n\
            33 24 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate\n";
        let at = |name| locate(cgroups, mounts, has(name));
        assert_eq!(at("memory"), Some("/sys/fs/cgroup/memory/x".into()));
        assert_eq!(at("cpuacct"), Some("/sys/fs/cgroup/cpu,cpuacct/a".into()));
        assert_eq!(at("pids"), None);
        let unified = locate(cgroups, mounts, |kind, _| kind == "cgroup2");
        assert_eq!(unified, Some("/sys/fs/cgroup/unified/init.scope".into()));
    }

    #[test]
    fn a_field_is_told_from_one_that_begins_alike() {
        let text = "oom 3\noom_kill 2\noom_group_kill 1\n";
        assert_eq!(field(text, "oom_kill"), Some("2"));
        assert_eq!(field(text, "low"), None);
    }
}

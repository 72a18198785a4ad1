//! The unified hierarchy: a folder of the slot's own with one folder below it for runs, into which init is born.
//!
//! ```text
//! judge-sandbox-PID-N/         memory and pids handed down
//!   run/                       init and the program's processes
//! ```

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, Mode, OFlags};

use super::{Control, Counted, Folder, field, fresh_name, named, own_folder, sweep, write_new};

/// Init, beside the program's own processes.
const OWN_PROCESSES: u64 = super::OWN_PROCESSES - 1;

#[derive(Debug)]
pub(crate) struct V2 {
    limit: Control,
    in_use: Control,
    peak: Option<Control>,
    events: Control,
    statistics: Control,
    processes: Control,
    usage: OwnedFd,
    folder: OwnedFd,
    limit_set: u64,
    processes_set: u32,
    before: u64,
    kills_before: u64,
    refused_before: u64,
    // Dropped in this order: the inner one first.
    _run: Folder,
    _slot: Folder,
}

impl V2 {
    pub(crate) fn new(cpu: Option<usize>) -> io::Result<V2> {
        let own = own_folder(|kind, _| kind == "cgroup2")?
            .ok_or_else(|| unsupported("the unified hierarchy is not mounted".to_owned()))?;
        let parent = V2::parent(&own)?;
        sweep(&parent);
        let slot = Folder::make(parent.join(fresh_name()))?;
        hand_down(&slot.0)?;
        let run = Folder::make(slot.0.join("run"))?;
        let path = run.0.clone();
        // Swapped-out memory would be memory for free, and slow; a machine without swap has no such file.
        let _ = std::fs::write(path.join("memory.swap.max"), "0");
        if let Some(cpu) = cpu {
            // The slot's affinity pins it anyway; where the controller is handed down, this holds even against root.
            let _ = std::fs::write(path.join("cpuset.cpus"), cpu.to_string());
        }
        Ok(V2 {
            limit: Control::open(path.join("memory.max"), true)?,
            in_use: Control::open(path.join("memory.current"), false)?,
            // Kernels before 6.12 cannot set it back.
            peak: Control::open(path.join("memory.peak"), true)
                .ok()
                .filter(|peak| peak.write("reset").is_ok()),
            events: Control::open(path.join("memory.events"), false)?,
            statistics: Control::open(path.join("memory.stat"), false)?,
            processes: Control::open(path.join("pids.max"), true)?,
            usage: Control::open(path.join("cpu.stat"), false)?.file,
            folder: rustix::fs::open(
                &path,
                OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
                Mode::empty(),
            )?,
            limit_set: 0,
            processes_set: 0,
            before: 0,
            kills_before: 0,
            refused_before: 0,
            _run: run,
            _slot: slot,
        })
    }

    /// The nearest folder, from our own upwards, that hands memory and pids down to its children and takes ours.
    fn parent(own: &Path) -> io::Result<PathBuf> {
        let lists = |file: PathBuf| {
            let list = std::fs::read_to_string(file).unwrap_or_default();
            CONTROLLERS
                .iter()
                .all(|name| list.split_whitespace().any(|it| it == *name))
        };
        let folders = own
            .ancestors()
            .take_while(|folder| folder.join("cgroup.controllers").exists());
        for folder in folders {
            if lists(folder.join("cgroup.subtree_control"))
                && rustix::fs::access(folder, Access::WRITE_OK).is_ok()
            {
                return Ok(folder.to_path_buf());
            }
        }
        if !lists(own.join("cgroup.controllers")) {
            return Err(unsupported(format!(
                "{} has no memory and pids controllers",
                own.display()
            )));
        }
        // The root of all may hand its controllers down and have processes; only it has no type.
        if own.join("cgroup.type").exists() {
            take_over(own)?;
        } else {
            hand_down(own)?;
        }
        Ok(own.to_path_buf())
    }

    /// The folder into which init is born.
    pub(crate) fn folder(&self) -> &OwnedFd {
        &self.folder
    }

    pub(super) fn prepare(&mut self, memory: u64, processes: u32) -> io::Result<()> {
        let events = self.events.text()?;
        (self.kills_before, self.refused_before) = (kills(&events)?, refused(&events));
        self.before = self.in_use.number()?;
        let limit = memory.saturating_add(self.before);
        if limit != self.limit_set {
            self.limit.write(&limit.to_string())?;
            self.limit_set = limit;
        }
        if processes != self.processes_set {
            self.processes
                .write(&(u64::from(processes) + OWN_PROCESSES).to_string())?;
            self.processes_set = processes;
        }
        self.peak
            .as_ref()
            .map_or(Ok(()), |peak| peak.write("reset"))
    }

    pub(super) fn counted(&mut self) -> io::Result<Counted> {
        let stays = self.in_use.number()?.max(self.before);
        let peak_memory = match &self.peak {
            Some(peak) => Some(peak.number()?.saturating_sub(stays)),
            None => None,
        };
        Ok(Counted {
            peak_memory,
            out_of_memory_kills: kills(&self.events.text()?)?.saturating_sub(self.kills_before),
        })
    }

    /// How often the run was refused memory, what it has that cannot be given back, and its limit.
    pub(super) fn pressure(&self) -> io::Result<(u64, u64, u64)> {
        let refused = refused(&self.events.text()?).saturating_sub(self.refused_before);
        let kept = self.statistics.sum(&["anon", "shmem"])?;
        Ok((refused, kept, self.limit_set))
    }

    pub(super) fn usage(&self) -> &OwnedFd {
        &self.usage
    }
}

fn kills(events: &str) -> io::Result<u64> {
    field(events, "oom_kill")
        .and_then(|count| count.parse().ok())
        .ok_or_else(|| io::Error::other("memory.events does not count out-of-memory kills"))
}

fn refused(events: &str) -> u64 {
    field(events, "max")
        .and_then(|count| count.parse().ok())
        .unwrap_or(0)
}

const CONTROLLERS: [&str; 2] = ["memory", "pids"];

/// What the way in which the machine was started decides.
fn unsupported(reason: String) -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, reason)
}

/// Makes a delegated folder that is all ours (`systemd-run --user --scope -p Delegate=yes judge ...`) hand its controllers
/// down. Folders that do may not have processes, so this one goes into a leaf.
fn take_over(own: &Path) -> io::Result<()> {
    let processes = std::fs::read_to_string(own.join("cgroup.procs"))?;
    if processes.trim() != std::process::id().to_string() {
        let (own, count) = (own.display(), processes.lines().count());
        return Err(io::Error::other(format!(
            "{own} hands nothing down, and has {count} processes that are not all ours"
        )));
    }
    let leaf = own.join("judge-itself");
    match std::fs::create_dir(&leaf) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(named(&leaf, &error));
        }
        _ => {}
    }
    write_new(&leaf.join("cgroup.procs"), &std::process::id().to_string())?;
    hand_down(own)
}

/// Lets folders below this one have the controllers, and cpuset where that is to be had.
fn hand_down(folder: &Path) -> io::Result<()> {
    let control = folder.join("cgroup.subtree_control");
    write_new(&control, "+memory +pids")?;
    let _ = std::fs::write(control, "+cpuset");
    Ok(())
}

//! The older hierarchies: one folder each in memory, pids and cpuacct, in which the zygote lives; one in cpuset, too, if the slot
//! is pinned.
//!
//! Runs inherit the zygote's cgroups: moving a process into another takes milliseconds now and then. So the counters go on
//! from run to run, and each run is what was added to what stood before.

use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;

use super::{
    Control, Counted, Folder, OWN_PROCESSES, field, fresh_name, named, own_folder, sweep, write_new,
};

/// The kernel takes memory in batches for each CPU; a limit that is wrong by less need not be written again.
const BATCH: u64 = 128 << 10;

#[derive(Debug)]
pub(crate) struct V1 {
    limit: Control,
    in_use: Control,
    peak: Control,
    events: Control,
    refusals: Control,
    statistics: Control,
    processes: Control,
    usage: OwnedFd,
    folders: Vec<Folder>,
    limit_set: u64,
    processes_set: u32,
    /// Memory in use before the run: the zygote's, and files that earlier runs have read.
    before: u64,
    kills_before: u64,
    refused_before: u64,
}

impl V1 {
    /// The folders above, one for each hierarchy, or the reason why there are none.
    fn parents() -> io::Result<Vec<(&'static str, PathBuf)>> {
        let mut parents = Vec::new();
        for controller in ["memory", "pids", "cpuacct"] {
            parents.push((controller, V1::parent(controller)?));
        }
        Ok(parents)
    }

    fn parent(controller: &str) -> io::Result<PathBuf> {
        let is_it = |kind: &str, list: &str| {
            kind == "cgroup" && list.split(',').any(|name| name == controller)
        };
        own_folder(is_it)?.ok_or_else(|| {
            io::Error::other(format!("the v1 hierarchy of {controller} is not mounted"))
        })
    }

    /// A folder in cpuset with one CPU.
    fn one_cpu(name: &str, cpu: usize) -> io::Result<Folder> {
        let parent = V1::parent("cpuset")?;
        sweep(&parent);
        let folder = Folder::make(parent.join(name))?;
        let nodes = parent.join("cpuset.mems");
        let nodes = std::fs::read_to_string(&nodes).map_err(|error| named(&nodes, &error))?;
        write_new(&folder.0.join("cpuset.mems"), nodes.trim())?;
        write_new(&folder.0.join("cpuset.cpus"), &cpu.to_string())?;
        Ok(folder)
    }

    pub(crate) fn new(cpu: Option<usize>) -> io::Result<V1> {
        let name = fresh_name();
        let mut folders: Vec<Folder> = Vec::new();
        let mut paths = Vec::new();
        for (_, parent) in V1::parents()? {
            sweep(&parent);
            let path = parent.join(&name);
            // Two controllers may share a hierarchy.
            if !paths.contains(&path) {
                folders.push(Folder::make(path.clone())?);
            }
            paths.push(path);
        }
        let [memory, pids, cpuacct] =
            <[PathBuf; 3]>::try_from(paths).expect("one path for each controller");
        // Swapped-out memory would be memory for free, and slow.
        let _ = std::fs::write(memory.join("memory.swappiness"), "0");
        // The slot's affinity pins it anyway; this holds even against root.
        folders.extend(cpu.and_then(|cpu| V1::one_cpu(&name, cpu).ok()));
        Ok(V1 {
            limit: Control::open(memory.join("memory.limit_in_bytes"), true)?,
            in_use: Control::open(memory.join("memory.usage_in_bytes"), false)?,
            peak: Control::open(memory.join("memory.max_usage_in_bytes"), true)?,
            events: Control::open(memory.join("memory.oom_control"), false)?,
            refusals: Control::open(memory.join("memory.failcnt"), false)?,
            statistics: Control::open(memory.join("memory.stat"), false)?,
            processes: Control::open(pids.join("pids.max"), true)?,
            usage: Control::open(cpuacct.join("cpuacct.usage"), false)?.file,
            folders,
            limit_set: 0,
            processes_set: 0,
            before: 0,
            kills_before: 0,
            refused_before: 0,
        })
    }

    /// Puts a process, which has no children yet, into the slot's cgroups.
    pub(crate) fn enter(&self, process: u32) -> io::Result<()> {
        self.folders
            .iter()
            .try_for_each(|folder| write_new(&folder.0.join("cgroup.procs"), &process.to_string()))
    }

    pub(super) fn prepare(&mut self, memory: u64, processes: u32) -> io::Result<()> {
        if self.limit_set == 0 {
            // The first run; later ones begin with what the one before left.
            self.kills_before = self.kills()?;
            self.before = self.in_use.number()?;
        }
        self.refused_before = self.refusals.number()?;
        let limit = memory.saturating_add(self.before);
        if limit.abs_diff(self.limit_set) > BATCH {
            self.limit.write(&limit.to_string())?;
            self.limit_set = limit;
        }
        if processes != self.processes_set {
            self.processes
                .write(&(u64::from(processes) + OWN_PROCESSES).to_string())?;
            self.processes_set = processes;
        }
        // Whatever is written, the peak becomes what is in use now.
        self.peak.write("0")
    }

    pub(super) fn counted(&mut self) -> io::Result<Counted> {
        // What stays in use after the run are files that it was the first to read: the machine's, not the run's.
        let in_use = self.in_use.number()?;
        let stays = in_use.max(self.before);
        let kills = self.kills()?;
        let counted = Counted {
            peak_memory: Some(self.peak.number()?.saturating_sub(stays)),
            out_of_memory_kills: kills.saturating_sub(self.kills_before),
        };
        (self.before, self.kills_before) = (in_use, kills);
        Ok(counted)
    }

    /// How often the run was refused memory, what it has that cannot be given back, and its limit.
    pub(super) fn pressure(&self) -> io::Result<(u64, u64, u64)> {
        let refused = self.refusals.number()?.saturating_sub(self.refused_before);
        let kept = self.statistics.sum(&["rss", "shmem"])?;
        Ok((refused, kept, self.limit_set))
    }

    pub(super) fn usage(&self) -> &OwnedFd {
        &self.usage
    }

    fn kills(&self) -> io::Result<u64> {
        let text = self.events.text()?;
        field(&text, "oom_kill")
            .and_then(|count| count.parse().ok())
            .ok_or_else(|| {
                io::Error::other(
                    "memory.oom_control does not count out-of-memory kills (Linux 4.13 does)",
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_one_cpu_has_it_and_no_other_and_goes_away() {
        let folder = match V1::one_cpu(&fresh_name(), 0) {
            Ok(folder) => folder,
            Err(error) => return eprintln!("SKIPPED: no cpuset hierarchy to write in: {error}"),
        };
        let cpus = std::fs::read_to_string(folder.0.join("cpuset.cpus")).unwrap();
        assert_eq!(cpus.trim(), "0");
        let path = folder.0.clone();
        drop(folder);
        assert!(!path.exists());
    }
}

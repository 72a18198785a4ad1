//! How strong a sandbox this machine allows.

use std::fmt;

/// How a run is confined and measured; the better ones come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Namespaces, and a cgroup of the unified hierarchy with memory and pids.
    CgroupV2,
    /// Namespaces, and cgroups of the older hierarchies: memory, pids, cpuacct.
    CgroupV1,
    /// Namespaces alone: memory is polled and measured per process.
    Namespaces,
    /// Nothing but resource limits: the program sees files, processes and network of the user who runs the judge.
    Unsafe,
}

impl Tier {
    /// The letter of the tier: A is the best.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Tier::CgroupV2 => 'A',
            Tier::CgroupV1 => 'B',
            Tier::Namespaces => 'C',
            Tier::Unsafe => 'D',
        }
    }

    /// Whether memory and CPU time of all processes of a run are counted together by the kernel.
    #[must_use]
    pub fn has_cgroup(self) -> bool {
        matches!(self, Tier::CgroupV2 | Tier::CgroupV1)
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Tier::CgroupV2 => "cgroup v2",
            Tier::CgroupV1 => "cgroup v1",
            Tier::Namespaces => "namespaces, no cgroup",
            Tier::Unsafe => "unsafe: no sandbox",
        };
        write!(f, "{} ({words})", self.letter())
    }
}

/// Which tier works on this machine, found by doing.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The best tier that works. None: only unsafe runs would.
    pub tier: Option<Tier>,
    /// Why each better tier does not work.
    pub obstacles: Vec<Obstacle>,
}

/// Why a tier does not work here.
#[derive(Clone, Debug)]
pub struct Obstacle {
    /// The tier.
    pub tier: Tier,
    /// What failed when it was tried.
    pub reason: String,
    /// What would make it work.
    pub mend: String,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "tier {}: {}; mend: {}",
            self.tier, self.reason, self.mend
        )
    }
}

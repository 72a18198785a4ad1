//! Finds out by doing which tier works, and makes slots of it.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::cgroup::{Cgroup, V1, V2};
use crate::slot::{Place, Slot};
use crate::{Command, Ended, Error, Limits, Mount, Obstacle, Probe, Streams, Tier};

/// What a sandbox is made with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// An executable that calls [`serve_if_helper`](crate::serve_if_helper) first; usually
    /// [`current_exe`](std::env::current_exe).
    pub helper: PathBuf,
    /// Whether to run programs without a sandbox where none works.
    pub allow_unsafe: bool,
}

/// A sandbox of the best tier that this machine allows; makes [`Slot`]s, from any thread.
#[derive(Clone, Debug)]
pub struct Sandbox {
    place: Arc<Place>,
}

impl Sandbox {
    /// Tries the tiers, the best first, each with a real run.
    #[must_use]
    pub fn probe(settings: &Settings) -> Probe {
        let mut obstacles = Vec::new();
        for tier in [Tier::CgroupV2, Tier::CgroupV1, Tier::Namespaces] {
            match try_out(settings, tier) {
                Ok(()) => {
                    return Probe {
                        tier: Some(tier),
                        obstacles,
                    };
                }
                Err(error) => {
                    obstacles.push(Obstacle {
                        tier,
                        reason: error.to_string(),
                        mend: mend(tier, &error),
                    });
                }
            }
        }
        Probe {
            tier: None,
            obstacles,
        }
    }

    /// A sandbox of the best tier.
    ///
    /// # Errors
    /// [`Error::NoTier`] where none works and unsafe runs are not allowed.
    pub fn new(settings: Settings) -> Result<Sandbox, Error> {
        let probe = Sandbox::probe(&settings);
        let tier = match probe.tier {
            Some(tier) => tier,
            None if settings.allow_unsafe => Tier::Unsafe,
            None => {
                let reasons: Vec<_> = probe.obstacles.iter().map(ToString::to_string).collect();
                return Err(Error::NoTier {
                    reasons: reasons.join("; "),
                });
            }
        };
        Ok(Sandbox::with_tier(settings, tier))
    }

    /// A sandbox of this tier and no better one: for those who want to see how a weaker one behaves.
    ///
    /// Nothing is tried yet; [`Sandbox::slot`] says whether the tier works.
    #[must_use]
    pub fn with_tier(settings: Settings, tier: Tier) -> Sandbox {
        Sandbox {
            place: Arc::new(Place {
                helper: settings.helper,
                tier,
            }),
        }
    }

    /// The tier that this sandbox has.
    #[must_use]
    pub fn tier(&self) -> Tier {
        self.place.tier
    }

    /// A place for one run at a time, pinned to a CPU if one is given.
    ///
    /// # Errors
    /// Where the zygote or its cgroup could not be made.
    pub fn slot(&self, cpu: Option<usize>) -> Result<Slot, Error> {
        Slot::new(self.place.clone(), cpu)
    }
}

/// The cgroup of a new slot of this tier, confined to a CPU if one is given.
pub(crate) fn make_cgroup(tier: Tier, cpu: Option<usize>) -> Result<Option<Cgroup>, Error> {
    let in_words = |error| Error::system("make a cgroup", error);
    Ok(match tier {
        Tier::CgroupV2 => Some(Cgroup::V2(V2::new(cpu).map_err(in_words)?)),
        Tier::CgroupV1 => Some(Cgroup::V1(V1::new(cpu).map_err(in_words)?)),
        Tier::Namespaces | Tier::Unsafe => None,
    })
}

fn try_out(settings: &Settings, tier: Tier) -> Result<(), Error> {
    let place = Arc::new(Place {
        helper: settings.helper.clone(),
        tier,
    });
    let mut slot = Slot::new(place, None)?;
    // Whatever is executed will do: that it can be is what is tried. The helper is there for certain.
    let target = PathBuf::from("/probe/helper");
    let command = Command {
        program: target.clone(),
        arguments: vec![crate::zygote::PROBE_ARGUMENT.into()],
        mounts: vec![Mount {
            source: settings.helper.clone(),
            target,
        }],
        ..Command::default()
    };
    let outcome = slot.run(&command, &Limits::default(), Streams::default())?;
    match outcome.ended {
        // A helper whose libraries lie in nobody's /usr cannot start inside, but everything up to there worked.
        Ended::ByItself | Ended::CouldNotStart(_) => Ok(()),
        other => Err(Error::Refused(format!("run the helper: {other:?}"))),
    }
}

fn mend(tier: Tier, error: &Error) -> String {
    let words = match (tier, error) {
        (_, Error::Helper { .. }) => {
            "give an executable that calls sandbox::serve_if_helper() first"
        }
        (Tier::CgroupV2, Error::System { source, .. })
            if source.kind() == io::ErrorKind::Unsupported =>
        {
            "boot with the unified hierarchy alone: systemd.unified_cgroup_hierarchy=1 on the kernel's command line"
        }
        (Tier::CgroupV2, _) => {
            "start the judge in a folder of its own, `systemd-run --user --scope -p Delegate=yes judge ...`; in a container \
             as its only process, in a cgroup namespace that may be written (Docker: --privileged --cgroupns=private)"
        }
        (Tier::CgroupV1, _) => {
            "mount the v1 hierarchies of memory, pids and cpuacct, writable for this user"
        }
        _ => {
            "allow user namespaces: sysctl user.max_user_namespaces=10000, kernel.unprivileged_userns_clone=1 (Debian), \
             kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu); in Docker --security-opt seccomp=unconfined \
             --security-opt systempaths=unconfined; or run as root"
        }
    };
    words.to_owned()
}

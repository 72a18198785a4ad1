//! Starts a zygote: makes its channel and board, re-executes the helper, puts it into its cgroup, tells it how to prepare.

use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::thread::CapabilitySet;

use crate::Error;
use crate::board::Board;
use crate::cgroup::Cgroup;
use crate::channel::{Channel, Kind};
use crate::wire::{Setup, Usage, Users};
use crate::zygote::HELPER_ARGUMENT;

/// The user inside a user namespace: any but root.
const USER_INSIDE: u32 = 1000;

/// Users of slots, where the judge may change users: far from all that people and systems use.
const FIRST_USER: u32 = 1_100_000_000;

/// Process numbers are smaller than this.
const PROCESSES: u32 = 1 << 22;

/// A running zygote. Dropped, it dies with everything that it runs.
#[derive(Debug)]
pub(crate) struct Zygote {
    pub(crate) channel: Channel,
    pub(crate) board: Board,
    process: Child,
}

impl Zygote {
    pub(crate) fn start(
        helper: &Path,
        cgroup: Option<&Cgroup>,
        cpu: Option<usize>,
    ) -> Result<Zygote, Error> {
        let (channel, theirs) =
            Channel::pair().map_err(|error| Error::system("make a channel", error))?;
        let (board, board_file) =
            Board::new().map_err(|error| Error::system("make a board", error))?;
        // The zygote starts elsewhere.
        let executable = std::path::absolute(helper).unwrap_or_else(|_| helper.to_path_buf());
        let process = Command::new(executable)
            .arg(HELPER_ARGUMENT)
            .env_clear()
            .current_dir("/")
            .stdin(theirs)
            .stdout(Stdio::null())
            .spawn()
            .map_err(|source| Error::Helper {
                helper: helper.to_path_buf(),
                source,
            })?;
        let mut zygote = Zygote {
            channel,
            board,
            process,
        };

        if let Some(Cgroup::V1(cgroup)) = cgroup {
            cgroup
                .enter(zygote.process.id())
                .map_err(|error| Error::system("put the zygote into its cgroup", error))?;
        }
        let (users, user) = slot_user(zygote.process.id());
        if users == Users::Judges && cgroup.is_none() && is_exempt() {
            return Err(Error::Refused(
                "limit the number of processes: root is exempt, may not become another user here, and has no cgroup".to_owned(),
            ));
        }
        let setup = Setup {
            users,
            user,
            cpu: cpu.map(|cpu| u32::try_from(cpu).unwrap_or(u32::MAX - 1)),
            usage: cgroup.map_or(Usage::None, |cgroup| cgroup.usage().1),
            into_cgroup: matches!(cgroup, Some(Cgroup::V2(_))),
        };
        let mut descriptors = vec![board_file.as_fd()];
        if let Some(cgroup) = cgroup {
            descriptors.push(cgroup.usage().0.as_fd());
        }
        if let Some(Cgroup::V2(cgroup)) = cgroup {
            descriptors.push(cgroup.folder().as_fd());
        }
        let in_words = |error| Error::system("tell the zygote how to prepare", error);
        zygote
            .channel
            .send(Kind::Setup, &setup.encode(), &descriptors)
            .map_err(in_words)?;
        let mut answer = zygote.channel.receive().map_err(in_words)?;
        if users == Users::Mapped && answer.as_ref().is_some_and(|it| it.kind == Kind::Done) {
            // It is in its user namespace now, and waits for its users.
            map_users(zygote.process.id(), user)
                .map_err(|error| Error::system("map the slot's user into a namespace", error))?;
            zygote
                .channel
                .send(Kind::Done, &[], &[])
                .map_err(in_words)?;
            answer = zygote.channel.receive().map_err(in_words)?;
        }
        match answer {
            Some(answer) if answer.kind == Kind::Done => Ok(zygote),
            Some(answer) => Err(Error::Refused(
                String::from_utf8_lossy(&answer.body).into_owned(),
            )),
            None => Err(Error::Helper {
                helper: helper.to_path_buf(),
                source: io::Error::other(format!("it ended at once, {}", zygote.last_words())),
            }),
        }
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// How the zygote ended, once its channel is closed.
    pub(crate) fn last_words(&mut self) -> String {
        let _ = self.process.kill();
        self.process
            .wait()
            .map_or_else(|error| error.to_string(), |status| status.to_string())
    }
}

impl Drop for Zygote {
    fn drop(&mut self) {
        // Its init, if there is one, dies with it, and with init its whole process namespace.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The user of a slot's programs: one of its own, if this process may change users; else that of the judge.
fn slot_user(process: u32) -> (Users, u32) {
    let capabilities = rustix::thread::capabilities(None)
        .map_or(CapabilitySet::empty(), |capabilities| {
            capabilities.effective
        });
    if !capabilities.contains(CapabilitySet::SETUID | CapabilitySet::SETGID) {
        return (Users::Judges, USER_INSIDE);
    }
    let users = if capabilities.contains(CapabilitySet::SYS_ADMIN) {
        Users::Own
    } else {
        Users::Mapped
    };
    let maps = ["/proc/self/uid_map", "/proc/self/gid_map"]
        .map(|path| fs::read_to_string(path).unwrap_or_default());
    // In a container only some users exist.
    [FIRST_USER + process % PROCESSES, 60_000 + process % 5000]
        .into_iter()
        .find(|&user| maps.iter().all(|map| outside(map, user).is_some()))
        .map_or((Users::Judges, USER_INSIDE), |user| (users, user))
}

/// Maps this process's user, which may find the mounts' sources, and the slot's into the user namespace of a zygote.
fn map_users(zygote: u32, user: u32) -> io::Result<()> {
    for (map, own) in [
        ("uid_map", rustix::process::getuid().as_raw()),
        ("gid_map", rustix::process::getgid().as_raw()),
    ] {
        let lines = format!("{own} {own} 1\n{user} {user} 1\n");
        fs::write(format!("/proc/{zygote}/{map}"), lines)?;
    }
    Ok(())
}

/// Whether this process is the root of the machine, whom the kernel lets start any number of processes; the root of a
/// container may be an ordinary user outside.
fn is_exempt() -> bool {
    let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    rustix::process::getuid().is_root() && outside(&map, 0) == Some(0)
}

/// What a user is outside, by the map of a user namespace.
fn outside(map: &str, user: u32) -> Option<u64> {
    map.lines().find_map(|line| {
        let mut numbers = line
            .split_whitespace()
            .map_while(|field| field.parse::<u64>().ok());
        let (first, beyond, count) = (numbers.next()?, numbers.next()?, numbers.next()?);
        let within = u64::from(user).checked_sub(first)?;
        (within < count).then_some(beyond + within)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_mapped_within_the_count_of_a_line() {
        let map = "         0     100000      65536\n 70000 1 1\n";
        assert_eq!(outside(map, 65535), Some(165_535));
        assert_eq!(outside(map, 65536), None);
        assert_eq!(outside(map, 70000), Some(1));
        let user = FIRST_USER + PROCESSES;
        assert_eq!(outside("0 0 4294967295", user), Some(u64::from(user)));
    }
}

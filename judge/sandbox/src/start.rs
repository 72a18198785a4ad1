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
use crate::wire::{Setup, Usage};
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
        let changes_user = slot_user(zygote.process.id());
        let setup = Setup {
            user_namespace: changes_user.is_none(),
            user: changes_user.unwrap_or(USER_INSIDE),
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
        let answer = zygote
            .channel
            .send(Kind::Setup, &setup.encode(), &descriptors)
            .and_then(|()| zygote.channel.receive())
            .map_err(|error| Error::system("tell the zygote how to prepare", error))?;
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

/// The user of a slot of its own, if this process may make namespaces and change users; else none, and a user namespace
/// has to do.
fn slot_user(process: u32) -> Option<u32> {
    let capabilities = rustix::thread::capabilities(None).ok()?.effective;
    let needed = CapabilitySet::SYS_ADMIN | CapabilitySet::SETUID | CapabilitySet::SETGID;
    if !capabilities.contains(needed) {
        return None;
    }
    let maps = ["/proc/self/uid_map", "/proc/self/gid_map"]
        .map(|path| fs::read_to_string(path).unwrap_or_default());
    // In a container only some users exist.
    [FIRST_USER + process % PROCESSES, 60_000 + process % 5000]
        .into_iter()
        .find(|&user| maps.iter().all(|map| is_mapped(map, user)))
}

fn is_mapped(map: &str, user: u32) -> bool {
    map.lines().any(|line| {
        let mut numbers = line
            .split_whitespace()
            .map_while(|field| field.parse::<u64>().ok());
        let (Some(first), Some(_), Some(count)) = (numbers.next(), numbers.next(), numbers.next())
        else {
            return false;
        };
        (first..first + count).contains(&u64::from(user))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_mapped_within_the_count_of_a_line() {
        let map = "         0     100000      65536\n 70000 1 1\n";
        assert!(is_mapped(map, 65535));
        assert!(!is_mapped(map, 65536));
        assert!(is_mapped(map, 70000));
        assert!(is_mapped("0 0 4294967295", FIRST_USER + PROCESSES));
    }
}

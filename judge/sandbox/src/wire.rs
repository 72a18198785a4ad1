//! What slot and zygote tell each other, and how it is written: little-endian numbers, and byte strings after their length.

use std::io;

/// How the zygote prepares itself, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setup {
    pub(crate) users: Users,
    /// The user and group as which programs run inside.
    pub(crate) user: u32,
    /// Pin everything to this CPU.
    pub(crate) cpu: Option<u32>,
    /// The CPU usage file that comes along is of this kind.
    pub(crate) usage: Usage,
    /// A descriptor of the cgroup folder for runs comes along.
    pub(crate) into_cgroup: bool,
}

/// Whose user programs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Users {
    /// The slot's own: the judge may make namespaces and change users.
    Own,
    /// The slot's own, in a user namespace into which the judge maps it: root without the right to make namespaces.
    Mapped,
    /// The judge's, in a user namespace that has no other: the judge is an ordinary user.
    Judges,
}

/// How the cgroup tells its CPU time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Usage {
    /// There is no cgroup.
    None,
    /// `cpuacct.usage`: nanoseconds.
    Nanoseconds,
    /// `cpu.stat`: `usage_usec` and more.
    Statistics,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Request {
    pub(crate) program: Vec<u8>,
    /// With the program's own name first.
    pub(crate) arguments: Vec<Vec<u8>>,
    /// `NAME=value`.
    pub(crate) environment: Vec<Vec<u8>>,
    pub(crate) mounts: Vec<MountRequest>,
    /// Whole seconds for the kernel's own CPU limit of each process, the net below the watch.
    pub(crate) cpu_seconds: u64,
    pub(crate) stack: u64,
    pub(crate) scratch: u64,
    /// Processes; enforced by resource limit where there is no cgroup.
    pub(crate) processes: u64,
    /// Hand the scratch folder back after the run.
    pub(crate) collect: bool,
    /// Switch address-space randomisation off.
    pub(crate) fixed_layout: bool,
}

/// A mount with the identity of its source: a path whose file was replaced is another mount.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct MountRequest {
    pub(crate) source: Vec<u8>,
    pub(crate) target: Vec<u8>,
    pub(crate) device: u64,
    pub(crate) inode: u64,
    pub(crate) folder: bool,
}

impl Setup {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put(&mut out, self.users as u64);
        put(&mut out, u64::from(self.user));
        put(&mut out, self.cpu.map_or(u64::MAX, u64::from));
        put(&mut out, self.usage as u64);
        put(&mut out, u64::from(self.into_cgroup));
        out
    }

    pub(crate) fn decode(body: &[u8]) -> io::Result<Setup> {
        let mut reader = Reader(body);
        Ok(Setup {
            users: match reader.number()? {
                0 => Users::Own,
                1 => Users::Mapped,
                _ => Users::Judges,
            },
            user: u32::try_from(reader.number()?).map_err(io::Error::other)?,
            cpu: u32::try_from(reader.number()?).ok(),
            usage: match reader.number()? {
                0 => Usage::None,
                1 => Usage::Nanoseconds,
                _ => Usage::Statistics,
            },
            into_cgroup: reader.number()? != 0,
        })
    }
}

impl Request {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1024);
        put_bytes(&mut out, &self.program);
        for list in [&self.arguments, &self.environment] {
            put(&mut out, list.len() as u64);
            for bytes in list {
                put_bytes(&mut out, bytes);
            }
        }
        put(&mut out, self.mounts.len() as u64);
        for mount in &self.mounts {
            put_bytes(&mut out, &mount.source);
            put_bytes(&mut out, &mount.target);
            put(&mut out, mount.device);
            put(&mut out, mount.inode);
            put(&mut out, u64::from(mount.folder));
        }
        for number in [
            self.cpu_seconds,
            self.stack,
            self.scratch,
            self.processes,
            u64::from(self.collect),
            u64::from(self.fixed_layout),
        ] {
            put(&mut out, number);
        }
        out
    }

    pub(crate) fn decode(body: &[u8]) -> io::Result<Request> {
        let mut reader = Reader(body);
        let program = reader.bytes()?;
        let mut lists = [Vec::new(), Vec::new()];
        for list in &mut lists {
            for _ in 0..reader.number()? {
                list.push(reader.bytes()?);
            }
        }
        let [arguments, environment] = lists;
        let mut mounts = Vec::new();
        for _ in 0..reader.number()? {
            mounts.push(MountRequest {
                source: reader.bytes()?,
                target: reader.bytes()?,
                device: reader.number()?,
                inode: reader.number()?,
                folder: reader.number()? != 0,
            });
        }
        Ok(Request {
            program,
            arguments,
            environment,
            mounts,
            cpu_seconds: reader.number()?,
            stack: reader.number()?,
            scratch: reader.number()?,
            processes: reader.number()?,
            collect: reader.number()? != 0,
            fixed_layout: reader.number()? != 0,
        })
    }
}

fn put(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn number(&mut self) -> io::Result<u64> {
        let (first, rest) = self
            .0
            .split_first_chunk::<8>()
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        self.0 = rest;
        Ok(u64::from_le_bytes(*first))
    }

    fn bytes(&mut self) -> io::Result<Vec<u8>> {
        let length = usize::try_from(self.number()?).map_err(io::Error::other)?;
        let (first, rest) = self
            .0
            .split_at_checked(length)
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        self.0 = rest;
        Ok(first.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_survives_the_wire() {
        let request = Request {
            program: b"/usr/bin/true".to_vec(),
            arguments: vec![b"true".to_vec(), Vec::new(), b"\xff\n".to_vec()],
            environment: vec![b"A=b".to_vec()],
            mounts: vec![MountRequest {
                source: b"/s".to_vec(),
                target: b"/t".to_vec(),
                device: 3,
                inode: u64::MAX,
                folder: true,
            }],
            cpu_seconds: 3,
            stack: 1 << 40,
            scratch: 5,
            processes: 6,
            collect: true,
            fixed_layout: true,
        };
        assert_eq!(Request::decode(&request.encode()).unwrap(), request);
    }

    #[test]
    fn a_setup_survives_the_wire_and_a_torn_one_is_an_error() {
        let setup = Setup {
            users: Users::Mapped,
            user: 77,
            cpu: None,
            usage: Usage::Statistics,
            into_cgroup: true,
        };
        let mut body = setup.encode();
        assert_eq!(Setup::decode(&body).unwrap(), setup);
        body.pop();
        assert!(Setup::decode(&body).is_err());
    }
}

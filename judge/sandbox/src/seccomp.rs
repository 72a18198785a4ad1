//! The list of system calls that programs may not use, each group with its reason, and its compilation to a BPF filter.
//!
//! A denied call gives an error number, it does not kill: runtimes probe for calls and go on without them. The filter is a
//! binary search over the call numbers, so that the kernel's own pre-computation at installation (it runs the filter once
//! for every number) takes microseconds.
//!
//! ```text
//! architecture? -> x32? -> nr >= k -+- nr >= j -+- allow
//!                                   |           `- errno
//!                                   `- ...        or look at an argument
//! ```

use libc::{
    BPF_ABS, BPF_JA, BPF_JEQ, BPF_JGE, BPF_JMP, BPF_JSET, BPF_K, BPF_LD, BPF_RET, BPF_W, c_long,
    sock_filter,
};

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Allow,
    Refuse(i32),
    /// Refused if any of these bits is set in the argument.
    RefuseBits(u32, u32),
    /// Allowed only if the argument (its lower half) is one of these.
    Only(u32, &'static [u32]),
}

/// Denied calls and their reasons; see the README for the longer version.
fn rules(tight: bool) -> Vec<(c_long, Action)> {
    use Action::{Only, Refuse, RefuseBits};
    let no = Refuse(libc::EPERM);
    // Libraries fall back to older calls on this error.
    let absent = Refuse(libc::ENOSYS);
    let mut rules = Vec::new();
    let mut add =
        |action: Action, calls: &[c_long]| rules.extend(calls.iter().map(|&call| (call, action)));

    // Mounts and roots: the walls of the sandbox.
    add(
        no,
        &[
            libc::SYS_mount,
            libc::SYS_umount2,
            libc::SYS_pivot_root,
            libc::SYS_chroot,
            libc::SYS_mount_setattr,
        ],
    );
    add(
        no,
        &[
            libc::SYS_open_tree,
            libc::SYS_move_mount,
            libc::SYS_fsopen,
            libc::SYS_fsconfig,
            libc::SYS_fsmount,
        ],
    );
    add(
        no,
        &[
            libc::SYS_fspick,
            libc::SYS_swapon,
            libc::SYS_swapoff,
            libc::SYS_quotactl,
            libc::SYS_acct,
        ],
    );
    add(no, &[QUOTACTL_FD, STATMOUNT, LISTMOUNT, OPEN_TREE_ATTR]);
    // Files by handle go around paths, and with them around mounts.
    add(
        no,
        &[
            libc::SYS_open_by_handle_at,
            libc::SYS_name_to_handle_at,
            libc::SYS_fanotify_init,
        ],
    );
    // New namespaces give new powers inside them, and with them most of the kernel's holes.
    add(no, &[libc::SYS_unshare, libc::SYS_setns]);
    const NAMESPACES: i32 = libc::CLONE_NEWNS
        | libc::CLONE_NEWCGROUP
        | libc::CLONE_NEWUTS
        | libc::CLONE_NEWIPC
        | libc::CLONE_NEWUSER
        | libc::CLONE_NEWPID
        | libc::CLONE_NEWNET;
    add(
        RefuseBits(0, NAMESPACES.cast_unsigned()),
        &[libc::SYS_clone],
    );
    // Its flags lie in memory, where a filter cannot look; the C library goes back to clone.
    add(absent, &[libc::SYS_clone3]);
    // Other processes' memory, descriptors and progress.
    add(
        no,
        &[
            libc::SYS_ptrace,
            libc::SYS_process_vm_readv,
            libc::SYS_process_vm_writev,
            libc::SYS_kcmp,
        ],
    );
    add(
        no,
        &[
            libc::SYS_pidfd_getfd,
            PROCESS_MADVISE,
            libc::SYS_migrate_pages,
            libc::SYS_move_pages,
        ],
    );
    // Large and often broken parts of the kernel that no answer to a problem needs.
    add(
        no,
        &[
            libc::SYS_bpf,
            libc::SYS_perf_event_open,
            libc::SYS_userfaultfd,
        ],
    );
    add(
        absent,
        &[
            libc::SYS_io_uring_setup,
            libc::SYS_io_uring_enter,
            libc::SYS_io_uring_register,
        ],
    );
    // They outlive processes, and so runs; what is shared through files in /dev/shm or by descriptors does not.
    add(
        absent,
        &[
            libc::SYS_shmget,
            libc::SYS_semget,
            libc::SYS_msgget,
            libc::SYS_mq_open,
        ],
    );
    // Keyrings outlive the run and are shared by user.
    add(
        no,
        &[libc::SYS_add_key, libc::SYS_request_key, libc::SYS_keyctl],
    );
    // The machine itself: modules, restart, clocks, names, logs.
    add(
        no,
        &[
            libc::SYS_init_module,
            libc::SYS_finit_module,
            libc::SYS_delete_module,
            libc::SYS_kexec_load,
        ],
    );
    add(
        no,
        &[
            KEXEC_FILE_LOAD,
            libc::SYS_reboot,
            libc::SYS_syslog,
            libc::SYS_vhangup,
        ],
    );
    add(
        no,
        &[
            libc::SYS_settimeofday,
            libc::SYS_clock_settime,
            libc::SYS_clock_adjtime,
            libc::SYS_adjtimex,
        ],
    );
    add(no, &[libc::SYS_sethostname, libc::SYS_setdomainname]);
    #[cfg(target_arch = "x86_64")]
    add(
        no,
        &[libc::SYS_iopl, libc::SYS_ioperm, libc::SYS_modify_ldt],
    );
    // Network of every family: the namespace is empty, but sockets also reach other machines (vsock), the kernel
    // (netlink) and, by abstract names, other runs of the slot. Pairs of connected local sockets are only pipes.
    add(
        no,
        &[
            libc::SYS_socket,
            libc::SYS_bind,
            libc::SYS_connect,
            libc::SYS_listen,
        ],
    );
    add(no, &[libc::SYS_accept, libc::SYS_accept4]);
    add(Only(0, &[libc::AF_UNIX as u32]), &[libc::SYS_socketpair]);
    // A program stays on the core that its slot is pinned to.
    add(no, &[libc::SYS_sched_setaffinity]);
    // Executable data and odd address spaces; asking, the normal one and no randomisation are fine.
    add(
        Only(0, &[0, 0x0004_0000, u32::MAX]),
        &[libc::SYS_personality],
    );
    // Memory that even the kernel cannot see.
    add(absent, &[MEMFD_SECRET]);
    if tight {
        // Without a memory cgroup: memory that belongs to no process's resident set.
        add(absent, &[libc::SYS_memfd_create]);
    }
    rules
}

// Numbers that are the same on every architecture, for which the C library's table may be too old.
const PROCESS_MADVISE: c_long = 440;
const QUOTACTL_FD: c_long = 443;
const MEMFD_SECRET: c_long = 447;
const STATMOUNT: c_long = 457;
const LISTMOUNT: c_long = 458;
const OPEN_TREE_ATTR: c_long = 467;

#[cfg(target_arch = "x86_64")]
const KEXEC_FILE_LOAD: c_long = 320;
#[cfg(not(target_arch = "x86_64"))]
const KEXEC_FILE_LOAD: c_long = 294;

/// The kernel's name for this architecture, by which calls of another (32-bit calls) are told.
#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: u32 = 0xC000_003E;
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: u32 = 0xC000_00B7;
#[cfg(target_arch = "riscv64")]
const ARCHITECTURE: u32 = 0xC000_00F3;

// Offsets in seccomp_data.
const NUMBER: u32 = 0;
const ARCH: u32 = 4;
const ARGUMENTS: u32 = 16;

/// The compiled filter. `tight`: there is no memory cgroup.
pub(crate) fn filter(tight: bool) -> Vec<sock_filter> {
    let mut rules: Vec<(u32, Action)> = rules(tight)
        .into_iter()
        .map(|(call, action)| {
            (
                u32::try_from(call).expect("numbers of calls are small"),
                action,
            )
        })
        .collect();
    rules.sort_unstable_by_key(|rule| rule.0);
    // Segments: each begins at its number and reaches to the next one.
    let mut segments = vec![(0, Action::Allow)];
    for (call, action) in rules {
        if segments.last().is_some_and(|last| last.0 == call) {
            segments.pop();
        }
        if segments.last().is_none_or(|last| last.1 != action) {
            segments.push((call, action));
        }
        segments.push((call + 1, Action::Allow));
    }
    // The x32 calls begin here: another table of numbers for the same calls.
    segments.push((0x4000_0000, Action::Refuse(libc::ENOSYS)));

    let mut program = Program::default();
    let entry = program.search(&segments);
    program.go_to(entry);
    program.push(load(NUMBER));
    let begin = program.0.len() - 1;
    let kill = program.end(libc::SECCOMP_RET_KILL_PROCESS);
    program.jump(BPF_JEQ, ARCHITECTURE, begin, kill);
    program.push(load(ARCH));
    program.0.reverse();
    program.0
}

/// A program under construction, last instruction first: jumps only go forward, so their targets are known.
#[derive(Default)]
struct Program(Vec<sock_filter>);

impl Program {
    fn push(&mut self, instruction: sock_filter) -> usize {
        self.0.push(instruction);
        self.0.len() - 1
    }

    /// A jump to one of two instructions.
    fn jump(&mut self, condition: u32, k: u32, yes: usize, no: usize) -> usize {
        let here = self.0.len();
        let over = |target: usize| u8::try_from(here - target - 1).expect("the filter is short");
        self.push(sock_filter {
            jt: over(yes),
            jf: over(no),
            ..statement(BPF_JMP | condition | BPF_K, k)
        })
    }

    /// Makes what is pushed next lead to this instruction.
    fn go_to(&mut self, target: usize) {
        if target + 1 != self.0.len() {
            let over = u32::try_from(self.0.len() - target - 1).expect("the filter is short");
            self.push(statement(BPF_JMP | BPF_JA, over));
        }
    }

    /// An instruction that ends the program with this answer; there is one for each answer.
    fn end(&mut self, answer: u32) -> usize {
        let end = statement(BPF_RET | BPF_K, answer);
        self.0
            .iter()
            .position(|it| it.code == end.code && it.k == answer)
            .unwrap_or_else(|| self.push(end))
    }

    /// A binary search for the segment of the call's number.
    fn search(&mut self, segments: &[(u32, Action)]) -> usize {
        if let [(_, action)] = segments {
            return self.decide(*action);
        }
        let (low, high) = segments.split_at(segments.len() / 2);
        let (below, above) = (self.search(low), self.search(high));
        self.jump(BPF_JGE, high[0].0, above, below)
    }

    fn decide(&mut self, action: Action) -> usize {
        let refuse = |error: i32| libc::SECCOMP_RET_ERRNO | error.cast_unsigned();
        match action {
            Action::Allow => self.end(libc::SECCOMP_RET_ALLOW),
            Action::Refuse(error) => self.end(refuse(error)),
            Action::RefuseBits(argument, bits) => {
                let (no, yes) = (
                    self.end(refuse(libc::EPERM)),
                    self.end(libc::SECCOMP_RET_ALLOW),
                );
                self.jump(BPF_JSET, bits, no, yes);
                self.push(load(ARGUMENTS + 8 * argument))
            }
            Action::Only(argument, values) => {
                let (mut otherwise, yes) = (
                    self.end(refuse(libc::EPERM)),
                    self.end(libc::SECCOMP_RET_ALLOW),
                );
                for &value in values {
                    otherwise = self.jump(BPF_JEQ, value, yes, otherwise);
                }
                self.push(load(ARGUMENTS + 8 * argument))
            }
        }
    }
}

fn statement(code: u32, k: u32) -> sock_filter {
    sock_filter {
        code: u16::try_from(code).expect("codes have 16 bits"),
        jt: 0,
        jf: 0,
        k,
    }
}

fn load(offset: u32) -> sock_filter {
    statement(BPF_LD | BPF_W | BPF_ABS, offset)
}

#[cfg(test)]
mod tests;

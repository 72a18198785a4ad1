//! System calls that no answer to a problem needs.

use libc::{c_long, syscall};

use crate::refused;

/// Tries a call that would succeed, or fail for another reason than refusal, were it let through.
fn call(name: &str) -> Option<c_long> {
    let page = [0_u64; 512];
    let pointer = page.as_ptr();
    let empty = c"".as_ptr();
    unsafe {
        Some(match name {
            "mount" => syscall(
                libc::SYS_mount,
                c"x".as_ptr(),
                c"/tmp".as_ptr(),
                c"tmpfs".as_ptr(),
                0,
                0,
            ),
            "umount" => syscall(libc::SYS_umount2, c"/proc".as_ptr(), libc::MNT_DETACH),
            "pivot_root" => syscall(libc::SYS_pivot_root, c"/".as_ptr(), c"/tmp".as_ptr()),
            "chroot" => syscall(libc::SYS_chroot, c"/tmp".as_ptr()),
            "open_tree" => syscall(libc::SYS_open_tree, libc::AT_FDCWD, c"/".as_ptr(), 1),
            "fsopen" => syscall(libc::SYS_fsopen, c"tmpfs".as_ptr(), 0),
            "mount_setattr" => syscall(
                libc::SYS_mount_setattr,
                libc::AT_FDCWD,
                c"/".as_ptr(),
                0,
                pointer,
                32,
            ),
            "unshare-user" => syscall(libc::SYS_unshare, libc::CLONE_NEWUSER),
            "unshare-all" => syscall(
                libc::SYS_unshare,
                libc::CLONE_NEWNS | libc::CLONE_NEWNET | libc::CLONE_NEWPID,
            ),
            "setns" => syscall(libc::SYS_setns, 0, 0),
            "clone-user" => syscall(
                libc::SYS_clone,
                libc::CLONE_NEWUSER | libc::SIGCHLD,
                0,
                0,
                0,
                0,
            ),
            "clone3" => syscall(libc::SYS_clone3, pointer, 88),
            "ptrace" => syscall(libc::SYS_ptrace, libc::PTRACE_SEIZE, libc::getppid(), 0, 0),
            "process_vm_readv" => syscall(
                libc::SYS_process_vm_readv,
                libc::getppid(),
                pointer,
                1,
                pointer,
                1,
                0,
            ),
            "pidfd_getfd" => {
                let process = syscall(libc::SYS_pidfd_open, libc::getppid(), 0);
                syscall(libc::SYS_pidfd_getfd, process, 0, 0)
            }
            "bpf" => syscall(libc::SYS_bpf, 0, pointer, 64),
            "perf_event_open" => syscall(libc::SYS_perf_event_open, pointer, 0, -1, -1, 0),
            "userfaultfd" => syscall(libc::SYS_userfaultfd, 1),
            "io_uring" => syscall(libc::SYS_io_uring_setup, 4, pointer),
            "keyctl" => syscall(libc::SYS_keyctl, 1, empty),
            "add_key" => syscall(
                libc::SYS_add_key,
                c"user".as_ptr(),
                c"k".as_ptr(),
                c"v".as_ptr(),
                1,
                -3,
            ),
            "init_module" => syscall(libc::SYS_init_module, pointer, 8, empty),
            "kexec" => syscall(libc::SYS_kexec_load, 0, 0, pointer, 0),
            "reboot" => syscall(libc::SYS_reboot, 0xfee1_dead_u32, 672_274_793, 0, 0),
            "syslog" => syscall(libc::SYS_syslog, 3, pointer, 100),
            "swapon" => syscall(libc::SYS_swapon, c"/scratch/s".as_ptr(), 0),
            "clock_settime" => syscall(libc::SYS_clock_settime, 0, pointer),
            "settimeofday" => syscall(libc::SYS_settimeofday, pointer, 0),
            "sethostname" => syscall(libc::SYS_sethostname, c"x".as_ptr(), 1),
            "open_by_handle" => syscall(libc::SYS_open_by_handle_at, libc::AT_FDCWD, pointer, 0),
            "executable-data" => syscall(libc::SYS_personality, 0x0040_0000),
            "leave-core" => syscall(libc::SYS_sched_setaffinity, 0, 8, pointer),
            "shmget" => syscall(libc::SYS_shmget, 1, 4096, 0o1600),
            "msgget" => syscall(libc::SYS_msgget, 1, 0o1600),
            "mq_open" => syscall(libc::SYS_mq_open, c"q".as_ptr(), 0o102, 0o600, 0),
            "netlink" => syscall(libc::SYS_socket, libc::AF_NETLINK, libc::SOCK_RAW, 0),
            "vsock" => syscall(libc::SYS_socket, libc::AF_VSOCK, libc::SOCK_STREAM, 0),
            _ => return None,
        })
    }
}

pub(crate) fn act(words: &[&str]) -> bool {
    match *words {
        ["call", name] => {
            let Some(result) = call(name) else {
                return false;
            };
            let error = std::io::Error::last_os_error().raw_os_error();
            // Any other error would mean that the call itself looked at its arguments.
            refused(result >= 0 || !matches!(error, Some(libc::EPERM | libc::ENOSYS)))
        }
        ["every-socket-family"] => {
            let kinds = [
                libc::SOCK_STREAM,
                libc::SOCK_DGRAM,
                libc::SOCK_RAW,
                libc::SOCK_SEQPACKET,
            ];
            let made = (0..50)
                .flat_map(|family| kinds.map(|kind| unsafe { libc::socket(family, kind, 0) }));
            refused(made.filter(|&descriptor| descriptor >= 0).count() > 0)
        }
        ["local-pair"] => {
            let mut pair = [0; 2];
            let made =
                unsafe { libc::socketpair(libc::AF_UNIX, libc::SOCK_STREAM, 0, pair.as_mut_ptr()) };
            // This one must work; but it must not become reachable by a name.
            let name: [u8; 6] = [1, 0, 0, b'x', b'y', b'z'];
            let bound = unsafe { libc::bind(pair[0], name.as_ptr().cast(), 6) };
            refused(made != 0 || bound == 0)
        }
        #[cfg(target_arch = "x86_64")]
        ["32-bit-call"] => {
            // getpid of the 32-bit table.
            let result: u64;
            unsafe { std::arch::asm!("int 0x80", inlateout("rax") 20_u64 => result) };
            refused(result > 0)
        }
        _ => false,
    }
}

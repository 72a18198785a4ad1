//! Hostile and odd programs, each bound to what must come of it. `Bare` is what differs where there is no cgroup (tier C).
//!
//! Every row runs under the same limits (see `limits` in the runner) but for those that it names.

use Ending::{Bare, Calm, Codes, Cpu, Crash, Memory, Output, Stuck, Wrote};

/// What must come of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending {
    /// Ended by itself, exit code 0.
    Calm,
    /// The same, with exactly this output.
    Wrote(&'static str),
    /// Ended by itself with this exit code.
    Codes(i32),
    /// Ended by itself, by this signal.
    Crash(i32),
    /// Killed at the limit of CPU time.
    Cpu,
    /// Killed at the limit of time by the clock.
    Stuck,
    /// Killed for memory.
    Memory,
    /// Killed for output or errors.
    Output,
    /// The first with a cgroup, the second without one.
    Bare(&'static Ending, &'static Ending),
}

/// What is run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    /// A subcommand of the hostile program, in words.
    Act(&'static str),
    /// A shell script.
    Shell(&'static str),
    /// The hostile program tries this call; it must be refused.
    Call(&'static str),
    /// A C compiler (gcc or g++) reads this source, which lies on its input.
    Compile(&'static str, &'static str),
}

use What::{Act, Call, Compile, Shell};

/// One row: what it is about, what is run, what must come of it.
pub(crate) const TABLE: &[(&str, What, Ending)] = &[
    // Processes, threads, signals.
    ("a fork bomb", Act("fork-bomb"), Cpu),
    ("a busy loop", Act("burn"), Cpu),
    (
        "four threads that burn side by side",
        Act("burn-in-threads 4"),
        Cpu,
    ),
    (
        "three children that burn side by side",
        Act("burn-in-children 3"),
        Cpu,
    ),
    // Without a cgroup nobody counts children that nobody waits for; the clock ends it.
    (
        "children whose time nobody is told",
        Act("burn-in-forgotten-children"),
        Bare(&Cpu, &Stuck),
    ),
    (
        "SIGXCPU, SIGTERM and all others ignored",
        Act("ignore-signals-and-burn"),
        Cpu,
    ),
    ("a daemon in its own session", Act("daemon"), Wrote("42\n")),
    (
        "an orphan that keeps the pipe and writes later",
        Act("orphan-writes-later"),
        Wrote("42\n"),
    ),
    (
        "a background process of a shell",
        Shell("sleep 100 & echo 42"),
        Wrote("42\n"),
    ),
    ("SIGSTOP to itself", Act("signal-self 19"), Stuck),
    (
        "SIGSTOP to its parent",
        Act("signal-parent 19"),
        Wrote("42\n"),
    ),
    (
        "SIGKILL to its parent",
        Act("signal-parent 9"),
        Wrote("42\n"),
    ),
    (
        "SIGTERM to its parent",
        Act("signal-parent 15"),
        Wrote("42\n"),
    ),
    ("SIGKILL to everybody", Act("kill-everybody"), Wrote("42\n")),
    ("SIGSTOP to everybody", Act("stop-everybody"), Wrote("42\n")),
    ("thousands of threads", Act("many-threads"), Calm),
    (
        "zombies that nobody collects",
        Act("zombies"),
        Wrote("42\n"),
    ),
    (
        "a parent that waits in vfork for ever",
        Act("vfork-and-hang"),
        Stuck,
    ),
    (
        "executing itself for ever",
        Act("execute-self-for-ever"),
        Cpu,
    ),
    (
        "a mebibyte of arguments",
        Act("execute-with-arguments 1000000"),
        Calm,
    ),
    (
        "sixteen mebibytes of arguments",
        Act("execute-with-arguments 16000000"),
        Codes(1),
    ),
    ("an alarm that nobody handles", Act("alarm"), Crash(14)),
    ("abort", Act("signal-self 6"), Crash(6)),
    ("SIGKILL to itself", Act("signal-self 9"), Crash(9)),
    ("raising its own limits", Act("raise-limits"), Calm),
    ("a better priority", Act("be-nicer-to-self"), Calm),
    ("becoming root", Act("become-root"), Calm),
    (
        "reading a pipe that nobody writes",
        Shell("mkfifo f; cat f"),
        Stuck,
    ),
    (
        "a pipe that nobody reads to its end",
        Shell("yes | head -1"),
        Wrote("y\n"),
    ),
    // Memory.
    ("the heap, for ever", Act("heap-for-ever"), Memory),
    ("mapped memory", Act("use-memory 200"), Memory),
    ("less memory than the limit", Act("use-memory 40"), Calm),
    ("shared memory", Act("shared-memory 200"), Memory),
    (
        "a large stack below the limit",
        Act("stack 16"),
        Wrote("0\n"),
    ),
    ("the stack past the limit", Act("stack 300"), Memory),
    (
        "a file in memory",
        Act("memory-file 200"),
        Bare(&Memory, &Codes(3)),
    ),
    (
        "files in the scratch folder",
        Act("memory-in-files 100"),
        Bare(&Memory, &Calm),
    ),
    (
        "many children that use little each",
        Act("memory-in-children 6 30"),
        Memory,
    ),
    (
        "children that share what they use",
        Act("shared-with-children 6 30"),
        Calm,
    ),
    ("much reserved and not used", Act("reserve 8192"), Calm),
    ("locked memory", Act("lock-memory"), Calm),
    // Files and folders.
    ("filling the disk", Act("fill-disk"), Bare(&Memory, &Calm)),
    ("a flood of inodes", Act("flood-inodes"), Calm),
    (
        "a file of a tebibyte that is empty",
        Act("sparse-file"),
        Calm,
    ),
    ("two thousand nested folders", Act("deep-folders"), Calm),
    ("writing to /usr", Act("write-file /usr/bin/sh"), Calm),
    ("writing to the root", Act("write-file /x"), Calm),
    ("writing to /etc", Act("write-file /etc/passwd"), Calm),
    (
        "writing to its own program",
        Act("write-file /program/hostile"),
        Calm,
    ),
    (
        "writing to its own process's file",
        Act("write-file /proc/self/exe"),
        Calm,
    ),
    (
        "writing kernel settings",
        Act("write-file /proc/sys/kernel/core_pattern"),
        Calm,
    ),
    (
        "a smaller chance to be the victim",
        Act("lower-own-badness"),
        Calm,
    ),
    ("writing to its input", Act("write-input"), Calm),
    ("reading passwords", Act("read-file /etc/shadow"), Calm),
    (
        "reading passwords through a link",
        Act("through-link /etc/shadow"),
        Calm,
    ),
    (
        "reading init's environment",
        Act("read-file /proc/1/environ"),
        Calm,
    ),
    ("reading init's memory", Act("read-file /proc/1/mem"), Calm),
    (
        "the root as init sees it",
        Act("list-folder /proc/1/root"),
        Calm,
    ),
    (
        "the folder in which init is",
        Act("list-folder /proc/1/cwd"),
        Calm,
    ),
    ("init's descriptors", Act("list-folder /proc/1/fd"), Calm),
    ("homes", Act("list-folder /home"), Calm),
    ("root's home", Act("list-folder /root"), Calm),
    (
        "the folder above all",
        Shell("ls -d ../../../home ../../../root ../../../var 2>/dev/null; true"),
        Wrote(""),
    ),
    (
        "files of another run",
        Shell("ls -A /scratch /tmp; echo x > /scratch/x; echo x > /tmp/x"),
        Wrote("/scratch:\n\n/tmp:\n"),
    ),
    ("kernel memory", Act("read-file /proc/kcore"), Calm),
    (
        "a hard link to a system file",
        Act("hard-link /usr/bin/sh"),
        Calm,
    ),
    ("making a device", Act("make-device"), Calm),
    (
        "a setuid program of its own",
        Shell("cp /usr/bin/id .; chmod 6755 id; [ $(./id -u) != 0 ] && echo 42"),
        Wrote("42\n"),
    ),
    (
        "a setuid program of the system",
        Shell("su root -c id </dev/null; [ $? != 0 ] && echo 42"),
        Wrote("42\n"),
    ),
    ("processes of others", Act("see-only-own-processes"), Calm),
    (
        "no core is dumped",
        Shell("sh -c 'kill -QUIT $$'; ls"),
        Wrote(""),
    ),
    // Streams and descriptors.
    (
        "the right answer, then a flood",
        Act("answer-then-flood"),
        Output,
    ),
    (
        "the right answer, then sleep",
        Act("answer-then-sleep"),
        Stuck,
    ),
    ("a flood of errors", Act("flood-errors"), Output),
    (
        "garbage hidden behind NUL",
        Act("hide-behind-nul"),
        Wrote("42\n\0garbage\n"),
    ),
    ("all streams closed", Act("close-all"), Calm),
    ("writing to a closed stream", Act("write-to-closed"), Calm),
    (
        "reading past the end a thousand times",
        Act("read-past-end"),
        Wrote("6\n"),
    ),
    ("forged messages to the judge", Act("forge-messages"), Calm),
    ("inherited descriptors", Act("inherited-descriptors"), Calm),
    (
        "as many descriptors as it gets",
        Act("many-descriptors"),
        Calm,
    ),
    (
        "the environment of the judge",
        Shell("env -u PWD | sort"),
        Wrote("HOME=/scratch\nPATH=/usr/local/bin:/usr/bin:/bin\nTMPDIR=/tmp\n"),
    ),
    (
        "the name of the machine",
        Shell("uname -n"),
        Wrote("sandbox\n"),
    ),
    // Network and system calls.
    ("sockets of every family", Act("every-socket-family"), Calm),
    (
        "a pair of local sockets, without a name",
        Act("local-pair"),
        Calm,
    ),
    ("netlink", Call("netlink"), Calm),
    ("vsock", Call("vsock"), Calm),
    ("mount", Call("mount"), Calm),
    ("unmount /proc", Call("umount"), Calm),
    ("pivot_root", Call("pivot_root"), Calm),
    ("chroot", Call("chroot"), Calm),
    ("open_tree", Call("open_tree"), Calm),
    ("fsopen", Call("fsopen"), Calm),
    ("mount_setattr", Call("mount_setattr"), Calm),
    ("a new user namespace", Call("unshare-user"), Calm),
    ("other new namespaces", Call("unshare-all"), Calm),
    ("entering a namespace", Call("setns"), Calm),
    ("a child in a new user namespace", Call("clone-user"), Calm),
    ("clone3, whose flags cannot be seen", Call("clone3"), Calm),
    ("tracing init", Call("ptrace"), Calm),
    (
        "reading init's memory by call",
        Call("process_vm_readv"),
        Calm,
    ),
    ("taking init's descriptors", Call("pidfd_getfd"), Calm),
    ("bpf", Call("bpf"), Calm),
    ("perf_event_open", Call("perf_event_open"), Calm),
    ("userfaultfd", Call("userfaultfd"), Calm),
    ("io_uring", Call("io_uring"), Calm),
    ("keyctl", Call("keyctl"), Calm),
    ("add_key", Call("add_key"), Calm),
    ("a kernel module", Call("init_module"), Calm),
    ("another kernel", Call("kexec"), Calm),
    ("restarting the machine", Call("reboot"), Calm),
    ("the kernel's log", Call("syslog"), Calm),
    ("a swap file", Call("swapon"), Calm),
    ("setting the clock", Call("clock_settime"), Calm),
    ("setting the time of day", Call("settimeofday"), Calm),
    ("naming the machine", Call("sethostname"), Calm),
    ("files by handle", Call("open_by_handle"), Calm),
    ("executable data", Call("executable-data"), Calm),
    ("leaving its core", Call("leave-core"), Calm),
    ("System V shared memory", Call("shmget"), Calm),
    ("System V messages", Call("msgget"), Calm),
    ("POSIX messages", Call("mq_open"), Calm),
    #[cfg(target_arch = "x86_64")]
    ("a call of the 32-bit table", Act("32-bit-call"), Crash(31)),
    // Compilers read what is not ours.
    (
        "a compiler reads a device",
        Compile("gcc", "#include \"/dev/zero\"\n"),
        Memory,
    ),
    (
        "a compiler reads passwords",
        Compile("gcc", "#include \"/etc/shadow\"\n"),
        Codes(1),
    ),
    (
        "a compiler reads a case",
        Compile("gcc", "#include \"/home/answer\"\n#include \"../answer\"\n"),
        Codes(1),
    ),
    (
        "a template bomb",
        Compile(
            "g++",
            "template<int N, int M> struct T { static const int v = T<N-1,M>::v + T<N-1,M+1>::v; };\n\
            template<int M> struct T<0,M> { static const int v = M; };\nint x = T<800,0>::v;\n",
        ),
        Memory,
    ),
    (
        "a macro bomb",
        Compile(
            "gcc",
            "#define A x,x,x,x,x,x,x,x\n#define B A,A,A,A,A,A,A,A\n#define C B,B,B,B,B,B,B,B\n\
            #define D C,C,C,C,C,C,C,C\n#define E D,D,D,D,D,D,D,D\n#define F E,E,E,E,E,E,E,E\n\
            #define G F,F,F,F,F,F,F,F\n#define H G,G,G,G,G,G,G,G\nint x, y = (H,H,H);\n",
        ),
        Memory,
    ),
];

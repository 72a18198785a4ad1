//! Processes, threads and signals.

use std::io::Write;

use crate::refused;

fn burn() -> ! {
    let mut number = 1_u64;
    loop {
        number = std::hint::black_box(
            number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1),
        );
    }
}

fn burn_for(milliseconds: u64) {
    let begun = std::time::Instant::now();
    while begun.elapsed().as_millis() < u128::from(milliseconds) {
        std::hint::black_box(begun);
    }
}

/// Uses so much CPU time, by the kernel's own count for this process.
fn use_cpu(milliseconds: u64) {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    while time.tv_sec.cast_unsigned() * 1000 + time.tv_nsec.cast_unsigned() / 1_000_000
        < milliseconds
    {
        for number in 0..10_000 {
            std::hint::black_box(number);
        }
        unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    }
}

/// Microseconds of CPU time of this process and of those that it has waited for, as the kernel tells it.
fn used() -> i64 {
    let usage = |who| unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(who, &raw mut usage);
        let (user, system) = (usage.ru_utime, usage.ru_stime);
        (user.tv_sec + system.tv_sec) * 1_000_000 + user.tv_usec + system.tv_usec
    };
    usage(libc::RUSAGE_SELF) + usage(libc::RUSAGE_CHILDREN)
}

fn fork() -> i32 {
    unsafe { libc::fork() }
}

fn sleep_for_ever() -> ! {
    loop {
        unsafe { libc::sleep(1000) };
    }
}

fn answer() {
    println!("42");
    let _ = std::io::stdout().flush();
}

pub(crate) fn act(words: &[&str]) -> bool {
    match *words {
        ["fork-bomb"] => loop {
            fork();
        },
        ["burn"] => burn(),
        ["work", steps] => {
            for number in 0..steps.parse::<u64>().unwrap() {
                std::hint::black_box(number);
            }
        }
        ["use-cpu", milliseconds] => {
            use_cpu(milliseconds.parse().unwrap());
            println!("{}", used());
        }
        ["use-cpu-in-forgotten-children", count, milliseconds] => {
            unsafe { libc::signal(libc::SIGCHLD, libc::SIG_IGN) };
            return act(&["use-cpu-in-children", count, milliseconds]);
        }
        ["use-cpu-in-children", count, milliseconds] => {
            for _ in 0..count.parse().unwrap() {
                if fork() == 0 {
                    use_cpu(milliseconds.parse().unwrap());
                    std::process::exit(0);
                }
            }
            while unsafe { libc::wait(std::ptr::null_mut()) } > 0 {}
            println!("{}", used());
        }
        ["burn-in-threads", count] => {
            for _ in 0..count.parse().unwrap() {
                std::thread::spawn(|| burn());
            }
            sleep_for_ever()
        }
        ["burn-in-children", count] => {
            for _ in 0..count.parse().unwrap() {
                if fork() == 0 {
                    burn()
                }
            }
            sleep_for_ever()
        }
        ["burn-in-forgotten-children"] => {
            // Their time is added to nobody's when nobody waits for them.
            unsafe { libc::signal(libc::SIGCHLD, libc::SIG_IGN) };
            loop {
                if fork() == 0 {
                    burn_for(4);
                    std::process::exit(0);
                }
                unsafe { libc::wait(std::ptr::null_mut()) };
            }
        }
        ["ignore-signals-and-burn"] => {
            for signal in 1..=64 {
                unsafe { libc::signal(signal, libc::SIG_IGN) };
            }
            burn()
        }
        ["daemon"] => {
            // Twice forked, in a session of its own, with the judge's pipe still open.
            if fork() == 0 {
                unsafe { libc::setsid() };
                if fork() == 0 {
                    sleep_for_ever()
                }
                std::process::exit(0);
            }
            unsafe { libc::wait(std::ptr::null_mut()) };
            answer();
        }
        ["orphan-writes-later"] => {
            if fork() == 0 {
                std::thread::sleep(std::time::Duration::from_millis(300));
                println!("late");
                std::process::exit(0);
            }
            answer();
        }
        ["signal-self", signal] => {
            let signal: i32 = signal.parse().unwrap();
            unsafe { libc::raise(signal) };
        }
        ["exit", code] => std::process::exit(code.parse().unwrap()),
        ["signal-parent", signal] => {
            let signal: i32 = signal.parse().unwrap();
            unsafe { libc::kill(libc::getppid(), signal) };
            answer();
        }
        ["kill-everybody"] => {
            unsafe { libc::kill(-1, libc::SIGKILL) };
            answer();
        }
        ["stop-everybody"] => {
            unsafe { libc::kill(-1, libc::SIGSTOP) };
            answer();
        }
        ["many-threads"] => {
            let started = (0..5000).take_while(|_| {
                std::thread::Builder::new()
                    .spawn(|| sleep_for_ever())
                    .is_ok()
            });
            let count = started.count();
            std::process::exit(i32::from(count > 100));
        }
        ["zombies"] => {
            let mut count = 0;
            loop {
                match fork() {
                    0 => std::process::exit(0),
                    -1 => break,
                    _ => count += 1,
                }
                assert!(count < 10_000);
            }
            answer();
        }
        ["vfork-and-hang"] => {
            // The raw flag, for a parent that waits in the kernel.
            let child = unsafe {
                libc::syscall(
                    libc::SYS_clone,
                    libc::CLONE_VFORK | libc::SIGCHLD,
                    0,
                    0,
                    0,
                    0,
                )
            };
            if child == 0 {
                sleep_for_ever()
            }
        }
        ["execute-self-for-ever"] => {
            use std::os::unix::process::CommandExt;
            let error = std::process::Command::new("/proc/self/exe")
                .arg("execute-self-for-ever")
                .exec();
            panic!("{error}");
        }
        ["execute-with-arguments", bytes] => {
            let filler = "x".repeat(100_000);
            let count = bytes.parse::<usize>().unwrap() / filler.len();
            let status = std::process::Command::new("/bin/true")
                .args(vec![filler; count])
                .status();
            std::process::exit(i32::from(!status.is_ok_and(|status| status.success())));
        }
        ["alarm"] => {
            unsafe { libc::alarm(1) };
            sleep_for_ever()
        }
        ["raise-limits"] => {
            let mut worked = false;
            for resource in [
                libc::RLIMIT_NPROC,
                libc::RLIMIT_CPU,
                libc::RLIMIT_CORE,
                libc::RLIMIT_STACK,
            ] {
                let most = libc::rlimit {
                    rlim_cur: libc::RLIM_INFINITY,
                    rlim_max: libc::RLIM_INFINITY,
                };
                worked |= unsafe { libc::setrlimit(resource, &raw const most) } == 0;
            }
            refused(worked)
        }
        ["be-nicer-to-self"] => {
            refused(unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, -20) } == 0)
        }
        ["become-root"] => {
            refused(unsafe { libc::setresuid(0, 0, 0) } == 0 && unsafe { libc::getuid() } == 0)
        }
        _ => return false,
    }
    true
}

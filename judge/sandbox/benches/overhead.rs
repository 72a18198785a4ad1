//! What a run costs beside executing the same file without a sandbox: `cargo bench -p sandbox`.
//!
//! All ways are interleaved in one loop, so that whatever disturbs the machine disturbs all of them alike. Nothing is
//! prepared outside the measured region but the slot's zygote.
#![allow(missing_docs)]

fn main() {
    #[cfg(target_os = "linux")]
    linux::main();
    #[cfg(not(target_os = "linux"))]
    println!("SKIPPED: the sandbox needs Linux");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::path::{Path, PathBuf};
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    use sandbox::{Command, Exit, Limits, Mount, Sandbox, Settings, Slot, Streams, Tier};

    const ROUNDS: usize = 400;

    /// One way to execute a file, with its samples.
    struct Way {
        name: String,
        run: Box<dyn FnMut()>,
        wall: Vec<Duration>,
        cpu: Vec<Duration>,
    }

    impl Way {
        fn new(name: impl Into<String>, run: impl FnMut() + 'static) -> Way {
            Way {
                name: name.into(),
                run: Box::new(run),
                wall: Vec::new(),
                cpu: Vec::new(),
            }
        }
    }

    pub(crate) fn main() {
        // `cargo test --benches` only asks whether it starts.
        let rounds = if std::env::args().any(|it| it == "--bench") {
            ROUNDS
        } else {
            3
        };
        let settings = Settings {
            helper: PathBuf::from(env!("CARGO_BIN_EXE_sandbox-helper")),
            allow_unsafe: false,
        };
        let probe = Sandbox::probe(&settings);
        println!(
            "tier: {}",
            probe
                .tier
                .map_or("none".to_owned(), |tier| tier.to_string())
        );
        for obstacle in &probe.obstacles {
            println!("  {obstacle}");
        }
        let Some(best) = probe.tier else {
            println!("SKIPPED: no tier works here");
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let programs = [
            ("dynamic", Some(PathBuf::from("/bin/true"))),
            ("static", build_static(folder.path())),
        ];
        for (kind, program) in programs {
            let Some(program) = program else {
                println!("SKIPPED: no static program, as `cc -static` does not work here");
                continue;
            };
            compare(kind, &program, &settings, best, rounds);
        }
    }

    fn build_static(folder: &Path) -> Option<PathBuf> {
        let (source, program) = (folder.join("true.c"), folder.join("true"));
        std::fs::write(&source, "int main(void) { return 0; }\n").unwrap();
        let built = std::process::Command::new("cc")
            .args(["-O2", "-static", "-o"])
            .arg(&program)
            .arg(&source)
            .status();
        built
            .is_ok_and(|status| status.success())
            .then_some(program)
    }

    fn compare(kind: &str, program: &Path, settings: &Settings, best: Tier, rounds: usize) {
        let mut tiers = vec![best];
        if best != Tier::Namespaces {
            tiers.push(Tier::Namespaces);
        }
        let mut ways = vec![Way::new(
            "raw vfork + exec + wait",
            spawn(program, &[], &[]),
        )];
        for tier in tiers {
            let slot = Sandbox::with_tier(settings.clone(), tier)
                .slot(None)
                .unwrap();
            ways.push(Way::new(
                format!("sandbox, tier {tier}"),
                sandboxed(slot, program),
            ));
        }
        for (name, arguments) in [
            (
                "bwrap",
                vec![
                    "--unshare-all",
                    "--ro-bind",
                    "/",
                    "/",
                    "--proc",
                    "/proc",
                    "--dev",
                    "/dev",
                    "--tmpfs",
                    "/tmp",
                ],
            ),
            ("isolate", vec!["--run", "--"]),
        ] {
            let found = std::process::Command::new(name)
                .arg("--version")
                .stdout(Stdio::null())
                .status();
            if !found.is_ok_and(|status| status.success()) {
                println!("SKIPPED: {name} is not installed");
                continue;
            }
            if name == "isolate" {
                let _ = std::process::Command::new(name)
                    .arg("--init")
                    .stdout(Stdio::null())
                    .status();
            }
            // /tmp is hidden inside, where the static program lies.
            let inside = if program.starts_with("/tmp") {
                Path::new("/bin/true")
            } else {
                program
            };
            let mut run = spawn(Path::new(name), &arguments, &[inside]);
            if std::panic::catch_unwind(std::panic::AssertUnwindSafe(&mut run)).is_err() {
                println!("SKIPPED: {name} does not work here");
                continue;
            }
            ways.push(Way::new(name, run));
        }
        for round in 0..rounds + 20 {
            for way in &mut ways {
                let (cpu, begun) = (cpu_everywhere(), Instant::now());
                (way.run)();
                let wall = begun.elapsed();
                // The first rounds fill caches.
                if round >= 20 || rounds < 20 {
                    way.wall.push(wall);
                    way.cpu.push(cpu_everywhere().saturating_sub(cpu));
                }
            }
        }
        print(kind, &mut ways);
    }

    fn spawn(program: &Path, arguments: &[&str], more: &[&Path]) -> impl FnMut() + 'static {
        let mut command = std::process::Command::new(program);
        command
            .args(arguments)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        move || assert!(command.status().unwrap().success())
    }

    fn sandboxed(mut slot: Slot, program: &Path) -> impl FnMut() + 'static {
        let target = PathBuf::from("/program/true");
        let own = program.starts_with("/bin");
        let command = Command {
            program: if own { program.into() } else { target.clone() },
            mounts: if own {
                Vec::new()
            } else {
                vec![Mount {
                    source: program.into(),
                    target,
                }]
            },
            ..Command::default()
        };
        let limits = Limits::default();
        move || {
            let outcome = slot.run(&command, &limits, Streams::default()).unwrap();
            assert_eq!(outcome.exit, Exit::Code(0), "{outcome:?}");
        }
    }

    /// CPU time of the whole machine but idling, as far as its own counters are fine enough: of this process and all that
    /// it has waited for, and of every zygote below it with what that has waited for.
    fn cpu_everywhere() -> Duration {
        let own = std::process::id();
        let mut ticks = 0;
        for process in std::iter::once(own).chain(children(own)) {
            ticks += scheduler_time(process);
        }
        Duration::from_nanos(ticks)
    }

    fn children(process: u32) -> Vec<u32> {
        let text = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"))
            .unwrap_or_default();
        text.split_whitespace()
            .filter_map(|number| number.parse().ok())
            .collect()
    }

    fn scheduler_time(process: u32) -> u64 {
        let text =
            std::fs::read_to_string(format!("/proc/{process}/schedstat")).unwrap_or_default();
        text.split(' ')
            .next()
            .and_then(|number| number.parse().ok())
            .unwrap_or(0)
    }

    fn print(kind: &str, ways: &mut [Way]) {
        println!(
            "\n{kind} program, {} runs each, milliseconds",
            ways[0].wall.len()
        );
        println!(
            "{:<42} {:>7} {:>7} {:>7} {:>7}",
            "", "p50", "p99", "added", "ratio"
        );
        let raw = percentile(&mut ways[0].wall, 50);
        for way in ways {
            let (median, tail) = (percentile(&mut way.wall, 50), percentile(&mut way.wall, 99));
            println!(
                "{:<42} {median:>7.2} {tail:>7.2} {:>7.2} {:>7.2}",
                way.name,
                median - raw,
                median / raw
            );
        }
    }

    fn percentile(samples: &mut [Duration], percent: usize) -> f64 {
        samples.sort_unstable();
        samples[(samples.len() - 1) * percent / 100].as_secs_f64() * 1e3
    }
}

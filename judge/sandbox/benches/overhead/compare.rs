//! The same trivial program, executed plainly, in the sandbox, and in the sandboxes of others.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use sandbox::{Command, Exit, Limits, Mount, Sandbox, Streams};

use crate::user::Ordinary;
use crate::{cpu, goal};

/// One way to execute a file, with its samples.
struct Way {
    name: String,
    kind: Kind,
    /// Runs once, and says how long that took.
    run: Box<dyn FnMut() -> Duration>,
    wall: Vec<Duration>,
    /// CPU time here, of all runs together.
    cpu: Duration,
    /// Zygotes and others whose CPU time comes on top, with what it was at first.
    others: Vec<(u32, Duration)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Raw,
    Sandbox,
    Ordinary,
    Bubblewrap,
    Isolate,
}

impl Way {
    fn new(kind: Kind, name: impl Into<String>, mut run: impl FnMut() + 'static) -> Way {
        Way::timed(kind, name, move || {
            let begun = Instant::now();
            run();
            begun.elapsed()
        })
    }

    fn timed(kind: Kind, name: impl Into<String>, run: impl FnMut() -> Duration + 'static) -> Way {
        Way {
            name: name.into(),
            kind,
            run: Box::new(run),
            wall: Vec::new(),
            cpu: Duration::ZERO,
            others: Vec::new(),
        }
    }
}

pub(crate) fn all(sandboxes: &[Sandbox], helper: &Path, rounds: usize) {
    let folder = tempfile::tempdir().unwrap();
    compare("dynamic", Path::new("/bin/true"), sandboxes, helper, rounds);
    match build_static(folder.path()) {
        Some(program) => compare("static", &program, sandboxes, helper, rounds),
        None => println!("SKIPPED: no static program, as `cc -static` does not work here"),
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

fn compare(kind: &str, program: &Path, sandboxes: &[Sandbox], helper: &Path, rounds: usize) {
    let mut ways = vec![Way::new(
        Kind::Raw,
        "raw vfork + exec + wait",
        spawn(program, &[], &[]),
    )];
    for sandbox in sandboxes {
        let before = cpu::children(std::process::id());
        let mut way = Way::new(
            Kind::Sandbox,
            format!("sandbox, tier {}", sandbox.tier()),
            sandboxed(sandbox, program),
        );
        let now = cpu::children(std::process::id()).into_iter();
        let zygote = now.filter(|process| !before.contains(process));
        way.others = zygote.map(|process| (process, Duration::ZERO)).collect();
        ways.push(way);
    }
    if let Some(mut ordinary) = Ordinary::start(helper, program) {
        let mut others = cpu::children(ordinary.process);
        others.push(ordinary.process);
        let name = format!("the same as an ordinary user, tier {}", ordinary.tier);
        let mut way = Way::timed(Kind::Ordinary, name, move || ordinary.run());
        way.others = others.into_iter().map(|it| (it, Duration::ZERO)).collect();
        ways.push(way);
    }
    ways.extend(others(program));
    let warm_up = rounds.min(20);
    for round in 0..rounds + warm_up {
        for index in order(round, ways.len()) {
            let way = &mut ways[index];
            if round == warm_up {
                way.cpu = Duration::ZERO;
                way.wall.clear();
                for (process, before) in &mut way.others {
                    *before = cpu::of(*process);
                }
            }
            let cpu = cpu::here();
            let wall = (way.run)();
            way.wall.push(wall);
            // Asking the ordinary user is no part of it.
            if way.kind != Kind::Ordinary {
                way.cpu += cpu::here() - cpu;
            }
        }
    }
    print(kind, &mut ways);
}

/// Each way once, in the strides that reach all: what a way finds in the caches depends on the one before it, so that one changes
/// from round to round.
fn order(round: usize, ways: usize) -> impl Iterator<Item = usize> {
    let reaches_all =
        |stride: &usize| (1..ways).all(|steps| !(steps * stride).is_multiple_of(ways));
    let strides: Vec<usize> = (1..ways).filter(reaches_all).collect();
    let stride = strides[round % strides.len()];
    (0..ways).map(move |step| (round + step * stride) % ways)
}

fn others(program: &Path) -> Vec<Way> {
    let folder = program.parent().unwrap().to_str().unwrap();
    let mut bubblewrap = vec![
        "--unshare-all",
        "--ro-bind",
        "/usr",
        "/usr",
        "--symlink",
        "usr/bin",
        "/bin",
    ];
    bubblewrap.extend([
        "--symlink",
        "usr/lib",
        "/lib",
        "--symlink",
        "usr/lib64",
        "/lib64",
        "--proc",
        "/proc",
    ]);
    bubblewrap.extend(["--dev", "/dev", "--tmpfs", "/tmp"]);
    if folder != "/bin" {
        bubblewrap.extend(["--ro-bind", folder, folder]);
    }
    let bind = format!("--dir={folder}");
    let mut isolate = vec!["--run", "--silent"];
    if folder != "/bin" {
        isolate.push(&bind);
    }
    isolate.push("--");
    let mut ways = Vec::new();
    for (kind, name, arguments) in [
        (Kind::Bubblewrap, "bwrap", bubblewrap),
        (Kind::Isolate, "isolate", isolate),
    ] {
        if std::process::Command::new(name)
            .arg("--version")
            .stdout(Stdio::null())
            .status()
            .is_err()
        {
            println!("SKIPPED: {name} is not installed");
            continue;
        }
        if kind == Kind::Isolate {
            let _ = std::process::Command::new(name)
                .arg("--init")
                .stdout(Stdio::null())
                .status();
        }
        let mut command = std::process::Command::new(name);
        let tried = command
            .args(&arguments)
            .arg(program)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        if !tried.status.success() {
            println!(
                "SKIPPED: {name} does not work here: {}",
                String::from_utf8_lossy(&tried.stderr).trim()
            );
            continue;
        }
        ways.push(Way::new(
            kind,
            name,
            spawn(Path::new(name), &arguments, &[program]),
        ));
    }
    ways
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

pub(crate) fn sandboxed(sandbox: &Sandbox, program: &Path) -> impl FnMut() + 'static {
    let mut slot = sandbox.slot(None).unwrap();
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

fn print(kind: &str, ways: &mut [Way]) {
    let runs = ways[0].wall.len();
    println!("\n{kind} program, {runs} runs each; milliseconds");
    println!(
        "{:<42} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6}",
        "", "p5", "p50", "p99", "added", "ratio", "CPU", "added"
    );
    let raw = percentile(&mut ways[0].wall, 50);
    let raw_cpu = mean(ways[0].cpu, runs);
    let mut figures = Vec::new();
    for way in ways {
        let [low, median, high] = [5, 50, 99].map(|percent| percentile(&mut way.wall, percent));
        let others = way.others.iter();
        let others: Duration = others
            .map(|&(process, before)| cpu::of(process).saturating_sub(before))
            .sum();
        let cpu = mean(way.cpu + others, runs);
        figures.push((way.kind, way.name.as_str(), median, cpu));
        println!(
            "{:<42} {low:>6.2} {median:>6.2} {high:>6.2} {:>6.2} {:>6.2} {cpu:>6.2} {:>6.2}",
            way.name,
            median - raw,
            median / raw,
            cpu - raw_cpu
        );
    }
    let of = |kind: Kind| figures.iter().filter(move |it| it.0 == kind);
    for &(_, name, median, cpu) in of(Kind::Sandbox) {
        goal::at_most(&format!("{name}, added milliseconds"), median - raw, 0.6);
        goal::at_most(
            &format!("{name}, added CPU milliseconds"),
            cpu - raw_cpu,
            0.6,
        );
        for other in of(Kind::Bubblewrap) {
            goal::at_least(&format!("bubblewrap over {name}"), other.2 / median, 3.0);
        }
        for other in of(Kind::Ordinary) {
            goal::at_most(
                &format!("an ordinary user's over {name}"),
                other.2 / median,
                1.2,
            );
        }
    }
}

fn mean(all: Duration, runs: usize) -> f64 {
    all.as_secs_f64() * 1e3 / runs as f64
}

fn percentile(samples: &mut [Duration], percent: usize) -> f64 {
    samples.sort_unstable();
    samples[(samples.len() - 1) * percent / 100].as_secs_f64() * 1e3
}

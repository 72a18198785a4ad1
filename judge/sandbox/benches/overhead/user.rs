//! Runs by an ordinary user beside those by root: this executable again, as that user, which runs once whenever it is asked.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use sandbox::{Sandbox, Settings};

const PROGRAM: &str = "SANDBOX_BENCH_PROGRAM";
const HELPER: &str = "SANDBOX_BENCH_HELPER";
const USER: u32 = 54_321;

/// The process of the ordinary user. Dropped, it ends.
pub(crate) struct Ordinary {
    pub(crate) tier: String,
    pub(crate) process: u32,
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
    _folder: tempfile::TempDir,
}

impl Ordinary {
    /// None, with the reason, where there is nobody to become or no tier for such a one.
    pub(crate) fn start(helper: &Path, program: &Path) -> Option<Ordinary> {
        if !rustix::process::getuid().is_root() {
            println!("SKIPPED: an ordinary user beside root, as root does not run this");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open).unwrap();
        // The build folder may be closed to others.
        let copy = |from: &Path, name: &str| {
            let to = folder.path().join(name);
            std::fs::copy(from, &to).unwrap();
            to
        };
        let own = copy(&std::env::current_exe().unwrap(), "bench");
        let mut child = std::process::Command::new(own)
            .env(PROGRAM, copy(program, "program"))
            .env(HELPER, copy(helper, "helper"))
            .current_dir("/")
            .uid(USER)
            .gid(USER)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        let mut tier = String::new();
        answers.read_line(&mut tier).unwrap();
        let mut ordinary = Ordinary {
            tier: tier.trim().to_owned(),
            process: child.id(),
            child,
            answers,
            _folder: folder,
        };
        if ordinary.tier.is_empty() {
            println!("SKIPPED: no tier works for user {USER}");
            let _ = ordinary.child.wait();
            return None;
        }
        Some(ordinary)
    }

    /// One run, and what it took.
    pub(crate) fn run(&mut self) -> Duration {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        Duration::from_nanos(answer.trim().parse().unwrap())
    }
}

impl Drop for Ordinary {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Runs on request, if this process was started for that.
pub(crate) fn serve_if_ordinary() {
    let (Some(program), Some(helper)) = (std::env::var_os(PROGRAM), std::env::var_os(HELPER))
    else {
        return;
    };
    let settings = Settings {
        helper: helper.into(),
        allow_unsafe: false,
    };
    if let Ok(sandbox) = Sandbox::new(settings) {
        let mut run = crate::compare::sandboxed(&sandbox, Path::new(&program));
        println!("{}", sandbox.tier());
        for _ in std::io::stdin().lines() {
            let begun = Instant::now();
            run();
            println!("{}", begun.elapsed().as_nanos());
        }
    }
    std::process::exit(0);
}

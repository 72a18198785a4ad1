//! The judge's side: a runner that is started when it is needed, watched, and replaced when it dies.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::Context;

use super::protocol::{Done, Event, Request};

/// A runner, or the intention to start one.
pub struct Runner {
    launch: Launch,
    process: Option<Process>,
}

/// How a runner is started.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The judge that serves; none is this one.
    pub program: Option<PathBuf>,
    /// What makes it a runner.
    pub arguments: Vec<OsString>,
    /// The processor that it is to stay on.
    pub processor: Option<usize>,
    /// How many threads its functions share their work out over; none is one for each processor that it may use.
    pub threads: Option<u32>,
    /// Whether address-space randomisation is switched off, where the machine allows that: for comparing times.
    pub fixed_layout: bool,
    /// The counter's words, if instructions are counted.
    pub under: Vec<OsString>,
}

impl Default for Launch {
    fn default() -> Self {
        Launch {
            program: None,
            arguments: vec!["runner".into()],
            processor: None,
            threads: None,
            fixed_layout: false,
            under: Vec::new(),
        }
    }
}

struct Process {
    child: Child,
    requests: ChildStdin,
    events: Receiver<std::io::Result<String>>,
    errors: Receiver<String>,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// The runner served it.
    Done(Done),
    /// A call took longer than the limit by the clock; the runner was killed.
    TooLong,
    /// The runner died: the signal or exit code, and what it had written to standard error.
    Died {
        /// The signal that ended it.
        signal: Option<i32>,
        /// What it had written.
        errors: String,
    },
}

/// Building a case may take this long; it is not the solution's time.
const BUILDING: Duration = Duration::from_secs(120);
/// Checking an output may take this long.
const CHECKING: Duration = Duration::from_secs(120);

impl Runner {
    /// A runner that is to stay on one processor, if one is named.
    pub fn new(processor: Option<usize>) -> Self {
        Runner::launched(Launch {
            processor,
            ..Launch::default()
        })
    }

    /// A runner that is started in some way.
    pub fn launched(launch: Launch) -> Self {
        Runner {
            launch,
            process: None,
        }
    }

    /// How it is started.
    pub fn launch(&self) -> &Launch {
        &self.launch
    }

    /// Ends the process; the next request starts a fresh one.
    pub fn stop(&mut self) {
        self.process = None;
    }

    /// A request of this side's version, served under a limit of time for each call.
    pub fn serve(&mut self, request: Request, limit: Duration) -> anyhow::Result<Reply> {
        let case = request.case.clone();
        let mut process = match self.process.take() {
            Some(process) => process,
            None => Process::start(&self.launch)?,
        };
        let line = request.line()?;
        if process.requests.write_all(line.as_bytes()).is_err() {
            return process.died();
        }
        // The call may end just before its limit, and the event must still arrive.
        let calling = limit + Duration::from_millis(500);
        let mut patience = BUILDING;
        loop {
            let event = match process.events.recv_timeout(patience) {
                Ok(line) => serde_json::from_str::<Event>(&line?)?,
                Err(RecvTimeoutError::Timeout) if patience == calling => {
                    process.kill();
                    return Ok(Reply::TooLong);
                }
                Err(RecvTimeoutError::Timeout) => {
                    process.kill();
                    anyhow::bail!(
                        "building or checking {} takes more than {} s",
                        case,
                        patience.as_secs()
                    );
                }
                Err(RecvTimeoutError::Disconnected) => return process.died(),
            };
            match event {
                Event::Ready => patience = calling,
                Event::Called => patience = CHECKING + calling,
                Event::Refused(reason) => anyhow::bail!("the runner refuses: {reason}"),
                Event::Done(done) => {
                    if !done.is_last {
                        self.process = Some(process);
                    }
                    return Ok(Reply::Done(done));
                }
            }
        }
    }
}

impl Process {
    fn start(launch: &Launch) -> anyhow::Result<Self> {
        let program = match &launch.program {
            Some(program) => program.clone(),
            None => std::env::current_exe()?,
        };
        let mut command = match launch.under.split_first() {
            None => Command::new(&program),
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(&program);
                command
            }
        };
        command
            .args(&launch.arguments)
            // Kernels are loaded when they are loaded, not in the first launch that is timed.
            .env("CUDA_MODULE_LOADING", "EAGER")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(processor) = launch.processor {
            command.arg("--processor").arg(processor.to_string());
        }
        if let Some(threads) = launch.threads {
            command.arg("--threads").arg(threads.to_string());
        }
        if launch.fixed_layout {
            sandbox::fix_layout(&mut command);
        }
        let mut child = command
            .spawn()
            .with_context(|| format!("{} could not be started", program.display()))?;
        let (Some(requests), Some(output), Some(error)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            anyhow::bail!("the runner has no pipes");
        };
        let (event, events) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                if event.send(line).is_err() {
                    break; // nobody listens any more
                }
            }
        });
        let (written, errors) = channel();
        std::thread::spawn(move || {
            let mut text = Vec::new();
            // What cannot be read is what a dying process did not write.
            let _ = error.take(1 << 16).read_to_end(&mut text);
            let _ = written.send(String::from_utf8_lossy(&text).into_owned());
        });
        Ok(Process {
            child,
            requests,
            events,
            errors,
        })
    }

    fn kill(&mut self) {
        // It may have ended by itself in the meantime, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn died(&mut self) -> anyhow::Result<Reply> {
        let status = self.child.wait()?;
        #[cfg(unix)]
        let signal = std::os::unix::process::ExitStatusExt::signal(&status);
        #[cfg(not(unix))]
        let signal = status.code();
        let errors = self
            .errors
            .recv_timeout(Duration::from_secs(1))
            .unwrap_or_default();
        Ok(Reply::Died { signal, errors })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

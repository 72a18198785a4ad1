//! A slot: one zygote with its cgroup, in which one program runs at a time.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::sync::Arc;

use crate::cgroup::Cgroup;
use crate::channel::Kind;
use crate::drain::Drain;
use crate::input::Inputs;
use crate::start::Zygote;
use crate::watch::Watch;
use crate::{
    Command, Error, Limits, Outcome, Streams, Tier, bare, collect, pin, request, sandbox, verdict,
};

/// What all slots of a sandbox share.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) helper: PathBuf,
    pub(crate) tier: Tier,
}

/// A place for one run at a time: a zygote that waits for programs. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub struct Slot {
    place: Arc<Place>,
    cpu: Option<usize>,
    /// CPUs that a run can use at once; asked once, as asking reads several files.
    cpus: u32,
    // The zygote goes before the cgroup that it lives in.
    zygote: Option<Zygote>,
    cgroup: Option<Cgroup>,
    inputs: Inputs,
    buffer: Vec<u8>,
}

/// The room into which output is read; as large as a pipe.
const BUFFER: usize = 64 << 10;

impl Slot {
    pub(crate) fn new(place: Arc<Place>, cpu: Option<usize>) -> Result<Slot, Error> {
        let cgroup = sandbox::make_cgroup(place.tier, cpu)?;
        let buffer = vec![0; BUFFER];
        let cpus = std::thread::available_parallelism()
            .map_or(1, |count| u32::try_from(count.get()).unwrap_or(u32::MAX));
        let mut slot = Slot {
            place,
            cpu,
            cpus,
            zygote: None,
            cgroup,
            inputs: Inputs::default(),
            buffer,
        };
        if slot.place.tier != Tier::Unsafe {
            slot.start_zygote()?;
        }
        Ok(slot)
    }

    fn start_zygote(&mut self) -> Result<(), Error> {
        self.zygote = None;
        self.zygote = Some(Zygote::start(
            &self.place.helper,
            self.cgroup.as_ref(),
            self.cpu,
        )?);
        Ok(())
    }

    /// The process from which all programs of this slot descend, so that who counts what it and its children do counts them.
    /// `None` where there is none.
    pub fn ancestor(&self) -> Option<u32> {
        self.zygote.as_ref().map(Zygote::id)
    }

    /// Keeps runs from now on to so many of the CPUs that this process may use, the last ones; to all, if there are not so many.
    ///
    /// # Errors
    /// Where there is no zygote, or the kernel refuses.
    pub fn use_processors(&mut self, count: u32) -> Result<(), Error> {
        let failed = |error| Error::system("limit a slot's CPUs", error);
        let zygote = self
            .ancestor()
            .ok_or_else(|| failed(io::ErrorKind::Unsupported.into()))?;
        pin::pin_to_last(zygote, count as usize).map_err(failed)
    }

    /// Runs a program to its end.
    ///
    /// A zygote that dies is replaced and the run repeated once.
    ///
    /// # Errors
    /// Where the sandbox itself failed; whatever the program does is an [`Outcome`].
    pub fn run(
        &mut self,
        command: &Command,
        limits: &Limits,
        streams: Streams,
    ) -> Result<Outcome, Error> {
        let in_words = |error| Error::system("prepare the input", error);
        let input = self.inputs.descriptor(streams.input).map_err(in_words)?;
        let again = input.try_clone().map_err(in_words)?;
        let death = match self.attempt(command, limits, input, None) {
            Err(Error::ZygoteDied(reason)) => reason,
            other => return other,
        };
        // The input may have been read; a pipe cannot be rewound, and then the repetition shows it.
        let _ = rustix::fs::seek(&again, rustix::fs::SeekFrom::Start(0));
        match self.attempt(command, limits, again, None) {
            Err(Error::ZygoteDied(reason)) => Err(Error::ZygoteDied(format!(
                "{death}; and again, when the run was repeated: {reason}"
            ))),
            other => other,
        }
    }

    /// Runs a program once. Its output goes to `sink`, if there is one, and else into the outcome.
    pub(crate) fn attempt(
        &mut self,
        command: &Command,
        limits: &Limits,
        input: OwnedFd,
        sink: Option<OwnedFd>,
    ) -> Result<Outcome, Error> {
        if self.place.tier == Tier::Unsafe {
            return bare::run(command, limits, input, sink, self.cpu, &mut self.buffer);
        }
        if self.zygote.is_none() {
            self.start_zygote()?;
        }
        let result = self.watched(command, limits, input, sink);
        if matches!(result, Err(Error::System { .. } | Error::ZygoteDied(_))) {
            // Its state is unknown now; the next run begins with a new one.
            self.zygote = None;
        }
        result
    }

    fn watched(
        &mut self,
        command: &Command,
        limits: &Limits,
        input: OwnedFd,
        sink: Option<OwnedFd>,
    ) -> Result<Outcome, Error> {
        let in_words = |step: &'static str| move |error: io::Error| Error::system(step, error);
        let request = request::request(command, limits, self.place.tier)?;
        let (mut output, output_end) =
            Drain::or_sink(sink, limits.output).map_err(in_words("make a pipe"))?;
        let (mut errors, errors_end) =
            Drain::or_sink(None, limits.error_output).map_err(in_words("make a pipe"))?;
        if let Some(cgroup) = &mut self.cgroup {
            cgroup
                .prepare(limits.memory, limits.processes)
                .map_err(in_words("set the cgroup's limits"))?;
        }
        let zygote = self.zygote.as_mut().expect("attempt() starts it");
        zygote.board.figures().clear();
        let streams = [input.as_fd(), output_end.as_fd(), errors_end.as_fd()];
        if zygote
            .channel
            .send(Kind::Run, &request.encode(), &streams)
            .is_err()
        {
            return Err(Error::ZygoteDied(zygote.last_words()));
        }
        // Whoever waits for the end of a stream must not wait for us.
        drop((input, output_end, errors_end));

        let mut watch = Watch {
            channel: &zygote.channel,
            figures: zygote.board.figures(),
            cgroup: self.cgroup.as_ref(),
            limits,
            parallel: if self.cpu.is_some() {
                1
            } else {
                limits.processes.min(self.cpus)
            },
            buffer: &mut self.buffer,
        };
        let mut seen = watch
            .run(&mut output, &mut errors)
            .map_err(in_words("watch the run"))?;
        let Some(word) = seen.word.take() else {
            return Err(Error::ZygoteDied(zygote.last_words()));
        };
        if word.kind != Kind::Done {
            return Err(request::refusal(
                &String::from_utf8_lossy(&word.body),
                command,
            ));
        }
        let counted = match &mut self.cgroup {
            Some(cgroup) => Some(
                cgroup
                    .counted()
                    .map_err(in_words("read the cgroup's counters"))?,
            ),
            None => None,
        };
        if let (Some(target), Some(scratch)) = (&command.collect, word.descriptors.first()) {
            output.overflowed |= !collect::collect(scratch, target, limits.scratch)?;
        }
        verdict::judge(
            zygote.board.figures(),
            command,
            limits,
            &seen,
            counted,
            output,
            errors,
        )
    }
}

//! Runs two programs that talk to each other: a solution and an interactor, each in its own slot.
//!
//! ```text
//! solution -- output --> relay --> input -- interactor
//!          <-- input --- relay <-- output --
//! ```
//! The judge stands between them and writes down what passes. A side that ends closes its pipes: the other reads the end,
//! or is told by SIGPIPE. A side that does not read stops the other's relay, no more; the limits end it.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::sync::Mutex;

use crate::drain::pipe;
use crate::{Ended, Error, Interaction, Outcome, Part, Passage, Side};

/// Runs solution and interactor to their ends. The transcript has at most so many bytes.
///
/// A zygote that dies is an error here: what has been said cannot be said again.
///
/// # Errors
/// Where the sandbox itself failed; whatever the programs do are [`Outcome`]s.
pub fn interact(
    solution: Part<'_>,
    interactor: Part<'_>,
    most: usize,
) -> Result<Interaction, Error> {
    let in_words = |error| Error::system("make the pipes of an interactive run", error);
    let (solution_says, from_solution) = pipe().map_err(in_words)?;
    let (interactor_hears, to_interactor) = pipe().map_err(in_words)?;
    let (interactor_says, from_interactor) = pipe().map_err(in_words)?;
    let (solution_hears, to_solution) = pipe().map_err(in_words)?;
    let transcript = Mutex::new(Transcript {
        passages: Vec::new(),
        room: most,
        first: None,
    });
    let most_of = [solution.limits.output, interactor.limits.output];

    let (solution, interactor, overflows) = std::thread::scope(|scope| {
        let runs = [
            scope.spawn(|| run(solution, solution_hears, from_solution)),
            scope.spawn(|| run(interactor, interactor_hears, from_interactor)),
        ];
        let relays = [
            scope.spawn(|| {
                relay(
                    solution_says,
                    to_interactor,
                    Side::Solution,
                    most_of[0],
                    &transcript,
                )
            }),
            scope.spawn(|| {
                relay(
                    interactor_says,
                    to_solution,
                    Side::Interactor,
                    most_of[1],
                    &transcript,
                )
            }),
        ];
        let [solution, interactor] = runs.map(|thread| thread.join().expect("runs do not panic"));
        let overflows = relays.map(|thread| thread.join().expect("relays do not panic"));
        (solution, interactor, overflows)
    });
    let (mut solution, mut interactor) = (solution?, interactor?);
    for (outcome, overflow) in [&mut solution, &mut interactor].into_iter().zip(overflows) {
        if overflow.map_err(|error| Error::system("relay an interactive run", error))?
            && matches!(outcome.ended, Ended::ByItself | Ended::WallLimit)
        {
            outcome.ended = Ended::OutputLimit;
        }
    }
    let Transcript {
        passages: transcript,
        first,
        ..
    } = transcript.into_inner().expect("relays do not panic");
    Ok(Interaction {
        solution,
        interactor,
        first,
        transcript,
    })
}

fn run(part: Part<'_>, input: OwnedFd, output: OwnedFd) -> Result<Outcome, Error> {
    let Part {
        slot,
        command,
        limits,
    } = part;
    slot.attempt(command, limits, input, Some(output))
}

struct Transcript {
    passages: Vec<Passage>,
    room: usize,
    first: Option<Side>,
}

impl Transcript {
    fn note(&mut self, from: Side, bytes: &[u8]) {
        let bytes = &bytes[..bytes.len().min(self.room)];
        self.room -= bytes.len();
        match self.passages.last_mut() {
            Some(last) if last.from == from => last.bytes.extend_from_slice(bytes),
            _ if bytes.is_empty() => {}
            _ => self.passages.push(Passage {
                from,
                bytes: bytes.to_vec(),
            }),
        }
    }
}

/// Passes on what one side says until it has ended, or the other hears no more, or it has said too much: then true.
fn relay(
    from: OwnedFd,
    to: OwnedFd,
    side: Side,
    most: u64,
    transcript: &Mutex<Transcript>,
) -> io::Result<bool> {
    let (mut from, mut to) = (File::from(from), File::from(to));
    let mut buffer = vec![0; 16 << 10];
    let mut said = 0_u64;
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) => {
                // Noted before the other side can know, and act on it.
                transcript
                    .lock()
                    .expect("relays do not panic")
                    .first
                    .get_or_insert(side);
                return Ok(false);
            }
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        said += count as u64;
        if said > most {
            return Ok(true);
        }
        transcript
            .lock()
            .expect("relays do not panic")
            .note(side, &buffer[..count]);
        match to.write_all(&buffer[..count]) {
            Ok(()) => {}
            // The other has ended; closing our end tells this one.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                transcript
                    .lock()
                    .expect("relays do not panic")
                    .first
                    .get_or_insert(side.other());
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
    }
}

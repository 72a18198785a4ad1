//! Programs that talk with an interactor, each of the two in a slot of its own.

use std::time::Duration;

use problems::{Accepted, Mismatch};
use sandbox::{Ended, Exit, Interaction, Limits, Part, Passage, Side, Slot, interact};
use vocabulary::Verdict;

use super::program::{note_cost, sandbox_limits, verdict_of};
use super::{Execute, Prepared, Run, RunLimits};
use crate::build::Built;
use crate::foreign::{File, MEMORY, Referee};

/// A program that was built, the interactor that it talks with, and a slot for each.
pub struct InteractiveExecution<'a> {
    slots: [&'a mut Slot; 2],
    built: &'a Built,
    interactor: &'a Referee,
    tier: String,
}

/// What is kept of what the two say, bytes.
const TRANSCRIPT: usize = 1 << 16;
/// How much longer than the program the interactor may take: of two that wait for each other the program is stopped,
/// and the interactor, which then reads the end, still says its word.
const GRACE: Duration = Duration::from_secs(5);

impl<'a> InteractiveExecution<'a> {
    /// A program and an interactor in two slots of a sandbox of some tier.
    pub fn new(
        slots: [&'a mut Slot; 2],
        built: &'a Built,
        interactor: &'a Referee,
        tier: sandbox::Tier,
    ) -> Self {
        InteractiveExecution {
            slots,
            built,
            interactor,
            tier: tier.to_string(),
        }
    }

    fn talk(&mut self, case: &Prepared, limits: &RunLimits) -> anyhow::Result<Interaction> {
        let folder = tempfile::tempdir()?;
        let (input, answer) = (case.text()?, case.case()?.expected_text());
        let files = [File::Read(&input), File::Write, File::Read(&answer)];
        let interactor = self.interactor.command(folder.path(), files);
        let interactor = interactor.map_err(|fault| anyhow::anyhow!(fault.reason))?;
        let [slot, other] = &mut self.slots;
        let solution = Part {
            slot,
            command: &self.built.command(limits.memory),
            limits: &sandbox_limits(self.built, limits),
        };
        let interactor = Part {
            slot: other,
            command: &interactor,
            limits: &Limits {
                cpu: limits.cpu + Duration::from_secs(10),
                wall: limits.wall + GRACE,
                memory: MEMORY,
                ..Limits::default()
            },
        };
        Ok(interact(solution, interactor, TRANSCRIPT)?)
    }
}

impl Execute for InteractiveExecution<'_> {
    fn run(&mut self, case: &Prepared, limits: &RunLimits, rounds: u32) -> anyhow::Result<Run> {
        let mut run = Run::without_timing(Verdict::Accepted, "");
        for _ in 0..rounds.max(1) {
            let talk = self.talk(case, limits)?;
            note_cost(&mut run, &talk.solution);
            (run.verdict, run.detail) = verdict(&talk, self.interactor, limits);
            if run.verdict != Verdict::Accepted {
                run.transcript = Some(written(&talk.transcript));
                if run.verdict != Verdict::WrongAnswer {
                    run.error_output = talk.solution.error_output;
                }
                break;
            }
        }
        Ok(run)
    }

    fn tier(&self) -> String {
        self.tier.clone()
    }
}

/// A fault of the interactor; then its refusal, if it ended first, because that explains whatever the program did next;
/// then what ended the program; then the interactor's word.
fn verdict(talk: &Interaction, interactor: &Referee, limits: &RunLimits) -> (Verdict, String) {
    let word = match word(talk, interactor) {
        Err(fault) if fault.is_fault => return (Verdict::JudgeError, fault.reason),
        Err(refusal) if talk.first == Some(Side::Interactor) => {
            return (Verdict::WrongAnswer, refusal.reason);
        }
        word => word,
    };
    match (verdict_of(&talk.solution, limits), word) {
        (Some((verdict, detail)), _) if talk.solution.ended == Ended::WallLimit => {
            let hint = "it waited for the interactor: is every line ended and flushed?";
            (verdict, format!("{detail}; {hint}"))
        }
        (Some(stopped), _) => stopped,
        (None, Err(refusal)) => (Verdict::WrongAnswer, refusal.reason),
        (None, Ok(_)) => (Verdict::Accepted, String::new()),
    }
}

/// What the interactor says of the program. That nobody reads it any more is no fault of its own.
fn word(talk: &Interaction, interactor: &Referee) -> Result<Accepted, Mismatch> {
    const BROKEN_PIPE: Exit = Exit::Signal(13);
    let left = talk.first == Some(Side::Solution) && talk.interactor.ended == Ended::ByItself;
    if left && talk.interactor.exit == BROKEN_PIPE {
        return Err(Mismatch::new("it ends before the interactor has finished"));
    }
    interactor.word(&talk.interactor)
}

/// What was said, a line each, with who said it; a line that was never ended says so, because the other may wait for it.
fn written(passages: &[Passage]) -> String {
    let mut text = String::new();
    for passage in passages {
        let who = match passage.from {
            Side::Solution => '>',
            Side::Interactor => '<',
        };
        let said = String::from_utf8_lossy(&passage.bytes);
        for line in said.split_inclusive('\n') {
            let end = if line.ends_with('\n') {
                ""
            } else {
                "   (no line end)"
            };
            text.push_str(&format!("{who} {}{end}\n", line.trim_end()));
        }
    }
    let length: usize = passages.iter().map(|passage| passage.bytes.len()).sum();
    if length >= TRANSCRIPT {
        text.push_str("(more was said)\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transcript_says_who_said_what_and_which_line_was_not_ended() {
        let said = |from, text: &str| Passage {
            from,
            bytes: text.as_bytes().to_vec(),
        };
        let passages = [
            said(Side::Interactor, "10\r\nready\n"),
            said(Side::Solution, "5"),
        ];
        let expected = "< 10\n< ready\n> 5   (no line end)\n";
        assert_eq!(written(&passages), expected);
    }
}

//! `judge doctor`

use anstyle::{AnsiColor, Style};
use clap::Args;
use sandbox::{Probe, Sandbox, Tier};
use serde_json::json;

use super::AS_EXPECTED;
use super::options::{CourtOptions, Format};
use crate::display::{paint, print_line};
use crate::instructions::Counter;
use crate::language::{Languages, Toolchain};
use crate::nvrtc::Nvrtc;

/// Say what works here, what is missing, and how to get it
#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    court: CourtOptions,
    #[arg(long, default_value = "text")]
    format: Format,
}

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        let groups = [
            (
                "sandbox",
                sandbox(Sandbox::probe(&self.court.sandbox_settings()?)),
            ),
            ("languages", languages()?),
            ("kernels", kernels()?),
            ("counting instructions", vec![counter()]),
        ];
        for (group, findings) in groups {
            if let Format::Text = self.format {
                print_line(group);
            }
            for finding in findings {
                match self.format {
                    Format::Text => finding.print(),
                    Format::Json => print_line(&finding.to_json(group)),
                }
            }
        }
        Ok(AS_EXPECTED)
    }
}

/// The tier that works, and what stands before the better ones.
fn sandbox(probe: Probe) -> Vec<Finding> {
    let works = match probe.tier {
        Some(tier) => Finding::there(format!("tier {tier}"), meaning(tier)),
        None => Finding::missing(
            "any tier",
            "no sandbox works here; with --unsafe programs run without one, and can do whatever you can",
        ),
    };
    let better = probe.obstacles.into_iter().map(|obstacle| Finding {
        mend: Some(obstacle.mend),
        ..Finding::missing(format!("tier {}", obstacle.tier), obstacle.reason)
    });
    std::iter::once(works).chain(better).collect()
}

fn meaning(tier: Tier) -> &'static str {
    if tier.has_cgroup() {
        "the kernel counts and limits time, memory and processes of a run together"
    } else {
        "all is confined, but memory is looked at every few milliseconds, and counted for each process"
    }
}

fn languages() -> anyhow::Result<Vec<Finding>> {
    let loaded = Languages::load()?;
    let findings = loaded.iter().map(|(key, language)| {
        Finding::of(
            key,
            Toolchain::find(language).map(|toolchain| toolchain.version),
        )
    });
    Ok(findings.collect())
}

fn kernels() -> anyhow::Result<Vec<Finding>> {
    let card = kernels::cuda::presence().map(|card| {
        let (major, minor) = (card.architecture / 10, card.architecture % 10);
        format!("{}, compute capability {major}.{minor}", card.name)
    });
    Ok(vec![
        Finding::there("emulator", "part of this program"),
        Finding::of("GPU", card),
        Finding::of("NVRTC", Nvrtc::find()?.map(|nvrtc| nvrtc.library())),
    ])
}

fn counter() -> Finding {
    let found = Counter::probe();
    Finding::of("counter", found.map(|counter| counter.in_words()))
}

/// Something that is there, or is not.
struct Finding {
    what: String,
    is_there: bool,
    detail: String,
    mend: Option<String>,
}

impl Finding {
    fn there(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Finding {
            what: what.into(),
            is_there: true,
            detail: detail.into(),
            mend: None,
        }
    }

    fn missing(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Finding {
            is_there: false,
            ..Finding::there(what, detail)
        }
    }

    fn of(what: impl Into<String>, found: Result<impl Into<String>, impl Into<String>>) -> Self {
        match found {
            Ok(detail) => Finding::there(what, detail),
            Err(reason) => Finding::missing(what, reason),
        }
    }

    fn print(&self) {
        let (word, colour) = if self.is_there {
            ("ok", AnsiColor::Green)
        } else {
            ("missing", AnsiColor::Yellow)
        };
        let style = Style::new().bold().fg_color(Some(colour.into()));
        let mut lines = wrapped(&self.detail);
        lines.extend(
            self.mend
                .iter()
                .flat_map(|mend| wrapped(&format!("to mend it: {mend}"))),
        );
        for (number, line) in lines.iter().enumerate() {
            let (word, what) = if number == 0 {
                (word, self.what.as_str())
            } else {
                ("", "")
            };
            print_line(&format!(
                "  {} {what:<20} {line}",
                paint(style, &format!("{word:<8}"))
            ));
        }
    }

    fn to_json(&self, group: &str) -> String {
        json!({
            "group": group,
            "what": self.what,
            "is_there": self.is_there,
            "detail": self.detail,
            "mend": self.mend,
        })
        .to_string()
    }
}

/// Words in lines that fit beside the columns before them.
fn wrapped(text: &str) -> Vec<String> {
    const WIDTH: usize = 88;
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("there is always one");
        if last.is_empty() {
            last.push_str(word);
        } else if last.chars().count() + 1 + word.chars().count() <= WIDTH {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_a_long_word_stands_alone() {
        let (short, long) = ("a".repeat(44), "b".repeat(100));
        let text = format!("{short} {short} {short}  c {long}");
        assert_eq!(
            wrapped(&text),
            [short.clone(), short.clone(), format!("{short} c"), long]
        );
        assert_eq!(wrapped(""), [""]);
    }
}

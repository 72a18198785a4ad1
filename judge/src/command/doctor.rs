//! `judge doctor`

use anstyle::{AnsiColor, Style};
use clap::Args;
use sandbox::{Sandbox, Tier};
use serde_json::json;

use super::AS_EXPECTED;
use super::options::{CourtOptions, Format};
use crate::display::{paint, print_line};
use crate::language::{Languages, Toolchain};
use crate::measure::instructions::Counter;

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
        let mut findings = self.sandbox()?;
        findings.push(instructions());
        for (key, language) in Languages::load()?.iter() {
            let found = Toolchain::find(language);
            findings.push(Finding {
                what: format!("language {key}"),
                is_there: found.is_ok(),
                detail: found.map_or_else(|missing| missing, |toolchain| toolchain.version),
            });
        }
        for finding in findings {
            match self.format {
                Format::Text => finding.print(),
                Format::Json => print_line(&json!({ "what": finding.what, "is_there": finding.is_there, "detail": finding.detail }).to_string()),
            }
        }
        Ok(AS_EXPECTED)
    }

    fn sandbox(&self) -> anyhow::Result<Vec<Finding>> {
        let probe = Sandbox::probe(&self.court.sandbox_settings()?);
        let mut findings = vec![Finding {
            what: "sandbox".to_owned(),
            is_there: probe.tier.is_some_and(|tier| tier != Tier::Unsafe),
            detail: match probe.tier {
                Some(tier) => format!("tier {tier}"),
                None => "none works; --unsafe runs programs without one".to_owned(),
            },
        }];
        findings.extend(probe.obstacles.into_iter().map(|obstacle| Finding {
            what: format!("tier {}", obstacle.tier),
            is_there: false,
            detail: format!("{}; {}", obstacle.reason, obstacle.mend),
        }));
        Ok(findings)
    }
}

/// What counts instructions.
fn instructions() -> Finding {
    let counter = Counter::probe();
    Finding {
        what: "instructions".to_owned(),
        is_there: counter.is_ok(),
        detail: counter.map_or_else(|reason| reason, |counter| counter.in_words().to_owned()),
    }
}

struct Finding {
    what: String,
    is_there: bool,
    detail: String,
}

impl Finding {
    fn print(&self) {
        let (word, colour) = if self.is_there {
            ("ok", AnsiColor::Green)
        } else {
            ("missing", AnsiColor::Yellow)
        };
        let style = Style::new().bold().fg_color(Some(colour.into()));
        print_line(&format!(
            "{} {:<24} {}",
            paint(style, &format!("{word:>8}")),
            self.what,
            self.detail
        ));
    }
}

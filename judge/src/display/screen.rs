//! Results on standard output, progress on standard error; colours only where a terminal wants them.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use vocabulary::Verdict;

/// The terminal of one command.
pub struct Screen {
    bar: ProgressBar,
    quiet: bool,
}

impl Screen {
    /// A screen; a quiet one prints no rows, because standard output carries a machine form.
    pub fn new(quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        if !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        Screen { bar, quiet }
    }

    /// Starts a stretch of work of some steps, with the time left shown.
    pub fn start(&self, what: &'static str, steps: u64) {
        let template = "{msg:>12} [{bar:30}] {pos}/{len} {elapsed} elapsed, {eta} left";
        let style = ProgressStyle::with_template(template).expect("the template is right");
        self.bar.set_style(style.progress_chars("=> "));
        self.bar.reset();
        self.bar.set_length(steps);
        self.bar.set_message(what);
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    /// Some steps are done.
    pub fn advance(&self, steps: u64) {
        self.bar.inc(steps);
    }

    /// The stretch of work is over.
    pub fn finish(&self) {
        self.bar.disable_steady_tick();
        self.bar.finish_and_clear();
    }

    /// A line for people, on standard output.
    pub fn line(&self, text: &str) {
        if !self.quiet {
            self.data(text);
        }
    }

    /// A line on standard output, for machines or for people.
    pub fn data(&self, text: &str) {
        self.bar.suspend(|| print_line(text));
    }

    /// A remark beside the results, on standard error.
    pub fn note(&self, text: &str) {
        self.bar.suspend(|| anstream::eprintln!("{text}"));
    }

    /// A row: the verdict on the right of its column, the time, the name, a remark.
    pub fn row(
        &self,
        verdict: Verdict,
        is_expected: bool,
        elapsed: Duration,
        label: &str,
        remark: &str,
    ) {
        let verdict = paint(
            style_of(verdict, is_expected),
            &format!("{:>8}", verdict.as_str()),
        );
        let dim = Style::new().dimmed();
        let remark = paint(dim, remark);
        self.line(&format!(
            "{verdict} [{:>8.3}s] {label}  {remark}",
            elapsed.as_secs_f64()
        ));
    }
}

/// Prints a line on standard output. A reader that has seen enough, as `head` has, is no error.
pub fn print_line(text: &str) {
    let _ = writeln!(anstream::stdout(), "{text}");
}

/// Green is as it should be, red is not, yellow was not run.
pub fn style_of(verdict: Verdict, is_expected: bool) -> Style {
    let colour = match (verdict, is_expected) {
        (Verdict::Skipped, _) => AnsiColor::Yellow,
        (_, true) => AnsiColor::Green,
        (_, false) => AnsiColor::Red,
    };
    Style::new().bold().fg_color(Some(colour.into()))
}

/// Text in a style. Where no colour is wanted, the printing macros of `anstream` take it out again.
pub fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

//! What was said rightly, counted.

use std::fmt;

use reports::Curve;
use reports::curve::Warning;
use reports::table::{Align, Table};
use vocabulary::Growth;

use crate::algorithms::Algorithm;
use crate::{Outcome, least_squares};

/// Answers that are sets, of one kind of curves.
#[derive(Default)]
struct Sets {
    curves: usize,
    /// Sets that hold the truth.
    hold: usize,
    /// Sets of one class.
    decided: usize,
    /// Those of them that are the truth.
    right: usize,
    /// All classes of all sets.
    classes: usize,
}

impl Sets {
    fn hear(&mut self, curve: &Curve, truth: &Growth) {
        self.curves += 1;
        self.classes += curve.classes.len();
        self.hold += usize::from(curve.classes.contains(truth));
        self.decided += usize::from(curve.decided().is_some());
        self.right += usize::from(curve.decided() == Some(truth));
    }
}

/// All answers.
#[derive(Default)]
pub(crate) struct Tally {
    counted: Sets,
    timed: Sets,
    /// Those of times beside which instructions were counted, and took as long at all sizes.
    steady: Sets,
    /// What least squares named: curves, right ones; and the same of classes that are on its list.
    named: [usize; 2],
    named_on_list: [usize; 2],
}

impl Tally {
    /// Counts what became of an algorithm, and says it in a line.
    pub(crate) fn hear(&mut self, algorithm: &Algorithm, outcome: &Outcome) -> String {
        let truth: Growth = algorithm.class.parse().expect("a growth");
        let mut line = format!("{:<22} {:<10}", algorithm.name, truth.in_words());
        if let Some(curve) = &outcome.counted {
            self.counted.hear(curve, &truth);
            line += &format!(" | counts: {}", said(curve, &truth));
        }
        if let Some(curve) = &outcome.timed {
            self.timed.hear(curve, &truth);
            if outcome.counted.is_some() && dearer(curve).is_none() {
                self.steady.hear(curve, &truth);
            }
            line += &format!(" | times: {}", said(curve, &truth));
            let named = least_squares::named(&outcome.samples);
            let is_right = usize::from(named == truth);
            let lists = [
                (&mut self.named, true),
                (
                    &mut self.named_on_list,
                    least_squares::CLASSES.contains(&algorithm.class),
                ),
            ];
            for (list, _) in lists.into_iter().filter(|(_, is_on)| *is_on) {
                list[0] += 1;
                list[1] += is_right;
            }
            let wrong = if is_right == 1 { "" } else { " (wrong)" };
            line += &format!(" | least squares: {}{wrong}", named.in_words());
        }
        line
    }
}

/// The set, its range, and whether it is wrong.
fn said(curve: &Curve, truth: &Growth) -> String {
    let (first, last) = (curve.points.first(), curve.points.last());
    let size = |point: Option<&reports::curve::Point>| point.map_or(0, |point| point.size);
    let wrong = if curve.classes.contains(truth) || curve.classes.is_empty() {
        ""
    } else {
        " (wrong)"
    };
    let dearer = dearer(curve).map_or(String::new(), |factor| {
        format!(", instructions {factor:.1} times as dear")
    });
    format!(
        "{}{wrong}, n = {} to {}{dearer}",
        curve.classes_in_words(),
        size(first),
        size(last)
    )
}

/// How many times as long an instruction takes at the greatest size, where that is said.
fn dearer(curve: &Curve) -> Option<f64> {
    let mut warnings = curve.warnings.iter();
    warnings.find_map(|warning| match warning {
        Warning::DearerInstructions { factor } => Some(*factor),
        _ => None,
    })
}

fn share(part: usize, whole: usize) -> String {
    if whole == 0 {
        return String::new();
    }
    format!(
        "{:.0}% ({part}/{whole})",
        100.0 * part as f64 / whole as f64
    )
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(&[
            ("answers", Align::Left),
            ("curves", Align::Right),
            ("hold the truth", Align::Right),
            ("decided", Align::Right),
            ("right where decided", Align::Right),
            ("classes a set", Align::Right),
        ]);
        for (name, sets) in [
            ("sets from counts", &self.counted),
            ("sets from times", &self.timed),
            (
                "the same, instructions no dearer at large sizes",
                &self.steady,
            ),
        ] {
            table.row([
                name.to_owned(),
                sets.curves.to_string(),
                share(sets.hold, sets.curves),
                share(sets.decided, sets.curves),
                share(sets.right, sets.decided),
                format!("{:.2}", sets.classes as f64 / sets.curves.max(1) as f64),
            ]);
        }
        for (name, [curves, right]) in [
            ("google/benchmark's rule on these times", self.named),
            ("the same, of classes on its list only", self.named_on_list),
        ] {
            table.row([
                name.to_owned(),
                curves.to_string(),
                share(right, curves),
                share(curves, curves),
                share(right, curves),
                "1.00".to_owned(),
            ]);
        }
        write!(f, "{table}")
    }
}

//! `--expect`: curves held against the growth that was said, or that headers state.

use reports::Curve;
use vocabulary::Growth;
use vocabulary::units::counted;

use super::solution_of;
use crate::display::Screen;
use crate::judging::Judged;
use crate::measure::bound::{Held, of_curve};
use crate::output::Results;
use crate::solution::Solution;
use crate::usage::Usage;

/// A growth can only be held by cases that have its parameters.
pub(super) fn check(bound: &Growth, solution: &Solution) -> Result<(), Usage> {
    let problem = solution.problem.as_ref();
    let names: Vec<&str> = problem.schema().map_or(Vec::new(), |schema| {
        let parameters = schema.parameters.iter();
        parameters.map(|parameter| parameter.name).collect()
    });
    let mut unknown = bound.parameters().into_iter();
    match unknown.find(|name| !names.contains(name)) {
        Some(name) => Err(Usage::new(format!(
            "--expect={bound}: {} has no parameter `{name}`; it has {}",
            problem.name(),
            names.join(", ")
        ))),
        None => Ok(()),
    }
}

/// What a curve is to keep to: what was said, or what the header of its solution states.
pub(super) fn bound<'a>(
    said: Option<&'a Growth>,
    curve: &Curve,
    judged: &'a [Judged],
) -> Option<&'a Growth> {
    said.or_else(|| solution_of(curve, judged)?.growth())
}

/// Holds all curves, and says what came of it. Whether one lies above.
pub(super) fn hold(
    said: Option<&Growth>,
    results: &Results,
    judged: &[Judged],
    screen: &Screen,
) -> bool {
    let (mut held, mut unbound, mut is_above) = (0, 0, false);
    let curves = results.curves.iter();
    for curve in curves.filter(|curve| is_best(curve, results)) {
        match bound(said, curve, judged).map(|bound| of_curve(curve, bound)) {
            None => unbound += 1,
            Some(Held::Keeps) => held += 1,
            Some(Held::Above(reason)) => {
                is_above = true;
                screen.line(&reason);
            }
            Some(Held::Unknown(reason)) => screen.note(&reason),
        }
    }
    screen.line(&format!("growth as stated: {}", counted(held, "curve")));
    if unbound > 0 {
        screen.note(&format!(
            "{} of solutions that state no growth; say it with --expect=GROWTH, for example --expect='n*log(n)'",
            counted(unbound, "curve")
        ));
    }
    is_above
}

/// Whether a curve is the one to hold a solution by: times only where there are no counts.
fn is_best(curve: &Curve, results: &Results) -> bool {
    let of = |curve: &Curve| {
        let names = (curve.problem.clone(), curve.solution.clone());
        (names, curve.target, curve.family.clone())
    };
    let counted = |other: &&Curve| !other.metric.is_time() && of(other) == of(curve);
    let counted = results.curves.iter().find(counted);
    !curve.metric.is_time() || counted.is_none_or(|counted| counted.classes.is_empty())
}

//! How cost grows: a group of charts for each problem, target and metric, with a panel for each family.

use super::chart::{Chart, Small, Style};
use super::refit::Fitted;
use crate::table::{count, exponent, largest_common_size, noted};
use crate::{Curve, Metric, crossings};

/// The charts of a problem on one target, by one metric, along one axis, on one machine.
pub(super) struct Group {
    pub heading: String,
    pub anchor: String,
    pub panels: Vec<Panel>,
}

/// A family.
pub(super) struct Panel {
    pub family: String,
    pub anchor: String,
    pub chart: Chart,
    pub small: Small,
    pub lines: Vec<Line>,
    pub size: String,
    pub axis: String,
    pub crossings: Vec<String>,
    pub notes: Vec<String>,
}

/// A curve in words and numbers.
pub(super) struct Line {
    pub style: Style,
    pub solution: String,
    pub classes: String,
    pub exponent: String,
    pub cost: String,
    pub ratio: String,
    pub row: Option<usize>,
}

/// All groups, in the order of the curves.
pub(super) fn groups(fitted: &[Fitted], many_hosts: bool) -> Vec<Group> {
    let mut groups: Vec<Vec<&Fitted>> = Vec::new();
    for one in fitted {
        let is_kin = |group: &Vec<&Fitted>| kin(&group[0].curve) == kin(&one.curve);
        match groups.iter_mut().find(|group| is_kin(group)) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    let groups = groups.iter().enumerate();
    groups
        .map(|(place, curves)| group(&format!("g{place}"), curves, many_hosts))
        .collect()
}

fn kin(curve: &Curve) -> (&str, vocabulary::Target, Metric, &str, &str) {
    (
        &curve.problem,
        curve.target,
        curve.metric,
        &curve.axis,
        &curve.host_id,
    )
}

fn group(anchor: &str, curves: &[&Fitted], many_hosts: bool) -> Group {
    let mut solutions: Vec<&str> = Vec::new();
    let mut families: Vec<&str> = Vec::new();
    for fitted in curves {
        let curve = &fitted.curve;
        for (known, name) in [
            (&mut solutions, &curve.solution),
            (&mut families, &curve.family),
        ] {
            if !known.contains(&name.as_str()) {
                known.push(name);
            }
        }
    }
    solutions.sort_unstable();
    let styled: Vec<(Style, &Fitted)> = curves
        .iter()
        .map(|fitted| {
            let is_it = |name: &&str| *name == fitted.curve.solution;
            let place = solutions.iter().position(is_it).unwrap_or_default();
            (Style { place }, *fitted)
        })
        .collect();
    let first = &curves[0].curve;
    let host = match many_hosts {
        true => format!(", host {}", first.host_id),
        false => String::new(),
    };
    let panels = families.iter().enumerate().filter_map(|(place, family)| {
        let ours = styled
            .iter()
            .filter(|(_, fitted)| fitted.curve.family == *family);
        panel(
            format!("{anchor}f{place}"),
            &ours.copied().collect::<Vec<_>>(),
            &styled,
        )
    });
    Group {
        heading: format!(
            "{}, {}: {}{host}",
            first.problem, first.target, first.metric
        ),
        anchor: anchor.to_owned(),
        panels: panels.collect(),
    }
}

fn panel(anchor: String, ours: &[(Style, &Fitted)], all: &[(Style, &Fitted)]) -> Option<Panel> {
    let first = &ours.first()?.1.curve;
    let curves: Vec<&Curve> = ours.iter().map(|(_, fitted)| &fitted.curve).collect();
    let crossings = crossings(&curves);
    let label = format!("{}/{}, {}", first.problem, first.family, first.target);
    let size = largest_common_size(&curves);
    Some(Panel {
        family: first.family.clone(),
        anchor,
        chart: Chart::new(label.clone(), ours, &crossings)?,
        small: Small::new(label, ours, all)?,
        lines: lines(ours, size),
        size: size.map(count).unwrap_or_default(),
        axis: first.axis.clone(),
        crossings: crossings.iter().map(ToString::to_string).collect(),
        notes: noted(&curves, &first.axis),
    })
}

/// One line a curve, the cheapest at the size that all share first; without such a size each at its own largest, without a
/// ratio.
fn lines(curves: &[(Style, &Fitted)], size: Option<i64>) -> Vec<Line> {
    let mut costs: Vec<(Style, &Fitted, i64, f64)> = curves
        .iter()
        .filter_map(|(style, fitted)| {
            let size = size.or_else(|| fitted.curve.points.last().map(|point| point.size))?;
            Some((*style, *fitted, size, fitted.curve.cost_at(size)?))
        })
        .collect();
    costs.sort_by(|a, b| a.3.total_cmp(&b.3));
    let best = costs
        .first()
        .map(|(.., cost)| *cost)
        .filter(|_| size.is_some());
    let line = |(style, fitted, at, cost): &(Style, &Fitted, i64, f64)| {
        let curve = &fitted.curve;
        let own_size = match size {
            Some(_) => String::new(),
            None => format!(" at {}", count(*at)),
        };
        Line {
            style: *style,
            solution: curve.solution.clone(),
            classes: curve.classes_in_words(),
            exponent: exponent(curve),
            cost: curve.metric.show(*cost) + &own_size,
            ratio: best
                .map(|best| format!("{:.2}", cost / best))
                .unwrap_or_default(),
            row: fitted.row_at(*at).map(|row| row.number),
        }
    };
    costs.iter().map(line).collect()
}

//! The same as SVG: one figure, a panel a problem and family.

use kuva::prelude::{Figure, Layout, LegendPosition, LinePlot, Plot, ScatterPlot};

use super::{Panel, panels};
use crate::{Curve, Metric};

/// Colours that people who see colours differently can tell apart (Okabe and Ito, 2008).
const COLOURS: [&str; 8] = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999",
];

/// Width and height of a panel with its legend, pixels.
const CELL: (f64, f64) = (960.0, 440.0);

/// An SVG document, two panels a row. `None` if no curve has two points.
pub fn growth_svg(curves: &[Curve]) -> Option<String> {
    let panels = panels(curves);
    if panels.is_empty() {
        return None;
    }
    let columns = panels.len().min(2);
    let rows = panels.len().div_ceil(columns);
    let (plots, layouts) = panels.iter().map(panel).unzip();
    let figure = Figure::new(rows, columns)
        .with_cell_size(CELL.0, CELL.1)
        .with_plots(plots)
        .with_layouts(layouts);
    let scene = figure.render();
    Some(kuva::backend::svg::SvgBackend::new().render_scene(&scene))
}

/// Nanoseconds as a number that an axis can carry, and its unit.
fn unit(metric: Metric, most: f64) -> (f64, &'static str) {
    match () {
        () if !metric.is_time() => (1.0, ""),
        () if most >= 1e9 => (1e9, " in s"),
        () if most >= 1e6 => (1e6, " in ms"),
        () if most >= 1e3 => (1e3, " in us"),
        () => (1.0, " in ns"),
    }
}

fn panel(panel: &Panel<'_>) -> (Vec<Plot>, Layout) {
    let costs = panel.curves.iter().flat_map(|curve| &curve.points);
    let most = costs.map(|point| point.cost).fold(0.0, f64::max);
    let (divisor, unit) = unit(panel.metric, most);
    let mut plots: Vec<Plot> = Vec::new();
    for (curve, colour) in panel.curves.iter().zip(COLOURS.iter().cycle()) {
        let points: Vec<(f64, f64)> = curve
            .points
            .iter()
            .map(|point| (point.size as f64, point.cost / divisor))
            .collect();
        let label = format!("{} ({})", curve.solution, curve.in_words());
        let line = LinePlot::new()
            .with_data(points.clone())
            .with_color(*colour)
            .with_legend(label);
        let dots = ScatterPlot::new()
            .with_data(points)
            .with_color(*colour)
            .with_size(3.0);
        plots.extend([line.into(), dots.into()]);
    }
    let layout = Layout::auto_from_plots(&plots)
        .with_log_scale()
        .with_title(panel.heading.clone())
        .with_x_label(panel.axis)
        .with_y_label(format!("{}{unit}", panel.metric))
        .with_legend_position(LegendPosition::OutsideRightTop);
    (plots, layout)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Axis, Measurement, curves};
    use vocabulary::{Kind, Target, Verdict};

    #[test]
    fn every_solution_stands_in_the_legend_of_its_panel() {
        let rows = ["sorting", "selection"].map(|solution| {
            [100, 1000, 10_000].map(|n| Measurement {
                cpu_ns_min: Some(n * 5),
                ..Measurement::new(
                    format!("kth_largest/random@n={n}#0").parse().unwrap(),
                    solution,
                    Kind::Function,
                    Target::Function,
                    Verdict::Accepted,
                )
            })
        });
        let curves = curves(&rows.concat(), Metric::CpuMinimum, |_| Some(Axis::new("n")));
        let svg = growth_svg(&curves).unwrap();
        for word in ["kth_largest/random", "sorting (", "selection (", "in us"] {
            assert!(svg.contains(word), "no {word} in the figure");
        }
        assert_eq!(growth_svg(&[]), None);
    }
}

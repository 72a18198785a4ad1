//! A plane with two logarithmic axes: where values stand, and which of them are written beside the axes.

/// Least and greatest value of an axis; both are above 0.
pub(super) type Range = (f64, f64);

/// A plane in units of the picture, y downwards.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    /// Left, top, right, bottom of the part that is drawn into.
    pub frame: [f64; 4],
    /// Values at the left and at the right.
    pub sizes: Range,
    /// Values at the bottom and at the top.
    pub costs: Range,
}

/// A value that is written beside an axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    /// Where, in units of the picture.
    pub at: String,
    /// The value.
    pub label: String,
}

impl Plane {
    /// Where a size stands, from the left.
    pub(super) fn x(&self, size: f64) -> f64 {
        let [left, _, right, _] = self.frame;
        left + (right - left) * share(size, self.sizes)
    }

    /// Where a cost stands, from the top.
    pub(super) fn y(&self, cost: f64) -> f64 {
        let [_, top, _, bottom] = self.frame;
        bottom - (bottom - top) * share(cost, self.costs)
    }

    /// `x y`, as paths have it.
    pub(super) fn place(&self, size: f64, cost: f64) -> String {
        format!("{} {}", short(self.x(size)), short(self.y(cost)))
    }

    /// The sizes that are written below.
    pub(super) fn size_ticks(&self) -> Vec<Tick> {
        let label = |value| quantity(value, &["", "k", "M", "G", "T"]);
        ticks(self.sizes, 7, |value| self.x(value), label)
    }

    /// The costs that are written on the left.
    pub(super) fn cost_ticks(&self, is_time: bool) -> Vec<Tick> {
        let label = |value: f64| match is_time {
            true if value < 1.0 => format!("{value} ns"),
            true => quantity(value, &[" ns", " µs", " ms", " s"]),
            false => quantity(value, &["", "k", "M", "G", "T"]),
        };
        ticks(self.costs, 6, |value| self.y(value), label)
    }
}

/// How far along an axis a value is, from 0 to 1; in the middle of an axis of one value.
fn share(value: f64, (least, most): Range) -> f64 {
    if most > least {
        (value / least).ln() / (most / least).ln()
    } else {
        0.5
    }
}

/// One decimal is a tenth of a pixel.
pub(super) fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// Powers of ten within a range, at most `most` of them; 2 and 5 times those as well where a range spans less than two.
fn ticks(
    (low, high): Range,
    most: usize,
    at: impl Fn(f64) -> f64,
    label: impl Fn(f64) -> String,
) -> Vec<Tick> {
    let decades = (high / low).log10();
    let steps: &[f64] = if decades < 2.0 {
        &[1.0, 2.0, 5.0]
    } else {
        &[1.0]
    };
    let powers = low.log10().floor() as i32..=high.log10().ceil() as i32;
    let all: Vec<f64> = powers
        .flat_map(|power| steps.iter().map(move |step| step * 10f64.powi(power)))
        .filter(|value| (low * 0.999..=high * 1.001).contains(value))
        .collect();
    let every = all.len().div_ceil(most).max(1);
    let shown = all.into_iter().step_by(every);
    shown
        .map(|value| Tick {
            at: short(at(value)),
            label: label(value),
        })
        .collect()
}

/// `10 ms`: a round value with its unit.
fn quantity(value: f64, names: &[&str]) -> String {
    let (mut value, mut name) = (value, 0);
    while value >= 999.5 && name + 1 < names.len() {
        value /= 1000.0;
        name += 1;
    }
    let value = (value * 1000.0).round() / 1000.0;
    format!("{value}{}", names[name])
}

/// A range with a little room on both sides; `None` if there is no value.
pub(super) fn range(values: impl Iterator<Item = f64>) -> Option<Range> {
    let (low, high) = values
        .filter(|value| value.is_finite() && *value > 0.0)
        .fold(None, |range: Option<Range>, value| match range {
            None => Some((value, value)),
            Some((low, high)) => Some((low.min(value), high.max(value))),
        })?;
    // A flat curve is flat: the axis spans a factor of four at the least.
    let room = (4.0 / (high / low)).max(1.0).sqrt() * 1.08;
    Some((low / room, high * room))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(sizes: Range, costs: Range) -> Plane {
        Plane {
            frame: [0.0, 0.0, 300.0, 100.0],
            sizes,
            costs,
        }
    }

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn equal_ratios_are_equal_distances() {
        let plane = plane((1.0, 1000.0), (1e3, 1e5));
        assert_eq!(plane.place(10.0, 1e4), "100 50");
        assert_eq!(plane.place(1000.0, 1e5), "300 0");
    }

    #[test]
    fn powers_of_ten_stand_beside_the_axes_with_their_units() {
        let plane = plane((90.0, 1.1e6), (5e2, 2e9));
        assert_eq!(
            labels(&plane.size_ticks()),
            ["100", "1k", "10k", "100k", "1M"]
        );
        let costs = plane.cost_ticks(true);
        assert_eq!(labels(&costs), ["1 µs", "100 µs", "10 ms", "1 s"]);
    }

    #[test]
    fn a_narrow_axis_has_twos_and_fives_as_well() {
        let plane = plane((90.0, 600.0), (1.0, 2.0));
        assert_eq!(labels(&plane.size_ticks()), ["100", "200", "500"]);
    }

    #[test]
    fn one_value_stands_in_the_middle_of_an_axis_that_spans_something() {
        let (low, high) = range([7.0].into_iter()).unwrap();
        assert!(low < 4.0 && high > 13.0, "{low} to {high}");
        assert!((plane((low, high), (1.0, 2.0)).x(7.0) - 150.0).abs() < 1e-9);
        assert_eq!(range([0.0, f64::NAN].into_iter()), None);
    }
}

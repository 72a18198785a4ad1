//! What the figures are held against.

/// Prints a figure beside what it must not pass.
pub(crate) fn at_most(what: &str, value: f64, most: f64) {
    print(what, value, "at most", most, value <= most);
}

/// Prints a figure beside what it must reach.
pub(crate) fn at_least(what: &str, value: f64, least: f64) {
    print(what, value, "at least", least, value >= least);
}

fn print(what: &str, value: f64, relation: &str, bound: f64, met: bool) {
    let word = if met { "met" } else { "MISSED" };
    println!("  goal {word:<6} {what}: {value:.2}, {relation} {bound:.2}");
}

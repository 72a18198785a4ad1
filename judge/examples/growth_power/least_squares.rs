//! How google/benchmark names a complexity: for each class of a fixed list the factor by least squares over all samples, and of
//! these the class whose root mean square, over the mean of the samples, is least. It always names one.

use vocabulary::{Growth, Parameters};

/// Its list; what is not on it cannot be named.
pub(crate) const CLASSES: [&str; 6] = ["1", "log(n)", "n", "n*log(n)", "n^2", "n^3"];

/// The class that it names for samples `(n, time)`.
pub(crate) fn named(samples: &[(i64, f64)]) -> Growth {
    let classes = CLASSES.map(|class| class.parse::<Growth>().expect("a growth"));
    let scored = classes.map(|class| (normalised_error(&class, samples), class));
    let best = scored.into_iter().min_by(|(a, _), (b, _)| a.total_cmp(b));
    best.expect("there are classes").1
}

fn normalised_error(class: &Growth, samples: &[(i64, f64)]) -> f64 {
    let points: Vec<(f64, f64)> = samples
        .iter()
        .map(|(size, time)| {
            let at = Parameters::new().with("n", *size);
            (class.evaluate(&at).expect("it is over n"), *time)
        })
        .collect();
    let sum = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>();
    let count = points.len() as f64;
    let factor = sum(|(growth, time)| growth * time) / sum(|(growth, _)| growth * growth);
    let squares: f64 = points
        .iter()
        .map(|(growth, time)| (time - factor * growth).powi(2))
        .sum();
    (squares / count).sqrt() / (sum(|(_, time)| *time) / count)
}

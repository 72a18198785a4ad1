//! What it costs to read and check a right output, for the first family of every problem's first axis: throughput in elements of
//! the input.
//!
//! ```text
//! cargo bench -p problems --bench checks [-- PART_OF_A_NAME]
//! ```

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use vocabulary::{CaseName, Parameters};

/// References are as slow as they are simple: no larger than this.
const LARGEST: i64 = 10_000;

fn bench(criterion: &mut Criterion) {
    for problem in problems::catalogue::all() {
        let axis = &problem.axes()[0];
        let fixed: Parameters = axis.fixed.parse().expect("an axis fixes parameters");
        let size = axis.to.min(LARGEST.max(axis.from));
        let parameters = fixed.with(axis.parameter, size);
        let name = CaseName::new(problem.name(), axis.families[0], parameters);
        let case = problem.resolve(&name).and_then(|id| problem.case(&id));
        let case = case.unwrap_or_else(|error| panic!("{name}: {error}"));
        let output = case.expected_text();
        let mut group = criterion.benchmark_group(format!("check/{}", problem.name()));
        group.throughput(Throughput::Elements(case.items()));
        group.bench_function(BenchmarkId::new("text", size), |bencher| {
            bencher.iter(|| case.check_text(&output).expect("a reference is right"));
        });
    }
}

criterion_group! {
    name = checks;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = bench
}
criterion_main!(checks);

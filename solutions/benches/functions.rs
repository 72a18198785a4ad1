//! Every function on the families of its problem's first axis, at a few sizes; throughput in elements.
//!
//! ```text
//! cargo bench -p solutions --bench functions -- kth_largest/random
//! ```

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use problems::{AnyProblem, Axis};
use solutions::Function;
use vocabulary::{CaseName, Parameters, Verdict};

/// Values from the first of an axis to its last, in steps of the same factor.
fn sizes(axis: &Axis) -> Vec<i64> {
    let middle = (axis.from as f64 * axis.to as f64).sqrt() as i64;
    let mut sizes = vec![axis.from, middle, axis.to];
    sizes.dedup();
    sizes
}

fn bench(criterion: &mut Criterion) {
    for problem in problems::catalogue::all() {
        let axis = &problem.axes()[0];
        let functions: Vec<Function> = solutions::functions()
            .into_iter()
            .filter(|function| function.problem == problem.name())
            .filter(|function| function.expectation.verdict == Verdict::Accepted)
            .collect();
        for family in axis.families {
            for size in sizes(axis) {
                group(criterion, problem.as_ref(), &functions, family, axis, size);
            }
        }
    }
}

fn group(
    criterion: &mut Criterion,
    problem: &dyn AnyProblem,
    functions: &[Function],
    family: &str,
    axis: &Axis,
    size: i64,
) {
    let fixed: Parameters = axis.fixed.parse().expect("an axis fixes parameters");
    let parameters = fixed.with(axis.parameter, size);
    let name = CaseName::new(problem.name(), family, parameters);
    let case = problem.resolve(&name).and_then(|id| problem.case(&id));
    let case = case.unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut group = criterion.benchmark_group(format!("{}/{family}", problem.name()));
    group.throughput(Throughput::Elements(case.items()));
    for function in functions {
        let mut output = case.prepare();
        group.bench_function(BenchmarkId::new(function.name, size), |bencher| {
            bencher.iter(|| function.call(case.input(), output.as_mut()));
        });
    }
}

criterion_group! {
    name = functions;
    // Quadratic functions at the end of an axis are slow: few samples, or this takes hours.
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1));
    targets = bench
}
criterion_main!(functions);

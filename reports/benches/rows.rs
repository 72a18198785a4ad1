//! What rows cost: written one by one, each flushed, as a run does; read back as a report does; and the curves of them.
//!
//! ```text
//! cargo bench -p reports --bench rows
//! ```

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use reports::{Axis, Measurement, MeasurementWriter, Metric, RunInfo, curves, read_measurements};
use vocabulary::{Kind, Target, Verdict};

/// Solutions and sizes of a curve of each.
const SOLUTIONS: usize = 50;
const SIZES: u32 = 12;

fn rows() -> Vec<Measurement> {
    let row = |solution: usize, step: u32| {
        let n = 1000_i64 << step;
        let case = format!("kth_largest/random@n={n},k=1#0");
        let cpu_ns = Some(n as u64 * (solution as u64 + 3));
        Measurement {
            rounds: Some(15),
            cpu_ns_median: cpu_ns,
            cpu_ns_min: cpu_ns,
            wall_ns_median: cpu_ns,
            noise: Some(0.004),
            ..Measurement::new(
                case.parse().expect("a case"),
                &format!("solution_{solution}"),
                Kind::Function,
                Target::Function,
                Verdict::Accepted,
            )
        }
    };
    (0..SOLUTIONS)
        .flat_map(|solution| (0..SIZES).map(move |step| row(solution, step)))
        .collect()
}

fn bench(criterion: &mut Criterion) {
    let rows = rows();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("measurements.csv");
    let parameters = ["n", "k"].map(str::to_owned);
    let write = || {
        let run = RunInfo::default();
        let mut writer =
            MeasurementWriter::create(&file, &run, &parameters).expect("it can be written");
        for row in &rows {
            writer.write(row).expect("it can be written");
        }
    };
    write();
    let mut group = criterion.benchmark_group("rows");
    group.throughput(Throughput::Elements(rows.len() as u64));
    group.bench_function("write", |bencher| bencher.iter(write));
    group.bench_function("read", |bencher| {
        bencher.iter(|| read_measurements(&file).expect("what was written"));
    });
    group.bench_function("curves", |bencher| {
        bencher.iter(|| curves(&rows, Metric::CpuMinimum, |_| Some(Axis::new("n"))));
    });
}

criterion_group! {
    name = all;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2));
    targets = bench
}
criterion_main!(all);

//! Integers as text, beside what the standard library offers: `split_whitespace().parse()` and `write!`.
//!
//! ```text
//! cargo bench -p problems --bench forms
//! ```
//!
//! Ends with the ratios, each from runs that take turns, and fails where one of them is below 3.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput};
use problems::{Random, Schema, schema};
use vocabulary::{Array, Arrays, ElementType};

/// Few enough that a run ends within the turn that a busy machine gives it.
const COUNT: usize = 100_000;

/// Runs of each way for a ratio.
const TURNS: usize = 101;

/// What the text form must be faster by.
const LEAST_RATIO: f64 = 3.0;

/// Arrays to read and write.
struct Sample {
    name: &'static str,
    schema: Schema,
    arrays: Arrays,
    text: String,
}

impl Sample {
    fn new(name: &'static str, element: ElementType, array: Array) -> Self {
        let schema = schema(name)
            .primary("n", 0, "100_000_000", "how many")
            .input_array("numbers", element, "n", "the integers");
        let mut arrays = Arrays::new();
        arrays.set("n", Array::I64(vec![array.len() as i64]));
        arrays.set("numbers", array);
        let text = String::from_utf8(schema.write_input(&arrays)).expect("digits are ASCII");
        Sample {
            name,
            schema,
            arrays,
            text,
        }
    }

    fn read(&self) -> usize {
        let arrays = self.schema.read_input(self.text.as_bytes());
        arrays.expect("what was written").iter().count()
    }

    fn write(&self) -> usize {
        self.schema.write_input(&self.arrays).len()
    }

    fn read_by_split(&self) -> usize {
        fn parsed<T: std::str::FromStr>(text: &str) -> Vec<T> {
            let tokens = text.split_whitespace();
            let parsed: Result<Vec<T>, T::Err> = tokens.map(str::parse).collect();
            parsed.ok().expect("integers")
        }
        match self.arrays.get("numbers") {
            Some(Array::I32(_)) => black_box(parsed::<i32>(&self.text)).len(),
            _ => black_box(parsed::<i64>(&self.text)).len(),
        }
    }

    fn write_by_macro(&self) -> usize {
        fn written<T: std::fmt::Display>(values: &[T]) -> usize {
            let mut text = String::new();
            for value in values {
                let _ = write!(text, "{value} "); // a String takes everything
            }
            black_box(text).len()
        }
        match self.arrays.get("numbers") {
            Some(Array::I32(values)) => written(values),
            Some(Array::I64(values)) => written(values),
            _ => unreachable!("the samples are of these types"),
        }
    }
}

fn samples() -> Vec<Sample> {
    let mut random = Random::of_text("forms");
    let wide = random.integers(COUNT);
    let narrow = random.integers_between(COUNT, 0, 1000);
    let long = (0..COUNT).map(|_| random.between(i64::MIN, i64::MAX));
    vec![
        Sample::new("i32, whole range", ElementType::I32, Array::I32(wide)),
        Sample::new("i32, up to 1000", ElementType::I32, Array::I32(narrow)),
        Sample::new(
            "i64, whole range",
            ElementType::I64,
            Array::I64(long.collect()),
        ),
    ]
}

/// A way to read or write a sample.
type Way = fn(&Sample) -> usize;

/// A way and its name.
type Named = (&'static str, Way);

/// Reading and writing: our way, and the standard library's.
const WAYS: [(&str, Named, Named); 2] = [
    (
        "read",
        ("text form", Sample::read),
        ("split_whitespace().parse()", Sample::read_by_split),
    ),
    (
        "write",
        ("text form", Sample::write),
        ("write!", Sample::write_by_macro),
    ),
];

fn bench(criterion: &mut Criterion, samples: &[Sample]) {
    for (direction, ours, theirs) in WAYS {
        let mut group = criterion.benchmark_group(direction);
        group.throughput(Throughput::Elements(COUNT as u64));
        for sample in samples {
            for (name, way) in [ours, theirs] {
                group.bench_function(BenchmarkId::new(name, sample.name), |bencher| {
                    bencher.iter(|| way(sample));
                });
            }
        }
    }
}

/// The least times of ours and theirs over runs that take turns: what the machine is busy with only adds to a time.
fn least_times(sample: &Sample, ours: Way, theirs: Way) -> (Duration, Duration) {
    let time = |way: Way| {
        let start = Instant::now();
        black_box(way(sample));
        start.elapsed()
    };
    let turns = (0..TURNS).map(|_| (time(ours), time(theirs)));
    turns.fold((Duration::MAX, Duration::MAX), |least, turn| {
        (least.0.min(turn.0), least.1.min(turn.1))
    })
}

fn main() {
    let samples = samples();
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    bench(&mut criterion, &samples);
    criterion.final_summary();

    let mut is_fast = true;
    let each = |time: Duration| time.as_secs_f64() * 1e9 / COUNT as f64;
    println!(
        "\n{:<28}{:>10}{:>10}{:>8}",
        "ns an integer", "ours", "theirs", "ratio"
    );
    for (direction, (_, ours), (_, theirs)) in WAYS {
        for sample in &samples {
            let (ours, theirs) = least_times(sample, ours, theirs);
            let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
            let is_enough = ratio >= LEAST_RATIO;
            is_fast &= is_enough;
            println!(
                "{direction:<8}{:<20}{:>10.1}{:>10.1}{ratio:>8.1}  {}",
                sample.name,
                each(ours),
                each(theirs),
                if is_enough { "PASS" } else { "FAIL" },
            );
        }
    }
    if !is_fast {
        eprintln!("the text form must be at least {LEAST_RATIO} times as fast");
        std::process::exit(1);
    }
}

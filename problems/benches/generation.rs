//! What generating a case costs, for every family of every problem, at the largest size that it affords up to a
//! million: nanoseconds an element, the dearest first.
//!
//! ```text
//! cargo bench -p problems --bench generation [-- PART_OF_A_NAME]
//! ```
//!
//! Fails where a family costs more than 20 ns, unless it (or its problem) states a smaller maximum size.

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use problems::{AnyProblem, Domain, FamilyInfo};
use vocabulary::{CaseId, CaseName, Parameters};

/// The greatest primary parameter that is tried.
const LARGEST: i64 = 1_000_000;

/// What an element may cost.
const MOST_NANOSECONDS: f64 = 20.0;

/// Runs of a family end after this time, but not before there are three; their mean counts.
const TIME: Duration = Duration::from_secs(1);

/// The cost of one family.
struct Row {
    case: CaseId,
    elements: u64,
    nanoseconds: f64,
    is_bound: bool,
}

/// How long this thread has run, to a few milliseconds, without the time in which others had its processor; where the system does not tell
/// (`/proc/thread-self/schedstat` of Linux), the time of day.
fn running_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

fn row(problem: &dyn AnyProblem, family: &FamilyInfo) -> Row {
    let schema = problem.schema().expect("a problem of the catalogue");
    let primary = &schema.parameters[0];
    let Domain::Integers { most, .. } = &primary.domain else {
        unreachable!("a primary parameter is an integer");
    };
    let most = most.evaluate(&|_| None);
    let most = most.expect("the bound of a primary parameter is a number");
    let size = LARGEST.min(most).min(family.most);
    let name = CaseName {
        primary: Some(size),
        ..CaseName::new(problem.name(), family.name, Parameters::new())
    };
    let case = problem.resolve(&name);
    let case = case.unwrap_or_else(|error| panic!("{name}: {error}"));
    let generate = || {
        let generated = problem.case(&case);
        black_box(generated.unwrap_or_else(|error| panic!("{case}: {error}")))
    };
    let elements = generate().items();
    let (begin, mut runs) = (Instant::now(), 0_u32);
    let start = running_time();
    while begin.elapsed() < TIME || runs < 3 {
        generate();
        runs += 1;
    }
    let time = (running_time() - start) / runs;
    Row {
        elements,
        nanoseconds: time.as_secs_f64() * 1e9 / elements.max(1) as f64,
        is_bound: size == LARGEST && family.most >= most,
        case,
    }
}

fn main() {
    // Cargo adds `--bench`.
    let part = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    let part = part.unwrap_or_default();
    let mut rows = Vec::new();
    for problem in problems::catalogue::all() {
        for family in problem.families() {
            if format!("{}/{}", problem.name(), family.name).contains(&part) {
                rows.push(row(problem.as_ref(), family));
            }
        }
    }
    rows.sort_by(|a, b| b.nanoseconds.total_cmp(&a.nanoseconds));
    println!("{:>8} {:>10}        family", "ns/elt", "elements");
    let mut failures = 0;
    for row in &rows {
        let verdict = match row.nanoseconds <= MOST_NANOSECONDS {
            true => "PASS",
            false if row.is_bound => "FAIL",
            false => "LIMITED", // states a smaller maximum
        };
        failures += usize::from(verdict == "FAIL");
        let (nanoseconds, elements) = (row.nanoseconds, row.elements);
        println!(
            "{nanoseconds:>8.1} {elements:>10} {verdict:<7} {}",
            row.case
        );
    }
    println!(
        "{} families, {failures} above {MOST_NANOSECONDS} ns an element",
        rows.len()
    );
    if failures > 0 {
        std::process::exit(1);
    }
}

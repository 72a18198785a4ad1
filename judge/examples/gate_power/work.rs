//! Work of exactly so many steps, as a function in a runner and as a program.

use std::hint::black_box;
use std::io::Read;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use judge::measure::process;
use problems::kth_largest::{Input, KthLargest, Output};
use solutions::Function;

/// Both answer this problem on this case, whose answer needs no work, after theirs.
pub(crate) const PROBLEM: &str = "kth_largest";
pub(crate) const CASE: &str = "kth_largest/random@n=1,k=1#0";
const NAME: &str = "work";

/// The function's label.
pub(crate) fn label() -> String {
    format!("{PROBLEM}/{NAME}")
}

/// The steps of a runner's function.
static STEPS: AtomicU64 = AtomicU64::new(0);

/// A number of steps as an argument, always of one length: arguments lie on the stack and shift what stands there.
pub(crate) fn word(steps: u64) -> String {
    format!("{steps:012}")
}

/// Serves the function as `judge runner` does its own.
pub(crate) fn serve(steps: &str, rest: &[&str]) -> anyhow::Result<()> {
    STEPS.store(steps.parse()?, Ordering::Relaxed);
    if let ["--processor", processor] = rest {
        process::pin(processor.parse()?);
    }
    let function = Function::of::<KthLargest>(NAME, "// judge: expect=AC", work_and_answer);
    judge::runner::serve(vec![function], None)
}

fn work_and_answer(input: &Input, output: &mut Output) {
    work(STEPS.load(Ordering::Relaxed));
    output.value = input.numbers[0];
}

/// Works as a program, then answers.
pub(crate) fn answer(steps: &str) -> anyhow::Result<()> {
    work(steps.parse()?);
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let number = text.split_whitespace().nth(2).context("a number")?;
    println!("{number}");
    Ok(())
}

/// Words of a table that fits into the first cache.
const TABLE: usize = 2048;

/// Each step looks up what the one before it found.
#[inline(never)]
fn work(steps: u64) {
    let table: Vec<u64> = (0..TABLE as u64)
        .map(|word| word.wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .collect();
    let table = black_box(table);
    let mut state = 1_u64;
    for _ in 0..steps {
        state = (state ^ table[state as usize % TABLE])
            .rotate_left(23)
            .wrapping_mul(5);
    }
    black_box(state);
}

/// How many steps take a time, measured once: the least of some tries, as a neighbour only ever adds.
pub(crate) fn steps_in(time: Duration) -> u64 {
    static STEPS_A_SECOND: OnceLock<f64> = OnceLock::new();
    let a_second = STEPS_A_SECOND.get_or_init(|| {
        const TRIED: u64 = 2_000_000;
        let tries = (0..20).map(|_| {
            let start = Instant::now();
            work(TRIED);
            start.elapsed().as_secs_f64()
        });
        TRIED as f64 / tries.fold(f64::INFINITY, f64::min)
    });
    // A multiple of a thousand: thousandths more are whole steps.
    (a_second * time.as_secs_f64() / 1000.0).ceil() as u64 * 1000
}

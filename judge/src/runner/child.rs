//! The runner's side: builds cases, calls functions and launches kernels, times only the call.

use std::any::Any;
use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use problems::AnyCase;
use solutions::Function;
use vocabulary::Verdict;

use super::clock::{Clock, spent};
use super::job;
use super::kernel::{self, Devices};
use super::protocol::{Answer, Done, Event, PROTOCOL_VERSION, Request};
use crate::execute::CaseStore;
use crate::instructions::hardware::Watch;
use crate::measure::process;

/// Recursive functions get the stack that programs get.
const STACK: usize = 256 << 20;

/// Serves requests for some functions, and for kernels, until standard input ends. The functions share their work out over so many
/// threads; if nobody says how many, one for each processor that this process may use.
pub fn serve(functions: Vec<Function>, threads: Option<usize>) -> anyhow::Result<()> {
    let serving = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || {
            make_pool(threads)?;
            serve_here(functions)
        })?;
    serving
        .join()
        .map_err(|_| anyhow::anyhow!("the runner panicked"))?
}

/// Makes the pool that functions share their work out over. The calling thread is one of it, so that with one thread nothing
/// leaves it.
fn make_pool(threads: Option<usize>) -> anyhow::Result<()> {
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or_else(processors))
        .stack_size(STACK)
        .use_current_thread();
    Ok(pool.build_global()?)
}

fn serve_here(functions: Vec<Function>) -> anyhow::Result<()> {
    // The message of a panic is the verdict's detail; it need not stand on the terminal too.
    std::panic::set_hook(Box::new(|_| {}));
    let functions: HashMap<String, Function> = functions
        .into_iter()
        .map(|function| (format!("{}/{}", function.problem, function.name), function))
        .collect();
    let cases = CaseStore::default();
    let mut devices = Devices::default();
    let clock = Clock::calibrated();
    for line in std::io::stdin().lock().lines() {
        let event = match serde_json::from_str::<Request>(&line?) {
            Err(error) => Event::Refused(format!("not a request: {error}")),
            Ok(request) if request.version != PROTOCOL_VERSION => Event::Refused(format!(
                "this runner speaks version {PROTOCOL_VERSION}, not {}",
                request.version
            )),
            Ok(request) => match case(&cases, &request) {
                Err(reason) => Event::Refused(reason),
                Ok(case) => match &request.answer {
                    Answer::Kernel(kernel) => {
                        devices.prepare(kernel, request.timed);
                        say(&Event::Ready)?;
                        let done = kernel::rounds(kernel, case.as_ref(), &request, &mut devices);
                        say(&Event::Called)?;
                        Event::Done(done)
                    }
                    Answer::Function(name) => match functions.get(name) {
                        None => Event::Refused(format!("no function {name}")),
                        Some(function) => {
                            say(&Event::Ready)?;
                            Event::Done(rounds(function, case.as_ref(), &request, &clock)?)
                        }
                    },
                },
            },
        };
        say(&event)?;
    }
    Ok(())
}

fn say(event: &Event) -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    serde_json::to_writer(&mut output, event)?;
    output.write_all(b"\n")?;
    Ok(output.flush()?)
}

fn case(cases: &CaseStore, request: &Request) -> Result<Arc<dyn AnyCase>, String> {
    let id = &request.case;
    let problem =
        problems::find(&id.problem).ok_or_else(|| format!("no problem {}", id.problem))?;
    if let Some(input) = &request.input {
        let case = problem.case_of_text(id.clone(), input.as_bytes());
        return case.map_err(|error| error.to_string());
    }
    let prepared = cases.get(problem, id).map_err(|error| error.to_string())?;
    prepared.case().cloned().map_err(|error| error.to_string())
}

/// Processor time beyond the caller's that is no chance, nanoseconds.
const OTHER_THREADS: u64 = 100_000;

/// The call, under a name that [`crate::instructions::callgrind`] finds.
#[inline(never)]
fn counted_call(function: &Function, input: &(dyn Any + Sync), output: &mut dyn Any) {
    function.call(input, output);
}

fn rounds(
    function: &Function,
    case: &dyn AnyCase,
    request: &Request,
    clock: &Clock,
) -> anyhow::Result<Done> {
    let mut done = Done::accepted();
    let mut watch = match request.counted {
        true => Watch::of_this_thread().ok(),
        false => None,
    };
    for _ in 0..request.rounds.max(1) {
        let mut output = case.prepare();
        let before = process::reset_peak_memory();
        let limit = process::limit_memory(request.memory);
        let mut called = Ok(());
        let caller = process::thread_cpu_ns();
        let mut timing = spent(|| {
            called = catch_unwind(AssertUnwindSafe(|| {
                let mut call = || counted_call(function, case.input(), output.as_mut());
                match &mut watch {
                    Some(watch) => done.instructions = watch.around(call),
                    None => call(),
                }
            }));
        });
        drop(limit);
        let of_caller = caller
            .zip(process::thread_cpu_ns())
            .map(|(before, after)| after - before);
        done.is_threaded |=
            of_caller.is_some_and(|own| timing.cpu_ns > own + own / 20 + OTHER_THREADS);
        let peak = before
            .zip(process::peak_memory())
            .map(|(before, after)| after.saturating_sub(before));
        done.peak_memory = done.peak_memory.max(peak);
        say(&Event::Called)?;
        match called {
            Err(panic) => {
                (done.verdict, done.detail) = (
                    Verdict::RuntimeError,
                    format!("panicked: {}", message(&panic)),
                );
            }
            Ok(()) if peak.is_some_and(|peak| peak > request.memory) => {
                let taken = vocabulary::units::bytes(peak.unwrap_or(0) as f64);
                (done.verdict, done.detail) = (Verdict::MemoryLimit, format!("takes {taken}"));
            }
            Ok(()) if request.unchecked => {}
            Ok(()) => match case.check(output.as_ref()) {
                Ok(accepted) => {
                    done.error_ratio = accepted.error_ratio;
                    if request.timed {
                        let overhead;
                        (timing, overhead) = clock.time(function, case, timing);
                        done.overhead_ns = Some(overhead);
                    }
                }
                Err(mismatch) => {
                    (done.verdict, done.detail) = (job::verdict_of(&mismatch), mismatch.reason);
                    done.keep_output(&case.output_text(output.as_ref()));
                }
            },
        }
        done.timings.push(timing);
        if done.verdict != Verdict::Accepted {
            break;
        }
    }
    Ok(done)
}

fn message(panic: &Box<dyn std::any::Any + Send>) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a message")
        .to_owned()
}

//! A sandboxed run of a program that does nothing, beside the same one without a sandbox. `overhead` says where the time goes.
//!
//! ```text
//! cargo bench -p sandbox --bench spawn
//! ```
#![allow(missing_docs)]

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("SKIPPED: the sandbox needs Linux");
}

#[cfg(target_os = "linux")]
fn main() {
    use std::path::PathBuf;
    use std::time::Duration;

    use criterion::Criterion;
    use sandbox::{Command, Limits, Sandbox, Settings, Streams};

    let settings = Settings {
        helper: PathBuf::from(env!("CARGO_BIN_EXE_sandbox-helper")),
        allow_unsafe: false,
    };
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let mut group = criterion.benchmark_group("spawn");
    group.bench_function("without a sandbox", |bencher| {
        bencher.iter(|| std::process::Command::new("/bin/true").status());
    });
    match Sandbox::new(settings).and_then(|sandbox| sandbox.slot(None)) {
        Err(error) => println!("SKIPPED: a sandboxed run: {error}"),
        Ok(mut slot) => {
            let command = Command {
                program: "/bin/true".into(),
                ..Command::default()
            };
            let limits = Limits::default();
            group.bench_function("in a slot", |bencher| {
                bencher.iter(|| {
                    slot.run(&command, &limits, Streams::default())
                        .expect("it runs")
                });
            });
        }
    }
    group.finish();
    criterion.final_summary();
}

//! What a run costs beside executing the same file without a sandbox: `cargo bench -p sandbox`.
//!
//! All ways are interleaved in one loop, in an order that changes, so that whatever disturbs the machine disturbs all of them
//! alike. Nothing is prepared outside the measured region but the slot's zygote. CPU time is that of everybody who takes part:
//! the judge, the zygote, init and the program.
#![allow(missing_docs)]

#[cfg(target_os = "linux")]
#[path = "overhead/compare.rs"]
mod compare;
#[cfg(target_os = "linux")]
#[path = "overhead/cpu.rs"]
mod cpu;
#[cfg(target_os = "linux")]
#[path = "overhead/goal.rs"]
mod goal;
#[cfg(target_os = "linux")]
#[path = "overhead/steady.rs"]
mod steady;
#[cfg(target_os = "linux")]
#[path = "overhead/user.rs"]
mod user;

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("SKIPPED: the sandbox needs Linux");
}

#[cfg(target_os = "linux")]
fn main() {
    use sandbox::{Sandbox, Settings, Tier};
    use std::path::PathBuf;

    user::serve_if_ordinary();
    // `cargo test --benches` only asks whether it starts.
    let rounds = if std::env::args().any(|it| it == "--bench") {
        400
    } else {
        3
    };
    let settings = Settings {
        helper: PathBuf::from(env!("CARGO_BIN_EXE_sandbox-helper")),
        allow_unsafe: false,
    };
    let probe = Sandbox::probe(&settings);
    println!(
        "tier: {}",
        probe
            .tier
            .map_or("none".to_owned(), |tier| tier.to_string())
    );
    for obstacle in &probe.obstacles {
        println!("  {obstacle}");
    }
    let Some(best) = probe.tier else {
        println!("SKIPPED: no tier works here");
        return;
    };
    let mut tiers = vec![best, Tier::Namespaces];
    tiers.dedup();
    let sandboxes: Vec<_> = tiers
        .into_iter()
        .map(|tier| Sandbox::with_tier(settings.clone(), tier))
        .collect();
    compare::all(&sandboxes, &settings.helper, rounds);
    steady::all(&sandboxes[0], rounds);
}

//! The hostile program of the tests: each subcommand tries one thing that a sandbox must survive.
//!
//! "Refused" is success: the subcommand exits with 0 when what it tried did not work, with 1 when it did.
#![cfg_attr(target_os = "linux", allow(unsafe_code))]
#![allow(
    clippy::undocumented_unsafe_blocks,
    reason = "what it does is meant to be wrong, and it is run by tests alone"
)]

#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(target_os = "linux")]
mod processes;
#[cfg(target_os = "linux")]
mod streams;

#[cfg(target_os = "linux")]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let known =
        processes::act(&words) || memory::act(&words) || streams::act(&words) || calls::act(&words);
    if !known {
        eprintln!("unknown: {words:?}");
        std::process::exit(99);
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {}

/// Exits with 0 if the attempt failed, as it should.
#[cfg(target_os = "linux")]
fn refused(worked: bool) -> ! {
    std::process::exit(i32::from(worked));
}

//! The smallest program that can serve as a sandbox helper: what the tests and the bench of this crate re-execute.

fn main() {
    sandbox::serve_if_helper();
    eprintln!("sandbox-helper is started by the sandbox crate; it does nothing by itself");
    std::process::exit(2);
}

//! Kernels are embedded as files: a new one must rebuild the crate.
fn main() {
    println!("cargo::rerun-if-changed=variants");
}

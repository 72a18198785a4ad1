//! Kernels where there may be a GPU or none.

use crate::common::Bench;

#[test]
fn without_a_gpu_kernels_are_skipped_with_the_reason_and_faults_are_the_emulators() {
    let text = Bench::new().output(
        "verify sliding_window_maximum/shared_tile.cu sliding_window_maximum/missing_barrier.cu --target cuda",
        0,
    );
    assert!(
        text.contains("its fault is for the emulator to find"),
        "{text}"
    );
    match kernels::cuda::presence() {
        Err(reason) => assert!(text.contains(reason), "{text}"),
        Ok(_) => assert!(text.contains("1 skipped"), "{text}"),
    }
}

#[test]
fn without_a_gpu_there_is_nothing_to_compare_with() {
    if kernels::hardware::profiler().is_ok() {
        eprintln!("SKIPPED: there is a GPU and ncu");
        return;
    }
    let bench = Bench::new();
    let text = bench.output("hardware --out table.md", 4);
    assert!(text.starts_with("nothing to compare with: no "), "{text}");
    assert!(!bench.path().join("table.md").exists());
}

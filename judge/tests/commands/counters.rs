//! What kernels count, against what is committed; and what is shown of kernels.

use std::path::Path;

use crate::common::Bench;

const KERNEL: &str = "kernels/variants/kth_largest/accepted/radix_select";

/// A repository of one kernel, counted.
fn repository() -> Bench {
    let bench = Bench::new();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for extension in ["cu", "ptx"] {
        let name = format!("{KERNEL}.{extension}");
        bench.file(&name, &std::fs::read_to_string(here.join(&name)).unwrap());
    }
    bench.output("counters --update", 0);
    bench
}

/// Replaces the first occurrence of a text in a file.
fn edit(bench: &Bench, name: &str, old: &str, new: &str) {
    let text = std::fs::read_to_string(bench.path().join(name)).unwrap();
    assert!(text.contains(old), "{name} holds no `{old}`");
    bench.file(name, &text.replacen(old, new, 1));
}

#[test]
fn the_embedded_kernels_count_what_is_committed_from_any_folder() {
    let shown = Bench::new().output("counters --check sliding_window_maximum", 0);
    assert!(shown.contains("0 differ"), "{shown}");
}

#[test]
fn what_was_just_updated_is_equal() {
    let bench = repository();
    assert!(
        bench
            .output("counters --check", 0)
            .contains("1 kernel counted, 0 differ")
    );
}

#[test]
fn a_changed_number_is_named_with_the_line_that_moved() {
    let bench = repository();
    let whole = std::fs::read_to_string(bench.path().join("kernels/counters.csv")).unwrap();
    let mut lines = whole
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>());
    let (header, row) = (lines.next().unwrap(), whole.lines().nth(1).unwrap());
    let column = header.iter().position(|name| *name == "barriers").unwrap();
    // The case has a comma of its own, within quotes.
    let mut cells: Vec<&str> = row.split(',').collect();
    cells[column + 1] = "987654";
    bench.file(
        "kernels/counters.csv",
        &format!("{}\n{}\n", header.join(","), cells.join(",")),
    );
    let by_line =
        std::fs::read_to_string(bench.path().join("kernels/counters_by_line.csv")).unwrap();
    let line = by_line
        .lines()
        .find(|line| line.contains("atomicAdd"))
        .unwrap();
    let mut cells: Vec<&str> = line.split(',').collect();
    let last = cells.len() - 6;
    cells[last] = "123456";
    edit(
        &bench,
        "kernels/counters_by_line.csv",
        line,
        &cells.join(","),
    );

    let shown = bench.output("counters --check", 3);
    assert!(
        shown.contains("kth_largest/radix_select on kth_largest/random@n=1000"),
        "{shown}"
    );
    assert!(
        shown.contains("barriers") && shown.contains("987_654"),
        "{shown}"
    );
    assert!(!shown.contains("global_load_sectors"), "{shown}");
    assert!(
        shown.contains(&format!("{KERNEL}.cu:")) && shown.contains("atomicAdd"),
        "{shown}"
    );
    assert!(shown.contains("warp_instructions 123_456 ->"), "{shown}");
    let json = bench.output("counters --check --format json", 3);
    assert!(json.contains(r#""barriers":{"new":"#), "{json}");
    bench.output("counters --update", 0);
    bench.output("counters --check", 0);
}

#[test]
fn a_source_that_differs_from_its_ptx_is_stale() {
    let bench = repository();
    edit(
        &bench,
        &format!("{KERNEL}.cu"),
        "__global__",
        "  __global__",
    );
    let shown = bench.output("counters --check", 2);
    assert!(
        shown.contains("stale") && shown.contains("judge kernels compile"),
        "{shown}"
    );
    bench.output("counters --update", 2);
}

#[test]
fn a_missing_row_or_file_is_said_loudly() {
    let bench = repository();
    let whole = std::fs::read_to_string(bench.path().join("kernels/counters.csv")).unwrap();
    let header = whole.lines().next().unwrap();
    bench.file("kernels/counters.csv", &format!("{header}\n"));
    bench.file("kernels/counters_by_line.csv", "problem,kernel\n");
    let shown = bench.output("counters --check", 4);
    assert!(
        shown.contains("no row of kth_largest/radix_select"),
        "{shown}"
    );
    std::fs::remove_file(bench.path().join("kernels/counters.csv")).unwrap();
    let shown = bench.output("counters --check", 4);
    assert!(
        shown.contains("counters.csv") && shown.contains("--update"),
        "{shown}"
    );
}

#[test]
fn a_folder_without_kernels_and_an_update_without_a_repository_are_usage_errors() {
    let bench = Bench::new();
    let shown = bench.output("counters --check --root .", 2);
    assert!(
        shown.contains("--root: there is no kernels/variants"),
        "{shown}"
    );
    let shown = bench.output("counters --update kth_largest/radix_select", 2);
    assert!(shown.contains("--root DIR"), "{shown}");
}

#[test]
fn kernels_are_listed_with_what_they_must_get() {
    let bench = Bench::new();
    let shown = bench.output("kernels list --format json", 0);
    let line = shown.lines().find(|line| line.contains("\"one_row\""));
    let line = line.expect("knapsack/one_row is shipped");
    assert!(
        line.contains(r#""expect":"RE""#) && line.contains(r#""fault":""#),
        "{line}"
    );
    assert!(bench.output("kernels list", 0).contains("shared_bytes"));
}

#[test]
fn a_kernel_is_inspected_to_its_hottest_lines() {
    let bench = Bench::new();
    let shown = bench.output(
        "kernels inspect kth_largest/radix_select --case kth_largest/random@n=100",
        0,
    );
    for part in [
        "count_digits",
        "random@n=100,k=50#0",
        "warp_instructions",
        "hottest lines",
        "while (histogram[digit] < left) {",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let json = bench.output("kernels inspect kth_largest/radix_select --format json", 0);
    assert!(
        json.contains(r#""share":"#) && json.contains(r#""entry":"count_digits""#),
        "{json}"
    );
    let shown = bench.output("kernels inspect kth_largest/radix", 2);
    assert!(shown.contains("radix_select"), "{shown}");
    let shown = bench.output(
        "kernels inspect kth_largest/radix_select --case knapsack/random@9",
        2,
    );
    assert!(shown.contains("no case of kth_largest"), "{shown}");
}

#[test]
fn without_nvrtc_compiling_says_how_to_get_it() {
    let bench = repository();
    let output = bench
        .judge("kernels compile")
        .env("JUDGE_NVRTC", "/nowhere")
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{shown}");
    assert!(
        shown.contains("pip install nvidia-cuda-nvrtc==13.0.88"),
        "{shown}"
    );
}

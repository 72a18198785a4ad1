//! A user's own kernel: `.ptx` with its plan, `.cu` with and without a compiler.
#![cfg(target_os = "linux")]

use std::path::Path;

use crate::common::Bench;
use vocabulary::{Target, Verdict};

/// Sizes at which all of the mistakes show.
const SOME: &str = "--growth-time 0 --quick --set n=300";

/// A shipped kernel of `kth_largest`, source or compiled.
fn shipped(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kernels/variants/kth_largest");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// A compiled kernel with its plan as its first comment.
fn with_plan(name: &str) -> String {
    let source = shipped(&format!("{name}.cu"));
    let (plan, _) = source.split_once("*/").expect("a plan");
    format!("{plan}*/\n{}", shipped(&format!("{name}.ptx")))
}

/// One that leaves the last of four digits out.
fn forgets_a_digit() -> String {
    with_plan("accepted/radix_select").replacen("repeat = \"4\"", "repeat = \"3\"", 1)
}

#[test]
fn a_right_ptx_with_its_plan_is_accepted_and_its_counters_are_written() {
    let bench = Bench::new();
    bench.file("mine.ptx", &with_plan("accepted/radix_select"));
    let shown = bench.output(&format!("run kth_largest mine.ptx {SOME}"), 0);
    assert!(
        shown.contains("kth_largest/mine.ptx on emulator"),
        "{shown}"
    );
    let rows = reports::read_measurements(bench.path().join("judge-out/measurements.csv")).unwrap();
    let emulated = rows.iter().filter(|row| row.target == Target::Emulator);
    let emulated: Vec<_> = emulated.collect();
    assert!(!emulated.is_empty());
    for row in emulated {
        assert_eq!(row.verdict, Verdict::Accepted);
        assert_eq!(row.kernel.device.as_deref(), Some("PTX emulator"));
        assert!(row.kernel.warp_instructions > Some(0), "{row:?}");
        assert!(row.kernel.global_sectors > Some(0), "{row:?}");
        assert!(row.kernel.barriers.is_some() && row.kernel.divergent_branches.is_some());
        assert_eq!((row.wall_ns_median, row.cpu_ns_median), (None, None));
    }
}

#[test]
fn counters_grow_along_a_curve_without_noise() {
    let bench = Bench::new();
    bench.file("mine.ptx", &with_plan("accepted/bitonic_sort"));
    let run = "run kth_largest mine.ptx --target emulator --family random --quick --growth-time 3";
    let shown = bench.output(run, 0);
    assert!(shown.contains("warp instructions over n"), "{shown}");
    let curves = reports::read_curves(bench.path().join("judge-out/curves.csv")).unwrap();
    assert!(!curves.is_empty());
    for curve in curves {
        assert_eq!(curve.target, Target::Emulator);
    }
}

#[test]
fn counts_are_held_against_the_growth_that_is_stated() {
    let bench = Bench::new();
    bench.file("mine.ptx", &with_plan("accepted/bitonic_sort"));
    let held = |what: &str, code: i32| {
        // So few sizes are counted on any machine within the time.
        let arguments = "--family random --to 8192 --target emulator --time 60 --no-chart";
        bench.output(&format!("bench {what} {arguments}"), code)
    };
    let shown = held("kth_largest mine.ptx --expect=n*log(n)*log(n)", 0);
    assert!(shown.contains("growth as stated: 1 curve\n"), "{shown}");
    let shown = held("kth_largest mine.ptx --expect=log(n)", 1);
    assert!(
        shown.contains(" by its warp instructions, where log n is stated"),
        "{shown}"
    );
    let shown = held("kth_largest mine.ptx --expect", 0);
    assert!(
        shown.contains("1 curve of solutions that state no growth"),
        "{shown}"
    );
    let shown = held("kth_largest mine.ptx --expect=m", 2);
    assert!(shown.contains("no parameter `m`; it has n, k"), "{shown}");
    let shipped = held("kth_largest/bitonic_sort.cu --expect", 0);
    assert!(shipped.contains("growth as stated: 1 curve\n"), "{shipped}");
}

#[test]
fn the_plan_of_a_ptx_may_stand_in_the_source_beside_it() {
    let bench = Bench::new();
    bench.file("mine.ptx", &shipped("accepted/radix_select.ptx"));
    bench.file("mine.cu", &shipped("accepted/radix_select.cu"));
    let command = format!("run kth_largest mine.ptx --target emulator {SOME}");
    assert!(bench.output(&command, 0).contains("AC"));
    std::fs::remove_file(bench.path().join("mine.cu")).unwrap();
    let shown = bench.output(&command, 1);
    assert!(
        shown.contains("mine.ptx:1:1: it has no launch plan"),
        "{shown}"
    );
    assert!(shown.contains("mine.cu"), "{shown}");
}

#[test]
fn a_wrong_ptx_is_shown_with_a_small_case() {
    let bench = Bench::new();
    bench.file("mine.ptx", &forgets_a_digit());
    let shown = bench.output("run kth_largest mine.ptx --growth-time 0 --quick", 1);
    assert!(
        shown.contains("WA kth_largest/mine.ptx on kth_largest/"),
        "{shown}"
    );
    assert!(
        shown.contains("@n=1,k=1#"),
        "the smallest case that fails: {shown}"
    );
    assert!(
        shown.contains("again: judge run kth_largest mine.ptx --case"),
        "{shown}"
    );
}

#[test]
fn a_fault_is_a_runtime_error_that_names_kernel_and_line() {
    let bench = Bench::new();
    bench.file("mine.ptx", &with_plan("runtime_error/sorts_the_input"));
    let shown = bench.output(&format!("run kth_largest mine.ptx {SOME}"), 1);
    assert!(shown.contains("RE kth_largest/mine.ptx on"), "{shown}");
    assert!(
        shown.contains("sorts_the_input.cu:") && shown.contains("read_only"),
        "{shown}"
    );
}

#[test]
fn a_mistake_in_the_plan_is_a_compile_error_at_its_place() {
    let bench = Bench::new();
    let text = with_plan("accepted/radix_select");
    bench.file(
        "mine.ptx",
        &text.replacen("ceil_div(n, 256)", "ceil_div(m, 256)", 1),
    );
    let shown = bench.output(&format!("run kth_largest mine.ptx {SOME}"), 1);
    let place = text
        .lines()
        .position(|line| line.contains("ceil_div(n, 256)"))
        .unwrap()
        + 1;
    assert!(
        shown.contains("CE") && shown.contains(&format!("mine.ptx:{place}:")),
        "{shown}"
    );
}

#[test]
fn a_source_without_nvrtc_is_skipped_with_the_command_that_gets_it() {
    let bench = Bench::new();
    bench.file("mine.cu", &shipped("accepted/radix_select.cu"));
    let mut judge = bench.judge(&format!("run kth_largest mine.cu {SOME}"));
    let output = judge.env("JUDGE_NVRTC", "/nowhere").output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{shown}");
    assert!(
        shown.contains("SK") && shown.contains("pip install nvidia-cuda-nvrtc==13.0.88"),
        "{shown}"
    );
}

#[test]
fn a_source_is_compiled_where_nvrtc_is() {
    if let Err(absent) = kernels::compiler::locate() {
        eprintln!("SKIPPED: {absent}");
        return;
    }
    let bench = Bench::new();
    let source = shipped("accepted/radix_select.cu");
    let cache = bench.path().join("cache");
    let run = |code: i32| {
        let mut judge = bench.judge(&format!("run kth_largest mine.cu {SOME}"));
        let output = judge.env("XDG_CACHE_HOME", &cache).output().unwrap();
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(code), "{shown}");
        shown
    };
    bench.file("mine.cu", &source);
    assert!(run(0).contains("AC"));
    bench.file("mine.cu", &source.replacen("int place", "integer place", 1));
    let shown = run(1);
    assert!(
        shown.contains("CE") && shown.contains("mine.cu("),
        "{shown}"
    );
    let secret = bench.file("secret.h", "int place = 0;");
    let include = format!("#include \"{}\"\n", secret.display());
    bench.file("mine.cu", &(source + &include));
    let shown = run(1);
    assert!(
        shown.contains("CE"),
        "a file of the host is not shown to the compiler: {shown}"
    );
}

#[test]
fn stress_shrinks_what_breaks_a_kernel() {
    let bench = Bench::new();
    bench.file("mine.ptx", &forgets_a_digit());
    let shown = bench.output("stress mine.ptx -p kth_largest --time 20", 1);
    assert!(shown.contains("WA kth_largest/mine.ptx"), "{shown}");
}

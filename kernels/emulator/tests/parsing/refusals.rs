//! Errors name the line and the reason.

use crate::common::HEADER;
use ptx_emulator::{DeviceError, Emulator, Launch, Module, Settings};

/// The error of a text: its line is the one that holds `<-`.
fn refused(text: &str, reason: &str) {
    let text = format!("{HEADER}{text}");
    let error = match Module::parse(&text) {
        Ok(_) => panic!("this was taken: {text}"),
        Err(error) => error,
    };
    let line = text.lines().zip(1..).find(|(line, _)| line.contains("<-"));
    let (_, line) = line.expect("a line is marked");
    assert_eq!(error.line, line, "{error}\n{text}");
    assert!(error.reason.contains(reason), "{error}, not {reason}");
}

/// The error of a statement in a kernel.
fn statement(text: &str, reason: &str) {
    refused(
        &format!(
            ".visible .entry k(.param .u64 in) {{
             .reg .b32 r<9>; .reg .b64 d<9>; .reg .pred p<3>; .reg .b16 h<3>; .reg .f32 f<9>;
             ld.param.u64 d0, [in];
             {text} // <-
             ret; }}"
        ),
        reason,
    );
}

#[test]
fn unknown_instructions_are_named_whole() {
    statement("frobnicate.u32 r0, r1;", "frobnicate.u32 is not supported");
    statement("add.f33 r0, r1, r2;", "add.f33");
    statement("@p0 add.b32 r0, r1, r2;", "add.b32 is not supported");
    statement("vadd.s32.s32.s32 r0, r1, r2;", "vadd");
}

#[test]
fn textures_surfaces_and_tensors_are_refused() {
    statement(
        "tex.2d.v4.f32.f32 {f0, f1, f2, f3}, [d0, {f4, f5}];",
        "textures",
    );
    statement("suld.b.1d.b32.trap r0, [d0, {r1}];", "textures");
    statement("txq.width.b32 r0, [d0];", "txq.width.b32");
    refused(".global .texref t; // <-", "textures");
    refused(".tex .u64 t; // <-", "textures");
}

#[test]
fn instructions_of_one_architecture_are_refused() {
    statement("wgmma.fence.sync.aligned;", "wgmma");
    statement("setmaxnreg.inc.sync.aligned.u32 240;", "setmaxnreg");
    statement(
        "cp.async.bulk.tensor.1d.shared::cluster.global.mbarrier::complete_tx::bytes [r0], [d0, {r1}], [r2];",
        "tensors",
    );
    statement(
        "cp.reduce.async.bulk.global.shared::cta.bulk_group.add.u32 [d0], [r1], 64;",
        "cp.reduce.async.bulk",
    );
    statement("tcgen05.wait::ld.sync.aligned;", "tcgen05");
    let text = ".version 8.7\n.target sm_90a\n.address_size 64\n";
    let error = Module::parse(text).expect_err("it is refused");
    assert_eq!(error.line, 2);
    assert!(error.reason.contains("sm_90"), "{error}");
}

#[test]
fn atomics_of_128_bits_narrow_addresses_and_clusters_are_refused() {
    statement(
        "{ .reg .b128 q; atom.global.exch.b128 q, [d0], q; }",
        "atom.global.exch.b128 is not supported",
    );
    statement("mov.b128 d0, d1;", "no register of 128 bits");
    let text = ".version 8.7\n.target sm_80\n.address_size 32\n";
    let error = Module::parse(text).expect_err("it is refused");
    assert!(error.reason.contains("64-bit addresses"), "{error}");
    refused(
        ".entry k() .reqnctapercluster 2 // <-\n{ ret; }",
        "clusters",
    );
}

#[test]
fn operands_must_fit() {
    statement("add.u32 r0, r1;", "expected 3 operands");
    statement("add.u32 d0, r1, r2;", "register of this size");
    statement("add.u32 r0, r1, p0;", "predicate");
    statement("add.u32 r0, r1, r77;", "r77 is not declared");
    statement("@r0 add.u32 r0, r1, r2;", "r0 is no predicate");
    statement("bra NOWHERE;", "no label NOWHERE");
    statement("ld.global.u32 r0, d0;", "address in brackets");
    statement("ld.global.v2.u32 r0, [d0];", "ld.global.v2.u32");
    statement("ld.global.v2.u32 {r0, d1}, [d0];", "different sizes");
    statement(
        "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {r0, r1}, [d0];",
        "has 4 registers, not 2",
    );
    statement(
        "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {f0}, {r0}, {r1}, {f1};",
        "registers",
    );
    statement("brx.idx r0, TABLE;", "no list of targets TABLE");
    statement(
        "cp.async.ca.shared.global [d0], [d1], 5;",
        "4, 8 or 16 bytes",
    );
}

#[test]
fn calls_must_lead_somewhere() {
    statement("call nowhere;", "nowhere is no function");
    refused(
        ".extern .func (.param .b64 r) malloc(.param .b64 n);
         .entry k() { { .param .b64 n; .param .b64 r;
           call (r), malloc, (n); // <-
         } ret; }",
        "heap",
    );
    refused(
        ".extern .func elsewhere();
         .entry k() {
           call elsewhere; // <-
           ret; }",
        "nowhere defined",
    );
    refused(
        ".func (.param .b32 r) f(.param .b32 x) { ret; }
         .entry k() {
           call f; // <-
           ret; }",
        "other parameters",
    );
}

#[test]
fn texts_that_break_off_are_refused() {
    refused(".entry k() { // <-", "expected a statement");
    refused(".entry k( // <-", "expected a name");
    refused(".entry k() { add.u32 // <-", "expected an operand");
    refused(".global .u32 x[4 // <-", "expected ']'");
    refused(".global .u32 x = // <-", "expected a value");
    refused("/* // <-\n", "comment has no end");
    refused("} // <-", "expected a declaration");
    refused(".entry k() { ret 1 } // <-", "expected ';'");
    refused(".file 1 \"k.cu // <-", "no closing quote");
    refused(".global .u32 x = 0xZZ; // <-", "is no number");
    refused(
        ".global .u32 x[2] = {1, 2, 3}; // <-",
        "more initial values",
    );
    refused(".global .b8 x[99999999999999]; // <-", "no size");
    refused("é // <-", "unexpected");
    refused(
        &format!(".entry k() {{ {} // <-", "{".repeat(100)),
        "nested too deeply",
    );
}

#[test]
fn names_are_defined_once() {
    refused(
        ".entry k() { ret; }\n.entry k() { ret; } // <-",
        "defined twice",
    );
}

#[test]
fn launches_that_no_device_would_take_are_refused() {
    let text = format!(
        "{HEADER}.visible .entry k(.param .u32 n) .maxntid 64 {{ ret; }}
         .visible .entry fixed() .reqntid 32 {{ ret; }}
         .visible .entry deep() {{ .local .b8 depot[1000000]; ret; }}"
    );
    let module = Module::parse(&text).expect("it is right");
    assert_eq!(module.kernels(), ["deep", "fixed", "k"]);
    let mut device = Emulator::new(Settings::default());
    let loaded = device.load(&module).expect("it loads");
    let mut reason = |kernel: &str, launch: Launch, arguments: &[u32]| {
        let arguments: Vec<_> = arguments.iter().map(|value| (*value).into()).collect();
        match device.launch(loaded, kernel, launch, &arguments) {
            Err(DeviceError::Usage(reason)) => reason,
            other => panic!("{other:?}"),
        }
    };
    let linear = Launch::linear;
    assert!(reason("none", linear(1, 1), &[]).contains("no kernel"));
    assert!(reason("k", linear(1, 32), &[]).contains("takes 1 arguments"));
    assert!(reason("k", linear(1, 65), &[1]).contains("at most 64 threads"));
    assert!(reason("fixed", linear(1, 64), &[]).contains("requires blocks"));
    assert!(reason("fixed", linear(0, 32), &[]).contains("grid"));
    assert!(reason("k", linear(1, 0), &[1]).contains("1 to 1024"));
    assert!(reason("k", linear(1, 1025), &[1]).contains("1 to 1024"));
    assert!(reason("deep", linear(1, 32), &[]).contains("local memory"));
    let much = Launch {
        shared_bytes: 1 << 20,
        ..linear(1, 32)
    };
    assert!(reason("k", much, &[1]).contains("shared memory"));
}

#[test]
fn symbols_of_headers_are_cheap_to_carry() {
    let symbols: String = (0..400)
        .map(|index| {
            format!(".global .align 1 .b8 _ZN48_INTERNAL_{index}4cuda3std6__cpo5beginE[1];\n")
        })
        .collect();
    let text = format!("{HEADER}{symbols}.visible .entry k() {{ ret; }}");
    let module = Module::parse(&text).expect("it is right");
    let mut device = Emulator::new(Settings::default());
    let loaded = device.load(&module).expect("it loads");
    let report = device.launch(loaded, "k", Launch::linear(1, 32), &[]);
    assert_eq!(report.expect("it runs").counters.warp_instructions, 1);
}

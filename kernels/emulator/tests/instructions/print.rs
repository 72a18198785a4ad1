//! What kernels print, and assertions.

use crate::single::{Bench, HEADER, settings};
use ptx_emulator::{DeviceError, FaultKind, Launch};

/// A text as initial bytes.
fn bytes(text: &str) -> String {
    let bytes: Vec<String> = text
        .bytes()
        .chain([0])
        .map(|byte| byte.to_string())
        .collect();
    bytes.join(", ")
}

fn array(name: &str, text: &str) -> String {
    format!(
        ".global .align 1 .b8 {name}[{}] = {{{}}};\n",
        text.len() + 1,
        bytes(text)
    )
}

/// Prints a format with 8-byte arguments, by threads of one block.
fn print(format: &str, arguments: &[u64], threads: u32) -> String {
    let stores: String = arguments
        .iter()
        .enumerate()
        .map(|(index, bits)| {
            format!(
                "mov.u64 v, {bits:#x}; st.local.u64 [depot+{}], v;\n",
                8 * index
            )
        })
        .collect();
    let text = format!(
        "{HEADER}.extern .func (.param .b32 r) vprintf(.param .b64 f, .param .b64 v);
         {}{}.visible .entry test() {{
           .local .align 8 .b8 depot[64]; .reg .b64 f, v; .reg .b32 r;
           {stores}
           mov.u64 f, text; cvta.global.u64 f, f; mov.u64 v, depot; cvta.local.u64 v, v;
           {{ .param .b64 p0; .param .b64 p1; .param .b32 back; st.param.b64 [p0], f; st.param.b64 [p1], v;
              call.uni (back), vprintf, (p0, p1); ld.param.b32 r, [back]; }}
           ret; }}",
        array("text", format),
        array("word", "word"),
    );
    let mut bench = Bench::new(&text, settings(true));
    let report = bench
        .launch("test", Launch::linear(1, threads), &[])
        .expect("it runs");
    report.printed
}

#[test]
fn formats_are_those_of_c() {
    let double = f64::to_bits;
    for (format, argument, expected) in [
        ("%lld|", (-5_i64) as u64, "-5|"),
        ("%d|", 0xFFFF_FFFB, "-5|"),
        ("%u|", 0xFFFF_FFFB, "4294967291|"),
        ("%5d|", 42, "   42|"),
        ("%-5d|", 42, "42   |"),
        ("%05d|", 42, "00042|"),
        ("%+d|", 42, "+42|"),
        ("%.4d|", 42, "0042|"),
        ("%x|", 0xBEEF, "beef|"),
        ("%#X|", 0xBEEF, "0XBEEF|"),
        ("%o|", 8, "10|"),
        ("%c|", 65, "A|"),
        ("%f|", double(1.5), "1.500000|"),
        ("%.2f|", double(-2.345), "-2.35|"),
        ("%8.3f|", double(2.71849), "   2.718|"),
        ("%e|", double(12345.678), "1.234568e+04|"),
        ("%g|", double(0.0001), "0.0001|"),
        ("%g|", double(1e10), "1e+10|"),
        ("%g|", double(100000.0), "100000|"),
        ("%f|", double(f64::INFINITY), "inf|"),
        ("%f|", double(f64::NEG_INFINITY), "-inf|"),
        ("%a|", double(1.5), "0x1.8p+0|"),
        ("%p|", 0x1234, "0x1234|"),
        ("%hhd|", 0x1FF, "-1|"),
        ("%hd|", 0x18000, "-32768|"),
        ("%hu|", 0x18000, "32768|"),
        ("100%%|", 0, "100%|"),
    ] {
        assert_eq!(print(format, &[argument], 1), expected, "{format}");
    }
}

#[test]
fn every_thread_prints_its_own_and_widths_may_be_arguments() {
    assert_eq!(print("%*d;", &[5 | 42 << 32], 3), "   42;   42;   42;");
    assert_eq!(
        print("a %lld b %f c\n", &[1 << 40, 2.5_f64.to_bits()], 1),
        "a 1099511627776 b 2.500000 c\n"
    );
}

#[test]
fn texts_are_printed_from_wherever_they_are() {
    let text = format!(
        "{HEADER}.extern .func (.param .b32 r) vprintf(.param .b64 f, .param .b64 v);
         {}{}.visible .entry test() {{
           .local .align 8 .b8 depot[24]; .reg .b64 f, v; .reg .b32 r;
           mov.u64 f, word; cvta.global.u64 f, f; st.local.u64 [depot], f; st.local.u64 [depot+8], f; st.local.u32 [depot+16], 9;
           mov.u64 f, text; cvta.global.u64 f, f; mov.u64 v, depot; cvta.local.u64 v, v;
           {{ .param .b64 p0; .param .b64 p1; .param .b32 back; st.param.b64 [p0], f; st.param.b64 [p1], v;
              call.uni (back), vprintf, (p0, p1); }}
           ret; }}",
        array("text", "[%s] [%8s] %d"),
        array("word", "word"),
    );
    let mut bench = Bench::new(&text, settings(true));
    let report = bench
        .launch("test", Launch::linear(1, 1), &[])
        .expect("it runs");
    assert_eq!(report.printed, "[word] [    word] 9");
}

#[test]
fn assertions_that_fail_say_what_and_where() {
    let text = format!(
        "{HEADER}.extern .func __assertfail(.param .b64 m, .param .b64 f, .param .b32 l, .param .b64 n, .param .b64 s) .noreturn;
         {}{}.visible .entry test() {{
           .reg .b64 m, f; .reg .b32 t; .reg .pred p;
           mov.u32 t, %tid.x; setp.ne.u32 p, t, 3; @p ret;
           mov.u64 m, message; mov.u64 f, file;
           {{ .param .b64 a; .param .b64 b; .param .b32 c; .param .b64 e; .param .b64 g;
              st.param.b64 [a], m; st.param.b64 [b], f; st.param.b32 [c], 17; st.param.b64 [e], f; st.param.b64 [g], 1;
              call.uni __assertfail, (a, b, c, e, g); }}
           ret; }}",
        array("message", "x > 0"),
        array("file", "k.cu"),
    );
    let mut bench = Bench::new(&text, settings(true));
    let error = bench
        .launch("test", Launch::linear(1, 8), &[])
        .expect_err("it fails");
    let DeviceError::Fault(fault) = error else {
        panic!("{error}");
    };
    assert_eq!(fault.kind, FaultKind::AssertionFailed);
    assert_eq!(fault.thread, Some([3, 0, 0]));
    assert!(fault.detail.contains("x > 0 (k.cu:17)"), "{fault}");
}

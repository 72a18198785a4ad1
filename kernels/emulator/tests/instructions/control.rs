//! Branches, calls, ends, and what they do to the lanes of a warp.

use crate::single::{Bench, HEADER, counting, lanes, settings, warp};
use ptx_emulator::{DeviceError, FaultKind, Launch, Report};

fn each(make: impl Fn(u32) -> u32) -> [u32; 32] {
    std::array::from_fn(|lane| make(lane as u32))
}

/// Functions, and a kernel of one warp around statements.
fn program(functions: &str, statements: &str) -> Result<(Vec<u32>, Report), DeviceError> {
    let text = format!(
        "{HEADER}{functions}
         .visible .entry test(.param .u64 out) {{
           .reg .b64 to, at; .reg .b32 t, d, x, y; .reg .pred p, p2;
           ld.param.u64 to, [out]; mov.u32 t, %tid.x; mad.wide.u32 to, t, 4, to; mov.u32 d, 0;
           {statements}
           st.global.u32 [to], d; ret; }}"
    );
    let mut bench = Bench::new(&text, settings(true));
    let out = bench.buffer(&[0_u32; 32], "out");
    let report = bench.launch("test", Launch::linear(1, 32), &[out.into()])?;
    Ok((bench.read(out, 32), report))
}

const FACTORIAL: &str = "
    .func (.param .b32 result) factorial(.param .b32 from) {
      .reg .b32 n, m, r; .reg .pred p;
      ld.param.b32 n, [from]; setp.le.u32 p, n, 1; mov.u32 r, 1; @p bra DONE;
      sub.u32 m, n, 1;
      { .param .b32 argument; .param .b32 back; st.param.b32 [argument], m;
        call.uni (back), factorial, (argument); ld.param.b32 r, [back]; }
      mul.lo.u32 r, r, n;
      DONE: st.param.b32 [result], r; ret; }";

const CALL: &str = "{ .param .b32 argument; .param .b32 back; st.param.b32 [argument], x;
    call (back), FUNCTION, (argument); ld.param.b32 d, [back]; }";

#[test]
fn functions_call_themselves_to_different_depths() {
    let call = format!("rem.u32 x, t, 9; {}", CALL.replace("FUNCTION", "factorial"));
    let (found, _) = program(FACTORIAL, &call).expect("it runs");
    let expected: Vec<u32> = (0..32).map(|lane| (1..=lane % 9).product()).collect();
    assert_eq!(found, expected);
}

#[test]
fn functions_call_each_other_and_keep_their_callers_registers() {
    let functions = "
        .func (.param .b32 result) odd(.param .b32 n);
        .func (.param .b32 result) even(.param .b32 n) {
          .reg .b32 x, r; .reg .pred p; ld.param.b32 x, [n]; mov.u32 r, 1; setp.eq.u32 p, x, 0; @p bra DONE;
          { .param .b32 a; .param .b32 b; sub.u32 r, x, 1; st.param.b32 [a], r; call (b), odd, (a); ld.param.b32 r, [b]; }
          mad.lo.u32 r, x, 16, r; DONE: st.param.b32 [result], r; ret; }
        .func (.param .b32 result) odd(.param .b32 n) {
          .reg .b32 x, r; .reg .pred p; ld.param.b32 x, [n]; mov.u32 r, 2; setp.eq.u32 p, x, 0; @p bra DONE;
          { .param .b32 a; .param .b32 b; sub.u32 r, x, 1; st.param.b32 [a], r; call (b), even, (a); ld.param.b32 r, [b]; }
          mad.lo.u32 r, x, 16, r; DONE: st.param.b32 [result], r; ret; }";
    let call = format!("rem.u32 x, t, 6; {}", CALL.replace("FUNCTION", "even"));
    let (found, _) = program(functions, &call).expect("it runs");
    let expected: Vec<u32> = (0..32)
        .map(|lane| {
            let n = lane % 6;
            16 * n * (n + 1) / 2 + 1 + n % 2
        })
        .collect();
    assert_eq!(found, expected);
}

const TABLE: &str = "
    .func (.param .b32 result) plus(.param .b32 n) {
      .reg .b32 r; ld.param.b32 r, [n]; add.u32 r, r, 100; st.param.b32 [result], r; ret; }
    .func (.param .b32 result) times(.param .b32 n) {
      .reg .b32 r; ld.param.b32 r, [n]; mul.lo.u32 r, r, 3; st.param.b32 [result], r; ret; }
    .global .align 8 .u64 table[2] = {plus, times};";

const INDIRECT: &str = "
    { .param .b32 argument; .param .b32 back; st.param.b32 [argument], t;
      prototype : .callprototype (.param .b32 _) _ (.param .b32 _);
      call (back), at, (argument), prototype; ld.param.b32 d, [back]; }";

#[test]
fn pointers_lead_different_lanes_to_different_functions() {
    let statements = format!(
        "and.b32 x, t, 1; mov.u64 at, table; mad.wide.u32 at, x, 8, at; ld.global.u64 at, [at]; {INDIRECT}"
    );
    let (found, _) = program(TABLE, &statements).expect("it runs");
    let expected: Vec<u32> = (0..32)
        .map(|lane| if lane % 2 == 0 { lane + 100 } else { 3 * lane })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn calls_of_what_is_no_function_are_faults() {
    let statements = format!("mov.u64 at, 0; {INDIRECT}");
    let Err(DeviceError::Fault(fault)) = program(TABLE, &statements) else {
        panic!("it is found");
    };
    assert_eq!(fault.kind, FaultKind::BadCall);
    let statements = format!("mov.u64 at, table; {INDIRECT}");
    let Err(DeviceError::Fault(fault)) = program(TABLE, &statements) else {
        panic!("it is found");
    };
    assert_eq!(fault.kind, FaultKind::BadCall);
}

#[test]
fn calls_may_be_guarded() {
    let statements = "setp.lt.u32 p, t, 7; mov.u32 x, t; mov.u32 d, 1;
        { .param .b32 argument; .param .b32 back; st.param.b32 [argument], x; st.param.b32 [back], 1;
          @p call (back), plus, (argument); ld.param.b32 d, [back]; }";
    let (found, _) = program(TABLE, statements).expect("it runs");
    let expected: Vec<u32> = (0..32)
        .map(|lane| if lane < 7 { lane + 100 } else { 1 })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn tables_of_branches_are_followed() {
    let text = "rem.u32 x, lane, 3; brx.idx x, CASES; CASES: .branchtargets ZERO, ONE, TWO;
        ZERO: mov.u32 d, 10; bra END; ONE: mov.u32 d, 11; bra END; TWO: mov.u32 d, 12; END: add.u32 d, d, 100;";
    assert_eq!(lanes(text, &counting()), each(|lane| 110 + lane % 3));
}

#[test]
fn guards_keep_lanes_out_one_by_one() {
    let text = "rem.u32 x, lane, 3; setp.eq.u32 p0, x, 0; @p0 mov.u32 d, 5; @!p0 mov.u32 d, 6; @p0 add.u32 d, d, 10;";
    assert_eq!(
        lanes(text, &counting()),
        each(|lane| if lane % 3 == 0 { 15 } else { 6 })
    );
}

#[test]
fn loops_run_as_long_as_each_lane_wants() {
    let text = "mov.u32 x, 0; LOOP: setp.ge.u32 p0, x, lane; @p0 bra END; add.u32 d, d, x; add.u32 x, x, 1; bra LOOP; END:";
    assert_eq!(
        lanes(text, &counting()),
        each(|lane| lane * lane.saturating_sub(1) / 2)
    );
}

#[test]
fn lanes_that_exit_leave_the_others_alone() {
    let statements = "st.global.u32 [to], 9; setp.lt.u32 p, t, 5; @p exit; setp.eq.u32 p, t, 8; @p ret; mov.u32 d, 3;";
    let (found, _) = program("", statements).expect("it runs");
    let expected: Vec<u32> = (0..32)
        .map(|lane| if lane < 5 || lane == 8 { 9 } else { 3 })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn divergence_and_reconvergence_are_counted() {
    // Before the branch 8 instructions of the frame, then a comparison and a branch; one addition a half; two at the end.
    let straight = program(
        "",
        "setp.lt.u32 p, t, 32; @p bra LOW; add.u32 d, d, 1; bra END; LOW: add.u32 d, d, 2; END:",
    );
    let split = program(
        "",
        "setp.lt.u32 p, t, 16; @p bra LOW; add.u32 d, d, 1; bra END; LOW: add.u32 d, d, 2; END:",
    );
    let (straight, split) = (
        straight.expect("it runs").1.counters,
        split.expect("it runs").1.counters,
    );
    assert_eq!(
        (straight.divergent_branches, split.divergent_branches),
        (0, 1)
    );
    // ld.param, mov, mad, mov, setp, bra, add, st, ret; the other half adds an add and a bra.
    assert_eq!(straight.warp_instructions, 9);
    assert_eq!(split.warp_instructions, 11);
    assert_eq!(straight.thread_instructions, 9 * 32);
    assert_eq!(split.thread_instructions, 6 * 32 + 16 + 16 + 16 + 2 * 32);
    assert!((straight.lane_utilisation() - 1.0).abs() < 1e-12);
}

#[test]
fn a_spinning_lane_lets_the_others_of_its_warp_go_on() {
    // Lane 0 waits for what lane 31 writes behind it: since sm_70 that ends.
    let text = "mov.u64 l0, room; st.volatile.shared.u32 [l0], 0; bar.warp.sync -1;
        setp.ne.u32 p0, lane, 0; @p0 bra OTHERS;
        SPIN: ld.volatile.shared.u32 x, [l0]; setp.eq.u32 p1, x, 0; @p1 bra SPIN; mov.u32 d, x; bra END;
        OTHERS: setp.ne.u32 p1, lane, 31; @p1 bra END; st.volatile.shared.u32 [l0], 42; END:";
    assert_eq!(
        lanes(text, &counting()),
        each(|lane| if lane == 0 { 42 } else { 0 })
    );
}

#[test]
fn a_lock_inside_a_warp_is_passed_on() {
    let text = "mov.u64 l0, room; st.shared.u32 [l0], 0; st.shared.u32 [l0+4], 0; bar.warp.sync -1;
        TRY: atom.shared.cas.b32 x, [l0], 0, 1; setp.ne.u32 p0, x, 0; @p0 bra TRY;
        ld.volatile.shared.u32 y, [l0+4]; add.u32 y, y, 1; st.volatile.shared.u32 [l0+4], y; mov.u32 d, y;
        membar.cta; atom.shared.exch.b32 x, [l0], 0;";
    let mut found = lanes(text, &counting());
    found.sort_unstable();
    assert_eq!(found, each(|lane| lane + 1));
}

#[test]
fn a_trap_ends_the_launch() {
    let error = warp("setp.eq.u32 p0, lane, 9; @p0 trap;", &counting()).expect_err("it traps");
    let DeviceError::Fault(fault) = error else {
        panic!("{error}");
    };
    assert_eq!(
        (fault.kind, fault.thread),
        (FaultKind::Trap, Some([9, 0, 0]))
    );
}

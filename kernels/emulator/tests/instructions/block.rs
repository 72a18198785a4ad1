//! What the threads of a block do together: barriers, fences.

use crate::single::{Bench, HEADER, settings};
use ptx_emulator::{Launch, Report};

/// Runs statements in one block; `t` is the thread, `d` its result, `x` to `z` registers, `p` and `p2` predicates, `room`
/// 4,096 bytes of shared memory, `s` the address of the thread's word in it.
fn block(threads: u32, statements: &str) -> (Vec<u32>, Report) {
    let text = format!(
        "{HEADER}.visible .entry test(.param .u64 out) {{
           .shared .align 16 .b8 room[4096]; .reg .b64 to; .reg .b32 t, d, x, y, z, s; .reg .pred p, p2;
           ld.param.u64 to, [out]; mov.u32 t, %tid.x; mad.wide.u32 to, t, 4, to; mov.u32 d, 0;
           mov.u32 s, room; mad.lo.u32 s, t, 4, s;
           {statements}
           st.global.u32 [to], d; ret; }}"
    );
    let mut bench = Bench::new(&text, settings(true));
    let out = bench.buffer(&vec![0_u32; threads as usize], "out");
    let report = bench
        .launch("test", Launch::linear(1, threads), &[out.into()])
        .unwrap_or_else(|error| panic!("{statements}: {error}"));
    (bench.read(out, threads as usize), report)
}

#[test]
fn a_barrier_shows_what_other_warps_wrote() {
    let (found, report) = block(
        96,
        "st.shared.u32 [s], t; bar.sync 0; sub.u32 x, 95, t; mov.u32 y, room; mad.lo.u32 y, x, 4, y;
         ld.shared.u32 d, [y];",
    );
    let expected: Vec<u32> = (0..96).rev().collect();
    assert_eq!(found, expected);
    assert_eq!(report.counters.barriers, 1);
}

#[test]
fn barriers_have_other_spellings_and_registers_for_numbers() {
    for text in [
        "barrier.sync 3;",
        "barrier.sync.aligned 0;",
        "bar.cta.sync 2;",
        "mov.u32 z, 5; bar.sync z;",
        "mov.u32 z, 64; bar.sync 1, z;",
        "barrier.cta.sync.aligned 1, 64;",
    ] {
        let text = format!(
            "st.shared.u32 [s], t; {text} xor.b32 x, t, 32; mov.u32 y, room; mad.lo.u32 y, x, 4, y; ld.shared.u32 d, [y];"
        );
        let expected: Vec<u32> = (0..64).map(|thread| thread ^ 32).collect();
        assert_eq!(block(64, &text).0, expected, "{text}");
    }
}

#[test]
fn barriers_reduce_predicates() {
    let run = |text: &str| block(64, &format!("setp.lt.u32 p, t, 40; {text}")).0;
    assert_eq!(run("bar.red.popc.u32 d, 0, p;"), [40; 64]);
    assert_eq!(run("bar.red.popc.u32 d, 0, !p;"), [24; 64]);
    assert_eq!(
        run("bar.red.and.pred p2, 0, p; selp.u32 d, 1, 0, p2;"),
        [0; 64]
    );
    assert_eq!(
        run("bar.red.or.pred p2, 0, p; selp.u32 d, 1, 0, p2;"),
        [1; 64]
    );
    assert_eq!(
        run("barrier.cta.red.popc.aligned.u32 d, 1, 64, p;"),
        [40; 64]
    );
}

#[test]
fn producers_arrive_and_consumers_wait() {
    let (found, _) = block(
        64,
        "setp.lt.u32 p, t, 32; @!p bra CONSUME;
         st.shared.u32 [s], t; bar.arrive 1, 64; bra DONE;
         CONSUME: bar.sync 1, 64; ld.shared.u32 d, [s+-128]; DONE:",
    );
    let expected: Vec<u32> = (0..64)
        .map(|thread: u32| thread.saturating_sub(32))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn some_warps_meet_at_a_barrier_with_a_count() {
    let (found, report) = block(
        96,
        "setp.ge.u32 p, t, 64; @p bra DONE; st.shared.u32 [s], t; bar.sync 1, 64;
         xor.b32 x, t, 32; mov.u32 y, room; mad.lo.u32 y, x, 4, y; ld.shared.u32 d, [y]; DONE:",
    );
    let expected: Vec<u32> = (0..96)
        .map(|thread| if thread < 64 { thread ^ 32 } else { 0 })
        .collect();
    assert_eq!(found, expected);
    assert_eq!(report.counters.barriers, 1);
}

#[test]
fn threads_that_exited_are_not_waited_for() {
    let (found, _) = block(
        64,
        "setp.ge.u32 p, t, 32; @p exit; st.shared.u32 [s], t; bar.sync 0; ld.shared.u32 d, [s];",
    );
    let expected: Vec<u32> = (0..64)
        .map(|thread| if thread < 32 { thread } else { 0 })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn fences_of_every_scope_are_taken() {
    let (found, _) = block(
        32,
        "membar.cta; membar.gl; membar.sys; fence.sc.cta; fence.sc.gpu; fence.acq_rel.gpu; fence.acq_rel.sys;
         fence.cta.sc; fence.acq_rel.cta; fence.proxy.alias; nanosleep.u32 100; mov.u32 d, t;",
    );
    assert_eq!(found, (0..32).collect::<Vec<u32>>());
}

#[test]
fn a_cluster_is_one_block() {
    let (found, _) = block(
        64,
        "st.shared.u32 [s], t; barrier.cluster.arrive.release; barrier.cluster.wait.acquire; xor.b32 x, t, 32;
         mov.u32 y, room; mad.lo.u32 y, x, 4, y; ld.shared.u32 d, [y];",
    );
    let expected: Vec<u32> = (0..64).map(|thread| thread ^ 32).collect();
    assert_eq!(found, expected);
}

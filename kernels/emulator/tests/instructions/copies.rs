//! Asynchronous copies, and the barriers in shared memory that they arrive at.

use crate::single::{counting, lanes, warp};

const PLACE: &str =
    "mov.u32 x, room; mad.lo.u32 x, lane, 16, x; st.shared.v4.u32 [x], {77, 77, 77, 77}; ";

fn each(make: impl Fn(u32) -> u32) -> [u32; 32] {
    std::array::from_fn(|lane| make(lane as u32))
}

#[test]
fn copies_of_every_size_arrive_where_they_are_waited_for() {
    let run = |text: &str| lanes(&format!("{PLACE}{text}"), &counting());
    assert_eq!(
        run(
            "cp.async.ca.shared.global [x], [from], 4; cp.async.commit_group; cp.async.wait_group 0; ld.shared.u32 d, [x];"
        ),
        counting()
    );
    assert_eq!(
        run(
            "cp.async.ca.shared.global [x+4], [from], 4; cp.async.wait_all; ld.shared.u32 d, [x+4];"
        ),
        counting()
    );
    // 8 and 16 bytes: from the warp's first input on.
    let base = "sub.u32 y, 0, lane; mul.wide.s32 l0, y, 4; add.s64 l0, from, l0; ";
    assert_eq!(
        run(&format!(
            "{base}cp.async.ca.shared.global [x], [l0+8], 8; cp.async.wait_all; ld.shared.u32 d, [x+4];"
        )),
        [3; 32]
    );
    assert_eq!(
        run(&format!(
            "{base}cp.async.cg.shared.global.L2::128B [x], [l0+16], 16; cp.async.wait_all; ld.shared.u32 d, [x+12];"
        )),
        [7; 32]
    );
}

#[test]
fn what_is_not_read_becomes_zero() {
    let text = format!(
        "{PLACE}sub.u32 y, 0, lane; mul.wide.s32 l0, y, 4; add.s64 l0, from, l0;
         cp.async.cg.shared.global [x], [l0+16], 16, 8; cp.async.wait_all;
         ld.shared.v4.u32 {{d, y, z, w}}, [x]; mad.lo.u32 d, d, 1000, y; add.u32 d, d, z; add.u32 d, d, w;"
    );
    assert_eq!(lanes(&text, &counting()), [4005; 32]);
    let text = format!(
        "{PLACE}mov.u32 y, 0; cp.async.ca.shared.global [x], [from], 4, y; cp.async.wait_all; ld.shared.u32 d, [x];"
    );
    assert_eq!(lanes(&text, &counting()), [0; 32]);
}

#[test]
fn older_groups_arrive_before_younger_ones() {
    let text = format!(
        "{PLACE}cp.async.ca.shared.global [x], [from], 4; cp.async.commit_group;
         cp.async.ca.shared.global [x+4], [from], 4; cp.async.commit_group;
         cp.async.wait_group 1; ld.shared.u32 d, [x]; cp.async.wait_group 0; ld.shared.u32 q, [x+4];"
    );
    let found = warp(&text, &counting()).expect("it runs");
    assert_eq!(
        found,
        std::array::from_fn(|lane| (lane as u32, lane as u32))
    );
}

#[test]
fn a_copy_is_not_there_before_it_is_waited_for() {
    let text = format!(
        "{PLACE}cp.async.ca.shared.global [x], [from], 4; ld.shared.u32 d, [x]; cp.async.wait_all;"
    );
    let error = warp(&text, &counting()).expect_err("it is found");
    assert!(error.to_string().contains("copy is under way"), "{error}");
}

#[test]
fn barriers_in_memory_count_arrivals_by_phases() {
    let text = "
        setp.eq.u32 p0, lane, 0; @p0 mbarrier.init.shared.b64 [room], 32; bar.warp.sync -1;
        mbarrier.arrive.shared.b64 l0, [room];
        mbarrier.test_wait.shared.b64 p1, [room], l0; selp.u32 d, 1, 0, p1;
        mbarrier.test_wait.parity.shared.b64 p2, [room], 0; selp.u32 q, 2, 0, p2; add.u32 d, d, q;
        mbarrier.test_wait.parity.shared.b64 p2, [room], 1; selp.u32 q, 4, 0, p2; add.u32 d, d, q;
        mbarrier.arrive.release.cta.shared::cta.b64 _, [room];
        WAIT: mbarrier.try_wait.parity.shared::cta.b64 p3, [room], 1; @!p3 bra WAIT;
        mbarrier.pending_count.b64 q, l0; bar.warp.sync -1; @p0 mbarrier.inval.shared.b64 [room];";
    let found = warp(text, &counting()).expect("it runs");
    // The state is that before each lane's own arrival: 32 awaited at first, one less a lane.
    assert_eq!(found, std::array::from_fn(|lane| (1 + 2, 32 - lane as u32)));
}

const BULK: &str = "
    setp.eq.u32 p0, lane, 0; mov.u32 x, room; mad.lo.u32 y, lane, 4, x;
    @p0 mbarrier.init.shared::cta.b64 [room+512], 1; fence.proxy.async.shared::cta; bar.warp.sync -1;
    @p0 mbarrier.arrive.expect_tx.shared::cta.b64 _, [room+512], 128;";
const WAIT: &str =
    "WAIT: mbarrier.try_wait.parity.shared::cta.b64 p1, [room+512], 0; @!p1 bra WAIT;";

#[test]
fn bulk_copies_complete_the_bytes_that_a_barrier_expects() {
    let text = format!(
        "{BULK} @p0 cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [x], [from], 128, [room+512];
         {WAIT} ld.shared.u32 d, [y];"
    );
    assert_eq!(lanes(&text, &counting()), counting());
    // Half of the bytes do not end the phase; the other half does.
    let text = format!(
        "{BULK} @p0 cp.async.bulk.shared::cta.global.mbarrier::complete_tx::bytes [x], [from], 64, [room+512];
         bar.warp.sync -1; mbarrier.test_wait.parity.shared.b64 p2, [room+512], 0; selp.u32 d, 1, 0, p2;
         @p0 mbarrier.complete_tx.relaxed.cta.shared::cta.b64 [room+512], 64;
         {WAIT} mbarrier.test_wait.parity.shared.b64 p2, [room+512], 0; selp.u32 q, 1, 0, p2;"
    );
    assert_eq!(warp(&text, &counting()).expect("it runs"), [(0, 1); 32]);
}

#[test]
fn bulk_copies_leave_shared_memory_in_groups() {
    let text = "
        mov.u32 x, room; mad.lo.u32 y, lane, 4, x; mul.lo.u32 z, a, 3; st.shared.u32 [y], z; bar.warp.sync -1;
        setp.eq.u32 p0, lane, 0;
        @p0 cp.async.bulk.global.shared::cta.bulk_group [from], [x], 128;
        cp.async.bulk.commit_group; cp.async.bulk.wait_group.read 0; bar.warp.sync -1; ld.global.u32 d, [from];";
    assert_eq!(lanes(text, &counting()), each(|lane| 3 * lane));
}

#[test]
fn bulk_copies_stay_inside_and_move_sixteen_bytes_at_least() {
    for (bytes, reason) in [(4096, "outside"), (24, "multiple of 16")] {
        let text = format!(
            "{BULK} @p0 cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [x], [from], {bytes}, [room+512];"
        );
        let error = warp(&text, &counting()).expect_err("it is found");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn barriers_in_memory_take_counts_and_drop_members() {
    let text = "
        setp.eq.u32 p0, lane, 0; @!p0 bra DONE;
        mbarrier.init.shared.b64 [room], 3;
        mbarrier.arrive.noComplete.shared.b64 l0, [room], 2;
        mbarrier.test_wait.shared.b64 p1, [room], l0; selp.u32 d, 1, 0, p1;
        mbarrier.arrive_drop.shared.b64 l1, [room];
        mbarrier.test_wait.shared.b64 p1, [room], l1; selp.u32 x, 2, 0, p1; add.u32 d, d, x;
        // Two are left.
        mbarrier.arrive.shared.b64 l0, [room], 2;
        mbarrier.test_wait.shared.b64 p1, [room], l0; selp.u32 x, 4, 0, p1; add.u32 d, d, x;
        DONE:";
    assert_eq!(
        lanes(text, &counting()),
        each(|lane| if lane == 0 { 6 } else { 0 })
    );
}

#[test]
fn copies_arrive_at_barriers_in_memory() {
    let text = "
        mov.u32 x, room; mad.lo.u32 x, lane, 4, x;
        setp.eq.u32 p0, lane, 0; @p0 mbarrier.init.shared.b64 [room+512], 32; bar.warp.sync -1;
        cp.async.ca.shared.global [x], [from], 4; cp.async.mbarrier.arrive.noinc.shared.b64 [room+512];
        WAIT: mbarrier.test_wait.parity.shared.b64 p1, [room+512], 0; @!p1 bra WAIT;
        xor.b32 y, lane, 1; mov.u32 z, room; mad.lo.u32 z, y, 4, z; ld.shared.u32 d, [z];";
    assert_eq!(lanes(text, &counting()), each(|lane| lane ^ 1));
    let text = "
        mov.u32 x, room; mad.lo.u32 x, lane, 4, x;
        setp.eq.u32 p0, lane, 0; @p0 mbarrier.init.shared.b64 [room+512], 32; bar.warp.sync -1;
        cp.async.ca.shared.global [x], [from], 4; cp.async.mbarrier.arrive.shared.b64 [room+512];
        mbarrier.arrive.shared.b64 l0, [room+512];
        WAIT: mbarrier.test_wait.shared.b64 p1, [room+512], l0; @!p1 bra WAIT;
        xor.b32 y, lane, 1; mov.u32 z, room; mad.lo.u32 z, y, 4, z; ld.shared.u32 d, [z];";
    assert_eq!(lanes(text, &counting()), each(|lane| lane ^ 1));
}

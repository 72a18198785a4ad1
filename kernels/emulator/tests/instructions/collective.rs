//! What the lanes of a warp do together.

use crate::single::{counting, lanes, warp};

fn each(make: impl Fn(u32) -> u32) -> [u32; 32] {
    std::array::from_fn(|lane| make(lane as u32))
}

#[test]
fn shuffles_move_values_up_down_across_and_from_anywhere() {
    let squares = each(|lane| lane * lane);
    let shuffled = |text: &str| lanes(text, &squares);
    let square = |lane: u32| lane * lane;
    assert_eq!(
        shuffled("shfl.sync.up.b32 d, a, 3, 0, -1;"),
        each(|lane| square(if lane < 3 { lane } else { lane - 3 }))
    );
    assert_eq!(
        shuffled("shfl.sync.down.b32 d, a, 3, 31, -1;"),
        each(|lane| square(if lane > 28 { lane } else { lane + 3 }))
    );
    assert_eq!(
        shuffled("shfl.sync.bfly.b32 d, a, 5, 31, -1;"),
        each(|lane| square(lane ^ 5))
    );
    assert_eq!(shuffled("shfl.sync.idx.b32 d, a, 7, 31, -1;"), each(|_| 49));
    assert_eq!(
        shuffled("sub.u32 x, 31, lane; shfl.sync.idx.b32 d, a, x, 31, -1;"),
        each(|lane| square(31 - lane))
    );
}

#[test]
fn shuffles_stay_inside_their_segments_and_say_so() {
    // Segments of 8: the mask 0x18 stands in bits 8 to 12.
    let found = |text: &str| warp(text, &counting()).expect("it runs");
    let pair = |first: fn(u32) -> u32, second: fn(u32) -> bool| {
        std::array::from_fn(|lane| (first(lane as u32), u32::from(second(lane as u32))))
    };
    assert_eq!(
        found("shfl.sync.up.b32 d|p0, a, 3, 0x1800, -1; selp.u32 q, 1, 0, p0;"),
        pair(
            |lane| if lane % 8 < 3 { lane } else { lane - 3 },
            |lane| lane % 8 >= 3
        )
    );
    assert_eq!(
        found("shfl.sync.down.b32 d|p0, a, 3, 0x181F, -1; selp.u32 q, 1, 0, p0;"),
        pair(
            |lane| if lane % 8 > 4 { lane } else { lane + 3 },
            |lane| lane % 8 <= 4
        )
    );
    assert_eq!(
        found("shfl.sync.idx.b32 d|p0, a, 10, 0x181F, -1; selp.u32 q, 1, 0, p0;"),
        pair(|lane| lane / 8 * 8 + 2, |_| true)
    );
    assert_eq!(
        found("shfl.sync.bfly.b32 d|p0, a, 16, 0x181F, -1; selp.u32 q, 1, 0, p0;"),
        pair(
            |lane| if lane < 16 { lane } else { lane - 16 },
            |lane| lane >= 16
        )
    );
}

#[test]
fn votes_ask_all_any_whether_alike_and_who() {
    let half = "setp.lt.u32 p0, lane, 16; ";
    let vote = |text: &str| lanes(&format!("{half}{text}"), &counting());
    assert_eq!(vote("vote.sync.ballot.b32 d, p0, -1;"), [0xFFFF; 32]);
    assert_eq!(vote("vote.sync.ballot.b32 d, !p0, -1;"), [0xFFFF_0000; 32]);
    assert_eq!(
        vote("vote.sync.all.pred p1, p0, -1; selp.u32 d, 1, 0, p1;"),
        [0; 32]
    );
    assert_eq!(
        vote("vote.sync.any.pred p1, p0, -1; selp.u32 d, 1, 0, p1;"),
        [1; 32]
    );
    assert_eq!(
        vote("vote.sync.uni.pred p1, p0, -1; selp.u32 d, 1, 0, p1;"),
        [0; 32]
    );
    assert_eq!(
        vote("@!p0 bra SKIP; vote.sync.all.pred p1, p0, 0xFFFF; selp.u32 d, 1, 0, p1; SKIP:"),
        each(|lane| u32::from(lane < 16))
    );
}

#[test]
fn lanes_find_those_with_their_value() {
    let text = "shr.u32 x, lane, 4; match.any.sync.b32 d, x, -1; match.all.sync.b32 q|p0, x, -1;
                selp.u32 y, 1, 0, p0; add.u32 q, q, y;";
    let found = warp(text, &counting()).expect("it runs");
    assert_eq!(
        found,
        std::array::from_fn(|lane| (if lane < 16 { 0xFFFF } else { 0xFFFF_0000 }, 0))
    );
    let text = "mov.u64 l0, 5; match.all.sync.b64 d|p0, l0, -1; selp.u32 q, 1, 0, p0;";
    assert_eq!(
        warp(text, &counting()).expect("it runs"),
        [(u32::MAX, 1); 32]
    );
}

#[test]
fn reductions_join_all_lanes() {
    let minus = each(|lane| lane.wrapping_sub(3));
    assert_eq!(
        lanes("redux.sync.add.s32 d, a, -1;", &counting()),
        [496; 32]
    );
    assert_eq!(
        lanes("redux.sync.min.s32 d, a, -1;", &minus),
        [(-3_i32) as u32; 32]
    );
    assert_eq!(lanes("redux.sync.min.u32 d, a, -1;", &minus), [0; 32]);
    assert_eq!(lanes("redux.sync.max.s32 d, a, -1;", &minus), [28; 32]);
    assert_eq!(
        lanes("redux.sync.max.u32 d, a, -1;", &minus),
        [u32::MAX; 32]
    );
    assert_eq!(
        lanes("redux.sync.and.b32 d, a, -1;", &each(|lane| 64 | lane)),
        [64; 32]
    );
    assert_eq!(lanes("redux.sync.or.b32 d, a, -1;", &counting()), [31; 32]);
    assert_eq!(
        lanes(
            "redux.sync.xor.b32 d, a, -1;",
            &each(|lane| u32::from(lane == 3) * 9)
        ),
        [9; 32]
    );
}

#[test]
fn one_lane_is_elected_and_the_active_ones_are_known() {
    let text = "elect.sync x|p0, -1; selp.u32 d, 1, 0, p0; activemask.b32 q;";
    let expected = std::array::from_fn(|lane| (u32::from(lane == 0), u32::MAX));
    assert_eq!(warp(text, &counting()).expect("it runs"), expected);
    let text =
        "setp.lt.u32 p0, lane, 4; @p0 bra SKIP; elect.sync _|p1, 0xFFFFFFF0; activemask.b32 q;
                selp.u32 d, 1, 0, p1; SKIP: bar.warp.sync -1;";
    let expected = std::array::from_fn(|lane| {
        if lane < 4 {
            (0, 0)
        } else {
            (u32::from(lane == 4), 0xFFFF_FFF0)
        }
    });
    assert_eq!(warp(text, &counting()).expect("it runs"), expected);
}

#[test]
fn groups_of_a_warp_use_masks_of_their_own_in_one_instruction() {
    // Tiles of 8 lanes, each with its own mask, as cooperative groups make them.
    let mask = "and.b32 x, lane, 24; shl.b32 y, 0xFF, x; ";
    let run = |text: &str| lanes(&format!("{mask}{text}"), &counting());
    assert_eq!(
        run("redux.sync.add.u32 d, a, y;"),
        each(|lane| 8 * (lane / 8 * 8) + 28)
    );
    assert_eq!(
        run("shfl.sync.idx.b32 d, a, 3, 0x181F, y;"),
        each(|lane| lane / 8 * 8 + 3)
    );
    assert_eq!(
        run("setp.eq.u32 p0, lane, 9; vote.sync.any.pred p1, p0, y; selp.u32 d, 1, 0, p1;"),
        each(|lane| u32::from(lane / 8 == 1))
    );
    assert_eq!(
        run(
            "mov.u32 z, room; mad.lo.u32 z, lane, 4, z; st.shared.u32 [z], a; bar.warp.sync y;
             xor.b32 w, lane, 1; mov.u32 z, room; mad.lo.u32 z, w, 4, z; ld.shared.u32 d, [z];"
        ),
        each(|lane| lane ^ 1)
    );
}

#[test]
fn lanes_on_different_ways_meet_at_an_instruction() {
    // One half comes late; the shuffle waits for it.
    let text = "setp.lt.u32 p0, lane, 16; @p0 bra MEET; add.u32 a, a, 100; add.u32 a, a, 100; MEET:
                xor.b32 x, lane, 16; shfl.sync.idx.b32 d, a, x, 31, -1;";
    assert_eq!(
        lanes(text, &counting()),
        each(|lane| if lane < 16 {
            lane + 16 + 200
        } else {
            lane - 16
        })
    );
    // Barriers of the warp at different places are the same barrier.
    let text =
        "setp.lt.u32 p0, lane, 16; mov.u32 x, room; mad.lo.u32 x, lane, 4, x; st.shared.u32 [x], a;
                @p0 bra LOW; bar.warp.sync -1; ld.shared.u32 d, [x+-64]; bra DONE;
                LOW: bar.warp.sync -1; ld.shared.u32 d, [x+64]; DONE:";
    assert_eq!(lanes(text, &counting()), each(|lane| lane ^ 16));
}

#[test]
fn instructions_without_sync_are_refused() {
    let text = "shfl.up.b32 d, a, 3, 0;";
    let module = format!(
        "{}.visible .entry t() {{ .reg .b32 d, a; {text} ret; }}",
        crate::single::HEADER
    );
    let error = ptx_emulator::Module::parse(&module).expect_err("it is refused");
    assert!(error.reason.contains("sync"), "{error}");
}

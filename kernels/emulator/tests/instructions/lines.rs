//! Registers whose lanes lie on a line, which the emulator executes for the first lane alone: each result must be the same as
//! that of values from memory, of which nothing is known.

use crate::single::{counting, lanes, warp};

/// First values and steps, with those that wrap around from lane to lane.
const LINES: [(u32, u32); 9] = [
    (0, 0),
    (7, 0),
    (0, 1),
    (100, 4),
    (u32::MAX - 3, 1),
    (0x7FFF_FFF0, 3),
    (0x8000_0000, 0x8000_0000),
    (5, u32::MAX),
    (0xFFFF_FF00, 8),
];

/// Runs an instruction on two lines (`x` and `y`), and on the same values out of shared memory (`z` and `w`).
fn verify(instructions: &[&str]) {
    let mut wrong = Vec::new();
    for text in instructions {
        for (first, step) in LINES {
            for (other, stride) in [(3, 0), (32, 1), (u32::MAX, 0), (first, step)] {
                let lines = format!(
                    "mad.lo.u32 x, lane, {step}, {first}; mad.lo.u32 y, lane, {stride}, {other};"
                );
                let known = text.replace('A', "x").replace('B', "y").replace('D', "d");
                let unknown = text.replace('A', "z").replace('B', "w").replace('D', "q");
                let text = format!(
                    "{lines} mul.lo.u32 z, lane, 8; mov.u32 w, room; add.u32 z, z, w;
                     st.shared.v2.u32 [z], {{x, y}}; bar.warp.sync -1; ld.shared.v2.u32 {{z, w}}, [z];
                     {lines} {known} {unknown}"
                );
                let found = warp(&text, &counting()).expect("it runs");
                let differs = found.iter().position(|(known, unknown)| known != unknown);
                wrong.extend(differs.map(|lane| {
                    format!(
                        "{text} of {first} by {step} and {other} by {stride}, lane {lane}: {:x?}",
                        found[lane]
                    )
                }));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn arithmetic_of_lines_is_that_of_their_lanes() {
    verify(&[
        "mov.u32 D, A;",
        "add.u32 D, A, B;",
        "sub.s32 D, A, B;",
        "mul.lo.u32 D, A, B;",
        "mad.lo.s32 D, A, B, A;",
        "mad.lo.u32 D, B, 12, A;",
        "shl.b32 D, A, B;",
        "shl.b32 D, B, 3;",
        "and.b32 D, A, B;",
        "shr.u32 D, A, 3;",
        "min.s32 D, A, B;",
        "add.sat.s32 D, A, B;",
        "mul.hi.u32 D, A, B;",
        "popc.b32 D, A;",
    ]);
}

#[test]
fn lines_become_wide_only_where_they_do_not_wrap() {
    let sources = [
        "cvt.u64.u32 l0, A;",
        "cvt.s64.s32 l0, A;",
        "mul.wide.u32 l0, A, B;",
        "mul.wide.s32 l0, A, B;",
        "mov.u64 l2, 5; mad.wide.u32 l0, A, 4, l2;",
        "cvt.s64.s32 l2, B; mad.wide.s32 l0, A, -4, l2;",
        "cvt.u64.u32 l2, A; cvt.u64.u32 l3, B; add.u64 l0, l2, l3; shl.b64 l0, l0, 7;",
        "cvt.s64.s32 l2, A; cvt.s64.s32 l3, B; sub.s64 l2, l2, l3; mul.lo.u64 l0, l2, l3;",
    ];
    let both = sources.map(|text| {
        format!(
            "{{ .reg .b64 l<4>; .reg .b32 low, high; {text}
             shr.u64 l1, l0, 32; cvt.u32.u64 low, l0; cvt.u32.u64 high, l1; xor.b32 D, low, high; }}"
        )
    });
    verify(&both.each_ref().map(String::as_str));
}

#[test]
fn comparisons_and_choices_of_lines_are_those_of_their_lanes() {
    let mut texts = Vec::new();
    for kind in ["u32", "s32"] {
        for way in ["eq", "ne", "lt", "le", "gt", "ge"] {
            texts.push(format!(
                "setp.{way}.{kind} p0, A, B; selp.u32 D, A, B, p0; @p0 add.u32 D, D, 5;"
            ));
        }
    }
    texts.push("setp.lt.u64 p0, from, to; selp.u32 D, A, 1, p0;".to_owned());
    verify(&texts.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn what_some_lanes_overwrite_is_no_line_any_longer() {
    let found = lanes(
        "and.b32 x, a, 1; setp.ne.u32 p0, x, 0; mad.lo.u32 y, lane, 3, 10;
         @p0 add.u32 y, y, 100; add.u32 d, y, lane;",
        &counting(),
    );
    assert_eq!(
        found,
        std::array::from_fn(|lane| {
            let lane = lane as u32;
            4 * lane + 10 + 100 * (lane & 1)
        })
    );
    // Without reading it before.
    let found = lanes(
        "and.b32 x, a, 1; setp.ne.u32 p0, x, 0; mad.lo.u32 y, lane, 3, 10; @p0 mov.u32 y, a; mov.u32 d, y;",
        &counting(),
    );
    assert_eq!(
        found,
        std::array::from_fn(|lane| {
            let lane = lane as u32;
            if lane % 2 == 1 { lane } else { 3 * lane + 10 }
        })
    );
    // Each lane leaves the loop in a turn of its own, with what it counted up to there.
    let found = lanes(
        "mov.u32 x, 0; mov.u32 y, 0;
         LOOP: add.u32 y, y, 2; add.u32 x, x, 1; setp.lt.u32 p0, x, a; @p0 bra LOOP;
         add.u32 d, y, lane;",
        &counting(),
    );
    assert_eq!(
        found,
        std::array::from_fn(|lane| 2 * (lane as u32).max(1) + lane as u32)
    );
}

#[test]
fn lines_are_addresses_with_and_without_gaps() {
    for step in [0_u32, 4, 8, 12] {
        let found = lanes(
            &format!(
                "mov.u32 y, room; mul.lo.u32 x, lane, 4; add.u32 x, x, y; st.shared.u32 [x], a; bar.warp.sync -1;
                 mul.lo.u32 x, lane, {step}; and.b32 x, x, 124; add.u32 x, x, y; ld.shared.u32 d, [x];
                 mov.u32 x, 3; mad.lo.u32 x, lane, x, 1; st.shared.u32 [room+512], x;
                 bar.warp.sync -1; ld.shared.u32 x, [room+512]; sub.u32 d, d, x;"
            ),
            &counting(),
        );
        // Of all who store there the last lane wins.
        assert_eq!(
            found,
            std::array::from_fn(|lane| (((step * lane as u32) & 124) / 4).wrapping_sub(94))
        );
    }
}

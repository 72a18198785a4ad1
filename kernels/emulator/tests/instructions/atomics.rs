//! Atomic instructions of every operation and type.

use crate::single::{Bench, HEADER, counting, settings, warp};
use ptx_emulator::Launch;

/// One thread, in shared memory and in global memory, generic and not: the place before, the operands, what comes back and
/// what stays, as bits of the type.
fn verify(name: &str, width: u32, old: u64, operands: &[u64], new: u64) {
    for (space, red) in [
        (".shared", false),
        (".global", false),
        ("", false),
        (".global", true),
    ] {
        if red && (name.starts_with("cas") || name.starts_with("exch")) {
            continue;
        }
        let values: String = (0..operands.len())
            .map(|index| format!(", v{index}"))
            .collect();
        let loads: String = operands
            .iter()
            .enumerate()
            .map(|(index, bits)| format!("mov.b{width} v{index}, {bits:#x};\n"))
            .collect();
        let place = match space {
            ".shared" => "room",
            ".global" => "at",
            _ => "generic",
        };
        let instruction = match red {
            true => format!("mov.b{width} was, {old:#x}; red{space}.{name} [{place}]{values};"),
            false => format!("atom{space}.{name} was, [{place}]{values};"),
        };
        let copy = match space {
            ".global" => "",
            _ => "ld.shared.b@ was2, [room]; st.global.b@ [at], was2;",
        };
        let text = format!(
            "{HEADER}.visible .entry test(.param .u64 out) {{
               .shared .align 8 .b8 room[8];
               .reg .b64 at, generic; .reg .b@ was, was2, v<2>;
               ld.param.u64 at, [out]; mov.u64 generic, room; cvta.shared.u64 generic, generic;
               mov.b@ was, {old:#x}; st.shared.b@ [room], was; st.global.b@ [at], was; {loads}
               {instruction} {copy} st.global.b@ [at+8], was; ret; }}"
        )
        .replace('@', &width.to_string());
        let mut bench = Bench::new(&text, settings(true));
        let out = bench.buffer(&[0_u64; 2], "out");
        let outcome = bench.launch("test", Launch::linear(1, 1), &[out.into()]);
        outcome.unwrap_or_else(|error| panic!("{instruction}: {error}"));
        assert_eq!(bench.read::<u64>(out, 2), [new, old], "{instruction}");
    }
}

#[test]
fn integers_are_changed_by_every_operation() {
    verify("add.u32", 32, 0xFFFF_FFFF, &[2], 1);
    verify("add.s32", 32, 5, &[0xFFFF_FFFF], 4);
    verify("add.u64", 64, u64::MAX, &[2], 1);
    verify("exch.b32", 32, 5, &[6], 6);
    verify("exch.b64", 64, 5, &[1 << 40], 1 << 40);
    verify("min.s32", 32, 5, &[0xFFFF_FFFF], 0xFFFF_FFFF);
    verify("min.u32", 32, 5, &[0xFFFF_FFFF], 5);
    verify("max.s32", 32, 5, &[0xFFFF_FFFF], 5);
    verify("max.u32", 32, 5, &[0xFFFF_FFFF], 0xFFFF_FFFF);
    verify("min.s64", 64, 5, &[u64::MAX], u64::MAX);
    verify("max.u64", 64, 5, &[u64::MAX], u64::MAX);
    verify("and.b32", 32, 0b1100, &[0b1010], 0b1000);
    verify("or.b64", 64, 0b1100, &[0b1010], 0b1110);
    verify("xor.b32", 32, 0b1100, &[0b1010], 0b0110);
}

#[test]
fn comparisons_exchange_where_they_hold() {
    verify("cas.b32", 32, 5, &[5, 7], 7);
    verify("cas.b32", 32, 5, &[6, 7], 5);
    verify("cas.b64", 64, 1 << 40, &[1 << 40, 7], 7);
    verify("cas.b16", 16, 5, &[5, 7], 7);
}

#[test]
fn counters_wrap_at_their_limit() {
    verify("inc.u32", 32, 4, &[5], 5);
    verify("inc.u32", 32, 5, &[5], 0);
    verify("dec.u32", 32, 4, &[5], 3);
    verify("dec.u32", 32, 0, &[5], 5);
    verify("dec.u32", 32, 9, &[5], 5);
}

#[test]
fn floats_are_added() {
    let single = |x: f32| u64::from(x.to_bits());
    verify("add.f32", 32, single(1.5), &[single(2.0)], single(3.5));
    verify(
        "add.f64",
        64,
        1.5_f64.to_bits(),
        &[2.0_f64.to_bits()],
        3.5_f64.to_bits(),
    );
    verify("add.noftz.f16", 16, 0x3C00, &[0x4000], 0x4200);
    verify(
        "add.noftz.f16x2",
        32,
        0x3C00_4000,
        &[0x4000_3C00],
        0x4200_4200,
    );
    verify(
        "add.noftz.bf16x2",
        32,
        0x3F80_4000,
        &[0x4000_3F80],
        0x4040_4040,
    );
    verify("add.noftz.bf16", 16, 0x3F80, &[0x4000], 0x4040);
}

#[test]
fn orders_and_scopes_change_no_value() {
    verify("add.release.gpu.u32", 32, 1, &[2], 3);
    verify("acq_rel.sys.cas.b32", 32, 5, &[5, 7], 7);
    verify("relaxed.cta.add.u32", 32, 1, &[2], 3);
}

#[test]
fn vectors_are_added_element_by_element() {
    let text = format!(
        "{HEADER}.visible .entry test(.param .u64 out) {{
           .reg .b64 at; .reg .b32 x, y, z, w;
           ld.param.u64 at, [out];
           atom.global.v2.f32.add {{x, y}}, [at], {{0f3F800000, 0f40000000}};
           st.global.v2.b32 [at+8], {{x, y}};
           red.global.add.v2.f32 [at], {{0f3F800000, 0f40000000}};
           atom.global.add.noftz.v2.f16x2 {{z, w}}, [at+16], {{0x3C003C00, 0x40004000}}; ret; }}"
    );
    let mut bench = Bench::new(&text, settings(true));
    let halves = f32::from_bits(0x3C00_4000);
    let out = bench.buffer(&[1.0_f32, 2.0, 0.0, 0.0, halves, halves], "out");
    bench
        .launch("test", Launch::linear(1, 1), &[out.into()])
        .expect("it runs");
    let expected = [
        3.0,
        6.0,
        1.0,
        2.0,
        f32::from_bits(0x4000_4200),
        f32::from_bits(0x4200_4400),
    ];
    assert_eq!(bench.read::<f32>(out, 6), expected);
}

#[test]
fn lanes_at_one_place_take_turns() {
    let found = warp(
        "st.shared.u32 [room], 100; bar.warp.sync -1; atom.shared.add.u32 d, [room], a; bar.warp.sync -1;
         ld.shared.u32 q, [room];",
        &[1; 32],
    );
    let expected: [(u32, u32); 32] = std::array::from_fn(|lane| (100 + lane as u32, 132));
    assert_eq!(found.expect("it runs"), expected);
}

#[test]
fn lanes_with_generic_addresses_may_mean_different_spaces() {
    let found = warp(
        "st.shared.u32 [room], 100; bar.warp.sync -1;
         mov.u64 l0, room; cvta.shared.u64 l0, l0; and.b32 x, lane, 1; setp.eq.u32 p0, x, 0;
         selp.b64 l1, l0, to, p0; st.global.u32 [to], 7; atom.add.u32 d, [l1], 1;",
        &counting(),
    );
    let expected: [u32; 32] = std::array::from_fn(|lane| {
        if lane % 2 == 0 {
            100 + lane as u32 / 2
        } else {
            7
        }
    });
    assert_eq!(found.expect("it runs").map(|(first, _)| first), expected);
}

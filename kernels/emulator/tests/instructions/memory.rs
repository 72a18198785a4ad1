//! Loads and stores of every width and space.

use crate::single::{Bench, HEADER, counting, lanes, settings};
use ptx_emulator::{Argument, Launch};

#[test]
fn every_width_is_stored_and_loaded() {
    let found = lanes(
        "mad.wide.u32 l0, lane, 16, 0; mov.u64 l1, room; add.u64 l0, l0, l1;
         st.shared.u8 [l0], 0x1FF; st.shared.u8 [l0+1], 1; st.shared.u16 [l0+2], 0x2345;
         st.shared.u32 [l0+4], a; mov.u64 l2, 0x123456789ABCDEF0; st.shared.u64 [l0+8], l2;
         ld.shared.u32 x, [l0]; ld.shared.u8 y, [l0+15]; ld.shared.u16 z, [l0+12]; ld.shared.u32 w, [l0+4];
         xor.b32 d, x, y; xor.b32 d, d, z; add.u32 d, d, w;",
        &counting(),
    );
    let first = (0x2345_01FF ^ 0x12 ^ 0x5678) as u32;
    let expected: [u32; 32] = std::array::from_fn(|lane| first + lane as u32);
    assert_eq!(found, expected);
}

#[test]
fn small_loads_extend_their_sign() {
    let found = lanes(
        "mad.wide.u32 l0, lane, 4, 0; mov.u64 l1, room; add.u64 l0, l0, l1; st.shared.u32 [l0], a;
         ld.shared.s8 x, [l0]; ld.shared.u8 y, [l0]; ld.shared.s16 z, [l0]; ld.shared.u16 w, [l0];
         sub.u32 d, y, x; add.u32 d, d, w; sub.u32 d, d, z;",
        &[0xFFFF_8081; 32],
    );
    assert_eq!(found, [0x100 + 0x1_0000; 32]);
    let found = lanes(
        "mov.u64 l0, room; st.shared.u32 [l0], a; bar.warp.sync -1; ld.shared.s8 h0, [l0]; cvt.s32.s16 d, h0;",
        &[0xFFFF_8081; 32],
    );
    assert_eq!(found, [0xFFFF_FF81; 32]);
    let found = lanes(
        "mov.u64 l0, room; st.shared.u32 [l0], a; bar.warp.sync -1; ld.shared.s32 l1, [l0]; shr.u64 l1, l1, 32;
         cvt.u32.u64 d, l1;",
        &[0x8000_0000; 32],
    );
    assert_eq!(found, [u32::MAX; 32]);
}

#[test]
fn vectors_are_loaded_and_stored_whole() {
    let found = lanes(
        "mad.wide.u32 l0, lane, 32, 0; mov.u64 l1, room; add.u64 l0, l0, l1;
         st.shared.v4.u32 [l0], {a, 1, 2, 3}; ld.shared.v2.u64 {l2, l3}, [l0];
         cvt.u32.u64 x, l2; shr.u64 l3, l3, 32; cvt.u32.u64 y, l3;
         st.shared.v4.u8 [l0+16], {x, y, y, x}; ld.shared.v2.u16 {h0, h1}, [l0+16]; cvt.u32.u16 z, h1;
         st.shared.v2.f32 [l0+24], {x, y}; ld.shared.v2.b32 {_, w}, [l0+24];
         shl.b32 z, z, 8; add.u32 d, z, w;",
        &counting(),
    );
    let expected: [u32; 32] = std::array::from_fn(|lane| ((lane as u32) << 8 | 3) * 256 + 3);
    assert_eq!(found, expected);
}

#[test]
fn registers_of_128_bits_are_loaded_moved_and_stored_whole() {
    let found = lanes(
        "{ .reg .b128 wide<2>; mad.wide.u32 l0, lane, 32, 0; mov.u64 l1, room; add.u64 l0, l0, l1;
         cvt.u64.u32 l1, a; mov.u64 l2, 70000; mov.b128 wide0, {l1, l2}; mov.b128 {l1, l2}, wide0;
         mov.b128 wide0, {l2, l1}; mov.b128 wide1, wide0; st.shared.b128 [l0], wide1;
         ld.shared.b128 wide0, [l0]; st.shared.b128 [l0+16], wide0; ld.shared.v2.u64 {l1, l2}, [l0+16];
         cvt.u32.u64 x, l1; cvt.u32.u64 y, l2; add.u32 d, x, y; sub.u32 d, d, 70000; mov.u32 x, 0; }",
        &counting(),
    );
    assert_eq!(found, counting());
}

#[test]
fn policies_of_caches_change_nothing() {
    let found = lanes(
        "createpolicy.fractional.L2::evict_first.b64 l0, 1.0; ld.global.L2::cache_hint.u32 x, [from], l0;
         mul.lo.u32 y, lane, 4; mov.u32 z, room; add.u32 y, y, z; st.shared.u32 [y], x;
         cp.async.ca.shared.global.L2::cache_hint [y], [from], 4, l0; cp.async.wait_all; ld.shared.u32 d, [y];
         atom.global.add.L2::cache_hint.u32 z, [to], 1, l0; sub.u32 z, z, 0xDEADBEEF; add.u32 d, d, z;",
        &counting(),
    );
    assert_eq!(found, counting());
}

#[test]
fn a_cluster_of_one_block_maps_its_own_memory() {
    let found = lanes(
        "mov.u32 x, room; mul.lo.u32 y, lane, 4; add.u32 x, x, y; st.shared.u32 [x], a;
         mapa.shared::cluster.u32 y, x, 0; barrier.cluster.arrive.aligned; barrier.cluster.wait.aligned;
         ld.shared::cluster.u32 d, [y]; getctarank.shared::cluster.u32 z, x; add.u32 d, d, z;",
        &counting(),
    );
    assert_eq!(found, counting());
}

#[test]
fn local_memory_is_each_threads_own() {
    let found = lanes(
        "{ .local .align 8 .b8 depot[64]; .reg .b64 at, here; mov.u64 at, depot; cvta.local.u64 here, at;
         st.local.u32 [at], a; st.local.v2.u32 [at+8], {a, lane}; st.u16 [here+4], 77;
         ld.u32 x, [here+8]; ld.local.u16 h0, [at+4]; cvt.u32.u16 y, h0; ld.local.u32 z, [depot+12];
         mad.lo.u32 d, x, 1000, y; add.u32 d, d, z; }",
        &counting(),
    );
    let expected: [u32; 32] = std::array::from_fn(|lane| 1001 * lane as u32 + 77);
    assert_eq!(found, expected);
}

#[test]
fn structures_are_passed_as_their_bytes() {
    let text = format!(
        "{HEADER}.visible .entry test(.param .u64 out, .param .align 8 .b8 pair[16], .param .u8 small, .param .f64 last) {{
           .reg .b64 to, at; .reg .b32 r<4>; .reg .b16 h; .reg .f64 f;
           ld.param.u64 to, [out]; ld.param.u32 r0, [pair]; ld.param.u64 at, [pair+8];
           ld.param.u8 h, [small]; ld.param.f64 f, [last];
           cvt.u32.u16 r1, h; cvt.rzi.u32.f64 r2, f; cvt.u32.u64 r3, at;
           st.global.v4.u32 [to], {{r0, r1, r2, r3}}; ret; }}"
    );
    let mut bench = Bench::new(&text, settings(true));
    let out = bench.blank(16, "out");
    let mut pair = [0_u8; 16];
    (pair[0], pair[8]) = (5, 6);
    let arguments = [
        out.into(),
        Argument::bytes(pair),
        7_u8.into(),
        8.5_f64.into(),
    ];
    bench
        .launch("test", Launch::linear(1, 1), &arguments)
        .expect("it runs");
    assert_eq!(bench.read::<u32>(out, 4), [5, 7, 8, 6]);
}

#[test]
fn ordered_cached_and_hinted_accesses_are_accesses() {
    let found = lanes(
        "mov.u64 l0, room; cvta.shared.u64 l1, l0; mad.wide.u32 l0, lane, 8, l0; mad.wide.u32 l1, lane, 8, l1;
         st.volatile.shared.u32 [l0], a; ld.volatile.u32 x, [l1];
         st.release.cta.shared.u32 [l0], x; ld.acquire.cta.shared.u32 x, [l0];
         st.relaxed.gpu.u32 [l1], x; ld.relaxed.sys.u32 x, [l1];
         ld.global.nc.u32 y, [from]; ld.global.L1::no_allocate.u32 z, [from]; ld.global.ca.L2::128B.u32 w, [from];
         st.global.cs.u32 [to], y; st.global.wb.u32 [to], z;
         prefetch.global.L1 [from]; prefetch.global.L2 [from];
         add.u32 d, x, w;",
        &counting(),
    );
    let expected: [u32; 32] = std::array::from_fn(|lane| 2 * lane as u32);
    assert_eq!(found, expected);
}

#[test]
fn arrays_of_no_size_share_the_dynamic_memory() {
    let text = format!(
        "{HEADER}.extern .shared .align 16 .b8 first[];
         .extern .shared .align 8 .b8 second[];
         .visible .entry test(.param .u64 out) {{
           .shared .align 4 .b8 own[4];
           .reg .b64 to; .reg .b32 r<4>;
           ld.param.u64 to, [out]; st.shared.u32 [own], 1; st.shared.u32 [first+4], 2; ld.shared.u32 r0, [second+4];
           mov.u32 r1, first; mov.u32 r2, second; sub.u32 r1, r1, r2; ld.shared.u32 r2, [own];
           st.global.v2.u32 [to], {{r0, r1}}; st.global.u32 [to+8], r2; ret; }}"
    );
    let mut bench = Bench::new(&text, settings(true));
    let out = bench.blank(12, "out");
    let launch = Launch {
        shared_bytes: 64,
        ..Launch::linear(1, 1)
    };
    bench
        .launch("test", launch, &[out.into()])
        .expect("it runs");
    assert_eq!(bench.read::<u32>(out, 3), [2, 0, 1]);
}

#[test]
fn sectors_and_wavefronts_are_counted_by_address() {
    // Strided by 8 bytes, a warp touches 8 sectors; by 128 bytes in shared memory, one bank 32 times.
    let text = format!(
        "{HEADER}.visible .entry test(.param .u64 in) {{
           .shared .align 16 .b8 room[4096]; .reg .b64 at; .reg .b32 lane, x, s, y, z, w;
           ld.param.u64 at, [in]; mov.u32 lane, %laneid; mad.wide.u32 at, lane, 8, at; ld.global.u32 x, [at];
           mov.u32 s, room; mad.lo.u32 s, lane, 128, s; st.shared.u32 [s], x;
           mov.u32 s, room; mad.lo.u32 s, lane, 16, s; st.shared.v4.u32 [s], {{x, x, x, x}};
           mov.u32 s, room; mad.lo.u32 s, lane, 8, s; ld.shared.v2.u32 {{y, z}}, [s]; ret; }}"
    );
    let mut bench = Bench::new(&text, settings(false));
    let input = bench.buffer(&[0_u32; 64], "in");
    let report = bench
        .launch("test", Launch::linear(1, 32), &[input.into()])
        .expect("it runs");
    let counters = report.counters;
    assert_eq!(counters.global_load_requests, 1);
    assert_eq!(counters.global_load_sectors, 8);
    assert_eq!(counters.unique_sectors, 8);
    // 32 passes, of which 31 are conflicts; 4 for 128 bits; 2 for 64 bits.
    assert_eq!(counters.shared_requests, 3);
    assert_eq!(counters.shared_wavefronts, 32 + 4 + 2);
    assert_eq!(counters.bank_conflicts, 31);
}

//! Moves: packing and unpacking, addresses, special registers.

use crate::single::{Bench, HEADER, cases, counting, lanes, settings, verify, warp};
use ptx_emulator::Launch;

#[test]
fn registers_are_packed_and_unpacked() {
    verify(&cases! {
        "mov.b64 d, {a, b};" (1, 2) => 0x2_0000_0001_u64;
        "mov.b64 {d, q}, a;" (0x2_0000_0001_u64) => 1, 2;
        "mov.b32 d, {a, b};" (0x1111_u16, 0x2222_u16) => 0x2222_1111;
        "mov.b32 {d, q}, a;" (0x2222_1111) => 0x1111_u16, 0x2222_u16;
        "mov.b64 d, {a, b, c, e};" (1_u16, 2_u16, 3_u16, 4_u16) => 0x4_0003_0002_0001_u64;
        "{ .reg .b16 r, s; mov.b64 {r, d, s, q}, a; }" (0x4_0003_0002_0001_u64) => 2_u16, 4_u16;
        "{ .reg .b32 r; mov.b64 {_, r}, a; mov.b32 d, r; }" (0x2_0000_0001_u64) => 2;
        "mov.b32 d, a;" (7.5_f32) => 0x40F0_0000;
        "mov.pred d, a;" (true) => true;
        "mov.u64 d, 0xFFFFFFFFFFFFFFFF;" () => u64::MAX;
        "mov.b16 d, 0xFFFF;" () => 0xFFFF_u16;
        "mov.u32 d, WARP_SZ;" () => 32;
        "mov.s32 d, -5;" () => -5;
    });
}

#[test]
fn special_registers_say_who_and_where_a_thread_is() {
    let text = format!(
        "{HEADER}.visible .entry test(.param .u64 out) {{
         .reg .b32 r<40>; .reg .b64 to, at; .reg .pred p;
         ld.param.u64 to, [out];
         mov.u32 r0, %tid.x; mov.u32 r1, %tid.y; mov.u32 r2, %tid.z;
         mov.u32 r3, %ntid.x; mov.u32 r4, %ntid.y; mov.u32 r5, %ntid.z;
         mov.u32 r6, %ctaid.x; mov.u32 r7, %ctaid.y; mov.u32 r8, %ctaid.z;
         mov.u32 r9, %nctaid.x; mov.u32 r10, %nctaid.y; mov.u32 r11, %nctaid.z;
         mov.u32 r12, %laneid; mov.u32 r13, %warpid; mov.u32 r14, %nwarpid;
         mov.u32 r15, %lanemask_lt; mov.u32 r16, %lanemask_ge; mov.u32 r17, %lanemask_eq;
         mov.u32 r18, %lanemask_le; mov.u32 r19, %lanemask_gt;
         mov.u32 r20, %dynamic_smem_size; mov.u32 r21, %total_smem_size;
         mov.u32 r22, %clusterid.x; mov.u32 r23, %nclusterid.x; mov.u32 r24, %cluster_ctaid.x;
         mov.u32 r25, %cluster_nctaid.x; mov.u32 r26, %cluster_ctarank; mov.u32 r27, %cluster_nctarank;
         mov.pred p, %is_explicit_cluster; selp.u32 r28, 1, 0, p;
         // Thread (1, 1, 1) of block (1, 1, 0) writes.
         setp.ne.u32 p, r0, 1; @p exit; setp.ne.u32 p, r1, 1; @p exit; setp.ne.u32 p, r2, 1; @p exit;
         setp.ne.u32 p, r6, 1; @p exit; setp.ne.u32 p, r7, 1; @p exit;
         {}ret; }}",
        (0..29)
            .map(|index| format!("st.global.u32 [to+{}], r{index};\n", 4 * index))
            .collect::<String>()
    );
    let mut bench = Bench::new(&text, settings(true));
    let out = bench.blank(29 * 4, "out");
    let launch = Launch {
        grid: [3, 2, 1],
        block: [4, 5, 2],
        shared_bytes: 64,
    };
    bench
        .launch("test", launch, &[out.into()])
        .expect("it runs");
    // Thread 1 + 4 + 20 = 25: lane 25 of warp 0, of two warps.
    let bit = 1_u32 << 25;
    let expected = [
        1,
        1,
        1,
        4,
        5,
        2,
        1,
        1,
        0,
        3,
        2,
        1,
        25,
        0,
        2,
        bit - 1,
        !(bit - 1),
        bit,
        2 * bit - 1,
        !(2 * bit - 1),
        64,
        64,
        1,
        3,
        0,
        1,
        0,
        1,
        0,
    ];
    assert_eq!(bench.read::<u32>(out, 29), expected);
}

#[test]
fn clocks_go_on() {
    let found = warp(
        "mov.u32 x, %clock; mov.u64 l0, %clock64; mov.u64 l2, %globaltimer; mov.u32 y, %clock; mov.u64 l1, %clock64;
         add.u32 z, a, a; add.u32 z, z, z;
         mov.u32 y, %clock; mov.u64 l1, %clock64;
         setp.le.u32 p0, x, y; setp.le.u64 p1, l0, l1; and.pred p0, p0, p1; selp.u32 d, 1, 0, p0;",
        &counting(),
    );
    assert_eq!(found.expect("it runs"), [(1, 0); 32]);
}

#[test]
fn generic_addresses_lead_to_their_space_and_back() {
    let found = lanes(
        "mov.u64 l0, room; cvta.shared.u64 l1, l0; mad.wide.u32 l2, lane, 4, l1;
         st.u32 [l2], a; cvta.to.shared.u64 l3, l2; ld.shared.u32 x, [l3];
         isspacep.shared p0, l2; isspacep.global p1, l2; isspacep.global p2, from; isspacep.local p3, l2;
         selp.u32 y, 1, 0, p0; selp.u32 z, 2, 0, p1; selp.u32 w, 4, 0, p2; add.u32 y, y, z; add.u32 y, y, w;
         selp.u32 z, 8, 0, p3; add.u32 y, y, z; shl.b32 y, y, 16; or.b32 d, x, y;",
        &counting(),
    );
    let expected: [u32; 32] = std::array::from_fn(|lane| lane as u32 | 5 << 16);
    assert_eq!(found, expected);
}

#[test]
fn globals_hold_values_and_the_addresses_of_data_and_functions() {
    let text = format!(
        "{HEADER}
         .global .align 4 .u32 numbers[4] = {{10, 20, 0x1E, 40}};
         .global .align 8 .u64 where[2] = {{numbers, generic(numbers)+8}};
         .const .align 4 .f32 factors[2] = {{0f3F800000, 0f40000000}};
         .global .align 1 .b8 text[6] = {{72, 101, 0x6c, 108, 111, 0}};
         .func (.param .b32 result) twice(.param .b32 x) {{
           .reg .b32 r; ld.param.b32 r, [x]; add.u32 r, r, r; st.param.b32 [result], r; ret; }}
         .global .align 8 .u64 table[1] = {{twice}};
         .visible .entry test(.param .u64 out) {{
           .reg .b64 to, at; .reg .b32 r<8>; .reg .b16 h;
           ld.param.u64 to, [out];
           ld.global.u64 at, [where+8]; ld.u32 r0, [at]; st.global.u32 [to], r0;
           ld.global.u64 at, [where]; ld.global.u32 r0, [at+4]; st.global.u32 [to+4], r0;
           ld.const.b32 r1, [factors+4]; st.global.b32 [to+8], r1;
           mov.u64 at, text; ld.global.u8 h, [at+1]; cvt.u32.u16 r2, h; st.global.u32 [to+12], r2;
           ld.global.u64 at, [table];
           {{ .param .b32 argument; .param .b32 back; st.param.b32 [argument], 21;
              prototype : .callprototype (.param .b32 _) _ (.param .b32 _);
              call (back), at, (argument), prototype; ld.param.b32 r3, [back]; }}
           st.global.u32 [to+16], r3;
           mov.u64 at, factors; cvta.const.u64 at, at; ld.b32 r4, [at]; st.global.b32 [to+20], r4;
           ret; }}"
    );
    let mut bench = Bench::new(&text, settings(true));
    let out = bench.blank(24, "out");
    let launch = Launch::linear(1, 1);
    bench
        .launch("test", launch, &[out.into()])
        .expect("it runs");
    let two = 2.0_f32.to_bits();
    let one = 1.0_f32.to_bits();
    assert_eq!(
        bench.read::<u32>(out, 6),
        [30, 20, two, u32::from(b'e'), 42, one]
    );
    // What the host sets comes in place of what the module says, and stays.
    let loaded = bench.loaded;
    bench
        .device
        .set_symbol(loaded, "numbers", &[1, 0, 0, 0, 2, 0, 0, 0])
        .expect("it is there");
    bench
        .device
        .set_symbol(loaded, "factors", &3.0_f32.to_le_bytes())
        .expect("it is there");
    bench
        .launch("test", launch, &[out.into()])
        .expect("it runs");
    let three = 3.0_f32.to_bits();
    assert_eq!(
        bench.read::<u32>(out, 6),
        [30, 2, two, u32::from(b'e'), 42, three]
    );
}

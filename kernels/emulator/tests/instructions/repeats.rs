//! Products one behind the other with one left factor, and what may come between them.

use crate::single::{Bench, HEADER, settings};
use ptx_emulator::Launch;

const LEFT: &str = "{a0, a1, a2, a3}";

/// A product of a type, whose sums are `d0` to `d3`.
fn product(element: &str) -> String {
    let name = format!("mma.sync.aligned.m16n8k16.row.col.f32.{element}.{element}.f32");
    let sums = "{d0, d1, d2, d3}";
    format!("FENCE {name} {sums}, {LEFT}, {{b0, b1}}, {sums};\n")
}

/// What two warps have in all registers after some instructions; `fence` stands before each product.
fn results(body: &str, fence: &str) -> Vec<u32> {
    let body = body.replace("FENCE", fence);
    let registers = ["a0", "a1", "a2", "a3", "d0", "d1", "d2", "d3"];
    let mut text = format!(
        "{HEADER}.visible .entry test(.param .u64 out) {{
           .reg .b64 to; .reg .b32 lane, count; .reg .pred p, q, first; .reg .b32 a<4>, b<4>, d<4>;
           .shared .align 16 .b8 rows[1024];
           ld.param.u64 to, [out]; mov.u32 lane, %tid.x; mad.wide.u32 to, lane, 32, to;
           setp.lt.u32 p, lane, 40; setp.lt.u32 first, lane, 32; mov.u32 count, 0; setp.eq.u32 q, count, 0;
           mov.u32 b3, rows; mad.lo.u32 b3, lane, 16, b3; mad.lo.u32 b2, lane, 65537, 0x38003900;
           st.shared.v4.u32 [b3], {{b2, b2, b2, b2}}; bar.sync 0;\n"
    );
    for (place, register) in ["a0", "a1", "a2", "a3", "b0", "b1"].iter().enumerate() {
        text += &format!(
            "mad.lo.u32 {register}, lane, {}, 0x3c003800;\n",
            7 + 9 * place
        );
    }
    for register in &registers[4..] {
        text += &format!("mov.b32 {register}, 0f3f800000;\n");
    }
    text += &body;
    for (place, register) in registers.iter().enumerate() {
        text += &format!("st.global.b32 [to+{}], {register};\n", 4 * place);
    }
    text += "ret; }";
    let mut bench = Bench::new(&text, settings(false));
    let output = bench.buffer(&[0_u32; 64 * 8], "out");
    let report = bench.launch("test", Launch::linear(1, 64), &[output.into()]);
    report.expect("it runs");
    bench.read(output, 64 * 8)
}

#[test]
fn what_comes_between_two_products_of_one_factor_is_seen() {
    let (halves, brains) = (product("f16"), product("bf16"));
    let guarded = halves.replace("FENCE", "FENCE @first");
    let into_left = halves.replace("{d0, d1, d2, d3}", LEFT);
    let bodies = [
        format!("{halves}add.u32 b0, b0, 3; {halves}"),
        format!("{halves}add.u32 a1, a1, 3; {halves}"),
        format!("{halves}mov.b32 a2, b0; {halves}"),
        format!("{halves}@p mov.b32 a3, b0; {halves}"),
        format!("{halves}ld.shared.u32 a0, [b3]; {halves}"),
        format!("{halves}ld.shared.v4.u32 {LEFT}, [b3]; {halves}"),
        format!("{halves}ldmatrix.sync.aligned.m8n8.x2.shared.b16 {{a2, a3}}, [b3]; {halves}"),
        format!("{halves}movmatrix.sync.aligned.m8n8.trans.b16 a0, b0; {halves}"),
        format!("{halves}{brains}{halves}"),
        format!("{into_left}{halves}"),
        format!("{halves}{into_left}{halves}{halves}"),
        format!("{guarded}{halves}{guarded}"),
        // Warps take turns between the two.
        format!("{halves}bar.sync 0; {halves}bar.sync 0; {halves}"),
        // The second product is the first of the next turn, with another factor.
        format!(
            "{halves}AGAIN: {halves}add.u32 a0, a0, 5; add.u32 count, count, 1;
             setp.lt.u32 q, count, 3; @q bra AGAIN; {halves}"
        ),
        format!("@q bra INTO; {halves}INTO: {halves}"),
    ];
    for body in bodies {
        // What waits for memory is no part of a straight run: with it nothing is kept.
        assert_eq!(results(&body, ""), results(&body, "membar.cta;"), "{body}");
    }
}

//! Products and transfers of matrices. Which lane holds which element is spelled out from the figures of the PTX ISA.

use crate::single::{Bench, HEADER, counting, lanes, settings};
use half::{bf16, f16};
use ptx_emulator::Launch;

fn left(row: usize, column: usize) -> i32 {
    (row * 3 + column * 5) as i32 % 7 - 3
}

fn right(row: usize, column: usize) -> i32 {
    (row * 2 + column * 3) as i32 % 5 - 2
}

fn summand(row: usize, column: usize) -> i32 {
    row as i32 - column as i32
}

fn product(row: usize, column: usize, depth: usize) -> i32 {
    let terms = (0..depth).map(|k| left(row, k) * right(k, column));
    terms.sum::<i32>() + summand(row, column)
}

/// Runs an instruction on registers of each lane, 32 or 64 bits wide: the result's registers, lane by lane.
fn multiply(
    instruction: &str,
    width: u32,
    operands: &[Vec<Vec<u64>>; 3],
    results: usize,
) -> Vec<Vec<u64>> {
    let counts = operands.each_ref().map(|operand| operand[0].len());
    let all: usize = counts.iter().sum();
    let names = |stem: &str, count: usize| {
        let names: Vec<String> = (0..count).map(|index| format!("{stem}{index}")).collect();
        format!("{{{}}}", names.join(", "))
    };
    let mut text = format!(
        "{HEADER}.visible .entry test(.param .u64 in, .param .u64 out) {{
           .reg .b64 from, to; .reg .b32 lane; .reg .b{width} a<8>, b<8>, c<8>, d<8>;
           ld.param.u64 from, [in]; ld.param.u64 to, [out]; mov.u32 lane, %laneid;
           mad.wide.u32 from, lane, {}, from; mad.wide.u32 to, lane, {}, to;\n",
        8 * all,
        8 * results
    );
    let mut place = 0;
    for (stem, count) in ["a", "b", "c"].iter().zip(counts) {
        for index in 0..count {
            text += &format!("ld.global.b{width} {stem}{index}, [from+{}];\n", 8 * place);
            place += 1;
        }
    }
    text += &format!(
        "{instruction} {}, {}, {}, {};\n",
        names("d", results),
        names("a", counts[0]),
        names("b", counts[1]),
        names("c", counts[2])
    );
    for index in 0..results {
        text += &format!("st.global.b{width} [to+{}], d{index};\n", 8 * index);
    }
    text += "ret; }";
    let mut bench = Bench::new(&text, settings(true));
    let input: Vec<u64> = (0..32)
        .flat_map(|lane| {
            operands
                .iter()
                .flat_map(move |operand| operand[lane].clone())
        })
        .collect();
    let input = bench.buffer(&input, "in");
    let output = bench.buffer(&vec![0_u64; 32 * results], "out");
    let report = bench
        .launch(
            "test",
            Launch::linear(1, 32),
            &[input.into(), output.into()],
        )
        .expect("it runs");
    assert_eq!(report.counters.matrix_products, 1);
    let found: Vec<u64> = bench.read(output, 32 * results);
    found.chunks(results).map(<[u64]>::to_vec).collect()
}

/// A fragment: each register's elements, from the lowest bits, as row and column by the lane's group and member.
fn fragment(
    registers: usize,
    packed: usize,
    bits: u32,
    element: impl Fn(usize, usize) -> u64,
    place: impl Fn(usize, usize, usize, usize) -> (usize, usize),
) -> Vec<Vec<u64>> {
    let register = |lane: usize, index: usize| {
        (0..packed).fold(0, |word, part| {
            let (row, column) = place(lane / 4, lane % 4, index, part);
            word | element(row, column) << (bits * part as u32)
        })
    };
    (0..32)
        .map(|lane| (0..registers).map(|index| register(lane, index)).collect())
        .collect()
}

fn half_bits(value: i32) -> u64 {
    f16::from_f32(value as f32).to_bits().into()
}

fn brain_bits(value: i32) -> u64 {
    bf16::from_f32(value as f32).to_bits().into()
}

fn single_bits(value: i32) -> u64 {
    (value as f32).to_bits().into()
}

/// Places of 16 by 8 accumulators of 32 bits.
fn sums(group: usize, member: usize, register: usize, _: usize) -> (usize, usize) {
    (group + register / 2 * 8, 2 * member + register % 2)
}

#[test]
fn halves_are_multiplied_into_singles() {
    for (name, bits) in [("f16", half_bits as fn(i32) -> u64), ("bf16", brain_bits)] {
        let a = fragment(
            4,
            2,
            16,
            |r, c| bits(left(r, c)),
            |g, m, i, p| (g + i % 2 * 8, 2 * m + p + i / 2 * 8),
        );
        let b = fragment(
            2,
            2,
            16,
            |r, c| bits(right(r, c)),
            |g, m, i, p| (2 * m + p + 8 * i, g),
        );
        let c = fragment(4, 1, 32, |r, c| single_bits(summand(r, c)), sums);
        let expected = fragment(4, 1, 32, |r, c| single_bits(product(r, c, 16)), sums);
        let instruction = format!("mma.sync.aligned.m16n8k16.row.col.f32.{name}.{name}.f32");
        assert_eq!(multiply(&instruction, 32, &[a, b, c], 4), expected);
    }
}

#[test]
fn halves_are_multiplied_into_halves() {
    let a = fragment(
        2,
        2,
        16,
        |r, c| half_bits(left(r, c)),
        |g, m, i, p| (g + 8 * i, 2 * m + p),
    );
    let b = fragment(
        1,
        2,
        16,
        |r, c| half_bits(right(r, c)),
        |g, m, _, p| (2 * m + p, g),
    );
    let place = |g, m, i, p| (g + 8 * i, 2 * m + p);
    let c = fragment(2, 2, 16, |r, c| half_bits(summand(r, c)), place);
    let expected = fragment(2, 2, 16, |r, c| half_bits(product(r, c, 8)), place);
    let instruction = "mma.sync.aligned.m16n8k8.row.col.f16.f16.f16.f16";
    assert_eq!(multiply(instruction, 32, &[a, b, c], 2), expected);
}

#[test]
fn tensor_floats_bytes_and_doubles_are_multiplied() {
    let a = fragment(
        4,
        1,
        32,
        |r, c| single_bits(left(r, c)),
        |g, m, i, _| (g + i % 2 * 8, m + i / 2 * 4),
    );
    let b = fragment(
        2,
        1,
        32,
        |r, c| single_bits(right(r, c)),
        |g, m, i, _| (m + 4 * i, g),
    );
    let c = fragment(4, 1, 32, |r, c| single_bits(summand(r, c)), sums);
    let expected = fragment(4, 1, 32, |r, c| single_bits(product(r, c, 8)), sums);
    let instruction = "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32";
    assert_eq!(multiply(instruction, 32, &[a, b, c], 4), expected);

    let byte = |value: i32| u64::from(value as u8);
    let word = |value: i32| u64::from(value as u32);
    let a = fragment(
        4,
        4,
        8,
        |r, c| byte(left(r, c)),
        |g, m, i, p| (g + i % 2 * 8, 4 * m + p + i / 2 * 16),
    );
    let b = fragment(
        2,
        4,
        8,
        |r, c| byte(right(r, c)),
        |g, m, i, p| (4 * m + p + 16 * i, g),
    );
    let c = fragment(4, 1, 32, |r, c| word(summand(r, c)), sums);
    let expected = fragment(4, 1, 32, |r, c| word(product(r, c, 32)), sums);
    let instruction = "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32";
    assert_eq!(multiply(instruction, 32, &[a, b, c], 4), expected);

    let double = |value: i32| f64::from(value).to_bits();
    let a = fragment(1, 1, 64, |r, c| double(left(r, c)), |g, m, _, _| (g, m));
    let b = fragment(1, 1, 64, |r, c| double(right(r, c)), |g, m, _, _| (m, g));
    let place = |g, m, i, _| (g, 2 * m + i);
    let c = fragment(2, 1, 64, |r, c| double(summand(r, c)), place);
    let expected = fragment(2, 1, 64, |r, c| double(product(r, c, 4)), place);
    let instruction = "mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64";
    assert_eq!(multiply(instruction, 64, &[a, b, c], 2), expected);
}

#[test]
fn wmma_loads_multiplies_and_stores() {
    let text = format!(
        "{HEADER}.visible .entry test(.param .u64 pa, .param .u64 pb, .param .u64 pc) {{
           .reg .b64 a, b, c; .reg .b32 x<8>, y<8>, s; .reg .f32 z<8>;
           ld.param.u64 a, [pa]; ld.param.u64 b, [pb]; ld.param.u64 c, [pc]; mov.u32 s, 16;
           wmma.load.a.sync.aligned.row.m16n16k16.global.f16 {{x0, x1, x2, x3, x4, x5, x6, x7}}, [a], s;
           wmma.load.b.sync.aligned.col.m16n16k16.global.f16 {{y0, y1, y2, y3, y4, y5, y6, y7}}, [b], s;
           wmma.load.c.sync.aligned.row.m16n16k16.global.f32 {{z0, z1, z2, z3, z4, z5, z6, z7}}, [c], s;
           wmma.mma.sync.aligned.row.col.m16n16k16.f32.f32 {{z0, z1, z2, z3, z4, z5, z6, z7}},
             {{x0, x1, x2, x3, x4, x5, x6, x7}}, {{y0, y1, y2, y3, y4, y5, y6, y7}}, {{z0, z1, z2, z3, z4, z5, z6, z7}};
           wmma.store.d.sync.aligned.col.m16n16k16.global.f32 [c], {{z0, z1, z2, z3, z4, z5, z6, z7}}, s; ret; }}"
    );
    let mut bench = Bench::new(&text, settings(true));
    let table = |element: fn(usize, usize) -> i32, by_row: bool| {
        (0..256).map(move |at| {
            if by_row {
                element(at / 16, at % 16)
            } else {
                element(at % 16, at / 16)
            }
        })
    };
    let halves = |values: &mut dyn Iterator<Item = i32>| -> Vec<u16> {
        values.map(|value| half_bits(value) as u16).collect()
    };
    let a = bench.buffer(&halves(&mut table(left, true)), "a");
    let b = bench.buffer(&halves(&mut table(right, false)), "b");
    let c: Vec<f32> = table(summand, true).map(|value| value as f32).collect();
    let c = bench.buffer(&c, "c");
    let arguments = [a.into(), b.into(), c.into()];
    bench
        .launch("test", Launch::linear(1, 32), &arguments)
        .expect("it runs");
    let expected: Vec<f32> = (0..256)
        .map(|at| product(at % 16, at / 16, 16) as f32)
        .collect();
    assert_eq!(bench.read::<f32>(c, 256), expected);
}

/// Fills `room` with 512 numbers of 16 bits: four matrices, row by row.
const FILL: &str = "mov.u32 x, 0; mov.u32 y, room; mad.lo.u32 y, lane, 2, y; cvt.u16.u32 h0, lane;
    FILL: st.shared.u16 [y], h0; add.u16 h0, h0, 32; add.u32 y, y, 64; add.u32 x, x, 1; setp.lt.u32 p0, x, 16;
    @p0 bra FILL; bar.warp.sync -1; mov.u32 y, room; mad.lo.u32 y, lane, 16, y; ";

#[test]
fn rows_are_loaded_as_fragments() {
    // Element n of matrix k is 64 k + n: its row n / 8, its column n % 8.
    let at = |matrix: usize, row: usize, column: usize| (64 * matrix + 8 * row + column) as u32;
    let pair = |low: u32, high: u32| low | high << 16;
    for matrix in 0..4 {
        let registers = ["x", "z", "w", "q"].map(str::to_owned);
        let list = registers.join(", ");
        let text = format!(
            "{FILL} ldmatrix.sync.aligned.m8n8.x4.shared.b16 {{{list}}}, [y]; mov.b32 d, {};",
            registers[matrix]
        );
        let expected: [u32; 32] = std::array::from_fn(|lane| {
            pair(
                at(matrix, lane / 4, lane % 4 * 2),
                at(matrix, lane / 4, lane % 4 * 2 + 1),
            )
        });
        assert_eq!(lanes(&text, &counting()), expected);
        let text = text.replace(".x4.shared", ".x4.trans.shared");
        let expected: [u32; 32] = std::array::from_fn(|lane| {
            pair(
                at(matrix, lane % 4 * 2, lane / 4),
                at(matrix, lane % 4 * 2 + 1, lane / 4),
            )
        });
        assert_eq!(lanes(&text, &counting()), expected);
    }
    let text = format!("{FILL} ldmatrix.sync.aligned.m8n8.x1.shared.b16 {{d}}, [y];");
    assert_eq!(
        lanes(&text, &counting())[31],
        pair(at(0, 7, 6), at(0, 7, 7))
    );
}

#[test]
fn fragments_are_stored_as_rows_and_moved() {
    let text = format!(
        "{FILL} ldmatrix.sync.aligned.m8n8.x2.shared.b16 {{x, z}}, [y]; add.u32 w, y, 512;
         stmatrix.sync.aligned.m8n8.x2.trans.shared.b16 [w], {{x, z}}; bar.warp.sync -1;
         mov.u32 y, room; mad.lo.u32 y, lane, 4, y; ld.shared.u32 d, [y+512];"
    );
    // The first matrix, transposed, row by row: word n holds columns 2 (n % 4) and the next of row n / 4.
    let expected: [u32; 32] = std::array::from_fn(|word| {
        let (row, column) = (word / 4, word % 4 * 2);
        (8 * column + row) as u32 | ((8 * (column + 1) + row) as u32) << 16
    });
    assert_eq!(lanes(&text, &counting()), expected);
    let text = format!(
        "{FILL} ldmatrix.sync.aligned.m8n8.x1.shared.b16 {{x}}, [y]; movmatrix.sync.aligned.m8n8.trans.b16 d, x;"
    );
    assert_eq!(lanes(&text, &counting()), expected);
}

//! Products against plain loops over matrices of f64 or i64.

#![allow(clippy::needless_range_loop)] // Positions are the subject.

use proptest::prelude::*;
use std::cell::Cell;

use crate::matrix::multiply::multiply_any;
use crate::matrix::{
    self, Accumulator, Aligned, Element, Lanes, Layout, Left, Matrix, Operation, Product, Register,
    WideLanes, multiply_double,
};
use crate::number::Rounding::NearestEven;
use crate::number::format::Format;
use crate::number::narrow::*;

/// A stream of bits that a seed begins.
fn random(seed: u64) -> impl FnMut() -> u32 {
    let mut state = seed | 1;
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u32
    }
}

/// The product of registers that are apart, as the machine has it; of each matrix there may be more than it needs.
fn multiply(operation: &Operation, a: &[Lanes], b: &[Lanes], c: &[Lanes], d: &mut [Lanes]) {
    let of = |matrix, registers: &[Lanes]| {
        registers[..Layout::of(operation, matrix).registers()].to_vec()
    };
    let [a, b, c] = [of(Matrix::A, a), of(Matrix::B, b), of(Matrix::C, c)];
    let all = [of(Matrix::D, d), a, b, c].concat();
    let registers = places(&all);
    let product = Product::new(*operation, 0..all.len() as u32);
    matrix::multiply(&product, &registers, &mut Left::default());
    for (lanes, result) in d.iter_mut().zip(&registers) {
        *lanes = result.get().0;
    }
}

fn places(registers: &[Lanes]) -> Vec<Register> {
    let places = registers.iter().map(|lanes| Cell::new(Aligned(*lanes)));
    places.collect()
}

/// The bits of a small number that the format holds exactly, and the number.
fn small(element: Element, bits: u32) -> (u32, f64) {
    let number = f32::from(((bits & 15) as i8) - 8) / 4.0;
    let encoded = match element {
        Element::F16 => single_to_half(number, NearestEven).into(),
        Element::BF16 => single_to_brain(number, NearestEven).into(),
        Element::TF32 => number.to_bits() | (bits & 0x1fff),
        Element::E4M3 => narrow(
            Format::E4M3,
            number,
            NearestEven,
            crate::number::format::Overflow::Saturate,
        ),
        Element::E5M2 => narrow(
            Format::E5M2,
            number,
            NearestEven,
            crate::number::format::Overflow::Saturate,
        ),
        Element::S8 | Element::U8 => bits & 0xff,
        _ => bits & 15,
    };
    let value = match element {
        Element::S8 => f64::from(bits as u8 as i8),
        Element::U8 => f64::from(bits as u8),
        Element::S4 => f64::from((bits << 28) as i32 >> 28),
        Element::U4 => f64::from(bits & 15),
        Element::E5M2 => byte_to_single(Format::E5M2, encoded as u8).into(),
        _ => number.into(),
    };
    (encoded, value)
}

/// Random registers of a factor, and the matrix they hold.
fn factor(
    layout: &Layout,
    element: Element,
    random: &mut impl FnMut() -> u32,
) -> (Vec<Lanes>, Vec<f64>) {
    let mut registers = vec![[0; 32]; layout.registers()];
    let mut matrix = vec![0.0; layout.rows * layout.columns];
    for register in 0..layout.registers() {
        for lane in 0..32 {
            for part in 0..layout.packed {
                let (bits, value) = small(element, random());
                registers[register][lane] |= bits << (32 / layout.packed * part);
                let (row, column) = layout.place(lane, register, part);
                matrix[row * layout.columns + column] = value;
            }
        }
    }
    (registers, matrix)
}

fn plain(operation: &Operation, a: &[f64], b: &[f64], c: &[f64]) -> Vec<f64> {
    let mut d = c.to_vec();
    for row in 0..operation.m {
        for column in 0..operation.n {
            for k in 0..operation.k {
                d[row * operation.n + column] +=
                    a[row * operation.k + k] * b[k * operation.n + column];
            }
        }
    }
    d
}

/// All numbers are small multiples of 1/16, so that every sum is exact whatever its order.
fn check(operation: &Operation, seed: u64) {
    let mut random = random(seed);
    let (a, left) = factor(&Layout::of(operation, Matrix::A), operation.a, &mut random);
    let (b, right) = factor(&Layout::of(operation, Matrix::B), operation.b, &mut random);
    let layout = Layout::of(operation, Matrix::C);
    let mut c = vec![[0_u32; 32]; layout.registers()];
    let mut summand = vec![0.0; operation.m * operation.n];
    let mut d = vec![[0xdead_beef; 32]; Layout::of(operation, Matrix::D).registers()];
    for (register, lanes) in c.iter_mut().enumerate() {
        for (lane, slot) in lanes.iter_mut().enumerate() {
            for part in 0..layout.packed {
                let number = ((random() & 63) as f32 - 32.0)
                    * if operation.a.integral() { 1.0 } else { 0.25 };
                *slot |= match operation.c {
                    Accumulator::F16 => {
                        u32::from(single_to_half(number, NearestEven)) << (16 * part)
                    }
                    Accumulator::S32 => number as i32 as u32,
                    _ => number.to_bits(),
                };
                let (row, column) = layout.place(lane, register, part);
                summand[row * operation.n + column] = number.into();
            }
        }
    }
    let expected = plain(operation, &left, &right, &summand);
    let layout = Layout::of(operation, Matrix::D);
    let mut other = d.clone();
    multiply(operation, &a, &b, &c, &mut d);
    multiply_any(operation, &a, &b, &c, &mut other);
    assert_eq!(d, other, "{operation:?}");
    for (register, lanes) in d.iter().enumerate() {
        for (lane, bits) in lanes.iter().enumerate() {
            for part in 0..layout.packed {
                let (row, column) = layout.place(lane, register, part);
                let actual = match operation.d {
                    Accumulator::F16 => f64::from(half_to_single((bits >> (16 * part)) as u16)),
                    Accumulator::S32 => f64::from(*bits as i32),
                    _ => f64::from(f32::from_bits(*bits)),
                };
                let wanted = expected[row * operation.n + column];
                let wanted = match operation.d {
                    Accumulator::F16 => {
                        f64::from(half_to_single(double_to_half(wanted, NearestEven)))
                    }
                    _ => wanted,
                };
                assert_eq!(actual, wanted, "{operation:?} row {row} column {column}");
            }
        }
    }
}

fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for (m, n, k) in [
        (16, 8, 16),
        (16, 8, 8),
        (16, 16, 16),
        (32, 8, 16),
        (8, 32, 16),
    ] {
        for (c, d) in [
            (Accumulator::F32, Accumulator::F32),
            (Accumulator::F16, Accumulator::F16),
            (Accumulator::F32, Accumulator::F16),
            (Accumulator::F16, Accumulator::F32),
        ] {
            operations.push(Operation {
                c,
                d,
                ..Operation::new(m, n, k, Element::F16, c)
            });
        }
        operations.push(Operation::new(m, n, k, Element::BF16, Accumulator::F32));
    }
    for (m, n, k) in [(16, 8, 4), (16, 8, 8), (16, 16, 8)] {
        operations.push(Operation::new(m, n, k, Element::TF32, Accumulator::F32));
    }
    for (m, n, k) in [
        (8, 8, 16),
        (16, 8, 16),
        (16, 8, 32),
        (16, 16, 16),
        (32, 8, 16),
        (8, 32, 16),
    ] {
        for (a, b) in [
            (Element::S8, Element::S8),
            (Element::S8, Element::U8),
            (Element::U8, Element::S8),
            (Element::U8, Element::U8),
        ] {
            operations.push(Operation {
                b,
                ..Operation::new(m, n, k, a, Accumulator::S32)
            });
        }
    }
    for (m, n, k) in [(8, 8, 32), (16, 8, 32), (16, 8, 64)] {
        operations.push(Operation {
            b: Element::U4,
            ..Operation::new(m, n, k, Element::S4, Accumulator::S32)
        });
    }
    for accumulator in [Accumulator::F16, Accumulator::F32] {
        operations.push(Operation {
            b: Element::E5M2,
            ..Operation::new(16, 8, 32, Element::E4M3, accumulator)
        });
    }
    operations
}

#[test]
fn every_shape_agrees_with_the_plain_product() {
    for operation in operations() {
        for seed in 0..4 {
            check(&operation, seed);
        }
    }
}

#[test]
fn doubles_agree_with_the_plain_product() {
    for (m, k) in [(8, 4), (16, 4), (16, 8), (16, 16)] {
        let operation = Operation::new(m, 8, k, Element::F64, Accumulator::F64);
        let mut random = random(m as u64);
        let mut fill = |matrix| {
            let layout = Layout::of(&operation, matrix);
            let mut registers: Vec<WideLanes> = vec![[0; 32]; layout.registers()];
            let mut plain = vec![0.0; layout.rows * layout.columns];
            for (register, lanes) in registers.iter_mut().enumerate() {
                for (lane, slot) in lanes.iter_mut().enumerate() {
                    let value = f64::from(random() & 255) - 100.0;
                    *slot = value.to_bits();
                    let (row, column) = layout.place(lane, register, 0);
                    plain[row * layout.columns + column] = value;
                }
            }
            (registers, plain)
        };
        let ((a, left), (b, right), (c, summand)) =
            (fill(Matrix::A), fill(Matrix::B), fill(Matrix::C));
        let mut d = c.clone();
        multiply_double(&operation, &a, &b, &c, &mut d);
        let expected = plain(&operation, &left, &right, &summand);
        for (register, lanes) in d.iter().enumerate() {
            for (lane, bits) in lanes.iter().enumerate() {
                let (row, column) = Layout::of(&operation, Matrix::D).place(lane, register, 0);
                assert_eq!(f64::from_bits(*bits), expected[row * 8 + column]);
            }
        }
    }
}

#[test]
fn integers_wrap_or_clamp() {
    let wrap = Operation::new(16, 8, 16, Element::U8, Accumulator::S32);
    let (a, b, c) = (
        [[u32::MAX; 32]; 2],
        [[u32::MAX; 32]; 1],
        [[i32::MAX as u32; 32]; 4],
    );
    let clamp = Operation {
        saturate: true,
        ..wrap
    };
    for multiply in [multiply, multiply_any] {
        let mut d = [[0; 32]; 4];
        multiply(&wrap, &a, &b, &c, &mut d);
        assert_eq!(d[0][0], (i32::MAX as u32).wrapping_add(16 * 255 * 255));
        multiply(&clamp, &a, &b, &c, &mut d);
        assert_eq!(d[3][31], i32::MAX as u32);
    }
    // The other way: -128 by 255 from the least number, and a sum that comes back into bounds.
    let clamp = Operation {
        a: Element::S8,
        ..clamp
    };
    let (a, mut c) = ([[0x8080_8080; 32]; 2], [[i32::MIN as u32; 32]; 4]);
    c[1] = [5_000_000; 32];
    for multiply in [multiply, multiply_any] {
        let mut d = [[0; 32]; 4];
        multiply(&clamp, &a, &b, &c, &mut d);
        assert_eq!(d[0][7], i32::MIN as u32);
        assert_eq!(d[1][7] as i32, 5_000_000 - 16 * 128 * 255);
    }
}

/// The order of sums that the module states, element by element.
fn in_order(operation: &Operation, a: &[Lanes], b: &[Lanes], c: &[Lanes]) -> Vec<Lanes> {
    let element = |matrix, registers: &[Lanes], row, column| {
        let layout = Layout::of(operation, matrix);
        for register in 0..layout.registers() {
            for lane in 0..32 {
                for part in 0..layout.packed {
                    if layout.place(lane, register, part) == (row, column) {
                        let bits = registers[register][lane];
                        return match (matrix, operation.a) {
                            (Matrix::C, _) => f32::from_bits(bits),
                            (_, Element::F16) => half_to_single((bits >> (16 * part)) as u16),
                            (_, Element::BF16) => brain_to_single((bits >> (16 * part)) as u16),
                            _ => f32::from_bits(bits & 0xffff_e000),
                        };
                    }
                }
            }
        }
        unreachable!("every element has a place");
    };
    let layout = Layout::of(operation, Matrix::D);
    let mut d = vec![[0; 32]; layout.registers()];
    for (register, lanes) in d.iter_mut().enumerate() {
        for (lane, slot) in lanes.iter_mut().enumerate() {
            let (row, column) = layout.place(lane, register, 0);
            let sum = (0..operation.k).fold(element(Matrix::C, c, row, column), |sum, k| {
                element(Matrix::A, a, row, k).mul_add(element(Matrix::B, b, k, column), sum)
            });
            *slot = canonical_single(sum).to_bits();
        }
    }
    d
}

/// Registers of D that are others', too: as they stand for C, the other way round, or with factors among them.
#[test]
fn results_may_take_the_place_of_operands() {
    for operation in operations() {
        let mut random = random(1);
        let counts = [Matrix::A, Matrix::B, Matrix::C, Matrix::D]
            .map(|matrix| Layout::of(&operation, matrix).registers());
        let [a, b, c, d] = counts;
        let values: Vec<Lanes> = (0..a + b + c + d)
            .map(|_| std::array::from_fn(|_| random() & 0x3c3c_3c3c))
            .collect();
        let [left, right, summand] = [&values[..a], &values[a..a + b], &values[a + b..a + b + c]];
        let mut expected = vec![[0; 32]; d];
        multiply_any(&operation, left, right, summand, &mut expected);
        let orders: [fn(usize, usize) -> usize; 3] = [
            |number, _| number,
            |number, all| all - 1 - number,
            |number, all| (number + 1) % all,
        ];
        // From the first factor's, the second's and the summand's first register on.
        for (order, first) in orders
            .iter()
            .flat_map(|order| [0, a, a + b].map(|first| (order, first)))
        {
            let registers = places(&values);
            let results: Vec<usize> = (0..d).map(|number| first + order(number, d)).collect();
            let slots = results.iter().copied().chain(0..values.len());
            let product = Product::new(operation, slots.map(|slot| slot as u32));
            matrix::multiply(&product, &registers, &mut Left::default());
            for (result, expected) in results.iter().zip(&expected) {
                assert_eq!(
                    registers[*result].get().0,
                    *expected,
                    "{operation:?} from {first}"
                );
            }
        }
    }
}

#[test]
fn a_repeated_factor_is_kept_until_it_is_forgotten() {
    for operation in operations() {
        let mut random = random(2);
        let [a, b, c, d] = [Matrix::A, Matrix::B, Matrix::C, Matrix::D].map(|matrix| {
            let count = Layout::of(&operation, matrix).registers();
            let fill = || std::array::from_fn(|_| random() & 0x3c3c_3c3c);
            std::iter::repeat_with(fill)
                .take(count)
                .collect::<Vec<Lanes>>()
        });
        let all = [&d[..], &a, &b, &c].concat();
        let mut product = Product::new(operation, 0..all.len() as u32);
        let mut left = Left::default();
        // A repeated one that nobody multiplied before, others that somebody did, and then another warp's.
        for (is_repeated, is_other) in [(true, false), (true, false), (false, false), (true, true)]
        {
            let mut values = all.clone();
            values[d.len()..].rotate_right(usize::from(is_other));
            if is_other {
                left.forget();
            }
            let registers = places(&values);
            product.repeats_left = is_repeated;
            matrix::multiply(&product, &registers, &mut left);
            let (mut expected, factors) = (d.clone(), &values[d.len()..]);
            let (a, factors) = factors.split_at(a.len());
            let (b, c) = factors.split_at(b.len());
            multiply_any(&operation, a, b, c, &mut expected);
            for (result, expected) in registers.iter().zip(&expected) {
                assert_eq!(result.get().0, *expected, "{operation:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn sums_are_taken_in_the_order_that_is_promised(seed in any::<u64>(), finite in any::<bool>()) {
        for (k, element) in [(16, Element::F16), (8, Element::F16), (16, Element::BF16), (8, Element::BF16), (8, Element::TF32), (4, Element::TF32)] {
            let operation = Operation::new(16, 8, k, element, Accumulator::F32);
            let mut random = random(seed);
            // With all bits some are infinite or not numbers.
            let mask = if finite { 0xbfff_bfff } else { u32::MAX };
            let mut fill = |count| (0..count).map(|_| std::array::from_fn(|_| (random() ^ random() << 9) & mask)).collect::<Vec<Lanes>>();
            let (a, b, c) = (fill(4), fill(2), fill(4));
            let mut d = vec![[0; 32]; 4];
            let wanted = in_order(&operation, &a, &b, &c);
            for multiply in [multiply, multiply_any] {
                multiply(&operation, &a, &b, &c, &mut d);
                prop_assert_eq!(&d, &wanted);
            }
        }
    }
}

//! The product of any shape: gather, multiply, scatter.

use super::layout::{Layout, Matrix};
use super::operation::{Accumulator, Element, Operation};
use super::product::{Left, Product};
#[cfg(target_arch = "x86_64")]
use super::vector;
use super::{Aligned, Lanes, Register, WideLanes};
use crate::number::Rounding;
use crate::number::format::Format;
use crate::number::narrow::{brain_to_single, byte_to_single, half_to_single, single_to_half};

/// The most elements that a matrix has: 32 by 16 of `wmma`, 16 by 64 of s4.
const ELEMENTS: usize = 1024;

/// D = A B + C on registers of 32 bits: everything but f64.
#[inline(always)]
#[allow(unsafe_code)] // the call of what is compiled for wide vectors
pub fn multiply(product: &Product, registers: &[Register], left: &mut Left) {
    #[cfg(target_arch = "x86_64")]
    if crate::vector::wide::is_available() {
        // SAFETY: `is_available` asks the processor for exactly the features that the function is compiled for.
        if unsafe { vector::multiply(product, registers, left) } {
            return;
        }
    }
    left.forget();
    let values = |slots: &[u32]| -> Vec<Lanes> {
        let registers = slots.iter().map(|slot| registers[*slot as usize].get());
        registers.map(|register| register.0).collect()
    };
    let [a, b, c, mut d] =
        [&product.a, &product.b, &product.c, &product.d].map(|slots| values(slots));
    multiply_any(&product.operation, &a, &b, &c, &mut d);
    for (slot, values) in product.d.iter().zip(d) {
        registers[*slot as usize].set(Aligned(values));
    }
}

/// The product of any shape, element by element.
pub(super) fn multiply_any(
    operation: &Operation,
    a: &[Lanes],
    b: &[Lanes],
    c: &[Lanes],
    d: &mut [Lanes],
) {
    if operation.a.integral() {
        multiply_integers(operation, a, b, c, d);
    } else {
        multiply_floats(operation, a, b, c, d);
    }
}

/// D = A B + C of f64.
pub fn multiply_double(
    operation: &Operation,
    a: &[WideLanes],
    b: &[WideLanes],
    c: &[WideLanes],
    d: &mut [WideLanes],
) {
    let gather = |matrix, registers: &[WideLanes]| {
        let mut elements = [0.0; ELEMENTS];
        visit(
            &Layout::of(operation, matrix),
            |index, register, lane, _| {
                elements[index] = f64::from_bits(registers[register][lane]);
            },
        );
        elements
    };
    let (a, b, mut sum) = (
        gather(Matrix::A, a),
        gather(Matrix::B, b),
        gather(Matrix::C, c),
    );
    products(operation, |to, left, right| {
        sum[to] = a[left].mul_add(b[right], sum[to]);
    });
    visit(
        &Layout::of(operation, Matrix::D),
        |index, register, lane, _| {
            d[register][lane] = crate::number::narrow::canonical_double(sum[index]).to_bits();
        },
    );
}

fn multiply_floats(operation: &Operation, a: &[Lanes], b: &[Lanes], c: &[Lanes], d: &mut [Lanes]) {
    let gather = |matrix, element: Element, registers: &[Lanes]| {
        let mut elements = [0.0; ELEMENTS];
        visit(
            &Layout::of(operation, matrix),
            |index, register, lane, part| {
                elements[index] = float(element, registers[register][lane], part);
            },
        );
        elements
    };
    let (a, b) = (
        gather(Matrix::A, operation.a, a),
        gather(Matrix::B, operation.b, b),
    );
    let mut sum = [0.0; ELEMENTS];
    visit(
        &Layout::of(operation, Matrix::C),
        |index, register, lane, part| {
            let bits = c[register][lane];
            sum[index] = match operation.c {
                Accumulator::F16 => half_to_single((bits >> (16 * part)) as u16),
                _ => f32::from_bits(bits),
            };
        },
    );
    products(operation, |to, left, right| {
        sum[to] = a[left].mul_add(b[right], sum[to]);
    });
    visit(
        &Layout::of(operation, Matrix::D),
        |index, register, lane, part| {
            let slot = &mut d[register][lane];
            match operation.d {
                Accumulator::F16 => {
                    let half = u32::from(single_to_half(sum[index], Rounding::NearestEven));
                    *slot = if part == 0 {
                        half
                    } else {
                        *slot | (half << 16)
                    };
                }
                _ => *slot = crate::number::narrow::canonical_single(sum[index]).to_bits(),
            }
        },
    );
}

fn multiply_integers(
    operation: &Operation,
    a: &[Lanes],
    b: &[Lanes],
    c: &[Lanes],
    d: &mut [Lanes],
) {
    let gather = |matrix, element: Element, registers: &[Lanes]| {
        let mut elements = [0; ELEMENTS];
        visit(
            &Layout::of(operation, matrix),
            |index, register, lane, part| {
                elements[index] = integer(element, registers[register][lane], part);
            },
        );
        elements
    };
    let (a, b) = (
        gather(Matrix::A, operation.a, a),
        gather(Matrix::B, operation.b, b),
    );
    let mut sum = [0_i64; ELEMENTS];
    visit(
        &Layout::of(operation, Matrix::C),
        |index, register, lane, _| {
            sum[index] = i64::from(c[register][lane] as i32);
        },
    );
    products(operation, |to, left, right| {
        sum[to] += i64::from(a[left] * b[right]);
    });
    visit(
        &Layout::of(operation, Matrix::D),
        |index, register, lane, _| {
            let limited = sum[index].clamp(i64::from(i32::MIN), i64::from(i32::MAX));
            d[register][lane] = if operation.saturate {
                limited
            } else {
                sum[index]
            } as u32;
        },
    );
}

/// Calls with the indices of sum and factors, row by row, and k upwards for each sum.
#[inline(always)]
fn products(operation: &Operation, mut step: impl FnMut(usize, usize, usize)) {
    for row in 0..operation.m {
        for k in 0..operation.k {
            for column in 0..operation.n {
                step(
                    row * operation.n + column,
                    row * operation.k + k,
                    k * operation.n + column,
                );
            }
        }
    }
}

/// Calls for each element with its index by rows, and its register, lane and part.
#[inline(always)]
fn visit(layout: &Layout, mut each: impl FnMut(usize, usize, usize, usize)) {
    for register in 0..layout.registers() {
        for lane in 0..32 {
            for part in 0..layout.packed {
                let (row, column) = layout.place(lane, register, part);
                each(row * layout.columns + column, register, lane, part);
            }
        }
    }
}

fn float(element: Element, bits: u32, part: usize) -> f32 {
    let half = (bits >> (16 * (part & 1))) as u16;
    let byte = (bits >> (8 * part)) as u8;
    match element {
        Element::F16 => half_to_single(half),
        Element::BF16 => brain_to_single(half),
        Element::E4M3 => byte_to_single(Format::E4M3, byte),
        Element::E5M2 => byte_to_single(Format::E5M2, byte),
        _ => f32::from_bits(bits & 0xffff_e000),
    }
}

fn integer(element: Element, bits: u32, part: usize) -> i32 {
    let byte = (bits >> (8 * (part & 3))) as u8;
    let nibble = (bits >> (4 * part)) & 15;
    match element {
        Element::S8 => i32::from(byte as i8),
        Element::S4 => (nibble << 28) as i32 >> 28,
        Element::U4 => nibble as i32,
        _ => i32::from(byte),
    }
}

//! Places of elements, read off the figures and formulas of the PTX ISA for single lanes.

use crate::matrix::{Accumulator, Element, Layout};

/// Row and column of one element: lane, register, part.
fn at(layout: Layout, lane: usize, register: usize, part: usize) -> (usize, usize) {
    layout.place(lane, register, part)
}

#[test]
fn halves_of_m16n8k16_are_where_the_manual_says() {
    let a = Layout::left(16, 16, Element::F16);
    assert_eq!(a.registers(), 4);
    // Lane 6 is member 2 of group 1; the manual numbers these a0 to a7.
    let lane_6 = [0, 1, 2, 3].map(|register| [at(a, 6, register, 0), at(a, 6, register, 1)]);
    assert_eq!(
        lane_6,
        [
            [(1, 4), (1, 5)],
            [(9, 4), (9, 5)],
            [(1, 12), (1, 13)],
            [(9, 12), (9, 13)]
        ]
    );
    let b = Layout::right(16, 8, Element::BF16);
    assert_eq!(
        [
            at(b, 6, 0, 0),
            at(b, 6, 0, 1),
            at(b, 6, 1, 0),
            at(b, 6, 1, 1)
        ],
        [(4, 1), (5, 1), (12, 1), (13, 1)]
    );
    let c = Layout::sum(16, 8, Accumulator::F32);
    assert_eq!(
        [0, 1, 2, 3].map(|register| at(c, 6, register, 0)),
        [(1, 4), (1, 5), (9, 4), (9, 5)]
    );
    let c = Layout::sum(16, 8, Accumulator::F16);
    assert_eq!(
        [
            at(c, 31, 0, 0),
            at(c, 31, 0, 1),
            at(c, 31, 1, 0),
            at(c, 31, 1, 1)
        ],
        [(7, 6), (7, 7), (15, 6), (15, 7)]
    );
}

#[test]
fn halves_of_m16n8k8_are_where_the_manual_says() {
    let (a, b) = (
        Layout::left(16, 8, Element::F16),
        Layout::right(8, 8, Element::F16),
    );
    assert_eq!((a.registers(), b.registers()), (2, 1));
    assert_eq!([at(a, 31, 0, 1), at(a, 31, 1, 0)], [(7, 7), (15, 6)]);
    assert_eq!(at(b, 30, 0, 1), (5, 7));
}

#[test]
fn tensor_floats_are_where_the_manual_says() {
    let a = Layout::left(16, 8, Element::TF32);
    assert_eq!(
        [0, 1, 2, 3].map(|register| at(a, 7, register, 0)),
        [(1, 3), (9, 3), (1, 7), (9, 7)]
    );
    let b = Layout::right(8, 8, Element::TF32);
    assert_eq!([at(b, 7, 0, 0), at(b, 7, 1, 0)], [(3, 1), (7, 1)]);
    let (a, b) = (
        Layout::left(16, 4, Element::TF32),
        Layout::right(4, 8, Element::TF32),
    );
    assert_eq!(
        [at(a, 29, 0, 0), at(a, 29, 1, 0), at(b, 29, 0, 0)],
        [(7, 1), (15, 1), (1, 7)]
    );
}

#[test]
fn bytes_are_where_the_manual_says() {
    let a = Layout::left(16, 32, Element::S8);
    assert_eq!(
        [0, 1, 2, 3].map(|register| at(a, 5, register, 3)),
        [(1, 7), (9, 7), (1, 23), (9, 23)]
    );
    let b = Layout::right(32, 8, Element::U8);
    assert_eq!([at(b, 5, 0, 2), at(b, 5, 1, 2)], [(6, 1), (22, 1)]);
    let (a, b) = (
        Layout::left(16, 16, Element::U8),
        Layout::right(16, 8, Element::S8),
    );
    assert_eq!(
        [at(a, 31, 0, 0), at(a, 31, 1, 3), at(b, 31, 0, 0)],
        [(7, 12), (15, 15), (12, 7)]
    );
    let (a, b) = (
        Layout::left(8, 16, Element::S8),
        Layout::right(16, 8, Element::S8),
    );
    assert_eq!(
        (a.registers(), at(a, 9, 0, 1), at(b, 9, 0, 1)),
        (1, (2, 5), (5, 2))
    );
    let c = Layout::sum(8, 8, Accumulator::S32);
    assert_eq!([at(c, 9, 0, 0), at(c, 9, 1, 0)], [(2, 2), (2, 3)]);
}

#[test]
fn doubles_are_where_the_manual_says() {
    let (a, b) = (
        Layout::left(8, 4, Element::F64),
        Layout::right(4, 8, Element::F64),
    );
    assert_eq!((at(a, 14, 0, 0), at(b, 14, 0, 0)), ((3, 2), (2, 3)));
    let a = Layout::left(16, 16, Element::F64);
    assert_eq!(
        [0, 1, 2, 7].map(|register| at(a, 14, register, 0)),
        [(3, 2), (11, 2), (3, 6), (11, 14)]
    );
    let b = Layout::right(16, 8, Element::F64);
    assert_eq!(
        [0, 1, 2, 3].map(|register| at(b, 14, register, 0)),
        [(2, 3), (6, 3), (10, 3), (14, 3)]
    );
}

#[test]
fn accumulators_of_wmma_are_two_halves_side_by_side() {
    let c = Layout::sum(16, 16, Accumulator::F32);
    assert_eq!(c.registers(), 8);
    assert_eq!(
        [0, 1, 2, 4, 7].map(|register| at(c, 6, register, 0)),
        [(1, 4), (1, 5), (9, 4), (1, 12), (9, 13)]
    );
    let c = Layout::sum(32, 8, Accumulator::F32);
    assert_eq!(
        [0, 3, 4, 7].map(|register| at(c, 6, register, 0)),
        [(1, 4), (9, 5), (17, 4), (25, 5)]
    );
    let c = Layout::sum(8, 32, Accumulator::F32);
    assert_eq!(
        [0, 1, 2, 7].map(|register| at(c, 6, register, 0)),
        [(1, 4), (1, 5), (1, 12), (1, 29)]
    );
}

#[test]
fn every_element_has_exactly_one_place() {
    let mut layouts = Vec::new();
    for (m, n) in [(8, 8), (16, 8), (16, 16), (32, 8), (8, 32)] {
        for accumulator in [Accumulator::F16, Accumulator::F32] {
            layouts.push(Layout::sum(m, n, accumulator));
        }
        for (element, depths) in [
            (Element::F16, &[8, 16][..]),
            (Element::TF32, &[4, 8]),
            (Element::S8, &[16, 32]),
            (Element::U4, &[32, 64]),
            (Element::F64, &[4, 8, 16]),
        ] {
            for &k in depths {
                layouts.push(Layout::left(m, k, element));
                layouts.push(Layout::right(k, n, element));
            }
        }
    }
    for layout in layouts {
        let mut seen = vec![0; layout.rows * layout.columns];
        for register in 0..layout.registers() {
            for lane in 0..32 {
                for part in 0..layout.packed {
                    let (row, column) = layout.place(lane, register, part);
                    seen[row * layout.columns + column] += 1;
                }
            }
        }
        assert!(seen.iter().all(|&count| count == 1), "{layout:?}");
    }
}

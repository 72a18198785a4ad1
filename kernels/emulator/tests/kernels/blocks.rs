//! Kernels whose blocks work for themselves.

use crate::case::{Case, fractions, random};

const REDUCTION: &str = include_str!("reduction.ptx");
const SCAN: &str = include_str!("scan.ptx");
const TRANSPOSE: &str = include_str!("transpose.ptx");

#[test]
fn integers_add_up() {
    let numbers: Vec<i32> = random(5000, 1).into_iter().map(|x| x as i32).collect();
    let outcome = Case::new(REDUCTION, "sum_int", 6, 256)
        .buffer(&numbers)
        .value(5000_i32)
        .buffer(&[0_i64])
        .run();
    let expected: i64 = numbers.iter().map(|x| i64::from(*x)).sum();
    assert_eq!(outcome.array::<i64>(1), [expected]);
    let counters = outcome.report.counters;
    assert_eq!((counters.barriers, counters.atomic_requests), (6, 6));
    // 20,000 bytes in 32-byte sectors, and the result's.
    assert_eq!(counters.global_load_sectors, 625);
    assert_eq!(counters.unique_sectors, 626);
}

#[test]
fn floats_add_up_in_the_kernels_order() {
    let numbers = fractions(3000, 2);
    let outcome = Case::new(REDUCTION, "sum_float", 3, 128)
        .buffer(&numbers)
        .value(3000_i32)
        .blank(12)
        .run();
    let down = |mut values: Vec<f32>| {
        for distance in [16, 8, 4, 2, 1] {
            let before = values.clone();
            for lane in 0..32 {
                values[lane] += before[if lane + distance < 32 {
                    lane + distance
                } else {
                    lane
                }];
            }
        }
        values[0]
    };
    let expected: Vec<f32> = (0..3)
        .map(|block| {
            let thread = |t: usize| {
                let mut sum = 0.0;
                for i in (block * 128 + t..3000).step_by(3 * 128) {
                    sum += numbers[i];
                }
                sum
            };
            let mut sums = vec![0.0; 32];
            for (warp, sum) in sums.iter_mut().enumerate().take(4) {
                *sum = down((0..32).map(|lane| thread(warp * 32 + lane)).collect());
            }
            down(sums)
        })
        .collect();
    assert_eq!(outcome.array::<f32>(1), expected);
}

#[test]
fn scans_add_up_what_comes_before() {
    let numbers = random(1000, 3);
    let outcome = Case::new(SCAN, "scan", 4, 256)
        .buffer(&numbers)
        .blank(4000)
        .value(1000_i32)
        .run();
    let expected: Vec<u32> = numbers
        .chunks(256)
        .flat_map(|block| {
            block.iter().scan(0_u32, |sum, x| {
                *sum = sum.wrapping_add(*x);
                Some(*sum)
            })
        })
        .collect();
    assert_eq!(outcome.array::<u32>(1), expected);
    let outcome = Case::new(SCAN, "sweep", 1, 64)
        .buffer(&numbers[..128])
        .blank(512)
        .run();
    let mut sum = 0_u32;
    let expected: Vec<u32> = numbers[..128]
        .iter()
        .map(|x| {
            let before = sum;
            sum = sum.wrapping_add(*x);
            before
        })
        .collect();
    assert_eq!(outcome.array::<u32>(1), expected);
}

#[test]
fn columns_of_a_tile_meet_in_one_bank_unless_rows_are_padded() {
    let n = 64_usize;
    let numbers = fractions(n * n, 4);
    let expected: Vec<f32> = (0..n * n).map(|i| numbers[i % n * n + i / n]).collect();
    for (kernel, conflicts) in [("padded", 0), ("unpadded", 31)] {
        let outcome = Case::new(TRANSPOSE, kernel, 1, 1)
            .extent([2, 2], [32, 8], 0)
            .buffer(&numbers)
            .blank(4 * n * n)
            .value(n as i32)
            .run();
        assert_eq!(outcome.array::<f32>(1), expected);
        let counters = outcome.report.counters;
        // 4 blocks of 8 warps load 4 columns each.
        assert_eq!(counters.bank_conflicts, 4 * 8 * 4 * conflicts);
        assert_eq!(counters.shared_wavefronts, 4 * 8 * 4 * (2 + conflicts));
        assert_eq!(counters.global_load_sectors, 64 * 64 * 4 / 32);
        assert_eq!(counters.global_store_sectors, 64 * 64 * 4 / 32);
        let line = counters.lines.iter().max_by_key(|line| line.bank_conflicts);
        let line = &line.expect("there are lines").line;
        if conflicts > 0 {
            assert_eq!((line.file.as_str(), line.line), ("transpose.cu", 12));
        }
    }
}

#[test]
fn bytes_are_counted() {
    let bytes: Vec<u8> = random(4001, 5)
        .into_iter()
        .map(|x| (x % 200) as u8)
        .collect();
    let outcome = Case::new(include_str!("histogram.ptx"), "histogram", 3, 128)
        .buffer(&bytes)
        .value(4001_i32)
        .buffer(&[0_u32; 256])
        .run();
    let mut expected = [0_u32; 256];
    bytes
        .iter()
        .for_each(|byte| expected[usize::from(*byte)] += 1);
    assert_eq!(outcome.array::<u32>(1), expected);
    assert!(outcome.report.counters.atomic_conflicts > 0);
}

#[test]
fn a_stencil_takes_its_halo_from_its_neighbours() {
    let (width, height) = (37_usize, 21_usize);
    let cells = fractions(width * height, 6);
    let outcome = Case::new(include_str!("stencil.ptx"), "stencil", 1, 1)
        .extent([3, 3], [16, 8], 18 * 10 * 4)
        .buffer(&cells)
        .blank(4 * width * height)
        .value(width as i32)
        .value(height as i32)
        .run();
    let at = |x: i32, y: i32| match (usize::try_from(x), usize::try_from(y)) {
        (Ok(x), Ok(y)) if x < width && y < height => cells[y * width + x],
        _ => 0.0,
    };
    for (i, found) in outcome.array::<f32>(1).into_iter().enumerate() {
        let (x, y) = ((i % width) as i32, (i / width) as i32);
        let around = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1);
        let expected = 0.5 * at(x, y) + 0.125 * around;
        assert!(
            (found - expected).abs() < 1e-6,
            "{x} {y}: {found}, not {expected}"
        );
    }
}

#[test]
fn points_leave_the_circle_after_their_own_steps() {
    let (width, height, most) = (70_usize, 12_usize, 60);
    let outcome = Case::new(include_str!("mandelbrot.ptx"), "mandelbrot", 1, 1)
        .extent([2, height as u32], [64, 1], 0)
        .blank(4 * width * height)
        .value(width as i32)
        .value(height as i32)
        .value(most)
        .run();
    let steps = |i: usize| {
        let (x, y) = ((i % width) as f64, (i / width) as f64);
        let (re, im) = (
            -2.0 + 3.0 * x / width as f64,
            -1.0 + 2.0 * y / height as f64,
        );
        let (mut zr, mut zi) = (0.0_f64, 0.0_f64);
        let mut count = 0;
        while count < most && zi.mul_add(zi, zr * zr) <= 4.0 {
            (zr, zi) = (zr * zr - zi * zi + re, 2.0 * (zr * zi) + im);
            count += 1;
        }
        count
    };
    let expected: Vec<i32> = (0..width * height).map(steps).collect();
    assert_eq!(outcome.array::<i32>(0), expected);
    let counters = outcome.report.counters;
    assert!(counters.divergent_branches > 0);
    assert!(counters.lane_utilisation() < 0.9);
}

#[test]
fn digits_from_the_top_find_the_kth_largest() {
    let numbers: Vec<i32> = random(700, 7)
        .into_iter()
        .map(|x| x as i32 % 1000)
        .collect();
    let mut sorted = numbers.clone();
    sorted.sort_unstable_by(|one, other| other.cmp(one));
    for k in [1, 350, 700] {
        let outcome = Case::new(include_str!("select.ptx"), "kth_largest", 1, 192)
            .buffer(&numbers)
            .value(700_i32)
            .value(k)
            .blank(4)
            .run();
        assert_eq!(outcome.array::<i32>(1), [sorted[k as usize - 1]]);
    }
}

// judge: expect=AC growth=n*capacity
// From one row of totals by volume into another, which the compiler turns into vector instructions.
use std::io::Read;

fn main() {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).unwrap();
    let mut numbers = input
        .split_ascii_whitespace()
        .map(|token| token.parse::<i64>().unwrap());
    let (n, capacity) = (
        numbers.next().unwrap() as usize,
        numbers.next().unwrap() as usize,
    );
    let volumes: Vec<usize> = numbers
        .by_ref()
        .take(n)
        .map(|volume| volume as usize)
        .collect();
    let values: Vec<i64> = numbers.collect();
    let mut best = vec![0_i64; capacity + 1];
    let mut next = best.clone();
    for (&volume, &value) in volumes.iter().zip(&values) {
        if volume > capacity {
            continue;
        }
        next[..volume].copy_from_slice(&best[..volume]);
        for ((next, &without), &with) in next[volume..].iter_mut().zip(&best[volume..]).zip(&best) {
            *next = without.max(with + value);
        }
        std::mem::swap(&mut best, &mut next);
    }
    println!("{}", best[capacity]);
}

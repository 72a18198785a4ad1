// judge: expect=WA case=knapsack/all_too_heavy@n=5
// Starts with every volume but 0 out of reach: that asks for choices which fill the capacity to the last bit.
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
    let mut best = vec![i64::MIN / 2; capacity + 1];
    best[0] = 0;
    for (&volume, &value) in volumes.iter().zip(&values) {
        for total in (volume..=capacity).rev() {
            best[total] = best[total].max(best[total - volume] + value);
        }
    }
    println!("{}", best[capacity]);
}

// judge: expect=RE case=knapsack/all_too_heavy@n=5
// Copies the cells below an item's volume without asking whether the row is that long.
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
    for (&volume, &value) in volumes.iter().zip(&values) {
        let mut next = best[..volume].to_vec();
        for total in volume..=capacity {
            next.push(best[total].max(best[total - volume] + value));
        }
        best = next;
    }
    println!("{}", best[capacity]);
}

// judge: expect=WA case=combination_sum_ii/all_equal@n=10
// Removes equal candidates so that nothing comes twice, and with them the right to take a value twice.
use std::io::Read;

fn descend(candidates: &[i64], rest: i64, path: &mut Vec<i64>, found: &mut Vec<Vec<i64>>) {
    if rest == 0 {
        found.push(path.clone());
        return;
    }
    for (i, &value) in candidates.iter().enumerate() {
        if value > rest {
            break;
        }
        path.push(value);
        descend(&candidates[i + 1..], rest - value, path, found);
        path.pop();
    }
}

fn main() {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).unwrap();
    let mut numbers = input
        .split_ascii_whitespace()
        .map(|token| token.parse::<i64>().unwrap());
    let (_, target) = (numbers.next().unwrap(), numbers.next().unwrap());
    let mut candidates: Vec<i64> = numbers.collect();
    candidates.sort_unstable();
    candidates.dedup();
    let mut found = Vec::new();
    descend(&candidates, target, &mut Vec::new(), &mut found);
    println!("{}", found.len());
    for combination in found {
        let values: Vec<String> = combination.iter().map(i64::to_string).collect();
        println!("{} {}", values.len(), values.join(" "));
    }
}

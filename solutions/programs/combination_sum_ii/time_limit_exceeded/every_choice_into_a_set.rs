// judge: expect=TLE case=combination_sum_ii/all_equal@n=40
// Takes or leaves every single candidate and lets a set forget the twins: of 40 equal ones there are 10^11 choices.
use std::collections::BTreeSet;
use std::io::Read;

fn descend(candidates: &[i64], rest: i64, path: &mut Vec<i64>, found: &mut BTreeSet<Vec<i64>>) {
    if rest == 0 {
        found.insert(path.clone());
        return;
    }
    let Some((&first, others)) = candidates.split_first() else {
        return;
    };
    if first > rest {
        return;
    }
    path.push(first);
    descend(others, rest - first, path, found);
    path.pop();
    descend(others, rest, path, found);
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
    let mut found = BTreeSet::new();
    descend(&candidates, target, &mut Vec::new(), &mut found);
    println!("{}", found.len());
    for combination in found {
        let values: Vec<String> = combination.iter().map(i64::to_string).collect();
        println!("{} {}", values.len(), values.join(" "));
    }
}

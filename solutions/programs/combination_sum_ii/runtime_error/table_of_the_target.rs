// judge: expect=RE case=combination_sum_ii/target_below_all@n=5
// Counts the candidates by value in a table that ends at the target: a greater candidate is behind its end.
use std::io::Read;

fn descend(
    copies: &[usize],
    value: usize,
    rest: usize,
    path: &mut Vec<usize>,
    found: &mut Vec<Vec<usize>>,
) {
    if rest == 0 {
        found.push(path.clone());
        return;
    }
    if value == 0 {
        return;
    }
    let before = path.len();
    for taken in 0..=copies[value].min(rest / value) {
        descend(copies, value - 1, rest - taken * value, path, found);
        path.push(value);
    }
    path.truncate(before);
}

fn main() {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).unwrap();
    let mut numbers = input
        .split_ascii_whitespace()
        .map(|token| token.parse::<usize>().unwrap());
    let (_, target) = (numbers.next().unwrap(), numbers.next().unwrap());
    let mut copies = vec![0; target + 1];
    for value in numbers {
        copies[value] += 1;
    }
    let mut found = Vec::new();
    descend(&copies, target, target, &mut Vec::new(), &mut found);
    println!("{}", found.len());
    for combination in found {
        let values: Vec<String> = combination.iter().map(usize::to_string).collect();
        println!("{} {}", values.len(), values.join(" "));
    }
}

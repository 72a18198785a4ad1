// judge: expect=AC growth=combinations*log(combinations)
// Counts equal candidates and chooses how many of each value, the greatest first; stops where even all smaller ones
// together do not suffice.
use std::fmt::Write;
use std::io::Read;

struct Kind {
    value: i64,
    copies: i64,
    up_to_here: i64,
}

fn descend(kinds: &[Kind], rest: i64, path: &mut Vec<i64>, found: &mut usize, text: &mut String) {
    if rest == 0 {
        *found += 1;
        write!(text, "{}", path.len()).unwrap();
        for value in path.iter() {
            write!(text, " {value}").unwrap();
        }
        text.push('\n');
        return;
    }
    let Some((kind, smaller)) = kinds.split_last() else {
        return;
    };
    if kind.up_to_here < rest {
        return;
    }
    let before = path.len();
    for count in 0..=kind.copies.min(rest / kind.value) {
        descend(smaller, rest - count * kind.value, path, found, text);
        path.push(kind.value);
    }
    path.truncate(before);
}

fn main() {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).unwrap();
    let mut numbers = input
        .split_ascii_whitespace()
        .map(|token| token.parse::<i64>().unwrap());
    let (_, target) = (numbers.next().unwrap(), numbers.next().unwrap());
    let mut candidates: Vec<i64> = numbers.filter(|&value| value <= target).collect();
    candidates.sort_unstable();
    let mut kinds: Vec<Kind> = Vec::new();
    let mut sum = 0;
    for equal in candidates.chunk_by(|a, b| a == b) {
        let (value, copies) = (equal[0], equal.len() as i64);
        sum += value * copies;
        kinds.push(Kind {
            value,
            copies,
            up_to_here: sum,
        });
    }
    let (mut found, mut text) = (0, String::new());
    descend(&kinds, target, &mut Vec::new(), &mut found, &mut text);
    print!("{found}\n{text}");
}

// judge: expect=AC growth=combinations*log(combinations)
// Backtracking over sorted candidates: the first one that is too great ends the loop.
use std::fmt::Write;
use std::io::Read;

fn descend(
    candidates: &[i64],
    rest: i64,
    path: &mut Vec<i64>,
    found: &mut usize,
    text: &mut String,
) {
    if rest == 0 {
        *found += 1;
        write!(text, "{}", path.len()).unwrap();
        for value in path.iter() {
            write!(text, " {value}").unwrap();
        }
        text.push('\n');
        return;
    }
    for (i, &value) in candidates.iter().enumerate() {
        if value > rest {
            break;
        }
        path.push(value);
        descend(&candidates[i..], rest - value, path, found, text);
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
    let (mut found, mut text) = (0, String::new());
    descend(&candidates, target, &mut Vec::new(), &mut found, &mut text);
    print!("{found}\n{text}");
}

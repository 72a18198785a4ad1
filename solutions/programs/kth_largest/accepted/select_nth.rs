// judge: expect=AC growth=n
// Introselect of the standard library: linear, at worst too.
use std::error::Error;
use std::io::{Read, stdin};

fn main() -> Result<(), Box<dyn Error>> {
    let mut text = String::new();
    stdin().read_to_string(&mut text)?;
    let mut tokens = text.split_ascii_whitespace();
    let mut next = || tokens.next().ok_or("the input ends too early");
    let n: usize = next()?.parse()?;
    let k: usize = next()?.parse()?;
    let mut numbers = Vec::with_capacity(n);
    for _ in 0..n {
        numbers.push(next()?.parse::<i32>()?);
    }
    let (_, value, _) = numbers.select_nth_unstable(n - k);
    println!("{value}");
    Ok(())
}

// judge: expect=WA case=kth_largest/extremes@n=1000,k=1
// Sorts by the bits as they are: every negative number comes after every positive one.
use std::error::Error;
use std::io::{Read, stdin};

fn main() -> Result<(), Box<dyn Error>> {
    let mut text = String::new();
    stdin().read_to_string(&mut text)?;
    let mut numbers = text.split_ascii_whitespace().map(str::parse::<i32>);
    let mut next = || numbers.next().ok_or("the input ends too early");
    let n = next()?? as usize;
    let k = next()?? as usize;
    let mut keys = Vec::with_capacity(n);
    for _ in 0..n {
        keys.push(next()?? as u32);
    }
    keys.sort_unstable();
    println!("{}", keys[n - k] as i32);
    Ok(())
}

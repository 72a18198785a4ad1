// judge: expect=TLE case=kth_largest/all_equal@n=400000
// Quickselect with a random pivot, but only two parts: among equal numbers every pass takes away a single one.
use std::error::Error;
use std::io::{Read, stdin};

/// Smaller ones to the front, then the pivot: where it stands.
fn partition(numbers: &mut [i32], pivot: usize) -> usize {
    let last = numbers.len() - 1;
    numbers.swap(pivot, last);
    let mut store = 0;
    for position in 0..last {
        if numbers[position] < numbers[last] {
            numbers.swap(position, store);
            store += 1;
        }
    }
    numbers.swap(store, last);
    store
}

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
    let (mut rest, mut rank) = (numbers.as_mut_slice(), n - k);
    let mut random = 88_172_645_463_325_252_u64;
    loop {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let pivot = (random % rest.len() as u64) as usize;
        let store = partition(rest, pivot);
        if rank < store {
            rest = &mut rest[..store];
        } else if rank > store {
            rest = &mut rest[store + 1..];
            rank -= store + 1;
        } else {
            println!("{}", rest[store]);
            return Ok(());
        }
    }
}

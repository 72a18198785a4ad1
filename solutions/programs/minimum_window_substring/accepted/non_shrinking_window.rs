// judge: expect=AC growth=n
//! After the first window only shorter ones matter: the window shrinks but never grows again. O(n + m).

use std::io::Read as _;

fn main() {
    let mut input = String::new();
    std::io::stdin()
        .read_to_string(&mut input)
        .expect("standard input");
    let mut lines = input.lines().map(str::as_bytes);
    let (text, target) = (
        lines.next().expect("the text"),
        lines.next().expect("the target"),
    );
    let mut lacking = [0_i32; 256];
    for letter in target {
        lacking[usize::from(*letter)] += 1;
    }
    let mut total = target.len() as i32;
    let mut best = 0..0;
    let mut start = 0;
    for (last, letter) in text.iter().enumerate() {
        let entering = &mut lacking[usize::from(*letter)];
        total -= i32::from(*entering > 0);
        *entering -= 1;
        // Where a window is known, slide one that is shorter than it.
        let slides = !best.is_empty();
        while total == 0 || (slides && last - start + 1 >= best.len()) {
            if total == 0 && (!slides || last - start + 1 < best.len()) {
                best = start..last + 1;
            }
            let leaving = &mut lacking[usize::from(text[start])];
            *leaving += 1;
            total += i32::from(*leaving > 0);
            start += 1;
        }
    }
    println!("{}", std::str::from_utf8(&text[best]).expect("letters"));
}

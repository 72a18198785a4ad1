//! Alphabets in a random order, and letters at random places.

use crate::Random;

/// The letters a-z in a random order: whoever takes the first few takes random ones.
pub(super) fn shuffled_alphabet(random: &mut Random) -> [u8; 26] {
    let mut letters = std::array::from_fn(|index| b'a' + index as u8);
    random.shuffle(&mut letters);
    letters
}

/// The same alphabet, each letter in one random case.
pub(super) fn shuffled_alphabet_of_both_cases(random: &mut Random) -> [u8; 26] {
    let mut letters = shuffled_alphabet(random);
    for letter in &mut letters {
        if random.index(2) == 0 {
            letter.make_ascii_uppercase();
        }
    }
    letters
}

/// Fills a text with letters, each as likely as any other.
pub(super) fn fill(random: &mut Random, letters: &[u8], text: &mut [u8]) {
    for place in text {
        *place = *random.choose(letters);
    }
}

/// Writes letters over a text that is not shorter, in their order: cut into as many parts as there are letters, the
/// text gets one of them at a random place of each.
pub(super) fn scatter(random: &mut Random, letters: &[u8], text: &mut [u8]) {
    let parts = letters.len();
    for (part, letter) in letters.iter().enumerate() {
        let (begin, end) = (part * text.len() / parts, (part + 1) * text.len() / parts);
        text[begin + random.index(end - begin)] = *letter;
    }
}

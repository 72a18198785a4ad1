//! Integers out of text, 64 bytes at a time ("SIMD within a register"; the loops over a block become vectors).
//!
//! ```text
//! block   64 bytes -> a bit for each space and line end, and whether there is nothing but them and digits
//! token   ... '-' '1' '2' '3' ' '      its last bytes are one word, the first byte the lowest
//! shifted  0   0   0   0   0 '1' '2' '3'          what stands before the digits is shifted out
//! value   pairs, then fours, then the eight: a multiplication each
//! ```

/// `0` in every byte.
const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);

/// Bytes that are looked at together: as many as a word has bits.
const BLOCK: usize = 64;

/// Bytes before a block in which the digits of its first token may begin: three words.
const BEFORE: usize = 24;

/// A block and what stands before it.
type Window = [u8; BEFORE + BLOCK];

/// Ten to the power of eight.
const EIGHT: u64 = 100_000_000;

/// Integers that a text may be read into. (Up to eight digits fit `i32`, from which most types need no check.)
pub(super) trait Integer: TryFrom<i32> + TryFrom<i64> {}

impl<T: TryFrom<i32> + TryFrom<i64>> Integer for T {}

/// Reads integers from a position on, as long as they are plain and there is room. How many it read, and where the
/// last one ends: from there somebody has to look closer, because the text ends, or the next token is no integer of the
/// type, or of an odd form, or followed by other white space than spaces and line feeds.
pub(super) fn integers<T: Integer>(
    text: &[u8],
    position: usize,
    values: &mut [T],
) -> (usize, usize) {
    let mut reader = Reader {
        text,
        values,
        count: 0,
        start: position,
    };
    let mut was_plain = false;
    for at in (position..=text.len()).step_by(BLOCK) {
        let padded;
        let inside = at.checked_sub(BEFORE);
        let window = match inside.and_then(|from| text[from..].first_chunk()) {
            Some(window) => window,
            None => {
                padded = padded_window(text, at);
                &padded
            }
        };
        let (ends, is_plain) = look(window);
        let goes_on = if is_plain && was_plain {
            reader.block::<true>(window, at, ends)
        } else {
            reader.block::<false>(window, at, ends)
        };
        if !goes_on {
            break;
        }
        was_plain = is_plain;
    }
    let mut end = reader.start;
    while end > position && text.get(end - 1).is_none_or(u8::is_ascii_whitespace) {
        end -= 1;
    }
    (reader.count, end)
}

/// A window at an end of the text, with spaces around it.
#[cold]
fn padded_window(text: &[u8], at: usize) -> Window {
    let mut window = [b' '; BEFORE + BLOCK];
    let from = at.saturating_sub(BEFORE);
    let inside = &text[from..text.len().min(at + BLOCK)];
    window[BEFORE + from - at..][..inside.len()].copy_from_slice(inside);
    window
}

/// A bit for each space and line feed of the block, and whether all other bytes are digits.
#[inline(always)]
fn look(window: &Window) -> (u64, bool) {
    /// Gathers the lowest bits of the bytes in the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let block: &[u8; BLOCK] = window.last_chunk().expect("a block ends the window");
    let is_end = block.map(|byte| u8::from((byte == b' ') | (byte == b'\n')));
    let is_plain = block
        .iter()
        .zip(is_end)
        .fold(1, |is_plain, (byte, is_end)| {
            is_plain & (u8::from(byte.wrapping_sub(b'0') < 10) | is_end)
        });
    let words = is_end.as_chunks().0;
    let ends = std::array::from_fn(|index| {
        (u64::from_le_bytes(words[index]).wrapping_mul(GATHER) >> 56) as u8
    });
    (u64::from_le_bytes(ends), is_plain == 1)
}

/// What was read so far.
struct Reader<'a, T> {
    text: &'a [u8],
    values: &'a mut [T],
    count: usize,
    /// Where the next token begins, unless more white space is there.
    start: usize,
}

impl<T: Integer> Reader<'_, T> {
    /// Reads the tokens that end in a block; whether all of them could be read.
    fn block<const IS_PLAIN: bool>(&mut self, window: &Window, at: usize, mut ends: u64) -> bool {
        let (mut count, mut start) = (self.count, self.start);
        let mut goes_on = true;
        while ends != 0 {
            let place = ends.trailing_zeros() as usize % BLOCK;
            ends &= ends - 1;
            let end = at + place;
            if end > start {
                let token = Token {
                    text: self.text,
                    window,
                    start,
                    place,
                    length: end - start,
                };
                let value = if IS_PLAIN {
                    token.plain_value()
                } else {
                    token.value()
                };
                let (Some(value), Some(to)) = (value, self.values.get_mut(count)) else {
                    goes_on = false;
                    break;
                };
                *to = value;
                count += 1;
            }
            start = end + 1;
        }
        (self.count, self.start) = (count, start);
        goes_on
    }
}

/// A token that ends in a block, by its start in the text and its end in the block.
#[derive(Clone, Copy)]
struct Token<'a> {
    text: &'a [u8],
    window: &'a Window,
    start: usize,
    place: usize,
    length: usize,
}

impl Token<'_> {
    /// The value of a token that is made of digits alone.
    #[inline(always)]
    fn plain_value<T: Integer>(self) -> Option<T> {
        match self.length {
            1..=4 => T::try_from(four(self.last(0), self.length) as i32).ok(),
            5..=8 => T::try_from(eight(self.word(0, self.length)) as i32).ok(),
            _ => self.value(),
        }
    }

    /// The value of a token of any bytes, if it is an integer of at most 19 digits.
    #[inline(always)]
    fn value<T: Integer>(self) -> Option<T> {
        let is_negative = *self.text.get(self.start)? == b'-';
        let count = self.length - usize::from(is_negative);
        let magnitude = match count {
            1..=8 => {
                let digits = self.word(0, count);
                let value = are_digits(&[digits]).then(|| eight(digits) as i32)?;
                return T::try_from(if is_negative { -value } else { value }).ok();
            }
            9..=16 => {
                let (high, low) = (self.word(1, count - 8), self.word(0, 8));
                are_digits(&[high, low]).then(|| eight(high) * EIGHT + eight(low))?
            }
            17..=19 => {
                let (first, high, low) =
                    (self.word(2, count - 16), self.word(1, 8), self.word(0, 8));
                let magnitude = are_digits(&[first, high, low])
                    .then(|| (eight(first) * EIGHT + eight(high)) * EIGHT + eight(low));
                magnitude.filter(|magnitude| is_in_range(is_negative, *magnitude))?
            }
            _ => return None,
        };
        T::try_from(signed(is_negative, magnitude)).ok()
    }

    /// The last `count` digits, 1 to 8, as values of 0 to 9 behind zeros, before as many words as are skipped.
    #[inline(always)]
    fn word(self, skipped: usize, count: usize) -> u64 {
        let others = 8 * (8 - count as u32);
        (u64::from_le_bytes(self.last(skipped)) ^ ZEROS) >> others << others
    }

    /// The last bytes before as many words as are skipped.
    #[inline(always)]
    fn last<const COUNT: usize>(self, skipped: usize) -> [u8; COUNT] {
        let from = BEFORE + self.place - 8 * skipped - COUNT;
        let bytes = self.window[from..].first_chunk();
        *bytes.expect("three words stand before every place")
    }
}

/// Whether all bytes are values of 0 to 9.
#[inline(always)]
fn are_digits(words: &[u64]) -> bool {
    const BELOW_HIGH: u64 = u64::from_ne_bytes([0x80 - 10; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    let bits = words.iter();
    bits.fold(0, |bits, word| bits | word | word.wrapping_add(BELOW_HIGH)) & HIGH == 0
}

/// The value of eight digits.
#[inline(always)]
fn eight(digits: u64) -> u64 {
    let pairs = (digits.wrapping_mul(10 * 0x100 + 1) >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs.wrapping_mul(100 * 0x1_0000 + 1) >> 16) & 0x0000_FFFF_0000_FFFF;
    fours.wrapping_mul(10_000 * 0x1_0000_0000 + 1) >> 32
}

/// The value of the last `count` bytes, 1 to 4, that are digits.
#[inline(always)]
fn four(bytes: [u8; 4], count: usize) -> u32 {
    let others = 8 * (4 - count as u32);
    let digits = (u32::from_le_bytes(bytes) ^ ZEROS as u32) >> others << others;
    let pairs = (digits.wrapping_mul(10 * 0x100 + 1) >> 8) & 0x00FF_00FF;
    pairs.wrapping_mul(100 * 0x1_0000 + 1) >> 16
}

/// The integer that a token of any length is, digit by digit.
pub(super) fn integer(token: &[u8]) -> Option<i64> {
    let is_negative = token.first() == Some(&b'-');
    let digits = &token[usize::from(is_negative)..];
    let magnitude = digits.iter().try_fold(0_u64, |magnitude, byte| {
        let digit = byte.is_ascii_digit().then(|| byte - b'0')?;
        magnitude.checked_mul(10)?.checked_add(digit.into())
    });
    magnitude
        .filter(|magnitude| !digits.is_empty() && is_in_range(is_negative, *magnitude))
        .map(|magnitude| signed(is_negative, magnitude))
}

/// Whether `i64` has the number of a sign and magnitude.
#[inline(always)]
fn is_in_range(is_negative: bool, magnitude: u64) -> bool {
    magnitude <= i64::MAX as u64 + u64::from(is_negative)
}

/// A number in range by its sign and magnitude.
#[inline(always)]
fn signed(is_negative: bool, magnitude: u64) -> i64 {
    let value = magnitude as i64; // wraps where it is the least one, which is its own negative
    if is_negative {
        value.wrapping_neg()
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is read of a text, and where reading stops.
    fn read_of(text: &[u8]) -> (Vec<i64>, usize) {
        let mut values = vec![0; text.len()];
        let (count, end) = integers(text, 0, &mut values);
        values.truncate(count);
        (values, end)
    }

    #[test]
    fn integers_of_every_length_are_read_at_every_place() {
        let digits = "1234567890123456789";
        for count in 1..=19 {
            for place in 0..40 {
                for sign in ["", "-"] {
                    let number = format!("{sign}{}", &digits[..count]);
                    let text = format!("{}{number} \n\n 5", " ".repeat(place));
                    let expected = vec![number.parse().unwrap(), 5];
                    assert_eq!(read_of(text.as_bytes()).0, expected, "{text}");
                }
            }
        }
    }

    #[test]
    fn reading_stops_before_what_is_no_integer_of_the_type() {
        for token in [
            "-",
            "--1",
            "+1",
            "1-",
            "1x",
            "9223372036854775808",
            "-9223372036854775809",
            "99999999999999999999",
            "12345678x",
            "1234567x9",
            "1\u{b}2",
            "1\x002",
            "\u{e9}",
        ] {
            let before = "10 20 30 40 50 60 70 80 90 ";
            let (values, end) = read_of(format!("{before}{token} 7").as_bytes());
            assert_eq!((values.len(), end), (9, before.len() - 1), "{token:?}");
        }
    }

    #[test]
    fn only_the_ten_digits_count_as_digits() {
        for place in 0..8 {
            for byte in 0..=u8::MAX {
                let mut word = *b"12345678";
                word[place] = byte;
                let digits = u64::from_le_bytes(word) ^ ZEROS;
                assert_eq!(are_digits(&[digits]), byte.is_ascii_digit(), "{byte}");
            }
        }
    }

    #[test]
    fn spaces_and_line_feeds_end_tokens_and_only_digits_beside_them_are_plain() {
        for byte in 0..=u8::MAX {
            for place in [0, 1, 7, 8, 63] {
                let mut window = [b'1'; BEFORE + BLOCK];
                window[BEFORE + place] = byte;
                let is_end = byte == b' ' || byte == b'\n';
                let expected = (u64::from(is_end) << place, is_end || byte.is_ascii_digit());
                assert_eq!(look(&window), expected, "{byte} at {place}");
            }
        }
    }

    #[test]
    fn no_more_is_read_than_was_asked_for() {
        let mut values = [0_i32; 2];
        assert_eq!(integers(b"7 8 9", 0, &mut values), (2, 3));
        assert_eq!(values, [7, 8]);
    }

    proptest! {
        #[test]
        fn numbers_are_read_as_the_standard_library_wrote_them(
            numbers in proptest::collection::vec((any::<i64>(), 0_u32..64), 1..600)
        ) {
            let numbers: Vec<i64> = numbers.into_iter().map(|(number, shift)| number >> shift).collect();
            let tokens: Vec<String> = numbers.iter().map(i64::to_string).collect();
            prop_assert_eq!(read_of(tokens.join(" ").as_bytes()).0, numbers);
        }

        #[test]
        fn what_is_read_of_any_bytes_is_what_their_tokens_say(
            bytes in proptest::collection::vec(
                proptest::sample::select(&b"0123456789-- \n\t\r\x0b\0x\xff"[..]), 0..300)
        ) {
            let (values, end) = read_of(&bytes);
            let tokens = bytes[..end.min(bytes.len())].split(u8::is_ascii_whitespace);
            let expected = tokens.filter(|token| !token.is_empty()).map(|token| integer(token).unwrap());
            prop_assert_eq!(values, expected.collect::<Vec<i64>>());
        }
    }
}

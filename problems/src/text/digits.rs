//! Decimal digits, eight at a time, as the bytes of one word ("SIMD within a register").
//!
//! ```text
//! block   64 bytes -> a bit for each delimiter: where tokens end, before any of them is looked at
//! token   ... '-' '1' '2' '3' ' '      its last eight bytes are one word, the first byte the lowest
//! shifted  0   0   0   0   0 '1' '2' '3'          what stands before the digits is masked out
//! value   pairs, then fours, then the eight: a multiplication each
//! ```

/// `0` in every byte.
const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);

/// Bytes that are searched for delimiters together: as many as a word has bits.
const BLOCK: usize = 64;

/// Ten to the power of eight.
const EIGHT: u64 = 100_000_000;

/// Reads integers from a position on, as long as they are plain and there is room. How many it read, and where the
/// last one ends: from there somebody has to look closer, because the end of the text is near, or a token is no integer
/// of the type.
pub(super) fn read<T: TryFrom<i64>>(
    text: &[u8],
    position: usize,
    values: &mut [T],
) -> (usize, usize) {
    let (mut count, mut read_to) = (0, position);
    let mut start = position;
    for (index, block) in text[position..].as_chunks().0.iter().enumerate() {
        let mut ends = delimiters(block);
        while ends != 0 {
            let place = ends.trailing_zeros() as usize;
            let end = position + BLOCK * index + place;
            ends &= ends - 1;
            if block[place % BLOCK] != b' ' && is_control(block[place % BLOCK]) {
                return (count, read_to);
            }
            if end > start {
                let Some(place) = values.get_mut(count) else {
                    return (count, read_to);
                };
                let value = integer(text, start, end).and_then(|value| T::try_from(value).ok());
                match value {
                    Some(value) => *place = value,
                    None => return (count, read_to),
                }
                count += 1;
                read_to = end;
            }
            start = end + 1;
        }
    }
    (count, read_to)
}

/// Whether a delimiter is no white space; rarely asked, because most are spaces.
#[cold]
fn is_control(delimiter: u8) -> bool {
    !delimiter.is_ascii_whitespace()
}

/// A bit for each byte up to the space: white space and control characters.
fn delimiters(block: &[u8; BLOCK]) -> u64 {
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    const BEHIND_SPACE: u64 = u64::from_ne_bytes([b' ' + 1; 8]);
    /// Gathers the highest bits of the bytes, shifted down to the lowest, in the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let words = block.as_chunks::<8>().0.iter().enumerate();
    words.fold(0, |bits, (index, bytes)| {
        let word = u64::from_le_bytes(*bytes);
        // The highest bit of a byte stays, unless the byte is too small to pay for the subtraction.
        let is_small = !(((word | HIGH) - BEHIND_SPACE) | word) & HIGH;
        bits | ((is_small >> 7).wrapping_mul(GATHER) >> 56) << (8 * index)
    })
}

/// The integer that a token is.
#[inline(always)] // half of the time goes by if it is called
fn integer(text: &[u8], start: usize, end: usize) -> Option<i64> {
    let is_negative = text[start] == b'-';
    let count = end - start - usize::from(is_negative);
    if end < 16 {
        return parse(&text[start..end]); // the words would begin before the text
    }
    let text = &text[..end];
    let magnitude = match count {
        1..=4 => value_of_four(text, count)?,
        5..=8 => value(word(text)?, count)?,
        9..=16 => value(word(&text[..end - 8])?, count - 8)? * EIGHT + value(word(text)?, 8)?,
        _ => return long(text, start),
    };
    Some(if is_negative {
        -(magnitude as i64)
    } else {
        magnitude as i64
    })
}

/// The integer that a token of no or at least 17 digits is, at the end of a text.
fn long(text: &[u8], start: usize) -> Option<i64> {
    let is_negative = text[start] == b'-';
    let (rest, low) = text.split_last_chunk::<8>()?;
    let (rest, high) = rest.split_last_chunk::<8>()?;
    match rest.len().checked_sub(start + usize::from(is_negative)) {
        Some(count @ 1..=3) if rest.len() >= 8 => {
            let first = value(word(rest)?, count)?;
            let (high, low) = (value(word(high)?, 8)?, value(word(low)?, 8)?);
            signed(is_negative, (first * EIGHT + high) * EIGHT + low)
        }
        _ => parse(&text[start..]),
    }
}

/// The last eight bytes.
fn word(text: &[u8]) -> Option<u64> {
    text.last_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// The value of the last `count` bytes, 1 to 8, if all of them are digits.
fn value(word: u64, count: usize) -> Option<u64> {
    let others = 8 * (8 - count as u32);
    let digits = (word ^ ZEROS) >> others << others;
    let is_above_nine =
        (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
    if is_above_nine != 0 {
        return None;
    }
    let pairs = (digits.wrapping_mul(10 * 0x100 + 1) >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs.wrapping_mul(100 * 0x1_0000 + 1) >> 16) & 0x0000_FFFF_0000_FFFF;
    Some(fours.wrapping_mul(10_000 * 0x1_0000_0000 + 1) >> 32)
}

/// The value of the last `count` bytes, 1 to 4, if all of them are digits.
fn value_of_four(text: &[u8], count: usize) -> Option<u64> {
    let others = 8 * (4 - count as u32);
    let digits = (u32::from_le_bytes(*text.last_chunk()?) ^ ZEROS as u32) >> others << others;
    if (digits.wrapping_add(0x7676_7676) | digits) & 0x8080_8080 != 0 {
        return None;
    }
    let pairs = (digits.wrapping_mul(10 * 0x100 + 1) >> 8) & 0x00FF_00FF;
    Some((pairs.wrapping_mul(100 * 0x1_0000 + 1) >> 16).into())
}

/// The integer that a token of any length is, digit by digit.
pub(super) fn parse(token: &[u8]) -> Option<i64> {
    let is_negative = token.first() == Some(&b'-');
    let digits = &token[usize::from(is_negative)..];
    let magnitude = digits.iter().try_fold(0_u64, |magnitude, byte| {
        let digit = byte.is_ascii_digit().then(|| byte - b'0')?;
        magnitude.checked_mul(10)?.checked_add(digit.into())
    });
    magnitude
        .filter(|_| !digits.is_empty())
        .and_then(|magnitude| signed(is_negative, magnitude))
}

/// A number by its sign and magnitude.
fn signed(is_negative: bool, magnitude: u64) -> Option<i64> {
    if is_negative {
        0_i64.checked_sub_unsigned(magnitude)
    } else {
        i64::try_from(magnitude).ok()
    }
}

/// Eight digits with their leading zeros, as values of 0 to 9.
fn eight_digits(value: u64) -> u64 {
    let fours = (value / 10_000) | (value % 10_000) << 32;
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007F_0000_007F; // 10486 / 2^20 is 1/100 up to 9999
    let pairs = hundreds | (fours - hundreds * 100) << 16;
    let tens = ((pairs * 103) >> 10) & 0x000F_000F_000F_000F; // 103 / 2^10 is 1/10 up to 99
    tens | (pairs - tens * 10) << 8
}

/// An integer that is written in decimal.
pub(super) trait Decimal: Copy {
    /// Whether it is negative, and its magnitude.
    fn parts(self) -> (bool, u64);
}

macro_rules! decimal {
    ($($type:ty: $is_negative:expr, $magnitude:expr;)*) => {$(
        impl Decimal for $type {
            #[inline]
            fn parts(self) -> (bool, u64) {
                ($is_negative(self), $magnitude(self))
            }
        }
    )*};
}
decimal! {
    u8: |_| false, u64::from;
    u32: |_| false, u64::from;
    usize: |_| false, |value| value as u64;
    i32: |value| value < 0, |value: i32| value.unsigned_abs().into();
    i64: |value| value < 0, i64::unsigned_abs;
}

/// Room for the integers that are gathered before they go to the text.
const GATHERED: usize = 4096;

/// The most bytes an integer touches: a space, a sign, 20 digits, and what an eight beyond the last digit takes.
const WIDEST: usize = 32;

/// Writes integers with a space between two.
pub(super) fn write<T: Decimal>(text: &mut Vec<u8>, values: &[T]) {
    let mut gathered = [0; GATHERED];
    let mut rest = values;
    while !rest.is_empty() {
        let (now, later) = rest.split_at(rest.len().min(GATHERED / WIDEST));
        let mut length = 0;
        for value in now {
            let (is_negative, magnitude) = value.parts();
            gathered[length] = b'-';
            length = put(&mut gathered, length + usize::from(is_negative), magnitude);
            gathered[length] = b' ';
            length += 1;
        }
        if text.capacity() - text.len() < length {
            // What is to come is most likely about as long as this: an eighth more, and the text grows once.
            text.reserve(length + later.len() * length / now.len() * 9 / 8);
        }
        let last_space = usize::from(later.is_empty());
        text.extend_from_slice(&gathered[..length - last_space]);
        rest = later;
    }
}

/// Writes one integer.
pub(super) fn write_one<T: Decimal>(text: &mut Vec<u8>, value: T) {
    let mut buffer = [b'-'; WIDEST];
    let (is_negative, magnitude) = value.parts();
    let length = put(&mut buffer, is_negative.into(), magnitude);
    text.extend_from_slice(&buffer[..length]);
}

/// Writes digits from a position on; the position behind them.
#[inline(always)] // as above
fn put(buffer: &mut [u8], at: usize, magnitude: u64) -> usize {
    if magnitude < EIGHT {
        return put_short(buffer, at, magnitude);
    }
    let (high, low) = (magnitude / EIGHT, magnitude % EIGHT);
    let at = if high < EIGHT {
        put_short(buffer, at, high)
    } else {
        let at = put_short(buffer, at, high / EIGHT);
        put_eight(buffer, at, high % EIGHT)
    };
    put_eight(buffer, at, low)
}

/// Less than 10^8, without leading zeros.
fn put_short(buffer: &mut [u8], at: usize, value: u64) -> usize {
    let digits = eight_digits(value);
    let zeros = (digits.trailing_zeros() / 8).min(7);
    let word = (digits | ZEROS) >> (8 * zeros);
    buffer[at..at + 8].copy_from_slice(&word.to_le_bytes());
    at + 8 - zeros as usize
}

/// Less than 10^8, with leading zeros.
fn put_eight(buffer: &mut [u8], at: usize, value: u64) -> usize {
    let word = eight_digits(value) | ZEROS;
    buffer[at..at + 8].copy_from_slice(&word.to_le_bytes());
    at + 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written<T: Decimal>(values: &[T]) -> String {
        let mut text = Vec::new();
        write(&mut text, values);
        String::from_utf8(text).unwrap()
    }

    /// What is read of a text, with enough behind it that no end is near, and where reading stops.
    fn read_of(text: &[u8]) -> (Vec<i64>, usize) {
        let mut padded = text.to_vec();
        padded.extend([b' '; 64]);
        let mut values = vec![0; text.len()];
        let (count, end) = read(&padded, 0, &mut values);
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
                    let text = format!("{}{number}\r\n\t 5", " ".repeat(place));
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
                let is_number = value(u64::from_le_bytes(word), 8).is_some();
                assert_eq!(is_number, byte.is_ascii_digit(), "{byte}");
            }
        }
    }

    #[test]
    fn every_byte_up_to_the_space_is_a_delimiter_and_no_other() {
        for byte in 0..=u8::MAX {
            for place in [0, 1, 7, 8, 63] {
                let mut block = [b'x'; 64];
                block[place] = byte;
                let expected = u64::from(byte <= b' ') << place;
                assert_eq!(delimiters(&block), expected, "{byte} at {place}");
            }
        }
    }

    #[test]
    fn no_more_is_read_than_was_asked_for() {
        let mut values = [0_i32; 2];
        let text = format!("7 8 9{}", " ".repeat(64));
        assert_eq!(read(text.as_bytes(), 0, &mut values), (2, 3));
        assert_eq!(values, [7, 8]);
    }

    #[test]
    fn the_ends_of_every_type_are_written() {
        assert_eq!(written::<i32>(&[]), "");
        assert_eq!(written(&[u8::MIN, u8::MAX]), "0 255");
        assert_eq!(written(&[u32::MAX]), "4294967295");
        assert_eq!(written(&[i32::MIN, i32::MAX]), "-2147483648 2147483647");
        let ends = [i64::MIN, 0, i64::MAX];
        assert_eq!(written(&ends), "-9223372036854775808 0 9223372036854775807");
        assert_eq!(written(&[u64::MAX as usize]), "18446744073709551615");
    }

    proptest! {
        #[test]
        fn numbers_are_written_and_read_as_the_standard_library_does(
            numbers in proptest::collection::vec((any::<i64>(), 0_u32..64), 1..600)
        ) {
            let numbers: Vec<i64> = numbers.into_iter().map(|(number, shift)| number >> shift).collect();
            let expected: Vec<String> = numbers.iter().map(i64::to_string).collect();
            let text = written(&numbers);
            prop_assert_eq!(&text, &expected.join(" "));
            let mut one = Vec::new();
            write_one(&mut one, numbers[0]);
            prop_assert_eq!(String::from_utf8(one).unwrap(), &expected[0][..]);
            prop_assert_eq!(read_of(text.as_bytes()).0, numbers);
        }

        #[test]
        fn what_is_read_of_any_bytes_is_what_their_tokens_say(
            bytes in proptest::collection::vec(
                proptest::sample::select(&b"0123456789-- \n\t\r\x0b\0x\xff"[..]), 0..300)
        ) {
            let (values, end) = read_of(&bytes);
            let tokens = bytes[..end.min(bytes.len())].split(u8::is_ascii_whitespace);
            let expected = tokens.filter(|token| !token.is_empty()).map(|token| parse(token).unwrap());
            prop_assert_eq!(values, expected.collect::<Vec<i64>>());
        }
    }
}

//! Integers into text, four digits at a time.

/// `0` in every byte.
const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);

/// Ten to the power of eight.
const EIGHT: u64 = 100_000_000;

/// The digits of every number below 10,000 with their leading zeros, as bytes of 0 to 9, the first one the lowest.
static FOUR_DIGITS: [u32; 10_000] = {
    let mut table = [0; 10_000];
    let mut value = 0;
    while value < 10_000 {
        let digits = [value / 1000, value / 100 % 10, value / 10 % 10, value % 10];
        table[value] = digits[0] as u32
            | (digits[1] as u32) << 8
            | (digits[2] as u32) << 16
            | (digits[3] as u32) << 24;
        value += 1;
    }
    table
};

/// Eight digits with their leading zeros, as values of 0 to 9.
fn eight_digits(value: u64) -> u64 {
    let (high, low) = (value / 10_000, value % 10_000);
    u64::from(FOUR_DIGITS[high as usize]) | u64::from(FOUR_DIGITS[low as usize]) << 32
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
pub(super) fn integers<T: Decimal>(text: &mut Vec<u8>, values: &[T]) {
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
pub(super) fn integer<T: Decimal>(text: &mut Vec<u8>, value: T) {
    let mut buffer = [b'-'; WIDEST];
    let (is_negative, magnitude) = value.parts();
    let length = put(&mut buffer, is_negative.into(), magnitude);
    text.extend_from_slice(&buffer[..length]);
}

/// Writes digits from a position on; the position behind them.
#[inline(always)] // a third of the time goes by if it is called
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
        integers(&mut text, values);
        String::from_utf8(text).unwrap()
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
        fn numbers_are_written_as_the_standard_library_does(
            numbers in proptest::collection::vec((any::<i64>(), 0_u32..64), 1..600)
        ) {
            let numbers: Vec<i64> = numbers.into_iter().map(|(number, shift)| number >> shift).collect();
            let expected: Vec<String> = numbers.iter().map(i64::to_string).collect();
            prop_assert_eq!(written(&numbers), expected.join(" "));
            let mut one = Vec::new();
            integer(&mut one, numbers[0]);
            prop_assert_eq!(String::from_utf8(one).unwrap(), &expected[0][..]);
        }
    }
}

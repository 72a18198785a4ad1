//! `printf`, as device code has it.

use super::trouble::Outcome;

/// A piece of output.
pub(super) enum Piece {
    Plain(String),
    /// The address of a text, and how it is to be shown.
    Text(u64, Spec),
}

/// Formats: `read` gives so many bytes of the arguments, from a place on.
pub(super) fn format(
    text: &str,
    read: &mut impl FnMut(usize, usize) -> Outcome<u64>,
    pieces: &mut Vec<Piece>,
) -> Outcome<Vec<Piece>> {
    let mut place = 0_usize;
    let mut next = |size: usize| -> Outcome<u64> {
        place = place.next_multiple_of(size);
        let value = read(place, size)?;
        place += size;
        Ok(value)
    };
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('%') {
        plain.push_str(&rest[..start]);
        rest = &rest[start + 1..];
        if let Some(behind) = rest.strip_prefix('%') {
            plain.push('%');
            rest = behind;
            continue;
        }
        let mut spec = Spec::default();
        loop {
            match rest.as_bytes().first() {
                Some(b'-') => spec.is_left = true,
                Some(b'+') => spec.has_plus = true,
                Some(b' ') => spec.has_space = true,
                Some(b'#') => spec.is_alternate = true,
                Some(b'0') => spec.has_zeros = true,
                _ => break,
            }
            rest = &rest[1..];
        }
        if let Some(behind) = rest.strip_prefix('*') {
            rest = behind;
            let width = next(4)? as i32;
            spec.is_left |= width < 0;
            spec.width = width.unsigned_abs() as usize;
        } else {
            spec.width = number(&mut rest);
        }
        if let Some(behind) = rest.strip_prefix('.') {
            rest = behind;
            spec.precision = Some(match rest.strip_prefix('*') {
                Some(behind) => {
                    rest = behind;
                    next(4)? as usize
                }
                None => number(&mut rest),
            });
        }
        spec.width = spec.width.min(4096);
        spec.precision = spec.precision.map(|precision| precision.min(1024));
        let mut size = 4;
        // What an argument of 32 bits is cut to: `%hd` to 16 bits, `%hhd` to 8.
        let mut bits = 32;
        loop {
            match rest.as_bytes().first() {
                Some(b'l' | b'j' | b'z' | b't') => size = 8,
                Some(b'h') => bits = (bits / 2).max(8),
                _ => break,
            }
            rest = &rest[1..];
        }
        let cut = |value: u64| match size {
            8 => value,
            _ => value & (u64::MAX >> (64 - bits)),
        };
        let Some(letter) = rest.chars().next() else {
            break;
        };
        rest = &rest[letter.len_utf8()..];
        match letter {
            'd' | 'i' => {
                let value = next(size)?;
                let value = match size {
                    8 => value as i64,
                    _ => (value << (64 - bits)) as i64 >> (64 - bits),
                };
                plain.push_str(&spec.integer(value < 0, &value.unsigned_abs().to_string(), ""));
            }
            'u' => plain.push_str(&spec.integer(false, &cut(next(size)?).to_string(), "")),
            'x' => plain.push_str(&spec.integer(false, &format!("{:x}", cut(next(size)?)), "0x")),
            'X' => plain.push_str(&spec.integer(false, &format!("{:X}", cut(next(size)?)), "0X")),
            'o' => plain.push_str(&spec.integer(false, &format!("{:o}", cut(next(size)?)), "0")),
            'c' => {
                let text = char::from(next(4)? as u8).to_string();
                plain.push_str(&spec.pad(text));
            }
            'p' => {
                let text = format!("{:#x}", next(8)?);
                plain.push_str(&spec.pad(text));
            }
            's' => {
                let pointer = next(8)?;
                pieces.push(Piece::Plain(std::mem::take(&mut plain)));
                pieces.push(Piece::Text(pointer, spec));
            }
            'f' | 'F' | 'e' | 'E' | 'g' | 'G' | 'a' | 'A' => {
                let value = f64::from_bits(next(8)?);
                plain.push_str(&spec.float(value, letter));
            }
            other => {
                plain.push('%');
                plain.push(other);
            }
        }
    }
    plain.push_str(rest);
    pieces.push(Piece::Plain(plain));
    Ok(std::mem::take(pieces))
}

/// What stands between the percent sign and the letter.
#[derive(Default)]
pub(super) struct Spec {
    is_left: bool,
    has_plus: bool,
    has_space: bool,
    has_zeros: bool,
    is_alternate: bool,
    width: usize,
    precision: Option<usize>,
}

impl Spec {
    /// A text, cut to the precision and filled up to the width.
    pub(super) fn text(&self, text: &str) -> String {
        let most = self.precision.unwrap_or(usize::MAX);
        self.pad(text.chars().take(most).collect())
    }

    fn pad(&self, text: String) -> String {
        let missing = self.width.saturating_sub(text.chars().count());
        let blanks = " ".repeat(missing);
        if self.is_left {
            text + &blanks
        } else {
            blanks + &text
        }
    }

    fn sign(&self, is_negative: bool) -> &'static str {
        match (is_negative, self.has_plus, self.has_space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
    }

    fn signed(&self, sign: &str, digits: &str, may_fill: bool) -> String {
        if self.has_zeros && may_fill && !self.is_left {
            let missing = self.width.saturating_sub(sign.len() + digits.len());
            return format!("{sign}{}{digits}", "0".repeat(missing));
        }
        self.pad(format!("{sign}{digits}"))
    }

    fn integer(&self, is_negative: bool, digits: &str, prefix: &str) -> String {
        let zeros = self.precision.unwrap_or(0).saturating_sub(digits.len());
        let prefix = if self.is_alternate && digits != "0" {
            prefix
        } else {
            ""
        };
        let sign = format!("{}{prefix}", self.sign(is_negative));
        self.signed(
            &sign,
            &format!("{}{digits}", "0".repeat(zeros)),
            self.precision.is_none(),
        )
    }

    fn float(&self, value: f64, letter: char) -> String {
        let sign = self.sign(value.is_sign_negative());
        let magnitude = value.abs();
        if !magnitude.is_finite() {
            let name = if magnitude.is_nan() { "nan" } else { "inf" };
            return self.signed(sign, name, false);
        }
        let precision = self.precision.unwrap_or(6);
        let digits = match letter.to_ascii_lowercase() {
            'f' => format!("{magnitude:.precision$}"),
            'e' => exponential(magnitude, precision),
            'g' => general(magnitude, precision.max(1), self.is_alternate),
            _ => hexadecimal(magnitude),
        };
        let digits = if letter.is_ascii_uppercase() {
            digits.to_uppercase()
        } else {
            digits
        };
        self.signed(sign, &digits, true)
    }
}

/// `1.5e+03`.
fn exponential(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{digits}e{sign}{exponent:0>2}")
}

/// The shorter of `%f` and `%e`, without zeros at the end.
fn general(value: f64, precision: usize, keeps_zeros: bool) -> String {
    let rounded = format!("{value:.*e}", precision - 1);
    let exponent: i32 = rounded
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0);
    let trim = |text: String| match text.contains('.') && !keeps_zeros {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    };
    if exponent < -4 || exponent >= precision as i32 {
        let text = exponential(value, precision - 1);
        let (digits, exponent) = text.split_once('e').expect("just made so");
        return format!("{}e{exponent}", trim(digits.to_owned()));
    }
    let decimals = (precision as i32 - 1 - exponent).max(0) as usize;
    trim(format!("{value:.decimals$}"))
}

/// `0x1.8p+1`.
fn hexadecimal(value: f64) -> String {
    let bits = value.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7FF) as i32, bits & ((1 << 52) - 1));
    let (first, exponent) = match (exponent, fraction) {
        (0, 0) => (0, 0),
        (0, _) => (0, -1022),
        _ => (1, exponent - 1023),
    };
    let digits = format!("{fraction:013x}");
    let digits = digits.trim_end_matches('0');
    let point = if digits.is_empty() { "" } else { "." };
    format!("0x{first}{point}{digits}p{exponent:+}")
}

fn number(rest: &mut &str) -> usize {
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let value = rest[..end].parse().unwrap_or(0);
    *rest = &rest[end..];
    value
}

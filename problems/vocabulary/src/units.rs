//! Quantities as people read them: three significant digits and a unit.

/// Nanoseconds as `1.23 ms`.
pub fn duration(nanoseconds: f64) -> String {
    scaled(nanoseconds, 1000.0, &["ns", "us", "ms", "s"])
}

/// Bytes as `1.23 MiB`.
pub fn bytes(bytes: f64) -> String {
    scaled(bytes, 1024.0, &["B", "KiB", "MiB", "GiB", "TiB"])
}

/// A count with separators: `1_000_000`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

/// How many there are of something whose plural ends in s: `1 case`, `2 cases`.
pub fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

fn scaled(value: f64, step: f64, names: &[&str]) -> String {
    let (mut value, mut unit) = (value, 0);
    // 999.5 would print as 1000 with three digits.
    while value.abs() >= step.min(999.5) && unit + 1 < names.len() {
        value /= step;
        unit += 1;
    }
    let decimals = match value.abs() {
        below if below < 9.995 && unit > 0 => 2,
        below if below < 99.95 && unit > 0 => 1,
        _ => 0,
    };
    format!("{value:.decimals$} {}", names[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_and_a_unit() {
        for (value, text) in [
            (0.0, "0 ns"),
            (999.0, "999 ns"),
            (1000.0, "1.00 us"),
            (12_345.0, "12.3 us"),
            (999_600.0, "1.00 ms"),
            (1.5e9, "1.50 s"),
            (3.0e12, "3000 s"),
        ] {
            assert_eq!(duration(value), text);
        }
        assert_eq!(bytes(1023.0), "1.00 KiB");
        assert_eq!(bytes(512.0 * 1024.0 * 1024.0), "512 MiB");
        assert_eq!(count(1_234_567), "1_234_567");
        assert_eq!(counted(1, "case"), "1 case");
        assert_eq!(counted(0, "case"), "0 cases");
        assert_eq!(count(100), "100");
    }
}

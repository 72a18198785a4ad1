//! Values as the text of a cell, and back.

use vocabulary::{CaseId, Growth, Kind, Target, Verdict};

/// What can stand in a cell.
pub(super) trait Cell: Sized {
    /// The text of the cell.
    fn write(&self) -> String;

    /// The value of a text, or a sentence that says what is wrong with it.
    fn read(text: &str) -> Result<Self, String>;

    /// The value if the whole column is absent; `None` if that must not be.
    fn absent() -> Option<Self> {
        None
    }
}

/// An empty cell is `None`, and so is an absent column. `Some` of an empty text therefore reads back as `None`.
impl<T: Cell> Cell for Option<T> {
    fn write(&self) -> String {
        self.as_ref().map(T::write).unwrap_or_default()
    }

    fn read(text: &str) -> Result<Self, String> {
        match text {
            "" => Ok(None),
            text => T::read(text).map(Some),
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl Cell for String {
    fn write(&self) -> String {
        self.clone()
    }

    fn read(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }
}

/// Takes the `.0` off that spreadsheets and data frames put behind integers of a column with empty cells.
fn integral(text: &str) -> &str {
    text.strip_suffix(".0").unwrap_or(text)
}

impl Cell for u64 {
    fn write(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Result<Self, String> {
        let value = integral(text).parse();
        value.map_err(|_| format!("`{text}` is no whole number from 0 to 2^64 - 1"))
    }
}

impl Cell for i64 {
    fn write(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Result<Self, String> {
        let value = integral(text).parse();
        value.map_err(|_| format!("`{text}` is no whole number that fits 64 bits"))
    }
}

/// The shortest text that reads back as the same number. A number that is not finite was not measured: empty.
impl Cell for f64 {
    fn write(&self) -> String {
        if !self.is_finite() {
            return String::new();
        }
        // `Debug` has exponents where `Display` prints hundreds of zeros.
        integral(&format!("{self:?}")).to_owned()
    }

    fn read(text: &str) -> Result<Self, String> {
        let value = text.parse().ok().filter(|value: &f64| value.is_finite());
        value.ok_or_else(|| format!("`{text}` is no number"))
    }
}

impl Cell for bool {
    fn write(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Result<Self, String> {
        // Data frames write `True`, spreadsheets `TRUE`.
        match text.to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(format!("`{text}` is neither true nor false")),
        }
    }
}

/// What is written as it is printed and read as it is parsed.
macro_rules! cell_as_text {
    ($($type:ty),*) => {$(
        impl Cell for $type {
            fn write(&self) -> String {
                self.to_string()
            }

            fn read(text: &str) -> Result<Self, String> {
                text.parse().map_err(|error: <$type as std::str::FromStr>::Err| error.to_string())
            }
        }
    )*};
}
cell_as_text!(CaseId, Growth, Kind, Target, Verdict);

/// Several values in one cell, `;` between them.
impl<T: Cell> Cell for Vec<T> {
    fn write(&self) -> String {
        self.iter().map(T::write).collect::<Vec<_>>().join(";")
    }

    fn read(text: &str) -> Result<Self, String> {
        let parts = text.split(';').filter(|_| !text.is_empty());
        parts.map(T::read).collect()
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_read_back() {
        for (value, text) in [(1.0, "1"), (0.1, "0.1"), (1e300, "1e300"), (-2.5, "-2.5")] {
            assert_eq!(value.write(), text);
            assert_eq!(f64::read(text), Ok(value));
        }
    }

    #[test]
    fn what_is_not_finite_is_an_empty_cell_and_never_read() {
        assert_eq!(Some(f64::NAN).write(), "");
        assert!(f64::read("inf").is_err());
        assert!(Option::<f64>::read("nan").is_err());
    }

    #[test]
    fn an_empty_cell_is_not_zero() {
        assert_eq!(Option::<u64>::read(""), Ok(None));
        assert_eq!(Option::<u64>::read("0"), Ok(Some(0)));
        assert!(u64::read("").is_err());
    }

    #[test]
    fn what_a_data_frame_makes_of_integers_and_booleans_is_read() {
        assert_eq!(u64::read("1234.0"), Ok(1234));
        assert_eq!(bool::read("True"), Ok(true));
        assert!(u64::read("1234.5").is_err());
        assert!(u64::read("-1").is_err());
    }

    #[test]
    fn several_values_share_a_cell() {
        let classes: Vec<Growth> = vec!["n".parse().unwrap(), "n*log(n)".parse().unwrap()];
        assert_eq!(classes.write(), "n;n*log(n)");
        assert_eq!(Vec::<Growth>::read("n;n*log(n)"), Ok(classes));
        assert_eq!(Vec::<Growth>::read(""), Ok(vec![]));
        assert!(Vec::<Growth>::read("n;").is_err());
    }
}

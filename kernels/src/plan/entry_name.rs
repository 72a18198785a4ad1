//! Names of kernels that depend on the case: `flash_{type}_{size}`.

use std::fmt;
use std::str::FromStr;

/// The name of a kernel, in which `{size}` stands for a size or word of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryName(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Name(String),
}

impl EntryName {
    /// The sizes and words that it depends on.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Name(name) => Some(name.as_str()),
        })
    }

    /// The name where the values of all these are known; the inner error is one that is not.
    pub fn resolve(&self, value_of: impl Fn(&str) -> Option<String>) -> Result<String, &str> {
        let parts = self.0.iter().map(|part| match part {
            Part::Text(text) => Ok(text.clone()),
            Part::Name(name) => value_of(name).ok_or(name.as_str()),
        });
        parts.collect()
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Name(name) => write!(f, "{{{name}}}"),
        })
    }
}

impl FromStr for EntryName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                return Err(format!("`{text}` opens a brace and does not close it"));
            };
            parts.push(Part::Text(before.to_owned()));
            parts.push(Part::Name(name.to_owned()));
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(EntryName(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_stand_for_sizes_and_words() {
        let name: EntryName = "flash_{type}_{size}".parse().unwrap();
        assert_eq!(name.names().collect::<Vec<_>>(), ["type", "size"]);
        assert_eq!(name.to_string(), "flash_{type}_{size}");
        let value_of = |name: &str| Some(if name == "type" { "f16" } else { "64" }.to_owned());
        assert_eq!(name.resolve(value_of), Ok("flash_f16_64".to_owned()));
        assert_eq!(name.resolve(|_| None), Err("type"));
        assert!("flash_{type".parse::<EntryName>().is_err());
    }
}

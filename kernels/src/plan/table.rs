//! A table of TOML, read key by key, where every complaint knows its place.

use std::ops::Range;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::place::{At, PlanError, Source};

/// A value as TOML has it.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// A key of somebody's own, and the list under it.
pub(super) type Keyed<T> = (At<String>, Vec<At<T>>);

/// A table whose keys are taken out one by one; what is left at the end is unknown.
pub(super) struct Table<'a, 's> {
    source: &'s Source<'s>,
    /// What the table is, for messages: `[[launch]]`.
    what: &'static str,
    offset: usize,
    left: Vec<(String, Range<usize>, Value<'a>)>,
    asked: Vec<&'static str>,
}

impl<'a, 's> Table<'a, 's> {
    pub(super) fn new(
        source: &'s Source<'s>,
        what: &'static str,
        offset: usize,
        table: DeTable<'a>,
    ) -> Self {
        let left = table
            .into_iter()
            .map(|(key, value)| (key.get_ref().to_string(), key.span(), value))
            .collect();
        Table {
            source,
            what,
            offset,
            left,
            asked: Vec::new(),
        }
    }

    pub(super) fn error(&self, reason: impl Into<String>) -> PlanError {
        self.source.error(self.offset, reason)
    }

    pub(super) fn source(&self) -> &'s Source<'s> {
        self.source
    }

    /// Takes the value of a key.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Value<'a>> {
        self.asked.push(key);
        let index = self.left.iter().position(|(name, _, _)| name == key)?;
        Some(self.left.remove(index).2)
    }

    /// Takes the text of a key and parses it.
    pub(super) fn parsed<T>(&mut self, key: &'static str) -> Result<Option<At<T>>, PlanError>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        let source = self.source;
        self.take(key)
            .map(|value| parsed(source, key, &value))
            .transpose()
    }

    /// The same, where the key must be there.
    pub(super) fn required<T>(&mut self, key: &'static str) -> Result<At<T>, PlanError>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        let found = self.parsed(key)?;
        found.ok_or_else(|| self.error(format!("{} lacks `{key}`", self.what)))
    }

    /// Takes a list of texts, each parsed. One value stands for a list of one.
    pub(super) fn list<T>(&mut self, key: &'static str) -> Result<Vec<At<T>>, PlanError>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        let source = self.source;
        let values = self.take(key).into_iter().flat_map(elements);
        values.map(|value| parsed(source, key, &value)).collect()
    }

    /// Takes a table whose keys are anybody's: each with a list of texts, each parsed.
    pub(super) fn keyed<T>(
        &mut self,
        key: &'static str,
        what: &'static str,
    ) -> Result<Vec<Keyed<T>>, PlanError>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        let source = self.source;
        let Some(value) = self.take(key) else {
            return Ok(Vec::new());
        };
        let offset = value.span().start;
        let DeValue::Table(table) = value.into_inner() else {
            return Err(source.error(offset, format!("`{key}` is not a table: write {what}")));
        };
        let entries = table.into_iter().map(|(name, values)| {
            let values = elements(values);
            let values = values.into_iter().map(|value| parsed(source, key, &value));
            let name = At {
                value: name.get_ref().to_string(),
                place: source.place(name.span().start),
            };
            Ok((name, values.collect::<Result<_, _>>()?))
        });
        entries.collect()
    }

    /// Takes a list of tables.
    pub(super) fn tables(
        &mut self,
        key: &'static str,
        what: &'static str,
    ) -> Result<Vec<Table<'a, 's>>, PlanError> {
        let source = self.source;
        let values = self.take(key).into_iter().flat_map(elements);
        let table = |value: Value<'a>| {
            let offset = value.span().start;
            match value.into_inner() {
                DeValue::Table(table) => Ok(Table::new(source, what, offset, table)),
                _ => Err(source.error(offset, format!("`{key}` is not a table: write {what}"))),
            }
        };
        values.map(table).collect()
    }

    /// Complains of keys that nobody took.
    pub(super) fn finish(self) -> Result<(), PlanError> {
        match self.left.first() {
            None => Ok(()),
            Some((key, span, _)) => {
                let (what, asked) = (self.what, self.asked.join(", "));
                let reason = format!("{what} has no `{key}`: it takes {asked}");
                Err(self.source.error(span.start, reason))
            }
        }
    }
}

fn elements<'a>(value: Value<'a>) -> Vec<Value<'a>> {
    let span = value.span();
    match value.into_inner() {
        DeValue::Array(array) => array.into_iter().collect(),
        other => vec![Spanned::new(span, other)],
    }
}

/// Parses a string, or an integer as if it were one.
fn parsed<T>(source: &Source<'_>, key: &str, value: &Value<'_>) -> Result<At<T>, PlanError>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    let start = value.span().start;
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .map_err(|_| source.error(start, format!("`{key}` does not fit 64 bits")))?
            .to_string(),
        other => {
            let kind = other.type_str();
            let reason = format!("`{key}` is not a {kind}: write a string or an integer");
            return Err(source.error(start, reason));
        }
    };
    match text.parse() {
        Ok(value) => Ok(At {
            value,
            place: source.place(start),
        }),
        Err(error) => Err(source.error(start, format!("`{key}`: {error}"))),
    }
}

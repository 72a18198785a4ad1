//! Variables in a space of memory, with what they begin as.

use super::{DEEPEST, LARGEST, Parsed, Parser, describe};
use crate::syntax::lexer::Token;
use crate::syntax::{Initial, Space, Type, Variable};

/// The most values of one list.
const LONGEST: usize = 1 << 24;

impl Parser<'_> {
    /// `.align 4 .b8 name[16] = {...}, other;` behind its space.
    pub(super) fn variables(&mut self, space: Space, is_extern: bool) -> Parsed<Vec<Variable>> {
        let mut alignment = None;
        let mut width = 1;
        let element = loop {
            let word = self.word()?;
            match word {
                ".align" => alignment = Some(self.alignment()?),
                ".v2" => width = 2,
                ".v4" => width = 4,
                ".attribute" => self.skip_parentheses()?,
                ".texref" | ".samplerref" | ".surfref" => {
                    return self.error("textures and surfaces are not supported");
                }
                _ => match word.strip_prefix('.').and_then(Type::of_name) {
                    Some(element) => break element,
                    None => return self.error(format!("{word} is no type")),
                },
            }
        };
        let mut variables = Vec::new();
        loop {
            let line = self.line;
            let name = self.word()?.to_owned();
            let mut count = Some(width);
            while self.take(b'[')? {
                if self.take(b']')? {
                    count = None;
                    continue;
                }
                let length = self.size()?;
                self.expect(b']')?;
                count = count.and_then(|count: usize| count.checked_mul(length));
                if count.is_none_or(|count| count > LARGEST) {
                    return self.error(format!("{name} is too large"));
                }
            }
            let initial = if self.take(b'=')? {
                self.initial_values()?
            } else {
                Vec::new()
            };
            if count.is_none() && !is_extern {
                count = Some(initial.len());
            }
            let bytes = count.map(|count| count.saturating_mul(element.bytes()));
            if bytes.is_some_and(|bytes| initial.len().saturating_mul(element.bytes()) > bytes) {
                return self.error(format!("{name} has more initial values than elements"));
            }
            variables.push(Variable {
                name,
                space,
                alignment: alignment.unwrap_or(element.bytes().max(1) * width),
                bytes,
                initial,
                element_bytes: element.bytes(),
                line,
            });
            if !self.take(b',')? {
                self.expect(b';')?;
                return Ok(variables);
            }
        }
    }

    pub(super) fn alignment(&mut self) -> Parsed<usize> {
        let alignment = self.size()?;
        if !alignment.is_power_of_two() || alignment > 1 << 16 {
            return self.error(format!("{alignment} is no alignment"));
        }
        Ok(alignment)
    }

    pub(super) fn skip_parentheses(&mut self) -> Parsed<()> {
        self.expect(b'(')?;
        while !self.take(b')')? {
            if self.token == Token::End {
                return self.error("a '(' has no ')'");
            }
            self.advance()?;
        }
        Ok(())
    }

    fn initial_values(&mut self) -> Parsed<Vec<Initial>> {
        let mut values = Vec::new();
        let mut depth = 0;
        loop {
            if self.take(b'{')? {
                depth += 1;
                if depth > DEEPEST {
                    return self.error("braces are nested too deeply");
                }
                continue;
            }
            if depth > 0 && self.take(b'}')? {
                depth -= 1;
            } else {
                values.push(self.initial_value()?);
                if values.len() > LONGEST {
                    return self.error("too many initial values");
                }
            }
            while depth > 0 && self.take(b'}')? {
                depth -= 1;
            }
            if depth == 0 {
                return Ok(values);
            }
            self.take(b',')?;
        }
    }

    fn initial_value(&mut self) -> Parsed<Initial> {
        match self.token {
            Token::Integer(mask) => {
                self.advance()?;
                if self.take(b'(')? {
                    // One byte of an address: 0xFF00(name).
                    let value = self.initial_value()?;
                    self.expect(b')')?;
                    return match value {
                        Initial::Address {
                            name,
                            offset,
                            is_generic,
                            ..
                        } => Ok(Initial::Address {
                            name,
                            offset,
                            is_generic,
                            mask: Some(mask as u64),
                        }),
                        Initial::Bits(_) => self.error("expected an address"),
                    };
                }
                Ok(Initial::Bits(mask as u64))
            }
            Token::Mark(b'-') => Ok(Initial::Bits(self.integer()? as u64)),
            Token::Single(bits) => {
                self.advance()?;
                Ok(Initial::Bits(bits.into()))
            }
            Token::Double(bits) => {
                self.advance()?;
                Ok(Initial::Bits(bits))
            }
            Token::Word(word) => {
                self.advance()?;
                if word == "generic" {
                    self.expect(b'(')?;
                    let name = self.word()?.to_owned();
                    let offset = self.offset()?;
                    self.expect(b')')?;
                    let more = self.offset()?;
                    let offset = offset.wrapping_add(more);
                    return Ok(Initial::Address {
                        name,
                        offset,
                        is_generic: true,
                        mask: None,
                    });
                }
                let offset = self.offset()?;
                Ok(Initial::Address {
                    name: word.to_owned(),
                    offset,
                    is_generic: false,
                    mask: None,
                })
            }
            found => self.error(format!("expected a value, found {}", describe(found))),
        }
    }

    /// `+ 4`, `- 4` or nothing.
    pub(super) fn offset(&mut self) -> Parsed<i64> {
        if self.take(b'+')? || self.is(b'-') {
            return Ok(self.integer()? as i64);
        }
        Ok(0)
    }
}

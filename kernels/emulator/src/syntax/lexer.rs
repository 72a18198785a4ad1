//! From text to tokens.

use super::ParseError;

/// A piece of PTX text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'t> {
    /// A name, with dots inside where it has some: `%r1`, `%tid.x`, `ld.global.u32`, `.reg`, `$L__BB0_1`.
    Word(&'t str),
    /// An integer.
    Integer(i128),
    /// The bits of a single-precision number: `0f3F800000`.
    Single(u32),
    /// The bits of a double-precision number: `0d3FF0000000000000`, or a decimal one.
    Double(u64),
    /// Text in quotes, without them.
    Text(&'t str),
    /// One of `{ } ( ) [ ] < > , ; : + - = | ! @ *`.
    Mark(u8),
    /// The end.
    End,
}

/// The tokens of a text, one at a time.
#[derive(Clone)]
pub(super) struct Lexer<'t> {
    text: &'t [u8],
    source: &'t str,
    position: usize,
    line: u32,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(source: &'t str) -> Self {
        Lexer {
            text: source.as_bytes(),
            source,
            position: 0,
            line: 1,
        }
    }

    /// The line at which the next token is looked for.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    fn error<T>(&self, reason: impl Into<String>) -> Result<T, ParseError> {
        Err(ParseError::new(self.line, reason))
    }

    fn at(&self, ahead: usize) -> u8 {
        self.text.get(self.position + ahead).copied().unwrap_or(0)
    }

    fn skip_blanks(&mut self) -> Result<(), ParseError> {
        loop {
            match self.at(0) {
                b'\n' => {
                    self.line += 1;
                    self.position += 1;
                }
                b' ' | b'\t' | b'\r' | 0x0c => self.position += 1,
                b'/' if self.at(1) == b'/' => {
                    while self.position < self.text.len() && self.at(0) != b'\n' {
                        self.position += 1;
                    }
                }
                b'/' if self.at(1) == b'*' => {
                    let start = self.line;
                    self.position += 2;
                    while !(self.at(0) == b'*' && self.at(1) == b'/') {
                        if self.position >= self.text.len() {
                            return Err(ParseError::new(start, "a comment has no end"));
                        }
                        self.line += u32::from(self.at(0) == b'\n');
                        self.position += 1;
                    }
                    self.position += 2;
                }
                _ => return Ok(()),
            }
        }
    }

    /// The next token.
    pub(super) fn next(&mut self) -> Result<Token<'t>, ParseError> {
        self.skip_blanks()?;
        if self.position >= self.text.len() {
            return Ok(Token::End);
        }
        match self.at(0) {
            b'0'..=b'9' => self.number(),
            b'"' => self.quoted(),
            byte if is_word(byte) => Ok(self.word()),
            byte @ (b'{' | b'}' | b'(' | b')' | b'[' | b']' | b'<' | b'>' | b',' | b';' | b':'
            | b'+' | b'-' | b'=' | b'|' | b'!' | b'@' | b'*') => {
                self.position += 1;
                Ok(Token::Mark(byte))
            }
            _ => {
                let rest = &self.source[self.position..];
                self.error(format!(
                    "unexpected {:?}",
                    rest.chars().next().unwrap_or(' ')
                ))
            }
        }
    }

    /// A name, or a directive: these end before the next dot, since they may be written as one, `.reg.b32`.
    fn word(&mut self) -> Token<'t> {
        let start = self.position;
        let is_directive = self.at(0) == b'.';
        while is_word(self.at(0)) || self.at(0).is_ascii_digit() || self.is_scope_mark() {
            if is_directive && self.at(0) == b'.' && self.position > start {
                break;
            }
            self.position += if self.is_scope_mark() { 2 } else { 1 };
        }
        Token::Word(&self.source[start..self.position])
    }

    /// `::` inside a word, as in `shared::cta`.
    fn is_scope_mark(&self) -> bool {
        self.at(0) == b':' && self.at(1) == b':'
    }

    fn quoted(&mut self) -> Result<Token<'t>, ParseError> {
        let start = self.position + 1;
        self.position = start;
        while self.at(0) != b'"' {
            if self.position >= self.text.len() || self.at(0) == b'\n' {
                return self.error("a text has no closing quote");
            }
            self.position += 1;
        }
        self.position += 1;
        Ok(Token::Text(&self.source[start..self.position - 1]))
    }

    fn number(&mut self) -> Result<Token<'t>, ParseError> {
        let start = self.position;
        while self.at(0).is_ascii_alphanumeric() || self.is_decimal_point(start) {
            self.position += 1;
        }
        let text = &self.source[start..self.position];
        let bad = || ParseError::new(self.line, format!("{text} is no number"));
        let digits = text.strip_suffix('U').unwrap_or(text);
        let radix = |digits: &str, radix| i128::from_str_radix(digits, radix).ok();
        let token = match text.as_bytes() {
            [b'0', b'f' | b'F', ..] if text.len() == 10 => {
                u32::from_str_radix(&text[2..], 16).ok().map(Token::Single)
            }
            [b'0', b'd' | b'D', ..] if text.len() == 18 => {
                u64::from_str_radix(&text[2..], 16).ok().map(Token::Double)
            }
            [b'0', b'x' | b'X', ..] => radix(&digits[2..], 16).map(Token::Integer),
            [b'0', b'b' | b'B', ..] => radix(&digits[2..], 2).map(Token::Integer),
            _ if text.contains('.') => text
                .parse::<f64>()
                .ok()
                .map(|value| Token::Double(value.to_bits())),
            [b'0', _, ..] => radix(&digits[1..], 8).map(Token::Integer),
            _ => radix(digits, 10).map(Token::Integer),
        };
        let is_small = |token: &Token| !matches!(token, Token::Integer(value) if *value >= 1 << 64);
        token.filter(is_small).ok_or_else(bad)
    }

    /// A point, if what came before and what comes next are digits: `1.5`, but not `4.reg`.
    fn is_decimal_point(&self, start: usize) -> bool {
        self.at(0) == b'.'
            && self.at(1).is_ascii_digit()
            && self.text[start..self.position]
                .iter()
                .all(u8::is_ascii_digit)
    }
}

/// Whether a byte may begin a word.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$' | b'%' | b'.')
}

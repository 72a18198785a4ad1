//! From tokens to the tree, by recursive descent.

mod function;
mod instruction;
mod location;
mod module;
mod variable;

use super::lexer::{Lexer, Token};
use super::{Location, Module, ParseError};
use std::collections::HashMap;

/// The largest variable, in bytes: what no card could hold is a mistake.
const LARGEST: usize = 1 << 36;

/// Blocks inside blocks inside ..., at most.
const DEEPEST: usize = 64;

/// Reads a module.
pub(crate) fn parse(text: &str) -> Result<Module, ParseError> {
    let mut lexer = Lexer::new(text);
    let line = lexer.line();
    let token = lexer.next()?;
    Parser {
        lexer,
        token,
        line,
        location: None,
        callers: HashMap::new(),
    }
    .module()
}

struct Parser<'t> {
    lexer: Lexer<'t>,
    token: Token<'t>,
    /// The line of `token`.
    line: u32,
    location: Option<Location>,
    /// Where what stands at a place (file, line, column) was inlined, within the function.
    callers: HashMap<(u32, u32, u32), (u32, u32, u32)>,
}

type Parsed<T> = Result<T, ParseError>;

impl<'t> Parser<'t> {
    fn error<T>(&self, reason: impl Into<String>) -> Parsed<T> {
        Err(ParseError::new(self.line, reason))
    }

    fn advance(&mut self) -> Parsed<Token<'t>> {
        let next = self.lexer.next()?;
        self.line = self.lexer.line();
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn is(&self, mark: u8) -> bool {
        self.token == Token::Mark(mark)
    }

    fn take(&mut self, mark: u8) -> Parsed<bool> {
        let is = self.is(mark);
        if is {
            self.advance()?;
        }
        Ok(is)
    }

    fn expect(&mut self, mark: u8) -> Parsed<()> {
        if self.take(mark)? {
            return Ok(());
        }
        let found = self.token;
        self.error(format!(
            "expected '{}', found {}",
            mark as char,
            describe(found)
        ))
    }

    fn take_word(&mut self, word: &str) -> Parsed<bool> {
        let is = self.token == Token::Word(word);
        if is {
            self.advance()?;
        }
        Ok(is)
    }

    fn word(&mut self) -> Parsed<&'t str> {
        match self.token {
            Token::Word(word) => {
                self.advance()?;
                Ok(word)
            }
            found => self.error(format!("expected a name, found {}", describe(found))),
        }
    }

    fn integer(&mut self) -> Parsed<i128> {
        let is_negative = self.take(b'-')?;
        match self.token {
            Token::Integer(value) => {
                self.advance()?;
                Ok(if is_negative { -value } else { value })
            }
            found => self.error(format!("expected an integer, found {}", describe(found))),
        }
    }

    fn size(&mut self) -> Parsed<usize> {
        let value = self.integer()?;
        match usize::try_from(value) {
            Ok(value) if value <= LARGEST => Ok(value),
            _ => self.error(format!("{value} is no size")),
        }
    }

    fn number(&mut self) -> Parsed<u32> {
        let value = self.integer()?;
        u32::try_from(value).or_else(|_| self.error(format!("{value} is no 32-bit number")))
    }

    /// Skips to the end of a statement.
    fn skip_statement(&mut self) -> Parsed<()> {
        while !self.is(b';') {
            if self.token == Token::End {
                return self.error("a statement has no ';'");
            }
            self.advance()?;
        }
        self.expect(b';')
    }
}

/// A token as an error message names it.
fn describe(token: Token) -> String {
    match token {
        Token::Word(word) => word.to_owned(),
        Token::Integer(value) => value.to_string(),
        Token::Single(_) | Token::Double(_) => "a number".to_owned(),
        Token::Text(text) => format!("\"{text}\""),
        Token::Mark(mark) => format!("'{}'", mark as char),
        Token::End => "the end of the text".to_owned(),
    }
}

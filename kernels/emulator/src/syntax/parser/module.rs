//! What stands at the top of a module: directives, and declarations of variables and functions.

use super::{Parsed, Parser, describe};
use crate::syntax::lexer::Token;
use crate::syntax::{Module, ParseError, Space};

impl Parser<'_> {
    pub(super) fn module(mut self) -> Parsed<Module> {
        let mut module = Module::default();
        loop {
            match self.token {
                Token::End => return Ok(module),
                Token::Word(".version") => {
                    self.advance()?;
                    self.advance()?; // a decimal number
                }
                Token::Word(".target") => {
                    self.advance()?;
                    loop {
                        if let Token::Word(target) = self.token {
                            self.check_target(target)?;
                        }
                        self.word()?;
                        if !self.take(b',')? {
                            break;
                        }
                    }
                }
                Token::Word(".address_size") => {
                    self.advance()?;
                    if self.integer()? != 64 {
                        return self.error("only 64-bit addresses are supported");
                    }
                }
                Token::Word(".file") => {
                    self.advance()?;
                    let number = self.number()?;
                    let Token::Text(name) = self.advance()? else {
                        return self.error("expected a file's name in quotes");
                    };
                    while self.take(b',')? {
                        self.integer()?; // time stamp and size
                    }
                    module.files.push((number, name.to_owned()));
                }
                Token::Word(".section") => self.skip_section()?,
                Token::Word(".pragma" | ".alias" | ".loc") => self.skip_statement()?,
                Token::Word(_) => self.declaration(&mut module)?,
                found => {
                    return self
                        .error(format!("expected a declaration, found {}", describe(found)));
                }
            }
        }
    }

    fn check_target(&self, target: &str) -> Parsed<()> {
        if target.starts_with("sm_") && target.ends_with('a') {
            return self.error(format!(
                "{target} has instructions of one architecture alone; compile for {}",
                &target[..target.len() - 1]
            ));
        }
        Ok(())
    }

    /// Debug information: strings and such, between braces.
    fn skip_section(&mut self) -> Parsed<()> {
        while !self.is(b'{') {
            if self.token == Token::End {
                return self.error("a section has no '{'");
            }
            self.advance()?;
        }
        while !self.is(b'}') {
            if self.token == Token::End {
                return self.error("a section has no '}'");
            }
            self.advance()?;
        }
        self.expect(b'}')
    }

    fn declaration(&mut self, module: &mut Module) -> Parsed<()> {
        let mut is_extern = false;
        loop {
            match self.token {
                Token::Word(".extern") => is_extern = true,
                Token::Word(".visible" | ".weak" | ".common") => {}
                _ => break,
            }
            self.advance()?;
        }
        match self.token {
            Token::Word(word @ (".entry" | ".func")) => {
                self.advance()?;
                let function = self.function(word == ".entry")?;
                // What was only declared gives way to what is defined.
                match module
                    .functions
                    .iter()
                    .position(|other| other.name == function.name)
                {
                    Some(place) if module.functions[place].is_declaration => {
                        module.functions[place] = function;
                    }
                    Some(_) if function.is_declaration => {}
                    Some(_) => {
                        let line = function.line;
                        return Err(ParseError::new(
                            line,
                            format!("{} is defined twice", function.name),
                        ));
                    }
                    None => module.functions.push(function),
                }
                Ok(())
            }
            Token::Word(word) => match word.strip_prefix('.').and_then(Space::of_name) {
                Some(space) => {
                    self.advance()?;
                    let variables = self.variables(space, is_extern)?;
                    module.variables.extend(variables);
                    Ok(())
                }
                None => self.error(match word {
                    ".tex" | ".texref" | ".samplerref" | ".surfref" => {
                        "textures and surfaces are not supported".to_owned()
                    }
                    _ => format!("{word} is no declaration that is known"),
                }),
            },
            found => self.error(format!("expected a declaration, found {}", describe(found))),
        }
    }
}

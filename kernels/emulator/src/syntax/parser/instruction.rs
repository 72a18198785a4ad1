//! Instructions and their operands.

use super::{Parsed, Parser, describe};
use crate::syntax::lexer::Token;
use crate::syntax::{Function, Instruction, Operand, Statement, StatementKind};

impl Parser<'_> {
    pub(super) fn instruction(
        &mut self,
        function: &mut Function,
        scope: usize,
        guard: Option<(String, bool)>,
        name: &str,
    ) -> Parsed<()> {
        let (line, location) = (self.line, self.location);
        let mut name: Vec<String> = name.split('.').map(str::to_owned).collect();
        // A name may be broken before a dot, as in `ld.global .u32`.
        while let Token::Word(word) = self.token {
            let Some(more) = word.strip_prefix('.') else {
                break;
            };
            name.extend(more.split('.').map(str::to_owned));
            self.advance()?;
        }
        let mut operands = Vec::new();
        if !self.is(b';') {
            operands.push(self.operand(0)?);
            while self.take(b',')? {
                operands.push(self.operand(0)?);
                if operands.len() > 64 {
                    return self.error("too many operands");
                }
            }
        }
        self.expect(b';')?;
        let kind = StatementKind::Instruction(Instruction {
            guard,
            name,
            operands,
        });
        function.statements.push(Statement {
            line,
            location,
            scope,
            kind,
        });
        Ok(())
    }

    fn operand(&mut self, depth: usize) -> Parsed<Operand> {
        if depth > 4 {
            return self.error("an operand is nested too deeply");
        }
        let operand = match self.token {
            Token::Mark(b'{') => {
                self.advance()?;
                Operand::Vector(self.operands_until(b'}', depth)?)
            }
            Token::Mark(b'(') => {
                self.advance()?;
                Operand::List(self.operands_until(b')', depth)?)
            }
            Token::Mark(b'[') => {
                self.advance()?;
                let base = self.operand(depth + 1)?;
                if self.take(b',')? {
                    return self.error("textures, surfaces and tensors are not supported");
                }
                let (base, known) = match base {
                    Operand::Offset(name, offset) => (Operand::Name(name), offset),
                    base => (base, 0),
                };
                let offset = self.offset()?.wrapping_add(known);
                self.expect(b']')?;
                Operand::Address(Box::new(base), offset)
            }
            Token::Mark(b'!') => {
                self.advance()?;
                Operand::Not(Box::new(self.operand(depth + 1)?))
            }
            Token::Mark(b'-') => {
                self.advance()?;
                match self.operand(depth + 1)? {
                    Operand::Integer(value) => Operand::Integer(-value),
                    Operand::Single(bits) => Operand::Single(bits ^ 1 << 31),
                    Operand::Double(bits) => Operand::Double(bits ^ 1 << 63),
                    other => Operand::Minus(Box::new(other)),
                }
            }
            Token::Integer(value) => {
                self.advance()?;
                Operand::Integer(value)
            }
            Token::Single(bits) => {
                self.advance()?;
                Operand::Single(bits)
            }
            Token::Double(bits) => {
                self.advance()?;
                Operand::Double(bits)
            }
            Token::Word(word) => {
                self.advance()?;
                match self.token {
                    Token::Mark(b'+' | b'-') => Operand::Offset(word.to_owned(), self.offset()?),
                    _ => Operand::Name(word.to_owned()),
                }
            }
            found => {
                return self.error(format!("expected an operand, found {}", describe(found)));
            }
        };
        if self.take(b'|')? {
            let second = self.operand(depth + 1)?;
            return Ok(Operand::Pair(Box::new(operand), Box::new(second)));
        }
        Ok(operand)
    }

    fn operands_until(&mut self, mark: u8, depth: usize) -> Parsed<Vec<Operand>> {
        let mut operands = Vec::new();
        while !self.take(mark)? {
            operands.push(self.operand(depth + 1)?);
            if operands.len() > 256 {
                return self.error("too many operands");
            }
            if !self.take(b',')? {
                self.expect(mark)?;
                break;
            }
        }
        Ok(operands)
    }
}

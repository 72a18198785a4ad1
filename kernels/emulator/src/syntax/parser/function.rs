//! Functions: parameters, and blocks of statements.

use super::{DEEPEST, Parsed, Parser, describe};
use crate::syntax::lexer::Token;
use crate::syntax::{
    Function, Parameter, ParseError, Scope, Space, Statement, StatementKind, Type,
};

impl Parser<'_> {
    pub(super) fn function(&mut self, is_entry: bool) -> Parsed<Function> {
        let line = self.line;
        while self.take_word(".attribute")? {
            self.skip_parentheses()?;
        }
        let returns = if self.is(b'(') {
            self.parameters()?
        } else {
            Vec::new()
        };
        let name = self.word()?.to_owned();
        let parameters = if self.is(b'(') {
            self.parameters()?
        } else {
            Vec::new()
        };
        let mut function = Function {
            name,
            is_entry,
            is_declaration: false,
            returns,
            parameters,
            required_threads: None,
            most_threads: None,
            scopes: vec![Scope::default()],
            statements: Vec::new(),
            line,
        };
        loop {
            match self.token {
                Token::Word(".reqntid") => {
                    self.advance()?;
                    function.required_threads = Some(self.extent()?);
                }
                Token::Word(".maxntid") => {
                    self.advance()?;
                    function.most_threads = Some(self.extent()?);
                }
                Token::Word(".noreturn" | ".explicitcluster") => {
                    self.advance()?;
                }
                Token::Word(
                    ".minnctapersm"
                    | ".maxnctapersm"
                    | ".maxnreg"
                    | ".abi_preserve"
                    | ".abi_preserve_control",
                ) => {
                    self.advance()?;
                    self.integer()?;
                }
                Token::Word(".pragma") => self.skip_statement()?,
                Token::Word(".maxclusterrank") => {
                    self.advance()?;
                    self.integer()?;
                }
                Token::Word(".reqnctapercluster") => {
                    let line = self.line;
                    self.advance()?;
                    if self.extent()? != [1; 3] {
                        let reason = "clusters of more than one block are not supported";
                        return Err(ParseError::new(line, reason));
                    }
                }
                Token::Mark(b';') => {
                    self.advance()?;
                    function.is_declaration = true;
                    return Ok(function);
                }
                Token::Mark(b'{') => break,
                found => {
                    return self
                        .error(format!("expected a body or ';', found {}", describe(found)));
                }
            }
        }
        self.location = None;
        self.callers.clear();
        self.expect(b'{')?;
        self.block(&mut function, 0, 1)?;
        Ok(function)
    }

    fn extent(&mut self) -> Parsed<[u32; 3]> {
        let mut extent = [1; 3];
        for (place, size) in extent.iter_mut().enumerate() {
            *size = self.number()?;
            if place == 2 || !self.take(b',')? {
                break;
            }
        }
        Ok(extent)
    }

    fn parameters(&mut self) -> Parsed<Vec<Parameter>> {
        self.expect(b'(')?;
        let mut parameters = Vec::new();
        while !self.take(b')')? {
            let mut alignment = None;
            let mut element = None;
            let name = loop {
                let word = self.word()?;
                match word {
                    ".param" | ".reg" | ".ptr" | ".global" | ".shared" | ".local" | ".const" => {}
                    ".align" => alignment = Some(self.alignment()?),
                    _ => match word.strip_prefix('.') {
                        Some(name) => match Type::of_name(name) {
                            Some(found) => element = Some(found),
                            None => return self.error(format!("{word} is no type of a parameter")),
                        },
                        None => break word.to_owned(),
                    },
                }
            };
            let Some(element) = element else {
                return self.error(format!("{name} has no type"));
            };
            let mut bytes = element.bytes();
            while self.take(b'[')? {
                if self.take(b']')? {
                    return self.error("variadic functions are not supported");
                }
                let length = self.size()?;
                bytes = bytes.saturating_mul(length);
                self.expect(b']')?;
            }
            if bytes > 1 << 16 {
                return self.error(format!("parameter {name} is too large"));
            }
            let alignment = alignment.unwrap_or(element.bytes().max(1));
            parameters.push(Parameter {
                name,
                alignment,
                bytes,
            });
            if !self.take(b',')? {
                self.expect(b')')?;
                break;
            }
        }
        Ok(parameters)
    }

    /// The statements of a block, up to and with its closing brace.
    fn block(&mut self, function: &mut Function, scope: usize, depth: usize) -> Parsed<()> {
        if depth > DEEPEST {
            return self.error("blocks are nested too deeply");
        }
        loop {
            match self.token {
                Token::Mark(b'}') => {
                    self.advance()?;
                    return Ok(());
                }
                Token::Mark(b'{') => {
                    self.advance()?;
                    function.scopes.push(Scope {
                        parent: Some(scope),
                        ..Scope::default()
                    });
                    let inner = function.scopes.len() - 1;
                    self.block(function, inner, depth + 1)?;
                }
                Token::Mark(b';') => {
                    self.advance()?;
                }
                Token::Mark(b'@') => {
                    self.advance()?;
                    let is_negated = self.take(b'!')?;
                    let guard = Some((self.word()?.to_owned(), is_negated));
                    let name = self.word()?;
                    self.instruction(function, scope, guard, name)?;
                }
                Token::Word(".reg") => {
                    self.advance()?;
                    self.registers(&mut function.scopes[scope])?;
                }
                Token::Word(".loc") => self.source_location()?,
                Token::Word(".pragma") => self.skip_statement()?,
                Token::Word(word) if word.starts_with('.') => {
                    let Some(space) = Space::of_name(&word[1..]) else {
                        return self.error(format!("{word} is no statement that is known"));
                    };
                    self.advance()?;
                    let variables = self.variables(space, false)?;
                    function.scopes[scope].variables.extend(variables);
                }
                Token::Word(word) => {
                    self.advance()?;
                    if self.take(b':')? {
                        self.label(function, scope, word)?;
                    } else {
                        self.instruction(function, scope, None, word)?;
                    }
                }
                found => {
                    return self.error(format!("expected a statement, found {}", describe(found)));
                }
            }
        }
    }

    fn label(&mut self, function: &mut Function, scope: usize, name: &str) -> Parsed<()> {
        match self.token {
            Token::Word(".callprototype" | ".calltargets") => self.skip_statement(),
            Token::Word(".branchtargets") => {
                self.advance()?;
                let mut targets = vec![self.word()?.to_owned()];
                while self.take(b',')? {
                    targets.push(self.word()?.to_owned());
                }
                self.expect(b';')?;
                let kind = StatementKind::BranchTargets(name.to_owned(), targets);
                self.push(function, scope, kind);
                Ok(())
            }
            _ => {
                let place = function.statements.len();
                function.scopes[scope].labels.push((name.to_owned(), place));
                Ok(())
            }
        }
    }

    pub(super) fn push(&self, function: &mut Function, scope: usize, kind: StatementKind) {
        let (line, location) = (self.line, self.location);
        function.statements.push(Statement {
            line,
            location,
            scope,
            kind,
        });
    }

    fn registers(&mut self, scope: &mut Scope) -> Parsed<()> {
        let word = self.word()?;
        let element = match word.strip_prefix('.').and_then(Type::of_name) {
            Some(element) => element,
            None => return self.error(format!("{word} is no type of registers")),
        };
        loop {
            let name = self.word()?.to_owned();
            let count = if self.take(b'<')? {
                let count = self.number()?;
                if count > 1 << 18 {
                    return self.error(format!("{count} registers are too many"));
                }
                self.expect(b'>')?;
                Some(count)
            } else {
                None
            };
            scope.registers.push((name, count, element));
            if !self.take(b',')? {
                return self.expect(b';');
            }
        }
    }
}

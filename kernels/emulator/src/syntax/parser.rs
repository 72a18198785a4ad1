//! From tokens to the tree, by recursive descent.

use super::lexer::{Lexer, Token};
use super::{
    Function, Initial, Instruction, Location, Module, Operand, Parameter, ParseError, Scope, Space,
    Statement, StatementKind, Type, Variable,
};
use std::collections::HashMap;

/// The largest variable, in bytes: what no card could hold is a mistake.
const LARGEST: usize = 1 << 36;

/// Blocks inside blocks inside ..., at most.
const DEEPEST: usize = 64;

/// The most operands of one instruction, and values of one list.
const LONGEST: usize = 1 << 24;

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

    fn module(mut self) -> Parsed<Module> {
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

    /// `.align 4 .b8 name[16] = {...}, other;` behind its space.
    fn variables(&mut self, space: Space, is_extern: bool) -> Parsed<Vec<Variable>> {
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

    fn alignment(&mut self) -> Parsed<usize> {
        let alignment = self.size()?;
        if !alignment.is_power_of_two() || alignment > 1 << 16 {
            return self.error(format!("{alignment} is no alignment"));
        }
        Ok(alignment)
    }

    fn skip_parentheses(&mut self) -> Parsed<()> {
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
    fn offset(&mut self) -> Parsed<i64> {
        if self.take(b'+')? || self.is(b'-') {
            return Ok(self.integer()? as i64);
        }
        Ok(0)
    }

    fn function(&mut self, is_entry: bool) -> Parsed<Function> {
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

    fn push(&self, function: &mut Function, scope: usize, kind: StatementKind) {
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

    /// `.loc 1 3 0`, or `.loc 2 7 5, function_name label, inlined_at 1 3 0`, where the latter may have been inlined itself.
    ///
    /// Of all lines from the innermost to the outermost, it is the first in the outermost's file that counts: the one that
    /// somebody wrote, and not that of a header.
    fn source_location(&mut self) -> Parsed<()> {
        self.advance()?;
        let own = self.place()?;
        self.callers.remove(&own);
        while self.take(b',')? {
            match self.word()? {
                "function_name" => {
                    self.word()?;
                    if self.take(b'+')? {
                        self.integer()?;
                    }
                }
                "inlined_at" => {
                    let caller = self.place()?;
                    self.callers.insert(own, caller);
                }
                _ => return self.error("expected function_name or inlined_at"),
            }
        }
        let next = |place: &(u32, u32, u32)| self.callers.get(place).copied();
        // As deep as nobody inlines; text that is no compiler's may go round in circles.
        let chain = || std::iter::successors(Some(own), next).take(64);
        let file = chain().last().map_or(own.0, |outermost| outermost.0);
        let written = chain().find(|place| place.0 == file).unwrap_or(own);
        self.location = Some(Location {
            file: written.0,
            line: written.1,
        });
        Ok(())
    }

    /// A file, a line, and a column.
    fn place(&mut self) -> Parsed<(u32, u32, u32)> {
        let (file, line) = (self.number()?, self.number()?);
        let column = self.integer()?;
        Ok((file, line, u32::try_from(column).unwrap_or(0)))
    }

    fn instruction(
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

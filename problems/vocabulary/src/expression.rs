//! Small integer expressions over named sizes: `n - k + 1`, `min(ceil_div(n, 256), 1024)`.

use std::fmt;
use std::str::FromStr;

use crate::parameters::is_name;

/// An integer expression over names: `+ - * /`, parentheses, `min`, `max`, `ceil_div`, `log2` (rounded down) and
/// `next_power_of_two`.
///
/// ```
/// use vocabulary::Expression;
/// let length: Expression = "n - k + 1".parse().unwrap();
/// let value = length.evaluate(&|name| (name == "n").then_some(10).or(Some(3)));
/// assert_eq!(value, Ok(8));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    text: String,
    root: Node,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Integer(i64),
    Name(String),
    Call(Operation, Box<Node>, Box<Node>),
    CallOfOne(Function, Box<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    CeilDivide,
    Minimum,
    Maximum,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Log2,
    NextPowerOfTwo,
}

/// Why an expression cannot be read or evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    /// Not an expression.
    #[error("`{text}`, column {column}: expected {expected}")]
    Syntax {
        /// The whole expression.
        text: String,
        /// Column of the fault, from 1.
        column: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// A name without a value.
    #[error("`{text}` needs `{name}`, which is not known here")]
    Unknown {
        /// The whole expression.
        text: String,
        /// The name.
        name: String,
    },
    /// The value does not fit 64 bits, or a divisor is 0.
    #[error("`{0}` overflows or divides by zero here")]
    Arithmetic(String),
}

impl Expression {
    /// The value, with names looked up in `value_of`. Divisions round toward zero, `ceil_div` up, `log2` down.
    pub fn evaluate(&self, value_of: &dyn Fn(&str) -> Option<i64>) -> Result<i64, ExpressionError> {
        self.node(&self.root, value_of)
    }

    fn node(
        &self,
        node: &Node,
        value_of: &dyn Fn(&str) -> Option<i64>,
    ) -> Result<i64, ExpressionError> {
        match node {
            Node::Integer(value) => Ok(*value),
            Node::Name(name) => value_of(name).ok_or_else(|| ExpressionError::Unknown {
                text: self.text.clone(),
                name: name.clone(),
            }),
            Node::CallOfOne(function, of) => {
                let of = self.node(of, value_of)?;
                let value = match function {
                    Function::Log2 => of.checked_ilog2().map(i64::from),
                    Function::NextPowerOfTwo => u64::try_from(of.max(1))
                        .ok()
                        .and_then(u64::checked_next_power_of_two)
                        .and_then(|power| i64::try_from(power).ok()),
                };
                value.ok_or_else(|| ExpressionError::Arithmetic(self.text.clone()))
            }
            Node::Call(operation, left, right) => {
                let left = self.node(left, value_of)?;
                let right = self.node(right, value_of)?;
                let value = match operation {
                    Operation::Add => left.checked_add(right),
                    Operation::Subtract => left.checked_sub(right),
                    Operation::Multiply => left.checked_mul(right),
                    Operation::Divide => left.checked_div(right),
                    Operation::CeilDivide => left
                        .checked_div_euclid(right)
                        .and_then(|floor| floor.checked_add((left.rem_euclid(right) > 0).into())),
                    Operation::Minimum => Some(left.min(right)),
                    Operation::Maximum => Some(left.max(right)),
                };
                value.ok_or_else(|| ExpressionError::Arithmetic(self.text.clone()))
            }
        }
    }

    /// The names that it needs, in the order in which they stand there.
    pub fn names(&self) -> Vec<&str> {
        fn collect<'a>(node: &'a Node, names: &mut Vec<&'a str>) {
            match node {
                Node::Integer(_) => {}
                Node::Name(name) => names.push(name),
                Node::CallOfOne(_, of) => collect(of, names),
                Node::Call(_, left, right) => {
                    collect(left, names);
                    collect(right, names);
                }
            }
        }
        let mut names = Vec::new();
        collect(&self.root, &mut names);
        names
    }

    /// The name, if the expression is nothing but one.
    pub fn as_name(&self) -> Option<&str> {
        match &self.root {
            Node::Name(name) => Some(name),
            _ => None,
        }
    }
}

impl From<i64> for Expression {
    fn from(value: i64) -> Self {
        Expression {
            text: value.to_string(),
            root: Node::Integer(value),
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Expression {
    type Err = ExpressionError;

    fn from_str(text: &str) -> Result<Self, ExpressionError> {
        let mut parser = Parser {
            text,
            position: 0,
            depth: 0,
            operators: 0,
        };
        let root = parser.sum()?;
        if parser.peek().is_some() {
            return Err(parser.expected("an operator or the end"));
        }
        Ok(Expression {
            text: text.to_owned(),
            root,
        })
    }
}

/// Nesting beyond this is refused, so that no input exhausts the stack.
const DEEPEST: usize = 64;

/// So are more operators: `1 + 1 + 1 + ...` makes a tree that is as deep as it is long.
const MOST_OPERATORS: usize = 500;

struct Parser<'a> {
    text: &'a str,
    position: usize,
    depth: usize,
    operators: usize,
}

impl Parser<'_> {
    fn expected(&self, expected: &'static str) -> ExpressionError {
        ExpressionError::Syntax {
            text: self.text.to_owned(),
            column: self.position + 1,
            expected,
        }
    }

    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.position..];
        self.position += rest.iter().take_while(|byte| **byte == b' ').count();
        self.text.as_bytes().get(self.position).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.position += usize::from(found);
        found
    }

    /// Takes the operator that stands here.
    fn operator(&mut self) -> Result<(), ExpressionError> {
        self.operators += 1;
        if self.operators > MOST_OPERATORS {
            return Err(self.expected("fewer operators"));
        }
        self.position += 1;
        Ok(())
    }

    fn sum(&mut self) -> Result<Node, ExpressionError> {
        let mut left = self.product()?;
        loop {
            let operation = match self.peek() {
                Some(b'+') => Operation::Add,
                Some(b'-') => Operation::Subtract,
                _ => return Ok(left),
            };
            self.operator()?;
            left = Node::Call(operation, Box::new(left), Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Result<Node, ExpressionError> {
        let mut left = self.atom()?;
        loop {
            let operation = match self.peek() {
                Some(b'*') => Operation::Multiply,
                Some(b'/') => Operation::Divide,
                _ => return Ok(left),
            };
            self.operator()?;
            left = Node::Call(operation, Box::new(left), Box::new(self.atom()?));
        }
    }

    fn atom(&mut self) -> Result<Node, ExpressionError> {
        const ATOM: &str = "a number, a name or `(`";
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.expected("less nesting"));
        }
        let node = match self.peek() {
            Some(b'(') => {
                self.position += 1;
                let inner = self.sum()?;
                self.close()?;
                inner
            }
            Some(b'-') => {
                self.position += 1;
                let zero = Box::new(Node::Integer(0));
                Node::Call(Operation::Subtract, zero, Box::new(self.atom()?))
            }
            Some(b'0'..=b'9') => {
                let digits = self
                    .word(|byte| byte.is_ascii_digit() || byte == b'_')
                    .replace('_', "");
                let value = digits
                    .parse()
                    .map_err(|_| self.expected("a number below 2^63"))?;
                Node::Integer(value)
            }
            Some(byte) if byte.is_ascii_lowercase() => {
                let word = self.word(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                self.name_or_call(word)?
            }
            _ => return Err(self.expected(ATOM)),
        };
        self.depth -= 1;
        Ok(node)
    }

    fn name_or_call(&mut self, word: String) -> Result<Node, ExpressionError> {
        if self.peek() != Some(b'(') {
            return if is_name(&word) {
                Ok(Node::Name(word))
            } else {
                Err(self.expected("a lower-case name"))
            };
        }
        let function = match word.as_str() {
            "log2" => Some(Function::Log2),
            "next_power_of_two" => Some(Function::NextPowerOfTwo),
            _ => None,
        };
        if let Some(function) = function {
            self.position += 1;
            let of = self.sum()?;
            self.close()?;
            return Ok(Node::CallOfOne(function, Box::new(of)));
        }
        let operation = match word.as_str() {
            "min" => Operation::Minimum,
            "max" => Operation::Maximum,
            "ceil_div" => Operation::CeilDivide,
            _ => {
                return Err(
                    self.expected("min, max, ceil_div, log2 or next_power_of_two before `(`")
                );
            }
        };
        self.position += 1;
        let left = self.sum()?;
        if !self.take(b',') {
            return Err(self.expected("`,`"));
        }
        let right = self.sum()?;
        self.close()?;
        Ok(Node::Call(operation, Box::new(left), Box::new(right)))
    }

    fn close(&mut self) -> Result<(), ExpressionError> {
        if self.take(b')') {
            Ok(())
        } else {
            Err(self.expected("`)`"))
        }
    }

    fn word(&mut self, belongs: impl Fn(u8) -> bool) -> String {
        let rest = &self.text.as_bytes()[self.position..];
        let length = rest.iter().take_while(|byte| belongs(**byte)).count();
        let word = self.text[self.position..self.position + length].to_owned();
        self.position += length;
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Result<i64, ExpressionError> {
        let expression: Expression = text.parse()?;
        expression.evaluate(&|name| match name {
            "n" => Some(10),
            "k" => Some(3),
            _ => None,
        })
    }

    #[test]
    fn expressions_follow_the_usual_precedence() {
        for (text, value) in [
            ("7", 7),
            ("n - k + 1", 8),
            ("n - (k + 1)", 6),
            ("-5 + n", 5),
            ("1+2*n/k", 7),
            ("ceil_div(n, k)", 4),
            ("min(n, 4) * max(k, 1_000)", 4000),
            ("log2(n) + log2(1) + log2(8)", 6),
            ("next_power_of_two(n) + next_power_of_two(8)", 24),
            ("next_power_of_two(0) + next_power_of_two(-5)", 2),
        ] {
            assert_eq!(at(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn faults_name_their_place() {
        let error = at("n + ").unwrap_err().to_string();
        assert!(error.contains("column 5"), "{error}");
        assert!(at("m").unwrap_err().to_string().contains("needs `m`"));
        assert!(matches!(
            at("n / (k - 3)"),
            Err(ExpressionError::Arithmetic(_))
        ));
        assert!(matches!(
            at("ceil_div(n, 0)"),
            Err(ExpressionError::Arithmetic(_))
        ));
        for text in [
            "log2(0)",
            "log2(-1)",
            "next_power_of_two(9223372036854775807)",
        ] {
            let fault = at(text);
            assert!(
                matches!(fault, Err(ExpressionError::Arithmetic(_))),
                "{text}"
            );
        }
        for text in [
            "",
            "n n",
            "(n",
            "min(n)",
            "foo(1, 2)",
            "log2(1, 2)",
            "-",
            "99999999999999999999",
        ] {
            assert!(at(text).is_err(), "{text}");
        }
        assert!("(".repeat(100_000).parse::<Expression>().is_err());
        for operator in ["+1", "*1"] {
            let short = format!("1{}", operator.repeat(MOST_OPERATORS));
            assert!(short.parse::<Expression>().is_ok());
            let long = format!("1{}", operator.repeat(1_000_000));
            assert!(long.parse::<Expression>().is_err());
        }
    }

    #[test]
    fn the_names_are_those_that_it_needs() {
        let expression: Expression = "min(n, 4) * log2(k) + 2 - n".parse().unwrap();
        assert_eq!(expression.names(), ["n", "k", "n"]);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "[nk0-9+*/(), min-]{0,30}") {
            let _ = at(&text);
        }
    }
}

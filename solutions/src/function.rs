//! Functions with their types erased, so that one harness calls them all.

use std::any::Any;

use problems::Problem;
use vocabulary::Expectation;

/// Called with the typed input and output of its problem.
type Call = dyn Fn(&dyn Any, &mut dyn Any) + Send + Sync;

/// A Rust function that solves a problem: `fn(&Input, &mut Output)`; the harness owns the memory.
pub struct Function {
    /// The problem's name.
    pub problem: &'static str,
    /// The function's name.
    pub name: &'static str,
    /// The source of its module.
    pub source: &'static str,
    /// What it must get.
    pub expectation: Expectation,
    call: Box<Call>,
}

impl Function {
    /// A function of a problem. Its source states what it must get.
    ///
    /// # Panics
    /// If the source states nothing that can be read.
    pub fn of<P: Problem>(
        name: &'static str,
        source: &'static str,
        function: fn(&P::Input, &mut P::Output),
    ) -> Self {
        let problem = P::schema().problem;
        Function {
            problem,
            name,
            source,
            expectation: crate::expectation(&format!("src/{problem}/{name}.rs"), source),
            call: Box::new(move |input, output| {
                let input = input.downcast_ref().expect("an input of its problem");
                let output = output.downcast_mut().expect("an output of its problem");
                function(input, output);
            }),
        }
    }

    /// Calls it with what [`problems::AnyCase::input`] and [`problems::AnyCase::prepare`] give.
    ///
    /// # Panics
    /// If input or output are not of its problem's types.
    pub fn call(&self, input: &dyn Any, output: &mut dyn Any) {
        (self.call)(input, output);
    }
}

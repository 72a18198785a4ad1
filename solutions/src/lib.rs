//! Answers for a CPU: Rust functions, and programs in any language, right ones and deliberately wrong ones.
//!
//! A function is a file `src/<problem>/<name>.rs` and its name in that folder's `catalogue!`. A program is a file
//! `programs/<problem>/<expected verdict>/<name>.<extension>` and nothing else. Both state in the comment at their top
//! what they must get: see [`Expectation`].

mod function;
mod program;

pub use function::Function;
pub use program::Program;
use vocabulary::Expectation;

mod attention;
mod combination_sum;
mod combination_sum_ii;
mod combinations;
mod diagonal_attention;
mod features;
mod gated;
mod gated_attention_mixed_chunk;
mod gated_attention_unit;
mod knapsack;
mod kth_largest;
mod linear_attention;
mod minimum_window_substring;
mod norm_attention;
mod norm_attention_gradient;
mod performer_attention;
mod prefix_attention;
mod sliding_window_maximum;
mod softmax;
mod sparse_attention;
mod tree_attention;
mod vectors;

/// Every function, by problem.
pub fn functions() -> Vec<Function> {
    [
        kth_largest::all,
        minimum_window_substring::all,
        sliding_window_maximum::all,
        combination_sum::all,
        combination_sum_ii::all,
        knapsack::all,
        attention::all,
        linear_attention::all,
        performer_attention::all,
        norm_attention::all,
        norm_attention_gradient::all,
        diagonal_attention::all,
        gated_attention_unit::all,
        gated_attention_mixed_chunk::all,
        prefix_attention::all,
        sparse_attention::all,
        tree_attention::all,
    ]
    .into_iter()
    .flat_map(|of_a_problem| of_a_problem())
    .collect()
}

/// Every program, by problem, in the order of their paths.
pub fn programs() -> Vec<Program> {
    program::embedded()
}

/// The expectation in the header of a file that this crate ships.
fn expectation(path: &str, source: &str) -> Expectation {
    match Expectation::find(source) {
        Ok(Some(expectation)) => expectation,
        Ok(None) => panic!("{path} has no `judge: expect=...` line"),
        Err(error) => panic!("{path}: {error}"),
    }
}

/// Lists the functions of a problem: each is a module of this folder with a function of the same name.
macro_rules! catalogue {
    ($problem:ty: $($name:ident),* $(,)?) => {
        $(mod $name;)*

        /// The functions of this problem.
        pub(crate) fn all() -> Vec<crate::Function> {
            vec![$(crate::Function::of::<$problem>(
                stringify!($name),
                include_str!(concat!(stringify!($name), ".rs")),
                $name::$name,
            )),*]
        }
    };
}
use catalogue;

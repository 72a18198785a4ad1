//! The one list of all problems.

use std::sync::{Arc, LazyLock};

use crate::erased::{AnyProblem, Typed};

/// Lists problems, `module::Type`, and holds each of them to the contract in the tests.
macro_rules! catalogue {
    ($($module:ident::$type:ident),* $(,)?) => {
        /// Every problem, in the order in which they are shown.
        static PROBLEMS: LazyLock<Vec<Arc<dyn AnyProblem>>> = LazyLock::new(|| {
            vec![$(Arc::new(Typed::<crate::$module::$type>::new())),*]
        });

        #[cfg(test)]
        mod contract {
            $(crate::contract_tests::hold!($module, crate::$module::$type);)*
        }
    };
}

catalogue! {
    minimum_window_substring::MinimumWindowSubstring,
    sliding_window_maximum::SlidingWindowMaximum,
    kth_largest::KthLargest,
    combination_sum::CombinationSum,
    combination_sum_ii::CombinationSumIi,
    knapsack::Knapsack,
    attention::Attention,
    linear_attention::LinearAttention,
    performer_attention::PerformerAttention,
    norm_attention::NormAttention,
    norm_attention_gradient::NormAttentionGradient,
    diagonal_attention::DiagonalAttention,
    gated_attention_unit::GatedAttentionUnit,
    gated_attention_mixed_chunk::GatedAttentionMixedChunk,
    prefix_attention::PrefixAttention,
    sparse_attention::SparseAttention,
    tree_attention::TreeAttention,
}

/// Every problem.
pub fn all() -> impl Iterator<Item = &'static Arc<dyn AnyProblem>> {
    PROBLEMS.iter()
}

/// The problem of a name.
pub fn find(name: &str) -> Option<&'static Arc<dyn AnyProblem>> {
    all().find(|problem| problem.name() == name)
}

/// ` (did you mean ...?)` with the names nearest to one that is unknown, or nothing.
pub fn suggestions<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> String {
    let mut near: Vec<(f64, &str)> = known
        .map(|name| (strsim::jaro_winkler(unknown, name), name))
        .filter(|(similarity, _)| *similarity > 0.7)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let names: Vec<&str> = near.iter().take(3).map(|(_, name)| *name).collect();
    if names.is_empty() {
        String::new()
    } else {
        format!(" (did you mean {}?)", names.join(", "))
    }
}

//! Algorithms whose growth is known. Each is given integers, sets up what it works on, and is then called again and again.

mod cubic;
mod linear;
mod lookups;
mod quadratic;
mod sorting;
mod steep;

use std::cell::RefCell;
use std::collections::HashMap;
use std::hint::black_box;

use problems::kth_largest::{Input, KthLargest, Output};
use solutions::Function;

/// An algorithm that was set up. What it returns depends on all that it did.
pub(crate) type Call = Box<dyn FnMut() -> u64>;

/// Sizes that an algorithm is called with.
#[derive(Clone, Copy)]
pub(crate) enum Sizes {
    /// From the first on, doubled as long as they are not more than the second.
    Doubled(i64, i64),
    /// Each from the first to the second.
    Each(i64, i64),
}

impl Sizes {
    /// The sizes, ascending.
    pub(crate) fn all(self) -> Vec<i64> {
        match self {
            Sizes::Doubled(from, to) => std::iter::successors(Some(from), |size| Some(2 * size))
                .take_while(|size| *size <= to)
                .collect(),
            Sizes::Each(from, to) => (from..=to).collect(),
        }
    }
}

/// An algorithm of known growth.
pub(crate) struct Algorithm {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its class, as headers of solutions state it.
    pub(crate) class: &'static str,
    /// What it is called with.
    pub(crate) sizes: Sizes,
    /// The function that a runner serves.
    pub(crate) function: fn(&Input, &mut Output),
}

impl Algorithm {
    /// The function as a solution of `kth_largest`, whose cases are asked for the greatest.
    pub(crate) fn served(&self) -> Function {
        Function::of::<KthLargest>(self.name, "// judge: expect=AC", self.function)
    }
}

/// Lists algorithms: name, class, sizes, and a function that sets a call up.
macro_rules! algorithms {
    ($($name:ident: $class:literal, $sizes:expr, $set_up:path;)*) => {
        /// All of them, from the slowest growth to the fastest.
        pub(crate) fn all() -> Vec<Algorithm> {
            vec![$(Algorithm {
                name: stringify!($name),
                class: $class,
                sizes: $sizes,
                function: |input, output| called(stringify!($name), input, output, $set_up),
            }),*]
        }
    };
}

use Sizes::{Doubled, Each};

algorithms! {
    scattered_reads: "1", Doubled(256, 4_194_304), lookups::scattered_reads;
    hash_lookup: "1", Doubled(256, 2_097_152), lookups::hash_lookup;
    binary_search: "log(n)", Doubled(64, 4_194_304), lookups::binary_search;
    tree_lookup: "log(n)", Doubled(64, 1_048_576), lookups::tree_lookup;
    power_by_squaring: "log(n)", Doubled(64, 67_108_864), lookups::power_by_squaring;
    trial_division: "sqrt(n)", Doubled(1024, 67_108_864), lookups::trial_division;
    sum_by_blocks: "sqrt(n)", Doubled(1024, 4_194_304), lookups::sum_by_blocks;
    sum: "n", Doubled(2048, 8_388_608), linear::sum;
    pointer_chase: "n", Doubled(2048, 4_194_304), linear::pointer_chase;
    hash_build: "n", Doubled(512, 2_097_152), linear::hash_build;
    greatest_slice: "n", Doubled(2048, 8_388_608), linear::greatest_slice;
    radix_sort: "n", Doubled(4096, 4_194_304), linear::radix_sort;
    quick_sort: "n*log(n)", Doubled(512, 4_194_304), sorting::quick_sort;
    heap_sort: "n*log(n)", Doubled(512, 2_097_152), sorting::heap_sort;
    merge_sort: "n*log(n)", Doubled(512, 2_097_152), sorting::merge_sort;
    tree_build: "n*log(n)", Doubled(512, 1_048_576), sorting::tree_build;
    number_transform: "n*log(n)", Doubled(256, 1_048_576), sorting::number_transform;
    window_of_root: "n*sqrt(n)", Doubled(256, 1_048_576), quadratic::window_of_root;
    divisors_of_all: "n*sqrt(n)", Doubled(256, 1_048_576), quadratic::divisors_of_all;
    insertion_sort: "n^2", Doubled(64, 65_536), quadratic::insertion_sort;
    rising_subsequence: "n^2", Doubled(64, 65_536), quadratic::rising_subsequence;
    all_pairs: "n^2", Doubled(64, 65_536), quadratic::all_pairs;
    search_all_pairs: "n^2*log(n)", Doubled(32, 16_384), quadratic::search_all_pairs;
    sort_all_rows: "n^2*log(n)", Doubled(32, 8192), quadratic::sort_all_rows;
    matrix_product: "n^3", Doubled(16, 2048), cubic::matrix_product;
    shortest_paths: "n^3", Doubled(16, 2048), cubic::shortest_paths;
    subsets_in_turn: "2^n", Each(8, 34), steep::subsets_in_turn;
    subsets_by_recursion: "2^n", Each(8, 34), steep::subsets_by_recursion;
}

/// Calls an algorithm that is set up the first time that it meets a case, and answers with the greatest integer.
fn called(name: &'static str, input: &Input, output: &mut Output, set_up: fn(&[u64]) -> Call) {
    type Known = HashMap<(&'static str, usize), (Call, i32)>;
    thread_local! { static KNOWN: RefCell<Known> = RefCell::default(); }
    KNOWN.with_borrow_mut(|known| {
        let (call, greatest) = known.entry((name, input.numbers.len())).or_insert_with(|| {
            let values: Vec<u64> = input.numbers.iter().map(|x| scattered(*x as u64)).collect();
            let greatest = input.numbers.iter().copied().max();
            (set_up(&values), greatest.expect("a case has a number"))
        });
        black_box(call());
        output.value = *greatest;
    });
}

/// A number that looks like chance (the finalizer of SplitMix64).
fn scattered(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// So many numbers that look like chance.
fn queries(count: usize) -> Vec<u64> {
    (0..count as u64)
        .map(|index| scattered(index + 1))
        .collect()
}

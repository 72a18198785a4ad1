//! Replays the corpus of the fuzz targets, and a little of fuzzing itself: the corpus with a few bytes changed.

#[path = "../../fuzz/bodies.rs"]
mod bodies;

use std::fs;
use std::path::{Path, PathBuf};

use bodies::TARGETS;
use proptest::prelude::*;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

/// The names in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = root().join("corpus").join(target);
    let paths = names(&folder).into_iter().map(|name| folder.join(name));
    paths
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

#[test]
fn every_target_has_a_source_and_a_corpus() {
    let mut targets = TARGETS.map(|(name, _)| name.to_owned());
    targets.sort();
    assert_eq!(names(&root().join("corpus")), targets);
    let sources = targets.each_ref().map(|name| format!("{name}.rs"));
    assert_eq!(names(&root().join("fuzz_targets")), sources);
}

#[test]
fn every_file_of_the_corpus_passes() {
    for (target, body) in TARGETS {
        let corpus = corpus(target);
        assert!(corpus.len() >= 5, "the corpus of {target} is small");
        for (path, data) in corpus {
            let passes = std::panic::catch_unwind(|| body(&data));
            assert!(passes.is_ok(), "{}", path.display());
        }
    }
}

#[test]
fn every_problem_is_in_the_corpora_of_inputs_and_outputs() {
    for problem in problems::catalogue::all() {
        for target in ["input", "output"] {
            let begins = |data: &[u8]| data.starts_with(problem.name().as_bytes());
            let is_there = corpus(target).iter().any(|(_, data)| begins(data));
            assert!(
                is_there,
                "fuzz/corpus/{target} has no file for {}",
                problem.name()
            );
        }
    }
}

proptest! {
    // Tests of a folder of their own find no place for a file of failures.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_corpus_with_some_bytes_changed_passes(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3), 0..4),
    ) {
        for (target, body) in TARGETS {
            let (_, mut data) = which.get(&corpus(target)).clone();
            for (at, byte, kind) in &changes {
                let at = at.index(data.len() + 1);
                match kind {
                    0 => data.insert(at, *byte),
                    1 if at < data.len() => data[at] = *byte,
                    _ => data.truncate(at),
                }
            }
            body(&data);
        }
    }
}

//! The bytes of cases are the same on every machine and in every version: their digests are pinned.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use problems::{AnyProblem, FamilyInfo};
use sha2::{Digest, Sha256};
use vocabulary::{CaseId, CaseName, Parameters};

const UPDATE: &str = "UPDATE_DIGESTS";

/// Two cases of a family: its least trial size above 1 where there is one, and its greatest up to 1000.
fn cases(problem: &dyn AnyProblem, family: &FamilyInfo) -> Vec<CaseId> {
    let mut sizes = problem.trial_sizes();
    sizes.retain(|size| (family.least..=family.most.min(1000)).contains(size));
    if sizes.is_empty() {
        sizes.push(family.least); // a family of large cases only
    }
    let small = sizes.iter().find(|size| **size > 1).unwrap_or(&sizes[0]);
    let large = sizes.last().expect("one size at least");
    let pairs = [(*small, 0), (*large, 1)];
    let names = pairs.map(|(primary, seed)| CaseName {
        primary: Some(primary),
        ..CaseName::new(problem.name(), family.name, Parameters::new()).with_seed(seed)
    });
    let whole = names.iter().map(|name| problem.resolve(name));
    whole.map(|case| case.expect("a trial size")).collect()
}

/// As `sha256sum` writes it, so that `judge show CASE --input | sha256sum` is easily held against it.
fn digests() -> BTreeMap<String, String> {
    let mut digests = BTreeMap::new();
    for problem in problems::catalogue::all() {
        for family in problem.families() {
            for case in cases(problem.as_ref(), family) {
                let text = problem.case(&case).expect("a whole name").input_text();
                let mut digest = String::new();
                for byte in Sha256::digest(text) {
                    let _ = write!(digest, "{byte:02x}"); // a String takes everything
                }
                digests.insert(case.to_string(), digest);
            }
        }
    }
    digests
}

#[test]
fn every_family_generates_the_bytes_that_are_pinned() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/digests.txt");
    let found = digests();
    if std::env::var_os(UPDATE).is_some() {
        let mut text = String::new();
        for (case, digest) in &found {
            let _ = writeln!(text, "{digest}  {case}"); // a String takes everything
        }
        std::fs::write(&path, text).expect("a writable source tree");
        return;
    }
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let mut pinned: BTreeMap<&str, &str> = text
        .lines()
        .map(|line| line.split_once("  ").expect("a digest, two spaces, a case"))
        .map(|(digest, case)| (case, digest))
        .collect();
    let mut faults = Vec::new();
    for (case, digest) in &found {
        match pinned.remove(case.as_str()) {
            None => faults.push(format!("not pinned: {case}")),
            Some(other) if other != digest => faults.push(format!("other bytes: {case}")),
            Some(_) => {}
        }
    }
    faults.extend(
        pinned
            .keys()
            .map(|case| format!("pinned, but gone: {case}")),
    );
    assert!(
        faults.is_empty(),
        "cases differ from tests/digests.txt:\n  {}\nWhere that is meant, pin them anew with\n  \
         {UPDATE}=1 cargo test -p problems --test digests",
        faults.join("\n  ")
    );
}

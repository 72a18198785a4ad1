//! The kernels that are shipped, embedded so that the binary works from any folder.
//!
//! A kernel is a file `variants/<problem>/<expected verdict>/<name>.cu` and nothing else; `judge kernels compile` puts the
//! `.ptx` beside it.

use include_dir::{Dir, File, include_dir};
use vocabulary::{Expectation, Verdict};

use crate::committed::{Stale, verify};
use crate::plan::Plan;

static VARIANTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/variants");

/// The folder of all variants in the repository.
pub(crate) const FOLDER: &str = "kernels/variants";

/// A shipped kernel.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The problem's name.
    pub problem: &'static str,
    /// The file's name without its extension.
    pub name: &'static str,
    /// The file in the repository, as faults name it.
    pub path: String,
    /// The source.
    pub source: &'static str,
    /// What runs it.
    pub plan: Plan,
    /// What it must get.
    pub expectation: Expectation,
    ptx: Option<&'static str>,
}

impl Variant {
    /// The compiled kernel.
    ///
    /// # Errors
    /// If it was made of another source, or never.
    pub fn ptx(&self) -> Result<&'static str, Stale> {
        let ptx = self.ptx.ok_or(Stale::Missing)?;
        verify(ptx, self.source, &self.plan)?;
        Ok(ptx)
    }
}

/// The name of the folder for an expected verdict.
fn folder_of(verdict: Verdict) -> String {
    verdict.in_words().replace(' ', "_")
}

/// Every shipped kernel, in the order of problems and names.
///
/// # Panics
/// If a shipped file has no plan, or a wrong one, or stands in the wrong folder: a test sees it before anybody else does.
pub fn variants() -> Vec<Variant> {
    let mut variants = Vec::new();
    for problem in VARIANTS.dirs() {
        for verdict in problem.dirs() {
            let sources = verdict.files().filter(|file| extension(file) == Some("cu"));
            variants.extend(sources.map(|file| variant(problem, verdict, file)));
        }
    }
    variants.sort_by_key(|variant| (variant.problem, variant.name));
    variants
}

fn extension(file: &File<'static>) -> Option<&'static str> {
    file.path().extension()?.to_str()
}

fn variant(
    problem: &'static Dir<'static>,
    verdict: &'static Dir<'static>,
    file: &'static File<'static>,
) -> Variant {
    let path = format!("{FOLDER}/{}", file.path().display());
    let part = |part: Option<&'static std::ffi::OsStr>| {
        part.and_then(std::ffi::OsStr::to_str)
            .unwrap_or_else(|| panic!("{path} is not problem/verdict/name.cu"))
    };
    let text = |file: &'static File<'static>| {
        file.contents_utf8()
            .unwrap_or_else(|| panic!("{} is not UTF-8", file.path().display()))
    };
    let source = text(file);
    let plan = match Plan::find(source, &path) {
        Ok(Some(plan)) => plan,
        Ok(None) => panic!("{path} has no `/* judge:` block"),
        Err(error) => panic!("{error}"),
    };
    let expectation = plan.expectation.clone();
    let expectation = expectation.unwrap_or_else(|| panic!("{path} lacks `expect`"));
    assert_eq!(
        part(verdict.path().file_name()),
        folder_of(expectation.verdict),
        "{path} stands in the folder of another verdict than it expects"
    );
    Variant {
        problem: part(problem.path().file_name()),
        name: part(file.path().file_stem()),
        source,
        plan,
        expectation,
        ptx: VARIANTS
            .get_file(file.path().with_extension("ptx"))
            .map(text),
        path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variant_is_read_and_its_ptx_is_fresh() {
        let variants = variants();
        assert!(variants.len() > 30, "{}", variants.len());
        for variant in variants {
            let ptx = variant.ptx();
            let ptx = ptx.unwrap_or_else(|stale| panic!("{}: {stale}", variant.path));
            let expected = format!("\"{}\"", variant.path);
            assert!(
                ptx.contains(&expected),
                "{} names another file",
                variant.path
            );
        }
    }

    #[test]
    fn every_compiled_file_has_its_source() {
        let folders = VARIANTS.dirs().flat_map(Dir::dirs);
        for file in folders.flat_map(Dir::files) {
            let source = file.path().with_extension("cu");
            let path = file.path().display();
            assert!(VARIANTS.get_file(&source).is_some(), "{path} has no source");
            assert!(matches!(extension(file), Some("cu" | "ptx")), "{path}");
        }
    }
}

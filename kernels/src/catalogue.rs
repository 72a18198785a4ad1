//! The kernels that are shipped, embedded so that the binary works from any folder.
//!
//! A kernel is a file `variants/<problem>/<expected verdict>/<name>.cu` and nothing else; `judge kernels compile` puts the
//! `.ptx` beside it.

use std::fs;
use std::io;
use std::path::Path;

use include_dir::{Dir, include_dir};
use vocabulary::{Expectation, Verdict};

use crate::committed::{Stale, verify};
use crate::plan::Plan;

static VARIANTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/variants");

/// What right kernels counted on the emulator when it was last accepted, by kernel and by line of their sources.
pub const COUNTERS: &str = include_str!("../counters.csv");
/// See [`COUNTERS`].
pub const COUNTERS_BY_LINE: &str = include_str!("../counters_by_line.csv");

/// The folder of all variants in the repository.
pub const FOLDER: &str = "kernels/variants";

/// A shipped kernel.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The problem's name.
    pub problem: String,
    /// The file's name without its extension.
    pub name: String,
    /// The file in the repository, as faults name it.
    pub path: String,
    /// The source.
    pub source: String,
    /// What runs it.
    pub plan: Plan,
    /// What it must get.
    pub expectation: Expectation,
    ptx: Option<String>,
}

impl Variant {
    /// The compiled kernel.
    ///
    /// # Errors
    /// If it was made of another source, or never.
    pub fn ptx(&self) -> Result<&str, Stale> {
        let ptx = self.ptx.as_deref().ok_or(Stale::Missing)?;
        verify(ptx, &self.source, &self.plan)?;
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
    let folders = VARIANTS.dirs().flat_map(Dir::dirs);
    let files = folders.flat_map(Dir::files).map(|file| {
        let text = file.contents_utf8();
        let text = text.unwrap_or_else(|| panic!("{} is not UTF-8", file.path().display()));
        (slashed(file.path()), text.to_owned())
    });
    let variants = of_files(&files.collect::<Vec<_>>());
    variants.unwrap_or_else(|reason| panic!("{reason}"))
}

/// Every kernel of a repository as its files are now, in the same order.
///
/// # Errors
/// The file that cannot be read or is not of the form, and why.
pub fn variants_in(root: &Path) -> Result<Vec<Variant>, String> {
    let folder = root.join(FOLDER);
    let mut files = Vec::new();
    let mut folders = vec![folder.clone()];
    while let Some(inner) = folders.pop() {
        let failed = |error: io::Error| format!("{}: {error}", inner.display());
        for entry in fs::read_dir(&inner).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let extension = path.extension().and_then(std::ffi::OsStr::to_str);
            if path.is_dir() {
                folders.push(path);
            } else if matches!(extension, Some("cu" | "ptx")) {
                let text = fs::read_to_string(&path);
                let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
                let relative = path.strip_prefix(&folder).unwrap_or(&path);
                files.push((slashed(relative), text));
            }
        }
    }
    of_files(&files)
}

/// A path with `/` on every machine, since it stands in the PTX.
pub(crate) fn slashed(path: &Path) -> String {
    let parts = path.components();
    let parts: Vec<_> = parts
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

/// The kernels among some files, named from the folder of all variants on.
fn of_files(files: &[(String, String)]) -> Result<Vec<Variant>, String> {
    let sources = files.iter().filter(|(path, _)| path.ends_with(".cu"));
    let variant = |(path, source): &(String, String)| {
        let beside = format!("{}.ptx", path.trim_end_matches(".cu"));
        let ptx = files.iter().find(|(path, _)| *path == beside);
        variant(path, source, ptx.map(|(_, text)| text.clone()))
    };
    let mut variants: Vec<Variant> = sources.map(variant).collect::<Result<_, _>>()?;
    variants.sort_by(|a, b| (&a.problem, &a.name).cmp(&(&b.problem, &b.name)));
    Ok(variants)
}

fn variant(relative: &str, source: &str, ptx: Option<String>) -> Result<Variant, String> {
    let path = format!("{FOLDER}/{relative}");
    let parts: Vec<&str> = relative.split('/').collect();
    let [problem, verdict, file] = parts[..] else {
        return Err(format!("{path} is not problem/verdict/name.cu"));
    };
    let plan = Plan::find(source, &path).map_err(|error| error.to_string())?;
    let plan = plan.ok_or_else(|| format!("{path} has no `/* judge:` block"))?;
    let expectation = plan.expectation.clone();
    let expectation = expectation.ok_or_else(|| format!("{path} lacks `expect`"))?;
    if verdict != folder_of(expectation.verdict) {
        return Err(format!(
            "{path} stands in the folder of another verdict than it expects"
        ));
    }
    Ok(Variant {
        problem: problem.to_owned(),
        name: file.trim_end_matches(".cu").to_owned(),
        source: source.to_owned(),
        plan,
        expectation,
        ptx,
        path,
    })
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
            let extension = file.path().extension().and_then(std::ffi::OsStr::to_str);
            assert!(matches!(extension, Some("cu" | "ptx")), "{path}");
        }
    }

    #[test]
    fn what_is_embedded_is_what_the_repository_holds() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let (embedded, there) = (variants(), variants_in(root).unwrap());
        let names = |variants: &[Variant]| -> Vec<String> {
            variants
                .iter()
                .map(|variant| variant.path.clone())
                .collect()
        };
        assert_eq!(names(&embedded), names(&there));
        assert!(variants_in(&root.join("absent")).is_err());
    }
}

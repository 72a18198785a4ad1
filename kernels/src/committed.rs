//! Compiled kernels as they are committed: PTX with a header that says what it was made of.
//!
//! ```text
//! // Made by `judge kernels compile`; do not edit.
//! // source: sha256 of the .cu
//! // plan: sha256 of its launch plan
//! // compiler: NVRTC 13.0.88
//! // flags: --gpu-architecture=compute_80 -lineinfo --std=c++17
//! ```

use sha2::{Digest, Sha256};

use crate::compiler::{ARCHITECTURE, Compiled, flags};
use crate::plan::Plan;

/// The compiler that what is committed is made with: another one's PTX counts differently.
pub const COMPILER: &str = "13.0.88";

/// The most bytes that a committed PTX may have, so that the repository stays small.
pub const MOST_BYTES: usize = 100_000;

/// Why a committed PTX is not run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stale {
    /// It is not there.
    #[error("it was never compiled: run `judge kernels compile`")]
    Missing,
    /// Its header is not of the form.
    #[error("stale: its header lacks `{0}`: run `judge kernels compile`")]
    Header(&'static str),
    /// It was made of something else.
    #[error("stale: its {0} changed since it was compiled: run `judge kernels compile`")]
    Changed(&'static str),
}

/// The PTX of a compiled source with its header.
pub fn with_header(source: &str, plan: &Plan, compiled: &Compiled) -> String {
    format!(
        "// Made by `judge kernels compile`; do not edit.\n\
         // source: {}\n// plan: {}\n// compiler: NVRTC {}\n// flags: {}\n{}",
        digest(source),
        digest(&plan.text),
        compiled.version,
        flags(ARCHITECTURE).join(" "),
        compiled.ptx
    )
}

/// Whether a committed PTX was made of this source and plan, in the way that is now the rule.
///
/// # Errors
/// What differs.
pub fn verify(ptx: &str, source: &str, plan: &Plan) -> Result<(), Stale> {
    let expected = [
        ("source", digest(source)),
        ("plan", digest(&plan.text)),
        ("compiler", format!("NVRTC {COMPILER}")),
        ("flags", flags(ARCHITECTURE).join(" ")),
    ];
    let header: Vec<&str> = ptx
        .lines()
        .map_while(|line| line.strip_prefix("// "))
        .collect();
    for (key, expected) in expected {
        let stated = header.iter().find_map(|line| {
            let (stated, value) = line.split_once(": ")?;
            (stated == key).then_some(value)
        });
        let stated = stated.ok_or(Stale::Header(key))?;
        if stated != expected {
            return Err(Stale::Changed(key));
        }
    }
    Ok(())
}

fn digest(text: &str) -> String {
    let bytes = Sha256::digest(text.as_bytes());
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "/* judge:\n[[launch]]\nentry = \"a\"\ngrid = 1\nblock = 1\n*/";

    fn made() -> (Plan, String) {
        let plan = Plan::find(SOURCE, "a.cu").unwrap().unwrap();
        let compiled = Compiled {
            ptx: "//\n.version 9.0\n".to_owned(),
            version: COMPILER.to_owned(),
            log: String::new(),
            resources: Vec::new(),
        };
        let ptx = with_header(SOURCE, &plan, &compiled);
        (plan, ptx)
    }

    #[test]
    fn what_was_just_made_is_fresh() {
        let (plan, ptx) = made();
        assert_eq!(verify(&ptx, SOURCE, &plan), Ok(()));
    }

    #[test]
    fn a_change_of_source_compiler_or_flags_is_stale() {
        let (plan, ptx) = made();
        let changed = format!("{SOURCE} ");
        assert_eq!(verify(&ptx, &changed, &plan), Err(Stale::Changed("source")));
        let other = ptx.replace(COMPILER, "12.9.86");
        assert_eq!(
            verify(&other, SOURCE, &plan),
            Err(Stale::Changed("compiler"))
        );
        let other = ptx.replace("compute_80", "compute_90");
        assert_eq!(verify(&other, SOURCE, &plan), Err(Stale::Changed("flags")));
        let bare = ".version 9.0\n";
        assert_eq!(verify(bare, SOURCE, &plan), Err(Stale::Header("source")));
    }
}

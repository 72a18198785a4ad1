//! `judge report`: the page of a run.

use std::path::{Path, PathBuf};

use clap::Args;
use globset::GlobMatcher;
use reports::page::{Source, curves, page};
use vocabulary::Target;

use super::options::pattern;
use super::{AS_EXPECTED, NOTHING_TO_COMPARE};
use crate::usage::Usage;

/// Write what a run found as one HTML page
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  judge report judge-out                      writes judge-out/report.html
  judge report judge-out --out page.html
  judge report mine.csv theirs.csv            writes report.html; machines are kept apart
  judge report judge-out --svg curve.svg --curves kth_largest/random --target process

The page is one file that needs no network: mail it, or keep it as an artifact of a build. The axes of the curves are those \
of the curves.csv beside the measurements; without it there are no charts.")]
pub(super) struct Options {
    /// Folders that `judge run` or `judge bench` wrote, or CSVs of measurements
    #[arg(value_name = "DIR|CSV", required = true)]
    sources: Vec<PathBuf>,
    /// The file to write [default: report.html, in DIR if there is one DIR and nothing else]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write growth charts into this SVG file instead of the page
    #[arg(long, value_name = "FILE", conflicts_with = "out")]
    svg: Option<PathBuf>,
    /// Only the charts of these, as PROBLEM/FAMILY or a glob over it
    #[arg(long, value_name = "PROBLEM/FAMILY", value_parser = pattern, requires = "svg")]
    curves: Option<GlobMatcher>,
    /// Only the curves of what ran here: process, function, emulator or cuda
    #[arg(long, requires = "svg")]
    target: Option<Target>,
}

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        let read =
            |path: &PathBuf| Source::read(path).map_err(|error| Usage::new(error.to_string()));
        let sources: Vec<Source> = self.sources.iter().map(read).collect::<Result<_, _>>()?;
        if let Some(file) = &self.svg {
            return self.charts(&sources, file);
        }
        let out = self.out();
        reports::page::write(&out, &page(&sources))
            .map_err(|error| Usage::file(&out, format!("{error}; name another file with --out")))?;
        println!("{}", out.display());
        Ok(AS_EXPECTED)
    }

    /// Writes growth charts.
    fn charts(&self, sources: &[Source], file: &Path) -> anyhow::Result<u8> {
        let mut curves = curves(sources);
        curves.retain(|curve| {
            let place = format!("{}/{}", curve.problem, curve.family);
            let is_named = |glob: &GlobMatcher| glob.is_match(&place);
            self.curves.as_ref().is_none_or(is_named)
                && self.target.is_none_or(|target| curve.target == target)
        });
        let Some(svg) = reports::growth_svg(&curves) else {
            anstream::eprintln!("error: there is nothing to draw: no such curve has two points");
            return Ok(NOTHING_TO_COMPARE);
        };
        std::fs::write(file, svg)
            .map_err(|error| Usage::file(file, format!("{error}; name another with --svg")))?;
        println!("{}", file.display());
        Ok(AS_EXPECTED)
    }

    /// The file to write.
    fn out(&self) -> PathBuf {
        match (&self.out, self.sources.as_slice()) {
            (Some(file), _) => file.clone(),
            (None, [folder]) if folder.is_dir() => folder.join("report.html"),
            (None, _) => PathBuf::from("report.html"),
        }
    }
}

//! `judge report`: the page of a run.

use std::path::PathBuf;

use clap::Args;
use reports::page::{Source, page};

use super::AS_EXPECTED;
use crate::usage::Usage;

/// Write what a run found as one HTML page
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  judge report judge-out                      writes judge-out/report.html
  judge report judge-out --out page.html
  judge report mine.csv theirs.csv            writes report.html; machines are kept apart

The page is one file that needs no network: mail it, or keep it as an artifact of a build. The axes of the curves are those \
of the curves.csv beside the measurements; without it there are no charts.")]
pub(super) struct Options {
    /// Folders that `judge run` or `judge bench` wrote, or CSVs of measurements
    #[arg(value_name = "DIR|CSV", required = true)]
    sources: Vec<PathBuf>,
    /// The file to write [default: report.html, in DIR if there is one DIR and nothing else]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        let read =
            |path: &PathBuf| Source::read(path).map_err(|error| Usage::new(error.to_string()));
        let sources: Vec<Source> = self.sources.iter().map(read).collect::<Result<_, _>>()?;
        let out = self.out();
        reports::page::write(&out, &page(&sources))
            .map_err(|error| Usage::file(&out, format!("{error}; name another file with --out")))?;
        println!("{}", out.display());
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

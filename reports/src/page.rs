//! The page: one self-contained HTML file of the rows of one run or several.
//!
//! ```text
//! measurements.csv --numbered--> rows --> verdicts | leaderboards | kernel counters
//! curves.csv: axis and sweep  -----\--> curves, fitted again --> charts
//! environment.json -------------------> environment
//! ```
//!
//! Each part of the page is a struct of what is shown, and a template that shows it. Nothing is fetched from anywhere, and all but
//! sorting, filtering and hover values works without JavaScript. Every figure links to its row.

mod boards;
mod chart;
mod environment;
mod growth;
mod input;
mod kernels;
mod plane;
mod refit;
mod rows;
mod summary;
mod verdicts;

use std::io;
use std::path::Path;

use askama::Template;

pub use input::{Source, SourceError};

use crate::{Curve, atomic};
use boards::Board;
use environment::Place;
use growth::Group;
use kernels::KernelTable;
use rows::RowTable;
use summary::Summary;
use verdicts::{Failures, SolutionLine};

/// The whole page.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    style: &'static str,
    script: &'static str,
    summary: Summary,
    many_hosts: bool,
    total: usize,
    boards: Vec<Board>,
    groups: Vec<Group>,
    solutions: Vec<SolutionLine<'a>>,
    /// Those that nobody expected, and those that are meant to fail.
    failures: [Failures<'a>; 2],
    kernels: Vec<KernelTable<'a>>,
    places: Vec<Place<'a>>,
    tables: Vec<RowTable<'a>>,
}

/// The page of some runs, as HTML.
///
/// Hosts are kept apart: no figure is made of the rows of two.
pub fn page(sources: &[Source]) -> String {
    let rows = rows::gather(sources);
    let many_hosts = hosts(&rows).len() > 1;
    let curves = refit::refit(sources, &rows);
    let boards = boards::boards(&rows, &curves, many_hosts);
    let solutions = verdicts::solutions(&rows);
    let page = Page {
        style: include_str!("../templates/page.css"),
        script: include_str!("../templates/page.js"),
        summary: summary::summary(&solutions, &boards, &curves),
        many_hosts,
        total: rows.len(),
        boards,
        groups: growth::groups(&curves, many_hosts),
        solutions,
        failures: [false, true].map(|expected| Failures::of(&rows, expected)),
        kernels: kernels::kernels(&rows),
        places: environment::places(sources, &rows),
        tables: rows::tables(&rows),
    };
    page.render()
        .expect("a template of our own values writes into memory")
}

/// The growth curves of some runs, fitted again to their rows.
pub fn curves(sources: &[Source]) -> Vec<Curve> {
    let rows = rows::gather(sources);
    let fitted = refit::refit(sources, &rows).into_iter();
    fitted.map(|fitted| fitted.curve).collect()
}

/// Writes a page: the old file or the new one is there, never half of either.
pub fn write(path: &Path, page: &str) -> io::Result<()> {
    atomic::write(path, page.as_bytes())
}

/// A name as HTML that a narrow column may break behind `_` and `,`.
fn breakable(name: &str) -> String {
    let mut html = String::new();
    for character in name.chars() {
        match character {
            '&' => html += "&amp;",
            '<' => html += "&lt;",
            '_' | ',' => {
                html.push(character);
                html += "<wbr>";
            }
            other => html.push(other),
        }
    }
    html
}

/// The machines, each once.
fn hosts<'a>(rows: &[rows::Row<'a>]) -> std::collections::BTreeSet<&'a str> {
    rows.iter().map(|row| row.of.run.host_id.as_str()).collect()
}

//! Writes a page, and says how large it is and how long that took, reading included.
//!
//! `cargo run --release -p reports --example page` takes 10,000 rows that are made up; `-- DIR FILE` those of a run.

mod made_up;

use std::path::Path;
use std::time::Instant;

use reports::page::{Source, page, write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = std::env::temp_dir().join(format!("page-{}", std::process::id()));
    let (from, to) = match arguments.as_slice() {
        [] => {
            made_up::write(&folder, made_up::ROWS)?;
            (folder.clone(), folder.join("report.html"))
        }
        [from, to] => (from.into(), to.into()),
        _ => return Err("usage: page [DIR FILE]".into()),
    };
    let start = Instant::now();
    let source = Source::read(&from)?;
    let rows = source.rows.len();
    let html = page(&[source]);
    write(Path::new(&to), &html)?;
    let seconds = start.elapsed().as_secs_f64();
    println!("{rows} rows, {} bytes, {seconds:.3} s", html.len());
    if arguments.is_empty() {
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(())
}

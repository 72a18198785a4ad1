//! Writes a page and says how large it is and how long that took: `cargo run --release -p reports --example page -- DIR FILE`.
//! Without arguments, the page is of 10,000 rows that are made up.

use std::path::Path;
use std::time::Instant;

use reports::page::{Source, page, write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = arguments.as_slice() else {
        return Err("a folder and a file".into());
    };
    let start = Instant::now();
    let source = Source::read(Path::new(from))?;
    let rows = source.rows.len();
    let html = page(&[source]);
    write(Path::new(to), &html)?;
    println!(
        "{rows} rows, {} bytes, {:.3} s",
        html.len(),
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

//! What a command prints, with its colours, as a picture of a terminal: SVG on standard output.
//!
//! ```sh
//! { echo '$ judge run kth_largest mine.cpp'; CLICOLOR_FORCE=1 judge run kth_largest mine.cpp; } 2>&1 \
//!   | cargo run --example terminal_picture > docs/terminal.svg
//! ```

use std::io::Read;

/// Size of a character, of a line, and the room around, in pixels.
const CHARACTER: f64 = 7.83;
const LINE: f64 = 18.0;
const ROOM: f64 = 16.0;
/// Characters in a line; what is longer is broken.
const COLUMNS: usize = 100;

fn main() -> std::io::Result<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let mut lines: Vec<Vec<(String, char)>> = Vec::new();
    let mut classes = String::new();
    for line in text.trim_end().lines() {
        let mut cells = Vec::new();
        let mut rest = line;
        while let Some(character) = rest.chars().next() {
            if let Some(behind) = rest.strip_prefix("\u{1b}[") {
                let (codes, behind) = behind.split_once('m').unwrap_or((behind, ""));
                classes = codes
                    .split(';')
                    .fold(classes, |classes, code| styled(&classes, code));
                rest = behind;
                continue;
            }
            cells.push((classes.clone(), character));
            rest = &rest[character.len_utf8()..];
        }
        match cells.len() {
            0 => lines.push(Vec::new()),
            _ => lines.extend(cells.chunks(COLUMNS).map(<[_]>::to_vec)),
        }
    }
    print!("{}", picture(&lines));
    Ok(())
}

/// The classes behind a code for the style of characters.
fn styled(classes: &str, code: &str) -> String {
    match code {
        "" | "0" => String::new(),
        code => format!("{classes} s{code}"),
    }
}

fn picture(lines: &[Vec<(String, char)>]) -> String {
    let longest = lines.iter().map(Vec::len).max().unwrap_or_default();
    let width = (2.0 * ROOM + CHARACTER * longest as f64).ceil();
    let height = 2.0 * ROOM + LINE * lines.len() as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <style>rect {{ fill: #14161a }} text {{ fill: #d8dbe0; font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, \
         \"DejaVu Sans Mono\", monospace; white-space: pre }} .s1 {{ font-weight: bold }} .s2 {{ fill: #949ba5 }} .s31 {{ fill: \
         #ff7a66 }} .s32 {{ fill: #4cc9a0 }} .s33 {{ fill: #e6b422 }}</style>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\"/>\n"
    );
    for (number, cells) in lines.iter().enumerate() {
        let y = ROOM + LINE * number as f64 + 13.0;
        let mut column = 0;
        for run in cells.chunk_by(|a, b| a.0 == b.0) {
            let text: String = run.iter().map(|(_, character)| *character).collect();
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            let (x, length) = (
                ROOM + CHARACTER * column as f64,
                CHARACTER * run.len() as f64,
            );
            svg += &format!(
                "<text x=\"{x:.1}\" y=\"{y}\" textLength=\"{length:.1}\" class=\"{}\">{text}</text>\n",
                run[0].0.trim_start()
            );
            column += run.len();
        }
    }
    svg + "</svg>\n"
}

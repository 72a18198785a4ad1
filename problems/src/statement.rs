//! Statements: what a problem writes in Markdown, and the sections that follow from its schema.

use std::fmt::Write as _;

use vocabulary::{Expression, units};

use crate::contract::Limits;
use crate::schema::{Allowed, Extents, Field, Schema, Shape};

/// A worked sample of a statement: the fenced blocks `input` and `output`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What a program reads.
    pub input: String,
    /// What a right program may write.
    pub output: String,
}

/// The statement with its form, constraints and limits: they stand where the Markdown says `{form}`.
pub(crate) fn whole(markdown: &str, schema: &Schema, limits: &Limits) -> String {
    markdown.replace("{form}", form(schema, limits).trim_end())
}

/// The samples of a statement in order.
pub(crate) fn samples(markdown: &str) -> Vec<Sample> {
    let mut inputs = fenced(markdown, "input");
    let mut outputs = fenced(markdown, "output");
    assert_eq!(
        inputs.len(),
        outputs.len(),
        "every sample input has its output"
    );
    inputs
        .drain(..)
        .zip(outputs.drain(..))
        .map(|(input, output)| Sample { input, output })
        .collect()
}

fn fenced(markdown: &str, language: &str) -> Vec<String> {
    let opening = format!("```{language}\n");
    let blocks = markdown.split(&opening).skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap_or_default().to_owned())
        .collect()
}

fn form(schema: &Schema, limits: &Limits) -> String {
    let mut text = String::from("## Input\n\n");
    let is_scalar = |field: &&Field| field.is_scalar();
    let scalars: Vec<&Field> = schema.inputs.iter().filter(is_scalar).collect();
    if !scalars.is_empty() {
        let names: Vec<&str> = scalars.iter().map(|field| field.name).collect();
        line(&mut text, format_args!("- one line `{}`:", names.join(" ")));
        for field in &scalars {
            line(
                &mut text,
                format_args!("  - `{}`: {}{}", field.name, field.about, bounds(field)),
            );
        }
    }
    for field in schema.inputs.iter().filter(|field| !is_scalar(field)) {
        line(&mut text, format_args!("- {}", described(field)));
    }
    text.push_str("\n## Output\n\n");
    for field in &schema.outputs {
        let optional = if field.optional { "optionally, " } else { "" };
        line(&mut text, format_args!("- {optional}{}", described(field)));
    }
    let limit = format!(
        "\n## Limits\n\n{} of processor time (times the language's factor), {} of memory.",
        units::duration(limits.cpu.as_nanos() as f64),
        units::bytes(limits.memory as f64),
    );
    text.push_str(&limit);
    text
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "{arguments}"); // a String takes everything
}

fn described(field: &Field) -> String {
    let Field { name, about, .. } = field;
    let bounds = bounds(field);
    match &field.shape {
        Shape::Scalar => format!("one line: `{name}`, {about}{bounds}"),
        Shape::Array(Extents { axes, length }) => {
            let of = |axis: &Expression| format!("[{axis}]");
            let extents = match axes.len() {
                1 => String::new(),
                _ => format!(
                    " of `{}`, row by row",
                    axes.iter().map(of).collect::<String>()
                ),
            };
            format!("one line of `{length}` numbers `{name}`{extents}: {about}{bounds}")
        }
        Shape::Line => format!("one line `{name}`: {about}{bounds}"),
        Shape::Counted => format!("one line: how many `{name}` follow, then they: {about}{bounds}"),
        Shape::Lists => {
            format!(
                "one line: how many `{name}` follow; then one line each: its length, then its values: {about}{bounds}"
            )
        }
    }
}

fn bounds(field: &Field) -> String {
    match &field.allowed {
        Allowed::Any => String::new(),
        Allowed::Between(least, most) => format!(" ({least} <= {} <= {most})", field.name),
        Allowed::Words(all) => format!(" ({})", all.join(" or ")),
        Allowed::Letters => " (letters a-z, A-Z)".to_owned(),
    }
}

//! From a source's text to a plan.

use toml::de::DeTable;
use vocabulary::{CaseName, ElementType, Expectation, Expression, Growth, Target, Verdict, f16};

use super::place::{At, PlanError, Source};
use super::table::Table;
use super::{Body, Buffer, Launch, Output, Plan, Repeat, Step, Takes, Theorem};
use crate::fault::{FaultKind, verdict_of};

/// What a plan begins with.
const OPENING: &str = "/* judge:";

/// Loops within loops beyond this are refused, so that no plan exhausts the stack.
const DEEPEST: usize = 8;

pub(super) fn plan(text: &str, file: &str) -> Result<Option<Plan>, PlanError> {
    let source = Source { file, text };
    let Some(opening) = text.find(OPENING) else {
        return Ok(None);
    };
    let start = opening + OPENING.len();
    let Some(length) = text[start..].find("*/") else {
        return Err(source.error(opening, "the plan does not end: close it with `*/`"));
    };
    let block = &text[start..start + length];
    // Blanks in front, so that the parser's offsets are those of the file.
    let padded = " ".repeat(start) + block;
    let table = DeTable::parse(&padded).map_err(|error| {
        let offset = error.span().map_or(start, |span| span.start);
        source.error(offset, error.message())
    })?;
    let table = Table::new(&source, "the plan", opening, table.into_inner());
    whole(table, file, block).map(Some)
}

fn whole(mut table: Table<'_, '_>, file: &str, block: &str) -> Result<Plan, PlanError> {
    let expectation = expectation(&mut table)?;
    let fault = fault(&mut table, expectation.as_ref())?;
    let targets = table.list::<Target>("target")?;
    let takes = table.keyed("takes", "takes = { size = [32, 64] }")?;
    let buffers = table.tables("buffer", "[[buffer]]")?;
    let outputs = table.tables("output", "[[output]]")?;
    let steps = table.tables("launch", "[[launch]]")?;
    let theorems = table.tables("theorem", "[[theorem]]")?;
    if steps.is_empty() {
        return Err(table.error("the plan launches nothing: add a [[launch]]"));
    }
    let plan = Plan {
        file: file.to_owned(),
        expectation,
        fault,
        targets: targets.into_iter().map(|target| target.value).collect(),
        takes: Takes(takes),
        buffers: buffers.into_iter().map(buffer).collect::<Result<_, _>>()?,
        outputs: outputs.into_iter().map(output).collect::<Result<_, _>>()?,
        steps: steps
            .into_iter()
            .map(|table| step(table, DEEPEST))
            .collect::<Result<_, _>>()?,
        theorems: theorems
            .into_iter()
            .map(theorem)
            .collect::<Result<_, _>>()?,
        text: block.to_owned(),
    };
    table.finish()?;
    Ok(plan)
}

fn expectation(table: &mut Table<'_, '_>) -> Result<Option<Expectation>, PlanError> {
    let verdict = table.parsed::<Verdict>("expect")?;
    let case = table.parsed::<CaseName>("case")?.map(|case| case.value);
    let growth = table.parsed::<Growth>("growth")?;
    let growth = growth.map(|growth| growth.value);
    let Some(verdict) = verdict else {
        return match (case, growth) {
            (None, None) => Ok(None),
            _ => Err(table.error("`case` and `growth` need `expect`, for example expect = \"AC\"")),
        };
    };
    match Expectation::new(verdict.value, case, growth) {
        Ok(expectation) => Ok(Some(expectation)),
        Err(reason) => Err(PlanError {
            file: table.source().file.to_owned(),
            place: verdict.place,
            reason,
        }),
    }
}

fn fault(
    table: &mut Table<'_, '_>,
    expectation: Option<&Expectation>,
) -> Result<Option<FaultKind>, PlanError> {
    let Some(At { value: kind, place }) = table.parsed::<FaultKind>("fault")? else {
        return Ok(None);
    };
    let verdict = verdict_of(kind);
    if expectation.is_some_and(|expectation| expectation.verdict == verdict) {
        return Ok(Some(kind));
    }
    Err(PlanError {
        file: table.source().file.to_owned(),
        place,
        reason: format!("the fault {kind} is a {verdict}: write expect = \"{verdict}\""),
    })
}

fn buffer(mut table: Table<'_, '_>) -> Result<Buffer, PlanError> {
    let name = table.required("name")?;
    let element = table.required("type")?.value;
    let length = table.required("length")?;
    let fill = table.parsed::<i64>("fill")?;
    if let Some(fill) = &fill
        && fill_bytes(element, fill.value).is_none()
    {
        return Err(PlanError {
            file: table.source().file.to_owned(),
            place: fill.place,
            reason: format!("{} does not fit the buffer's type", fill.value),
        });
    }
    table.finish()?;
    Ok(Buffer {
        name,
        element,
        length,
        fill: fill.map(|fill| fill.value),
    })
}

/// An element of a value, as it stands in memory; `None` if it does not fit.
pub(crate) fn fill_bytes(element: ElementType, value: i64) -> Option<Vec<u8>> {
    match element {
        ElementType::U8 => u8::try_from(value).ok().map(|v| vec![v]),
        ElementType::I32 => i32::try_from(value).ok().map(|v| v.to_le_bytes().to_vec()),
        ElementType::U32 => u32::try_from(value).ok().map(|v| v.to_le_bytes().to_vec()),
        ElementType::I64 => Some(value.to_le_bytes().to_vec()),
        ElementType::F16 => Some(f16::from_f64(value as f64).to_le_bytes().to_vec()),
        ElementType::F32 => Some((value as f32).to_le_bytes().to_vec()),
        ElementType::F64 => Some((value as f64).to_le_bytes().to_vec()),
    }
}

fn output(mut table: Table<'_, '_>) -> Result<Output, PlanError> {
    let output = Output {
        name: table.required("name")?,
        length: table.required("length")?,
        count: table.parsed("count")?,
    };
    table.finish()?;
    Ok(output)
}

fn theorem(mut table: Table<'_, '_>) -> Result<Theorem, PlanError> {
    let theorem = Theorem {
        counter: table.required("counter")?,
        equals: table.required("equals")?,
        cases: table.list("cases")?,
    };
    if theorem.cases.is_empty() {
        return Err(table.error("[[theorem]] lacks `cases`: name some on which it is held"));
    }
    table.finish()?;
    Ok(theorem)
}

fn step(mut table: Table<'_, '_>, depth: usize) -> Result<Step, PlanError> {
    if depth == 0 {
        return Err(table.error(format!("loops are nested deeper than {DEEPEST}")));
    }
    let times = table.parsed("repeat")?;
    let index = table.parsed::<String>("index")?;
    let condition = table.parsed("while")?;
    let repeat = match times {
        Some(times) => Some(Repeat {
            times,
            index: index.map_or_else(|| "pass".to_owned(), |index| index.value),
            condition,
        }),
        None if index.is_some() || condition.is_some() => {
            return Err(table.error("`index` and `while` need `repeat`: how many rounds at most"));
        }
        None => None,
    };
    let swap = table.list::<String>("swap")?;
    if swap.len() % 2 == 1 {
        return Err(table.error("`swap` takes pairs of names"));
    }
    let swap = swap
        .chunks_exact(2)
        .map(|pair| (pair[0].clone(), pair[1].clone()))
        .collect();
    let read = table.list("read")?;
    let steps = table.tables("step", "[[launch.step]]")?;
    let body = if steps.is_empty() {
        Body::Launch(Box::new(launch(&mut table)?))
    } else {
        let inner = steps.into_iter().map(|table| step(table, depth - 1));
        Body::Steps(inner.collect::<Result<_, _>>()?)
    };
    table.finish()?;
    Ok(Step {
        repeat,
        body,
        swap,
        read,
    })
}

fn launch(table: &mut Table<'_, '_>) -> Result<Launch, PlanError> {
    Ok(Launch {
        entry: table.required("entry")?,
        grid: dimensions(table, "grid")?,
        block: dimensions(table, "block")?,
        shared: table.parsed("shared")?,
        arguments: table.list("arguments")?,
    })
}

/// One to three expressions; what is left out is 1.
fn dimensions(
    table: &mut Table<'_, '_>,
    key: &'static str,
) -> Result<[At<Expression>; 3], PlanError> {
    let given = table.list::<Expression>(key)?;
    if !(1..=3).contains(&given.len()) {
        let reason = format!("`{key}` takes one to three expressions, for example {key} = \"256\"");
        return Err(table.error(reason));
    }
    let place = given[0].place;
    let mut given = given.into_iter();
    Ok(std::array::from_fn(|_| {
        given.next().unwrap_or_else(|| At {
            value: Expression::from(1),
            place,
        })
    }))
}

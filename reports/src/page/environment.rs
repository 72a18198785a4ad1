//! Where each run took place, in words.

use vocabulary::units;

use super::Source;
use super::rows::Row;

/// A run and its machine.
pub(super) struct Place<'a> {
    pub name: &'a str,
    /// What is known, each with its name; what is not known is left out.
    pub facts: Vec<(String, String)>,
}

/// One a source, also where nothing but its rows is known.
pub(super) fn places<'a>(sources: &'a [Source], rows: &[Row]) -> Vec<Place<'a>> {
    let places = sources.iter().enumerate();
    places
        .map(|(number, source)| Place {
            name: &source.name,
            facts: facts(source, number, rows),
        })
        .collect()
}

fn facts(source: &Source, number: usize, rows: &[Row]) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            facts.push((name.to_owned(), value));
        }
    };
    let runs = distinct(source.rows.iter().map(|row| row.run.run_id.as_str()));
    fact("Run", Some(runs));
    fact(
        "Began",
        Some(distinct(source.rows.iter().map(|row| row.run.utc.as_str()))),
    );
    fact(
        "Host",
        Some(distinct(
            source.rows.iter().map(|row| row.run.host_id.as_str()),
        )),
    );
    let revisions = source
        .rows
        .iter()
        .filter_map(|row| row.run.git_rev.as_deref());
    fact("Revision", Some(distinct(revisions)));
    let tiers = source
        .rows
        .iter()
        .filter_map(|row| row.sandbox_tier.as_deref());
    fact("Confined by", Some(distinct(tiers)));
    let drifts = rows.iter().filter(|row| row.source == number);
    let drift = drifts
        .filter_map(|row| row.of.drift.map(f64::abs))
        .reduce(f64::max);
    fact(
        "Greatest drift of the machine",
        drift.map(|drift| format!("{:.1}%", drift * 100.0)),
    );
    let Some(of) = &source.environment else {
        fact(
            "Machine",
            Some("unknown: no environment.json beside the rows".to_owned()),
        );
        return facts;
    };
    fact("Judge", of.judge_version.clone());
    fact("Processor", of.cpu_model.clone());
    fact(
        "Logical cores",
        of.logical_cores.map(|cores| cores.to_string()),
    );
    let caches = of.caches.iter().map(|cache| {
        let bytes = units::bytes(cache.bytes as f64);
        format!("L{} {} {bytes}", cache.level, cache.kind.to_lowercase())
    });
    fact("Caches", Some(caches.collect::<Vec<_>>().join(", ")));
    fact(
        "Memory",
        of.memory_bytes.map(|bytes| units::bytes(bytes as f64)),
    );
    fact("Clock governor", of.cpu_governor.clone());
    fact(
        "Load at the start",
        of.load_average.map(|load| load.to_string()),
    );
    let system = [
        of.os.clone(),
        of.kernel.clone(),
        Some(of.architecture.clone()),
    ];
    fact(
        "System",
        Some(system.into_iter().flatten().collect::<Vec<_>>().join(", ")),
    );
    if let Some(device) = &of.device {
        fact("GPU", Some(device.name.clone()));
        fact("Driver", device.driver.clone());
        fact("Compute capability", device.compute_capability.clone());
    }
    fact(
        "Not confined more, because",
        Some(of.sandbox.reasons.join("; ")),
    );
    for (language, version) in &of.compilers {
        fact(language, Some(version.clone()));
    }
    for (name, value) in &of.limits {
        fact(&format!("Limit {name}"), Some(units::count(*value)));
    }
    facts
}

/// Each once, in the order in which they come.
fn distinct<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let mut known: Vec<&str> = Vec::new();
    for value in values {
        if !known.contains(&value) {
            known.push(value);
        }
    }
    known.join(", ")
}

//! What Linux tells about a machine in `/proc` and `/sys`; elsewhere nearly everything stays unknown.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::{Cache, Environment};
use crate::utc;

/// Hexadecimal digits of a host's digest: 48 bits tell any number of machines apart that will ever be compared.
const HOST_DIGITS: usize = 12;

/// Hexadecimal digits that tell apart runs of the same second.
const RUN_DIGITS: usize = 6;

/// Looks below `root`, which is `/` but for tests.
pub(super) fn probe(root: &Path) -> Environment {
    let text = |path: &str| {
        let text = fs::read_to_string(root.join(path)).ok()?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let cpus = text("proc/cpuinfo").unwrap_or_default();
    let memory_bytes = text("proc/meminfo").and_then(|text| memory(&text));
    let cpu_model = cpu_model(&cpus);
    let machine = text("etc/machine-id").or_else(|| text("var/lib/dbus/machine-id"));
    let since_epoch = utc::since_epoch();
    let utc = utc::format(since_epoch.as_secs());
    Environment {
        run_id: run_id(&utc, since_epoch.subsec_nanos()),
        utc,
        host_id: host_id(cpu_model.as_deref(), machine.as_deref(), memory_bytes),
        cpu_model,
        logical_cores: cores(&cpus),
        caches: caches(&root.join("sys/devices/system/cpu/cpu0/cache")),
        memory_bytes,
        cpu_governor: text("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        load_average: text("proc/loadavg").and_then(|text| text.split(' ').next()?.parse().ok()),
        os: text("etc/os-release").and_then(|text| os_name(&text)),
        kernel: text("proc/sys/kernel/osrelease"),
        architecture: std::env::consts::ARCH.to_owned(),
        ..Environment::default()
    }
}

/// Digest of the processor's model and the machine's identity. Where the system gives it no identity, as in a
/// container, its memory (in GiB, which a new kernel does not change) has to do.
fn host_id(cpu_model: Option<&str>, machine: Option<&str>, memory_bytes: Option<u64>) -> String {
    let gibibytes = memory_bytes.map(|bytes| bytes.div_ceil(1 << 30).to_string());
    let identity = machine.or(gibibytes.as_deref()).unwrap_or_default();
    let system = std::env::consts::OS;
    digest(&[cpu_model.unwrap_or(system), identity], HOST_DIGITS)
}

/// `20261123T163138Z-3fa912`: sorts by time, and is different for every run.
fn run_id(utc: &str, nanoseconds: u32) -> String {
    let moment = format!("{nanoseconds} {}", std::process::id());
    let time = utc.replace(['-', ':'], "");
    format!("{time}-{}", digest(&[&moment], RUN_DIGITS))
}

/// The first hexadecimal digits of the SHA-256 of some lines.
fn digest(lines: &[&str], digits: usize) -> String {
    let hash = Sha256::digest(lines.join("\n"));
    let mut text: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    text.truncate(digits);
    text
}

/// The value behind `key : value` or `key: value`.
fn field<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let mut fields = text.lines().filter_map(|line| line.split_once(':'));
    let value = fields.find(|(name, _)| name.trim() == key)?.1.trim();
    Some(value).filter(|value| !value.is_empty())
}

/// The model; processors other than those of x86 say it under other names, or not at all.
fn cpu_model(cpus: &str) -> Option<String> {
    let keys = ["model name", "cpu model", "Model", "Hardware"];
    keys.iter()
        .find_map(|key| field(cpus, key))
        .map(str::to_owned)
}

/// All cores of the machine, or else those that this process may use.
fn cores(cpus: &str) -> Option<u64> {
    let listed = cpus
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    match listed {
        0 => std::thread::available_parallelism()
            .ok()
            .map(|cores| cores.get() as u64),
        cores => Some(cores as u64),
    }
}

/// `MemTotal:  24684092 kB`, where kB are KiB.
fn memory(text: &str) -> Option<u64> {
    let kibibytes: u64 = field(text, "MemTotal")?
        .strip_suffix("kB")?
        .trim()
        .parse()
        .ok()?;
    Some(kibibytes * 1024)
}

/// `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"`
fn os_name(text: &str) -> Option<String> {
    let name = text
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(name.trim_matches('"').to_owned())
}

/// One folder a cache: `index0/level`, `index0/type`, `index0/size`.
fn caches(folder: &Path) -> Vec<Cache> {
    let cache = |index: u32| {
        let text =
            |name: &str| fs::read_to_string(folder.join(format!("index{index}")).join(name)).ok();
        Some(Cache {
            level: text("level")?.trim().parse().ok()?,
            kind: text("type")?.trim().to_owned(),
            bytes: cache_size(text("size")?.trim())?,
        })
    };
    (0..).map_while(cache).collect()
}

/// `32768K`
fn cache_size(text: &str) -> Option<u64> {
    let (digits, unit) = match text.strip_suffix('K') {
        Some(digits) => (digits, 1024),
        None => match text.strip_suffix('M') {
            Some(digits) => (digits, 1024 * 1024),
            None => (text, 1),
        },
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

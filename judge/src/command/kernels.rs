//! `judge kernels list | compile | inspect KERNEL`

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use kernels::compiler::{CompileError, Options as Compilation, Resources};
use kernels::plan::Launch;
use kernels::{RecompileError, Variant, compile_all};
use reports::table::{Align, Table};
use sandbox::{Sandbox, Slot};
use serde_json::json;
use vocabulary::{CaseName, units};

use super::options::{CourtOptions, Format};
use super::variants::{root, selected, variants};
use super::{AS_EXPECTED, NOT_AS_EXPECTED};
use crate::counting::{Counted, LINE_COUNTERS, case_of, count, label};
use crate::display::print_line;
use crate::nvrtc::Nvrtc;
use crate::selection::problem;
use crate::usage::Usage;

/// List, compile and look into shipped kernels
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  judge kernels list
  judge kernels compile                                        after a .cu was changed
  judge kernels inspect kth_largest/radix_select --case 'kth_largest/random@n=4000'")]
pub(super) struct Options {
    #[command(subcommand)]
    what: What,
    /// The repository whose kernels are meant [default: that of the current folder; else those built in]
    #[arg(long, value_name = "DIR", global = true)]
    root: Option<PathBuf>,
    #[arg(long, default_value = "text", global = true)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show every shipped kernel
    List,
    /// Compile every .cu of a repository with the pinned NVRTC, and write the .ptx that changed beside it
    Compile {
        #[command(flatten)]
        court: CourtOptions,
    },
    /// Show a kernel's launches, registers, counters and hottest lines
    Inspect {
        /// The kernel as PROBLEM/KERNEL
        kernel: String,
        /// The case that it is counted on [default: that of kernels/counters.csv]
        #[arg(long)]
        case: Option<CaseName>,
        /// How many lines are shown
        #[arg(long, default_value_t = 10)]
        lines: usize,
        #[command(flatten)]
        court: CourtOptions,
    },
}

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        let root = root(self.root.as_deref())?;
        match &self.what {
            What::List => {
                self.list(&variants(root.as_deref())?);
                Ok(AS_EXPECTED)
            }
            What::Compile { court } => {
                let root = root.ok_or_else(|| {
                    Usage::new(
                        "`kernels compile` writes into a repository: name it with --root DIR",
                    )
                })?;
                self.compile(&root, court)
            }
            What::Inspect {
                kernel,
                case,
                lines,
                court,
            } => {
                let all = variants(root.as_deref())?;
                let found = selected(std::slice::from_ref(kernel), all)?;
                let [variant] = found.as_slice() else {
                    let known: Vec<String> = found.iter().map(label).collect();
                    let reason = format!("`{kernel}` is several: one of {}", known.join(", "));
                    return Err(Usage::new(reason).into());
                };
                self.inspect(variant, case.as_ref(), *lines, court)
            }
        }
    }

    fn list(&self, variants: &[Variant]) {
        let names = [
            "problem",
            "kernel",
            "expect",
            "growth",
            "takes",
            "fault",
            "launches",
            "ptx_bytes",
            "shared_bytes",
        ];
        let mut table = Table::new(&names.map(|name| match name {
            "launches" | "ptx_bytes" | "shared_bytes" => (name, Align::Right),
            _ => (name, Align::Left),
        }));
        for variant in variants {
            let growth = variant.expectation.growth.as_ref().map(ToString::to_string);
            let fault = variant.plan.fault.map(|fault| fault.to_string());
            let expect = variant.expectation.verdict.to_string();
            let ptx = variant.ptx();
            let bytes = ptx.as_ref().map_or(0, |ptx| ptx.len() as u64);
            let shared = ptx.as_ref().map_or(0, |ptx| static_shared_bytes(ptx));
            let launches = variant.plan.launches().len() as u64;
            match self.format {
                Format::Text => table.row([
                    variant.problem.clone(),
                    variant.name.clone(),
                    expect,
                    growth.unwrap_or_default(),
                    variant.plan.takes.to_string(),
                    fault.unwrap_or_default(),
                    launches.to_string(),
                    bytes.to_string(),
                    shared.to_string(),
                ]),
                Format::Json => print_line(
                    &json!({
                        "problem": variant.problem,
                        "kernel": variant.name,
                        "expect": expect,
                        "growth": growth,
                        "takes": variant.plan.takes.to_string(),
                        "fault": fault,
                        "launches": launches,
                        "ptx_bytes": bytes,
                        "shared_bytes": shared,
                    })
                    .to_string(),
                ),
            }
        }
        if self.format == Format::Text {
            print_line(&table.to_string());
        }
    }

    fn compile(&self, root: &Path, court: &CourtOptions) -> anyhow::Result<u8> {
        let nvrtc = Nvrtc::find()?.map_err(Usage::new)?;
        let mut slot = Sandbox::new(court.sandbox_settings()?)?.slot(None)?;
        let made = compile_all(root, true, &mut |source, name| {
            compile(&nvrtc, &mut slot, source, name)
        });
        let made = match made {
            Ok(made) => made,
            Err(RecompileError::Compile {
                path,
                error: CompileError::Failed(reason),
            }) => anyhow::bail!("{path}: {reason}"),
            Err(error) => return Err(Usage::new(error.to_string()).into()),
        };
        for kernel in made.iter().filter(|kernel| kernel.is_changed) {
            let bytes = kernel.ptx.len() as f64;
            match self.format {
                Format::Text => {
                    print_line(&format!("{}: {} of PTX", kernel.path, units::bytes(bytes)));
                    kernel.resources.iter().map(taken).for_each(|text| print_line(&text));
                    print_log(&kernel.log);
                }
                Format::Json => print_line(
                    &json!({ "kernel": kernel.path, "ptx_bytes": kernel.ptx.len(), "log": kernel.log })
                        .to_string(),
                ),
            }
        }
        let changed = made.iter().filter(|kernel| kernel.is_changed).count();
        anstream::eprintln!(
            "{} compiled, {changed} changed",
            units::counted(made.len(), "kernel")
        );
        Ok(AS_EXPECTED)
    }

    fn inspect(
        &self,
        variant: &Variant,
        case: Option<&CaseName>,
        most: usize,
        court: &CourtOptions,
    ) -> anyhow::Result<u8> {
        let of = problem(&variant.problem)?;
        let case = match case {
            Some(case) if case.problem != variant.problem => {
                let reason = format!("--case {case}: it is no case of {}", variant.problem);
                return Err(Usage::new(reason).into());
            }
            Some(case) => {
                let resolved = of.resolve(case);
                resolved.map_err(|error| Usage::new(format!("--case {case}: {error}")))?
            }
            None => case_of(of.as_ref(), &variant.plan.takes)?,
        };
        let (resources, absent) = match self.resources_of(variant, court)? {
            Ok(resources) => (resources, None),
            Err(reason) => (Vec::new(), Some(reason)),
        };
        let counted = match count(variant, &case)? {
            Ok(counted) => counted,
            Err((verdict, reason)) => {
                print_line(&format!("{verdict} {} on {case}: {reason}", label(variant)));
                return Ok(NOT_AS_EXPECTED);
            }
        };
        match self.format {
            Format::Text => {
                show_launches(variant, &resources, absent.as_deref());
                show_counters(&counted);
                show_lines(&counted, most);
            }
            Format::Json => print_line(&in_json(variant, &resources, &counted, most).to_string()),
        }
        Ok(AS_EXPECTED)
    }

    /// What the compiler says that the kernels take; the inner error says why it is not asked.
    fn resources_of(
        &self,
        variant: &Variant,
        court: &CourtOptions,
    ) -> anyhow::Result<Result<Vec<Resources>, String>> {
        let nvrtc = match Nvrtc::find()? {
            Ok(nvrtc) => nvrtc,
            Err(reason) => return Ok(Err(reason)),
        };
        let sandbox = match Sandbox::new(court.sandbox_settings()?) {
            Ok(sandbox) => sandbox,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let made = compile(
            &nvrtc,
            &mut sandbox.slot(None)?,
            &variant.source,
            &variant.path,
        );
        Ok(made
            .map(|made| made.resources)
            .map_err(|error| error.to_string()))
    }
}

fn compile(
    nvrtc: &Nvrtc,
    slot: &mut Slot,
    source: &str,
    name: &str,
) -> Result<kernels::compiler::Compiled, CompileError> {
    let options = Compilation {
        resources: true,
        ..Compilation::default()
    };
    nvrtc
        .compile(source, name, &options, slot)
        .unwrap_or_else(|error| Err(CompileError::Failed(format!("{error:#}"))))
}

/// Bytes of shared memory that a PTX declares with a length: `.shared .align 4 .b8 tile[1024];`
fn static_shared_bytes(ptx: &str) -> u64 {
    let declared = ptx.lines().filter_map(|line| {
        let (_, rest) = line
            .trim_start()
            .strip_prefix(".shared")?
            .split_once(".b8 ")?;
        let (_, length) = rest.split_once('[')?;
        length.split(']').next()?.parse::<u64>().ok()
    });
    declared.sum()
}

fn taken(of: &Resources) -> String {
    format!(
        "  {}: {} registers, {} + {} bytes spilled (stores + loads), {} bytes of stack, {} bytes of shared memory",
        of.entry,
        of.registers,
        of.spill_store_bytes,
        of.spill_load_bytes,
        of.stack_bytes,
        of.shared_bytes
    )
}

fn print_log(log: &str) {
    for line in log.lines().filter(|line| !line.trim().is_empty()) {
        print_line(&format!("  {line}"));
    }
}

fn dimensions(launch: &Launch) -> String {
    let shown = |expressions: &[kernels::plan::At<vocabulary::Expression>; 3]| {
        let texts: Vec<String> = expressions.iter().map(|at| at.value.to_string()).collect();
        texts.join(" x ")
    };
    format!("{} blocks of {}", shown(&launch.grid), shown(&launch.block))
}

fn show_launches(variant: &Variant, resources: &[Resources], absent: Option<&str>) {
    print_line(&format!("{}  ({})", label(variant), variant.path));
    let takes = variant.plan.takes.to_string();
    if !takes.is_empty() {
        print_line(&format!("  for {takes} alone"));
    }
    for launch in variant.plan.launches() {
        print_line(&format!("  {}: {}", launch.entry.value, dimensions(launch)));
    }
    print_line("\nresources");
    resources
        .iter()
        .map(taken)
        .for_each(|text| print_line(&text));
    if let Some(absent) = absent {
        print_line(&format!("  not known: {absent}"));
    }
}

fn show_counters(counted: &Counted) {
    print_line(&format!("\ncounters on {}", counted.case));
    let mut table = Table::new(&[("  counter", Align::Left), ("count", Align::Right)]);
    for (name, count) in counted.counters.iter().filter(|(_, count)| *count > 0) {
        table.row([format!("  {name}"), units::count(*count)]);
    }
    print_line(&table.to_string());
}

/// The lines of the most instructions, each with its share of all.
fn hottest(counted: &Counted, most: usize) -> Vec<(&crate::counting::CountedLine, f64)> {
    let all: u64 = counted.lines.iter().map(|line| line.counts[0]).sum();
    let mut lines: Vec<_> = counted.lines.iter().collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.counts[0]));
    let share = |count: u64| count as f64 / all.max(1) as f64;
    let shared = lines.into_iter().map(|line| (line, share(line.counts[0])));
    shared.take(most).collect()
}

fn show_lines(counted: &Counted, most: usize) {
    print_line("\nhottest lines");
    let columns = [
        ("  line", Align::Right),
        ("share", Align::Right),
        ("warp instr.", Align::Right),
        ("sectors", Align::Right),
        ("wavefronts", Align::Right),
        ("conflicts", Align::Right),
        ("divergent", Align::Right),
        ("source", Align::Left),
    ];
    let mut table = Table::new(&columns);
    for (line, share) in hottest(counted, most) {
        let [warps, _, rest @ ..] = line.counts;
        let mut cells = vec![
            format!("  {}", line.line.line),
            format!("{:.1}%", share * 100.0),
            units::count(warps),
        ];
        cells.extend(rest.map(units::count));
        let text = match line.text.as_str() {
            "" => format!("({})", line.line),
            text => text.to_owned(),
        };
        cells.push(text);
        table.row(cells);
    }
    print_line(&table.to_string());
}

fn in_json(
    variant: &Variant,
    resources: &[Resources],
    counted: &Counted,
    most: usize,
) -> serde_json::Value {
    let launches = variant.plan.launches();
    let launches = launches.iter().map(|launch| {
        let value_of = |name: &str| counted.case.parameters.get(name).map(ToString::to_string);
        let entry = launch.entry.value.resolve(value_of).unwrap_or_default();
        let known = resources.iter().find(|of| of.entry == entry);
        json!({ "entry": entry, "extent": dimensions(launch), "resources": known })
    });
    let counters = counted.counters.iter();
    let counters = counters.map(|(name, count)| (name.clone(), json!(count)));
    let lines = hottest(counted, most).into_iter().map(|(line, share)| {
        let counts = LINE_COUNTERS.iter().zip(line.counts);
        let mut object: serde_json::Map<_, _> = counts
            .map(|(name, count)| ((*name).to_owned(), json!(count)))
            .collect();
        object.insert("line".to_owned(), json!(line.line.to_string()));
        object.insert("text".to_owned(), json!(line.text));
        object.insert("share".to_owned(), json!(share));
        object
    });
    json!({
        "kernel": label(variant),
        "takes": variant.plan.takes.to_string(),
        "case": counted.case,
        "launches": launches.collect::<Vec<_>>(),
        "counters": counters.collect::<serde_json::Map<_, _>>(),
        "lines": lines.collect::<Vec<_>>(),
    })
}

/// The most registers and shared memory of each kernel of a repository, as the pinned compiler says; none without it.
pub(super) fn resources(root: &Path) -> Vec<(String, u64, u64)> {
    let Ok(Ok(nvrtc)) = Nvrtc::find() else {
        return Vec::new();
    };
    let settings = std::env::current_exe().map(|helper| sandbox::Settings {
        helper,
        allow_unsafe: false,
    });
    let slot = settings
        .ok()
        .and_then(|settings| Sandbox::new(settings).ok())
        .and_then(|sandbox| sandbox.slot(None).ok());
    let Some(mut slot) = slot else {
        return Vec::new();
    };
    let mut compile = |source: &str, name: &str| compile(&nvrtc, &mut slot, source, name);
    let made = compile_all(root, false, &mut compile).unwrap_or_default();
    let figures = made.into_iter().filter_map(|made| {
        let most = |of: fn(&Resources) -> u32| made.resources.iter().map(of).max();
        let (registers, shared) = (most(|r| r.registers)?, most(|r| r.shared_bytes)?);
        let inner = made.path.strip_prefix(kernels::FOLDER)?;
        let parts: Vec<&str> = inner
            .trim_matches('/')
            .trim_end_matches(".cu")
            .split('/')
            .collect();
        let [problem, _, name] = parts[..] else {
            return None;
        };
        Some((format!("{problem}/{name}"), registers.into(), shared.into()))
    });
    figures.collect()
}

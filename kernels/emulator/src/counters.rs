//! What a launch did, in the words of a profiler.

use crate::fault::SourceLine;
use crate::machine::Tally;
use crate::program::Program;
use crate::program::step::Kind;
use crate::syntax::Space;
use std::collections::BTreeMap;

/// Exact counts of a launch: the same from run to run and for any number of threads.
///
/// Names of Nsight Compute's metrics stand beside those that count the same thing. Instructions are those of PTX, before the
/// driver's compiler turns them into those of a machine: they may differ from what a card executes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Instructions, each counted once a warp.
    pub warp_instructions: u64,
    /// Instructions, each counted once a thread that executes it.
    pub thread_instructions: u64,
    /// Instructions by what they do, each counted once a warp.
    pub integer_instructions: u64,
    /// Additions, multiplications and so on of floating-point numbers.
    pub float_instructions: u64,
    /// Moves, selections, and conversions.
    pub move_instructions: u64,
    /// Loads and stores of any space, and asynchronous copies.
    pub memory_instructions: u64,
    /// Branches, calls, returns.
    pub control_instructions: u64,
    /// Shuffles, votes, matches and reductions of a warp.
    pub warp_wide_instructions: u64,
    /// Branches that only some threads of a warp took.
    pub divergent_branches: u64,
    /// `l1tex__t_requests_pipe_lsu_mem_global_op_ld`
    pub global_load_requests: u64,
    /// 32-byte sectors; `l1tex__t_sectors_pipe_lsu_mem_global_op_ld`
    pub global_load_sectors: u64,
    /// `l1tex__t_requests_pipe_lsu_mem_global_op_st`
    pub global_store_requests: u64,
    /// 32-byte sectors; `l1tex__t_sectors_pipe_lsu_mem_global_op_st`
    pub global_store_sectors: u64,
    /// Accesses to shared memory by a warp.
    pub shared_requests: u64,
    /// Passes through shared memory; `l1tex__data_pipe_lsu_wavefronts_mem_shared`
    pub shared_wavefronts: u64,
    /// Passes beyond those that the width of the access needs; `l1tex__data_bank_conflicts_pipe_lsu_mem_shared`
    pub bank_conflicts: u64,
    /// 32-byte sectors of local memory.
    pub local_sectors: u64,
    /// Atomic instructions, each counted once a warp.
    pub atomic_requests: u64,
    /// Threads that met another of their warp at the address of an atomic instruction.
    pub atomic_conflicts: u64,
    /// Barriers that blocks passed, each counted once a block.
    pub barriers: u64,
    /// Products of matrices, each counted once a warp.
    pub matrix_products: u64,
    /// Floating-point operations of all threads; a fused multiplication and addition is two.
    pub floating_point_operations: u64,
    /// Sectors of global memory that were touched at all: what must travel at least.
    pub unique_sectors: u64,
    /// The same by line of the source, in the order of the lines.
    pub lines: Vec<LineCounters>,
}

/// Counts of a line of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LineCounters {
    /// The line.
    pub line: SourceLine,
    /// Instructions, each counted once a warp.
    pub warp_instructions: u64,
    /// Instructions, each counted once a thread that executes it.
    pub thread_instructions: u64,
    /// Sectors of global memory.
    pub global_sectors: u64,
    /// Passes through shared memory.
    pub shared_wavefronts: u64,
    /// Passes beyond those that the width of the access needs.
    pub bank_conflicts: u64,
    /// Branches that only some threads of a warp took.
    pub divergent_branches: u64,
}

impl Counters {
    pub(crate) fn new(program: &Program, tally: &Tally) -> Self {
        let mut all = Counters {
            unique_sectors: tally.unique_sectors(),
            barriers: tally.barriers,
            ..Counters::default()
        };
        let mut lines: BTreeMap<SourceLine, LineCounters> = BTreeMap::new();
        for (pc, (warps, threads)) in tally.executions().into_iter().enumerate() {
            let description = &program.descriptions[pc];
            if warps == 0 || description.kind == Kind::Part {
                continue;
            }
            let traffic = tally.traffic[pc];
            let divergent = tally.divergent[pc];
            all.warp_instructions += warps;
            all.thread_instructions += threads;
            all.divergent_branches += divergent;
            let operations = u64::from(description.operations);
            match description.kind {
                Kind::Matrix => all.floating_point_operations += operations * warps,
                _ => all.floating_point_operations += operations * threads,
            }
            let (mut global, mut shared, mut conflicts) = (0, 0, 0);
            match description.kind {
                Kind::Integer => all.integer_instructions += warps,
                Kind::Float => all.float_instructions += warps,
                Kind::Move | Kind::Compare | Kind::Convert => all.move_instructions += warps,
                Kind::Control => all.control_instructions += warps,
                Kind::Warp => all.warp_wide_instructions += warps,
                Kind::Matrix if operations > 0 => all.matrix_products += warps,
                Kind::Load(_) | Kind::Store(_) | Kind::Copy | Kind::Matrix => {
                    all.memory_instructions += warps;
                }
                Kind::Atomic => {
                    all.memory_instructions += warps;
                    all.atomic_requests += traffic.requests;
                    all.atomic_conflicts += traffic.conflicts;
                    shared = traffic.wavefronts;
                    global = traffic.sectors;
                }
                Kind::Synchronise | Kind::Other | Kind::Part => {}
            }
            match description.kind {
                Kind::Load(Space::Local) | Kind::Store(Space::Local) => {
                    all.local_sectors += traffic.sectors;
                }
                Kind::Load(_) | Kind::Copy => {
                    global = traffic.sectors;
                    all.global_load_sectors += traffic.sectors;
                    if traffic.sectors > 0 {
                        all.global_load_requests += traffic.requests;
                    }
                }
                Kind::Store(_) => {
                    global = traffic.sectors;
                    all.global_store_sectors += traffic.sectors;
                    if traffic.sectors > 0 {
                        all.global_store_requests += traffic.requests;
                    }
                }
                _ => {}
            }
            if description.kind != Kind::Atomic {
                shared = traffic.wavefronts;
                conflicts = traffic.conflicts;
                all.bank_conflicts += traffic.conflicts;
            }
            if traffic.wavefronts > 0 {
                all.shared_requests += traffic.requests;
                all.shared_wavefronts += traffic.wavefronts;
            }
            let line = program.source_line(pc as u32);
            let entry = lines.entry(line.clone()).or_insert(LineCounters {
                line,
                warp_instructions: 0,
                thread_instructions: 0,
                global_sectors: 0,
                shared_wavefronts: 0,
                bank_conflicts: 0,
                divergent_branches: 0,
            });
            entry.warp_instructions += warps;
            entry.thread_instructions += threads;
            entry.global_sectors += global;
            entry.shared_wavefronts += shared;
            entry.bank_conflicts += conflicts;
            entry.divergent_branches += divergent;
        }
        all.lines = lines.into_values().collect();
        all
    }

    /// The share of a warp's 32 lanes that executed an instruction, on average: 1 is all of them.
    pub fn lane_utilisation(&self) -> f64 {
        self.thread_instructions as f64 / (32 * self.warp_instructions.max(1)) as f64
    }

    /// The whole-launch counts by name, in a fixed order: what a table or a snapshot shows.
    pub fn named(&self) -> [(&'static str, u64); 23] {
        [
            ("warp_instructions", self.warp_instructions),
            ("thread_instructions", self.thread_instructions),
            ("integer_instructions", self.integer_instructions),
            ("float_instructions", self.float_instructions),
            ("move_instructions", self.move_instructions),
            ("memory_instructions", self.memory_instructions),
            ("control_instructions", self.control_instructions),
            ("warp_wide_instructions", self.warp_wide_instructions),
            ("divergent_branches", self.divergent_branches),
            ("global_load_requests", self.global_load_requests),
            ("global_load_sectors", self.global_load_sectors),
            ("global_store_requests", self.global_store_requests),
            ("global_store_sectors", self.global_store_sectors),
            ("shared_requests", self.shared_requests),
            ("shared_wavefronts", self.shared_wavefronts),
            ("bank_conflicts", self.bank_conflicts),
            ("local_sectors", self.local_sectors),
            ("atomic_requests", self.atomic_requests),
            ("atomic_conflicts", self.atomic_conflicts),
            ("barriers", self.barriers),
            ("matrix_products", self.matrix_products),
            ("floating_point_operations", self.floating_point_operations),
            ("unique_sectors", self.unique_sectors),
        ]
    }

    /// Adds another launch's counts; unique sectors add up too, launch by launch.
    pub fn add(&mut self, other: &Counters) {
        macro_rules! sum {
            ($($field:ident),*) => { $(self.$field += other.$field;)* };
        }
        sum!(
            warp_instructions,
            thread_instructions,
            integer_instructions,
            float_instructions,
            move_instructions,
            memory_instructions,
            control_instructions,
            warp_wide_instructions,
            divergent_branches,
            global_load_requests,
            global_load_sectors,
            global_store_requests,
            global_store_sectors,
            shared_requests,
            shared_wavefronts,
            bank_conflicts,
            local_sectors,
            atomic_requests,
            atomic_conflicts,
            barriers,
            matrix_products,
            floating_point_operations,
            unique_sectors
        );
        for line in &other.lines {
            match self.lines.binary_search_by(|own| own.line.cmp(&line.line)) {
                Err(place) => self.lines.insert(place, line.clone()),
                Ok(place) => {
                    let own = &mut self.lines[place];
                    own.warp_instructions += line.warp_instructions;
                    own.thread_instructions += line.thread_instructions;
                    own.global_sectors += line.global_sectors;
                    own.shared_wavefronts += line.shared_wavefronts;
                    own.bank_conflicts += line.bank_conflicts;
                    own.divergent_branches += line.divergent_branches;
                }
            }
        }
    }
}

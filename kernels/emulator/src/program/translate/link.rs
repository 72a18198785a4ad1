//! Translated functions become a program: places for everything, registers become slots, drafts become steps.

use super::{Tables, Translated};
use crate::machine::compute::Operands;
use crate::machine::lines;
use crate::machine::registers::Class;
use crate::matrix;
use crate::program::draft::{Draft, Item, Register};
use crate::program::layout::{Entry, Preset, PresetValue, Program};
use crate::program::repeats::Repeats;
use crate::program::slots::{Slots, allocate};
use crate::program::step::{Action, Guard, Step};
use crate::syntax::{Function, Module, ParseError, Variable};
use std::collections::{BTreeSet, HashMap};

/// Puts translated functions together.
pub(super) struct Linker<'m> {
    pub(super) module: &'m Module,
    pub(super) tables: Tables,
    pub(super) functions: Vec<Translated>,
    pub(super) globals: Vec<Variable>,
}

impl Linker<'_> {
    pub(super) fn link(mut self) -> Result<Program, ParseError> {
        let taken = self.taken();
        let mut code: Vec<Step> = Vec::new();
        let mut descriptions = Vec::new();
        let mut lists = Vec::new();
        let mut products = Vec::new();
        let mut branch_tables = vec![Vec::new(); self.tables.branch_tables.len()];
        let mut all_slots = Vec::new();
        // Functions that may be called have slots of their own; kernels, of which one runs at a time, all begin behind them.
        let mut base = [0_u32; 3];
        let order = |is_entry: bool| {
            (0..self.functions.len())
                .filter(move |index| self.module.functions[*index].is_entry == is_entry)
        };
        let order: Vec<usize> = order(false).chain(order(true)).collect();
        let mut placed: Vec<Option<([u32; 3], Slots)>> =
            (0..self.functions.len()).map(|_| None).collect();
        for &index in &order {
            let function = &self.functions[index];
            let presets: Vec<Register> = function
                .presets
                .iter()
                .map(|(register, _)| *register)
                .collect();
            let targets = |place: usize| self.targets(function, place);
            let slots = allocate(&function.drafts, &function.registers, &presets, &targets);
            let own = base;
            if !self.module.functions[index].is_entry {
                for (base, count) in base.iter_mut().zip(slots.counts) {
                    *base += count;
                }
            }
            placed[index] = Some((own, slots));
        }
        for &index in &order {
            let Some((own, slots)) = placed[index].take() else {
                continue;
            };
            let function = &self.functions[index];
            let start = code.len() as u32;
            let emitter = Emitter { own, slots: &slots };
            let mut repeats = Repeats::default();
            for draft in &function.drafts {
                if let Action::BranchIndexed(table) = draft.action {
                    let statements = &self.tables.branch_tables[table as usize];
                    branch_tables[table as usize] = statements
                        .iter()
                        .map(|statement| start + function.starts[*statement] as u32)
                        .collect();
                }
                let target = draft
                    .target
                    .map(|statement| start + function.starts[statement] as u32);
                let mut step = emitter.step(draft, target, &mut lists);
                let mut operation = None;
                if let Action::Multiply(index) = draft.action {
                    step.action = Action::Multiply(products.len() as u32);
                    let slots = lists.split_off(step.operands.e as usize);
                    let computed = &self.tables.operations[index as usize];
                    let mut product = matrix::Product::new(*computed, slots);
                    product.repeats_left = repeats.is_repeated(draft, computed);
                    products.push(product);
                    operation = Some(computed);
                }
                repeats.pass(draft, operation);
                code.push(step);
                descriptions.push(draft.description.clone());
            }
            let is_recursive = self.is_recursive(index, &taken);
            let layout = &mut self.functions[index].layout;
            layout.start = start;
            if is_recursive {
                let mut saved = [(0, 0); 3];
                for (class, place) in saved.iter_mut().enumerate() {
                    *place = (own[class], slots.counts[class]);
                }
                layout.saved = Some(saved);
            }
            all_slots.push((index, own, slots));
        }
        let mut straight = 0;
        for step in code.iter_mut().rev() {
            let is_plain = step.guard == Guard::NONE && step.action.is_plain();
            straight = if is_plain { straight + 1 } else { 0 };
            step.straight = straight;
        }
        let entries = self.entries(&all_slots, &taken)?;
        Ok(Program {
            code,
            descriptions,
            lists,
            atomics: self.tables.atomics,
            calls: self.tables.calls,
            branch_tables,
            products,
            fragments: self.tables.fragments,
            functions: self
                .functions
                .into_iter()
                .map(|function| function.layout)
                .collect(),
            globals: self.globals,
            constants: self.tables.constants,
            files: self.module.files.iter().cloned().collect(),
            entries,
        })
    }

    /// The drafts that a draft may jump to.
    fn targets(&self, function: &Translated, place: usize) -> Vec<usize> {
        let draft = &function.drafts[place];
        match draft.action {
            Action::BranchIndexed(table) => {
                let statements = &self.tables.branch_tables[table as usize];
                statements
                    .iter()
                    .map(|statement| function.starts[*statement])
                    .collect()
            }
            _ => draft
                .target
                .iter()
                .map(|statement| function.starts[*statement])
                .collect(),
        }
    }

    /// The functions whose address somebody takes: any indirect call may reach them.
    fn taken(&self) -> BTreeSet<usize> {
        let mut taken: BTreeSet<usize> = self
            .functions
            .iter()
            .flat_map(|function| function.addresses.iter().copied())
            .collect();
        let initials = self
            .module
            .variables
            .iter()
            .flat_map(|variable| &variable.initial);
        for initial in initials {
            if let crate::syntax::Initial::Address { name, .. } = initial {
                taken.extend(
                    self.module
                        .functions
                        .iter()
                        .position(|function| &function.name == name),
                );
            }
        }
        taken
    }

    /// The functions that a function may come to, itself included.
    fn reachable(&self, index: usize, taken: &BTreeSet<usize>) -> BTreeSet<usize> {
        let mut found = BTreeSet::from([index]);
        let mut open = vec![index];
        while let Some(next) = open.pop() {
            for callee in self.callees(next, taken) {
                if found.insert(callee) {
                    open.push(callee);
                }
            }
        }
        found
    }

    fn callees(&self, index: usize, taken: &BTreeSet<usize>) -> BTreeSet<usize> {
        let function = &self.functions[index];
        let mut callees = function.calls.clone();
        if function.calls_indirectly {
            callees.extend(taken);
        }
        callees
    }

    fn is_recursive(&self, index: usize, taken: &BTreeSet<usize>) -> bool {
        let callees = self.callees(index, taken);
        callees
            .into_iter()
            .any(|callee| self.reachable(callee, taken).contains(&index))
    }

    fn entries(
        &self,
        all_slots: &[(usize, [u32; 3], Slots)],
        taken: &BTreeSet<usize>,
    ) -> Result<HashMap<String, Entry>, ParseError> {
        let mut entries = HashMap::new();
        for (index, function) in self.module.functions.iter().enumerate() {
            if !function.is_entry || function.is_declaration {
                continue;
            }
            let reachable = self.reachable(index, taken);
            let (places, static_shared) = self.shared_places(&reachable, function)?;
            let mut slots = [0; 3];
            let mut presets = Vec::new();
            let mut undefined = Vec::new();
            for (other, own, counts) in all_slots {
                if !reachable.contains(other) {
                    continue;
                }
                for (class, count) in slots.iter_mut().enumerate() {
                    *count = (*count).max((own[class] + counts.counts[class]) as usize);
                }
                undefined.extend(counts.undefined.iter().map(|register| {
                    let slot = counts.of[register.id as usize];
                    (register.class, own[register.class as usize] + slot)
                }));
                for (register, value) in &self.functions[*other].presets {
                    let value = match value {
                        PresetValue::Shared(variable, offset) => PresetValue::Bits(
                            (places.get(variable).copied().unwrap_or(0) as i64 + offset) as u64,
                        ),
                        value => value.clone(),
                    };
                    let slot = own[register.class as usize] + counts.of[register.id as usize];
                    presets.push(Preset {
                        class: register.class,
                        slot,
                        value,
                    });
                }
            }
            let mut parameter_places = Vec::new();
            let mut end = 0_usize;
            for parameter in &function.parameters {
                end = end.next_multiple_of(parameter.alignment);
                parameter_places.push(end);
                end += parameter.bytes;
            }
            let entry = Entry {
                function: index,
                start: self.functions[index].layout.start,
                parameters: function.parameters.clone(),
                parameter_places,
                parameter_bytes: end,
                required_threads: function.required_threads,
                most_threads: function.most_threads,
                slots,
                presets,
                undefined,
                static_shared,
                is_communicating: reachable
                    .iter()
                    .any(|other| self.functions[*other].is_communicating),
            };
            entries.insert(function.name.clone(), entry);
        }
        Ok(entries)
    }

    /// Where each shared variable begins that a kernel may use, and how many bytes those of known size take. Arrays without
    /// a size all begin behind those.
    fn shared_places(
        &self,
        reachable: &BTreeSet<usize>,
        function: &Function,
    ) -> Result<(HashMap<usize, usize>, usize), ParseError> {
        let used: BTreeSet<usize> = reachable
            .iter()
            .flat_map(|other| self.functions[*other].shared.iter().copied())
            .collect();
        let mut places = HashMap::new();
        let mut end = 0_usize;
        for &index in &used {
            let variable = &self.tables.shared[index];
            if let Some(bytes) = variable.bytes {
                end = end.next_multiple_of(variable.alignment);
                places.insert(index, end);
                end += bytes;
            }
        }
        if end > 1 << 24 {
            return Err(ParseError::new(
                function.line,
                format!("{} has {end} bytes of shared memory", function.name),
            ));
        }
        let dynamic = used
            .iter()
            .filter(|index| self.tables.shared[**index].bytes.is_none());
        let dynamic: Vec<usize> = dynamic.copied().collect();
        if let Some(alignment) = dynamic
            .iter()
            .map(|index| self.tables.shared[*index].alignment)
            .max()
        {
            end = end.next_multiple_of(alignment);
            places.extend(dynamic.into_iter().map(|index| (index, end)));
        }
        Ok((places, end))
    }
}

/// Makes steps of drafts.
struct Emitter<'s> {
    /// Where the function's slots begin.
    own: [u32; 3],
    slots: &'s Slots,
}

impl Emitter<'_> {
    fn slot(&self, register: Register) -> u32 {
        self.own[register.class as usize] + self.slots.of[register.id as usize]
    }

    fn set(&self, register: Register) -> u64 {
        lines::set_of(register.class, self.slot(register))
    }

    fn step(&self, draft: &Draft, target: Option<u32>, lists: &mut Vec<u32>) -> Step {
        let slot = |register: Option<Register>| register.map_or(0, |register| self.slot(register));
        let mut operands = Operands {
            d: slot(draft.d),
            a: slot(draft.a),
            b: slot(draft.b),
            c: slot(draft.c),
            e: slot(draft.e),
            immediate: draft.immediate,
        };
        if let Some(member) = draft.member {
            operands.immediate = self.slot(member).into();
        }
        if !draft.list.is_empty() {
            operands.e = lists.len() as u32;
            lists.extend(draft.list.iter().map(|item| match item {
                Item::Read(register) | Item::Write(register) => self.slot(*register),
                Item::Number(number) => *number,
                Item::Nobody => u32::MAX,
            }));
        }
        let action = match (draft.action, target) {
            (Action::Branch(_), Some(target)) => Action::Branch(target),
            (action, _) => action,
        };
        let guard = draft.guard.map_or(Guard::NONE, |(register, is_negated)| {
            Guard::new(self.slot(register), is_negated)
        });
        let is_kept =
            |register: Register| register.class == Class::Predicate || self.set(register) != 0;
        let action = match action {
            // Of what is never on a line nothing follows.
            Action::Follow { run, .. } if !draft.reads().chain(draft.writes()).all(is_kept) => {
                Action::Compute(run)
            }
            action => action,
        };
        Step {
            action,
            guard,
            operands,
            straight: 0,
            reads: draft
                .reads()
                .fold(0, |set, register| set | self.set(register)),
            writes: draft
                .writes()
                .fold(0, |set, register| set | self.set(register)),
        }
    }
}

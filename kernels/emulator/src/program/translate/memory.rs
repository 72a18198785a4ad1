//! Loads, stores, atomics, asynchronous copies.

use super::function::{FunctionTranslator, Translation};
use super::operands::class_of;
use crate::machine::compute::{Compute, Element, Operands, Operation, compute};
use crate::machine::registers::{Class, Registers, WARP};
use crate::program::draft::{Draft, Item, Register};
use crate::program::operations::Name;
use crate::program::step::{Access, Action, Atomic, AtomicOperation, Base, Kind, Mbarrier, Order};
use crate::syntax::{Operand, Space, Type};

/// The space that an instruction's name states.
fn space_of(name: &Name) -> Space {
    name.parts[1..]
        .iter()
        .find_map(|part| Space::of_name(part))
        .unwrap_or(Space::Generic)
}

/// How strongly an instruction's name orders it.
fn order_of(name: &Name) -> Order {
    let acquires = name.has("acquire") || name.has("acq_rel");
    let releases = name.has("release") || name.has("acq_rel");
    let is_strong = acquires
        || releases
        || ["volatile", "relaxed", "mmio"]
            .iter()
            .any(|word| name.has(word));
    Order {
        is_strong,
        acquires,
        releases,
    }
}

/// The operands without the policy of caches that stands last: here are no caches.
fn without_hint<'o>(name: &Name, operands: &'o [Operand]) -> &'o [Operand] {
    match operands {
        [rest @ .., _] if name.has("L2::cache_hint") => rest,
        all => all,
    }
}

impl FunctionTranslator<'_, '_> {
    /// What a load or store is, from its name, its address and the registers of its data.
    fn access(
        &mut self,
        name: &Name,
        address: &Operand,
        data: &Operand,
    ) -> Translation<(Access, Option<Register>, i64)> {
        let Some(element) = name.last_type() else {
            return self.unsupported(name);
        };
        if matches!(element, Type::B128 | Type::Predicate) {
            return self.unsupported(name);
        }
        let stated = space_of(name);
        let (space, base, register, offset) = self.address(address, stated)?;
        if stated == Space::Parameter && space == Space::Parameter && !self.function.is_entry {
            return self.error("a parameter of a function has a name");
        }
        let count = match data {
            Operand::Vector(parts) => parts.len(),
            _ => 1,
        };
        let is_vector = match count {
            1 => !name.has("v2") && !name.has("v4"),
            2 => name.has("v2"),
            4 => name.has("v4"),
            _ => false,
        };
        if !is_vector || count * element.bytes() > 16 {
            return self.unsupported(name);
        }
        let parts = match data {
            Operand::Vector(parts) => &parts[..],
            single => std::slice::from_ref(single),
        };
        let mut class = None;
        for part in parts {
            if let Operand::Name(_) = part
                && let Some(register) = self.any_register(part).unwrap_or(None)
            {
                if class.is_some_and(|class| class != register.class) {
                    return self.error("the registers of a vector are of different sizes");
                }
                class = Some(register.class);
            }
        }
        if class == Some(Class::Predicate) {
            return self.error("a predicate cannot be loaded or stored");
        }
        let order = order_of(name);
        let is_global = matches!(space, Space::Global | Space::Generic);
        self.is_communicating |= order.is_strong && is_global;
        let access = Access {
            space,
            base,
            size: element.bytes() as u8,
            count: count as u8,
            is_signed: element.is_signed(),
            class: class.unwrap_or_else(|| class_of(element)),
            order,
            is_counted: stated != Space::Parameter,
        };
        Ok((access, register, offset))
    }

    /// Whether an access is the common one: 32 bits, one register, nothing special.
    fn is_common(access: &Access) -> bool {
        access.size == 4
            && access.count == 1
            && access.class == Class::Narrow
            && !access.order.is_strong
    }

    /// `ld.b128` and `st.b128` as vectors of two halves: their names.
    fn parts_of_halves(&self, name: &Name) -> Translation<Option<Vec<String>>> {
        if name.last_type() != Some(Type::B128) {
            return Ok(None);
        }
        if name.has("v2") || name.has("v4") || order_of(name).is_strong {
            return self.unsupported(name);
        }
        let kept = name.parts.iter().filter(|part| *part != "b128").cloned();
        let parts = kept.chain(["v2", "b64"].map(str::to_owned)).collect();
        Ok(Some(parts))
    }

    pub(super) fn load(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let [data, address] = self.exactly(without_hint(name, operands))?;
        if let Some(parts) = self.parts_of_halves(name)? {
            let halves = Operand::Vector(self.halves(data)?.into());
            return self.load(&Name { parts: &parts }, &[halves, address.clone()]);
        }
        let (access, register, offset) = self.access(name, address, data)?;
        let action = match access.space {
            Space::Shared if Self::is_common(&access) => Action::LoadShared(access.base),
            Space::Global if Self::is_common(&access) && access.base == Base::Wide => {
                Action::LoadGlobal
            }
            _ => Action::Load(access),
        };
        let kind = if access.is_counted {
            Kind::Load(access.space)
        } else {
            Kind::Move
        };
        let mut draft = Draft::new(action, self.description(kind));
        (draft.a, draft.immediate) = (register, offset);
        if access.count == 1 {
            draft.d = Some(match self.any_register(data)? {
                Some(register) => register,
                None => self.fresh(access.class),
            });
        } else if let Operand::Vector(parts) = data {
            for part in parts {
                draft.list.push(match self.any_register(part)? {
                    Some(register) => Item::Write(register),
                    None => Item::Nobody,
                });
            }
        }
        self.push(draft);
        Ok(())
    }

    pub(super) fn store(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let [address, data] = self.exactly(without_hint(name, operands))?;
        if let Some(parts) = self.parts_of_halves(name)? {
            let halves = Operand::Vector(self.halves(data)?.into());
            return self.store(&Name { parts: &parts }, &[address.clone(), halves]);
        }
        let (access, register, offset) = self.access(name, address, data)?;
        let action = match access.space {
            Space::Shared if Self::is_common(&access) => Action::StoreShared(access.base),
            Space::Global if Self::is_common(&access) && access.base == Base::Wide => {
                Action::StoreGlobal
            }
            _ => Action::Store(access),
        };
        let element = name.last_type().unwrap_or(Type::B32);
        let kind = if access.is_counted {
            Kind::Store(access.space)
        } else {
            Kind::Move
        };
        let mut draft = Draft::new(action, self.description(kind));
        (draft.a, draft.immediate) = (register, offset);
        match data {
            Operand::Vector(parts) if access.count > 1 => {
                for part in parts {
                    draft
                        .list
                        .push(Item::Read(self.source(part, access.class, element)?));
                }
            }
            Operand::Vector(parts) => {
                draft.b = Some(self.source(&parts[0], access.class, element)?);
            }
            single => draft.b = Some(self.source(single, access.class, element)?),
        }
        self.push(draft);
        Ok(())
    }

    pub(super) fn atomic(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let Some(element) = name.last_type() else {
            return self.unsupported(name);
        };
        let operation = name.parts[1..].iter().find_map(|part| {
            Some(match part.as_str() {
                "exch" => AtomicOperation::Exchange,
                "cas" => AtomicOperation::CompareExchange,
                "and" => AtomicOperation::And,
                "or" => AtomicOperation::Or,
                "xor" => AtomicOperation::Xor,
                "add" => AtomicOperation::Add,
                "inc" => AtomicOperation::Increment,
                "dec" => AtomicOperation::Decrement,
                "min" => AtomicOperation::Minimum,
                "max" => AtomicOperation::Maximum,
                _ => return None,
            })
        });
        let Some(operation) = operation else {
            return self.unsupported(name);
        };
        let is_float_extreme = element.is_float()
            && matches!(
                operation,
                AtomicOperation::Minimum | AtomicOperation::Maximum
            );
        if is_float_extreme || matches!(element, Type::B128 | Type::Predicate) {
            return self.unsupported(name);
        }
        let has_result = name.opcode() == "atom";
        let operands = without_hint(name, operands);
        let operands = if has_result {
            operands
        } else {
            &[&[Operand::Name("_".to_owned())], operands].concat()[..]
        };
        let is_exchange = operation == AtomicOperation::CompareExchange;
        let expected = if is_exchange { 4 } else { 3 };
        if operands.len() != expected {
            return self.error(format!("expected {expected} operands"));
        }
        if let [Operand::Vector(_), ..] | [_, _, Operand::Vector(_), ..] = operands {
            return self.atomic_vector(name, operation, element, operands);
        }
        let last = operands.get(3);
        let result = self.destination(&operands[0], class_of(element))?;
        let operands = (&operands[1], &operands[2], last);
        self.atomic_element(name, operation, element, result, operands, 0)
    }

    /// Each element of a vector is an atomic of its own: PTX promises no more.
    fn atomic_vector(
        &mut self,
        name: &Name,
        operation: AtomicOperation,
        element: Type,
        operands: &[Operand],
    ) -> Translation {
        let [result, address, Operand::Vector(values)] = operands else {
            return self.unsupported(name);
        };
        let count = values.len();
        if !matches!(count, 2 | 4 | 8) || count * element.bytes() > 16 {
            return self.unsupported(name);
        }
        let class = class_of(element);
        // Results wait until all values were read: they may be the same registers.
        let mut between = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let register = self.fresh(class);
            let offset = (index * element.bytes()) as i64;
            let operands = (address, value, None);
            self.atomic_element(name, operation, element, register, operands, offset)?;
            between.push(register);
        }
        let Operand::Vector(results) = result else {
            return Ok(()); // nobody wants them
        };
        if results.len() != count {
            return self.unsupported(name);
        }
        for (result, register) in results.iter().zip(between) {
            let place = self.destination(result, class)?;
            self.copy_part(place, register);
        }
        Ok(())
    }

    /// One atomic: address, value, and what to exchange for where it compares; so many bytes behind the address.
    fn atomic_element(
        &mut self,
        name: &Name,
        operation: AtomicOperation,
        element: Type,
        result: Register,
        operands: (&Operand, &Operand, Option<&Operand>),
        behind: i64,
    ) -> Translation {
        let (address, value, other) = operands;
        let (space, base, register, offset) = self.address(address, space_of(name))?;
        let offset = offset.wrapping_add(behind);
        let class = class_of(element);
        let mut order = order_of(name);
        order.is_strong = true;
        self.is_communicating |= matches!(space, Space::Global | Space::Generic);
        let access = Access {
            space,
            base,
            size: element.bytes() as u8,
            count: 1,
            is_signed: false,
            class,
            order,
            is_counted: true,
        };
        self.tables.atomics.push(Atomic {
            operation,
            element,
            access,
            has_result: name.opcode() == "atom",
        });
        let index = self.tables.atomics.len() as u32 - 1;
        let kind = if behind == 0 {
            Kind::Atomic
        } else {
            Kind::Part
        };
        let mut draft = Draft::new(Action::Atomic(index), self.description(kind));
        (draft.a, draft.immediate) = (register, offset);
        draft.b = Some(self.source(value, class, element)?);
        if let Some(other) = other {
            draft.c = Some(self.source(other, class, element)?);
        }
        draft.d = Some(result);
        self.push(draft);
        Ok(())
    }

    /// `cp.async` and `mbarrier`.
    pub(super) fn asynchronous(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        if name.opcode() == "mbarrier" {
            return self.mbarrier(name, operands);
        }
        let is = |word: &str| name.parts.get(2).is_some_and(|part| part == word);
        if name.parts.get(1).is_none_or(|part| part != "async") {
            return self.unsupported(name);
        }
        if name.has("bulk") {
            return self.bulk(name, operands);
        }
        if is("commit_group") {
            return self.simple(Action::CommitCopies, Kind::Synchronise);
        }
        if is("wait_all") {
            return self.simple(Action::WaitCopies(u32::MAX), Kind::Synchronise);
        }
        if is("wait_group") {
            let [Operand::Integer(pending)] = operands else {
                return self.unsupported(name);
            };
            let pending = (*pending).clamp(0, i128::from(u32::MAX - 1)) as u32;
            return self.simple(Action::WaitCopies(pending), Kind::Synchronise);
        }
        if is("mbarrier") {
            let kind = Mbarrier::CopyArrive {
                is_counted: name.has("noinc"),
            };
            return self.on_mbarrier(kind, operands.first(), None, None);
        }
        let (target, source, bytes, size) = match without_hint(name, operands) {
            [target, source, Operand::Integer(bytes)] => (target, source, *bytes, None),
            [target, source, Operand::Integer(bytes), size] => (target, source, *bytes, Some(size)),
            _ => return self.unsupported(name),
        };
        if !matches!(bytes, 4 | 8 | 16) {
            return self.error("an asynchronous copy has 4, 8 or 16 bytes");
        }
        let (_, base, shared, shared_offset) = self.address(target, Space::Shared)?;
        let (_, global_base, global, offset) = self.address(source, Space::Global)?;
        if base == Base::Frame || global_base != Base::Wide {
            return self.unsupported(name);
        }
        let action = Action::CopyAsync {
            bytes: bytes as u8,
            has_source_size: size.is_some(),
        };
        let mut draft = Draft::new(action, self.description(Kind::Copy));
        (draft.a, draft.b, draft.immediate) = (shared, global, offset);
        if let Some(size) = size {
            draft.c = Some(self.bytes_to_read(size, bytes as i64)?);
        }
        let class = if base == Base::Narrow { 0 } else { 1 };
        draft.list = vec![Item::Number(class), Item::Number(shared_offset as u32)];
        self.push(draft);
        Ok(())
    }

    /// `cp.async.bulk` between global memory and shared memory. It happens at once: what waits for it finds it done.
    fn bulk(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let words: Vec<&str> = name.parts[3..].iter().map(String::as_str).collect();
        let (is_load, waits_by_barrier) = match words[..] {
            ["commit_group"] | ["wait_group"] | ["wait_group", "read"] => {
                return self.simple(Action::Nothing, Kind::Synchronise);
            }
            ["prefetch", "L2", "global"] | ["prefetch", "L2", "global", "L2::cache_hint"] => {
                return self.simple(Action::Nothing, Kind::Other);
            }
            [
                "shared::cluster" | "shared::cta",
                "global",
                "mbarrier::complete_tx::bytes",
            ]
            | [
                "shared::cluster" | "shared::cta",
                "global",
                "mbarrier::complete_tx::bytes",
                "L2::cache_hint",
            ] => (true, true),
            ["global", "shared::cta", "bulk_group"]
            | ["global", "shared::cta", "bulk_group", "L2::cache_hint"] => (false, false),
            _ => return self.unsupported(name),
        };
        let (to, from, bytes, barrier) = match without_hint(name, operands) {
            [to, from, bytes, barrier] if waits_by_barrier => (to, from, bytes, Some(barrier)),
            [to, from, bytes] if !waits_by_barrier => (to, from, bytes, None),
            _ => return self.error("a bulk copy has a target, a source, a size, and an mbarrier"),
        };
        let (shared, global) = if is_load { (to, from) } else { (from, to) };
        let mut draft = Draft::new(Action::BulkCopy { is_load }, self.description(Kind::Copy));
        // Addresses as registers of 64 bits: shared, global, and that of the barrier.
        draft.a = Some(self.whole_address(shared, Space::Shared)?);
        draft.b = Some(self.whole_address(global, Space::Global)?);
        draft.c = Some(self.source(bytes, Class::Narrow, Type::U32)?);
        if let Some(barrier) = barrier {
            let barrier = self.whole_address(barrier, Space::Shared)?;
            draft.list = vec![Item::Read(barrier)];
        }
        self.push(draft);
        Ok(())
    }

    /// An address in brackets, whole in a register of 64 bits.
    fn whole_address(&mut self, operand: &Operand, space: Space) -> Translation<Register> {
        let (_, base, register, offset) = self.address(operand, space)?;
        let whole = self.fresh(Class::Wide);
        let sum = match base {
            Base::Wide => {
                compute!((x: u64; offset) -> u64 { x.wrapping_add(offset as u64) })
            }
            Base::Narrow => {
                compute!((x: u32; offset) -> u64 { x.wrapping_add(offset as u32).into() })
            }
            Base::Frame => return self.error("local memory takes no part in bulk copies"),
        };
        self.part(sum, whole, [register, None, None], offset);
        Ok(whole)
    }

    /// How many bytes a copy reads: a number, or none where a predicate says that the source is to be ignored.
    fn bytes_to_read(&mut self, size: &Operand, bytes: i64) -> Translation<Register> {
        let is_predicate = match size {
            Operand::Not(_) => true,
            size @ Operand::Name(_) => self
                .any_register(size)
                .is_ok_and(|register| register.is_some_and(|it| it.class == Class::Predicate)),
            _ => false,
        };
        if !is_predicate {
            return self.source(size, Class::Narrow, Type::U32);
        }
        let ignored = self.source(size, Class::Predicate, Type::Predicate)?;
        let read = self.fresh(Class::Narrow);
        let choose =
            compute!((ignored: bool; bytes) -> u32 { if ignored { 0 } else { bytes as u32 } });
        self.part(choose, read, [Some(ignored), None, None], bytes);
        Ok(read)
    }

    fn mbarrier(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let Some(what) = name.parts.get(1) else {
            return self.unsupported(name);
        };
        match what.as_str() {
            "init" => self.on_mbarrier(
                Mbarrier::Initialise,
                operands.first(),
                operands.get(1),
                None,
            ),
            "expect_tx" | "complete_tx" => {
                let [address, bytes] = self.exactly(operands)?;
                let kind = Mbarrier::Transfer {
                    is_complete: what == "complete_tx",
                };
                self.on_mbarrier(kind, Some(address), Some(bytes), None)
            }
            "inval" => self.on_mbarrier(Mbarrier::Invalidate, operands.first(), None, None),
            "arrive" | "arrive_drop" => {
                // With a result, or without (`_` where nobody wants it).
                let (result, rest) = match operands {
                    [Operand::Address(..), ..] => (None, operands),
                    [result, rest @ ..] => (Some(result), rest),
                    [] => return self.unsupported(name),
                };
                let result = result.filter(|result| **result != Operand::Name("_".to_owned()));
                let expects = name.has("expect_tx");
                if expects && rest.len() != 2 {
                    return self.unsupported(name);
                }
                let kind = Mbarrier::Arrive {
                    has_count: rest.len() > 1 && !expects,
                    expects,
                    drops: what == "arrive_drop",
                    completes: !name.has("noComplete"),
                    has_state: result.is_some(),
                };
                self.on_mbarrier(kind, rest.first(), rest.get(1), result)
            }
            "test_wait" | "try_wait" => {
                let [result, address, phase, ..] = operands else {
                    return self.unsupported(name);
                };
                let kind = Mbarrier::Test {
                    is_parity: name.has("parity"),
                };
                self.on_mbarrier(kind, Some(address), Some(phase), Some(result))
            }
            "pending_count" => {
                let [result, state] = self.exactly(operands)?;
                let mut draft = Draft::new(
                    Action::Mbarrier(Mbarrier::PendingCount),
                    self.description(Kind::Synchronise),
                );
                draft.a = Some(self.source(state, Class::Wide, Type::B64)?);
                draft.d = Some(self.destination(result, Class::Narrow)?);
                self.push(draft);
                Ok(())
            }
            _ => self.unsupported(name),
        }
    }

    fn on_mbarrier(
        &mut self,
        kind: Mbarrier,
        address: Option<&Operand>,
        argument: Option<&Operand>,
        result: Option<&Operand>,
    ) -> Translation {
        let Some(address) = address else {
            return self.error("an mbarrier has an address");
        };
        let (_, base, register, offset) = self.address(address, Space::Shared)?;
        let mut draft = Draft::new(Action::Mbarrier(kind), self.description(Kind::Synchronise));
        (draft.a, draft.immediate) = (register, offset);
        if let Some(argument) = argument {
            let class = match kind {
                Mbarrier::Test { is_parity: false } => Class::Wide,
                _ => Class::Narrow,
            };
            draft.b = Some(self.source(argument, class, Type::B32)?);
        }
        if let Some(result) = result {
            let class = match kind {
                Mbarrier::Test { .. } => Class::Predicate,
                _ => Class::Wide,
            };
            draft.d = Some(self.destination(result, class)?);
        }
        draft.list = vec![Item::Number(if base == Base::Narrow { 0 } else { 1 })];
        self.push(draft);
        Ok(())
    }
}

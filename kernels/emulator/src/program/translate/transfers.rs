//! Asynchronous copies, and the barriers that they tell.

use super::function::{FunctionTranslator, Translation};
use super::memory::without_hint;
use crate::machine::compute::{Compute, Element, Operands, Operation, compute};
use crate::machine::registers::{Class, Registers, WARP};
use crate::program::draft::{Draft, Item, Register};
use crate::program::operations::Name;
use crate::program::step::{Action, Base, Kind, Mbarrier};
use crate::syntax::{Operand, Space, Type};

impl FunctionTranslator<'_, '_> {
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

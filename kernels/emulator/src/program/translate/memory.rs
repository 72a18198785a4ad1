//! Loads and stores.

use super::function::{FunctionTranslator, Translation};
use super::operands::class_of;
use crate::machine::registers::Class;
use crate::program::draft::{Draft, Item, Register};
use crate::program::operations::Name;
use crate::program::step::{Access, Action, Base, Kind, Order};
use crate::syntax::{Operand, Space, Type};

/// The space that an instruction's name states.
pub(super) fn space_of(name: &Name) -> Space {
    name.parts[1..]
        .iter()
        .find_map(|part| Space::of_name(part))
        .unwrap_or(Space::Generic)
}

/// How strongly an instruction's name orders it.
pub(super) fn order_of(name: &Name) -> Order {
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
pub(super) fn without_hint<'o>(name: &Name, operands: &'o [Operand]) -> &'o [Operand] {
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
}

//! Matrices.

use super::function::{FunctionTranslator, Translation};
use crate::machine::registers::Class;
use crate::matrix::{Accumulator, Element, Layout, Matrix, Operation};
use crate::program::draft::{Draft, Item};
use crate::program::operations::Name;
use crate::program::step::{Action, Base, Fragment, Kind};
use crate::syntax::{Operand, Space, Type};

/// `m16n8k16`.
fn shape(name: &Name) -> Option<(usize, usize, usize)> {
    name.parts.iter().find_map(|part| {
        let (m, rest) = part.strip_prefix('m')?.split_once('n')?;
        let (n, k) = rest.split_once('k')?;
        Some((m.parse().ok()?, n.parse().ok()?, k.parse().ok()?))
    })
}

fn element(word: &str) -> Option<Element> {
    Some(match word {
        "f16" => Element::F16,
        "bf16" => Element::BF16,
        "tf32" => Element::TF32,
        "f64" => Element::F64,
        "s8" => Element::S8,
        "u8" => Element::U8,
        _ => return None,
    })
}

fn accumulator(word: &str) -> Option<Accumulator> {
    Some(match word {
        "f16" => Accumulator::F16,
        "f32" => Accumulator::F32,
        "s32" => Accumulator::S32,
        "f64" => Accumulator::F64,
        _ => return None,
    })
}

impl FunctionTranslator<'_, '_> {
    pub(super) fn matrices(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        match name.opcode() {
            "mma" => self.multiply(name, operands),
            "wmma" if name.has("mma") => self.multiply(name, operands),
            "wmma" => self.fragment(name, operands),
            "movmatrix" => {
                let [result, source] = self.exactly(operands)?;
                let mut draft = Draft::new(Action::MoveMatrix, self.description(Kind::Warp));
                draft.a = Some(self.source(source, Class::Narrow, Type::B32)?);
                draft.d = Some(self.destination(result, Class::Narrow)?);
                self.push(draft);
                Ok(())
            }
            _ => self.rows(name, operands),
        }
    }

    /// `ldmatrix` and `stmatrix`.
    fn rows(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let is_load = name.opcode() == "ldmatrix";
        let [first, second] = self.exactly(operands)?;
        let (registers, address) = if is_load {
            (first, second)
        } else {
            (second, first)
        };
        if !name.has("m8n8") {
            return self.unsupported(name);
        }
        let (space, base, register, offset) = self.address(address, Space::Shared)?;
        if base == Base::Frame || !matches!(space, Space::Shared) {
            return self.unsupported(name);
        }
        let is_transposed = name.has("trans");
        let mut list = vec![Item::Number(if base == Base::Narrow { 0 } else { 1 })];
        let count = self.list(registers, Class::Narrow, is_load, &mut list)?;
        let stated = match () {
            () if name.has("x1") => 1,
            () if name.has("x2") => 2,
            () if name.has("x4") => 4,
            () => 0,
        };
        if count != stated {
            return self.error(format!(
                "{} has {stated} registers, not {count}",
                name.parts.join(".")
            ));
        }
        let count = count as u8;
        let (action, kind) = match is_load {
            true => (
                Action::LoadMatrix {
                    count,
                    is_transposed,
                },
                Kind::Load(Space::Shared),
            ),
            false => (
                Action::StoreMatrix {
                    count,
                    is_transposed,
                },
                Kind::Store(Space::Shared),
            ),
        };
        let mut draft = Draft::new(action, self.description(kind));
        (draft.a, draft.immediate, draft.list) = (register, offset, list);
        self.push(draft);
        Ok(())
    }

    /// `mma.sync` and `wmma.mma`.
    fn multiply(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let [d, a, b, c] = self.exactly(operands)?;
        let Some((m, n, k)) = shape(name) else {
            return self.unsupported(name);
        };
        let words: Vec<&str> = name.parts[1..]
            .iter()
            .map(String::as_str)
            .filter(|part| Type::of_name(part).is_some())
            .collect();
        let (d_word, a_word, b_word, c_word) = match words[..] {
            [d, a, b, c] => (d, a, b, c),
            // wmma on f16 states the accumulators alone.
            [d, c] if name.opcode() == "wmma" => (d, "f16", "f16", c),
            _ => return self.unsupported(name),
        };
        let (Some(a_type), Some(b_type), Some(c_type), Some(d_type)) = (
            element(a_word),
            element(b_word),
            accumulator(c_word),
            accumulator(d_word),
        ) else {
            return self.unsupported(name);
        };
        let layouts: Vec<&str> = name
            .parts
            .iter()
            .map(String::as_str)
            .filter(|part| matches!(*part, "row" | "col"))
            .collect();
        if name.opcode() == "mma" && layouts != ["row", "col"]
            || name.has("sp")
            || name.has("kind::f8f6f4")
            || name.has("block_scale")
        {
            return self.unsupported(name);
        }
        let operation = Operation {
            m,
            n,
            k,
            a: a_type,
            b: b_type,
            c: c_type,
            d: d_type,
            saturate: name.has("satfinite"),
        };
        let is_known = matches!((m, n), (16, 8) | (8, 8) | (16, 16) | (32, 8) | (8, 32));
        if !is_known || !matches!(k, 4 | 8 | 16 | 32) {
            return self.unsupported(name);
        }
        let class = if a_type == Element::F64 {
            Class::Wide
        } else {
            Class::Narrow
        };
        let mut list = Vec::new();
        for (operand, matrix, is_written) in [
            (d, Matrix::D, true),
            (a, Matrix::A, false),
            (b, Matrix::B, false),
            (c, Matrix::C, false),
        ] {
            let mut own = Vec::new();
            let count = self.list(operand, class, is_written, &mut own)?;
            let needed = Layout::of(&operation, matrix).registers();
            if count < needed || needed == 0 {
                return self.error(format!(
                    "a matrix of {} has {needed} registers, not {count}",
                    name.parts.join(".")
                ));
            }
            list.extend(own.into_iter().take(needed));
        }
        self.tables.operations.push(operation);
        let number = self.tables.operations.len() as u32 - 1;
        let mut draft = Draft::new(Action::Multiply(number), self.description(Kind::Matrix));
        draft.description.operations = if a_type.integral() {
            1
        } else {
            (2 * m * n * k) as u32
        };
        draft.list = list;
        self.push(draft);
        Ok(())
    }

    /// `wmma.load` and `wmma.store`.
    fn fragment(&mut self, name: &Name, operands: &[Operand]) -> Translation {
        let is_load = name.has("load");
        let (registers, address, stride) = match (is_load, operands) {
            (true, [registers, address]) | (false, [address, registers]) => {
                (registers, address, None)
            }
            (true, [registers, address, stride]) | (false, [address, registers, stride]) => {
                (registers, address, Some(stride))
            }
            _ => return self.unsupported(name),
        };
        let (Some((m, n, k)), Some(word)) = (shape(name), name.parts.last()) else {
            return self.unsupported(name);
        };
        let is_row_major = name.has("row");
        let matrix = name.parts.get(2).map(String::as_str);
        let (layout, size, major) = match matrix {
            Some("a") => match element(word) {
                Some(element) => (Layout::left(m, k, element), size_of(element), k),
                None => return self.unsupported(name),
            },
            Some("b") => match element(word) {
                Some(element) => (Layout::right(k, n, element), size_of(element), n),
                None => return self.unsupported(name),
            },
            Some("c" | "d") => match accumulator(word) {
                Some(accumulator) => {
                    let size = match accumulator {
                        Accumulator::F16 => 2,
                        Accumulator::F64 => 8,
                        _ => 4,
                    };
                    (Layout::sum(m, n, accumulator), size, n)
                }
                None => return self.unsupported(name),
            },
            _ => return self.unsupported(name),
        };
        let minor = match (matrix, is_row_major) {
            (_, true) => major,
            (Some("b"), false) => k,
            (_, false) => m,
        };
        let stated = name.parts[1..]
            .iter()
            .find_map(|part| Space::of_name(part))
            .unwrap_or(Space::Generic);
        let (space, base, register, offset) = self.address(address, stated)?;
        let class = if size == 8 {
            Class::Wide
        } else {
            Class::Narrow
        };
        let mut list = Vec::new();
        let count = self.list(registers, class, is_load, &mut list)?;
        if layout.registers() == 0 || count < layout.registers() {
            return self.unsupported(name);
        }
        self.tables.fragments.push(Fragment {
            layout,
            size,
            is_row_major,
            space,
            base,
            count,
            class,
        });
        let number = self.tables.fragments.len() as u32 - 1;
        let (action, kind) = match is_load {
            true => (Action::LoadFragment(number), Kind::Load(space)),
            false => (Action::StoreFragment(number), Kind::Store(space)),
        };
        let mut draft = Draft::new(action, self.description(kind));
        (draft.a, draft.immediate, draft.list) = (register, offset, list);
        draft.c = Some(match stride {
            Some(stride) => self.source(stride, Class::Narrow, Type::U32)?,
            None => self.bits(Class::Narrow, minor as u64),
        });
        self.push(draft);
        Ok(())
    }
}

/// Bytes of an element in memory.
fn size_of(element: Element) -> u8 {
    match element {
        Element::F16 | Element::BF16 => 2,
        Element::TF32 => 4,
        Element::F64 => 8,
        _ => 1,
    }
}

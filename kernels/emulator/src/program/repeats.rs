//! Products one behind the other that have one left factor: it is widened once.

use super::draft::{Draft, Item};
use crate::matrix::{Layout, Matrix, Operation};

/// The left factor of the last product, seen draft by draft, as long as nothing but steps of a straight run follows it and none
/// of them writes its registers. Such a run is executed from anywhere to its end, or stops and is begun anew: what the first
/// product of it widened is there for the second.
#[derive(Default)]
pub(crate) struct Repeats<'d> {
    last: Option<(Operation, &'d [Item])>,
}

impl<'d> Repeats<'d> {
    /// Whether the next draft, a product of an operation, has the left factor of the one before.
    pub(crate) fn is_repeated(&self, draft: &Draft, operation: &Operation) -> bool {
        let is_alike =
            |last: &Operation| (last.m, last.k, last.a) == (operation.m, operation.k, operation.a);
        self.last.is_some_and(|(last, items)| {
            draft.is_plain() && is_alike(&last) && items == left(draft, operation)
        })
    }

    /// Goes on behind a draft; of a product, with its operation.
    pub(crate) fn pass(&mut self, draft: &'d Draft, operation: Option<&Operation>) {
        if let Some(operation) = operation {
            self.last = Some((*operation, left(draft, operation)));
        }
        let is_written = |items: &[Item]| {
            let mut written = draft.writes();
            written.any(|register| items.contains(&Item::Read(register)))
        };
        if !draft.is_plain() || self.last.is_some_and(|(_, items)| is_written(items)) {
            self.last = None;
        }
    }
}

/// The registers of the left factor: they are listed behind those of the result.
fn left<'d>(draft: &'d Draft, operation: &Operation) -> &'d [Item] {
    let count = |matrix| Layout::of(operation, matrix).registers();
    &draft.list[count(Matrix::D)..][..count(Matrix::A)]
}

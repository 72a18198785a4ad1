//! `.loc`: which line of the source a statement was written on.

use super::{Parsed, Parser};
use crate::syntax::Location;

impl Parser<'_> {
    /// `.loc 1 3 0`, or `.loc 2 7 5, function_name label, inlined_at 1 3 0`, where the latter may have been inlined itself.
    ///
    /// Of all lines from the innermost to the outermost, it is the first in the outermost's file that counts: the one that
    /// somebody wrote, and not that of a header.
    pub(super) fn source_location(&mut self) -> Parsed<()> {
        self.advance()?;
        let own = self.place()?;
        self.callers.remove(&own);
        while self.take(b',')? {
            match self.word()? {
                "function_name" => {
                    self.word()?;
                    if self.take(b'+')? {
                        self.integer()?;
                    }
                }
                "inlined_at" => {
                    let caller = self.place()?;
                    self.callers.insert(own, caller);
                }
                _ => return self.error("expected function_name or inlined_at"),
            }
        }
        let next = |place: &(u32, u32, u32)| self.callers.get(place).copied();
        // As deep as nobody inlines; text that is no compiler's may go round in circles.
        let chain = || std::iter::successors(Some(own), next).take(64);
        let file = chain().last().map_or(own.0, |outermost| outermost.0);
        let written = chain().find(|place| place.0 == file).unwrap_or(own);
        self.location = Some(Location {
            file: written.0,
            line: written.1,
        });
        Ok(())
    }

    /// A file, a line, and a column.
    fn place(&mut self) -> Parsed<(u32, u32, u32)> {
        let (file, line) = (self.number()?, self.number()?);
        let column = self.integer()?;
        Ok((file, line, u32::try_from(column).unwrap_or(0)))
    }
}

//! What the assembler says of a kernel's registers and memory, read from its log.
//!
//! ```text
//! ptxas info    : Compiling entry function 'largest' for 'sm_80'
//! ptxas info    : Function properties for largest
//!     0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
//! ptxas info    : Used 25 registers, used 1 barriers, 1024 bytes smem, 372 bytes cmem[0]
//! ```

use serde::{Deserialize, Serialize};

/// What one thread, or for shared memory one block, of a kernel takes on a device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resources {
    /// The kernel.
    pub entry: String,
    /// Registers a thread.
    pub registers: u32,
    /// Bytes of local memory a thread.
    pub stack_bytes: u32,
    /// Bytes that a thread stores because registers ran out.
    pub spill_store_bytes: u32,
    /// Bytes that it loads back.
    pub spill_load_bytes: u32,
    /// Bytes of shared memory that a block has beside what its launch asks for.
    pub shared_bytes: u32,
}

/// Reads the log of `--ptxas-options=-v`, kernels in its order.
pub(super) fn parse(log: &str) -> Vec<Resources> {
    let mut found: Vec<Resources> = Vec::new();
    let mut counts = true;
    for line in log.lines() {
        if let Some((_, rest)) = line.split_once("Compiling entry function '") {
            let entry = rest.split('\'').next().unwrap_or_default().to_owned();
            found.push(Resources {
                entry,
                ..Resources::default()
            });
        }
        let Some(last) = found.last_mut() else {
            continue;
        };
        // Device functions that were not inlined have properties of their own.
        if let Some((_, name)) = line.split_once("Function properties for ") {
            counts = name.trim() == last.entry;
        }
        if counts && line.contains("bytes stack frame") {
            last.stack_bytes = before(line, " bytes stack frame");
            last.spill_store_bytes = before(line, " bytes spill stores");
            last.spill_load_bytes = before(line, " bytes spill loads");
        }
        if line.contains(": Used ") {
            last.registers = before(line, " registers");
            last.shared_bytes = before(line, " bytes smem");
        }
    }
    found
}

/// The number before some words, 0 if they are not there.
fn before(line: &str, words: &str) -> u32 {
    let Some((head, _)) = line.split_once(words) else {
        return 0;
    };
    let digits = head.rsplit(|c: char| !c.is_ascii_digit()).next();
    digits.and_then(|text| text.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kernel_has_its_registers_spills_and_memory() {
        let log = "\
ptxas info    : 0 bytes gmem
ptxas info    : Compiling entry function 'first' for 'sm_80'
ptxas info    : Function properties for first
    8 bytes stack frame, 4 bytes spill stores, 12 bytes spill loads
ptxas info    : Used 25 registers, used 1 barriers, 1024 bytes smem, 372 bytes cmem[0]
ptxas info    : Compiling entry function 'second' for 'sm_80'
ptxas info    : Function properties for second
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 8 registers, 360 bytes cmem[0]
";
        let found = parse(log);
        assert_eq!(found.len(), 2);
        let first = Resources {
            entry: "first".to_owned(),
            registers: 25,
            stack_bytes: 8,
            spill_store_bytes: 4,
            spill_load_bytes: 12,
            shared_bytes: 1024,
        };
        assert_eq!(found[0], first);
        assert_eq!((found[1].registers, found[1].shared_bytes), (8, 0));
    }
}

//! Machine code for one architecture.

/// A whole cubin as the compiler made it. Nothing else can make one: whoever loads it may trust that its header tells the
/// truth about its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cubin(Vec<u8>);

impl Cubin {
    /// What the compiler handed over.
    pub(super) fn of_compiler(bytes: Vec<u8>) -> Result<Self, String> {
        match bytes.starts_with(b"\x7fELF") {
            true => Ok(Cubin(bytes)),
            false => Err("the machine code is no ELF file".to_owned()),
        }
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_elf_file_is_refused() {
        assert!(Cubin::of_compiler(Vec::new()).is_err());
        assert!(Cubin::of_compiler(b"\x7fELF\x02".to_vec()).is_ok());
    }
}

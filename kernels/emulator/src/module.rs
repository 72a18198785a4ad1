//! Modules: PTX text, ready to be loaded.

use crate::program::{Program, translate};
use crate::syntax::{self, ParseError};
use std::sync::Arc;

/// A module: kernels, functions and variables.
#[derive(Clone)]
pub struct Module {
    pub(crate) program: Arc<Program>,
}

/// A kernel's parameter, as its declaration has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelParameter {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: usize,
    /// Its alignment in bytes.
    pub alignment: usize,
}

impl Module {
    /// Reads PTX.
    ///
    /// # Errors
    /// Text that is no PTX, or PTX that is not supported: the line and the reason. What a module's text says is checked
    /// now and not when a kernel comes to it.
    pub fn parse(text: &str) -> Result<Module, ParseError> {
        let tree = syntax::parse(text)?;
        Ok(Module {
            program: Arc::new(translate(&tree)?),
        })
    }

    /// The names of the kernels, sorted.
    pub fn kernels(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.program.entries.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// The parameters of a kernel.
    pub fn parameters(&self, kernel: &str) -> Option<Vec<KernelParameter>> {
        let entry = self.program.entries.get(kernel)?;
        let parameters = entry.parameters.iter().map(|parameter| KernelParameter {
            name: parameter.name.clone(),
            bytes: parameter.bytes,
            alignment: parameter.alignment,
        });
        Some(parameters.collect())
    }

    /// The static shared memory of a kernel's blocks, in bytes.
    pub fn static_shared_bytes(&self, kernel: &str) -> Option<usize> {
        Some(self.program.entries.get(kernel)?.static_shared)
    }
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Module")
            .field("kernels", &self.kernels())
            .finish()
    }
}

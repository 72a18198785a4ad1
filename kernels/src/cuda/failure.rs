//! What the driver's error codes mean for a kernel.

use crate::device::DeviceError;
use crate::fault::{Fault, FaultKind};

/// A call of the driver that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// Which one, as `cuLaunchKernel`.
    pub(super) call: &'static str,
    /// A number of `CUresult`.
    pub(super) code: u32,
    /// What the driver says of it.
    pub(super) text: String,
}

pub(super) const INVALID_VALUE: u32 = 1;
pub(super) const OUT_OF_MEMORY: u32 = 2;
const INVALID_IMAGE: u32 = 200;
const NO_BINARY: u32 = 209;
const INVALID_PTX: u32 = 218;
const NO_JIT: u32 = 221;
const UNSUPPORTED_PTX: u32 = 222;
const NOT_FOUND: u32 = 500;
const OUT_OF_RESOURCES: u32 = 701;
const NOT_SUPPORTED: u32 = 801;

impl Failure {
    /// What a running kernel did, if that is what the code says.
    pub(super) fn fault(&self) -> Option<FaultKind> {
        Some(match self.code {
            700 | 717 => FaultKind::OutOfBounds, // an illegal address; an address of another space
            702 => FaultKind::EndlessLoop,       // the watchdog of a display
            710 => FaultKind::AssertionFailed,
            714 => FaultKind::StackOverflow,
            715 | 719 => FaultKind::Trap, // an illegal instruction; a launch that failed for no known reason
            716 => FaultKind::Misaligned,
            718 => FaultKind::BadCall, // the counter of instructions left the program
            _ => return None,
        })
    }

    /// What a failed call means where a launch may have failed before it.
    pub(super) fn error(&self) -> DeviceError {
        match self.fault() {
            Some(kind) => DeviceError::Fault(Fault {
                kind,
                detail: format!("{} (the driver knows no line)", self.text),
                line: None,
            }),
            None => DeviceError::Failed(self.to_string()),
        }
    }

    /// What a failed launch means. One that no device would accept is the kernel's own doing: its plan says grid, block
    /// and shared memory.
    pub(super) fn error_of_launch(&self, entry: &str) -> DeviceError {
        match self.code {
            INVALID_VALUE | OUT_OF_RESOURCES => DeviceError::Fault(Fault {
                kind: FaultKind::Trap,
                detail: format!("`{entry}` cannot be launched so: {}", self.text),
                line: None,
            }),
            NOT_FOUND => DeviceError::Failed(format!("no kernel `{entry}` was loaded")),
            _ => self.error(),
        }
    }

    /// What a failed loading means; `log` is what the assembler said.
    pub(super) fn error_of_load(&self, log: &str) -> DeviceError {
        match self.code {
            UNSUPPORTED_PTX => DeviceError::Unsupported(
                "the driver does not know PTX of this version: it takes a driver of the compiler's CUDA or later (580 \
                 for 13.0)"
                    .to_owned(),
            ),
            INVALID_IMAGE | NO_BINARY | INVALID_PTX | NO_JIT | NOT_SUPPORTED => {
                let log = log.trim();
                let separator = if log.is_empty() { "" } else { ": " };
                DeviceError::Unsupported(format!("{}{separator}{log}", self.text))
            }
            _ => self.error(),
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} ({})", self.call, self.text, self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(code: u32) -> Failure {
        Failure {
            call: "cuStreamSynchronize",
            code,
            text: "words of the driver".to_owned(),
        }
    }

    #[test]
    fn what_a_running_kernel_did_is_a_fault() {
        let kind = |code| match failure(code).error() {
            DeviceError::Fault(fault) => Some(fault.kind),
            _ => None,
        };
        assert_eq!(kind(700), Some(FaultKind::OutOfBounds));
        assert_eq!(kind(716), Some(FaultKind::Misaligned));
        assert_eq!(kind(719), Some(FaultKind::Trap));
        assert_eq!(kind(999), None);
        assert_eq!(kind(OUT_OF_MEMORY), None);
    }

    #[test]
    fn a_launch_that_no_device_accepts_is_the_kernels_doing() {
        let error = failure(INVALID_VALUE).error_of_launch("a");
        assert!(matches!(error, DeviceError::Fault(_)), "{error}");
        // The same code elsewhere is the judge's own mistake.
        let error = failure(INVALID_VALUE).error();
        assert!(matches!(error, DeviceError::Failed(_)), "{error}");
    }

    #[test]
    fn ptx_that_the_driver_does_not_know_is_unsupported_with_the_assemblers_words() {
        let error = failure(INVALID_PTX).error_of_load("ptxas: line 7\n");
        assert_eq!(error.to_string(), "words of the driver: ptxas: line 7");
        let error = failure(UNSUPPORTED_PTX).error_of_load("");
        assert!(matches!(error, DeviceError::Unsupported(_)), "{error}");
    }
}

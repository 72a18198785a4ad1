//! A kernel, as it is judged on a device.

use kernels::plan::Takes;
use vocabulary::Target;

/// A kernel for a device.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// The device.
    pub target: Target,
    /// The file as messages name it.
    pub file: String,
    /// The file.
    pub source: String,
    /// The same, compiled; or why there is none.
    pub ptx: Result<String, String>,
    /// The cases that it is for.
    pub takes: Takes,
    /// The fault that it must be caught at, if it is wrong in that way.
    pub fault: Option<String>,
}

impl Kernel {
    /// A shipped kernel on a device.
    pub fn of_variant(variant: &kernels::Variant, target: Target) -> Self {
        let ptx = variant.ptx().map(str::to_owned);
        Kernel {
            target,
            file: variant.path.clone(),
            source: variant.source.clone(),
            ptx: ptx.map_err(|stale| stale.to_string()),
            takes: variant.plan.takes.clone(),
            fault: variant.plan.fault.map(|fault| fault.to_string()),
        }
    }
}

//! Runs the kernels of `wrong.cu`, of which each line at fault ends with the kernel's name.

use crate::common::{Bench, settings};
use ptx_emulator::{Argument, DeviceError, Fault, FaultKind, Launch};

const SOURCE: &str = include_str!("wrong.cu");
const TEXT: &str = include_str!("wrong.ptx");

/// A device with the kernels, watched.
pub(crate) fn bench() -> Bench {
    Bench::new(TEXT, settings(true))
}

/// The line at fault of a kernel.
fn line_of(kernel: &str) -> u32 {
    let mark = format!("// {kernel}");
    let lines = SOURCE.lines().zip(1..);
    let mut lines = lines.filter(|(line, _)| line.ends_with(&mark));
    lines.next().expect("the line is marked").1
}

/// The fault of a launch, which must be of a kind and on the marked line.
pub(crate) fn fault(
    bench: &mut Bench,
    kernel: &str,
    launch: Launch,
    arguments: &[Argument],
    kind: FaultKind,
) -> Fault {
    let error = match bench.launch(kernel, launch, arguments) {
        Ok(_) => panic!("nothing was found in {kernel}"),
        Err(error) => error,
    };
    let DeviceError::Fault(fault) = error else {
        panic!("{kernel}: {error}");
    };
    assert_eq!(fault.kind, kind, "{fault}");
    assert_eq!(fault.kernel, kernel);
    assert_eq!(
        (fault.line.file.as_str(), fault.line.line),
        ("wrong.cu", line_of(kernel)),
        "{fault}"
    );
    *fault
}

//! Two small kernels that tell what a device can do at most: copy, and multiply and add.

use vocabulary::ElementType;

use crate::plan::{Field, Interface, Length, Plan};

/// A kernel that measures the device.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calibration {
    /// The kernel's name.
    pub(crate) entry: &'static str,
    /// Its file in the repository.
    pub(crate) path: &'static str,
    /// The source, its plan at its top.
    pub(crate) source: &'static str,
    /// The same, compiled.
    pub(crate) ptx: &'static str,
}

/// The folder of these kernels in the repository.
pub(crate) const FOLDER: &str = "kernels/calibration";

/// Copies `from` to `to`, both `i32` and a multiple of 4 long.
pub(crate) const COPY: Calibration = Calibration {
    entry: "judge_copy",
    path: "kernels/calibration/copy.cu",
    source: include_str!("../calibration/copy.cu"),
    ptx: include_str!("../calibration/copy.ptx"),
};

/// Multiplies and adds in registers.
pub(crate) const RATE: Calibration = Calibration {
    entry: "judge_rate",
    path: "kernels/calibration/rate.cu",
    source: include_str!("../calibration/rate.cu"),
    ptx: include_str!("../calibration/rate.ptx"),
};

/// Threads of a block of [`RATE`].
pub(crate) const RATE_BLOCK: u32 = 256;
/// Operations of a thread of [`RATE`] in a round: eight chains, two operations each.
pub(crate) const RATE_OPERATIONS: u64 = 16;
/// Rounds that tell the clock: some 20 microseconds.
#[cfg(feature = "cuda")]
pub(crate) const TICK_ROUNDS: i32 = 256;

/// Blocks of [`RATE`] that fill a device of so many multiprocessors, and their threads.
pub(crate) fn rate_extent(processors: u32) -> (u32, u64) {
    let blocks = 8 * processors.max(1);
    (blocks, u64::from(blocks) * u64::from(RATE_BLOCK))
}

impl Calibration {
    /// The plan of the source.
    ///
    /// # Panics
    /// If it has none: a test sees it before anybody else does.
    pub(crate) fn plan(&self) -> Plan {
        match Plan::find(self.source, self.path) {
            Ok(Some(plan)) => plan,
            other => panic!("{}: {other:?}", self.path),
        }
    }

    /// What goes in and out.
    pub(crate) fn interface(&self) -> Interface {
        let field = |name: &str, element: ElementType, length| Field {
            name: name.to_owned(),
            element: element.into(),
            length,
            optional: false,
        };
        let of = |text: &str| Length::Of(text.parse().expect("an expression"));
        if self.entry == COPY.entry {
            return Interface {
                inputs: vec![field("from", ElementType::I32, Length::Any)],
                outputs: vec![field("to", ElementType::I32, of("from_length"))],
            };
        }
        Interface {
            inputs: vec![
                field("blocks", ElementType::I32, Length::Scalar),
                field("rounds", ElementType::I32, Length::Scalar),
            ],
            outputs: vec![field("sums", ElementType::F32, of("256 * blocks"))],
        }
    }
}

#[cfg(test)]
mod tests {
    use vocabulary::{Array, Arrays};

    use super::*;
    use crate::device::Device;
    use crate::{Counters, EmulatedDevice, Settings, committed, run};

    fn emulated(calibration: &Calibration, inputs: &Arrays) -> (Arrays, Counters) {
        let (plan, interface) = (calibration.plan(), calibration.interface());
        plan.check(&interface).expect("the plan fits");
        plan.check_entries(&interface, calibration.ptx)
            .expect("the kernel fits");
        let mut device = EmulatedDevice::new(Settings::default());
        let module = device.load(calibration.ptx).expect("it is known");
        let outputs = run(&mut device, module, &plan, &interface, inputs).expect("it runs");
        (outputs, device.take_counters())
    }

    #[test]
    fn their_ptx_is_fresh() {
        for calibration in [COPY, RATE] {
            let fresh = committed::verify(calibration.ptx, calibration.source, &calibration.plan());
            assert_eq!(fresh, Ok(()), "{}", calibration.path);
        }
    }

    #[test]
    fn the_copy_moves_every_byte_once_each_way() {
        let numbers: Vec<i32> = (0..4096).collect();
        let mut inputs = Arrays::new();
        inputs.set("from", Array::I32(numbers.clone()));
        let (outputs, counters) = emulated(&COPY, &inputs);
        assert_eq!(outputs.get("to"), Some(&Array::I32(numbers)));
        let sectors = 4096 * 4 / 32;
        assert_eq!(counters.global_load_sectors, sectors);
        assert_eq!(counters.global_store_sectors, sectors);
    }

    #[test]
    fn the_rate_does_as_many_operations_as_are_counted() {
        let (blocks, rounds) = (3, 20);
        let mut inputs = Arrays::new();
        inputs.set("blocks", Array::I32(vec![blocks]));
        inputs.set("rounds", Array::I32(vec![rounds]));
        let (outputs, counters) = emulated(&RATE, &inputs);
        let chain = |mut value: f32| {
            for _ in 0..rounds {
                value = value.mul_add(0.5, 1.0);
            }
            value
        };
        let sum = (0..8).fold(0.0, |sum, index| sum + chain(index as f32));
        assert_eq!(outputs.get("sums"), Some(&Array::F32(vec![sum; 768])));
        // Beside the chains, each thread sums them up.
        let threads = 768;
        let operations = threads * (RATE_OPERATIONS * rounds as u64);
        let counted = counters.floating_point_operations;
        assert!(
            (operations..=operations + 8 * threads).contains(&counted),
            "{counted}"
        );
    }
}

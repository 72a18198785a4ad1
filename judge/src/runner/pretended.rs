//! Kernels on a GPU that is none: the emulator with a clock that says what a test wants, to try the way of a timed round.

use kernels::compiler::Cubin;
use kernels::cuda::{Cache, Gpu, Presence};
use kernels::device::{Address, Device, DeviceError, LaunchOf, Mark, ModuleId};
use kernels::roofline::Roofs;
use kernels::{EmulatedDevice, Settings};
use vocabulary::{CaseName, Target, Verdict};

use super::graphics::Graphics;
use super::kernel::{Devices, rounds};
use super::protocol::{Answer, Done, KernelAnswer, PROTOCOL_VERSION, Request};

struct Pretended {
    emulator: EmulatedDevice,
    presence: Presence,
    is_dead: bool,
}

impl Device for Pretended {
    fn target(&self) -> Target {
        Target::Cuda
    }
    fn name(&self) -> &str {
        &self.presence.name
    }
    fn load(&mut self, ptx: &str) -> Result<ModuleId, DeviceError> {
        self.emulator.load(ptx)
    }
    fn unload(&mut self, module: ModuleId) {
        self.emulator.unload(module);
    }
    fn allocate(&mut self, bytes: u64, name: &str) -> Result<Address, DeviceError> {
        self.emulator.allocate(bytes, name)
    }
    fn free(&mut self, address: Address) {
        self.emulator.free(address);
    }
    fn write(&mut self, address: Address, bytes: &[u8]) -> Result<(), DeviceError> {
        self.emulator.write(address, bytes)
    }
    fn read(&mut self, address: Address, bytes: &mut [u8]) -> Result<(), DeviceError> {
        self.emulator.read(address, bytes)
    }
    fn fill(&mut self, address: Address, element: &[u8], count: u64) -> Result<(), DeviceError> {
        self.emulator.fill(address, element, count)
    }
    fn poison(&mut self, address: Address, bytes: u64) -> Result<(), DeviceError> {
        self.emulator.poison(address, bytes)
    }
    fn launch(&mut self, module: ModuleId, launch: &LaunchOf<'_>) -> Result<(), DeviceError> {
        let launched = self.emulator.launch(module, launch);
        self.is_dead |= matches!(launched, Err(DeviceError::Fault(_)));
        launched
    }
    fn synchronise(&mut self) -> Result<(), DeviceError> {
        Ok(())
    }
    fn mark(&mut self) -> Result<Mark, DeviceError> {
        Ok(Mark(0))
    }
    fn elapsed(&mut self, _: Mark, _: Mark) -> Result<Option<f64>, DeviceError> {
        Ok(Some(5_000.0))
    }
}

impl Gpu for Pretended {
    fn presence(&self) -> &Presence {
        &self.presence
    }
    fn load_cubin(&mut self, _: &Cubin) -> Result<ModuleId, DeviceError> {
        Err(DeviceError::Unsupported("it knows no cubin".to_owned()))
    }
    fn set_cache(&mut self, _: Cache) {}
    fn clock(&mut self) -> Result<Option<f64>, DeviceError> {
        Ok(Some(1.0))
    }
    fn is_dead(&self) -> bool {
        self.is_dead
    }
}

fn pretended(bytes_per_second: f64) -> Devices {
    let presence = Presence {
        name: "pretended".to_owned(),
        architecture: 80,
        driver: (13, 0),
        cache_bytes: 0,
        processors: 1,
    };
    let gpu = Pretended {
        emulator: EmulatedDevice::new(Settings::default()),
        presence,
        is_dead: false,
    };
    let roofs = Roofs {
        bytes_per_second,
        operations_per_second: 1e12,
        cache_bytes: 0,
    };
    Devices {
        graphics: Some(Ok(Graphics::of(Box::new(gpu), roofs))),
    }
}

/// Runs a shipped kernel of the sliding window on a case as if it were on a GPU.
fn run(name: &str, case: &str, timed: bool, devices: &mut Devices) -> Done {
    let variants = kernels::variants();
    let mut variants = variants.iter();
    let variant = variants.find(|v| v.problem == "sliding_window_maximum" && v.name == name);
    let variant = variant.expect("it is shipped");
    let kernel = KernelAnswer {
        target: Target::Cuda,
        file: variant.path.clone(),
        source: variant.source.to_owned(),
        ptx: variant.ptx().expect("it is fresh").to_owned(),
    };
    let problem = problems::find("sliding_window_maximum").expect("it is known");
    let case: CaseName = case.parse().expect("a name");
    let id = problem.resolve(&case.with_seed(1)).expect("a case");
    let request = Request {
        version: PROTOCOL_VERSION,
        answer: Answer::Kernel(kernel.clone()),
        case: id.clone(),
        input: None,
        rounds: 1,
        timed,
        counted: false,
        unchecked: false,
        memory: 1 << 30,
    };
    let case = problem.case(&id).expect("it is built");
    rounds(&kernel, case.as_ref(), &request, devices)
}

const CASE: &str = "sliding_window_maximum/random@1000";

#[test]
fn a_timed_round_gives_one_time_and_says_what_part_of_the_roof_it_reached() {
    let done = run("shared_tile", CASE, true, &mut pretended(1e10));
    assert_eq!(done.verdict, Verdict::Accepted, "{}", done.detail);
    let walls: Vec<u64> = done.timings.iter().map(|timing| timing.wall_ns).collect();
    assert_eq!(walls, [5_000]);
    assert!(
        done.detail.contains("of the 10 GB/s that a copy gets"),
        "{}",
        done.detail
    );
    assert!(done.detail.contains("; cold 5.00"), "{}", done.detail);
    // 1000 numbers in, and as many maxima as there are windows out, in 5 microseconds at 10 GB/s.
    let fraction = done.roofline_fraction.expect("its roof is known");
    assert!((0.08..=0.16).contains(&fraction), "{fraction}");
    assert!(!done.is_last);
}

#[test]
fn a_time_below_that_of_the_bytes_is_kept_back() {
    let done = run("shared_tile", CASE, true, &mut pretended(1e6));
    assert_eq!(done.verdict, Verdict::Accepted, "{}", done.detail);
    assert!(done.timings.is_empty());
    assert!(done.detail.contains("is not believed"), "{}", done.detail);
}

#[test]
fn without_times_one_round_is_run_and_its_time_holds_the_limit() {
    let done = run("shared_tile", CASE, false, &mut pretended(1e10));
    assert_eq!((done.verdict, done.timings.len()), (Verdict::Accepted, 1));
    assert_eq!(done.detail, "");
}

#[test]
fn without_a_gpu_a_kernel_is_skipped_with_the_reason() {
    let mut devices = Devices {
        graphics: Some(Err("no GPU in this test".to_owned())),
    };
    let done = run("shared_tile", CASE, true, &mut devices);
    assert_eq!(done.verdict, Verdict::Skipped);
    assert_eq!(done.detail, "no GPU in this test");
}

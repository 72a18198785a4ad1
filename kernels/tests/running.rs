//! The runner on a device that is a few closures over byte vectors.

use std::collections::BTreeMap;

use kernels::device::{Address, Device, DeviceError, LaunchOf, Mark, ModuleId};
use kernels::plan::{Field, Interface, Length, Plan};
use kernels::{Fault, FaultKind, Limits, RunError, Session, run};
use vocabulary::{Array, Arrays, ElementType, Target, Verdict};

const POISON: u8 = 0xA5;

/// Memory is a map of vectors; kernels are known by name.
#[derive(Default)]
struct Fake {
    memory: BTreeMap<u64, Vec<u8>>,
    allocations: u64,
    launched: Vec<String>,
}

impl Fake {
    fn integer(&self, address: u64, index: usize) -> i32 {
        let bytes = &self.memory[&address][4 * index..4 * index + 4];
        i32::from_le_bytes(bytes.try_into().unwrap())
    }

    fn set(&mut self, address: u64, index: usize, value: i32) {
        let memory = self.memory.get_mut(&address).expect("live memory");
        memory[4 * index..4 * index + 4].copy_from_slice(&value.to_le_bytes());
    }
}

impl Device for Fake {
    fn target(&self) -> Target {
        Target::Emulator
    }
    fn name(&self) -> &str {
        "fake"
    }
    fn load(&mut self, _: &str) -> Result<ModuleId, DeviceError> {
        Ok(ModuleId(1))
    }
    fn unload(&mut self, _: ModuleId) {}
    fn allocate(&mut self, bytes: u64, _: &str) -> Result<Address, DeviceError> {
        self.allocations += 1;
        self.memory
            .insert(self.allocations, vec![0; bytes as usize]);
        Ok(Address(self.allocations))
    }
    fn free(&mut self, address: Address) {
        self.memory.remove(&address.0).expect("freed once");
    }
    fn write(&mut self, address: Address, bytes: &[u8]) -> Result<(), DeviceError> {
        self.memory.get_mut(&address.0).unwrap()[..bytes.len()].copy_from_slice(bytes);
        Ok(())
    }
    fn read(&mut self, address: Address, bytes: &mut [u8]) -> Result<(), DeviceError> {
        bytes.copy_from_slice(&self.memory[&address.0][..bytes.len()]);
        Ok(())
    }
    fn fill(&mut self, address: Address, element: &[u8], count: u64) -> Result<(), DeviceError> {
        self.write(address, &element.repeat(count as usize))
    }
    fn poison(&mut self, address: Address, bytes: u64) -> Result<(), DeviceError> {
        self.fill(address, &[POISON], bytes)
    }
    fn launch(&mut self, _: ModuleId, launch: &LaunchOf<'_>) -> Result<(), DeviceError> {
        let value = |index: usize| {
            let mut bytes = launch.arguments[index].clone();
            bytes.resize(8, 0);
            u64::from_le_bytes(bytes.try_into().unwrap())
        };
        let arguments: Vec<u64> = (0..launch.arguments.len()).map(value).collect();
        self.launched
            .push(format!("{}{:?}", launch.entry, &launch.grid[..1]));
        match (launch.entry, &arguments[..]) {
            // to[i] = from[i] + amount
            ("add", [from, amount, to]) => {
                for index in 0..launch.grid[0] as usize {
                    let sum = self.integer(*from, index).wrapping_add(*amount as i32);
                    self.set(*to, index, sum);
                }
            }
            ("subtract_one", [of]) => self.set(*of, 0, self.integer(*of, 0) - 1),
            ("crash", []) => {
                return Err(DeviceError::Fault(Fault {
                    kind: FaultKind::OutOfBounds,
                    detail: "line 9".to_owned(),
                    line: Some(9),
                }));
            }
            ("nothing", _) => {}
            other => panic!("{other:?}"),
        }
        Ok(())
    }
    fn synchronise(&mut self) -> Result<(), DeviceError> {
        Ok(())
    }
    fn mark(&mut self) -> Result<Mark, DeviceError> {
        Ok(Mark(0))
    }
    fn elapsed(&mut self, _: Mark, _: Mark) -> Result<Option<f64>, DeviceError> {
        Ok(None)
    }
}

fn interface(output: Length) -> Interface {
    let field = |name: &str, element: ElementType, length| Field {
        name: name.to_owned(),
        element: element.into(),
        length,
        optional: false,
    };
    Interface {
        inputs: vec![
            field("n", ElementType::I64, Length::Scalar),
            field(
                "numbers",
                ElementType::I32,
                Length::Of("n".parse().unwrap()),
            ),
        ],
        outputs: vec![field("sums", ElementType::I32, output)],
    }
}

fn inputs() -> Arrays {
    let mut inputs = Arrays::new();
    inputs.set("n", Array::I64(vec![3]));
    inputs.set("numbers", Array::I32(vec![1, 2, 3]));
    inputs
}

fn plan(text: &str, interface: &Interface) -> Plan {
    let source = format!("/* judge:\n{text}*/");
    let plan = Plan::find(&source, "my.cu").unwrap_or_else(|error| panic!("{error}"));
    let plan = plan.expect("a plan");
    plan.check(interface)
        .unwrap_or_else(|error| panic!("{error}"));
    plan
}

/// Runs a plan on the three numbers; the output is as long as `output` says.
fn ran(text: &str, output: Length) -> (Result<Arrays, RunError>, Fake) {
    let interface = interface(output);
    let plan = plan(text, &interface);
    let mut fake = Fake::default();
    let result = run(&mut fake, ModuleId(1), &plan, &interface, &inputs());
    assert!(fake.memory.is_empty(), "all memory is given back");
    (result, fake)
}

fn of_n() -> Length {
    Length::Of("n".parse().unwrap())
}

const NEXT_AND_ROW: &str = "[[buffer]]\nname = \"row\"\ntype = \"i32\"\nlength = \"n\"\nfill = 5\n\
                            [[buffer]]\nname = \"next\"\ntype = \"i32\"\nlength = \"n\"\n";

#[test]
fn a_launch_reads_the_input_and_writes_the_output() {
    let text = "[[launch]]\nentry = \"add\"\ngrid = \"n\"\nblock = 1\narguments = [\"numbers\", \"n * 10\", \"sums\"]\n";
    let (result, _) = ran(text, of_n());
    assert_eq!(
        result.unwrap().get("sums"),
        Some(&Array::I32(vec![31, 32, 33]))
    );
}

#[test]
fn two_buffers_change_names_every_round_and_keep_them() {
    let text = NEXT_AND_ROW.to_owned()
        + "[[launch]]\nrepeat = \"n\"\nswap = [\"row\", \"next\"]\nentry = \"add\"\ngrid = \"n\"\nblock = 1\narguments = [\"row\", \"pass + 1\", \"next\"]\n\
           [[launch]]\nentry = \"add\"\ngrid = \"n\"\nblock = 1\narguments = [\"row\", \"0 * n\", \"sums\"]\n";
    let (result, _) = ran(&text, of_n());
    assert_eq!(result.unwrap().get("sums"), Some(&Array::I32(vec![11; 3])));
}

#[test]
fn a_counter_of_the_device_ends_a_loop() {
    let counter = "[[buffer]]\nname = \"left\"\ntype = \"i32\"\nlength = 1\nfill = 4\n";
    let launch = |most: i64| {
        format!(
            "{counter}[[launch]]\nrepeat = {most}\nwhile = \"left\"\nentry = \"subtract_one\"\ngrid = 1\nblock = 1\narguments = [\"left\"]\n\
             [[launch]]\nentry = \"nothing\"\ngrid = 1\nblock = 1\narguments = [\"sums\"]\n"
        )
    };
    for most in [100, 4] {
        let (result, fake) = ran(&launch(most), of_n());
        assert!(result.is_ok(), "{result:?}");
        assert_eq!(fake.launched.len(), 5, "{:?}", fake.launched);
    }
    let (result, _) = ran(&launch(3), of_n());
    let error = result.unwrap_err();
    assert_eq!(error.verdict(), Verdict::TimeLimit);
    assert!(
        error.to_string().contains("not 0 after 3 rounds"),
        "{error}"
    );
}

#[test]
fn what_was_read_back_is_a_size_of_launches_and_buffers() {
    let text = "[[buffer]]\nname = \"count\"\ntype = \"i32\"\nlength = 1\nfill = 3\n\
                [[output]]\nname = \"sums\"\nlength = \"count * 2\"\n\
                [[launch]]\nentry = \"subtract_one\"\ngrid = 1\nblock = 1\narguments = [\"count\"]\nread = [\"count\"]\n\
                [[launch]]\nentry = \"nothing\"\ngrid = \"count\"\nblock = 1\narguments = [\"sums\"]\n";
    let (result, fake) = ran(text, Length::Any);
    assert_eq!(result.unwrap().get("sums").map(Array::len), Some(4));
    assert_eq!(fake.launched, ["subtract_one[1]", "nothing[2]"]);
}

#[test]
fn a_count_says_how_much_of_an_output_is_used() {
    let with_count = |count: i64| {
        format!(
            "[[buffer]]\nname = \"count\"\ntype = \"i32\"\nlength = 1\nfill = {count}\n\
             [[output]]\nname = \"sums\"\nlength = \"n\"\ncount = \"count\"\n\
             [[launch]]\nentry = \"add\"\ngrid = \"n\"\nblock = 1\narguments = [\"numbers\", \"0 * n\", \"sums\"]\n\
             [[launch]]\nentry = \"nothing\"\ngrid = 0\nblock = 1\narguments = [\"count\"]\n"
        )
    };
    let (result, _) = ran(&with_count(2), Length::Any);
    assert_eq!(result.unwrap().get("sums"), Some(&Array::I32(vec![1, 2])));
    for count in [4, -1] {
        let (result, _) = ran(&with_count(count), Length::Any);
        assert!(
            matches!(result, Err(RunError::Count { room: 3, .. })),
            "{result:?}"
        );
    }
}

#[test]
fn a_grid_of_nothing_launches_nothing_but_makes_its_outputs() {
    let text = "[[launch]]\nentry = \"add\"\ngrid = [\"n\", \"n - 3\"]\nblock = 1\narguments = [\"numbers\", \"n\", \"sums\"]\n";
    let (result, fake) = ran(text, of_n());
    assert!(fake.launched.is_empty());
    let poisoned = i32::from_le_bytes([POISON; 4]);
    assert_eq!(
        result.unwrap().get("sums"),
        Some(&Array::I32(vec![poisoned; 3]))
    );
}

#[test]
fn every_round_begins_with_poison_and_its_own_names() {
    let text = NEXT_AND_ROW.to_owned()
        + "[[launch]]\nswap = [\"row\", \"next\"]\nentry = \"add\"\ngrid = \"n\"\nblock = 1\narguments = [\"row\", \"n\", \"next\"]\n\
           [[launch]]\nentry = \"add\"\ngrid = 1\nblock = 1\narguments = [\"row\", \"n\", \"sums\"]\n";
    let interface = interface(of_n());
    let plan = plan(&text, &interface);
    let mut fake = Fake::default();
    let limits = Limits::default();
    let mut session =
        Session::start(&mut fake, ModuleId(1), &plan, &interface, &inputs(), limits).unwrap();
    let poisoned = i32::from_le_bytes([POISON; 4]);
    for _ in 0..3 {
        assert_eq!(session.round(), Ok(None));
        let outputs = session.outputs().unwrap();
        let expected = Array::I32(vec![11, poisoned, poisoned]);
        assert_eq!(outputs.get("sums"), Some(&expected));
    }
    drop(session);
    assert_eq!(fake.allocations, 4, "rounds use the same memory");
}

#[test]
fn what_goes_wrong_has_a_place_and_a_verdict() {
    let launch = |entry: &str, arguments: &str| {
        format!("[[launch]]\nentry = \"{entry}\"\ngrid = 1\nblock = 1\narguments = [{arguments}]\n")
    };
    let output = launch("nothing", "\"sums\"");

    let (result, _) = ran(&(output.clone() + &launch("crash", "")), of_n());
    let error = result.unwrap_err();
    assert_eq!(error.verdict(), Verdict::RuntimeError);
    assert_eq!(
        error.fault().map(|fault| fault.kind),
        Some(FaultKind::OutOfBounds)
    );

    let (result, _) = ran(
        &(output.clone() + &launch("nothing", "\"n * 1_000_000_000\"")),
        of_n(),
    );
    let error = result.unwrap_err().to_string();
    assert!(
        error.starts_with("my.cu:11:14:") && error.contains("i64(...)"),
        "{error}"
    );

    let big = "[[buffer]]\nname = \"big\"\ntype = \"i64\"\nlength = \"n * 1_000_000_000_000\"\n";
    let (result, _) = ran(
        &(big.to_owned() + &output + &launch("nothing", "\"big\"")),
        of_n(),
    );
    assert_eq!(result.unwrap_err().verdict(), Verdict::MemoryLimit);

    let endless = "[[launch]]\nrepeat = 9_000_000_000_000_000_000\nentry = \"nothing\"\ngrid = 0\nblock = 1\n";
    let (result, _) = ran(&(output + endless), of_n());
    assert_eq!(result.unwrap_err().verdict(), Verdict::TimeLimit);
}

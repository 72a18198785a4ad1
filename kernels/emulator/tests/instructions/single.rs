//! Single instructions, held against values before and after.

pub(crate) use crate::common::{Bench, HEADER, settings};

use ptx_emulator::{DeviceError, Emulator, Launch, Module};

/// An operand or a result: its width is that of the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Predicate(bool),
    Half(u16),
    Word(u32),
    Long(u64),
}

macro_rules! values {
    ($($type:ty: |$value:ident| $made:expr;)*) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Value {
                $made
            }
        }
    )*};
}
values! {
    bool: |value| Value::Predicate(value);
    u16: |value| Value::Half(value);
    i16: |value| Value::Half(value as u16);
    u32: |value| Value::Word(value);
    i32: |value| Value::Word(value as u32);
    f32: |value| Value::Word(value.to_bits());
    u64: |value| Value::Long(value);
    i64: |value| Value::Long(value as u64);
    f64: |value| Value::Long(value.to_bits());
}

impl Value {
    fn bits(self) -> u64 {
        match self {
            Value::Predicate(value) => value.into(),
            Value::Half(value) => value.into(),
            Value::Word(value) => value.into(),
            Value::Long(value) => value,
        }
    }

    fn of_bits(self, bits: u64) -> Value {
        match self {
            Value::Predicate(_) => Value::Predicate(bits & 1 != 0),
            Value::Half(_) => Value::Half(bits as u16),
            Value::Word(_) => Value::Word(bits as u32),
            Value::Long(_) => Value::Long(bits),
        }
    }

    fn register(self) -> &'static str {
        match self {
            Value::Predicate(_) => ".pred",
            Value::Half(_) => ".b16",
            Value::Word(_) => ".b32",
            Value::Long(_) => ".b64",
        }
    }
}

/// One instruction, or a few that belong together, with the values before and after.
pub(crate) struct Case {
    pub(crate) text: &'static str,
    pub(crate) inputs: Vec<Value>,
    pub(crate) outputs: Vec<Value>,
}

/// `"add.s32 d, a, b;" (1, 2) => 3;`: inputs are the registers a, b, c, e, outputs d and q.
macro_rules! cases {
    ($($text:literal ($($input:expr),*) => $($output:expr),+;)*) => {
        [$($crate::single::Case {
            text: $text,
            inputs: vec![$($crate::single::Value::from($input)),*],
            outputs: vec![$($crate::single::Value::from($output)),+],
        }),*]
    };
}
pub(crate) use cases;

const INPUTS: [&str; 5] = ["a", "b", "c", "e", "f"];
const OUTPUTS: [&str; 2] = ["d", "q"];

/// What a result is before the instruction: lanes that do not execute it must keep that.
const BEFORE: u64 = 0x5A5A_5A5A_5A5A_5A5A;

/// Runs each case in a whole warp, and again under a guard that only odd lanes pass.
pub(crate) fn verify(cases: &[Case]) {
    let mut wrong = Vec::new();
    for case in cases {
        wrong.extend(failure(case, ""));
        if case.text.matches(';').count() == 1 {
            wrong.extend(failure(case, "@odd "));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn failure(case: &Case, guard: &str) -> Option<String> {
    let text = kernel(case, guard);
    let module = match Module::parse(&text) {
        Ok(module) => module,
        Err(error) => return Some(format!("{}: {error}", case.text)),
    };
    let mut device = Emulator::new(settings(true));
    let loaded = device.load(&module).expect("the module loads");
    let mut bench = Bench { device, loaded };
    let inputs: Vec<u64> = case.inputs.iter().map(|value| value.bits()).collect();
    let input = bench.buffer(&inputs, "inputs");
    let output = bench.blank(32 * 16, "outputs");
    let arguments = [input.into(), output.into()];
    if let Err(error) = bench.launch("test", Launch::linear(1, 32), &arguments) {
        return Some(format!("{}: {error}", case.text));
    }
    let found: Vec<u64> = bench.read(output, 64);
    for (index, expected) in case.outputs.iter().enumerate() {
        for lane in 0..32 {
            let found = expected.of_bits(found[2 * lane + index]);
            let is_executing = guard.is_empty() || lane % 2 == 1;
            let expected = if is_executing {
                *expected
            } else {
                expected.of_bits(BEFORE)
            };
            if found != expected {
                let inputs = &case.inputs;
                let text = case.text;
                return Some(format!(
                    "{guard}{text} of {inputs:x?} lane {lane} result {index}: {found:x?}, not {expected:x?}"
                ));
            }
        }
    }
    None
}

/// A kernel around a case: loads, the text, stores.
fn kernel(case: &Case, guard: &str) -> String {
    let mut text = format!(
        "{HEADER}.visible .entry test(.param .u64 in, .param .u64 out) {{\n\
         .reg .b64 from, to, at;\n.reg .b32 lane, one;\n.reg .pred odd;\n\
         ld.param.u64 from, [in];\nld.param.u64 to, [out];\nmov.u32 lane, %laneid;\n\
         mul.wide.u32 at, lane, 16;\nadd.u64 to, to, at;\nand.b32 one, lane, 1;\nsetp.ne.u32 odd, one, 0;\n"
    );
    for (index, (value, name)) in case.inputs.iter().zip(INPUTS).enumerate() {
        let (register, offset) = (value.register(), 8 * index);
        text += &format!(".reg {register} {name};\n");
        text += &match value {
            Value::Predicate(_) => {
                format!("ld.global.u32 one, [from+{offset}];\nsetp.ne.u32 {name}, one, 0;\n")
            }
            _ => format!("ld.global{register} {name}, [from+{offset}];\n"),
        };
    }
    for (value, name) in case.outputs.iter().zip(OUTPUTS) {
        text += &format!(".reg {} {name};\n", value.register());
        text += &match value {
            Value::Predicate(_) => format!("setp.ne.u32 {name}, 0, 0;\n"),
            Value::Half(_) => format!("mov.b16 {name}, {:#x};\n", BEFORE as u16),
            Value::Word(_) => format!("mov.b32 {name}, {:#x};\n", BEFORE as u32),
            Value::Long(_) => format!("mov.b64 {name}, {BEFORE:#x};\n"),
        };
    }
    text += &format!("{guard}{}\n", case.text);
    for (index, (value, name)) in case.outputs.iter().zip(OUTPUTS).enumerate() {
        let offset = 8 * index;
        text += &match value {
            Value::Predicate(_) => {
                format!("selp.u32 one, 1, 0, {name};\nst.global.u32 [to+{offset}], one;\n")
            }
            _ => format!("st.global{} [to+{offset}], {name};\n", value.register()),
        };
        // What is read back whole is written whole.
        text += &match value {
            Value::Predicate(_) | Value::Word(_) => {
                format!("st.global.u32 [to+{}], 0;\n", offset + 4)
            }
            Value::Half(_) => format!(
                "st.global.u16 [to+{}], 0;\nst.global.u32 [to+{}], 0;\n",
                offset + 2,
                offset + 4
            ),
            Value::Long(_) => String::new(),
        };
    }
    text + "ret;\n}\n"
}

/// Runs statements in one warp: `lane` is the lane, `a` the lane's input, `d` and `q` its results; `x`, `y`, `z`, `w` are
/// 32-bit registers, `p0` to `p3` predicates, `l0` to `l3` 64-bit ones; 1,024 bytes of shared memory are called `room`.
pub(crate) fn warp(statements: &str, input: &[u32; 32]) -> Result<[(u32, u32); 32], DeviceError> {
    let text = format!(
        "{HEADER}.visible .entry test(.param .u64 in, .param .u64 out) {{\n\
         .reg .b32 lane, a, d, q, x, y, z, w;\n.reg .b64 from, to, l<4>;\n.reg .pred p<4>;\n.reg .b16 h<4>;\n\
         .shared .align 16 .b8 room[1024];\n\
         ld.param.u64 from, [in];\nld.param.u64 to, [out];\nmov.u32 lane, %laneid;\n\
         mad.wide.u32 from, lane, 4, from;\nmad.wide.u32 to, lane, 8, to;\nld.global.u32 a, [from];\n\
         mov.u32 d, 0;\nmov.u32 q, 0;\n{statements}\n\
         st.global.v2.u32 [to], {{d, q}};\nret;\n}}\n"
    );
    let mut bench = Bench::new(&text, settings(true));
    let input = bench.buffer(input, "inputs");
    let output = bench.buffer(&[0xDEAD_BEEF_u32; 64], "outputs");
    let arguments = [input.into(), output.into()];
    bench.launch("test", Launch::linear(1, 32), &arguments)?;
    let found: Vec<u32> = bench.read(output, 64);
    Ok(std::array::from_fn(|lane| {
        (found[2 * lane], found[2 * lane + 1])
    }))
}

/// The first results of [`warp`], which must end well.
pub(crate) fn lanes(statements: &str, input: &[u32; 32]) -> [u32; 32] {
    warp(statements, input)
        .unwrap_or_else(|error| panic!("{statements}\n{error}"))
        .map(|(first, _)| first)
}

/// 0, 1, 2, ...
pub(crate) fn counting() -> [u32; 32] {
    std::array::from_fn(|lane| lane as u32)
}

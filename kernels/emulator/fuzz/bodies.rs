//! What the fuzz targets on PTX do with their bytes, and what must hold whatever they are. `kernels/emulator/tests/parsing`
//! calls these functions with broken kernels in `cargo test`.

use ptx_emulator::{Argument, Emulator, Launch, Module, Settings};

/// What a target does with its bytes.
pub(crate) type Body = fn(&[u8]);

/// Name and body of every target.
pub(crate) const TARGETS: [(&str, Body); 2] = [("ptx_parse", ptx_parse), ("ptx_run", ptx_run)];

/// A module is taken, or refused with a line that the text has.
pub(crate) fn ptx_parse(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match Module::parse(&text) {
        Ok(module) => {
            for kernel in module.kernels() {
                assert!(module.parameters(kernel).is_some());
            }
        }
        Err(error) => {
            let lines = text.bytes().filter(|byte| *byte == b'\n').count() as u32 + 1;
            assert!((1..=lines).contains(&error.line), "{error}");
        }
    }
}

/// Every kernel of a module runs to its end or to a fault, watched and unwatched.
pub(crate) fn ptx_run(data: &[u8]) {
    let Ok(module) = Module::parse(&String::from_utf8_lossy(data)) else {
        return;
    };
    for is_sanitizing in [true, false] {
        let mut device = Emulator::new(Settings {
            is_sanitizing,
            threads: Some(1),
            budget: 20_000,
            variable_bytes: 1 << 20,
            ..Settings::default()
        });
        let Ok(loaded) = device.load(&module) else {
            return;
        };
        let buffer = device.allocate(4096, "buffer");
        let words = (0..1024_u32).flat_map(u32::to_le_bytes);
        device
            .write(buffer, &words.collect::<Vec<u8>>())
            .expect("it fits");
        for kernel in module.kernels() {
            let parameters = module.parameters(kernel).unwrap_or_default();
            // Eight bytes are a pointer, four a small number.
            let arguments = parameters.iter().map(|parameter| match parameter.bytes {
                8 => Argument::from(buffer),
                4 => Argument::from(40),
                bytes => Argument::bytes(vec![0; bytes]),
            });
            let arguments: Vec<Argument> = arguments.collect();
            let launch = Launch {
                shared_bytes: 1024,
                ..Launch::linear(2, 40)
            };
            let _ = device.launch(loaded, kernel, launch, &arguments);
        }
    }
}

#![no_main]

#[path = "../ptx.rs"]
#[allow(dead_code)]
mod ptx;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ptx::ptx_run(data));

//! Recompiles what is committed, byte for byte, where the pinned NVRTC is.

use std::path::Path;

use kernels::compiler::{CompileError, Compiler, Options, compile, locate};
use kernels::{RecompileError, compile_all};

/// Whether there is an NVRTC; a test that says so does nothing.
fn is_absent() -> bool {
    match locate() {
        Ok(_) => false,
        Err(error) => {
            eprintln!("SKIPPED: {error}");
            true
        }
    }
}

#[test]
fn what_is_committed_is_what_the_pinned_compiler_makes() {
    if is_absent() {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let root = root.expect("the crate stands in the repository");
    let compiler = Compiler::load(locate().expect("it is there")).expect("it loads");
    let options = Options {
        resources: true,
        ..Options::default()
    };
    let mut compile = |source: &str, name: &str| compiler.compile(source, name, &options);
    match compile_all(root, false, &mut compile) {
        Ok(compiled) => {
            for kernel in compiled {
                assert!(
                    !kernel.is_changed,
                    "{}: run `judge kernels compile`",
                    kernel.path
                );
            }
        }
        Err(RecompileError::Version(version)) => eprintln!("SKIPPED: this is NVRTC {version}"),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_wrong_source_is_told_from_a_missing_compiler() {
    if is_absent() {
        return;
    }
    let source = "extern \"C\" __global__ void broken(int* out) { out[0] = nothing; }";
    match compile(source, "broken.cu", &Options::default()) {
        Err(CompileError::Source(log)) => {
            assert!(log.contains("broken.cu(1): error"), "{log}");
            assert!(log.contains("nothing"), "{log}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn headers_of_cuda_are_found_and_resources_are_told() {
    if is_absent() {
        return;
    }
    let source = "#include <cuda_fp16.h>\n\
                  extern \"C\" __global__ void twice(__half* value) { *value = *value + *value; }";
    let options = Options {
        resources: true,
        ..Options::default()
    };
    let compiled = compile(source, "twice.cu", &options).expect("it compiles");
    assert!(compiled.ptx.contains(".entry twice"));
    assert_eq!(compiled.resources[0].entry, "twice");
    assert!(compiled.resources[0].registers > 0);
    let absolute = compiled
        .ptx
        .lines()
        .find(|line| line.contains(".file") && line.contains("\"/"));
    assert_eq!(absolute, None, "a path of this machine is in the PTX");
}

#[test]
fn machine_code_is_made_for_the_architecture_that_is_asked_for() {
    if is_absent() {
        return;
    }
    let compiler = locate().and_then(Compiler::load).expect("it is there");
    let source = "extern \"C\" __global__ void one(int* out) { out[0] = 1; }";
    let cubin = compiler.cubin(source, "one.cu", 90).expect("it compiles");
    // ELF's number of the machine: 190 is CUDA.
    assert_eq!(cubin.bytes()[18..20], [190, 0]);
    let unknown = compiler.cubin(source, "one.cu", 11);
    assert!(unknown.is_err(), "{unknown:?}");
}

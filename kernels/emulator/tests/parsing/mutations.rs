//! The kernels of the other tests, broken in many small ways: what comes of it is a program or an error.

use crate::fuzz;

const CORPUS: [(&str, &str); 21] = [
    ("arrivals", include_str!("../kernels/arrivals.ptx")),
    ("calls", include_str!("../kernels/calls.ptx")),
    (
        "double_buffer",
        include_str!("../kernels/double_buffer.ptx"),
    ),
    ("grid_sum", include_str!("../kernels/grid_sum.ptx")),
    ("groups", include_str!("../kernels/groups.ptx")),
    ("halves", include_str!("../kernels/halves.ptx")),
    ("histogram", include_str!("../kernels/histogram.ptx")),
    ("libm", include_str!("../kernels/libm.ptx")),
    ("lookback", include_str!("../kernels/lookback.ptx")),
    ("mandelbrot", include_str!("../kernels/mandelbrot.ptx")),
    ("printing", include_str!("../kernels/printing.ptx")),
    ("product", include_str!("../kernels/product.ptx")),
    ("reduction", include_str!("../kernels/reduction.ptx")),
    ("right", include_str!("../faults/right.ptx")),
    ("scan", include_str!("../kernels/scan.ptx")),
    ("select", include_str!("../kernels/select.ptx")),
    ("stencil", include_str!("../kernels/stencil.ptx")),
    ("tensor", include_str!("../kernels/tensor.ptx")),
    ("tiles", include_str!("../kernels/tiles.ptx")),
    ("transpose", include_str!("../kernels/transpose.ptx")),
    ("wrong", include_str!("../faults/wrong.ptx")),
];

/// Numbers without order that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Where the words of a text begin and end.
fn words(text: &str) -> Vec<(usize, usize)> {
    let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || b"_%$".contains(&byte);
    let mut words = Vec::new();
    let mut start = None;
    for (place, byte) in text.bytes().chain([b' ']).enumerate() {
        match (start, is_inside(byte)) {
            (None, true) => start = Some(place),
            (Some(first), false) => {
                words.push((first, place));
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// A text with one small change.
fn mutate(text: &str, numbers: &mut Numbers) -> String {
    if words(text).len() < 2 {
        return text.to_owned(); // nothing is left to break
    }
    match numbers.below(6) {
        0 => {
            let lines: Vec<&str> = text.lines().collect();
            let gone = numbers.below(lines.len());
            let rest = lines.iter().enumerate().filter(|(at, _)| *at != gone);
            rest.map(|(_, line)| format!("{line}\n")).collect()
        }
        1 => {
            let end = numbers.below(text.len());
            text[..end].to_owned()
                + if numbers.below(2) == 0 {
                    ""
                } else {
                    "\nret;\n}\n"
                }
        }
        2 => {
            let mut lines: Vec<&str> = text.lines().collect();
            let (one, other) = (numbers.below(lines.len()), numbers.below(lines.len()));
            lines.swap(one, other);
            lines.join("\n")
        }
        // A word in place of another: of an instruction, a type, a register, a number.
        3 | 4 => {
            let words = words(text);
            let (from, to) = (
                words[numbers.below(words.len())],
                words[numbers.below(words.len())],
            );
            [&text[..to.0], &text[from.0..from.1], &text[to.1..]].concat()
        }
        _ => {
            let place = numbers.below(text.len());
            let marks = [
                ";",
                "}",
                "{",
                "[",
                ",",
                "0",
                "-1",
                ".",
                "|",
                "!",
                "\"",
                "4294967295",
            ];
            let mark = marks[numbers.below(marks.len())];
            [&text[..place], mark, &text[place + 1..]].concat()
        }
    }
}

#[test]
fn what_nvrtc_writes_is_taken() {
    for (name, text) in CORPUS {
        assert!(text.is_ascii(), "{name}");
        if let Err(error) = ptx_emulator::Module::parse(text) {
            panic!("{name}: {error}");
        }
    }
}

#[test]
fn broken_modules_are_programs_or_errors() {
    let mut numbers = Numbers(1);
    for (_, text) in CORPUS {
        // As many changes for a long text as for a short one take too long.
        for _ in 0..(2_000_000 / text.len()).clamp(20, 200) {
            let mut broken = mutate(text, &mut numbers);
            if numbers.below(3) == 0 {
                broken = mutate(&broken, &mut numbers);
            }
            fuzz::ptx_parse(broken.as_bytes());
        }
    }
}

#[test]
fn broken_kernels_run_to_an_end() {
    let mut numbers = Numbers(2);
    for (_, text) in CORPUS {
        for _ in 0..(1_000_000 / text.len()).clamp(20, 100) {
            let broken = mutate(text, &mut numbers);
            fuzz::ptx_run(broken.as_bytes());
        }
    }
}

#[test]
fn every_file_of_the_fuzz_targets_corpora_passes() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (target, body) in fuzz::TARGETS {
        let files: Vec<_> = std::fs::read_dir(root.join(target)).unwrap().collect();
        assert!(files.len() >= 3, "the corpus of {target} is small");
        for file in files {
            let path = file.unwrap().path();
            let data = std::fs::read(&path).unwrap();
            let passes = std::panic::catch_unwind(|| body(&data));
            assert!(passes.is_ok(), "{}", path.display());
        }
    }
}

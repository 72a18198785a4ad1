//! Whatever is written as a row reads back as the same row.

use proptest::option::of;
use proptest::prelude::*;
use reports::{
    KernelFigures, Measurement, MeasurementWriter, RunInfo, Sample, SampleWriter,
    read_measurements, read_samples,
};
use vocabulary::{CaseId, Kind, Parameters, Target, Value, Verdict};

fn run() -> RunInfo {
    RunInfo {
        run_id: "20261123T163138Z-1".to_owned(),
        utc: "2026-11-23T16:31:38Z".to_owned(),
        host_id: "0123456789ab".to_owned(),
        git_rev: None,
    }
}

fn cases() -> impl Strategy<Value = CaseId> {
    let n = any::<i64>().prop_map(Value::Integer);
    let words = prop_oneof![n.clone(), "[a-z]{1,5}".prop_map(Value::Word)];
    (
        "[a-z_]{1,9}",
        "[a-z_.-]{1,9}",
        of(n),
        of(words),
        any::<u64>(),
    )
        .prop_map(|(problem, family, n, word, seed)| {
            let mut parameters = Parameters::new();
            if let Some(word) = word {
                parameters.set("type", word);
            }
            if let Some(n) = n {
                parameters.set("n", n);
            }
            CaseId {
                problem,
                family,
                parameters,
                seed,
            }
        })
}

/// Texts with all that must be quoted; an empty one is not told from none.
fn texts() -> impl Strategy<Value = Option<String>> {
    of("[a-z \",;\n\r\t'é]{1,20}")
}

fn word<T: Copy + std::fmt::Debug + 'static>(words: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(words)
}

prop_compose! {
    fn measurements()(
        case in cases(),
        (solution, language) in ("[a-z,\" ]{0,9}", "[a-z+#]{0,5}"),
        kind in word(Kind::ALL),
        target in word(Target::ALL),
        (verdict, expected) in (word(Verdict::ALL), of(word(Verdict::ALL))),
        text in proptest::collection::vec(texts(), 9),
        integer in proptest::collection::vec(of(any::<u64>()), 18),
        number in proptest::collection::vec(of(proptest::num::f64::NORMAL | proptest::num::f64::ZERO), 7),
    ) -> Measurement {
        Measurement {
            run: run(),
            language,
            source_hash: text[0].clone(),
            expected,
            detail: text[1].clone(),
            sandbox_tier: text[2].clone(),
            rounds: integer[0],
            stopped_by: text[3].clone(),
            wall_ns_median: integer[1],
            wall_ns_mad: integer[2],
            wall_ns_min: integer[3],
            wall_ns_max: integer[4],
            cpu_ns_median: integer[5],
            cpu_ns_mad: integer[6],
            cpu_ns_min: integer[7],
            overhead_ns: integer[8],
            peak_memory_bytes: integer[9],
            memory_scope: text[4].clone(),
            instructions: integer[10],
            instruction_tier: text[5].clone(),
            items_per_second: number[0],
            bytes_per_second: number[1],
            operations_per_second: number[2],
            roofline_fraction: number[3],
            error_ratio: number[4],
            drift: number[5],
            noise: number[6],
            kernel: KernelFigures {
                device: text[6].clone(),
                driver: text[7].clone(),
                cache_state: text[8].clone(),
                warp_instructions: integer[11],
                global_sectors: integer[12],
                shared_wavefronts: integer[13],
                bank_conflicts: integer[14],
                divergent_branches: integer[15],
                barriers: integer[16],
                registers: integer[17],
            },
            ..Measurement::new(case, &solution, kind, target, verdict)
        }
    }
}

prop_compose! {
    fn samples()(
        case in cases(),
        solution in "[a-z,\" ]{0,9}",
        target in word(Target::ALL),
        (round, order_in_round) in any::<(u64, u64)>(),
        (wall_ns, cpu_ns, peak_memory_bytes) in (of(any::<u64>()), of(any::<u64>()), of(any::<u64>())),
    ) -> Sample {
        Sample {
            run_id: run().run_id,
            host_id: run().host_id,
            round,
            order_in_round,
            wall_ns,
            cpu_ns,
            peak_memory_bytes,
            ..Sample::new(case, &solution, target)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_measurement_reads_back_as_written(rows in proptest::collection::vec(measurements(), 0..5)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("measurements.csv");
        let mut writer = MeasurementWriter::create(&path, &run(), &["n", "k", "type"].map(str::to_owned)).unwrap();
        for row in &rows {
            writer.write(row).unwrap();
        }
        prop_assert_eq!(read_measurements(&path).unwrap(), rows);
    }

    #[test]
    fn every_sample_reads_back_as_written(rows in proptest::collection::vec(samples(), 0..5)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.csv");
        let mut writer = SampleWriter::create(&path, &run()).unwrap();
        for row in &rows {
            writer.write(row).unwrap();
        }
        prop_assert_eq!(read_samples(&path).unwrap(), rows);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,60}") {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("measurements.csv");
        let needed = "schema_version,run_id,utc,host_id,solution,kind,language,target,case,verdict";
        for text in [text.clone(), format!("{needed}\n{text}\n")] {
            std::fs::write(&path, text).unwrap();
            let _ = read_measurements(&path);
        }
    }
}

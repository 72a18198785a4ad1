//! The rows of the CSVs, through files as everybody else reads them.

use std::fs;
use std::path::{Path, PathBuf};

use reports::{
    CurveRow, LeaderboardRow, Measurement, MeasurementWriter, RowError, RunInfo, SampleWriter,
    read_curves, read_leaderboard, read_measurements, write_curves, write_leaderboard,
};
use vocabulary::{CaseId, Kind, Target, Verdict};

fn run() -> RunInfo {
    RunInfo {
        run_id: "20261123T163138Z-1".to_owned(),
        utc: "2026-11-23T16:31:38Z".to_owned(),
        host_id: "0123456789ab".to_owned(),
        git_rev: Some("2aa7804".to_owned()),
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn case() -> CaseId {
    "kth_largest/organ_pipe@n=4096,k=64#7".parse().unwrap()
}

fn accepted() -> Measurement {
    Measurement {
        language: "rust".to_owned(),
        cpu_ns_median: Some(1500),
        ..Measurement::new(
            case(),
            "sort",
            Kind::Function,
            Target::Function,
            Verdict::Accepted,
        )
    }
}

/// A file with these lines, in a folder that lives as long as the first value.
fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("measurements.csv");
    fs::write(&path, text).unwrap();
    (folder, path)
}

/// The least that a row needs.
const NEEDED: &str = "schema_version,run_id,utc,host_id,solution,kind,language,target,case,verdict";

fn error_of(text: &str) -> String {
    let (_folder, path) = file(text);
    let error = read_measurements(&path).unwrap_err().to_string();
    error.replace(&path.display().to_string(), "FILE")
}

#[test]
fn the_header_is_the_one_of_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("measurements.csv");
    MeasurementWriter::create(&path, &run(), &names(&["n", "k"])).unwrap();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "schema_version,run_id,utc,host_id,git_rev,problem,solution,kind,language,source_hash,target,family,case,seed,\
         p_n,p_k,verdict,expected,detail,sandbox_tier,threads,rounds,stopped_by,wall_ns_median,wall_ns_mad,wall_ns_min,\
         wall_ns_max,cpu_ns_median,cpu_ns_mad,cpu_ns_min,overhead_ns,peak_memory_bytes,memory_scope,instructions,\
         instruction_tier,items_per_second,bytes_per_second,operations_per_second,roofline_fraction,error_ratio,drift,\
         noise,device,driver,cache_state,warp_instructions,global_sectors,shared_wavefronts,bank_conflicts,\
         divergent_branches,barriers,registers\n"
    );
    let path = folder.path().join("samples.csv");
    SampleWriter::create(&path, &run()).unwrap();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "run_id,host_id,round,order_in_round,problem,solution,target,case,threads,wall_ns,cpu_ns,peak_memory_bytes\n"
    );
    let path = folder.path().join("curves.csv");
    write_curves(&path, &[]).unwrap();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "problem,solution,target,family,axis,metric,classes,decided,exponent,exponent_low,exponent_high,axis_min,\
         axis_max,points,kink_at,warnings\n"
    );
    let path = folder.path().join("leaderboard.csv");
    write_leaderboard(&path, &[]).unwrap();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "problem,target,host_id,metric,rank,solution,geomean_ratio,ratio_low,ratio_high,cases,failed,separated_from_next,note\n"
    );
}

#[test]
fn a_row_stands_in_the_file_as_soon_as_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("measurements.csv");
    let mut writer = MeasurementWriter::create(&path, &run(), &names(&["n", "k", "type"])).unwrap();
    for count in 1..=3 {
        writer.write(&accepted()).unwrap();
        // The writer is still open, as it is in a process that is about to be killed.
        assert_eq!(read_measurements(&path).unwrap().len(), count);
    }
    let expected = Measurement {
        run: run(),
        ..accepted()
    };
    assert_eq!(read_measurements(&path).unwrap()[0], expected);
}

#[test]
fn what_was_not_measured_is_an_empty_cell() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("measurements.csv");
    let mut writer =
        MeasurementWriter::create(&path, &run(), &names(&["n", "k", "target"])).unwrap();
    writer.write(&accepted()).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(
        text.lines().nth(1).unwrap(),
        "1,20261123T163138Z-1,2026-11-23T16:31:38Z,0123456789ab,2aa7804,kth_largest,sort,function,rust,,function,\
         organ_pipe,\"kth_largest/organ_pipe@n=4096,k=64#7\",7,4096,64,,AC,,,,,,,,,,,1500,,,,,,,,,,,,,,,,,,,,,,,,"
    );
}

#[test]
fn columns_may_stand_in_another_order_be_more_and_leave_out_what_may_be_empty() {
    let (_folder, path) = file(
        "mood,verdict,case,target,kind,solution,language,host_id,utc,run_id,schema_version,cpu_ns_median\n\
         good,AC,a/b@n=5#1,process,program,x,c,h,u,r,1,70.0\n",
    );
    let row = &read_measurements(&path).unwrap()[0];
    assert_eq!(row.case.parameters.integer("n"), Some(5));
    assert_eq!((row.cpu_ns_median, row.cpu_ns_min), (Some(70), None));
    assert_eq!(row.run.run_id, "r");
}

#[test]
fn another_version_of_the_schema_is_refused_before_anything_else() {
    let error = error_of(&format!(
        "{NEEDED}\n1,r,u,h,x,program,c,process,a/b#1,AC\n9,,,,,,,,,\n"
    ));
    assert_eq!(
        error,
        "FILE, line 3, column `schema_version`: `9` is not 1, which this judge reads: read the file with the judge that \
         wrote it, or measure again"
    );
}

#[test]
fn a_missing_column_is_named() {
    let error = error_of("schema_version,run_id\n1,r\n");
    assert_eq!(
        error,
        "FILE, line 1: column `utc` is missing; a measurements.csv has it: is this the right file, and is its header whole?"
    );
}

#[test]
fn a_bad_cell_is_named_with_line_column_value_and_mend() {
    let detail = "\"two\nlines\"";
    let error = error_of(&format!(
        "{NEEDED},detail,rounds\n1,r,u,h,x,program,c,process,a/b#1,WA,{detail},3\n1,r,u,h,x,program,c,process,a/b#1,ac,,3\n"
    ));
    // The first row takes the lines 2 and 3.
    assert!(
        error.starts_with("FILE, line 4, column `verdict`: `ac` is no verdict: one of AC, WA,"),
        "{error}"
    );
    let error = error_of(&format!(
        "{NEEDED},rounds\n1,r,u,h,x,program,c,process,a/b#1,WA,-3\n"
    ));
    assert_eq!(
        error,
        "FILE, line 2, column `rounds`: `-3` is no whole number from 0 to 2^64 - 1"
    );
}

#[test]
fn a_line_that_was_cut_off_is_named() {
    let error = error_of(&format!(
        "{NEEDED}\n1,r,u,h,x,program,c,process,a/b#1,AC\n1,r,u\n"
    ));
    assert_eq!(
        error,
        "FILE, line 3: 3 cells, where the header has 10; if a run was cut off while writing, delete this line"
    );
}

#[test]
fn cells_that_contradict_the_case_are_refused() {
    for (column, value) in [
        ("problem", "other"),
        ("seed", "2"),
        ("p_n", "6"),
        ("p_k", "1"),
    ] {
        let error = error_of(&format!(
            "{NEEDED},{column}\n1,r,u,h,x,program,c,process,a/b@n=5#1,AC,{value}\n"
        ));
        assert!(
            error.contains(&format!("column `{column}`: `{value}` contradicts")),
            "{error}"
        );
    }
}

#[test]
fn a_missing_file_is_named() {
    let error = read_measurements(Path::new("/nowhere/measurements.csv")).unwrap_err();
    assert!(matches!(error, RowError::File { .. }));
    assert!(
        error.to_string().starts_with("/nowhere/measurements.csv: "),
        "{error}"
    );
}

#[test]
fn a_parameter_without_a_column_is_an_error_and_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("measurements.csv");
    let mut writer = MeasurementWriter::create(&path, &run(), &names(&["n"])).unwrap();
    let error = writer.write(&accepted()).unwrap_err();
    assert!(
        matches!(&error, RowError::UnknownParameter { parameter, .. } if parameter == "k"),
        "{error}"
    );
}

#[test]
fn curves_and_leaderboards_read_back_as_written() {
    let folder = tempfile::tempdir().unwrap();
    let curve = CurveRow {
        problem: "kth_largest".to_owned(),
        solution: "sort".to_owned(),
        target: Target::Function,
        family: "random".to_owned(),
        axis: "n".to_owned(),
        metric: "cpu_ns_min".to_owned(),
        classes: vec!["n".parse().unwrap(), "n*log(n)".parse().unwrap()],
        decided: false,
        exponent: Some(1.06),
        exponent_low: Some(1.01),
        exponent_high: Some(1.11),
        axis_min: Some(1000),
        axis_max: Some(1_000_000),
        points: 11,
        kink_at: None,
        warnings: names(&["too_few_sizes", "narrow_range"]),
    };
    let place = LeaderboardRow {
        problem: "kth_largest".to_owned(),
        target: Target::Process,
        host_id: "0123456789ab".to_owned(),
        metric: "cpu_ns_median".to_owned(),
        rank: Some(1),
        solution: "select".to_owned(),
        geomean_ratio: Some(1.25),
        ratio_low: None,
        ratio_high: None,
        cases: 1,
        failed: 0,
        separated_from_next: Some(false),
        note: Some("1 row set aside: too fast".to_owned()),
    };
    let path = folder.path().join("curves.csv");
    write_curves(&path, std::slice::from_ref(&curve)).unwrap();
    assert_eq!(read_curves(&path).unwrap(), [curve]);
    let path = folder.path().join("leaderboard.csv");
    write_leaderboard(&path, std::slice::from_ref(&place)).unwrap();
    assert_eq!(read_leaderboard(&path).unwrap(), [place]);
}

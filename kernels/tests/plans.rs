//! What the reader and the checker of plans say.

use kernels::plan::{Argument, Body, Field, Interface, Length, Plan, PlanError, ScalarType};
use kernels::{FaultKind, variants};
use vocabulary::{ElementType, Target, Verdict};

fn interface() -> Interface {
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
        outputs: vec![field("found", ElementType::I32, Length::Any)],
    }
}

/// A plan of one launch that takes `found`, with further lines.
fn with(lines: &str, arguments: &str) -> String {
    format!(
        "/* judge:\n{lines}\n[[output]]\nname = \"found\"\nlength = \"n\"\n\
         [[launch]]\nentry = \"go\"\ngrid = \"n\"\nblock = [\"16\", \"2\"]\narguments = [{arguments}]\n*/\n"
    )
}

fn checked(source: &str) -> Result<Plan, PlanError> {
    let plan = Plan::find(source, "my.cu")?.expect("a plan");
    plan.check(&interface())?;
    Ok(plan)
}

fn refused(source: &str) -> String {
    checked(source).expect_err("a wrong plan").to_string()
}

#[test]
fn a_source_without_a_block_has_no_plan() {
    assert_eq!(Plan::find("// nothing\nint x;", "my.cu"), Ok(None));
}

#[test]
fn a_plan_is_read_whole() {
    let lines = "expect = \"RE\"\ncase = \"a/b@10\"\nfault = \"shared_race\"\n\
                 [[buffer]]\nname = \"state\"\ntype = \"u32\"\nlength = 2\nfill = 7";
    let plan = checked(&with(
        lines,
        "\"numbers\", \"n\", \"i64(n + 1)\", \"found\"",
    ))
    .unwrap();
    assert_eq!(
        plan.expectation.as_ref().unwrap().verdict,
        Verdict::RuntimeError
    );
    assert_eq!(plan.fault, Some(FaultKind::SharedRace));
    assert!(plan.runs_on(Target::Emulator) && !plan.runs_on(Target::Cuda));
    assert_eq!(plan.buffers[0].fill, Some(7));
    let Body::Launch(launch) = &plan.steps[0].body else {
        panic!("a launch");
    };
    assert_eq!(launch.block[1].value.to_string(), "2");
    assert_eq!(launch.block[2].value.to_string(), "1");
    let wide = Argument::Scalar(ScalarType::I64, "n + 1".parse().unwrap());
    assert_eq!(launch.arguments[2].value, wide);
}

#[test]
fn faults_name_file_line_and_column() {
    for (source, place, hint) in [
        ("\n /* judge:\n[[launch]\n*/", "my.cu:3:", ""),
        ("/* judge:\nexpect = \"AC\"\n", "my.cu:1:1:", "*/"),
        ("/* judge:\nexpect = \"AC\"\n*/", "my.cu:1:1:", "[[launch]]"),
        (
            &with("expect = \"OK\"", "\"found\""),
            "my.cu:2:10:",
            "AC, WA",
        ),
        (&with("expect = \"WA\"", "\"found\""), "my.cu:2:10:", "case"),
        (
            &with("expekt = \"AC\"", "\"found\""),
            "my.cu:2:1:",
            "it takes expect, case",
        ),
        (
            &with("fault = \"shared_race\"", "\"found\""),
            "my.cu:2:9:",
            "expect = \"RE\"",
        ),
        (&with("", "\"found\", \"n +\""), "my.cu:10:23:", "column 4"),
        (
            &with("", "\"found\", \"m\""),
            "my.cu:10:23:",
            "sizes are n, numbers_length",
        ),
        (&with("", "\"numbers\""), "my.cu:7:9:", "output `found`"),
        (
            &with(
                "[[buffer]]\nname = \"n\"\ntype = \"i32\"\nlength = 1",
                "\"found\"",
            ),
            "my.cu:3:8:",
            "another name",
        ),
        (
            &with(
                "[[buffer]]\nname = \"b\"\ntype = \"i8\"\nlength = 1",
                "\"found\"",
            ),
            "my.cu:4:8:",
            "u8, i32",
        ),
        (
            &with(
                "[[buffer]]\nname = \"b\"\ntype = \"u8\"\nlength = 1\nfill = 256",
                "\"found\"",
            ),
            "my.cu:6:8:",
            "fit",
        ),
        (
            &with(
                "[[buffer]]\nname = \"b\"\ntype = \"i32\"\nlength = 1",
                "\"found\", \"b + 1\"",
            ),
            "my.cu:13:23:",
            "`read`",
        ),
    ] {
        let error = refused(source);
        assert!(error.starts_with(place), "{error}\n{source}");
        assert!(error.contains(hint), "{error}");
    }
}

#[test]
fn an_output_of_unknown_length_needs_room() {
    let source =
        "/* judge:\n[[launch]]\nentry = \"go\"\ngrid = 1\nblock = 1\narguments = \"found\"\n*/";
    assert!(refused(source).contains("add [[output]]"));
}

#[test]
fn buffers_of_different_types_do_not_change_names() {
    let buffer = |name: &str, element: &str| {
        format!("[[buffer]]\nname = \"{name}\"\ntype = \"{element}\"\nlength = 1\n")
    };
    let lines = buffer("a", "i32") + &buffer("b", "i64");
    let source =
        with(&lines, "\"found\"").replace("grid = \"n\"", "grid = 1\nswap = [\"a\", \"b\"]");
    assert!(refused(&source).contains("different types"));
}

#[test]
fn loops_end_and_their_indices_with_them() {
    let loops = "/* judge:\n[[output]]\nname = \"found\"\nlength = 1\n\
                 [[launch]]\nrepeat = \"n\"\nindex = \"outer\"\n\
                 [[launch.step]]\nrepeat = \"outer\"\nentry = \"go\"\ngrid = 1\nblock = 1\narguments = [\"pass\", \"outer\", \"found\"]\n";
    assert!(checked(&format!("{loops}*/")).is_ok());
    let after = "[[launch]]\nentry = \"go\"\ngrid = \"outer\"\nblock = 1\n*/";
    assert!(refused(&format!("{loops}{after}")).contains("`outer` is not known"));
}

#[test]
fn kernels_take_what_they_are_given() {
    let ptx = ".visible .entry go(\n.param .u64 a,\n.param .u32 b\n)\n{}";
    let entries = |arguments: &str| {
        let plan = checked(&with("", arguments)).unwrap();
        plan.check_entries(&interface(), ptx)
            .map_err(|error| error.to_string())
    };
    assert_eq!(entries("\"found\", \"n\""), Ok(()));
    assert!(
        entries("\"found\"")
            .unwrap_err()
            .contains("takes 2 arguments and is given 1")
    );
    assert!(
        entries("\"found\", \"i64(n)\"")
            .unwrap_err()
            .contains("takes 4 bytes")
    );
    assert!(
        entries("\"n\", \"found\"")
            .unwrap_err()
            .contains("takes 8 bytes")
    );
    let plan = checked(&with("", "\"found\"").replace("\"go\"", "\"gone\"")).unwrap();
    let error = plan
        .check_entries(&interface(), ptx)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("there is no kernel `gone`; there are go"),
        "{error}"
    );
}

#[test]
fn a_plan_that_nests_without_end_is_refused() {
    let mut source = "/* judge:\n[[launch]]\n".to_owned();
    for depth in 1..40 {
        source += &format!("[[launch{}]]\n", ".step".repeat(depth));
    }
    let error = Plan::find(&(source + "*/"), "my.cu")
        .unwrap_err()
        .to_string();
    assert!(error.contains("nested deeper"), "{error}");
}

#[test]
fn every_shipped_plan_launches_kernels_that_its_ptx_has() {
    for variant in variants() {
        let ptx = variant.ptx().unwrap();
        for launch in variant.plan.launches() {
            // Names that depend on the case are held against the PTX with their problem, in the tests of the judge.
            if launch.entry.value.names().next().is_none() {
                let entry = format!(".entry {}(", launch.entry.value);
                assert!(ptx.contains(&entry), "{}: {entry}", variant.path);
            }
        }
    }
}

#[test]
fn a_theorem_names_a_counter_a_formula_and_cases() {
    let theorem = |lines: &str| with(&format!("[[theorem]]\n{lines}"), "\"numbers\", \"found\"");
    let plan = checked(&theorem(
        "counter = \"barriers\"\nequals = \"2 * n\"\ncases = [\"a/b@n=3\", \"a/b@n=4\"]",
    ))
    .unwrap();
    let [theorem_read] = &plan.theorems[..] else {
        panic!("{:?}", plan.theorems);
    };
    assert_eq!(theorem_read.counter.value.as_str(), "barriers");
    let values = theorem_read.cases.iter().map(|case| {
        let parameters = &case.value.parameters;
        theorem_read.value(parameters).unwrap()
    });
    assert_eq!(values.collect::<Vec<_>>(), [6, 8]);
    let shown = refused(&theorem(
        "counter = \"barrier\"\nequals = 1\ncases = \"a/b@3\"",
    ));
    assert!(
        shown.contains("no counter `barrier`") && shown.contains("barriers"),
        "{shown}"
    );
    let shown = refused(&theorem("counter = \"barriers\"\nequals = 1"));
    assert!(shown.contains("lacks `cases`"), "{shown}");
}

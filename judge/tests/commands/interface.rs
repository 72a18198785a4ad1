//! What the commands print that does not depend on the machine, word for word.

use crate::common::Bench;

#[test]
fn help_teaches_by_example() {
    insta::assert_snapshot!("help", Bench::new().output("--help", 0));
    insta::assert_snapshot!(
        "help_run",
        Bench::new()
            .output("run --help", 0)
            .replace(env!("CARGO_PKG_VERSION"), "VERSION")
    );
}

#[test]
fn problems_are_listed() {
    insta::assert_snapshot!("problems", Bench::new().output("list problems", 0));
}

#[test]
fn languages_are_listed_and_extended_by_a_settings_file() {
    let bench = Bench::new();
    bench.file("judge.toml", "[language.awk]\nname = 'AWK'\nextensions = ['awk']\nsource = 'main.awk'\nrun = ['awk', '-f', '{source}']\nversion = ['awk', '-W', 'version']\ninstall = 'apt-get install mawk'\n");
    insta::assert_snapshot!("languages", bench.output("list languages", 0));
}

#[test]
fn a_case_is_shown_as_it_is_everywhere() {
    let bench = Bench::new();
    insta::assert_snapshot!("case", bench.output("show kth_largest/organ_pipe@10#7", 0));
    let input = bench.output("show kth_largest/organ_pipe@n=1000#7 --input", 0);
    assert_eq!(
        input,
        bench.output("show kth_largest/organ_pipe@n=1000,k=500#7 --input", 0),
        "a default is a value"
    );
    assert_eq!(input.lines().next(), Some("1000 500"));
}

#[test]
fn a_cases_figures_have_a_machine_form() {
    let bench = Bench::new();
    let case = "show kth_largest/organ_pipe@n=10#7 --stats --format json";
    let stats: serde_json::Value = serde_json::from_str(&bench.output(case, 0)).unwrap();
    assert_eq!(stats["case"], "kth_largest/organ_pipe@n=10,k=5#7");
    assert_eq!(stats["elements"], 12, "n, k and the integers");
    let mut arrays = stats["arrays"].as_array().unwrap().iter();
    assert!(arrays.any(|array| array["name"] == "numbers" && array["elements"] == 10));
    bench.output(
        "show kth_largest/organ_pipe@n=10#7 --input --format json",
        2,
    );
}

#[test]
fn a_statement_is_shown_whole() {
    insta::assert_snapshot!("statement", Bench::new().output("show kth_largest", 0));
}

#[test]
fn generated_files_are_judged_as_they_are() {
    let bench = Bench::new();
    bench.output(
        "generate kth_largest --family ties_at_k --set n=20 --count 3 --out cases",
        0,
    );
    let names = std::fs::read_dir(bench.path().join("cases"))
        .unwrap()
        .count();
    assert_eq!(names, 6);
    bench.output("show kth_largest/ties_at_k@n=20#2 --answer", 0);
}

#[test]
fn every_machine_form_is_json() {
    for arguments in [
        "list problems",
        "list families",
        "list solutions",
        "list languages",
        "doctor",
    ] {
        let lines = Bench::new().output(&format!("{arguments} --format json"), 0);
        assert!(lines.lines().count() > 1);
        for line in lines.lines() {
            serde_json::from_str::<serde_json::Value>(line)
                .unwrap_or_else(|error| panic!("{arguments}: {error}: {line}"));
        }
    }
}

#[test]
fn completions_name_every_command() {
    let script = Bench::new().output("completions bash", 0);
    for command in [
        "list", "run", "verify", "stress", "show", "generate", "doctor",
    ] {
        assert!(script.contains(command), "{command}");
    }
}

#[test]
fn the_manual_has_a_section_for_every_command_that_help_lists() {
    let bench = Bench::new();
    let help = bench.output("--help", 0);
    let commands = help.split("Commands:\n").nth(1).unwrap();
    let commands = commands.split("\n\n").next().unwrap().lines();
    let commands: Vec<&str> = commands
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert!(commands.len() > 12, "{commands:?}");
    let page = bench.output("man", 0);
    bench.output("man --out pages", 0);
    for command in commands {
        let title = format!(".SH \"JUDGE {}\"\n", command.to_uppercase());
        assert!(page.contains(&title), "{title}");
        let file = bench.path().join(format!("pages/judge-{command}.1"));
        let own = std::fs::read_to_string(file).unwrap();
        assert!(own.contains(&format!("\\fBjudge {command}\\fR")), "{own}");
    }
    assert!(page.contains("JUDGE HISTORY STEPS"));
    assert!(!page.contains("JUDGE RUNNER"), "what is hidden stays so");
}

#[test]
fn a_case_is_written_as_arrays_for_numpy() {
    let bench = Bench::new();
    let shown = bench.output("show kth_largest/organ_pipe@n=1000#7 --npy arrays", 0);
    assert!(shown.contains("numbers.npy: 1_000 of i32"), "{shown}");
    let file = std::fs::read(bench.path().join("arrays/numbers.npy")).unwrap();
    assert_eq!(&file[..8], b"\x93NUMPY\x01\x00");
    let length = usize::from(u16::from_le_bytes([file[8], file[9]]));
    let header = std::str::from_utf8(&file[10..10 + length]).unwrap();
    assert!(header.contains("'shape': (1000,)"), "{header}");
    assert_eq!(file.len(), 10 + length + 4 * 1000);
    assert!(bench.path().join("arrays/k.npy").is_file());
    bench.output("show kth_largest --npy arrays", 2);
}

//! The page in a browser: what its JavaScript does when somebody clicks and types.
//!
//! A script behind the page's own does what a reader would, and writes what came of it into the document, which headless Chromium
//! then prints.

use std::path::{Path, PathBuf};
use std::process::Command;

use reports::Measurement;
use reports::page::{Source, page};
use vocabulary::{Kind, Target, Verdict};

/// Names under which Chromium is installed; `CHROMIUM` in the environment comes first.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    let folders = std::env::var_os("PATH")?;
    let mut files =
        std::env::split_paths(&folders).flat_map(|folder| NAMES.map(|name| folder.join(name)));
    files.find(|file| file.is_file())
}

/// Six rows of a problem: times in an order that differs from that of their names, and one that was not measured.
fn source() -> Source {
    let times = [
        ("a.py", Some(9_000)),
        ("b.py", Some(2_000_000)),
        ("c.py", None),
        ("d.py", Some(750)),
        ("e.py", Some(1_500_000_000)),
        ("f.py", Some(31_000)),
    ];
    let rows = times.map(|(solution, time)| Measurement {
        cpu_ns_median: time,
        ..Measurement::new(
            "knapsack/random@n=10#0".parse().unwrap(),
            solution,
            Kind::Program,
            Target::Process,
            Verdict::Accepted,
        )
    });
    Source {
        name: "six.csv".to_owned(),
        rows: rows.to_vec(),
        ..Source::default()
    }
}

/// What a script says that it found on the page, which is opened at a place (`#r1`). `None`, and a loud reason, without a browser.
fn found(source: Source, place: &str, script: &str) -> Option<String> {
    let Some(chromium) = chromium() else {
        eprintln!("SKIPPED: no Chromium here: apt-get install chromium, or name one in CHROMIUM");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    let driver = format!(
        "<script>const said = document.createElement('output'); document.body.append(said);\n\
         const say = (text) => {{ said.textContent = `<<${{text}}>>`; }};\n\
         {script}</script>"
    );
    std::fs::write(&file, page(&[source]) + &driver).unwrap();
    Some(said(
        &chromium,
        folder.path(),
        &format!("file://{}{place}", file.display()),
    ))
}

fn said(chromium: &Path, profile: &Path, address: &str) -> String {
    let output = Command::new(chromium)
        // Root has no sandbox of Chromium's, and the page is our own.
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
        ])
        .args(["--virtual-time-budget=5000", "--dump-dom"])
        .arg(format!(
            "--user-data-dir={}",
            profile.join("profile").display()
        ))
        .arg(address)
        .output()
        .expect("Chromium starts");
    let document = String::from_utf8_lossy(&output.stdout).into_owned();
    let begin = document.rfind("&lt;&lt;");
    let end = document.rfind("&gt;&gt;");
    match (begin, end) {
        (Some(begin), Some(end)) => document[begin + 8..end].to_owned(),
        _ => panic!(
            "the script said nothing: {}",
            String::from_utf8_lossy(&output.stderr)
        ),
    }
}

/// Clicks the header of the median in the table of rows, as often as is wanted, and says in which order the solutions stand.
fn sorted_by_median(clicks: usize) -> Option<String> {
    let script = "
        const table = document.querySelector('table.rows');
        const header = [...table.tHead.rows[0].cells].find((cell) => cell.textContent === 'Median');
        for (let click = 0; click < CLICKS; click++) header.querySelector('button').click();
        const order = [...table.tBodies[0].rows].map((row) => row.cells[0].textContent[0]).join('');
        say(`${order} ${header.getAttribute('aria-sort')}`);";
    found(source(), "", &script.replace("CLICKS", &clicks.to_string()))
}

#[test]
fn a_click_on_a_header_sorts_by_the_quantity_and_not_by_its_digits() {
    // 750 ns, 9 us, 31 us, 2 ms, 1.5 s; what was not measured stays last.
    for (clicks, order) in [
        (0, "abcdef null"),
        (1, "dafbec ascending"),
        (2, "ebfadc descending"),
    ] {
        let Some(found) = sorted_by_median(clicks) else {
            return;
        };
        assert_eq!(found, order, "after {clicks} clicks");
    }
}

#[test]
fn a_filter_leaves_the_rows_that_have_all_its_words() {
    let script = "
        const field = document.querySelector('#rows input');
        field.value = 'b.py 2.00';
        field.dispatchEvent(new Event('input'));
        setTimeout(() => {
          const rows = [...document.querySelector('table.rows').tBodies[0].rows];
          const left = rows.filter((row) => !row.hidden).map((row) => row.cells[0].textContent).join(',');
          say(`${left}; ${document.querySelector('#rows [role=status]').textContent}`);
        }, 1000);";
    let Some(found) = found(source(), "", script) else {
        return;
    };
    assert_eq!(found, "b.py; 1 of 6 rows");
}

#[test]
fn an_address_of_a_row_opens_the_table_that_it_is_folded_into() {
    let script = "say(document.querySelector('#rows details').open);";
    for (place, open) in [("", "false"), ("#r3", "true")] {
        let Some(found) = found(source(), place, script) else {
            return;
        };
        assert_eq!(found, open, "at `{place}`");
    }
}

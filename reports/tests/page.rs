//! The page, as text: what stands on it, and where its links lead.

#[path = "../examples/page/made_up.rs"]
mod made_up;

use std::collections::BTreeSet;

use reports::page::{Source, page};
use reports::{Measurement, RunInfo};
use vocabulary::{Kind, Target, Verdict};

/// The page of a run that never was.
fn made_up_page(rows: usize) -> String {
    let folder = tempfile::tempdir().unwrap();
    made_up::write(folder.path(), rows).unwrap();
    page(&[Source::read(folder.path()).unwrap()])
}

fn row(solution: &str, case: &str, verdict: Verdict) -> Measurement {
    Measurement::new(
        case.parse().unwrap(),
        solution,
        Kind::Program,
        Target::Process,
        verdict,
    )
}

fn page_of(rows: Vec<Measurement>) -> String {
    page(&[Source {
        name: "mine.csv".to_owned(),
        rows,
        ..Source::default()
    }])
}

/// The texts that stand between two others.
fn between<'a>(text: &'a str, before: &str, after: char) -> BTreeSet<&'a str> {
    let parts = text.split(before).skip(1);
    parts.filter_map(|part| part.split(after).next()).collect()
}

#[test]
fn ten_thousand_rows_stay_under_three_megabytes() {
    let page = made_up_page(made_up::ROWS);
    assert_eq!(between(&page, "<tr id=r", '>').len(), made_up::ROWS);
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
}

#[test]
fn every_link_leads_to_something_on_the_page() {
    let page = made_up_page(3000);
    let mut places = between(&page, " id=\"", '"');
    for part in page.split("<tr id=").skip(1) {
        places.extend(part.split(['>', ' ']).next());
    }
    let links = between(&page, "href=\"", '"');
    assert!(links.len() > 500, "only {} links", links.len());
    for link in links {
        let place = link.strip_prefix('#').expect("no link leads elsewhere");
        assert!(
            places.contains(place),
            "nothing on the page is called {place}"
        );
    }
}

#[test]
fn a_page_needs_nothing_from_a_network() {
    let page = made_up_page(1000);
    for word in ["http:", "https:", " src=", "@import", "<link", "fetch("] {
        assert!(!page.contains(word), "{word} stands on the page");
    }
}

#[test]
fn a_failure_that_nobody_expected_stands_in_the_headline_and_has_its_command() {
    let mut wrong = row("mine.py", "knapsack/random@n=10#3", Verdict::WrongAnswer);
    wrong.detail = Some("17 instead of 23".to_owned());
    let page = page_of(vec![
        row("mine.py", "knapsack/random@n=10#2", Verdict::Accepted),
        wrong,
        row("other.py", "knapsack/random@n=10#2", Verdict::Accepted),
    ]);
    assert!(
        page.contains("1 of 2 solutions did not get the verdict"),
        "{page}"
    );
    assert!(page.contains(">knapsack/mine.py WA</a>"), "{page}");
    assert!(page.contains("17 instead of 23"), "{page}");
    // Quotes are written as entities.
    let command = "judge run knapsack &#39;mine.py&#39; --target process --case &#39;knapsack/random@n=10#3&#39;";
    assert!(page.contains(command), "{page}");
}

#[test]
fn what_is_wrong_by_design_is_as_expected_and_in_no_leaderboard() {
    let mut wrong = row("greedy.py", "knapsack/random@n=10#3", Verdict::WrongAnswer);
    wrong.expected = Some(Verdict::WrongAnswer);
    let page = page_of(vec![
        wrong,
        row("good.py", "knapsack/random@n=10#3", Verdict::Accepted),
    ]);
    assert!(page.contains("All 2 solutions got the verdict"), "{page}");
    let boards = page.split("id=\"leaderboards\"").nth(1).unwrap();
    let boards = boards.split("</section>").next().unwrap();
    assert!(
        boards.contains("good.py") && !boards.contains("greedy.py"),
        "{boards}"
    );
}

#[test]
fn names_and_details_are_text_and_no_markup() {
    let mut wrong = row("<i>&\"'.py", "a/b@n=1#0", Verdict::RuntimeError);
    wrong.detail = Some("</script><script>alert(1)</script>".to_owned());
    let page = page_of(vec![wrong]);
    assert!(
        !page.contains("<i>") && !page.contains("alert(1)</script>"),
        "{page}"
    );
    assert_eq!(page.matches("<script>").count(), 1);
}

#[test]
fn machines_are_kept_apart() {
    let of = |host: &str, cpu: u64| Measurement {
        run: RunInfo {
            host_id: host.to_owned(),
            ..made_up::run()
        },
        cpu_ns_median: Some(cpu),
        ..row("good.py", "a/b@n=1#0", Verdict::Accepted)
    };
    let page = page_of(vec![of("here", 1000), of("there", 9000)]);
    for heading in ["a, process, host here", "a, process, host there"] {
        assert!(page.contains(heading), "no {heading} in {page}");
    }
    // Each is the best of its own machine. (Its rows further down rightly say 9.00 µs.)
    let boards = page.split("id=\"leaderboards\"").nth(1).unwrap();
    let boards = boards.split("</section>").next().unwrap();
    assert_eq!(
        boards.matches("<td class=\"n\">1.00<td>").count(),
        2,
        "{boards}"
    );
    assert!(!boards.contains("9.00<td>"), "{boards}");
}

#[test]
fn without_curves_the_page_says_what_is_missing() {
    let page = page_of(vec![row("good.py", "a/b@n=1#0", Verdict::Accepted)]);
    assert!(
        page.contains("there is no <code>curves.csv</code>"),
        "{page}"
    );
    assert!(
        page.contains("no environment.json beside the rows"),
        "{page}"
    );
}

#[test]
fn an_empty_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    made_up::write(folder.path(), 0).unwrap();
    let error = Source::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("measurements.csv: no rows"), "{error}");
}

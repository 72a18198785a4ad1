//! The figures of `kernels/README.md` are those of `counters.csv`, and of the formulas that the kernels state.

use std::collections::BTreeMap;

use kernels::variants;
use vocabulary::Parameters;

const TOUR: &str = include_str!("../README.md");
const COUNTERS: &str = include_str!("../counters.csv");

/// What each kernel of attention counts, by column.
fn counted() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(COUNTERS.as_bytes());
    let rows = reader.deserialize::<BTreeMap<String, String>>();
    rows.map(|row| row.unwrap())
        .filter(|row| row["problem"] == "attention")
        .map(|row| (row["kernel"].clone(), row))
        .collect()
}

/// The sectors that a kernel states for a long sequence.
fn stated(kernel: &str) -> u64 {
    let all = variants();
    let is_meant =
        |variant: &&kernels::Variant| variant.problem == "attention" && variant.name == kernel;
    let variant = all.iter().find(is_meant).expect(kernel);
    let element = variant.plan.takes.to_string();
    let element = if element.contains("type=f16") {
        "f16"
    } else {
        "f32"
    };
    let case = format!("n=4096,size=64,heads=1,batch=1,causal=0,type={element}");
    let case: Parameters = case.parse().unwrap();
    let [theorem] = &variant.plan.theorems[..] else {
        panic!("{kernel} states {} formulas", variant.plan.theorems.len());
    };
    theorem.value(&case).unwrap().try_into().unwrap()
}

#[test]
fn the_figures_of_the_tour_are_those_that_are_counted_and_stated() {
    let counted = counted();
    let rows: Vec<Vec<&str>> = TOUR
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let rows = &rows[2..];
    let names: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        counted.keys().collect::<Vec<_>>(),
        "kernels of the table"
    );
    for row in rows {
        let figure = |column: &str| counted[row[0]][column].parse::<u64>().unwrap();
        let expected = [
            figure("warp_instructions"),
            figure("global_load_sectors") + figure("global_store_sectors"),
            figure("shared_wavefronts"),
            figure("barriers"),
            figure("matrix_products"),
            stated(row[0]),
        ];
        let shown: Vec<u64> = row[1..]
            .iter()
            .map(|cell| cell.replace('_', "").parse().unwrap())
            .collect();
        assert_eq!(shown, expected, "{}", row[0]);
    }
}

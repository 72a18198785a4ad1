//! The text form over a schema that has every shape: what is written reads back, and what is refused says why.

use problems::{Schema, Shape, schema};
use proptest::collection::vec;
use proptest::prelude::*;
use vocabulary::ElementType::{F32, F64, I32, I64, U8, U32};
use vocabulary::{Array, Arrays};

/// Scalars, arrays of every element type, and lines go in; scalars, an array, a counted array, a list of lists, a line
/// and something optional come out.
fn every_shape() -> Schema {
    schema("every_shape")
        .primary("n", 0, "1000", "a size")
        .size("k", 0, "n + 1", "1", "another size")
        .scalar(
            "seed",
            i64::MIN,
            "9_223_372_036_854_775_807",
            "a scalar that is no size",
        )
        .input_array("bytes", U8, "n", "")
        .input_array("ints", I32, "2 * n", "")
        .input_array("naturals", U32, "n", "")
        .input_array_between("longs", I64, "n", ("0 - 1_000_000_000_000", "seed"), "")
        .input_array("floats", F32, "n", "")
        .input_array("doubles", F64, "k", "")
        .input_letters("text", "")
        .input_letters("target", "")
        .output_scalar("least", I64, "")
        .output_array("windows", I32, "n - k + 1", "")
        .output("chosen", U32, Shape::Counted, "")
        .output("found", I32, Shape::Lists, "")
        .output("name", U8, Shape::Line, "")
        .output("error", F64, Shape::Scalar, "")
        .optional()
}

/// `n k`, then integers: the usual form.
fn numbers() -> Schema {
    schema("numbers")
        .primary("n", 1, "10", "how many")
        .size("k", 1, "n", "1", "which")
        .input_array_between("numbers", I32, "n", ("0 - 5", "5"), "the integers")
        .output_array("windows", I32, "n - k + 1", "")
}

fn arrays(fields: impl IntoIterator<Item = (&'static str, Array)>) -> Arrays {
    let mut arrays = Arrays::new();
    for (name, array) in fields {
        arrays.set(name, array);
    }
    arrays
}

fn line() -> impl Strategy<Value = Array> {
    "[a-zA-Z]{0,20}".prop_map(|line| Array::U8(line.into_bytes()))
}

fn input() -> impl Strategy<Value = Arrays> {
    let sizes = (0_usize..20).prop_flat_map(|n| (Just(n), 0..n + 2, 0..i64::MAX));
    let fields = |(n, k, seed): (usize, usize, i64)| {
        (
            Just((n as i64, k as i64, seed)),
            vec(any::<u8>(), n),
            vec(any::<i32>(), 2 * n),
            vec(any::<u32>(), n),
            vec(-1_000_000_000_000..=seed, n),
            vec(any::<f32>(), n),
            vec(any::<f64>(), k),
            line(),
            line(),
        )
    };
    sizes.prop_flat_map(fields).prop_map(
        |((n, k, seed), bytes, ints, naturals, longs, floats, doubles, text, target)| {
            arrays([
                ("n", Array::I64(vec![n])),
                ("k", Array::I64(vec![k])),
                ("seed", Array::I64(vec![seed])),
                ("bytes", Array::U8(bytes)),
                ("ints", Array::I32(ints)),
                ("naturals", Array::U32(naturals)),
                ("longs", Array::I64(longs)),
                ("floats", Array::F32(floats)),
                ("doubles", Array::F64(doubles)),
                ("text", text),
                ("target", target),
            ])
        },
    )
}

/// An output for n = 9 and k = 4.
fn output() -> impl Strategy<Value = Arrays> {
    (
        any::<i64>(),
        vec(any::<i32>(), 6),
        vec(any::<u32>(), 0..9),
        vec(vec(any::<i32>(), 0..5), 0..5),
        line(),
        proptest::option::of(any::<f64>()),
    )
        .prop_map(|(least, windows, chosen, found, name, error)| {
            let lengths = found.iter().map(|list| list.len() as u32).collect();
            let mut output = arrays([
                ("least", Array::I64(vec![least])),
                ("windows", Array::I32(windows)),
                ("chosen", Array::U32(chosen)),
                ("found_lengths", Array::U32(lengths)),
                ("found", Array::I32(found.concat())),
                ("name", name),
            ]);
            if let Some(error) = error {
                output.set("error", Array::F64(vec![error]));
            }
            output
        })
}

fn sizes() -> Arrays {
    arrays([("n", Array::I64(vec![9])), ("k", Array::I64(vec![4]))])
}

proptest! {
    // Tests of a folder of their own find no place for a file of failures.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn an_input_of_every_shape_reads_back_as_it_was_written(input in input()) {
        let schema = every_shape();
        prop_assert_eq!(schema.validate(&input), Ok(()));
        let text = schema.write_input(&input);
        prop_assert_eq!(schema.read_input(&text), Ok(input));
    }

    #[test]
    fn an_output_of_every_shape_reads_back_as_it_was_written(output in output()) {
        let schema = every_shape();
        let text = schema.write_output(&output);
        prop_assert_eq!(schema.read_output(&text, &sizes()), Ok(output));
    }

    #[test]
    fn line_ends_of_other_systems_read_alike(input in input()) {
        let schema = every_shape();
        let text = String::from_utf8(schema.write_input(&input)).unwrap();
        let other = text.replace('\n', "\r\n");
        prop_assert_eq!(schema.read_input(other.as_bytes()), Ok(input));
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..200)) {
        for schema in [every_shape(), numbers()] {
            let _ = schema.read_input(&bytes);
            let _ = schema.read_output(&bytes, &sizes());
        }
    }

    #[test]
    fn no_almost_right_text_makes_a_reader_panic(
        input in input(), output in output(), at in any::<prop::sample::Index>(), byte in any::<u8>()
    ) {
        let schema = every_shape();
        let mut text = schema.write_input(&input);
        let at_input = at.index(text.len());
        text[at_input] = byte;
        let _ = schema.read_input(&text);
        let mut text = schema.write_output(&output);
        let at_output = at.index(text.len());
        text[at_output] = byte;
        let _ = schema.read_output(&text, &sizes());
    }
}

fn refusal_of_input(schema: &Schema, text: &str) -> String {
    schema.read_input(text.as_bytes()).unwrap_err().to_string()
}

fn refusal_of_output(text: &str) -> String {
    let read = every_shape().read_output(text.as_bytes(), &sizes());
    read.unwrap_err().to_string()
}

#[test]
fn a_refused_input_says_what_is_wrong_with_which_field() {
    for (text, refusal) in [
        ("", "`n`: 0 of 1 elements, then the text ends"),
        ("3", "`k`: 0 of 1 elements, then the text ends"),
        ("3 1\n1 2", "`numbers`: 2 of 3 elements, then the text ends"),
        (
            "3 1\n1 2 \n",
            "`numbers`: 2 of 3 elements, then the text ends",
        ),
        ("3 1\n1 2 3 4", "the input goes on after its end: `4`"),
        (
            "3 1\n1 2147483648 2",
            "`numbers`: `2147483648` is no number of the type i32",
        ),
        (
            "3 1\n1 -2147483649 2",
            "`numbers`: `-2147483649` is no number of the type i32",
        ),
        (
            "3 1\n1 99999999999999999999999 2",
            "`numbers`: `99999999999999999999999` is no number of the type i32",
        ),
        ("3 1\n1 x 2", "`numbers`: `x` is no integer"),
        ("3 1\n1 - 2", "`numbers`: `-` is no integer"),
        ("3 1\n1 +2 2", "`numbers`: `+2` is no integer"),
        ("3 1\n1 2.0 2", "`numbers`: `2.0` is no integer"),
        ("3 1\n1 2\u{b}2 2", "`numbers`: `2\\x0b2` is no integer"),
        (
            "9223372036854775808 1\n",
            "`n`: `9223372036854775808` is no number of the type i64",
        ),
        ("-3 1\n1 2 3", "`numbers` would have -3 elements (n)"),
        (
            "11 1\n1 2 3 4 5 1 2 3 4 5 1",
            "element 0 of `n` is not from 1 to 10",
        ),
        ("3 4\n1 2 3", "element 0 of `k` is not from 1 to 3"),
        ("3 1\n1 2 6", "element 2 of `numbers` is not from -5 to 5"),
        (
            "1000000000000 1\n1 2 3",
            "`numbers`: 3 of 1000000000000 elements, then the text ends",
        ),
    ] {
        assert_eq!(refusal_of_input(&numbers(), text), refusal, "{text:?}");
    }
    let long = format!("3 1\n{}", "y".repeat(100));
    let shown = format!("`numbers`: `{}...` is no integer", "y".repeat(40));
    assert_eq!(refusal_of_input(&numbers(), &long), shown);
}

#[test]
fn any_white_space_separates_numbers() {
    let read = numbers().read_input(b"\t3\r\n2   1\n\n2\x0c3\n").unwrap();
    assert_eq!(read.get("numbers"), Some(&Array::I32(vec![1, 2, 3])));
}

#[test]
fn lines_may_be_empty_and_end_with_the_text() {
    let schema = schema("lines")
        .parameter("n", 0, "9", None, "")
        .input_letters("text", "")
        .input_letters("target", "");
    for (text, first, second) in [
        ("ab\ncd\n", "ab", "cd"),
        ("ab\ncd", "ab", "cd"),
        ("ab\r\ncd\r\n", "ab", "cd"),
        ("\ncd\n", "", "cd"),
        ("ab\n\n", "ab", ""),
        ("ab\n", "ab", ""),
        ("", "", ""),
    ] {
        let read = schema.read_input(text.as_bytes()).unwrap();
        assert_eq!(read.get("text"), Some(&Array::U8(first.into())), "{text:?}");
        assert_eq!(
            read.get("target"),
            Some(&Array::U8(second.into())),
            "{text:?}"
        );
    }
    assert_eq!(
        refusal_of_input(&schema, "ab\nc d\n"),
        "element 1 of `target` is not a letter a-z or A-Z"
    );
    assert_eq!(
        refusal_of_input(&schema, "ab\ncd\nef\n"),
        "the input goes on after its end: `ef`"
    );
}

#[test]
fn a_line_after_scalars_begins_on_its_own_line() {
    let schema = schema("both")
        .primary("n", 0, "9", "")
        .input_letters("text", "");
    assert!(schema.read_input(b"5 \r\nab\n").is_ok());
    assert_eq!(
        refusal_of_input(&schema, "5 ab\n"),
        "the line before `text` goes on after its end: `ab`"
    );
}

#[test]
fn a_refused_output_says_what_is_wrong_with_which_field() {
    let windows = "1\n1 2 3 4 5 6\n";
    for (text, refusal) in [
        (
            "",
            "`least`: 0 of 1 elements, then the text ends".to_owned(),
        ),
        (
            "1\n1 2 3",
            "`windows`: 3 of 6 elements, then the text ends".to_owned(),
        ),
        (
            &format!("{windows}-1"),
            "`chosen`: `-1` is no number of the type u32".to_owned(),
        ),
        (
            &format!("{windows}2 7"),
            "`chosen`: 1 of 2 elements, then the text ends".to_owned(),
        ),
        (
            &format!("{windows}1 -7"),
            "`chosen`: `-7` is no number of the type u32".to_owned(),
        ),
        (
            &format!("{windows}4294967296"),
            "`chosen`: `4294967296` is no number of the type u32".to_owned(),
        ),
        (
            &format!("{windows}0\n2\n1 5\n"),
            "`found` is missing: the text ends here".to_owned(),
        ),
        (
            &format!("{windows}0\n1\n-2 5\n"),
            "`found`: `-2` is no number of the type u32".to_owned(),
        ),
        (
            &format!("{windows}0\n1\n2 5"),
            "`found` is missing: the text ends here".to_owned(),
        ),
        (
            &format!("{windows}0\n0\nname\n1.5x"),
            "`error`: `1.5x` is no number".to_owned(),
        ),
        (
            &format!("{windows}0\n0\nname\n1.5 2"),
            "the output goes on after its end: `2`".to_owned(),
        ),
    ] {
        assert_eq!(refusal_of_output(text), refusal, "{text:?}");
    }
}

#[test]
fn a_count_that_no_text_could_hold_takes_no_memory() {
    let text = "1\n1 2 3 4 5 6\n4294967295 1 2";
    let refusal = "`chosen`: 2 of 4294967295 elements, then the text ends";
    assert_eq!(refusal_of_output(text), refusal);
}

#[test]
fn an_array_of_another_length_or_type_is_refused_by_the_schema() {
    let valid = arrays([
        ("n", Array::I64(vec![2])),
        ("k", Array::I64(vec![1])),
        ("numbers", Array::I32(vec![5, -5])),
    ]);
    assert_eq!(numbers().validate(&valid), Ok(()));
    for (name, array, refusal) in [
        (
            "numbers",
            Array::I32(vec![1, 2, 3]),
            "`numbers` has 3 elements, not n = 2",
        ),
        (
            "numbers",
            Array::I32(vec![5, -6]),
            "element 1 of `numbers` is not from -5 to 5",
        ),
        (
            "k",
            Array::I64(vec![3]),
            "element 0 of `k` is not from 1 to 2",
        ),
    ] {
        let mut wrong = valid.clone();
        wrong.set(name, array);
        let refused = numbers().validate(&wrong).unwrap_err();
        assert_eq!(refused.to_string(), refusal);
    }
    let mut without = valid;
    without.take("numbers");
    let refused = numbers().validate(&without).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`numbers` is missing or not of its type"
    );
}

#[test]
fn any_white_space_separates_integers_and_nothing_else_does() {
    let schema = schema("numbers")
        .primary("n", 1, "1_000", "how many")
        .input_array("numbers", I32, "n", "the integers");
    let numbers: Vec<i32> = (0..500).map(|number| number * 7919 - 1_000_000).collect();
    let input = arrays([
        ("n", Array::I64(vec![500])),
        ("numbers", Array::I32(numbers.clone())),
    ]);
    let tokens: Vec<String> = numbers.iter().map(i32::to_string).collect();
    for space in ["\t", "\r\n", "  ", "\x0c", " \n \t"] {
        let text = format!("500\n{}", tokens.join(space));
        assert_eq!(
            schema.read_input(text.as_bytes()),
            Ok(input.clone()),
            "{space:?}"
        );
    }
    for control in ["\0", "\x0b", "\x1f", "\u{a0}"] {
        let text = format!("500\n{}", tokens.join(control));
        assert!(schema.read_input(text.as_bytes()).is_err(), "{control:?}");
    }
}

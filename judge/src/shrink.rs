//! Shrinking an input that fails: fewer elements, then smaller values, as long as it still fails.
//!
//! Works on the array form of any problem: arrays of one length lose the same positions, scalars stay within their
//! bounds, and the problem's own validator has the last word on what is still an input. After Zeller and Hildebrandt,
//! *Simplifying and Isolating Failure-Inducing Input* (2002).

use problems::{Allowed, Field, Schema, Shape};
use vocabulary::{Array, Arrays, Expression};

/// The smallest input that was found to fail, starting from one that does. `fails` is asked for every candidate that is
/// valid; it may say no to all when time is up.
pub fn shrink(schema: &Schema, start: Arrays, mut fails: impl FnMut(&Arrays) -> bool) -> Arrays {
    let mut best = start;
    loop {
        let before = size(&best);
        fewer_elements(schema, &mut best, &mut fails);
        smaller_scalars(schema, &mut best, &mut fails);
        smaller_values(schema, &mut best, &mut fails);
        if size(&best) >= before {
            return best;
        }
    }
}

/// How large an input is: elements first, then the sum of the magnitudes.
fn size(arrays: &Arrays) -> (usize, u128) {
    let elements = arrays.iter().map(|(_, array)| array.len()).sum();
    let magnitudes = arrays.iter().map(|(_, array)| match array {
        Array::U8(values) => values.iter().map(|value| u128::from(*value)).sum::<u128>(),
        Array::I32(values) => values
            .iter()
            .map(|value| u128::from(value.unsigned_abs()))
            .sum(),
        Array::U32(values) => values.iter().map(|value| u128::from(*value)).sum(),
        Array::I64(values) => values
            .iter()
            .map(|value| u128::from(value.unsigned_abs()))
            .sum(),
        Array::F16(_) | Array::F32(_) | Array::F64(_) => 0,
    });
    (elements, magnitudes.sum())
}

/// Takes a candidate if it is valid, smaller, and fails.
fn take(
    schema: &Schema,
    best: &mut Arrays,
    candidate: Arrays,
    fails: &mut impl FnMut(&Arrays) -> bool,
) -> bool {
    let taken =
        size(&candidate) < size(best) && schema.validate(&candidate).is_ok() && fails(&candidate);
    if taken {
        *best = candidate;
    }
    taken
}

/// Fields that must lose elements together: all arrays of one size; a string alone.
fn groups(schema: &Schema) -> Vec<(Option<&str>, Vec<&'static str>)> {
    let mut groups: Vec<(Option<&str>, Vec<&'static str>)> = Vec::new();
    for field in &schema.inputs {
        let size = match &field.shape {
            Shape::Array(extents) => match extents.length.as_name() {
                Some(name) => Some(name),
                None => continue, // a length that is computed cannot be chosen
            },
            Shape::Line => None,
            _ => continue,
        };
        match groups
            .iter_mut()
            .find(|(known, _)| size.is_some() && *known == size)
        {
            Some((_, fields)) => fields.push(field.name),
            None => groups.push((size, vec![field.name])),
        }
    }
    groups
}

fn fewer_elements(schema: &Schema, best: &mut Arrays, fails: &mut impl FnMut(&Arrays) -> bool) {
    for (size_name, fields) in groups(schema) {
        let length = |arrays: &Arrays| arrays.get(fields[0]).map_or(0, Array::len);
        let mut chunk = length(best).div_ceil(2);
        while chunk > 0 {
            let mut start = 0;
            while start < length(best) {
                let end = (start + chunk).min(length(best));
                let mut candidate = best.clone();
                for field in &fields {
                    edit(&mut candidate, field, |array| remove(array, start, end));
                }
                if let Some(name) = size_name {
                    candidate.set(name, Array::I64(vec![length(&candidate) as i64]));
                }
                clamp(schema, &mut candidate);
                if !take(schema, best, candidate, fails) {
                    start = end;
                }
            }
            chunk = if chunk == 1 { 0 } else { chunk.div_ceil(2) };
        }
    }
}

fn smaller_scalars(schema: &Schema, best: &mut Arrays, fails: &mut impl FnMut(&Arrays) -> bool) {
    let sizes: Vec<&str> = groups(schema)
        .into_iter()
        .filter_map(|(size, _)| size)
        .collect();
    for field in &schema.inputs {
        let Allowed::Between(least, _) = &field.allowed else {
            continue;
        };
        if !matches!(field.shape, Shape::Scalar) || sizes.contains(&field.name) {
            continue;
        }
        while let (Some(value), Some(least)) = (scalar(best, field.name), evaluate(best, least)) {
            let smaller = [least, least + (value - least) / 2, value - 1];
            let taken = smaller.into_iter().any(|smaller| {
                let mut candidate = best.clone();
                edit(&mut candidate, field.name, |array| put(array, 0, smaller));
                clamp(schema, &mut candidate);
                take(schema, best, candidate, fails)
            });
            if !taken {
                break;
            }
        }
    }
}

/// Beyond this many elements single values are left as they are: nobody reads them.
const VALUES: usize = 64;

fn smaller_values(schema: &Schema, best: &mut Arrays, fails: &mut impl FnMut(&Arrays) -> bool) {
    let is_array = |field: &&Field| !matches!(field.shape, Shape::Scalar);
    for field in schema.inputs.iter().filter(is_array) {
        let length = best.get(field.name).map_or(0, Array::len);
        for index in 0..length.min(VALUES) {
            // All values that equal this one together, since the failure may need them equal; then this one alone.
            for together in [true, false] {
                while smaller_value(schema, best, field, index, together, fails) {}
            }
        }
    }
}

/// Makes one value smaller, or all that equal it.
fn smaller_value(
    schema: &Schema,
    best: &mut Arrays,
    field: &Field,
    index: usize,
    together: bool,
    fails: &mut impl FnMut(&Arrays) -> bool,
) -> bool {
    let Some(value) = best.get(field.name).and_then(|array| at(array, index)) else {
        return false;
    };
    let smaller = match field.allowed {
        Allowed::Letters => [b'A'.into(), b'a'.into(), value - 1],
        _ => [0, value / 2, value - value.signum()],
    };
    smaller.into_iter().any(|smaller| {
        let mut candidate = best.clone();
        edit(&mut candidate, field.name, |array| {
            for place in 0..array.len() {
                if place == index || (together && at(array, place) == Some(value)) {
                    put(array, place, smaller);
                }
            }
        });
        take(schema, best, candidate, fails)
    })
}

/// Brings scalars back into bounds that depend on what was changed.
fn clamp(schema: &Schema, arrays: &mut Arrays) {
    for field in &schema.inputs {
        if let (Shape::Scalar, Allowed::Between(least, most)) = (&field.shape, &field.allowed)
            && let (Some(value), Some(least), Some(most)) = (
                scalar(arrays, field.name),
                evaluate(arrays, least),
                evaluate(arrays, most),
            )
            && least <= most
        {
            edit(arrays, field.name, |array| {
                put(array, 0, value.clamp(least, most));
            });
        }
    }
}

fn evaluate(arrays: &Arrays, expression: &Expression) -> Option<i64> {
    expression.evaluate(&|name| scalar(arrays, name)).ok()
}

fn scalar(arrays: &Arrays, name: &str) -> Option<i64> {
    at(arrays.get(name)?, 0)
}

fn edit(arrays: &mut Arrays, name: &str, change: impl FnOnce(&mut Array)) {
    if let Some(mut array) = arrays.get(name).cloned() {
        change(&mut array);
        arrays.set(name, array);
    }
}

fn at(array: &Array, index: usize) -> Option<i64> {
    match array {
        Array::U8(values) => values.get(index).map(|value| (*value).into()),
        Array::I32(values) => values.get(index).map(|value| (*value).into()),
        Array::U32(values) => values.get(index).map(|value| (*value).into()),
        Array::I64(values) => values.get(index).copied(),
        Array::F16(_) | Array::F32(_) | Array::F64(_) => None,
    }
}

/// Sets an element; a value of another type's range leaves it.
fn put(array: &mut Array, index: usize, value: i64) {
    match array {
        Array::U8(values) => values[index] = value.try_into().unwrap_or(values[index]),
        Array::I32(values) => values[index] = value.try_into().unwrap_or(values[index]),
        Array::U32(values) => values[index] = value.try_into().unwrap_or(values[index]),
        Array::I64(values) => values[index] = value,
        Array::F16(_) | Array::F32(_) | Array::F64(_) => {}
    }
}

fn remove(array: &mut Array, start: usize, end: usize) {
    match array {
        Array::U8(values) => drop(values.drain(start..end)),
        Array::I32(values) => drop(values.drain(start..end)),
        Array::U32(values) => drop(values.drain(start..end)),
        Array::I64(values) => drop(values.drain(start..end)),
        Array::F16(values) => drop(values.drain(start..end)),
        Array::F32(values) => drop(values.drain(start..end)),
        Array::F64(values) => drop(values.drain(start..end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kth_largest() -> &'static Schema {
        problems::find("kth_largest").unwrap().schema().unwrap()
    }

    fn start(text: &str) -> Arrays {
        kth_largest().read_input(text.as_bytes()).unwrap()
    }

    fn text(arrays: &Arrays) -> String {
        String::from_utf8(kth_largest().write_input(arrays)).unwrap()
    }

    fn numbers(arrays: &Arrays) -> &[i32] {
        match arrays.get("numbers") {
            Some(Array::I32(values)) => values,
            _ => &[],
        }
    }

    #[test]
    fn a_single_culprit_remains() {
        let found = shrink(kth_largest(), start("6 3\n5 -10 9 99 2 7"), |arrays| {
            numbers(arrays).iter().any(|number| *number < -3)
        });
        assert_eq!(text(&found), "1 1\n-4\n");
    }

    #[test]
    fn a_pair_of_equal_elements_remains() {
        let found = shrink(kth_largest(), start("7 7\n5 8 9 8 2 7 100"), |arrays| {
            let numbers = numbers(arrays);
            (1..numbers.len()).any(|index| numbers[..index].contains(&numbers[index]))
        });
        assert_eq!(numbers(&found).len(), 2);
    }

    #[test]
    fn values_that_must_stay_equal_become_smaller_together() {
        let found = shrink(kth_largest(), start("3 2\n-70 500 500"), |arrays| {
            let numbers = numbers(arrays);
            numbers.len() == 3 && numbers[1] == numbers[2] && numbers[0] < numbers[1]
        });
        assert_eq!(numbers(&found), [0, 1, 1]);
    }

    #[test]
    fn what_no_longer_fails_when_smaller_stays_as_it_is() {
        let first = start("2 2\n1 0");
        let found = shrink(kth_largest(), first.clone(), |_| false);
        assert_eq!(found, first);
    }
}

//! Inner loops that functions on tensors share.

/// Partial sums side by side, so that the loop fills a vector register instead of waiting for each addition.
const LANES: usize = 16;

/// The product of two vectors of the same length.
pub(crate) fn dot(one: &[f32], other: &[f32]) -> f32 {
    let (ones, last_of_one) = one.as_chunks::<LANES>();
    let (others, last_of_other) = other.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (one, other) in ones.iter().zip(others) {
        for lane in 0..LANES {
            sums[lane] += one[lane] * other[lane];
        }
    }
    let last = last_of_one.iter().zip(last_of_other);
    sums.iter().sum::<f32>() + last.map(|(a, b)| a * b).sum::<f32>()
}

/// Adds a multiple of a vector to another of the same length.
pub(crate) fn add_scaled(to: &mut [f32], factor: f32, vector: &[f32]) {
    for (to, element) in to.iter_mut().zip(vector) {
        *to += factor * element;
    }
}

/// Adds multiples of vectors that lie one behind the other: the product of a row and a matrix. Four at a time, so that what
/// they are added to is loaded and stored a quarter as often.
pub(crate) fn add_combination(to: &mut [f32], factors: &[f32], vectors: &[f32]) {
    let length = to.len();
    let (fours, rest) = factors.as_chunks::<4>();
    let (vectors, last) = vectors.split_at(4 * fours.len() * length);
    for (factors, vectors) in fours.iter().zip(vectors.chunks_exact(4 * length)) {
        let (one, others) = vectors.split_at(length);
        let (two, others) = others.split_at(length);
        let (three, four) = others.split_at(length);
        let four = &four[..length]; // so that no index is checked below
        for index in 0..length {
            let first = factors[0] * one[index] + factors[1] * two[index];
            let second = factors[2] * three[index] + factors[3] * four[index];
            to[index] += first + second;
        }
    }
    for (factor, vector) in rest.iter().zip(last.chunks_exact(length)) {
        add_scaled(to, *factor, vector);
    }
}

/// Multiplies all elements of a vector.
pub(crate) fn scale(vector: &mut [f32], factor: f32) {
    for element in vector {
        *element *= factor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_counts_every_element_whatever_the_length() {
        for length in [0, 1, 15, 16, 17, 40] {
            let one: Vec<f32> = (0..length).map(|index| index as f32).collect();
            let squares: usize = (0..length).map(|index| index * index).sum();
            assert_eq!(dot(&one, &one), squares as f32, "{length}");
        }
    }

    #[test]
    fn a_combination_counts_every_vector_however_many_there_are() {
        let vectors = [1.0, 10.0].repeat(9);
        for count in 0..=9 {
            let factors: Vec<f32> = (1..=count).map(|index| index as f32).collect();
            let mut to = [5.0, 7.0];
            add_combination(&mut to, &factors, &vectors[..2 * count]);
            let sum = (count * (count + 1) / 2) as f32;
            assert_eq!(to, [5.0 + sum, 7.0 + 10.0 * sum], "{count}");
        }
    }
}

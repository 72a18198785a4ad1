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
}

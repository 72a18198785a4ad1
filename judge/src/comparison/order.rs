//! The order of the sides: ABBA, for three.
//!
//! ```text
//! ABC CBA  BCA ACB  CAB BAC     each stands first, in the middle and last as often as the others, and behind itself as often
//! ```
//!
//! Drift that goes one way cancels within each mirrored couple; what a sample leaves behind in the caches for the next meets
//! all sides alike.

use super::Side::{self, Base, Copy, Head};

/// The six orders, of which two that follow each other mirror each other.
pub(super) const ORDERS: [[Side; 3]; 6] = [
    [Base, Head, Copy],
    [Copy, Head, Base],
    [Head, Copy, Base],
    [Base, Copy, Head],
    [Copy, Base, Head],
    [Head, Base, Copy],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_side_stands_in_every_place_and_behind_every_side_as_often() {
        for side in Side::ALL {
            for place in 0..3 {
                let times = ORDERS.iter().filter(|order| order[place] == side).count();
                assert_eq!(times, 2, "{side:?} at {place}");
            }
        }
        let all: Vec<Side> = ORDERS.iter().flatten().copied().collect();
        let behind_itself = |side| {
            let neighbours = all.iter().zip(all.iter().cycle().skip(1));
            neighbours
                .filter(|(first, second)| **first == side && **second == side)
                .count()
        };
        assert!(Side::ALL.into_iter().all(|side| behind_itself(side) == 1));
    }

    #[test]
    fn neighbours_mirror_each_other() {
        for couple in ORDERS.chunks(2) {
            let mut mirrored = couple[1];
            mirrored.reverse();
            assert_eq!(couple[0], mirrored);
        }
    }
}

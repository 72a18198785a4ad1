//! Stamps of accesses to shared memory.

use crate::sanitizer::stamp::{ALL_BYTES, Format, Stamp};

#[test]
fn a_stamp_gives_back_what_it_was_made_of() {
    for steps in [1, 1000, u32::MAX as usize] {
        let format = Format::new(steps);
        let (time, step) = (format.end_of_time() - 1, steps as u32);
        let stamp = format.stamp(time, step, (31, 30), true, 0b0110);
        assert_eq!((format.time(stamp), format.step(stamp)), (time, step));
        assert_eq!((stamp.warp(), stamp.lane()), (31, 30));
        assert_eq!((stamp.is_strong(), stamp.bytes()), (true, 0b0110));
        assert_eq!(stamp.lanes_on(1).lane(), 31);
        assert!(!format.stamp(1, 0, (0, 0), false, ALL_BYTES).is_strong());
    }
}

#[test]
fn what_is_later_leads_and_what_is_earlier_does_not() {
    let format = Format::new(100);
    let least = format.least(7);
    let before = format.stamp(6, 100, (31, 31), true, ALL_BYTES);
    let first = format.stamp(7, 0, (0, 0), false, 0);
    let last = format.stamp(format.end_of_time() - 1, 100, (31, 31), true, ALL_BYTES);
    for (stamp, is_later) in [
        (Stamp::default(), false),
        (before, false),
        (first, true),
        (last, true),
    ] {
        assert_eq!(stamp >= least, is_later, "{stamp:?}");
        assert_eq!(stamp.lead(least) < 0, is_later, "{stamp:?}");
    }
}

#[test]
fn warps_are_compared_whatever_else_differs() {
    let format = Format::new(100);
    let one = format.stamp(3, 5, (4, 31), false, ALL_BYTES);
    assert!(one.has_warp_of(format.stamp(9, 99, (4, 0), true, 1)));
    assert!(!one.has_warp_of(format.stamp(3, 5, (5, 31), false, ALL_BYTES)));
}

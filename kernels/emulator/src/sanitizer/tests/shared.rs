//! Shared memory.

use crate::machine::trouble::Rival;
use crate::sanitizer::{Deed, SharedWatch, SharedWho};
use proptest::prelude::*;

const STEPS: usize = 100;

fn who(warp: u32, lane: usize, pc: u32) -> SharedWho {
    SharedWho { warp, lane, pc }
}

fn rival(warp: u32, lane: u32, pc: u32, is_write: bool) -> Rival {
    Rival {
        block: None,
        thread: Some(32 * warp + lane),
        pc,
        is_write,
    }
}

/// A row of words, each by a lane of its own; whether that was all there is to look at.
fn row(watch: &mut SharedWatch, warp: u32, pc: u32, is_write: bool) -> bool {
    let glance = watch.glance(warp, pc);
    watch.access_words(glance, 0, 32, (0, 0), is_write)
}

#[test]
fn a_row_names_the_lane_of_each_of_its_words() {
    let mut watch = SharedWatch::new(128, 2, STEPS);
    assert!(row(&mut watch, 1, 7, true));
    let race = watch.access(4 * 17, 4, who(0, 3, 8), Deed::Read);
    assert_eq!(race, Err(rival(1, 17, 7, true)));
    watch.begin_phase();
    assert_eq!(watch.access(4 * 17, 4, who(0, 3, 8), Deed::Read), Ok(()));
}

#[test]
fn several_words_of_a_lane_name_this_lane() {
    let mut watch = SharedWatch::new(128, 2, STEPS);
    let glance = watch.glance(0, 7);
    // Lanes 5 to 8, with four words each, from the third word on.
    assert!(watch.access_words(glance, 8, 16, (5, 2), true));
    for word in 0..16 {
        let race = watch.access(8 + 4 * word, 4, who(1, 0, 8), Deed::Write);
        assert_eq!(race, Err(rival(0, 5 + word as u32 / 4, 7, true)));
    }
    assert_eq!(watch.access(4, 4, who(1, 0, 8), Deed::Write), Ok(()));
    assert_eq!(watch.access(8 + 64, 4, who(1, 0, 8), Deed::Write), Ok(()));
}

#[test]
fn of_two_warps_that_read_a_row_both_are_remembered() {
    let mut watch = SharedWatch::new(128, 3, STEPS);
    assert!(row(&mut watch, 0, 1, true));
    watch.begin_phase();
    assert!(row(&mut watch, 0, 2, false));
    assert!(row(&mut watch, 1, 3, false));
    // The second reader met the writer, and the first one did not.
    watch.meet(&[1, 2]);
    let race = watch.access(12, 4, who(2, 0, 4), Deed::Write);
    assert_eq!(race, Err(rival(0, 3, 2, false)));
}

#[test]
fn a_row_of_which_a_byte_was_not_written_is_looked_at_closely() {
    let mut watch = SharedWatch::new(128, 1, STEPS);
    assert!(!row(&mut watch, 0, 1, false));
    for byte in (0..128).filter(|byte| *byte != 77) {
        watch.access(byte, 1, who(0, 0, 1), Deed::Write).unwrap();
    }
    watch.begin_phase();
    assert!(!row(&mut watch, 0, 2, false));
    assert!(watch.is_written(76, 1) && !watch.is_written(76, 2));
    watch.access(77, 1, who(0, 0, 1), Deed::Write).unwrap();
    watch.begin_phase();
    assert!(row(&mut watch, 0, 2, false));
    watch.reset();
    assert!(!watch.is_written(76, 1));
}

#[test]
fn clocks_that_come_to_their_end_begin_anew() {
    // So many steps leave eight bits for the time.
    let mut watch = SharedWatch::new(128, 2, (1 << 40) - 1);
    for time in 0..1000 {
        assert!(row(&mut watch, 0, 1, true), "at {time}");
        let race = watch.access(0, 4, who(1, 0, 2), Deed::Read);
        assert_eq!(race, Err(rival(0, 0, 1, true)), "at {time}");
        watch.begin_phase();
    }
    row(&mut watch, 0, 1, true);
    for _ in 0..1000 {
        watch.tick(0);
    }
    // What was so long ago is forgotten, but not that it was written.
    assert_eq!(watch.access(0, 4, who(1, 0, 2), Deed::Read), Ok(()));
    assert!(watch.is_written(0, 128));
    assert!(row(&mut watch, 0, 1, false));
}

#[derive(Clone, Copy, Debug)]
enum Event {
    /// Lanes from one on, so many, of two to a power of words each from a word on.
    Words {
        warp: u32,
        pc: u32,
        word: u64,
        lane: usize,
        lanes: usize,
        words_log: u8,
        is_write: bool,
    },
    Piece(u32, u32, u64, u64, Deed),
    Phase,
    Meet(u32, u32),
    Tick(u32),
    Fence(u32),
    Touch(u32, u64),
    Reset,
}

fn event() -> impl Strategy<Value = Event> {
    let (warp, pc) = (0..3_u32, 0..4_u32);
    let words = (
        (warp.clone(), pc.clone(), 0..32_u64),
        (0..24_usize, 1..9_usize, 0..3_u8, any::<bool>()),
    );
    let words =
        words.prop_map(
            |((warp, pc, word), (lane, lanes, words_log, is_write))| Event::Words {
                warp,
                pc,
                word,
                lane,
                lanes,
                words_log,
                is_write,
            },
        );
    let deed = prop_oneof![
        Just(Deed::Read),
        Just(Deed::Write),
        Just(Deed::SameWrite),
        Just(Deed::Strong)
    ];
    let piece =
        (warp.clone(), pc, 0..64_u64, 0..3_u32, deed).prop_map(|(warp, pc, place, log, deed)| {
            let size = 1 << log;
            Event::Piece(warp, pc, place * size % 256, size, deed)
        });
    prop_oneof![
        12 => words,
        3 => piece,
        3 => Just(Event::Phase),
        1 => (warp.clone(), warp.clone()).prop_map(|(one, other)| Event::Meet(one, other)),
        2 => warp.clone().prop_map(Event::Tick),
        1 => warp.clone().prop_map(Event::Fence),
        1 => (warp, 0..8_u64).prop_map(|(warp, word)| Event::Touch(warp, 4 * word)),
        1 => Just(Event::Reset),
    ]
}

/// What comes of an event: a byte that was not written, or a race.
fn happen(watch: &mut SharedWatch, event: Event, together: bool) -> Result<(), Option<Rival>> {
    match event {
        Event::Words {
            warp,
            pc,
            word,
            lane,
            lanes,
            words_log,
            is_write,
        } => {
            let words = lanes << words_log;
            let glance = watch.glance(warp, pc);
            if together && watch.access_words(glance, 4 * word, words, (lane, words_log), is_write)
            {
                return Ok(());
            }
            for index in 0..words {
                let at = 4 * (word + index as u64);
                if !is_write && !watch.is_written(at, 4) {
                    return Err(None);
                }
                let deed = if is_write { Deed::Write } else { Deed::Read };
                let who = who(warp, lane + (index >> words_log), pc);
                watch.access(at, 4, who, deed).map_err(Some)?;
            }
        }
        Event::Piece(warp, pc, at, size, deed) => {
            watch
                .access(at, size, who(warp, 0, pc), deed)
                .map_err(Some)?;
        }
        Event::Phase => watch.begin_phase(),
        Event::Meet(one, other) if one != other => watch.meet(&[one, other]),
        Event::Meet(..) => {}
        Event::Tick(warp) => watch.tick(warp),
        Event::Fence(warp) => watch.fence(warp),
        Event::Touch(warp, at) => watch.touch_atomically(warp, at),
        Event::Reset => watch.reset(),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn words_together_find_what_words_one_by_one_find(
        events in prop::collection::vec(event(), 1..60)
    ) {
        let mut watches = [true, false].map(|together| (SharedWatch::new(256, 3, STEPS), together));
        for event in events {
            let [one, other] = &mut watches;
            let found = happen(&mut one.0, event, one.1);
            prop_assert_eq!(found, happen(&mut other.0, event, other.1), "{:?}", event);
        }
    }
}

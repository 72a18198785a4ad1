//! Global memory.

use crate::machine::trouble::Rival;
use crate::sanitizer::{Deed, GlobalWatch, GlobalWho, ONE_LANE};
use proptest::prelude::*;

/// The bytes of the only buffer: it ends in the middle of a sector.
const LENGTH: u64 = 4 * 108;

fn watch() -> GlobalWatch {
    let mut watch = GlobalWatch::default();
    watch.begin(1);
    watch
}

/// An access to words, two to a power of them by each thread.
fn words(
    watch: &mut GlobalWatch,
    (block, thread, words_log): (u32, u32, u8),
    word: u64,
    count: u64,
    deed: Deed,
) -> Result<(), Rival> {
    let who = GlobalWho {
        block,
        thread,
        words_log,
        pc: 10 + block,
    };
    watch.access((0, LENGTH), 4 * word, 4 * count, who, deed)
}

/// An access by one thread.
fn bytes(
    watch: &mut GlobalWatch,
    block: u32,
    byte: u64,
    size: u64,
    deed: Deed,
) -> Result<(), Rival> {
    let who = GlobalWho {
        block,
        thread: 0,
        words_log: ONE_LANE,
        pc: 10 + block,
    };
    watch.access((0, LENGTH), byte, size, who, deed)
}

fn rival(block: u32, thread: u32, is_write: bool) -> Result<(), Rival> {
    Err(Rival {
        block: Some(block),
        thread: Some(thread),
        pc: 10 + block,
        is_write,
    })
}

#[test]
fn a_part_of_a_row_names_its_own_thread() {
    let mut watch = watch();
    words(&mut watch, (0, 64, 0), 32, 32, Deed::Write).unwrap();
    // A sector first, of which the first word is in the way; then a word, and a byte of it.
    let race = words(&mut watch, (1, 0, 2), 40, 8, Deed::Read);
    assert_eq!(race, rival(0, 64 + 8, true));
    assert_eq!(
        bytes(&mut watch, 1, 4 * 49, 4, Deed::Read),
        rival(0, 64 + 17, true)
    );
    assert_eq!(
        bytes(&mut watch, 1, 4 * 63 + 3, 1, Deed::Read),
        rival(0, 64 + 31, true)
    );
    assert_eq!(bytes(&mut watch, 1, 4 * 64, 1, Deed::Read), Ok(()));
    assert_eq!(bytes(&mut watch, 1, 4 * 32 - 1, 1, Deed::Read), Ok(()));
}

#[test]
fn threads_with_several_words_are_told_apart() {
    let mut watch = watch();
    // Two threads read a sector, four words each; eight threads a row.
    words(&mut watch, (0, 30, 2), 8, 8, Deed::Read).unwrap();
    words(&mut watch, (0, 8, 2), 32, 32, Deed::Read).unwrap();
    for word in 8..16 {
        let race = bytes(&mut watch, 1, 4 * word, 4, Deed::Write);
        assert_eq!(race, rival(0, 30 + (word as u32 - 8) / 4, false));
    }
    for word in 32..64 {
        let race = bytes(&mut watch, 1, 4 * word, 4, Deed::Write);
        assert_eq!(race, rival(0, 8 + (word as u32 - 32) / 4, false));
    }
    assert_eq!(bytes(&mut watch, 1, 4 * 16, 4, Deed::Write), Ok(()));
}

#[test]
fn what_was_known_by_words_is_known_as_a_whole_in_the_next_launch() {
    let mut watch = watch();
    bytes(&mut watch, 0, 4, 4, Deed::Write).unwrap();
    assert_eq!(
        words(&mut watch, (1, 0, 0), 0, 32, Deed::Read),
        rival(0, 0, true)
    );
    watch.begin(1);
    words(&mut watch, (1, 0, 0), 0, 32, Deed::Read).unwrap();
    // The words of the launch before say nothing any more.
    assert_eq!(bytes(&mut watch, 0, 4, 4, Deed::Write), rival(1, 1, false));
    assert_eq!(bytes(&mut watch, 0, 0, 4, Deed::Write), rival(1, 0, false));
}

#[test]
fn the_last_words_of_a_buffer_are_watched_as_the_first_are() {
    let mut watch = watch();
    words(&mut watch, (0, 0, 0), 96, 12, Deed::Write).unwrap();
    assert_eq!(
        bytes(&mut watch, 1, 4 * 107, 4, Deed::Read),
        rival(0, 11, true)
    );
    assert_eq!(
        bytes(&mut watch, 1, 4 * 107 + 3, 1, Deed::Read),
        rival(0, 11, true)
    );
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Words(u32, u32, u8, u64, u64, Deed),
    Bytes(u32, u64, Deed),
    Fence(u32),
    Touch(u32),
    Launch,
}

fn event() -> impl Strategy<Value = Event> {
    let block = 0..3_u32;
    let deed = prop_oneof![Just(Deed::Read), Just(Deed::Write)];
    // Sectors and rows more often than others.
    let place = prop_oneof![
        (0..4_u64).prop_map(|row| (32 * row, 32)),
        (0..13_u64).prop_map(|sector| (8 * sector, 8)),
        (0..108_u64, 1..40_u64),
    ];
    let words = (block.clone(), 0..9_u32, 0..3_u8, place, deed.clone()).prop_map(
        |(block, thread, log, (word, count), deed)| {
            // What a thread accesses lies at a multiple of its size.
            let word = word >> log << log;
            Event::Words(block, thread, log, word, count.min(108 - word), deed)
        },
    );
    prop_oneof![
        100 => words,
        1 => (block.clone(), 0..LENGTH, deed).prop_map(|(block, byte, deed)| Event::Bytes(block, byte, deed)),
        10 => block.clone().prop_map(Event::Fence),
        20 => block.prop_map(Event::Touch),
        5 => Just(Event::Launch),
    ]
}

/// What an event races with: as a whole where that finds nothing, or word by word.
fn happen(watch: &mut GlobalWatch, event: Event, together: bool) -> Result<(), Rival> {
    match event {
        Event::Words(block, thread, log, first, count, deed) => {
            if together && words(watch, (block, thread, log), first, count, deed).is_ok() {
                return Ok(());
            }
            for index in 0..count {
                let thread = thread + (index >> log) as u32;
                words(watch, (block, thread, 0), first + index, 1, deed)?;
            }
            Ok(())
        }
        Event::Bytes(block, byte, deed) => bytes(watch, block, byte, 1, deed),
        Event::Fence(block) => {
            watch.fence(block);
            Ok(())
        }
        Event::Touch(block) => {
            watch.touch_atomically(block, 0);
            Ok(())
        }
        Event::Launch => {
            watch.begin(1);
            Ok(())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn rows_and_sectors_find_what_words_find(events in prop::collection::vec(event(), 1..40)) {
        let mut watches = [(watch(), true), (watch(), false)];
        for event in events {
            let [one, other] = &mut watches;
            let found = happen(&mut one.0, event, one.1);
            prop_assert_eq!(found, happen(&mut other.0, event, other.1), "{:?}", event);
        }
    }
}

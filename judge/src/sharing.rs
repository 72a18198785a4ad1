//! Work that several share, heard in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// Does pieces of work, each by whichever worker is free, and hands the results over in the order of the pieces until
/// whoever hears them has heard enough. So what is heard does not depend on how many workers there are; what was done
/// beyond the end is dropped.
pub(crate) fn in_order<Worker: Send, Done: Send, Error>(
    workers: &mut [Worker],
    pieces: usize,
    work: impl Fn(&mut Worker, usize) -> Done + Sync,
    mut hear: impl FnMut(Done) -> Result<bool, Error>,
) -> Result<(), Error> {
    if let [alone] = workers {
        for piece in 0..pieces {
            if !hear(work(alone, piece))? {
                break;
            }
        }
        return Ok(());
    }
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for worker in workers {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let piece = next.fetch_add(1, Ordering::Relaxed);
                    // Nobody receives any more once enough was heard.
                    if piece >= pieces || sender.send((piece, work(worker, piece))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut turn = 0;
        for (piece, done) in receiver {
            early.insert(piece, done);
            while let Some(done) = early.remove(&turn) {
                turn += 1;
                if !hear(done)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// What is heard of 50 pieces, of which the even ones take a while, until the piece `last`.
    fn heard(workers: usize, last: usize) -> Vec<usize> {
        let mut heard = Vec::new();
        let work = |_: &mut (), piece: usize| {
            if piece.is_multiple_of(2) {
                std::thread::sleep(Duration::from_millis(1));
            }
            piece
        };
        in_order(&mut vec![(); workers], 50, work, |piece| {
            heard.push(piece);
            Ok::<_, ()>(piece < last)
        })
        .unwrap();
        heard
    }

    #[test]
    fn what_is_heard_does_not_depend_on_the_number_of_workers() {
        for workers in [1, 2, 7, 60] {
            assert_eq!(heard(workers, 99), (0..50).collect::<Vec<_>>());
            assert_eq!(heard(workers, 20), (0..=20).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_of_the_hearer_ends_the_work() {
        for workers in [1, 3] {
            let mut left = 5;
            let ended = in_order(
                &mut vec![(); workers],
                1_000_000,
                |(), piece| piece,
                |_| {
                    left -= 1;
                    if left > 0 { Ok(true) } else { Err("enough") }
                },
            );
            assert_eq!((ended, left), (Err("enough"), 0));
        }
    }
}

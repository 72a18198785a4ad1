//! Locks, taken over from whoever panicked.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a mutex guards, even if a thread panicked that held it: nothing here is ever left half done under a lock, and one
/// worker's panic is no reason for the others to follow.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

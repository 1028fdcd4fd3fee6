//! Makes a value `Sync` that is only used through `&mut`.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

/// A value that is only used through `&mut`, and is therefore `Sync` even if `T` is not.
///
/// A source is thus `Sync`, so that a reference to it can be held across an `.await` of a spawned task. The mutex is
/// never locked.
pub(crate) struct Exclusive<T>(Mutex<T>);

impl<T> Exclusive<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> fmt::Debug for Exclusive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

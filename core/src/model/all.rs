//! [`All`].

use std::fmt;
use std::marker::PhantomData;

/// Every column of a model, as one thing to select: `User::ALL`.
pub struct All<M> {
    model: PhantomData<fn() -> M>,
}

impl<M> All<M> {
    /// Every column of `M`.
    pub const fn new() -> All<M> {
        All { model: PhantomData }
    }
}

impl<M> Default for All<M> {
    fn default() -> All<M> {
        All::new()
    }
}

impl<M> Clone for All<M> {
    fn clone(&self) -> All<M> {
        *self
    }
}

impl<M> Copy for All<M> {}

impl<M> fmt::Debug for All<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("All")
    }
}

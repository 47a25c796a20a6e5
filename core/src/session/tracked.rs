//! [`Tracked`].

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// A handle to an entity of a session: small, `Copy`, and of use only with the session that made it.
pub struct Tracked<M> {
    pub(super) session: u64,
    pub(super) slot: usize,
    of: PhantomData<fn() -> M>,
}

impl<M> Tracked<M> {
    pub(super) fn new(session: u64, slot: usize) -> Tracked<M> {
        Tracked { session, slot, of: PhantomData }
    }
}

impl<M> Clone for Tracked<M> {
    fn clone(&self) -> Tracked<M> {
        *self
    }
}

impl<M> Copy for Tracked<M> {}

/// Handles are equal where they name the same entity of the same session.
impl<M> PartialEq for Tracked<M> {
    fn eq(&self, other: &Tracked<M>) -> bool {
        (self.session, self.slot) == (other.session, other.slot)
    }
}

impl<M> Eq for Tracked<M> {}

impl<M> Hash for Tracked<M> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.session, self.slot).hash(state);
    }
}

impl<M> fmt::Debug for Tracked<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tracked({}.{})", self.session, self.slot)
    }
}

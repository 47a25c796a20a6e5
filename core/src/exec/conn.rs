//! [`Conn`]: the connection that a statement runs on.

use std::ops::{Deref, DerefMut};
use std::panic::Location;

use crate::pool::{Lease, Link};

/// A connection for one statement, or for a few that belong together.
pub(crate) enum Conn<'c> {
    /// From the pool, to go back there.
    Leased(Lease),
    /// The session's own, with its transaction open.
    Session(&'c mut Lease),
}

impl Conn<'_> {
    /// The same for a statement that was asked for here.
    pub(super) fn called_from(mut self, caller: &'static Location<'static>) -> Self {
        self.set_caller(Some(caller));
        self
    }
}

impl Deref for Conn<'_> {
    type Target = Link;

    fn deref(&self) -> &Link {
        match self {
            Conn::Leased(lease) => lease,
            Conn::Session(lease) => lease,
        }
    }
}

impl DerefMut for Conn<'_> {
    fn deref_mut(&mut self) -> &mut Link {
        match self {
            Conn::Leased(lease) => lease,
            Conn::Session(lease) => lease,
        }
    }
}

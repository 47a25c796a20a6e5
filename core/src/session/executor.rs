//! [`Executor`]: what a statement runs on.

use std::ops::{Deref, DerefMut};

use super::Session;
use crate::dialect::Dialect;
use crate::engine::Engine;
use crate::error::Result;
use crate::pool::{Access, Lease, Link};

/// What a statement runs on: `&engine`, with a connection of its own for this one statement, or `&mut session`, within the
/// session's transaction.
///
/// In a function that takes `db: impl Executor` and runs several statements, ask for a [`Handle`] first and pass
/// `&mut handle` to each.
#[diagnostic::on_unimplemented(
    message = "statements do not run on `{Self}`",
    label = "expected `&engine` or `&mut session`",
    note = "inside a transaction's closure, which gets `tx: &mut Session`, write `&mut *tx` to use it more than once"
)]
pub trait Executor: Send {
    /// The same as one type.
    fn handle<'h>(self) -> Handle<'h>
    where
        Self: 'h;
}

/// An engine or a session, as one type.
pub struct Handle<'h> {
    target: Target<'h>,
}

enum Target<'h> {
    Engine(&'h Engine),
    Session(&'h mut Session),
}

/// A connection for one statement, or for a few that belong together.
pub(crate) enum Conn<'c> {
    /// From the pool, to go back there.
    Leased(Lease),
    /// The session's own, with its transaction open.
    Session(&'c mut Lease),
}

impl Handle<'_> {
    /// The dialect that statements are rendered for.
    pub fn dialect(&self) -> &'static dyn Dialect {
        match &self.target {
            Target::Engine(engine) => engine.dialect(),
            Target::Session(session) => session.dialect(),
        }
    }

    pub(crate) fn engine(&self) -> &Engine {
        match &self.target {
            Target::Engine(engine) => engine,
            Target::Session(session) => session.engine(),
        }
    }

    /// A connection that may do `access`. A session's pending work is written first.
    pub(crate) async fn connection(&mut self, access: Access) -> Result<Conn<'_>> {
        match &mut self.target {
            Target::Engine(engine) => engine.pool().acquire(access).await.map(Conn::Leased),
            Target::Session(session) => session.connection(access).await,
        }
    }
}

impl Executor for &Engine {
    fn handle<'h>(self) -> Handle<'h>
    where
        Self: 'h,
    {
        Handle { target: Target::Engine(self) }
    }
}

impl Executor for &mut Session {
    fn handle<'h>(self) -> Handle<'h>
    where
        Self: 'h,
    {
        Handle { target: Target::Session(self) }
    }
}

impl Executor for Handle<'_> {
    fn handle<'h>(self) -> Handle<'h>
    where
        Self: 'h,
    {
        self
    }
}

impl Executor for &mut Handle<'_> {
    fn handle<'h>(self) -> Handle<'h>
    where
        Self: 'h,
    {
        match &mut self.target {
            Target::Engine(engine) => Handle { target: Target::Engine(engine) },
            Target::Session(session) => Handle { target: Target::Session(session) },
        }
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

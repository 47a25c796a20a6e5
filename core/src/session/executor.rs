//! [`Executor`]: what a statement runs on.

use std::fmt;
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
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, Clone, PartialEq)]
/// #[model(table = "notes", default)]
/// struct Note {
///     #[model(primary_key, auto)]
///     id: i64,
///     text: String,
/// }
///
/// /// The note with this text, which is written where it is not there.
/// async fn find_or_add(text: &str, db: impl Executor) -> creole::Result<Note> {
///     let mut db = db.handle();
///     if let Some(note) = Note::select().filter(Note::text.eq(text)).optional(&mut db).await? {
///         return Ok(note);
///     }
///     insert(&Note { text: text.into(), ..Default::default() }).returning().one(&mut db).await
/// }
///
/// # #[tokio::main]
/// # async fn main() -> creole::Result<()> {
/// let engine = Engine::connect("sqlite::memory:").await?;
/// engine.create_all(tables![Note]).await?;
/// let note = find_or_add("hello", &engine).await?;
/// let mut session = engine.session();
/// assert_eq!(find_or_add("hello", &mut session).await?, note);
/// session.commit().await?;
/// # Ok(())
/// # }
/// ```
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

/// An engine or a session, as one type: what a function that takes `impl Executor` keeps, and lends to each of its statements.
///
/// ```
/// use creole::prelude::*;
/// use creole::session::Handle;
///
/// /// Says what is spelled differently, without asking the database.
/// fn placeholder(db: &Handle<'_>) -> &'static str {
///     if db.dialect().name() == "postgres" { "$1" } else { "?" }
/// }
///
/// # #[tokio::main]
/// # async fn main() -> creole::Result<()> {
/// let engine = Engine::connect("sqlite::memory:").await?;
/// let mut db: Handle<'_> = (&engine).handle();
/// assert_eq!(placeholder(&db), "?");
/// assert_eq!(sql!("select 1").scalars::<i64>().one(&mut db).await?, 1);
/// # Ok(())
/// # }
/// ```
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

impl fmt::Debug for Handle<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = match self.target {
            Target::Engine(_) => "Engine",
            Target::Session(_) => "Session",
        };
        f.debug_tuple("Handle").field(&format_args!("{target}")).finish()
    }
}

//! [`Handle`]: an engine or a session, as one type.

use std::fmt;

use futures_core::future::BoxFuture;

use super::{Conn, Engine};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::pool::Access;
use crate::sealed::Sealed;

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

impl Sealed for &mut Handle<'_> {}

impl Sealed for Handle<'_> {}

enum Target<'h> {
    Engine(&'h Engine),
    Session(&'h mut (dyn Connected + 'static)),
}

/// A session, as far as statements that run on it need to know it.
pub(crate) trait Connected: Send {
    fn engine(&self) -> &Engine;

    /// Whether its transaction is open with nothing pending, so that [`open`](Connected::open) gives the connection to use.
    ///
    /// # Errors
    /// If the session refuses everything but a rollback.
    fn is_ready(&mut self) -> Result<bool>;

    /// The connection of its transaction.
    ///
    /// # Errors
    /// If there is none.
    fn open(&mut self) -> Result<Conn<'_>>;

    /// A connection that may do `access`, once what is pending is written.
    fn connection(&mut self, access: Access) -> BoxFuture<'_, Result<Conn<'_>>>;
}

impl<'h> Handle<'h> {
    pub(super) fn on_engine(engine: &'h Engine) -> Handle<'h> {
        Handle { target: Target::Engine(engine) }
    }

    pub(crate) fn on_session(session: &'h mut (dyn Connected + 'static)) -> Handle<'h> {
        Handle { target: Target::Session(session) }
    }
}

impl Handle<'_> {
    /// The dialect that statements are rendered for.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let db = (&engine).handle();
    /// assert_eq!(db.dialect().name(), "sqlite");
    /// # Ok(())
    /// # }
    /// ```
    pub fn dialect(&self) -> &'static dyn Dialect {
        self.engine().dialect()
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
            Target::Session(session) => {
                // True for most statements of a session, which then need no box.
                if session.is_ready()? {
                    return session.open();
                }
                session.connection(access).await
            }
        }
    }

    /// A handle for one more call.
    pub(super) fn reborrow(&mut self) -> Handle<'_> {
        match &mut self.target {
            Target::Engine(engine) => Handle::on_engine(engine),
            Target::Session(session) => Handle::on_session(&mut **session),
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

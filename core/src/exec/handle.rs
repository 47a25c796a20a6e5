//! [`Handle`]: an engine or a session, as one type.

use std::fmt;
use std::panic::Location;

use futures_core::future::BoxFuture;

use super::repeats::Within;
use super::{Conn, Engine};
use crate::dialect::Dialect;
use crate::driver::Compiled;
use crate::error::Result;
use crate::pool::Access;
use crate::schema::Table;
use crate::sealed::Sealed;
use crate::sql::{Destination, Tenants};

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
    /// Where the program asked for it.
    caller: &'static Location<'static>,
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

    /// A number of its own for the statements since it last committed or rolled back.
    fn unit(&self) -> u64;

    /// Whether its transaction is open with nothing to be written before `access`, so that [`open`](Connected::open) gives the connection to use.
    ///
    /// # Errors
    /// If the session refuses everything but a rollback.
    fn is_ready(&mut self, access: Access) -> Result<bool>;

    /// The connection of its transaction.
    ///
    /// # Errors
    /// If there is none.
    fn open(&mut self) -> Result<Conn<'_>>;

    /// A connection that may do `access`, once what is pending is written.
    fn connection(&mut self, access: Access) -> BoxFuture<'_, Result<Conn<'_>>>;
}

impl<'h> Handle<'h> {
    #[track_caller]
    pub(super) fn on_engine(engine: &'h Engine) -> Handle<'h> {
        Handle { target: Target::Engine(engine), caller: Location::caller() }
    }

    #[track_caller]
    pub(crate) fn on_session(session: &'h mut (dyn Connected + 'static)) -> Handle<'h> {
        Handle { target: Target::Session(session), caller: Location::caller() }
    }

    /// The same, asked for from elsewhere.
    pub(crate) fn called_from(self, caller: &'static Location<'static>) -> Handle<'h> {
        Handle { caller, ..self }
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

    /// What statements are compiled for that run on it.
    pub(crate) fn destination(&self) -> Destination<'static> {
        Destination::new(self.dialect(), self.tenants().clone())
    }

    /// Whose rows its statements are about.
    pub(crate) fn tenants(&self) -> &Tenants {
        self.engine().tenants()
    }

    pub(crate) fn engine(&self) -> &Engine {
        match &self.target {
            Target::Engine(engine) => engine,
            Target::Session(session) => session.engine(),
        }
    }

    /// Counts a statement that the program is about to read rows by.
    pub(crate) fn note_read(&self, statement: &Compiled<'_>) {
        if let Some(repeats) = self.engine().repeats() {
            repeats.statement(self.within(), statement, self.caller);
        }
    }

    /// The same of the statement by which a relation is loaded for so many rows at hand. Its text is made only where it is
    /// counted.
    ///
    /// # Errors
    /// Those of making the text.
    pub(crate) fn note_load(
        &self,
        rows: usize,
        to: &'static Table,
        text: impl FnOnce() -> Result<String>,
    ) -> Result<()> {
        match self.engine().repeats() {
            Some(repeats) => repeats.load(self.within(), rows, to, text, self.caller),
            None => Ok(()),
        }
    }

    fn within(&self) -> Within {
        match &self.target {
            Target::Engine(_) => Within::running(),
            Target::Session(session) => Within::Session(session.unit()),
        }
    }

    /// A connection that may do `access`. A session's pending work is written first.
    pub(crate) async fn connection(&mut self, access: Access) -> Result<Conn<'_>> {
        let caller = self.caller;
        let conn = match &mut self.target {
            Target::Engine(engine) => engine.acquire(access).await.map(Conn::Leased),
            Target::Session(session) => {
                // True for most statements of a session, which then need no box.
                if session.is_ready(access)? {
                    return session.open().map(|conn| conn.called_from(caller));
                }
                session.connection(access).await
            }
        };
        conn.map(|conn| conn.called_from(caller))
    }

    /// A handle for one more call.
    #[track_caller]
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

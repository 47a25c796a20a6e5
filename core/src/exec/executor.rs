//! [`Executor`]: what a statement runs on.

use super::{Engine, Handle};
use crate::sealed::Sealed;

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
pub trait Executor: Sealed + Send {
    /// The executor as one type, which can be lent to several statements.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// async fn is_known(email: &str, db: impl Executor) -> creole::Result<bool> {
    ///     let mut db = db.handle();
    ///     let has_email = User::select().filter(User::email.eq(email)).exists(&mut db).await?;
    ///     Ok(has_email && Order::select().join(Order::user).filter(User::email.eq(email)).exists(&mut db).await?)
    /// }
    ///
    /// assert!(is_known("ada@example.com", &engine).await?);
    /// let mut session = engine.session();
    /// assert!(!is_known("cleo@example.com", &mut session).await?);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    fn handle<'h>(self) -> Handle<'h>
    where
        Self: 'h;
}

impl Executor for &Engine {
    fn handle<'h>(self) -> Handle<'h>
    where
        Self: 'h,
    {
        Handle::on_engine(self)
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
        self.reborrow()
    }
}

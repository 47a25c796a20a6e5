//! Hooks: what a model does before it is written, and after it was read.

use super::Model;
use crate::error::Result;

/// How a session is about to write an entity. See [`BeforeSave`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Save {
    /// It inserts a row.
    Insert,
    /// It updates the row with the columns that have changed.
    Update,
}

/// What a model does before a session writes it: it puts its columns in order, or refuses. It is declared by
/// `#[model(hooks(before_save))]`.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, Clone, PartialEq)]
/// #[model(table = "users", default, hooks(before_save))]
/// struct User {
///     #[model(primary_key, auto)]
///     id: i64,
///     email: String,
/// }
///
/// impl BeforeSave for User {
///     fn before_save(&mut self, _: Save) -> creole::Result<()> {
///         self.email = self.email.trim().to_lowercase();
///         if self.email.contains('@') {
///             return Ok(());
///         }
///         Err(creole::Error::new(ErrorKind::InvalidValue, "an address has an @"))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![User]).await?;
/// let mut session = engine.session();
/// let ada = session.add(User { email: " Ada@Example.com".into(), ..Default::default() });
/// session.flush().await?;
/// assert_eq!(session[ada].email, "ada@example.com");
///
/// session[ada].email = "nobody".into();
/// assert_eq!(session.flush().await.unwrap_err().kind(), ErrorKind::InvalidValue);
/// session[ada].email = "ada@example.org".into(); // Nothing was sent: the session goes on.
/// session.commit().await?;
/// # Ok(())
/// # }
/// ```
///
/// It is a session's, and runs in a flush. Statements run no hooks, neither those that find rows by a condition nor those that
/// have the rows at hand (`insert`, `insert_all`, `update_all`, upserts, [`Session::upsert`](crate::Session::upsert)): they are
/// lent the rows. What must hold for those as well is said by a type (`#[derive(DbType)]`), a `check`, or a default.
#[diagnostic::on_unimplemented(
    message = "`{Self}` declares the hook `before_save` and does not have it",
    label = "without the hook",
    note = "write `impl BeforeSave for {Self}`"
)]
pub trait BeforeSave: Model + DeclaresBeforeSave {
    /// Called by a flush for each new entity, and for each whose columns have changed, before it is worked out what is written.
    /// What it changes is written as well, and goes back with a rollback. It may run again for the same write, if the flush fails
    /// and another one follows.
    ///
    /// # Errors
    /// Its own: the flush returns it, and sends nothing. The session goes on, and the next flush asks again.
    fn before_save(&mut self, save: Save) -> Result<()>;
}

/// What a model says before a session deletes its row. It is declared by `#[model(hooks(before_delete))]`.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, Clone, PartialEq)]
/// #[model(table = "invoices", hooks(before_delete))]
/// struct Invoice {
///     #[model(primary_key)]
///     number: i64,
///     paid: bool,
/// }
///
/// impl BeforeDelete for Invoice {
///     fn before_delete(&self) -> creole::Result<()> {
///         if self.paid {
///             return Err(creole::Error::new(ErrorKind::Other, "what was paid is kept for ten years"));
///         }
///         Ok(())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Invoice]).await?;
/// insert(&Invoice { number: 1, paid: true }).exec(&engine).await?;
/// let mut session = engine.session();
/// let invoice = session.get::<Invoice>(1).await?.expect("it was inserted");
/// session.delete(invoice);
/// assert!(session.commit().await.is_err());
/// session.rollback().await?; // It is there again.
/// assert!(session[invoice].paid);
/// # Ok(())
/// # }
/// ```
///
/// Rows that the database deletes along with others, and rows that a statement deletes, are not asked.
#[diagnostic::on_unimplemented(
    message = "`{Self}` declares the hook `before_delete` and does not have it",
    label = "without the hook",
    note = "write `impl BeforeDelete for {Self}`"
)]
pub trait BeforeDelete: Model + DeclaresBeforeDelete {
    /// Called by a flush for each entity that is to be deleted, after all [`before_save`](BeforeSave::before_save).
    ///
    /// # Errors
    /// Its own: the flush returns it, and sends nothing. Since the entity is still to be deleted, only a rollback goes on; one that was to
    /// go along with another, or had left what owned it, is as it was before the flush.
    fn before_delete(&self) -> Result<()>;
}

/// What a model does once it was read from a row: it fills fields that are no columns, or refuses the row. It is declared by
/// `#[model(hooks(after_load))]`.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, Clone, PartialEq)]
/// #[model(table = "boxes", hooks(after_load))]
/// struct Crate {
///     #[model(primary_key)]
///     id: i64,
///     width: i64,
///     depth: i64,
///     #[model(skip)]
///     area: i64,
/// }
///
/// impl AfterLoad for Crate {
///     fn after_load(&mut self) -> creole::Result<()> {
///         self.area = self.width * self.depth;
///         Ok(())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Crate]).await?;
/// insert(&Crate { id: 1, width: 3, depth: 4, area: 0 }).exec(&engine).await?;
/// assert_eq!(Crate::find(1, &engine).await?.map(|found| found.area), Some(12));
/// # Ok(())
/// # }
/// ```
///
/// It runs wherever a row becomes the model: `find`, `all`, `first`, streams, `track`, `get`, `refresh`, relations, joins, rows
/// that a statement returns, raw text. Projections and tuples of columns are no models. A column that it changes is not written
/// for that: an entity is compared with what it was after it was loaded.
#[diagnostic::on_unimplemented(
    message = "`{Self}` declares the hook `after_load` and does not have it",
    label = "without the hook",
    note = "write `impl AfterLoad for {Self}`"
)]
pub trait AfterLoad: Model + DeclaresAfterLoad {
    /// Called with each value of the model that was read.
    ///
    /// # Errors
    /// Its own: the statement returns it.
    fn after_load(&mut self) -> Result<()>;
}

/// The hooks that a model declares. The derive writes it.
#[derive(Debug)]
#[doc(hidden)]
pub struct Hooks<M> {
    pub(crate) before_save: Option<fn(&mut M, Save) -> Result<()>>,
    pub(crate) before_delete: Option<fn(&M) -> Result<()>>,
    pub(crate) after_load: Option<fn(&mut M) -> Result<()>>,
}

impl<M> Hooks<M> {
    pub const NONE: Hooks<M> = Hooks { before_save: None, before_delete: None, after_load: None };

    /// The same with this hook. The derive writes calls to it.
    #[must_use]
    pub const fn before_save(self) -> Hooks<M>
    where
        M: BeforeSave,
    {
        Hooks { before_save: Some(<M as BeforeSave>::before_save), ..self }
    }

    /// The same with this hook. The derive writes calls to it.
    #[must_use]
    pub const fn before_delete(self) -> Hooks<M>
    where
        M: BeforeDelete,
    {
        Hooks { before_delete: Some(<M as BeforeDelete>::before_delete), ..self }
    }

    /// The same with this hook. The derive writes calls to it.
    #[must_use]
    pub const fn after_load(self) -> Hooks<M>
    where
        M: AfterLoad,
    {
        Hooks { after_load: Some(<M as AfterLoad>::after_load), ..self }
    }
}

/// A model that was just read, after its hook. The derive writes calls to it where a model declares that hook.
#[doc(hidden)]
pub fn loaded<M: Model>(mut model: M) -> Result<M> {
    match M::HOOKS.after_load {
        Some(hook) => hook(&mut model).map(|()| model),
        None => Ok(model),
    }
}

/// That a model declares its hook, so that none is written and never called. The derive writes it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not declare its hook `before_save`",
    label = "not declared",
    note = "add `hooks(before_save)` to the `#[model(…)]` of `{Self}`"
)]
pub trait DeclaresBeforeSave {}

/// The same of `before_delete`, which the derive writes.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not declare its hook `before_delete`",
    label = "not declared",
    note = "add `hooks(before_delete)` to the `#[model(…)]` of `{Self}`"
)]
pub trait DeclaresBeforeDelete {}

/// The same of `after_load`, which the derive writes.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not declare its hook `after_load`",
    label = "not declared",
    note = "add `hooks(after_load)` to the `#[model(…)]` of `{Self}`"
)]
pub trait DeclaresAfterLoad {}

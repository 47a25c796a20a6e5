//! [`Session`].

use std::fmt;
use std::ops::{Index, IndexMut};
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Tracked;
use super::identity_map::{IdentityMap, resolve};
use super::no_autoflush::Autoflush;
use super::on_commit::OnCommit;
use super::transaction::Loans;
use crate::dialect::{Dialect, TxOptions};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::Engine;
use crate::model::{IntoKey, Model};
use crate::pool::{Lease, Witness};
use crate::sealed::Sealed;

/// A unit of work: entities that belong together, and one transaction.
///
/// A session owns the entities it tracks; [`Tracked`] handles stand for them, `session[handle]` reads one and writes to
/// it. One row is one entity of its model, however often it is read. I/O happens only where there is an `.await`.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, Clone, PartialEq)]
/// #[model(table = "accounts", default)]
/// struct Account {
///     #[model(primary_key, auto)]
///     id: i64,
///     owner: String,
///     balance: i64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Account]).await?;
/// let mut session = engine.session();
/// let ada = session.add(Account { owner: "Ada".into(), ..Default::default() });
/// session.flush().await?;
/// let id = session[ada].id; // The database numbers it when the row is written.
///
/// session[ada].balance += 10;
/// assert_eq!(session.get::<Account>(id).await?, Some(ada)); // The same entity, and no statement.
/// session.commit().await?; // Without it nothing is kept.
///
/// assert_eq!(Account::find(id, &engine).await?.map(|account| account.balance), Some(10));
/// # Ok(())
/// # }
/// ```
///
/// If several models describe one table, a row is an entity of each. What is written by way of one makes the others stale. Where
/// both have changed one column of a row, the flush is [`StaleVersion`](ErrorKind::StaleVersion), for one of the changes would be lost.
///
/// # What is written when
///
/// Changes are noticed and written by [`flush`](Session::flush), which [`commit`](Session::commit) and every statement on
/// the session do by themselves: inserts first, parents before children; then updates, of the columns that changed; then
/// deletes, children before parents. A key that the database numbers is 0 until then, so flush before it is needed, as by a
/// child that refers to it.
///
/// # The transaction
///
/// It begins with the first statement. On SQLite, where reading needs no part in the one transaction that writes, it begins
/// with the first statement that writes or locks, or that reads in another isolation than READ COMMITTED, and takes the
/// writer from then until it ends; what is read before sees what is committed at that time. Nothing is kept but by
/// [`commit`](Session::commit): a session that is dropped rolls back in the background, and the connection goes back to
/// the pool. A stream on the session that is dropped before its end costs its own rows only; see
/// [`RowStream`](crate::query::RowStream). Any other future that is dropped half-way leaves a session that can only be
/// rolled back.
///
/// After an error of the database, whether in a flush or in a statement that runs on the session, the session refuses
/// everything but [`rollback`](Session::rollback), alike on every backend. A [`savepoint`](Session::savepoint) around what may
/// fail takes the error with it.
///
/// # Stale entities
///
/// An entity is stale where its row may have changed since it was read: by an UPDATE, DELETE or upsert that ran on the
/// session, or by what foreign keys then did to other tables; by a text of the program's own, unless it only reads; where
/// rows were locked without being tracked; after a commit, a rollback, or [`expire`](Session::expire); and where it was [attached](Session::attach).
/// The handle stays readable, as the entity was. `get`, `track` and `refresh` read the row anew; where it turns out to be gone, the handle is
/// [`Detached`](ErrorKind::Detached) from then on.
///
/// What is written to a stale entity does not undo what was not read. At the flush its row is read first, under lock: the
/// columns that were left alone become what the row has, and where one that was written to has changed in the
/// meantime, the flush fails with [`StaleVersion`](ErrorKind::StaleVersion).
///
/// ```
/// # use creole::prelude::*;
/// # #[derive(Model, Debug, Clone, PartialEq)]
/// # #[model(table = "accounts", default)]
/// # struct Account {
/// #     #[model(primary_key, auto)]
/// #     id: i64,
/// #     owner: String,
/// #     balance: i64,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Account]).await?;
/// # let mut session = engine.session();
/// # let ada = session.add(Account { owner: "Ada".into(), ..Default::default() });
/// # session.commit().await?;
/// update::<Account>().set(Account::balance, Account::balance + 5).all_rows().exec(&mut session).await?;
///
/// session.refresh(ada).await?; // Without it the next line would be refused: it would write 1 over the 5.
/// session[ada].balance += 1;
/// session.commit().await?;
/// assert_eq!(session[ada].balance, 6);
/// # Ok(())
/// # }
/// ```
///
/// The row of a model with a `#[model(version)]` must be as it was read, whichever column has changed, and whether the entity is stale or
/// not; what has changed it since, in the session or elsewhere, makes the flush fail with [`StaleVersion`](ErrorKind::StaleVersion).
///
/// An entity that is not stale is written without being read again. In READ COMMITTED, the isolation where none is named, others
/// may have changed its row since: lock what is read and then written (`Account::select().filter(…).for_update().track(…)`),
/// or take a [serializable](crate::dialect::TxOptions::serializable) transaction. REPEATABLE READ is not enough on MySQL and
/// MariaDB, whose UPDATE sees what others have committed since; see [`Isolation::RepeatableRead`](crate::dialect::Isolation::RepeatableRead).
pub struct Session {
    pub(super) id: u64,
    /// Another number after each commit and rollback, from which on reads are counted anew.
    pub(super) unit: u64,
    pub(super) engine: Engine,
    pub(super) options: TxOptions,
    pub(super) lease: Option<Lease>,
    pub(super) map: IdentityMap,
    /// The first error that only a rollback cures.
    pub(super) failure: Option<Error>,
    /// What is done after the commit.
    pub(super) on_commit: OnCommit,
    /// Errors of reads outside the transaction.
    pub(super) reads: Witness,
    /// Whether reads write what is pending first.
    pub(super) autoflush: Autoflush,
    /// The closures that it is lent to.
    pub(super) loans: Arc<Loans>,
}

impl Sealed for &mut Session {}

impl Session {
    pub(crate) fn new(engine: Engine, options: TxOptions) -> Session {
        let id = next_number();
        let map = IdentityMap::of(engine.tenants().clone());
        Session {
            id,
            unit: id,
            engine,
            options,
            lease: None,
            map,
            failure: None,
            on_commit: OnCommit::default(),
            reads: Witness::default(),
            autoflush: Autoflush::On,
            loans: Arc::default(),
        }
    }

    /// The engine this session came from.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// assert_eq!(session.engine().dialect().name(), "sqlite");
    /// # Ok(())
    /// # }
    /// ```
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The dialect that statements are rendered for.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// assert_eq!(session.dialect().name(), "sqlite");
    /// # Ok(())
    /// # }
    /// ```
    pub fn dialect(&self) -> &'static dyn Dialect {
        self.engine.dialect()
    }

    /// Adds an entity. It is inserted at the next flush; a key that the database makes is filled in then.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let dora = session.add(User { email: "dora@example.com".into(), name: "Dora".into(), ..Default::default() });
    /// assert_eq!(session[dora].id, 0);
    /// session.flush().await?;
    /// assert_eq!(session[dora].id, 4);
    /// # Ok(())
    /// # }
    /// ```
    pub fn add<M: Model>(&mut self, model: M) -> Tracked<M> {
        let slot = self.map.add(Box::new(model));
        Tracked::new(self.id, slot)
    }

    /// The entity with this primary key, or `None` if there is no such row, or it is marked as deleted. One that the session has, and that
    /// is not stale, costs no statement.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let ada = session.get::<User>(1).await?.expect("she is in the shop");
    /// assert_eq!(session[ada].name, "Ada");
    /// assert_eq!(session.get::<User>(1).await?, Some(ada)); // Known: no statement.
    /// assert_eq!(session.get::<User>(99).await?, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What running the statement says.
    #[track_caller]
    pub fn get<M: Model>(
        &mut self,
        key: impl IntoKey<M::Key> + Send,
    ) -> impl Future<Output = Result<Option<Tracked<M>>>> + Send {
        self.get_from(key.into_key(), Location::caller())
    }

    /// The entity of a handle, as it was last read or written.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let ada = session.get::<User>(1).await?.expect("she is in the shop");
    /// assert_eq!(session.try_get(ada)?.name, "Ada");
    ///
    /// let other = engine.session();
    /// assert_eq!(other.try_get(ada).unwrap_err().kind(), ErrorKind::Detached);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Detached`](ErrorKind::Detached) if the handle is another session's, or its entity was let go, or its row is known to
    /// be gone.
    pub fn try_get<M: Model>(&self, handle: Tracked<M>) -> Result<&M> {
        let entry = resolve(&self.map, self.id, handle)?;
        entry.entity.as_any().downcast_ref().ok_or_else(another_model)
    }

    /// The entity of a handle, to write to. What is written is noticed at the next flush.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let ada = session.get::<User>(1).await?.expect("she is in the shop");
    /// session.try_get_mut(ada)?.age = Some(37);
    /// session.commit().await?;
    /// assert_eq!(User::find(1, &engine).await?.and_then(|user| user.age), Some(37));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`try_get`](Session::try_get).
    pub fn try_get_mut<M: Model>(&mut self, handle: Tracked<M>) -> Result<&mut M> {
        resolve(&self.map, self.id, handle)?;
        let entry = self.map.touch(handle.slot).ok_or_else(another_model)?;
        entry.entity.as_any_mut().downcast_mut().ok_or_else(another_model)
    }

    /// Deletes an entity's row at the next flush. The handle is spent; a rollback brings both back. A row of a model with
    /// `#[model(soft_delete)]` is marked, together with what was changed in it, and stays: [`purge`](Session::purge) removes it.
    ///
    /// ```
    /// # use creole::prelude::*;
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # #[model(table = "notes")]
    /// # struct Note {
    /// #     #[model(primary_key)]
    /// #     id: i64,
    /// #     text: String,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Note]).await?;
    /// # insert_all(&[1, 2, 3].map(|id| Note { id, text: format!("note {id}") })).exec(&engine).await?;
    /// let mut session = engine.session();
    /// let notes = Note::select().filter(Note::id.lt(3)).order_by(Note::id).track(&mut session).await?;
    /// for &note in &notes {
    ///     session[note].text.push('!');
    /// }
    /// let third = session.get::<Note>(3).await?.expect("it was inserted");
    /// session.delete(third);
    /// assert!(session.try_get(third).is_err());
    ///
    /// // What a savepoint undoes is undone in memory too.
    /// let first = notes[0];
    /// let outcome: creole::Result<()> = session
    ///     .savepoint(async |session| {
    ///         session[first].text.clear();
    ///         session.flush().await?;
    ///         session.add(Note { id: 2, text: "a second note with this key".into() });
    ///         session.flush().await
    ///     })
    ///     .await;
    /// assert!(outcome.is_err_and(|error| error.kind() == ErrorKind::UniqueViolation));
    /// assert_eq!(session[first].text, "note 1!");
    ///
    /// session.commit().await?;
    /// assert_eq!(select(Note::text).order_by(Note::id).all(&engine).await?, ["note 1!", "note 2!"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// As indexing does, where the handle is not one of this session's.
    #[track_caller]
    pub fn delete<M: Model>(&mut self, handle: Tracked<M>) {
        if let Err(error) = resolve(&self.map, self.id, handle) {
            panic!("{error}");
        }
        if let Err(error) = self.map.delete(handle.slot) {
            panic!("{error}");
        }
    }

    /// Removes an entity's row at the next flush, also where [`delete`](Session::delete) only marks it. The handle is spent; a rollback
    /// brings both back.
    ///
    /// ```
    /// # use creole::prelude::*;
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # #[model(table = "notes")]
    /// # struct Note {
    /// #     #[model(primary_key)]
    /// #     id: i64,
    /// #     #[model(soft_delete)]
    /// #     deleted_at: Option<DateTime<Utc>>,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Note]).await?;
    /// # insert_all(&[1, 2].map(|id| Note { id, deleted_at: None })).exec(&engine).await?;
    /// let mut session = engine.session();
    /// let notes = Note::select().order_by(Note::id).track(&mut session).await?;
    /// session.delete(notes[0]);
    /// session.purge(notes[1]);
    /// session.commit().await?;
    /// assert_eq!(Note::select().count(&engine).await?, 0);
    /// assert_eq!(select(Note::id).with_deleted().all(&engine).await?, [1]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// As indexing does, where the handle is not one of this session's.
    #[track_caller]
    pub fn purge<M: Model>(&mut self, handle: Tracked<M>) {
        if let Err(error) = resolve(&self.map, self.id, handle) {
            panic!("{error}");
        }
        if let Err(error) = self.map.purge(handle.slot) {
            panic!("{error}");
        }
    }

    /// Removes an entity from the session and returns it; its row stays as it is. The handle is spent.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let ada = session.get::<User>(1).await?.expect("she is in the shop");
    /// let user: User = session.detach(ada);
    /// assert_eq!(user.name, "Ada");
    /// assert!(session.try_get(ada).is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// As indexing does, where the handle is not one of this session's.
    #[track_caller]
    pub fn detach<M: Model>(&mut self, handle: Tracked<M>) -> M {
        if let Err(error) = resolve(&self.map, self.id, handle) {
            panic!("{error}");
        }
        let entity = self.map.remove(handle.slot).map(|entry| entry.entity.into_any().downcast::<M>());
        match entity {
            Some(Ok(model)) => *model,
            _ => panic!("{}", another_model()),
        }
    }

    /// Forgets every entity; their handles are spent. Work that was not flushed is forgotten too.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let ada = session.get::<User>(1).await?.expect("she is in the shop");
    /// session[ada].name.clear();
    /// session.clear();
    /// session.commit().await?; // Nothing is written.
    /// assert_eq!(User::find(1, &engine).await?.map(|user| user.name), Some("Ada".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn clear(&mut self) {
        self.map.clear();
    }

    /// Reads an entity's row again. One that others have marked as deleted since is gone.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let ada = session.get::<User>(1).await?.expect("she is in the shop");
    /// update::<User>().set(User::age, User::age + 1).filter(User::id.eq(1)).exec(&mut session).await?;
    /// assert_eq!(session[ada].age, Some(36)); // Stale.
    /// session.refresh(ada).await?;
    /// assert_eq!(session[ada].age, Some(37));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) if its row is gone, and the handle is spent with it; what running the statement says.
    #[track_caller]
    pub fn refresh<M: Model>(&mut self, handle: Tracked<M>) -> impl Future<Output = Result<()>> + Send {
        self.refresh_from(handle, Location::caller())
    }
}

/// Reads an entity.
///
/// # Panics
/// If the handle is another session's, or its entity was deleted or let go; [`Session::try_get`] returns an error then.
impl<M: Model> Index<Tracked<M>> for Session {
    type Output = M;

    #[track_caller]
    fn index(&self, handle: Tracked<M>) -> &M {
        match self.try_get(handle) {
            Ok(model) => model,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Writes to an entity; the next flush notices what changed.
///
/// # Panics
/// If the handle is another session's, or its entity was deleted or let go; [`Session::try_get_mut`] returns an error
/// then.
impl<M: Model> IndexMut<Tracked<M>> for Session {
    #[track_caller]
    fn index_mut(&mut self, handle: Tracked<M>) -> &mut M {
        match self.try_get_mut(handle) {
            Ok(model) => model,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Shows what the session is doing, and none of its entities.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("id", &self.id)
            .field("in_transaction", &self.lease.as_ref().is_some_and(|lease| lease.is_in_transaction()))
            .finish_non_exhaustive()
    }
}

/// A number that no session has had.
pub(super) fn next_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

pub(super) fn another_model() -> Error {
    Error::new(ErrorKind::Detached, "the handle does not belong to an entity of this session")
}

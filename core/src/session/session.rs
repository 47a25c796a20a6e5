//! [`Session`].

use std::fmt;
use std::ops::{Index, IndexMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::entity::{Freshness, State};
use super::identity_map::{IdentityMap, resolve};
use super::{Conn, Tracked, unit_of_work};
use crate::dialect::{Dialect, TxOptions};
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{IntoKey, Model};
use crate::pool::{Access, Lease};
use crate::query::find;

/// A unit of work: entities that belong together, and one transaction.
///
/// A session owns the entities it tracks; [`Tracked`] handles stand for them, `session[handle]` reads one and writes to
/// it. Changes are noticed and written by [`flush`](Session::flush), which [`commit`](Session::commit) and every query on
/// the session do by themselves: parents before children, and of an entity only the columns that changed. I/O happens
/// only where there is an `.await`.
///
/// The transaction begins with the first statement. Nothing is kept but by [`commit`](Session::commit): a session that is
/// dropped rolls back in the background, and the connection goes back to the pool. A stream on the session that is dropped
/// before its end costs its own rows only; see [`RowStream`](crate::query::RowStream). Any other future that is dropped half-way
/// leaves a session that can only be rolled back.
///
/// After an error of the database, whether in a flush or in a statement that runs on the session, the session refuses
/// everything but [`rollback`](Session::rollback), alike on every backend. A [`savepoint`](Session::savepoint) around what may
/// fail takes the error with it.
pub struct Session {
    id: u64,
    engine: Engine,
    options: TxOptions,
    lease: Option<Lease>,
    pub(super) map: IdentityMap,
    /// The present savepoint's level; 0 is the transaction itself.
    pub(super) level: u32,
    failure: Option<Arc<str>>,
    /// Set where the future of a savepoint was dropped half-way.
    pub(super) cut_off: Arc<AtomicBool>,
}

impl Session {
    pub(crate) fn new(engine: Engine, options: TxOptions) -> Session {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Session {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            engine,
            options,
            lease: None,
            map: IdentityMap::default(),
            level: 0,
            failure: None,
            cut_off: Arc::default(),
        }
    }

    /// The engine this session came from.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The dialect that statements are rendered for.
    pub fn dialect(&self) -> &'static dyn Dialect {
        self.engine.dialect()
    }

    /// Takes an entity in. It is inserted at the next flush; a key that the database makes is filled in then.
    pub fn add<M: Model>(&mut self, model: M) -> Tracked<M> {
        let slot = self.map.push(Box::new(model), State::Pending);
        if let Some(entry) = self.map.get_mut(slot) {
            entry.came_in(self.level);
        }
        Tracked::new(self.id, slot)
    }

    /// The entity with this primary key. A row that this transaction has already read, or written, costs no statement.
    ///
    /// # Errors
    /// What running the statement says.
    pub async fn get<M: Model>(&mut self, key: impl IntoKey<M::Key> + Send) -> Result<Option<Tracked<M>>> {
        let key = key.into_key();
        if let Some(slot) = self.map.find::<M>(&key) {
            match self.map.get(slot) {
                Some(entry) if entry.state != State::Persistent => return Ok(None),
                Some(entry) if entry.freshness == Freshness::Fresh => return Ok(Some(Tracked::new(self.id, slot))),
                _ => {}
            }
        }
        let found = find::<M>(key, &mut *self).await?;
        found.map(|model| self.merge(model)).transpose()
    }

    /// The entity of a handle.
    ///
    /// # Errors
    /// [`Detached`](ErrorKind::Detached) where the handle is another session's, or its entity was deleted or let go.
    pub fn try_get<M: Model>(&self, handle: Tracked<M>) -> Result<&M> {
        let entry = resolve(&self.map, self.id, handle)?;
        entry.entity.as_any().downcast_ref().ok_or_else(another_model)
    }

    /// The entity of a handle, to write to. What is written is noticed at the next flush.
    ///
    /// # Errors
    /// As [`try_get`](Session::try_get).
    pub fn try_get_mut<M: Model>(&mut self, handle: Tracked<M>) -> Result<&mut M> {
        resolve(&self.map, self.id, handle)?;
        let level = self.level;
        let entry = self.map.get_mut(handle.slot).ok_or_else(another_model)?;
        if entry.state == State::Persistent {
            entry.before_change(level);
            if entry.snapshot.is_none() {
                entry.snapshot = Some(entry.entity.values());
            }
        }
        entry.entity.as_any_mut().downcast_mut().ok_or_else(another_model)
    }

    /// Deletes an entity's row at the next flush. The handle is spent; a rollback brings both back.
    ///
    /// # Panics
    /// As indexing does, where the handle is not one of this session's.
    #[track_caller]
    pub fn delete<M: Model>(&mut self, handle: Tracked<M>) {
        if let Err(error) = resolve(&self.map, self.id, handle) {
            panic!("{error}");
        }
        let level = self.level;
        let Some(entry) = self.map.get_mut(handle.slot) else { return };
        if entry.state == State::Pending {
            self.map.remove(handle.slot);
            return;
        }
        entry.before_change(level);
        entry.state = State::Deleting;
    }

    /// Takes an entity out of the session; its row stays as it is. The handle is spent.
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
    pub fn clear(&mut self) {
        self.map.clear();
    }

    /// Reads an entity anew.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) where its row is gone; what running the statement says.
    pub async fn refresh<M: Model>(&mut self, handle: Tracked<M>) -> Result<()> {
        self.flush().await?;
        let key = self.try_get(handle)?.key();
        let Some(model) = find::<M>(key, &mut *self).await? else {
            return Err(Error::new(ErrorKind::NotFound, "the row to refresh is gone").with_table(M::table().name));
        };
        match self.map.get_mut(handle.slot) {
            Some(entry) => entry.overwrite(&model),
            None => Err(another_model()),
        }
    }

    /// Writes what is pending: inserts, parents first and a table's rows in one statement; then updates of the columns
    /// that changed; then deletes, children first.
    ///
    /// # Errors
    /// What the database answers. The session then refuses everything but [`rollback`](Session::rollback).
    pub async fn flush(&mut self) -> Result<()> {
        self.check_usable()?;
        let Some(plan) = unit_of_work::plan(&self.map) else { return Ok(()) };
        let dialect = self.dialect();
        self.begin(Access::Write).await?;
        let Some(lease) = &mut self.lease else { return Ok(()) };
        let result = unit_of_work::run(plan, &mut self.map, self.level, lease, dialect).await;
        if let Err(error) = &result {
            lease.abort(error);
            self.fail(error);
        }
        result
    }

    /// Flushes and commits. Handles stay readable; the next `get`, query or `refresh` reads rows anew.
    ///
    /// # Errors
    /// What the database answers: then nothing was committed, and the session refuses everything but
    /// [`rollback`](Session::rollback). [`CommitUnknown`](ErrorKind::CommitUnknown) where the connection broke before the
    /// answer came.
    pub async fn commit(&mut self) -> Result<()> {
        self.flush().await?;
        if let Some(lease) = &mut self.lease
            && let Err(error) = lease.commit().await
        {
            self.fail(&error);
            return Err(error);
        }
        self.lease = None;
        self.level = 0;
        self.map.committed();
        Ok(())
    }

    /// Rolls back. Memory is what the database is: changed entities are as they were, added ones are gone, deleted ones
    /// are back. The session is usable again, whatever went wrong before.
    ///
    /// # Errors
    /// [`Decode`](ErrorKind::Decode) where an entity refuses a value it had before, which a derived model never does.
    pub async fn rollback(&mut self) -> Result<()> {
        if let Some(mut lease) = self.lease.take() {
            lease.rollback().await;
        }
        self.failure = None;
        self.level = 0;
        self.cut_off = Arc::default();
        self.map.undo(0)
    }

    /// A connection for a statement on this session, with pending work written first.
    pub(super) async fn connection(&mut self, access: Access) -> Result<Conn<'_>> {
        self.flush().await?;
        if let Some(lease) = self.take_connection(access).await? {
            return Ok(Conn::Leased(lease));
        }
        match &mut self.lease {
            Some(lease) => Ok(Conn::Session(lease)),
            None => Err(another_model()),
        }
    }

    /// Takes the entity of a row in, or finds the one that is there already; a stale one is brought up to date.
    pub(crate) fn merge<M: Model>(&mut self, model: M) -> Result<Tracked<M>> {
        let slot = match self.map.find::<M>(&model.key()) {
            Some(slot) => {
                if let Some(entry) = self.map.get_mut(slot).filter(|entry| entry.freshness == Freshness::Stale) {
                    entry.overwrite(&model)?;
                }
                slot
            }
            None => self.map.push(Box::new(model), State::Persistent),
        };
        Ok(Tracked::new(self.id, slot))
    }

    /// The handle of a slot.
    pub(super) fn tracked<M: Model>(&self, slot: usize) -> Tracked<M> {
        Tracked::new(self.id, slot)
    }

    /// Begins the transaction, if it has not begun.
    pub(super) async fn begin(&mut self, access: Access) -> Result<()> {
        self.check_usable()?;
        if self.lease.is_some() {
            return Ok(());
        }
        let mut lease = self.engine.pool().acquire(access).await?;
        lease.begin(&self.options).await?;
        self.lease = Some(lease);
        Ok(())
    }

    /// Refuses to go on after an error that only a rollback mends.
    pub(super) fn check_usable(&self) -> Result<()> {
        self.options.check_session()?;
        if self.cut_off.load(Ordering::SeqCst) {
            let message = "a savepoint of this session was cut off half-way: roll the session back";
            return Err(Error::new(ErrorKind::TransactionAborted, message));
        }
        match &self.failure {
            None => Ok(()),
            Some(cause) => Err(Error::new(
                ErrorKind::TransactionAborted,
                format!("this session must be rolled back after an earlier error: {cause}"),
            )),
        }
    }

    /// Refuses everything but a rollback from now on.
    pub(super) fn fail(&mut self, cause: &Error) {
        self.failure = Some(cause.to_string().into());
    }

    /// Takes back what [`fail`](Session::fail) did, because the savepoint it happened in was undone.
    pub(super) fn recover(&mut self) {
        self.failure = None;
    }

    /// The connection of the open transaction, for savepoints.
    pub(super) fn lease(&mut self) -> Option<&mut Lease> {
        self.lease.as_mut()
    }

    /// Where the pool has connections that only read and this session has written nothing, one of them for this one
    /// statement. Else the transaction is begun, and its connection is the one to use.
    async fn take_connection(&mut self, access: Access) -> Result<Option<Lease>> {
        let reads_apart = self.lease.is_none() && access == Access::Read && self.engine.pool().has_readers();
        if reads_apart && !self.options.is_read_only() {
            self.check_usable()?;
            return self.engine.pool().acquire(Access::Read).await.map(Some);
        }
        let access = if self.options.is_read_only() { Access::Read } else { Access::Write };
        self.begin(access).await?;
        Ok(None)
    }
}

/// Reads an entity.
///
/// # Panics
/// Where the handle is another session's, or its entity was deleted or let go; [`Session::try_get`] returns an error then.
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
/// Where the handle is another session's, or its entity was deleted or let go; [`Session::try_get_mut`] returns an error
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

fn another_model() -> Error {
    Error::new(ErrorKind::Detached, "the handle does not belong to an entity of this session")
}

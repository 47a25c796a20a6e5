//! The work of a [`Session`]: what is pending is written, and its transaction begins and ends.

use std::fmt;

use super::blame::Failed;
use super::relations::{StaleReferring, read_again, stale_referring};
use super::session::next_number;
use super::verify::verify;
use super::writes::Writer;
use super::{Session, unit_of_work};
use crate::dialect::Isolation;
use crate::error::{Error, ErrorKind, Result};
use crate::observe::EventKind;
use crate::pool::{Access, Lease};

impl Session {
    /// Writes what is pending: inserts, parents first; then updates of the columns that changed; then deletes, children first.
    /// Entities of one model that come in, change in the same columns, or go, are written by one statement, as many as it takes and
    /// where none of them must come after another. If a row takes a unique value, or a key, that another one gives up, that one
    /// comes first. Rows may also exchange what they hold: one of them then holds NULL for a moment, or a value made up by chance,
    /// unless the type has few values (bools, enums, 8 bits, texts of less than 8 letters, decimals of less than 4 digits), and of a foreign key only by
    /// NULL. New rows that
    /// refer to one another in a circle are inserted with NULL in one of the references, which an update writes then.
    ///
    /// Where an entity is deleted and another one of its model is added with its key, the row gets the new values by an UPDATE, and what
    /// refers to it goes on to, unless a relation of the model has rows that go along with it.
    ///
    /// What foreign keys do meanwhile is followed: entities whose keys ON UPDATE CASCADE changes have the new ones, and a row that went
    /// along by ON DELETE CASCADE needs no deleting.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let order = Order { user_id: 3, item: "sofa".into(), ..Default::default() };
    /// let order = session.add(order);
    /// session.flush().await?;
    /// assert_eq!(session[order].id, 4); // Written, and numbered by the database, but not committed.
    /// session.rollback().await?;
    /// assert_eq!(Order::select().count(&engine).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What a [hook](crate::model::BeforeSave) of a model says: then nothing was sent, and the session goes on.
    ///
    /// [`Unsupported`](ErrorKind::Unsupported) if rows exchange a unique foreign key that is never NULL: nothing was written.
    ///
    /// What the database answers; [`StaleVersion`](ErrorKind::StaleVersion) if a row is gone, has another version, or has changed
    /// where a stale entity was written to. The session then refuses everything but [`rollback`](Session::rollback).
    pub async fn flush(&mut self) -> Result<()> {
        self.check_usable()?;
        self.take_notes(Writer::Statement);
        self.read_referring().await?;
        let plan = unit_of_work::plan(&mut self.map).map_err(|failed| failed.of_session(self.id, &self.map))?;
        let Some(plan) = plan else { return Ok(()) };
        self.begin(Access::Write).await?;
        let Some(lease) = &mut self.lease else { return Ok(()) };
        lease.set_caller(None);
        let (inserted, updated, deleted) = (plan.inserts.len(), plan.updates.len(), plan.deletes.len());
        let result = unit_of_work::run(plan, &mut self.map, lease).await;
        if result.is_ok() {
            lease.tell(EventKind::Flushed { inserted, updated, deleted });
        }
        let result = result.map_err(|failed| failed.of_session(self.id, &self.map));
        match &result {
            Ok(()) => self.map.referred.clear(),
            Err(error) => {
                lease.abort(error);
                self.fail(error);
            }
        }
        self.take_notes(Writer::Flush);
        result
    }

    /// Reads the stale entities again that refer to those that are to be deleted: what becomes of them depends on whether they still do.
    async fn read_referring(&mut self) -> Result<()> {
        let StaleReferring { unchanged, changed } = stale_referring(&self.map);
        if unchanged.is_empty() && changed.is_empty() {
            return Ok(());
        }
        self.begin(Access::Write).await?;
        let Some(lease) = &mut self.lease else { return Ok(()) };
        let mut result = Ok(());
        for slots in unchanged {
            if result.is_ok() {
                result = read_again(&mut self.map, slots, lease).await.map_err(Failed::from);
            }
        }
        if result.is_ok() {
            result = verify(&changed, &mut self.map, lease).await;
        }
        let result = result.map_err(|failed| failed.of_session(self.id, &self.map));
        if let Err(error) = &result {
            lease.abort(error);
            self.fail(error);
        }
        result
    }

    /// Flushes and commits. Handles stay readable and every entity is stale: the next `get`, query or `refresh` reads rows
    /// anew.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let lamp = session.get::<Order>(1).await?.expect("it was ordered");
    /// session[lamp].price -= 500;
    /// session.commit().await?;
    /// assert_eq!(Order::find(1, &engine).await?.map(|order| order.price), Some(2500));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the database answers: then nothing was committed, and the session refuses everything but
    /// [`rollback`](Session::rollback). [`CommitUnknown`](ErrorKind::CommitUnknown) if the connection broke before the
    /// answer came. [`AfterCommit`](ErrorKind::AfterCommit) if the work is committed and what was to follow failed: see
    /// [`on_commit`](Session::on_commit). [`Unsupported`](ErrorKind::Unsupported) within the closure of a transaction or savepoint, which is kept
    /// where it returns `Ok`.
    pub async fn commit(&mut self) -> Result<()> {
        self.refuse_lent("commit")?;
        self.save().await
    }

    /// Commits, whoever it is lent to.
    pub(super) async fn save(&mut self) -> Result<()> {
        self.flush().await?;
        if let Some(lease) = &mut self.lease
            && let Err(error) = lease.commit().await
        {
            self.fail(&error);
            return Err(error);
        }
        self.lease = None;
        self.unit = next_number();
        self.map.committed();
        self.on_commit.run().await
    }

    /// Rolls back, in memory as in the database: changed entities are as they were, added ones are gone, deleted ones
    /// are back, and so is what the transaction read of its own writes. Every entity is stale. The session is usable again,
    /// whatever went wrong before.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let lamp = session.get::<Order>(1).await?.expect("it was ordered");
    /// session[lamp].price = 0;
    /// session.flush().await?;
    /// session.rollback().await?;
    /// assert_eq!(session[lamp].price, 3000);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CommitUnknown`](ErrorKind::CommitUnknown), once, if a `commit` was cut off before its answer came: the session is
    /// usable, and what the database has must be read anew. [`Unsupported`](ErrorKind::Unsupported) within the closure of a
    /// transaction or savepoint, which is undone if it returns `Err`. [`Decode`](ErrorKind::Decode) if an entity refuses a
    /// value it had before, which a derived model never does.
    pub async fn rollback(&mut self) -> Result<()> {
        self.refuse_lent("rollback")?;
        self.undo().await
    }

    /// Rolls back, whoever it is lent to.
    pub(super) async fn undo(&mut self) -> Result<()> {
        let mut is_unknown = false;
        if let Some(mut lease) = self.lease.take() {
            is_unknown = lease.is_commit_unknown();
            lease.rollback().await;
        }
        self.unit = next_number();
        self.on_commit.undo(0);
        let was_told = self.failure.take().is_some();
        self.loans.forget_cut_off();
        self.reads.forget();
        if !is_unknown {
            return self.map.rolled_back();
        }
        self.map.commit_unknown()?;
        if was_told {
            return Ok(());
        }
        let message = "COMMIT was cut off before its answer came: whether the work was saved is unknown";
        Err(Error::new(ErrorKind::CommitUnknown, message).on(self.dialect().name()))
    }

    /// Begins the transaction unless it has begun.
    pub(super) async fn begin(&mut self, access: Access) -> Result<()> {
        self.check_usable()?;
        if self.lease.is_some() {
            return Ok(());
        }
        let mut lease = self.engine.acquire(access).await?;
        lease.begin(&self.options).await?;
        self.lease = Some(lease);
        Ok(())
    }

    /// Refuses to go on after an error that only a rollback cures.
    pub(super) fn check_usable(&self) -> Result<()> {
        self.options.check_session()?;
        if self.loans.are_cut_off() {
            let message = "a savepoint of this session was cut off half-way: roll the session back";
            return Err(Error::new(ErrorKind::TransactionAborted, message));
        }
        let aborted = |cause: &dyn fmt::Display| {
            let message = format!("this session must be rolled back after an earlier error: {cause}");
            Error::new(ErrorKind::TransactionAborted, message)
        };
        if let Some(cause) = &self.failure {
            let mut error = aborted(cause);
            error.0.entity = cause.0.entity;
            return Err(error);
        }
        self.reads.cause().map_or(Ok(()), |cause| Err(aborted(&cause)))
    }

    /// Refuses to end the transaction while a closure has the session: ending it is up to the caller of the closure.
    fn refuse_lent(&self, what: &'static str) -> Result<()> {
        if !self.loans.are_open() {
            return Ok(());
        }
        let message = format!(
            "`{what}` can't be called within the closure of a transaction or savepoint, which ends with it: return `Ok` to \
             keep the work, and `Err` to undo it"
        );
        Err(Error::new(ErrorKind::Unsupported, message).on(self.dialect().name()))
    }

    /// Refuses everything but a rollback from now on.
    pub(super) fn fail(&mut self, cause: &Error) {
        self.failure = Some(cause.clone());
    }

    /// Reverts [`fail`](Session::fail), because the savepoint it happened in was undone.
    pub(super) fn recover(&mut self) {
        self.failure = None;
    }

    /// The connection of the open transaction, for savepoints.
    pub(super) fn lease(&mut self) -> Option<&mut Lease> {
        self.lease.as_mut()
    }

    /// A read-only connection of the pool for this one statement, if the pool has such and this session has written nothing.
    /// Else begins the transaction, whose connection is the one to use.
    pub(super) async fn take_connection(&mut self, access: Access) -> Result<Option<Lease>> {
        let reads_apart = self.lease.is_none() && access == Access::Read && self.engine.pool().has_readers();
        let sees_commits = !matches!(self.options.isolation, Some(Isolation::RepeatableRead | Isolation::Serializable));
        if reads_apart && sees_commits && !self.options.is_read_only() {
            self.check_usable()?;
            let mut lease = self.engine.acquire(Access::Read).await?;
            lease.tell_errors(self.reads.clone());
            return Ok(Some(lease));
        }
        let access = if self.options.is_read_only() { Access::Read } else { Access::Write };
        self.begin(access).await?;
        Ok(None)
    }

    /// Records what was written on this session's connection.
    pub(super) fn take_notes(&mut self, writer: Writer) {
        let Some(lease) = &mut self.lease else { return };
        let level = self.map.level;
        lease.take_notes().into_iter().for_each(|note| self.map.writes.note(note, writer, level));
    }
}

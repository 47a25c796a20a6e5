//! Rows that are locked as they are read.

use super::alias::Alias;
use super::select::Select;
use crate::sql::{Lock, LockStrength, LockWait};

impl<R: Send + 'static> Select<R> {
    /// Locks the rows against writing and locking by others until the transaction ends.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let open = Order::select().filter(Order::paid.eq(false)).limit(1).for_update().track(&mut session).await?;
    /// session[open[0]].paid = true; // Nobody else has written to the row since it was read.
    /// session.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The rows of every table are locked that the statement itself reads; [`lock_of`](Select::lock_of) names fewer. A lock
    /// that databases would not take alike is refused when the statement is rendered: on a UNION or its arms, beside `distinct`,
    /// groups, aggregates and window functions, in a subquery, on a table that an outer join may leave without a row, before
    /// `count` and `exists`. In a transaction that only reads it is [`ReadOnly`](crate::ErrorKind::ReadOnly).
    ///
    /// SQLite locks no single rows: there the transaction becomes the one that writes, and others that write or lock wait for
    /// it. Outside of a transaction the lock ends with the statement, on every database. On a session, an entity that is
    /// [tracked](Select::track) so becomes what its row is.
    pub fn for_update(self) -> Select<R> {
        self.locked(LockStrength::Update)
    }

    /// As [`for_update`](Select::for_update), and others may lock the rows alike, which keeps them from being written. On SQLite
    /// others who lock wait all the same.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let user = User::select().filter(User::id.eq(3)).for_share().one(&mut session).await?;
    /// session.add(Order { user_id: user.id, item: "sofa".into(), ..Default::default() });
    /// session.commit().await?; // The user is still there.
    /// # Ok(())
    /// # }
    /// ```
    pub fn for_share(self) -> Select<R> {
        self.locked(LockStrength::Share)
    }

    fn locked(mut self, strength: LockStrength) -> Select<R> {
        self.tree_mut().set_lock(Lock { strength, wait: LockWait::Wait, of: Vec::new() });
        self
    }

    /// Rows that somebody else has locked are left out, and not waited for. After `for_update` or `for_share`; SQLite, which
    /// locks no single rows, refuses it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// // A queue: each worker takes what no other has.
    /// let next = Order::select().filter(Order::paid.eq(false)).order_by(Order::id).limit(1).for_update().skip_locked();
    /// let error = next.all(&engine).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Unsupported); // On SQLite one transaction writes at a time.
    /// # Ok(())
    /// # }
    /// ```
    pub fn skip_locked(self) -> Select<R> {
        self.waiting(LockWait::SkipLocked)
    }

    /// Rows that somebody else has locked are an error, and not waited for. After `for_update` or `for_share`; SQLite, which
    /// locks no single rows, refuses it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let error = Order::select().for_update().nowait().all(&engine).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Unsupported); // On SQLite one transaction writes at a time.
    /// # Ok(())
    /// # }
    /// ```
    pub fn nowait(self) -> Select<R> {
        self.waiting(LockWait::NoWait)
    }

    fn waiting(mut self, wait: LockWait) -> Select<R> {
        match self.tree_mut().lock_mut() {
            Some(lock) => lock.wait = wait,
            None => self.tree_mut().misused("`skip_locked` and `nowait` come after `for_update` or `for_share`".into()),
        }
        self
    }

    /// Only the rows of this table are locked, `table::<Order>()` or an alias; of several tables where it is called several
    /// times. After `for_update` or `for_share`. SQLite locks more all the same, and MariaDB, which would, refuses it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// use creole::query::table;
    ///
    /// let rows = select((Order::id, User::name)).join(Order::user).for_update().lock_of(table::<Order>());
    /// assert_eq!(rows.all(&mut session).await?.len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn lock_of<M>(mut self, table: Alias<M>) -> Select<R> {
        match self.tree_mut().lock_mut() {
            Some(lock) => lock.of.push(table.table),
            None => self.tree_mut().misused("`lock_of` comes after `for_update` or `for_share`".into()),
        }
        self
    }
}

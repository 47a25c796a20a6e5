//! [`Session::no_autoflush`]: reading without writing first.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::Session;
use crate::error::Result;

/// A session whose reads do not write what is pending first, until this is dropped. See [`Session::no_autoflush`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// # let mut session = engine.session();
/// use creole::session::NoAutoflush;
///
/// /// Whether the name is free among the rows there are.
/// async fn is_free(name: &str, session: &mut NoAutoflush<'_>) -> creole::Result<bool> {
///     Ok(!User::select().filter(User::name.eq(name)).exists(&mut **session).await?)
/// }
///
/// let mut quiet = session.no_autoflush();
/// quiet.add(User { name: "Dora".into(), ..Default::default() });
/// assert!(is_free("Dora", &mut quiet).await?);
/// # Ok(())
/// # }
/// ```
pub struct NoAutoflush<'s> {
    session: &'s mut Session,
    /// What it was before.
    before: Autoflush,
}

/// Whether a read writes what is pending first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Autoflush {
    #[default]
    On,
    Off,
}

impl Session {
    /// The same session, whose reads do not write what is pending first: for looking something up while entities are half built.
    ///
    /// Until it is dropped, `get`, `get_many`, `merge` and SELECTs see the rows as they are in the database. What was added is not
    /// found, and what was changed in memory stays as it is, also where its row is read: the flush that comes compares both where they may
    /// differ, as it does with [stale entities](Session#stale-entities). What was [deleted](Session::delete) is gone for
    /// `get` and `track` at once, and for the database with the flush.
    ///
    /// What writes or locks is preceded by a flush nevertheless, since it might be about the same rows: INSERT, UPDATE, DELETE and upserts,
    /// texts of your own that do more than read, `for_update`, `refresh`; and so are a savepoint's two ends and `commit`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let order = session.add(Order { item: "sofa".into(), ..Default::default() });
    /// let mut quiet = session.no_autoflush();
    /// // To insert the order now would fail: it has no user yet.
    /// let owner = User::select().filter(User::name.eq("Cleo")).one(&mut *quiet).await?;
    /// quiet[order].user_id = owner.id;
    /// drop(quiet);
    /// session.commit().await?;
    /// assert_eq!(Order::select().filter(Order::user_id.eq(owner.id)).count(&engine).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn no_autoflush(&mut self) -> NoAutoflush<'_> {
        let before = std::mem::replace(&mut self.autoflush, Autoflush::Off);
        NoAutoflush { session: self, before }
    }

    /// Writes what is pending before something is read, unless the program wants it otherwise.
    pub(super) async fn flush_before_read(&mut self) -> Result<()> {
        match self.autoflush {
            Autoflush::On => self.flush().await,
            Autoflush::Off => Ok(()),
        }
    }
}

impl Deref for NoAutoflush<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session
    }
}

impl DerefMut for NoAutoflush<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        self.session
    }
}

impl Drop for NoAutoflush<'_> {
    fn drop(&mut self) {
        self.session.autoflush = self.before;
    }
}

impl fmt::Debug for NoAutoflush<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NoAutoflush").field(&*self.session).finish()
    }
}

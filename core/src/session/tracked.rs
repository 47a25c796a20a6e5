//! [`Tracked`].

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// A handle to an entity of a session: small, `Copy`, and of use only with the session that made it.
///
/// ```
/// # use creole::prelude::*;
/// # #[derive(Model, Debug, Clone, PartialEq)]
/// # #[model(table = "accounts", default)]
/// # struct Account {
/// #     #[model(primary_key, auto)]
/// #     id: i64,
/// #     balance: i64,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Account]).await?;
/// let mut session = engine.session();
/// let account: Tracked<Account> = session.add(Account::default());
/// session[account].balance = 5;
/// session.commit().await?;
///
/// session.delete(account);
/// let error = session.try_get(account).unwrap_err(); // `session[account]` would panic.
/// assert_eq!(error.kind(), ErrorKind::Detached);
/// # Ok(())
/// # }
/// ```
pub struct Tracked<M> {
    pub(super) session: u64,
    pub(super) slot: usize,
    of: PhantomData<fn() -> M>,
}

impl<M> Tracked<M> {
    pub(super) fn new(session: u64, slot: usize) -> Tracked<M> {
        Tracked { session, slot, of: PhantomData }
    }
}

impl<M> Clone for Tracked<M> {
    fn clone(&self) -> Tracked<M> {
        *self
    }
}

impl<M> Copy for Tracked<M> {}

/// Handles are equal where they name the same entity of the same session.
impl<M> PartialEq for Tracked<M> {
    fn eq(&self, other: &Tracked<M>) -> bool {
        (self.session, self.slot) == (other.session, other.slot)
    }
}

impl<M> Eq for Tracked<M> {}

impl<M> Hash for Tracked<M> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.session, self.slot).hash(state);
    }
}

impl<M> fmt::Debug for Tracked<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tracked({}.{})", self.session, self.slot)
    }
}

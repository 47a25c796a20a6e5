//! [`Atomic`]: several statements of which all are done or none.

use crate::dialect::TxOptions;
use crate::error::Result;
use crate::pool::{CutOff, Link, Savepoint};

/// Several statements on one connection, of which all are done or none: in the transaction that is open, or in one of their
/// own. Where it is dropped before its end, that transaction can only be rolled back, even if no call was under way then:
/// they may have waited for something of the program's own.
#[derive(Debug)]
#[must_use = "a transaction that was begun must be ended"]
pub(super) struct Atomic {
    within: Within,
    guard: CutOff,
}

/// What the statements run in.
#[derive(Debug)]
enum Within {
    /// The transaction was open, and whoever began it ends it: after an error of the database it can only be rolled back.
    Transaction,
    /// The same, with a savepoint for errors that the database does not know of: those end no transaction.
    Savepoint(Savepoint),
    /// A transaction that was begun for them.
    Own,
}

impl Atomic {
    /// Begins a transaction, if none is open.
    pub(super) async fn begin(link: &mut Link) -> Result<Atomic> {
        if link.is_in_transaction() {
            return Ok(Atomic::new(link, Within::Transaction));
        }
        link.begin(&TxOptions::default()).await?;
        Ok(Atomic::new(link, Within::Own))
    }

    /// As [`begin`](Atomic::begin), for statements of which a later one may be refused before it is sent.
    pub(super) async fn begin_undoable(link: &mut Link) -> Result<Atomic> {
        if link.is_in_transaction() {
            let savepoint = link.savepoint().await?;
            return Ok(Atomic::new(link, Within::Savepoint(savepoint)));
        }
        Atomic::begin(link).await
    }

    fn new(link: &Link, within: Within) -> Atomic {
        Atomic { within, guard: link.guard() }
    }

    /// Whether the transaction was begun for these statements.
    pub(super) fn is_own(&self) -> bool {
        matches!(self.within, Within::Own)
    }

    /// Ends the transaction, if it was begun for these statements: with a commit where they succeeded.
    pub(super) async fn end<T>(self, link: &mut Link, result: Result<T>) -> Result<T> {
        let Atomic { within, guard } = self;
        // From here on every wait is a call of the link's, which notices by itself where it is cut off.
        guard.passed();
        match (within, result) {
            (Within::Transaction, result) => result,
            (Within::Savepoint(savepoint), Ok(value)) => link.release_savepoint(savepoint).await.map(|()| value),
            (Within::Savepoint(savepoint), Err(error)) => {
                if link.is_healthy() {
                    link.rollback_to(savepoint).await?;
                }
                Err(error)
            }
            (Within::Own, Ok(value)) => link.commit().await.map(|()| value),
            (Within::Own, Err(error)) => {
                link.rollback().await;
                Err(error)
            }
        }
    }
}

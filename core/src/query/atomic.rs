//! [`Atomic`]: several statements of which all are done or none.

use crate::dialect::TxOptions;
use crate::error::Result;
use crate::pool::{Link, Savepoint};

/// Several statements on one connection, of which all are done or none: in the transaction that is open, or in one of their
/// own. Where it is dropped half-way, the transaction is rolled back as that of any statement is.
#[derive(Debug)]
#[must_use = "a transaction that was begun must be ended"]
pub(super) enum Atomic {
    /// The transaction was open, and whoever began it ends it: after an error of the database it can only be rolled back.
    Within,
    /// The same, with a savepoint for errors that the database does not know of: those end no transaction.
    Savepoint(Savepoint),
    /// It was begun for them.
    Own,
}

impl Atomic {
    /// Begins a transaction, if none is open.
    pub(super) async fn begin(link: &mut Link) -> Result<Atomic> {
        if link.is_in_transaction() {
            return Ok(Atomic::Within);
        }
        link.begin(&TxOptions::default()).await?;
        Ok(Atomic::Own)
    }

    /// As [`begin`](Atomic::begin), for statements of which a later one may be refused before it is sent.
    pub(super) async fn begin_undoable(link: &mut Link) -> Result<Atomic> {
        if link.is_in_transaction() {
            return link.savepoint().await.map(Atomic::Savepoint);
        }
        Atomic::begin(link).await
    }

    /// Ends the transaction, if it was begun for these statements: with a commit where they succeeded.
    pub(super) async fn end<T>(self, link: &mut Link, result: Result<T>) -> Result<T> {
        match (self, result) {
            (Atomic::Within, result) => result,
            (Atomic::Savepoint(savepoint), Ok(value)) => link.release_savepoint(savepoint).await.map(|()| value),
            (Atomic::Savepoint(savepoint), Err(error)) => {
                if link.is_healthy() {
                    link.rollback_to(savepoint).await?;
                }
                Err(error)
            }
            (Atomic::Own, Ok(value)) => link.commit().await.map(|()| value),
            (Atomic::Own, Err(error)) => {
                link.rollback().await;
                Err(error)
            }
        }
    }
}

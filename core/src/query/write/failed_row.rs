//! Which row of a statement is to blame for its error.
//!
//! A statement of many rows fails as a whole, and few databases say which row it was. So the rows are written once more, ever
//! fewer of them together, until it is one; then all is undone. That is done only where a statement has failed.

use futures_core::future::BoxFuture;

use crate::dialect::TxOptions;
use crate::error::{Error, Result};
use crate::pool::{Link, Savepoint};

/// Rows of one statement, which can be written once more.
pub(super) trait Rewrite: Send + Sync {
    /// How many there are.
    fn count(&self) -> usize;

    /// Writes `rows` of them, from this one on.
    fn write<'s>(&'s self, link: &'s mut Link, from: usize, rows: usize) -> BoxFuture<'s, Result<()>>;

    /// Whether an error is about a row, so that it is worth looking for it.
    fn is_about_row(&self, _link: &Link, error: &Error) -> bool {
        error.kind().blames_a_row()
    }

    /// What more can be found out of the error of one row. The rows before it are written.
    fn explain<'s>(&'s self, _link: &'s mut Link, _row: usize, error: Error) -> BoxFuture<'s, Error> {
        Box::pin(async move { error })
    }
}

/// What a failed statement can be undone to.
#[derive(Debug)]
#[must_use = "a savepoint that was set must be released"]
pub(super) enum Guard {
    /// There is no transaction: it undoes itself.
    Itself,
    /// A savepoint within the transaction.
    Savepoint(Savepoint),
    /// Nothing is to be found out about it.
    None,
}

impl Guard {
    /// Prepares for an error of which more is to be found out.
    pub(super) async fn set(link: &mut Link) -> Result<Guard> {
        if !link.is_in_transaction() {
            return Ok(Guard::Itself);
        }
        link.savepoint().await.map(Guard::Savepoint)
    }

    /// The statement failed, and is sent once more.
    pub(super) async fn again(self, link: &mut Link) -> Result<Guard> {
        let Guard::Savepoint(savepoint) = self else { return Ok(self) };
        link.rollback_to(savepoint).await?;
        Guard::set(link).await
    }

    /// The statement succeeded.
    pub(super) async fn release(self, link: &mut Link) -> Result<()> {
        match self {
            Guard::Savepoint(savepoint) => link.release_savepoint(savepoint).await,
            Guard::Itself | Guard::None => Ok(()),
        }
    }

    /// The statement failed: what is known of the error in the end, with the row's position among those of the statement. The
    /// transaction, where one is open, is of no use but to be rolled back.
    pub(super) async fn diagnose(self, rows: &dyn Rewrite, link: &mut Link, error: Error) -> Error {
        // What was refused before it was sent has its row.
        if error.row().is_some() || !rows.is_about_row(link, &error) {
            return self.undo(link, error).await;
        }
        match self {
            Guard::None => {
                // The server knows nothing of a row that is not as it was read.
                link.abort(&error);
                error.with_row(0)
            }
            Guard::Savepoint(savepoint) => {
                if link.rollback_to(savepoint).await.is_err() {
                    return error;
                }
                let found = find(rows, link, error).await;
                link.abort(&found);
                found
            }
            Guard::Itself => {
                if link.begin(&TxOptions::default()).await.is_err() {
                    return error;
                }
                let found = find(rows, link, error).await;
                link.rollback().await;
                found
            }
        }
    }

    /// Takes the savepoint away again after an error that the database does not know of.
    async fn undo(self, link: &mut Link, error: Error) -> Error {
        let Guard::Savepoint(savepoint) = self else { return error };
        if !link.is_healthy() {
            return error;
        }
        match link.rollback_to(savepoint).await {
            Ok(()) => error,
            Err(fatal) => fatal,
        }
    }
}

/// The same error with the row it is about, where no savepoint was set before the statement. It can be found where the database has
/// undone that statement alone; elsewhere the error has no row.
pub(super) async fn find_afterwards(rows: &dyn Rewrite, link: &mut Link, error: Error) -> Error {
    if error.row().is_some() || !rows.is_about_row(link, &error) {
        return error;
    }
    if rows.count() == 1 {
        return error.with_row(0);
    }
    if !link.go_on_after(&error) {
        return error;
    }
    let guard = link.guard();
    let found = find(rows, link, error).await;
    guard.passed();
    link.abort(&found);
    found
}

/// The error of the first row that can't be written. Rows before it are left written. Where each of them can be, as where a
/// constraint is checked at the end only, none is to blame.
async fn find(rows: &dyn Rewrite, link: &mut Link, error: Error) -> Error {
    let (mut good, mut bad) = (0, rows.count());
    let mut found = error;
    let mut failed_alone = false;
    while bad - good > 1 {
        let middle = good.midpoint(bad);
        match probe(rows, link, good, middle - good).await {
            Ok(()) => good = middle,
            Err(error) if rows.is_about_row(link, &error) => {
                failed_alone = middle - good == 1;
                (bad, found) = (middle, error);
            }
            // Something else is wrong by now: the first error is what there is to say.
            Err(_) => return found,
        }
    }
    if !failed_alone {
        match probe(rows, link, good, 1).await {
            Err(error) if rows.is_about_row(link, &error) => found = error,
            Ok(()) | Err(_) => return found,
        }
    }
    rows.explain(link, good, found).await.with_row(good)
}

/// Writes some rows, or leaves no trace.
async fn probe(rows: &dyn Rewrite, link: &mut Link, from: usize, count: usize) -> Result<()> {
    let savepoint = link.savepoint().await?;
    match rows.write(link, from, count).await {
        Ok(()) => link.release_savepoint(savepoint).await,
        Err(error) => {
            link.rollback_to(savepoint).await?;
            Err(error)
        }
    }
}

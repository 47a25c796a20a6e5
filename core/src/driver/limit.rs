//! Limits of time, for drivers whose statements run on a server.

use std::pin::pin;
use std::time::Duration;

use futures_core::future::BoxFuture;
use futures_util::future::join;

use crate::error::{Effect, Error, ErrorKind, Result};

/// How long the server has to be told that a statement is to end, and the statement to end then. It takes a new connection, which
/// on a busy machine takes a while; to give up costs the transaction.
const PATIENCE: Duration = Duration::from_secs(10);

/// Awaits a connection to the server at `address`.
///
/// # Errors
/// [`ConnectionLost`](ErrorKind::ConnectionLost), naming the address and the limit, where none came about in time.
pub async fn connected<T>(limit: Duration, address: &str, connecting: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(limit, connecting).await.unwrap_or_else(|_| {
        let seconds = limit.as_secs();
        let message = format!("no connection to {address} came about within {seconds} s (connect_timeout)");
        Err(Error::new(ErrorKind::ConnectionLost, message))
    })
}

/// Awaits a statement. Where that takes longer than `limit`, `cancel` has the server end it, by another connection; its
/// success means that the server was told and will not be told again. Both are awaited to their ends, so that it can't be
/// the next statement that is ended. What comes back beside the output is the limit, where it was overrun; the statement
/// may have come to an end of its own even so.
///
/// # Errors
/// [`StatementTimeout`](ErrorKind::StatementTimeout) where the statement could not be ended; the connection is then of no
/// more use.
pub async fn limited<'c, T>(
    limit: Option<Duration>,
    statement: impl Future<Output = T> + Send,
    cancel: impl FnOnce() -> BoxFuture<'c, Result<()>> + Send,
) -> Result<(T, Option<Duration>)> {
    let mut statement = pin!(statement);
    let Some(limit) = limit else { return Ok((statement.await, None)) };
    if let Ok(output) = tokio::time::timeout(limit, statement.as_mut()).await {
        return Ok((output, None));
    }
    match tokio::time::timeout(PATIENCE, join(cancel(), statement)).await {
        Ok((Ok(()), output)) => Ok((output, Some(limit))),
        Ok((Err(reason), _)) => Err(not_ended(limit).with_server_message(reason.to_string())),
        Err(_) => Err(not_ended(limit)),
    }
}

/// The error of a statement that was ended because it overran its limit.
#[cold]
pub fn overran(limit: Duration) -> Error {
    let message = format!("the statement ran longer than its limit of {limit:?} and was ended");
    Error::new(ErrorKind::StatementTimeout, message).with_effect(Effect::Aborted)
}

/// An error that came after the limit: the limit is named where the error is about time, and else it stays as it is.
#[cold]
pub fn overran_with(error: Error, limit: Duration) -> Error {
    match error.kind() {
        ErrorKind::StatementTimeout => {
            let message = format!("the statement ran longer than its limit of {limit:?} and was ended");
            error.into_kind(ErrorKind::StatementTimeout, message)
        }
        _ => error,
    }
}

#[cold]
fn not_ended(limit: Duration) -> Error {
    let message = format!(
        "the statement ran longer than its limit of {limit:?} and could not be ended: the connection was given up, and \
         whether the statement was carried out is not known"
    );
    Error::new(ErrorKind::StatementTimeout, message).with_effect(Effect::Disconnected)
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    const SHORT: Duration = Duration::from_millis(20);

    #[tokio::test(start_paused = true)]
    async fn a_server_that_does_not_answer_is_named() {
        let silent = pending::<Result<()>>();
        let error = connected(Duration::from_secs(3), "db.example:1", silent).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::ConnectionLost, Effect::Disconnected));
        assert!(error.to_string().contains("no connection to db.example:1 came about within 3 s"), "{error}");
        assert_eq!(connected(SHORT, "db.example:1", ready(Ok(7))).await.unwrap(), 7);
    }

    #[tokio::test(start_paused = true)]
    async fn what_ends_in_time_is_left_alone() {
        for limit in [None, Some(SHORT), Some(Duration::MAX)] {
            let ended = limited(limit, ready(7), || panic!("nothing to cancel")).await;
            assert_eq!(ended.unwrap(), (7, None));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_overruns_is_awaited_with_its_cancel() {
        let slow = async {
            tokio::time::sleep(SHORT * 3).await;
            7
        };
        let cancel = || -> BoxFuture<'_, _> {
            Box::pin(async {
                tokio::time::sleep(SHORT * 10).await;
                Ok(())
            })
        };
        let start = tokio::time::Instant::now();
        assert_eq!(limited(Some(SHORT), slow, cancel).await.unwrap(), (7, Some(SHORT)));
        assert!(start.elapsed() >= SHORT * 11, "the cancel was not awaited");
    }

    #[tokio::test(start_paused = true)]
    async fn what_does_not_end_costs_the_connection() {
        let deaf = limited(Some(SHORT), pending::<()>(), || Box::pin(ready(Ok(())))).await;
        let refusal = || -> BoxFuture<'_, _> { Box::pin(ready(Err(Error::new(ErrorKind::Limit, "no room")))) };
        let late = async { tokio::time::sleep(SHORT * 2).await };
        let untold = limited(Some(SHORT), late, refusal).await;
        for error in [deaf.unwrap_err(), untold.unwrap_err()] {
            assert_eq!((error.kind(), error.effect()), (ErrorKind::StatementTimeout, Effect::Disconnected));
            assert!(error.to_string().contains("20ms"), "{error}");
        }
    }
}

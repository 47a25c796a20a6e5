//! Dropping a future half-way.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

/// Runs a future and drops it after so many polls; `None` where it was dropped.
///
/// With 0 it is dropped before it was polled at all.
pub(crate) async fn cancel_at<F: Future>(future: F, most: usize) -> Option<F::Output> {
    if most == 0 {
        return None;
    }
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(|context| {
        polls += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if polls == most => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Runs an operation again and again, and drops its future one poll later each time, until it comes to its end. After each
/// `check` is called, with how many polls it had and what came out.
///
/// # Panics
/// Where the operation does not come to its end within 500 polls.
pub(crate) async fn cut_everywhere<T>(
    mut operation: impl AsyncFnMut(usize) -> T,
    mut check: impl AsyncFnMut(usize, Option<&T>),
) -> T {
    for polls in 0..500 {
        let output = cancel_at(operation(polls), polls).await;
        check(polls, output.as_ref()).await;
        if let Some(output) = output {
            return output;
        }
    }
    panic!("the operation did not come to its end in 500 polls");
}

/// Polls a future once.
pub(crate) async fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    poll_fn(|context| Poll::Ready(Pin::new(&mut *future).poll(context))).await
}

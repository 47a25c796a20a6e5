//! What an engine does, told to those who want to know: an [`Observer`].
//!
//! Where nobody has asked, a statement costs a look at a field more, and nothing is allocated.

mod event;
mod observers;
mod watch;

pub use event::{Closed, Event, EventKind, Outcome, Statement, TransactionEnd};

pub(crate) use observers::Observers;
pub(crate) use watch::{Running, Watch};

/// Is told what an engine does: for metrics, audits and traces of a program's own.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// use creole::observe::{Event, EventKind, Observer};
/// use creole::prelude::*;
///
/// /// Counts statements and the rows that they read or wrote.
/// #[derive(Clone, Default)]
/// struct Totals {
///     statements: Arc<AtomicU64>,
///     rows: Arc<AtomicU64>,
/// }
///
/// impl Observer for Totals {
///     fn observe(&self, event: &Event<'_>) {
///         if let EventKind::StatementEnded(_, outcome) = &event.kind {
///             self.statements.fetch_add(1, Ordering::Relaxed);
///             self.rows.fetch_add(outcome.rows, Ordering::Relaxed);
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// let totals = Totals::default();
/// let engine = Engine::builder("sqlite::memory:").observe(totals.clone()).connect().await?;
/// let number = sql!("select 40 + 2").scalars::<i64>().one(&engine).await?;
/// assert_eq!((number, totals.statements.load(Ordering::Relaxed), totals.rows.load(Ordering::Relaxed)), (42, 1, 1));
/// # Ok(())
/// # }
/// ```
///
/// A closure is one too: `observe(|event: &Event<'_>| …)`.
///
/// It is called where the engine works, in the order in which things happen on a connection, and what it does the statement waits
/// for: it should count or send on, and not block. It is told texts and never bound values.
pub trait Observer: Send + Sync + 'static {
    /// Something has happened.
    ///
    /// ```
    /// use creole::observe::{Event, EventKind, Observer};
    ///
    /// struct Slow;
    ///
    /// impl Observer for Slow {
    ///     fn observe(&self, event: &Event<'_>) {
    ///         if let EventKind::StatementEnded(statement, outcome) = &event.kind
    ///             && outcome.took.as_millis() > 200
    ///         {
    ///             eprintln!("{} took {:?}", statement.text, outcome.took);
    ///         }
    ///     }
    /// }
    /// ```
    fn observe(&self, event: &Event<'_>);
}

impl<F: Fn(&Event<'_>) + Send + Sync + 'static> Observer for F {
    fn observe(&self, event: &Event<'_>) {
        self(event);
    }
}

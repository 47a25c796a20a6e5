//! [`Session::on_commit`]: what is done once the work is committed.

use std::sync::{Mutex, PoisonError};

use futures_core::future::BoxFuture;

use super::Session;
use crate::error::{Error, ErrorKind, Result};

/// What is to be done after the commit, in order.
#[derive(Default)]
pub(super) struct OnCommit {
    /// Behind a lock that nobody waits for, so that a session may be shared though futures may not.
    actions: Mutex<Vec<Action>>,
}

struct Action {
    /// The savepoint level at which it was registered.
    level: u32,
    run: BoxFuture<'static, Result<()>>,
}

impl Session {
    /// Does something once the work is committed, and only then: sends a mail, wakes a queue, empties a cache. What is registered
    /// runs in order, one after the other, within [`commit`](Session::commit) or at the end of
    /// [`Engine::transaction`](crate::Engine::transaction), when the connection is back in the pool.
    ///
    /// After a rollback nothing of it runs, and after that of a [`savepoint`](Session::savepoint) nothing that was registered in
    /// it. Nothing runs either where it is unknown whether the work was committed, or where the session is dropped. Where there
    /// was nothing to write, a commit is a commit.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    ///
    /// let sent = Arc::new(AtomicUsize::new(0));
    /// engine
    ///     .transaction(async |session| {
    ///         session.add(Order { user_id: 3, item: "sofa".into(), ..Default::default() });
    ///         let sent = sent.clone();
    ///         session.on_commit(async move {
    ///             sent.fetch_add(1, Ordering::SeqCst); // The mail that confirms the order.
    ///             Ok(())
    ///         });
    ///         Ok(())
    ///     })
    ///     .await?;
    /// assert_eq!(sent.load(Ordering::SeqCst), 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors of what is done
    /// One that fails keeps none of the others from running. The commit then returns
    /// [`AfterCommit`](ErrorKind::AfterCommit), which is no failed commit and is not tried again: the work is saved.
    /// [`Error::collected`] has the errors, in order. Whoever drops the future of the commit drops what has not run yet.
    pub fn on_commit(&mut self, action: impl Future<Output = Result<()>> + Send + 'static) {
        let level = self.map.level;
        self.on_commit.get().push(Action { level, run: Box::pin(action) });
    }
}

impl OnCommit {
    /// Does everything that was registered.
    pub(super) async fn run(&mut self) -> Result<()> {
        let actions = std::mem::take(self.get());
        let count = actions.len();
        let mut failed = Vec::new();
        for action in actions {
            if let Err(error) = action.run.await {
                failed.push(error);
            }
        }
        if failed.is_empty() { Ok(()) } else { Err(after_commit(failed, count)) }
    }

    /// Forgets what was registered at `level` and above.
    pub(super) fn undo(&mut self, level: u32) {
        self.get().retain(|action| action.level < level);
    }

    /// Makes what was registered at `level` part of the level below it.
    pub(super) fn merge_level(&mut self, level: u32) {
        for action in self.get() {
            action.level = action.level.min(level.saturating_sub(1));
        }
    }

    fn get(&mut self) -> &mut Vec<Action> {
        self.actions.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

fn after_commit(failed: Vec<Error>, count: usize) -> Error {
    let reasons: Vec<String> = failed.iter().map(ToString::to_string).collect();
    let message = format!(
        "the work is committed, but {} of {count} actions that were to follow failed: {}",
        failed.len(),
        reasons.join("; ")
    );
    Error::new(ErrorKind::AfterCommit, message).with_collected(failed)
}

//! What must be known of a raw text before it is sent, and checked after it.

use super::transaction::Transaction;
use super::{Activity, Link, Marked};
use crate::dialect::{EndsTransaction, OwnText};
use crate::driver::{Compiled, Verb};
use crate::error::{Effect, Error, ErrorKind, Result};

impl Link {
    /// What must be known of a raw text before it is sent: whether it leaves traces, and whether it ends the transaction. If
    /// only the server knows the latter, a savepoint shows it: it goes with its transaction, even if another one has begun
    /// since.
    pub(super) async fn watch(&mut self, statement: &Compiled<'_>) -> Result<()> {
        let is_known = statement.verb != Verb::Other;
        if (is_known && !statement.own_text) || !self.is_sound() {
            return Ok(());
        }
        let text = OwnText::new(&statement.sql);
        let ends = match self.transaction {
            Transaction::Open if !is_known => self.dialect.ends_transaction(text),
            _ => EndsTransaction::Never,
        };
        if ends == EndsTransaction::Always {
            let feature = "a raw statement that commits the open transaction by itself";
            let way_out = "run it on the engine, outside of sessions and transactions";
            return Err(Error::unsupported(self.dialect.name(), feature, way_out));
        }
        if self.marked == Marked::Clean && self.dialect.leaves_traces(text) {
            self.marked = Marked::ForClosing;
        }
        if ends == EndsTransaction::Perhaps {
            self.watched = Some(self.savepoint().await?);
        }
        Ok(())
    }

    /// Checks for the transaction after a statement that may have ended it.
    pub(super) async fn unwatch<T>(&mut self, result: Result<T>) -> Result<T> {
        let is_alive = matches!(self.transaction, Transaction::Open | Transaction::Aborted(_));
        let watched = self.watched.take().filter(|_| self.is_sound() && is_alive);
        let (Some(savepoint), Some(connection)) = (watched, &mut self.connection) else { return result };
        self.activity = Activity::Busy;
        let released = connection.command(&savepoint.sql("RELEASE SAVEPOINT")).await;
        self.activity = Activity::Ready;
        let Err(error) = released else { return result };
        if error.effect() == Effect::Disconnected {
            self.activity = Activity::Lost;
            return Err(error);
        }
        let message = "the statement ended the transaction it ran in, as a procedure can: what was done before it may be \
                       saved, and can't be rolled back; run such a statement on the engine";
        let ended = Error::new(ErrorKind::TransactionAborted, message).on(self.dialect.name());
        let ended = match result.err().and_then(|error| error.server_message().map(str::to_owned)) {
            Some(server) => ended.with_server_message(server),
            None => ended,
        };
        self.transaction = Transaction::RolledBack(ended.to_string().into());
        Err(ended.with_effect(Effect::RolledBack))
    }
}

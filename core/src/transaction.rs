//! How a transaction is to be begun.

/// How a transaction is to be begun.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct TxOptions {
    /// The isolation; READ COMMITTED where none is named. SQLite is serializable always.
    pub isolation: Option<Isolation>,
    access: Access,
    retries: u32,
}

/// How much a transaction sees of those beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Isolation {
    /// Each statement sees what was committed before it.
    ReadCommitted,
    /// All statements see what was committed before the first.
    RepeatableRead,
    /// As if the transactions ran one after the other.
    Serializable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Access {
    #[default]
    ReadWrite,
    ReadOnly,
}

impl TxOptions {
    /// A transaction as serializable as the database makes them.
    pub fn serializable() -> TxOptions {
        TxOptions { isolation: Some(Isolation::Serializable), ..TxOptions::default() }
    }

    /// A transaction that only reads. A statement that writes to a model's table is refused before it is sent, with
    /// [`ErrorKind::ReadOnly`](crate::ErrorKind::ReadOnly), and the transaction goes on. SQL text that creole did not
    /// write is left to the database, and SQLite with a single connection would run it.
    pub fn read_only() -> TxOptions {
        TxOptions { access: Access::ReadOnly, ..TxOptions::default() }
    }

    /// The same with this isolation.
    pub fn isolation(mut self, isolation: Isolation) -> TxOptions {
        self.isolation = Some(isolation);
        self
    }

    /// The same, run again up to so many times where it fails only because of another one beside it: after a deadlock, or where
    /// it could not be serialized or have a lock in time. For [`transaction_with`](crate::Engine::transaction_with), which has the
    /// whole of it in hand: each time with a fresh session, after a pause that grows.
    pub fn retries(mut self, retries: u32) -> TxOptions {
        self.retries = retries;
        self
    }

    /// How many times it may be run again.
    pub(crate) fn retries_left(&self) -> u32 {
        self.retries
    }

    /// Whether the transaction only reads.
    pub fn is_read_only(&self) -> bool {
        self.access == Access::ReadOnly
    }
}

impl Isolation {
    /// The standard's words for it.
    pub fn sql(self) -> &'static str {
        match self {
            Isolation::ReadCommitted => "READ COMMITTED",
            Isolation::RepeatableRead => "REPEATABLE READ",
            Isolation::Serializable => "SERIALIZABLE",
        }
    }
}

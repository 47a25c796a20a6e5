//! How a transaction is to be begun.

/// How a transaction is to be begun.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct TxOptions {
    /// The isolation; READ COMMITTED where none is named. SQLite is serializable always.
    pub isolation: Option<Isolation>,
    access: Access,
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

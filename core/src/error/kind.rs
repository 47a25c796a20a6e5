//! [`ErrorKind`] and [`Effect`].

/// The kinds of error, the same on every backend.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// /// The status of an HTTP response.
/// fn status(error: &creole::Error) -> u16 {
///     match error.kind() {
///         ErrorKind::NotFound => 404,
///         ErrorKind::UniqueViolation | ErrorKind::ForeignKeyViolation => 409,
///         ErrorKind::InvalidValue | ErrorKind::CheckViolation => 422,
///         ErrorKind::PoolTimeout | ErrorKind::ConnectionLost => 503,
///         _ => 500,
///     }
/// }
///
/// let error = User::select().filter(User::id.eq(99)).one(&engine).await.unwrap_err();
/// assert_eq!(status(&error), 404);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// `one()` or `refresh()` found no row.
    NotFound,
    /// `one()` or `optional()` found more than one row.
    MultipleFound,
    /// Another row already has these values of a unique key.
    UniqueViolation,
    /// The row refers to one that is not there, or is still referred to.
    ForeignKeyViolation,
    /// NULL was written to a column that does not allow it.
    NotNullViolation,
    /// A CHECK constraint refused the row.
    CheckViolation,
    /// An exclusion constraint refused the row.
    ExclusionViolation,
    /// A value does not fit its column: too long, out of range, not valid text.
    InvalidValue,
    /// The row has been changed elsewhere since it was read.
    StaleVersion,
    /// The transaction can't be serialized with another one; running it again may work.
    SerializationFailure,
    /// The database ended this transaction to break a deadlock; running it again may work.
    Deadlock,
    /// A lock was not granted in time.
    LockTimeout,
    /// The statement ran longer than it was allowed to.
    StatementTimeout,
    /// No connection was free in time.
    PoolTimeout,
    /// The connection broke, or could not be made.
    ConnectionLost,
    /// The connection broke during COMMIT: whether the work was saved is unknown.
    CommitUnknown,
    /// The work is committed, and what was to follow the commit failed.
    AfterCommit,
    /// An earlier error ended this transaction; the message names it.
    TransactionAborted,
    /// A write was tried where only reading is allowed.
    ReadOnly,
    /// The database has no room left.
    DiskFull,
    /// The database file is damaged, or not a database.
    Corrupt,
    /// The database has no such table.
    UndefinedTable,
    /// The database, or the statement, has no such column.
    UndefinedColumn,
    /// The statement is malformed, or forgets something it needs.
    Syntax,
    /// The server refused the user or the password, or the user may not do this.
    Auth,
    /// An encrypted connection was asked for and could not be made.
    Tls,
    /// A URL or a setting is wrong.
    Config,
    /// A value in the database does not fit the Rust type it was read as.
    Decode,
    /// This backend can't do this with the meaning creole promises.
    Unsupported,
    /// A limit of the backend or of creole was reached.
    Limit,
    /// A migration failed.
    Migration,
    /// A handle is not, or no longer, one of this session's.
    Detached,
    /// What belongs to an entity has not been loaded into the session.
    NotLoaded,
    /// Anything else; the code says more.
    Other,
}

/// How a foreign key was violated.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::error::BrokenReference;
///
/// let error = delete::<User>().filter(User::id.eq(1)).exec(&engine).await.unwrap_err();
/// assert_eq!(error.broken_reference(), Some(BrokenReference::StillReferredTo));
///
/// let order = Order { user_id: 99, ..Default::default() };
/// let error = insert(&order).exec(&engine).await.unwrap_err();
/// assert_eq!(error.broken_reference(), Some(BrokenReference::Missing));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BrokenReference {
    /// The row that was written refers to one that is not there.
    Missing,
    /// The row that was changed or deleted is still referred to by others.
    StillReferredTo,
}

impl BrokenReference {
    /// The sentence that says it.
    pub(crate) fn description(self) -> &'static str {
        match self {
            BrokenReference::Missing => "a foreign key refers to a row that is not there",
            BrokenReference::StillReferredTo => "the row is still referred to by a foreign key of another row",
        }
    }
}

/// The message if the database numbers a table's rows and has no number left.
pub const OUT_OF_NUMBERS: &str = "the table has given out its largest number: no row can be numbered any more";

/// What an error did to the transaction and the connection it happened on.
///
/// A [`Dialect`](crate::dialect::Dialect) reports it; the transaction state machine acts on it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::error::Effect;
///
/// let error = sql!("select * from invoices").exec(&engine).await.unwrap_err();
/// assert_eq!(error.effect(), Effect::Statement);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effect {
    /// The statement was undone, and the database would go on with the transaction, if there is one. creole does not,
    /// since not every database would.
    #[default]
    Statement,
    /// The transaction is unusable until it is rolled back, in whole or to a savepoint.
    Aborted,
    /// The transaction is gone: the server rolled it back.
    RolledBack,
    /// The connection is unusable.
    Disconnected,
    /// The statement was prepared before its tables changed and must be prepared anew. Outside a transaction it is run
    /// again, once; a transaction is worth another run.
    Outdated,
}

impl ErrorKind {
    /// Whether the error is about the one table that the statement writes to or reads.
    pub(crate) fn concerns_a_table(self) -> bool {
        use ErrorKind::*;
        matches!(
            self,
            UniqueViolation
                | ForeignKeyViolation
                | NotNullViolation
                | CheckViolation
                | InvalidValue
                | StaleVersion
                | Decode
                | UndefinedTable
                | UndefinedColumn
                | NotFound
                | MultipleFound
        )
    }

    /// Whether one of the rows that a statement writes can be to blame for it.
    pub(crate) fn blames_a_row(self) -> bool {
        use ErrorKind::*;
        matches!(
            self,
            UniqueViolation
                | ForeignKeyViolation
                | NotNullViolation
                | CheckViolation
                | ExclusionViolation
                | InvalidValue
        )
    }

    /// The sentence shown for the kind when the server's own words can't be.
    ///
    /// ```
    /// assert_eq!(creole::ErrorKind::NotFound.description(), "no row was found");
    /// ```
    pub fn description(self) -> &'static str {
        use ErrorKind::*;
        match self {
            NotFound => "no row was found",
            MultipleFound => "more than one row was found",
            UniqueViolation => "a unique key already holds this value",
            ForeignKeyViolation => "a foreign key refers to a row that is not there, or the row is still referred to",
            NotNullViolation => "NULL was given for a column that does not allow it",
            CheckViolation => "a check constraint refused the row",
            ExclusionViolation => "an exclusion constraint refused the row",
            InvalidValue => "a value does not fit its column",
            StaleVersion => "the row was changed by somebody else since it was read",
            SerializationFailure => "the transaction can't be serialized with a concurrent one; run it again",
            Deadlock => "the transaction was ended to break a deadlock; run it again",
            LockTimeout => "a lock was not to be had in time",
            StatementTimeout => "the statement ran into its time limit",
            PoolTimeout => "no connection was free in time",
            ConnectionLost => "the connection to the database is lost",
            CommitUnknown => "the connection was lost during COMMIT: whether the work was saved is unknown",
            AfterCommit => "the work is committed, but what was to follow it failed",
            TransactionAborted => "the transaction was ended by an earlier error",
            ReadOnly => "the database, or the transaction, is read-only",
            DiskFull => "the database has no room left",
            Corrupt => "the file is damaged, or is not a database",
            UndefinedTable => "the table does not exist; create it with `engine.create_all(tables![…])` or a migration",
            UndefinedColumn => "the column does not exist: the model does not match the table",
            Syntax => "the database did not understand the statement",
            Auth => "the database refused the user, the password or the privilege",
            Tls => "no encrypted connection could be made",
            Config => "a setting is wrong",
            Decode => "a value does not fit the Rust type it is read as",
            Unsupported => "the database can't do what the statement asks for; write it otherwise for this backend",
            Limit => "a limit was reached",
            Migration => "a migration failed",
            Detached => "the handle does not belong to this session any more",
            NotLoaded => "what belongs to the entity is not loaded: `session.load(…)` loads it",
            Other => "the database reported an error",
        }
    }
}

//! The one error type.
//!
//! An [`Error`] says what happened as an [`ErrorKind`] and names the table, the columns and the constraint it happened to.
//! Its text is made of creole's own words and of names from the model. What the server said is kept apart, because
//! servers quote the values they were given: [`Error::server_message`] hands it out, `Display` and `Debug` never do.

use std::borrow::Cow;
use std::fmt;

use crate::model::Column;
use crate::schema::Table;

/// A result whose error is creole's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, as data. One pointer wide.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    backend: Option<&'static str>,
    code: Option<Cow<'static, str>>,
    table: Option<Cow<'static, str>>,
    columns: Vec<Cow<'static, str>>,
    constraint: Option<Cow<'static, str>>,
    effect: Effect,
    server_message: Option<String>,
}

/// The kinds of error, the same on every backend.
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
    /// A CHECK constraint said no.
    CheckViolation,
    /// An exclusion constraint said no.
    ExclusionViolation,
    /// A value does not fit its column: too long, out of range, not valid text.
    InvalidValue,
    /// The row was changed by somebody else since it was read.
    StaleVersion,
    /// The transaction can't be serialized with another one; running it again may work.
    SerializationFailure,
    /// The database ended this transaction to break a deadlock; running it again may work.
    Deadlock,
    /// A lock was not to be had in time.
    LockTimeout,
    /// The statement ran longer than it was allowed to.
    StatementTimeout,
    /// No connection was free in time.
    PoolTimeout,
    /// The connection broke, or never came about.
    ConnectionLost,
    /// The connection broke while COMMIT was under way: nobody knows whether the work was saved.
    CommitUnknown,
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
    /// An encrypted connection was asked for and did not come about.
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
    /// Anything else; the code says more.
    Other,
}

/// What an error did to the transaction and the connection it happened on.
///
/// A [`Dialect`](crate::dialect::Dialect) reports it; the transaction state machine acts on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effect {
    /// The statement was undone; the transaction, if any, goes on.
    #[default]
    Statement,
    /// The transaction is unusable until it is rolled back, in whole or to a savepoint.
    Aborted,
    /// The transaction is gone: the server rolled it back.
    RolledBack,
    /// The connection is of no more use.
    Disconnected,
    /// The statement was prepared before its tables changed and must be prepared anew. Outside a transaction it is run
    /// again, once.
    Outdated,
}

impl Error {
    /// An error of `kind` whose text is `message`, which must not hold values that a user bound.
    #[cold]
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
        let effect = match kind {
            ErrorKind::ConnectionLost | ErrorKind::CommitUnknown => Effect::Disconnected,
            _ => Effect::Statement,
        };
        Error(Box::new(Inner {
            kind,
            message: message.into(),
            backend: None,
            code: None,
            table: None,
            columns: Vec::new(),
            constraint: None,
            effect,
            server_message: None,
        }))
    }

    /// `feature` can't be had on `backend` with the meaning creole promises; `way_out` says what to do instead.
    #[cold]
    pub fn unsupported(backend: &'static str, feature: &str, way_out: &str) -> Error {
        Error::new(ErrorKind::Unsupported, format!("{feature} is not supported on {backend}: {way_out}")).on(backend)
    }

    /// A value of type `found` could not be read as `expected`.
    #[cold]
    pub fn decode(expected: impl fmt::Display, found: impl fmt::Display) -> Error {
        Error::new(ErrorKind::Decode, format!("can't read {found} as {expected}"))
    }

    /// Says which backend the error came from.
    pub fn on(mut self, backend: &'static str) -> Error {
        self.0.backend = Some(backend);
        self
    }

    /// Adds the backend's own code: an SQLSTATE, an error number.
    pub fn with_code(mut self, code: impl Into<Cow<'static, str>>) -> Error {
        self.0.code = Some(code.into());
        self
    }

    /// Names the table.
    pub fn with_table(mut self, table: impl Into<Cow<'static, str>>) -> Error {
        self.0.table = Some(table.into());
        self
    }

    /// Names the columns.
    pub fn with_columns<C: Into<Cow<'static, str>>>(mut self, columns: impl IntoIterator<Item = C>) -> Error {
        self.0.columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Names the constraint.
    pub fn with_constraint(mut self, constraint: impl Into<Cow<'static, str>>) -> Error {
        self.0.constraint = Some(constraint.into());
        self
    }

    /// Says what the error did to the transaction and the connection.
    pub fn with_effect(mut self, effect: Effect) -> Error {
        self.0.effect = effect;
        self
    }

    /// Keeps what the server said, for [`server_message`](Error::server_message) only.
    pub fn with_server_message(mut self, message: impl Into<String>) -> Error {
        self.0.server_message = Some(message.into());
        self
    }

    /// The same error under another kind; what else is known of it stays.
    pub fn into_kind(mut self, kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
        self.0.kind = kind;
        self.0.message = message.into();
        self
    }

    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The table concerned, by its name in the database.
    pub fn table(&self) -> Option<&str> {
        self.0.table.as_deref()
    }

    /// The columns concerned, by their names in the database; empty where not known.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.columns.iter().map(|column| &**column)
    }

    /// The name of the constraint that was violated.
    pub fn constraint(&self) -> Option<&str> {
        self.0.constraint.as_deref()
    }

    /// The backend's own code: an SQLSTATE on PostgreSQL, an error number elsewhere.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The backend the error came from, as its dialect is named.
    pub fn backend(&self) -> Option<&'static str> {
        self.0.backend
    }

    /// What the error did to the transaction and the connection.
    pub fn effect(&self) -> Effect {
        self.0.effect
    }

    /// What the server or the driver said, word for word. It may quote values that were bound: think before logging it.
    pub fn server_message(&self) -> Option<&str> {
        self.0.server_message.as_deref()
    }

    /// Whether a row was expected and none was there.
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// Whether a unique key that holds `column` was violated.
    pub fn is_unique<M: crate::model::Model, T>(&self, column: Column<M, T>) -> bool {
        self.0.kind == ErrorKind::UniqueViolation
            && self.table() == Some(M::table().name)
            && column.definition().is_some_and(|definition| self.columns().any(|name| name == definition.name))
    }

    /// Whether running the whole transaction once more may well succeed.
    pub fn is_retryable(&self) -> bool {
        matches!(self.0.kind, ErrorKind::SerializationFailure | ErrorKind::Deadlock | ErrorKind::LockTimeout)
    }

    /// Fills in, from the model's own metadata, what the server did not say of a statement on `table`.
    pub(crate) fn about(mut self, table: &'static Table, sql: &str) -> Error {
        let inner = &mut *self.0;
        if inner.table.is_none() && inner.kind.concerns_a_table() {
            inner.table = Some(table.name.into());
        }
        if inner.table.as_deref() != Some(table.name) {
            return self;
        }
        let found = match inner.kind {
            ErrorKind::UniqueViolation => table.unique_key(inner.constraint.as_deref(), &inner.columns),
            // Without a name it may as well be a foreign key that refers to this table, but not where a row is new.
            ErrorKind::ForeignKeyViolation if inner.constraint.is_some() || sql.starts_with("INSERT") => {
                table.foreign_key(inner.constraint.as_deref())
            }
            _ => None,
        };
        if let Some((name, columns)) = found {
            // The model's name for it, also where the database calls every primary key alike.
            inner.constraint = Some(name);
            if inner.columns.is_empty() {
                inner.columns = columns.into_iter().map(Cow::Borrowed).collect();
            }
        }
        if inner.kind == ErrorKind::UndefinedColumn && inner.columns.is_empty() {
            let message = inner.server_message.as_deref().unwrap_or_default();
            inner.columns.extend(only_column_in(message, table).map(Cow::Borrowed));
        }
        self
    }
}

/// The column of `table` that a server's message speaks of, in whatever language it is, where it is only one.
fn only_column_in(message: &str, table: &'static Table) -> Option<&'static str> {
    let mut spoken_of = table.columns.iter().map(|column| column.name).filter(|name| {
        let is_apart = |sign: Option<char>| sign.is_none_or(|sign| !sign.is_alphanumeric() && sign != '_');
        message.match_indices(name).any(|(place, _)| {
            let (before, rest) = message.split_at(place);
            is_apart(before.chars().next_back()) && is_apart(rest.chars().nth(name.chars().count()))
        })
    });
    spoken_of.next().filter(|_| spoken_of.next().is_none())
}

impl ErrorKind {
    /// Whether the error is about the one table that the statement writes to or reads.
    fn concerns_a_table(self) -> bool {
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

    /// The sentence that stands for the kind where the server's own can't be shown.
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
            Unsupported => "this backend can't do this",
            Limit => "a limit was reached",
            Migration => "a migration failed",
            Detached => "the handle does not belong to this session any more",
            Other => "the database reported an error",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.write_str(&inner.message)?;
        let mut separator = " (";
        let mut detail = |f: &mut fmt::Formatter<'_>, what: &str, name: &dyn fmt::Display| {
            write!(f, "{separator}{what}{name}")?;
            separator = ", ";
            Ok(())
        };
        if let Some(table) = &inner.table {
            detail(f, "table ", table)?;
        }
        if !inner.columns.is_empty() {
            let what = if inner.columns.len() == 1 { "column " } else { "columns " };
            detail(f, what, &inner.columns.join(", "))?;
        }
        if let Some(constraint) = &inner.constraint {
            detail(f, "constraint ", constraint)?;
        }
        if let Some(code) = &inner.code {
            detail(f, inner.backend.unwrap_or("code"), &format_args!(" {code}"))?;
        }
        if separator == ", " {
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.0.kind)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_the_thing_and_keeps_the_server_text_apart() {
        let error = Error::new(ErrorKind::UniqueViolation, ErrorKind::UniqueViolation.description())
            .on("sqlite")
            .with_code("2067")
            .with_table("users")
            .with_columns(["email"])
            .with_constraint("uq_users_email")
            .with_server_message("canary");
        let expected =
            "a unique key already holds this value (table users, column email, constraint uq_users_email, sqlite 2067)";
        assert_eq!(error.to_string(), expected);
        assert_eq!(format!("{error:?}"), format!("UniqueViolation: {expected}"));
        assert_eq!(error.server_message(), Some("canary"));
    }

    #[test]
    fn an_error_is_one_word_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}

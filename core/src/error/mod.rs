//! The one error type.
//!
//! An [`Error`] says what happened as an [`ErrorKind`] and names the table, the columns and the constraint it happened to.
//! Its text is made of creole's own words and of names from the model. What the server said is kept apart, because
//! servers quote the values they were given: [`Error::server_message`] hands it out. `Display` and `Debug` show it only of DDL,
//! which has no values, and where it is about the text of the statement, and quotes nothing that does not stand there.

use std::any::TypeId;
use std::borrow::Cow;
use std::fmt;
use std::io;
use std::sync::Arc;

mod kind;
mod server;

pub use kind::{BrokenReference, Effect, ErrorKind, OUT_OF_NUMBERS};
pub use server::{Diagnosis, Names, RawError};

pub(crate) use server::ClashingKey;

/// How much of a statement `Debug` shows: the text of one that writes many rows is as long as they are many.
const SHOWN_CHARACTERS: usize = 2_000;

/// A result whose error is creole's [`Error`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// async fn oldest(db: impl Executor) -> creole::Result<String> {
///     select(User::name).filter(User::age.is_not_null()).order_by(User::age.desc()).limit(1).one(db).await
/// }
///
/// assert_eq!(oldest(&engine).await?, "Bob");
/// # Ok(())
/// # }
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, as data. One pointer wide.
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "users", default)]
/// struct User {
///     #[model(primary_key, auto)]
///     id: i64,
///     #[model(unique, length = 20)]
///     email: String,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![User]).await?;
/// let ada = User { email: "ada@example.com".into(), ..Default::default() };
/// insert(&ada).exec(&engine).await?;
///
/// let Err(error) = insert(&ada).exec(&engine).await else { panic!("there is an Ada already") };
/// assert!(error.is_unique(User::email));
/// assert_eq!(error.kind(), ErrorKind::UniqueViolation);
/// assert_eq!((error.table(), error.constraint()), (Some("users"), Some("uq_users_email")));
/// assert!(!error.is_retryable());
/// // No value that was bound: the text may be logged, and shown to whoever caused it.
/// assert!(!error.to_string().contains("ada@example.com"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Error(pub(crate) Box<Inner>);

#[derive(Clone)]
pub(crate) struct Inner {
    pub(crate) kind: ErrorKind,
    pub(crate) message: Cow<'static, str>,
    pub(crate) backend: Option<&'static str>,
    pub(crate) code: Option<Cow<'static, str>>,
    pub(crate) table: Option<Cow<'static, str>>,
    pub(crate) columns: Vec<Cow<'static, str>>,
    pub(crate) constraint: Option<Cow<'static, str>>,
    pub(crate) row: Option<usize>,
    pub(crate) position: Option<usize>,
    pub(crate) effect: Effect,
    pub(crate) reference: Option<BrokenReference>,
    pub(crate) names: Names,
    /// Whether a value is of the right kind, and there is no room for it.
    pub(crate) exceeds: bool,
    pub(crate) statement: Option<Arc<str>>,
    pub(crate) words: Option<String>,
    pub(crate) server_message: Option<String>,
    pub(crate) source: Option<Arc<io::Error>>,
    pub(crate) collected: Vec<Error>,
    /// The key that the server says the row has. Never shown.
    pub(crate) key: Option<Arc<ClashingKey>>,
    pub(crate) entity: Option<EntityOf>,
}

/// The entity of a session that an error is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EntityOf {
    pub(crate) session: u64,
    pub(crate) slot: usize,
    pub(crate) model: TypeId,
}

impl Error {
    /// An error of `kind` whose text is `message`, which must not hold values that a user bound.
    ///
    /// ```
    /// use creole::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::Other, "the shop is closed");
    /// assert_eq!(error.to_string(), "the shop is closed");
    /// ```
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
            row: None,
            position: None,
            effect,
            reference: None,
            names: Names::Sure,
            exceeds: false,
            statement: None,
            words: None,
            server_message: None,
            source: None,
            key: None,
            entity: None,
            collected: Vec::new(),
        }))
    }

    /// `feature` can't be had on `backend` with the meaning creole promises; `way_out` says what to do instead.
    ///
    /// ```
    /// let error = creole::Error::unsupported("example", "FULL JOIN", "use a UNION of two left joins");
    /// assert_eq!(error.to_string(), "FULL JOIN is not supported on example: use a UNION of two left joins");
    /// ```
    #[cold]
    pub fn unsupported(backend: &'static str, feature: &str, way_out: &str) -> Error {
        Error::new(ErrorKind::Unsupported, format!("{feature} is not supported on {backend}: {way_out}")).on(backend)
    }

    /// A value of type `found` could not be read as `expected`.
    ///
    /// ```
    /// let error = creole::Error::decode("Host", "text that is no address");
    /// assert_eq!(error.to_string(), "can't read text that is no address as Host");
    /// ```
    #[cold]
    pub fn decode(expected: impl fmt::Display, found: impl fmt::Display) -> Error {
        Error::new(ErrorKind::Decode, format!("can't read {found} as {expected}"))
    }

    /// The same of a value of the right kind for which there is no room: a number with more digits. Of what a statement computes
    /// this is [`InvalidValue`](ErrorKind::InvalidValue), as it is where the database itself has no room for it.
    ///
    /// ```
    /// let error = creole::Error::decode_too_large("i8", "the number 300");
    /// assert_eq!(error.kind(), creole::ErrorKind::Decode);
    /// ```
    pub fn decode_too_large(expected: impl fmt::Display, found: impl fmt::Display) -> Error {
        let mut error = Error::decode(expected, found);
        error.0.exceeds = true;
        error
    }

    /// Sets the backend that the error came from.
    ///
    /// ```
    /// use creole::{Error, ErrorKind};
    ///
    /// assert_eq!(Error::new(ErrorKind::Other, "no").on("sqlite").backend(), Some("sqlite"));
    /// ```
    pub fn on(mut self, backend: &'static str) -> Error {
        self.0.backend = Some(backend);
        self
    }

    /// Sets the backend's own code: an SQLSTATE, an error number.
    ///
    /// ```
    /// use creole::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::Deadlock, "a deadlock").on("postgres").with_code("40P01");
    /// assert_eq!(error.to_string(), "a deadlock (postgres 40P01)");
    /// ```
    pub fn with_code(mut self, code: impl Into<Cow<'static, str>>) -> Error {
        self.0.code = Some(code.into());
        self
    }

    /// Sets the table.
    ///
    /// ```
    /// use creole::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::NotFound, "no row").with_table("users");
    /// assert_eq!(error.to_string(), "no row (table users)");
    /// ```
    pub fn with_table(mut self, table: impl Into<Cow<'static, str>>) -> Error {
        self.0.table = Some(table.into());
        self
    }

    /// Sets the columns.
    ///
    /// ```
    /// use creole::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::CheckViolation, "an odd price").with_columns(["price", "currency"]);
    /// assert_eq!(error.to_string(), "an odd price (columns price, currency)");
    /// ```
    pub fn with_columns<C: Into<Cow<'static, str>>>(mut self, columns: impl IntoIterator<Item = C>) -> Error {
        self.0.columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Says at which position of a row, from 0, the column is that could not be read.
    pub(crate) fn with_position(mut self, position: usize) -> Error {
        self.0.position = Some(position);
        self
    }

    /// Sets the constraint.
    ///
    /// ```
    /// use creole::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::CheckViolation, "an odd price").with_constraint("ck_price");
    /// assert_eq!(error.constraint(), Some("ck_price"));
    /// ```
    pub fn with_constraint(mut self, constraint: impl Into<Cow<'static, str>>) -> Error {
        self.0.constraint = Some(constraint.into());
        self
    }

    /// Sets which of the rows that one call was given it is about, by its position among them.
    ///
    /// ```
    /// use creole::{Error, ErrorKind};
    ///
    /// assert_eq!(Error::new(ErrorKind::InvalidValue, "too long").with_row(7).row(), Some(7));
    /// ```
    pub fn with_row(mut self, row: usize) -> Error {
        self.0.row = Some(row);
        self
    }

    /// The same without a row: the call was given only one.
    pub(crate) fn without_row(mut self) -> Error {
        self.0.row = None;
        self
    }

    /// The same with the row that it is about, if there is one, told by another position.
    pub(crate) fn map_row(mut self, position: impl FnOnce(usize) -> usize) -> Error {
        self.0.row = self.0.row.map(position);
        self
    }

    /// Sets what the error did to the transaction and the connection.
    ///
    /// ```
    /// use creole::error::{Effect, Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::Deadlock, "a deadlock").with_effect(Effect::RolledBack);
    /// assert_eq!(error.effect(), Effect::RolledBack);
    /// ```
    pub fn with_effect(mut self, effect: Effect) -> Error {
        self.0.effect = effect;
        self
    }

    /// Sets how a foreign key was violated.
    ///
    /// ```
    /// use creole::error::{BrokenReference, Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::ForeignKeyViolation, "no user").with_reference(BrokenReference::Missing);
    /// assert_eq!(error.broken_reference(), Some(BrokenReference::Missing));
    /// ```
    pub fn with_reference(mut self, reference: BrokenReference) -> Error {
        self.0.reference = Some(reference);
        self
    }

    /// Keeps what the server said, for [`server_message`](Error::server_message) only.
    ///
    /// ```
    /// use creole::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::InvalidValue, "too long").with_server_message("'a secret' is too long");
    /// assert!(!error.to_string().contains("secret"));
    /// assert_eq!(error.server_message(), Some("'a secret' is too long"));
    /// ```
    pub fn with_server_message(mut self, message: impl Into<String>) -> Error {
        self.0.server_message = Some(message.into());
        self
    }

    /// Keeps the operating system's error of which this one came, for [`source`](std::error::Error::source). Whoever prints an
    /// error prints its sources, so what a server said is none: see [`with_server_message`](Error::with_server_message).
    ///
    /// ```
    /// use creole::{Error, ErrorKind};
    /// use std::{error::Error as _, io};
    ///
    /// let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
    /// let error = Error::new(ErrorKind::ConnectionLost, "can't reach the server").with_io(refused);
    /// assert_eq!(error.source().map(ToString::to_string), Some("connection refused".into()));
    /// ```
    pub fn with_io(mut self, error: io::Error) -> Error {
        self.0.server_message = Some(error.to_string());
        self.0.source = Some(Arc::new(error));
        self
    }

    /// The same error in other words, which must not hold values that a user bound.
    pub(crate) fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Error {
        self.0.message = message.into();
        self.0.words = None;
        self
    }

    /// The same error under another kind; what else is known of it stays.
    ///
    /// ```
    /// use creole::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::Other, "error 42").with_table("users");
    /// let error = error.into_kind(ErrorKind::ReadOnly, "this table is an archive");
    /// assert_eq!((error.kind(), error.table()), (ErrorKind::ReadOnly, Some("users")));
    /// ```
    pub fn into_kind(mut self, kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
        self.0.kind = kind;
        self.0.message = message.into();
        self.0.words = None;
        self
    }

    /// Its text without what follows in parentheses.
    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }

    /// The kind of error.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let error = User::select().one(&engine).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::MultipleFound);
    /// # Ok(())
    /// # }
    /// ```
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The table concerned, by its name in the database.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let again = User { email: "ada@example.com".into(), ..Default::default() };
    /// let error = insert(&again).exec(&engine).await.unwrap_err();
    /// assert_eq!(error.table(), Some("users"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn table(&self) -> Option<&str> {
        self.0.table.as_deref()
    }

    /// The columns concerned, by their names in the database; empty if not known.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let again = User { email: "ada@example.com".into(), ..Default::default() };
    /// let error = insert(&again).exec(&engine).await.unwrap_err();
    /// assert!(error.columns().eq(["email"]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.columns.iter().map(|column| &**column)
    }

    /// The name of the constraint that was violated.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let again = User { email: "ada@example.com".into(), ..Default::default() };
    /// let error = insert(&again).exec(&engine).await.unwrap_err();
    /// assert_eq!(error.constraint(), Some("uq_users_email"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn constraint(&self) -> Option<&str> {
        self.0.constraint.as_deref()
    }

    /// The errors of what was to follow a commit, in order; see [`Session::on_commit`](crate::Session::on_commit). No other error has
    /// such.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let mut session = engine.session();
    /// session.on_commit(async { Err(creole::Error::new(ErrorKind::Other, "the mail is not sent")) });
    /// let error = session.commit().await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::AfterCommit);
    /// assert_eq!(error.collected()[0].to_string(), "the mail is not sent");
    /// # Ok(())
    /// # }
    /// ```
    pub fn collected(&self) -> &[Error] {
        &self.0.collected
    }

    pub(crate) fn with_collected(mut self, errors: Vec<Error>) -> Error {
        self.0.collected = errors;
        self
    }

    /// Which of the rows that were given to one call the error is about, by its position among them: 0 is the first. `None`
    /// where the call had only one, or where it is not known.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let users = ["dora", "ada"].map(|name| User { email: format!("{name}@example.com"), ..Default::default() });
    /// let error = insert_all(&users).exec(&engine).await.unwrap_err();
    /// assert_eq!(error.row(), Some(1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn row(&self) -> Option<usize> {
        self.0.row
    }

    /// The backend's own code: an SQLSTATE on PostgreSQL, an error number elsewhere.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let error = sql!("select * from invoices").exec(&engine).await.unwrap_err();
    /// assert_eq!((error.backend(), error.code()), (Some("sqlite"), Some("1")));
    /// # Ok(())
    /// # }
    /// ```
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The backend the error came from, as its dialect is named.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let error = sql!("select * from invoices").exec(&engine).await.unwrap_err();
    /// assert_eq!(error.backend(), Some("sqlite"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn backend(&self) -> Option<&'static str> {
        self.0.backend
    }

    /// The text of the statement that failed, with placeholders where its values are. `Debug` shows it too, `Display` does
    /// not.
    ///
    /// ```
    /// # use creole::Error;
    /// # fn report(error: &Error) {
    /// if let Some(sql) = error.statement() {
    ///     eprintln!("{error}, in: {sql}");
    /// }
    /// # }
    /// ```
    pub fn statement(&self) -> Option<&str> {
        self.0.statement.as_deref()
    }

    /// How a foreign key was violated, where that is known: on SQLite an UPDATE of a table that has foreign keys does not say
    /// whether one of these or one that refers to the table was violated.
    ///
    /// ```
    /// use creole::{Error, error::BrokenReference};
    ///
    /// fn status(error: &Error) -> u16 {
    ///     match error.broken_reference() {
    ///         Some(BrokenReference::Missing) => 422,
    ///         Some(BrokenReference::StillReferredTo) => 409,
    ///         _ => 500,
    ///     }
    /// }
    /// ```
    pub fn broken_reference(&self) -> Option<BrokenReference> {
        self.0.reference
    }

    /// What the error did to the transaction and the connection.
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
    pub fn effect(&self) -> Effect {
        self.0.effect
    }

    /// What the server or the driver said, word for word. Words about the text of the statement are part of `Display` too; the
    /// rest may quote values that were bound: think before logging it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let error = sql!("select * from invoices").exec(&engine).await.unwrap_err();
    /// assert_eq!(error.server_message(), Some("no such table: invoices"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn server_message(&self) -> Option<&str> {
        self.0.server_message.as_deref()
    }

    /// Whether a row was expected and none was there.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let error = User::select().filter(User::id.eq(99)).one(&engine).await.unwrap_err();
    /// assert!(error.is_not_found());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// Whether running the whole transaction again may succeed: after a deadlock, where it could not be serialized or
    /// have a lock in time, and where a table was changed under a prepared statement, which is prepared anew the next time.
    /// [`TxOptions::retries`](crate::dialect::TxOptions::retries) does that by itself.
    ///
    /// ```
    /// use creole::{Error, ErrorKind};
    ///
    /// assert!(Error::new(ErrorKind::Deadlock, "a deadlock").is_retryable());
    /// assert!(!Error::new(ErrorKind::UniqueViolation, "it is there").is_retryable());
    /// ```
    pub fn is_retryable(&self) -> bool {
        matches!(self.0.kind, ErrorKind::SerializationFailure | ErrorKind::Deadlock | ErrorKind::LockTimeout)
            || self.0.effect == Effect::Outdated
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.write_str(&inner.message)?;
        // Words of a server are held against the statement's text first: they may quote a value.
        if let (Some(words), Some(_)) = (&inner.words, &inner.statement) {
            write!(f, ": {words}")?;
        }
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
        if let Some(row) = &inner.row {
            detail(f, "row ", row)?;
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
        write!(f, "{:?}: {self}", self.0.kind)?;
        match &self.0.statement {
            Some(statement) => match statement.char_indices().nth(SHOWN_CHARACTERS) {
                Some((end, _)) => {
                    let shown = statement.get(..end).unwrap_or_default();
                    write!(f, ", in: {shown}… ({} bytes in all)", statement.len())
                }
                None => write!(f, ", in: {statement}"),
            },
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|error| error as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_the_thing_and_keeps_the_server_text_apart() {
        let error = Error::new(ErrorKind::UniqueViolation, ErrorKind::UniqueViolation.description())
            .on("example")
            .with_code("2067")
            .with_table("users")
            .with_columns(["email"])
            .with_constraint("uq_users_email")
            .with_server_message("canary");
        let expected = "a unique key already holds this value (table users, column email, constraint uq_users_email, example 2067)";
        assert_eq!(error.to_string(), expected);
        assert_eq!(format!("{error:?}"), format!("UniqueViolation: {expected}"));
        assert_eq!(error.server_message(), Some("canary"));
    }

    #[test]
    fn debug_shows_the_beginning_of_a_long_statement() {
        let of = |sql: String| {
            let mut error = Error::new(ErrorKind::Other, "too late");
            error.0.statement = Some(sql.into());
            format!("{error:?}")
        };
        assert_eq!(of("é".repeat(2_000)), format!("Other: too late, in: {}", "é".repeat(2_000)));
        assert_eq!(of("é".repeat(2_001)), format!("Other: too late, in: {}… (4002 bytes in all)", "é".repeat(2_000)));
    }

    #[test]
    fn an_error_of_the_system_is_its_source_and_what_a_server_said_is_not() {
        use std::error::Error as _;
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        let error = Error::new(ErrorKind::ConnectionLost, "no connection").with_io(refused());
        let source = error.clone().source().map(ToString::to_string);
        assert_eq!(source, Some(refused().to_string()));
        let said = Error::new(ErrorKind::Other, "refused").with_server_message("canary");
        assert!(said.source().is_none());
    }

    #[test]
    fn an_error_is_one_word_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}

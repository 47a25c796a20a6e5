//! [`ServerDefault`].

/// What the DEFAULT clause of a column says. All but SQL text means the same on every database.
///
/// ```
/// use creole_core::schema::{ColumnDef, Generated, ServerDefault};
/// use creole_core::types::ColumnType;
///
/// let made_at = ColumnDef {
///     generated: Generated::ServerDefault(ServerDefault::Now),
///     ..ColumnDef::new("made_at", ColumnType::Instant)
/// };
/// assert_ne!(made_at.generated, Generated::sql("CURRENT_TIMESTAMP"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerDefault {
    /// SQL that stands in the program's source and that every database takes as it is.
    Sql(&'static str),
    /// SQL for each database, by the name of its dialect.
    SqlOf(&'static [(&'static str, &'static str)]),
    /// The time at which the row is written, in UTC: an instant, a day and time, a day or a time of day, as the column holds. It is
    /// as fine as the database's clock: microseconds on the servers, milliseconds on SQLite.
    Now,
    /// A random UUID, of version 4.
    Uuid,
    /// True or false.
    Bool(bool),
    /// A number, as it stands in the program's source: `-5`, `1.50`.
    Number(&'static str),
    /// A text or the label of an enum, which is no SQL.
    Text(&'static str),
}

//! [`ServerDefault`].

use crate::types::ColumnType;

/// What the DEFAULT clause of a column says. All but SQL text means the same on every database.
///
/// ```
/// use creole_core::schema::{ColumnDef, Generated, ServerDefault};
/// use creole_core::types::ColumnType;
///
/// let made_at = ColumnDef::new("made_at", ColumnType::Instant).server_default(ServerDefault::Now);
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

impl ColumnType {
    /// The same type, whose column is to have a default in the database. The derive writes calls to it, which run while the
    /// model is compiled.
    ///
    /// # Panics
    /// Where the type holds no such value.
    #[track_caller]
    pub const fn defaulted(self, default: &ServerDefault) -> ColumnType {
        if let (ServerDefault::Number(number), Some((smallest, largest))) = (default, self.integer_range()) {
            if is_within(number, smallest, largest) {
                return self;
            }
            panic!("this `server_default` is no integer that the column holds");
        }
        match (default, self) {
            (ServerDefault::Sql(_) | ServerDefault::SqlOf(_), _)
            | (ServerDefault::Now, ColumnType::Date | ColumnType::Time | ColumnType::DateTime | ColumnType::Instant)
            | (ServerDefault::Uuid, ColumnType::Uuid)
            | (ServerDefault::Bool(_), ColumnType::Bool)
            | (ServerDefault::Number(_), ColumnType::F32 | ColumnType::F64 | ColumnType::Decimal { .. })
            | (ServerDefault::Text(_), ColumnType::Text { .. } | ColumnType::Enum(_)) => self,
            (ServerDefault::Now, _) => {
                panic!("`server_default = now` is for dates and times, and this column holds none")
            }
            (ServerDefault::Uuid, _) => {
                panic!("`server_default = uuid` is for `Uuid`, and this column does not hold it")
            }
            (ServerDefault::Bool(_), _) => panic!("this `server_default` is a bool, and the column does not hold it"),
            (ServerDefault::Number(_), _) => panic!("this `server_default` is a number, and the column holds none"),
            (ServerDefault::Text(_), _) => panic!("this `server_default` is a text, and the column holds none"),
        }
    }
}

/// Whether a text is an integer between these.
const fn is_within(text: &str, smallest: i64, largest: u64) -> bool {
    let (digits, is_negative) = match text.as_bytes() {
        [b'-', digits @ ..] => (digits, true),
        digits => (digits, false),
    };
    let mut number: u128 = 0;
    let mut rest = digits;
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        number = number.saturating_mul(10).saturating_add((*digit - b'0') as u128);
        rest = after;
    }
    let most = if is_negative { smallest.unsigned_abs() } else { largest };
    !digits.is_empty() && rest.is_empty() && number <= most as u128
}

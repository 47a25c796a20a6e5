//! [`TypeFamily`]: the types of columns, sorted by what is treated alike.

use super::ColumnType;

/// The families of column types: those of one differ only in how much room they have.
///
/// Where room does not matter, a dialect decides by family rather than by type. A new type joins a family only if it is treated
/// as the others of it wherever that is done; otherwise it is a family of its own, and the compiler asks for it everywhere.
///
/// ```
/// use creole_core::types::{ColumnType, TypeFamily};
///
/// let integers = [ColumnType::I8, ColumnType::I64, ColumnType::U16];
/// assert!(integers.iter().all(|ty| ty.family() == TypeFamily::Integer));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TypeFamily {
    /// True or false.
    Bool,
    /// Integers, with a sign or without.
    Integer,
    /// Floating point numbers.
    Float,
    /// Exact decimal numbers.
    Decimal,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// UUIDs.
    Uuid,
    /// Calendar days.
    Date,
    /// Times of day.
    Time,
    /// A day and a time: without a zone, or an instant, kept in UTC.
    DateTime,
    /// JSON documents.
    Json,
    /// Labels, as text or of a type of the database's own.
    Enum,
    /// Arrays.
    Array,
    /// Types that creole does not know.
    Other,
}

impl ColumnType {
    /// The family that the type is of.
    ///
    /// ```
    /// use creole_core::types::{ColumnType, TypeFamily};
    ///
    /// assert_eq!(ColumnType::U16.family(), TypeFamily::Integer);
    /// assert_eq!(ColumnType::Text { length: Some(20) }.family(), TypeFamily::Text);
    /// ```
    #[inline]
    pub const fn family(self) -> TypeFamily {
        match self {
            ColumnType::Bool => TypeFamily::Bool,
            ColumnType::I8 | ColumnType::I16 | ColumnType::I32 | ColumnType::I64 => TypeFamily::Integer,
            ColumnType::U8 | ColumnType::U16 | ColumnType::U32 | ColumnType::U64 => TypeFamily::Integer,
            ColumnType::F32 | ColumnType::F64 => TypeFamily::Float,
            ColumnType::Text { .. } => TypeFamily::Text,
            ColumnType::Bytes { .. } => TypeFamily::Bytes,
            ColumnType::Decimal { .. } => TypeFamily::Decimal,
            ColumnType::Uuid => TypeFamily::Uuid,
            ColumnType::Date => TypeFamily::Date,
            ColumnType::Time => TypeFamily::Time,
            ColumnType::DateTime | ColumnType::Instant => TypeFamily::DateTime,
            ColumnType::Json => TypeFamily::Json,
            ColumnType::Enum(_) => TypeFamily::Enum,
            ColumnType::Array(_) => TypeFamily::Array,
            ColumnType::Other(_) => TypeFamily::Other,
        }
    }
}

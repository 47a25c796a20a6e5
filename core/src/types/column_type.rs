//! The types a column can have, before a dialect spells them.

use std::fmt;

use super::{EnumType, TypeFamily};

/// The most decimal digits that every 64-bit integer can hold.
const MOST_SCALED_DIGITS: u8 = 18;

/// What a column holds. Each dialect spells it its own way; what it means is the same on all.
///
/// ```
/// use creole::prelude::*;
/// use creole::types::{ColumnType, SqlType};
///
/// assert_eq!(<i64 as SqlType>::TYPE, ColumnType::I64);
/// assert_eq!(<Option<String> as SqlType>::TYPE, ColumnType::TEXT);
/// assert_eq!(ColumnType::DECIMAL.to_string(), "decimal(28, 10)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// True or false.
    Bool,
    /// Signed 8-bit integers.
    I8,
    /// Signed 16-bit integers.
    I16,
    /// Signed 32-bit integers.
    I32,
    /// Signed 64-bit integers.
    I64,
    /// Unsigned 8-bit integers.
    U8,
    /// Unsigned 16-bit integers.
    U16,
    /// Unsigned 32-bit integers.
    U32,
    /// Unsigned 64-bit integers.
    U64,
    /// 32-bit floating point numbers.
    F32,
    /// 64-bit floating point numbers.
    F64,
    /// Text, compared by code point; at most `length` characters where one is given.
    Text {
        /// The maximum number of characters.
        length: Option<u32>,
    },
    /// Bytes; at most `length` of them where one is given.
    Bytes {
        /// The maximum number of bytes.
        length: Option<u32>,
    },
    /// Exact decimal numbers.
    Decimal {
        /// How many digits in all, 1 to 28.
        precision: u8,
        /// How many of them stand after the point.
        scale: u8,
    },
    /// UUIDs.
    Uuid,
    /// Calendar days, years 1 to 9999.
    Date,
    /// Times of day, to the microsecond.
    Time,
    /// A day and a time without a zone, to the microsecond.
    DateTime,
    /// Instants, kept in UTC to the microsecond.
    Instant,
    /// JSON documents.
    Json,
    /// One of a list of labels.
    Enum(&'static EnumType),
    /// Arrays of one dimension, by the type of their elements.
    Array(&'static ColumnType),
    /// A type creole does not know, by its name in the database.
    Other(&'static str),
}

impl ColumnType {
    /// Text of any length.
    pub const TEXT: ColumnType = ColumnType::Text { length: None };
    /// Bytes of any length.
    pub const BYTES: ColumnType = ColumnType::Bytes { length: None };
    /// The decimal a column gets where the model names no precision: 28 digits, 10 of them after the point.
    pub const DECIMAL: ColumnType = ColumnType::Decimal { precision: 28, scale: 10 };

    /// Whether the column holds integers.
    ///
    /// ```
    /// use creole::types::ColumnType;
    ///
    /// assert!(ColumnType::U16.is_integer() && !ColumnType::F64.is_integer());
    /// ```
    pub fn is_integer(self) -> bool {
        self.family() == TypeFamily::Integer
    }

    /// The enum, if the column has a native type made for it. The order of such a type is that of its labels' declaration.
    ///
    /// ```
    /// use creole::prelude::*;
    /// use creole::types::SqlValue;
    ///
    /// #[derive(DbEnum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
    /// enum Mood {
    ///     Sad,
    ///     Happy,
    /// }
    ///
    /// assert!(Mood::TYPE.native_enum().is_none()); // Kept as text.
    /// ```
    pub fn native_enum(self) -> Option<&'static EnumType> {
        match self {
            ColumnType::Enum(of) if of.native.is_some() => Some(of),
            _ => None,
        }
    }

    /// Whether its values may be of any length, or of more than a few hundred bytes.
    pub(crate) fn is_long(self) -> bool {
        use TypeFamily::*;
        match self.family() {
            Text => !matches!(self, ColumnType::Text { length: Some(..=255) }),
            Bytes => !matches!(self, ColumnType::Bytes { length: Some(..=255) }),
            Json | Array | Other => true,
            Bool | Integer | Float | Decimal | Uuid | Date | Time | DateTime | Enum => false,
        }
    }

    /// The smallest and the largest integer an integer column holds.
    ///
    /// ```
    /// use creole::types::ColumnType;
    ///
    /// assert_eq!(ColumnType::I8.integer_range(), Some((-128, 127)));
    /// assert_eq!(ColumnType::F64.integer_range(), None);
    /// ```
    pub const fn integer_range(self) -> Option<(i64, u64)> {
        Some(match self {
            ColumnType::I8 => (i8::MIN as i64, i8::MAX as u64),
            ColumnType::I16 => (i16::MIN as i64, i16::MAX as u64),
            ColumnType::I32 => (i32::MIN as i64, i32::MAX as u64),
            ColumnType::I64 => (i64::MIN, i64::MAX as u64),
            ColumnType::U8 => (0, u8::MAX as u64),
            ColumnType::U16 => (0, u16::MAX as u64),
            ColumnType::U32 => (0, u32::MAX as u64),
            ColumnType::U64 => (0, u64::MAX),
            _ => return None,
        })
    }

    /// The same type with a maximum length. The derive writes calls to it, which run while the model is compiled.
    ///
    /// # Panics
    /// If the type is neither text nor bytes.
    #[track_caller]
    pub const fn with_length(self, length: u32) -> ColumnType {
        match self {
            ColumnType::Text { .. } => ColumnType::Text { length: Some(length) },
            ColumnType::Bytes { .. } => ColumnType::Bytes { length: Some(length) },
            _ => panic!("`length` is for text and bytes, and this column holds neither"),
        }
    }

    /// The same type with digits in all and digits after the point. The derive writes calls to it, which run while the
    /// model is compiled.
    ///
    /// # Panics
    /// If the type is not a decimal.
    #[track_caller]
    pub const fn with_precision(self, precision: u8, scale: u8) -> ColumnType {
        match self {
            ColumnType::Decimal { .. } => ColumnType::Decimal { precision, scale },
            _ => panic!("`precision` and `scale` are for `Decimal`, and this column does not hold it"),
        }
    }

    /// The same type, whose texts are to be compared by a collation. The derive writes calls to it, which run while the model
    /// is compiled.
    ///
    /// # Panics
    /// If the type is not text.
    #[track_caller]
    pub const fn collated(self) -> ColumnType {
        match self {
            ColumnType::Text { .. } => self,
            _ => panic!("a collation is for text, and this column does not hold it"),
        }
    }

    /// The same type, which is to refuse times that are finer than it is. The derive writes calls to it, which run while the
    /// model is compiled.
    ///
    /// # Panics
    /// If the type has no time of day in it.
    #[track_caller]
    pub const fn exact_time(self) -> ColumnType {
        match self {
            ColumnType::Time | ColumnType::DateTime | ColumnType::Instant => self,
            _ => panic!("`exact_time` is for times, and this column holds none"),
        }
    }

    /// The same type, which is to be kept as a scaled integer where a database has a choice. The derive writes calls to it,
    /// which run while the model is compiled.
    ///
    /// # Panics
    /// If the type is not a decimal, or is one of more digits than an integer of 64 bits holds.
    #[track_caller]
    pub const fn scaled_integer(self) -> ColumnType {
        match self {
            ColumnType::Decimal { precision, .. } if precision <= MOST_SCALED_DIGITS => self,
            ColumnType::Decimal { .. } => {
                panic!("`scaled_integer` is for decimals of at most 18 digits: `precision = 18, scale = 2`")
            }
            _ => panic!("`scaled_integer` is for `Decimal`, and this column does not hold it"),
        }
    }

    /// The same type, which is to be kept as text where a database has a choice. The derive writes calls to it, which run
    /// while the model is compiled.
    ///
    /// # Panics
    /// If the type is not that of UUIDs.
    #[track_caller]
    pub const fn uuid_as_text(self) -> ColumnType {
        match self {
            ColumnType::Uuid => self,
            _ => panic!("storage as `text` is for `Uuid`, and this column does not hold it"),
        }
    }

    /// The same type, which the database is to number. The derive writes calls to it, which run while the model is
    /// compiled.
    ///
    /// # Panics
    /// If not every backend can number a column of this type.
    #[track_caller]
    pub const fn numbered(self) -> ColumnType {
        match self {
            ColumnType::I16 | ColumnType::I32 | ColumnType::I64 | ColumnType::U32 | ColumnType::U64 => self,
            _ => panic!("`auto` is for keys of type `i64`, `i32`, `i16`, `u64` or `u32`"),
        }
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            ColumnType::Bool => "bool",
            ColumnType::I8 => "i8",
            ColumnType::I16 => "i16",
            ColumnType::I32 => "i32",
            ColumnType::I64 => "i64",
            ColumnType::U8 => "u8",
            ColumnType::U16 => "u16",
            ColumnType::U32 => "u32",
            ColumnType::U64 => "u64",
            ColumnType::F32 => "f32",
            ColumnType::F64 => "f64",
            ColumnType::Text { length: None } => "text",
            ColumnType::Text { length: Some(length) } => return write!(f, "text({length})"),
            ColumnType::Bytes { length: None } => "bytes",
            ColumnType::Bytes { length: Some(length) } => return write!(f, "bytes({length})"),
            ColumnType::Decimal { precision, scale } => return write!(f, "decimal({precision}, {scale})"),
            ColumnType::Uuid => "uuid",
            ColumnType::Date => "date",
            ColumnType::Time => "time",
            ColumnType::DateTime => "datetime",
            ColumnType::Instant => "instant",
            ColumnType::Json => "json",
            ColumnType::Enum(of) => of.name,
            ColumnType::Array(element) => return write!(f, "{element}[]"),
            ColumnType::Other(name) => name,
        };
        f.write_str(name)
    }
}

//! The closed set of values that cross between creole and a driver.

use std::borrow::Cow;
use std::fmt;

use ::uuid::Uuid;
use rust_decimal::Decimal;

use super::ArrayRef;
use super::civil::{Date, DateTime, Time};
use super::json::{JsonSource, depth, invalid, write_tree, write_typed};
use crate::error::{Error, ErrorKind, Result};
use crate::sql::List;

/// A value on its way to or from a driver, borrowed from its owner.
///
/// Its `Debug` shows the kind of the value and never the value, so that no log or error message can leak one.
///
/// ```
/// use creole::types::ValueRef;
///
/// let password = ValueRef::Text("a secret");
/// assert_eq!(password.kind(), "text");
/// assert!(!format!("{password:?}").contains("secret"));
/// ```
#[derive(Clone, Copy)]
pub enum ValueRef<'a> {
    /// SQL NULL.
    Null,
    /// True or false.
    Bool(bool),
    /// Any integer that fits in an `i64`.
    I64(i64),
    /// An unsigned 64-bit integer.
    U64(u64),
    /// A floating point number.
    F64(f64),
    /// Text.
    Text(&'a str),
    /// Text that is made when it is sent: what the value's `Display` writes.
    Display(&'a (dyn fmt::Display + Send + Sync)),
    /// Bytes.
    Bytes(&'a [u8]),
    /// An exact decimal number.
    Decimal(Decimal),
    /// A UUID.
    Uuid(Uuid),
    /// A calendar day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A day and a time without a zone.
    DateTime(DateTime),
    /// An instant: a day and a time in UTC.
    Instant(DateTime),
    /// A time that was finer than a microsecond, as what is kept of it. It is sent as that, unless its column is exact.
    Cut(CutTime),
    /// A JSON document.
    Json(JsonRef<'a>),
    /// An array.
    Array(ArrayRef<'a>),
    /// Many values as one bind, which stands for a list. Its column type is that of one of them.
    List(List<'a>),
    /// Not a value that a database can store, with the reason. It is refused when it is sent.
    Invalid(&'static str),
    /// A value of a type that creole does not know, as the driver's own bytes.
    Other {
        /// The database's name of the type.
        type_name: &'a str,
        /// The value as the driver has it.
        bytes: &'a [u8],
    },
}

/// A time that was finer than a microsecond, as what is kept of it: it is cut off, toward the past.
///
/// ```
/// use creole::types::civil::Time;
/// use creole::types::{CutTime, ValueRef};
///
/// // What is kept of a time with nanoseconds.
/// assert_eq!(CutTime::Time(Time(1_000_001)).kept(), ValueRef::Time(Time(1_000_001)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutTime {
    /// A time of day.
    Time(Time),
    /// A day and a time without a zone.
    DateTime(DateTime),
    /// An instant.
    Instant(DateTime),
}

impl CutTime {
    /// What is kept, as any other time.
    ///
    /// ```
    /// use creole::types::civil::Time;
    /// use creole::types::{CutTime, ValueRef};
    ///
    /// assert_eq!(CutTime::Time(Time(1)).kept(), ValueRef::Time(Time(1)));
    /// ```
    pub fn kept(self) -> ValueRef<'static> {
        match self {
            CutTime::Time(time) => ValueRef::Time(time),
            CutTime::DateTime(moment) => ValueRef::DateTime(moment),
            CutTime::Instant(instant) => ValueRef::Instant(instant),
        }
    }
}

/// A JSON document on its way across the seam.
///
/// ```
/// use creole::types::JsonRef;
///
/// let tree = creole::json!({"b": 1, "a": [true]});
/// assert_eq!(JsonRef::Tree(&tree).text()?, r#"{"a":[true],"b":1}"#);
/// assert_eq!(JsonRef::Text("[[1]]").depth()?, 2);
/// # Ok::<(), creole::Error>(())
/// ```
#[derive(Clone, Copy)]
pub enum JsonRef<'a> {
    /// As text, the way databases send it.
    Text(&'a str),
    /// As a tree, the way programs have it.
    Tree(&'a serde_json::Value),
    /// As a value of some type, which becomes a document when it is sent.
    Typed(&'a dyn JsonSource),
}

/// An owned value: what statements keep of the values they are given.
///
/// Two values are equal where the database would find them equal: decimals by number, documents by content, floats by
/// their bits, so that NaN is the same as itself. `Debug` shows the kind only.
///
/// ```
/// use creole::types::{Value, ValueRef};
///
/// let value: Value = ValueRef::Text("Ada").to_owned();
/// assert_eq!(value.as_ref(), ValueRef::Text("Ada"));
/// ```
#[derive(Clone)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// True or false.
    Bool(bool),
    /// Any integer that fits in an `i64`.
    I64(i64),
    /// An unsigned 64-bit integer.
    U64(u64),
    /// A floating point number.
    F64(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An exact decimal number.
    Decimal(Decimal),
    /// A UUID.
    Uuid(Uuid),
    /// A calendar day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A day and a time without a zone.
    DateTime(DateTime),
    /// An instant: a day and a time in UTC.
    Instant(DateTime),
    /// A time that was finer than a microsecond, as what is kept of it. It is sent as that, unless its column is exact.
    Cut(CutTime),
    /// A JSON document.
    Json(Box<serde_json::Value>),
    /// An array.
    Array(Vec<Value>),
    /// Not a value that a database can store, with the reason. It is refused when it is sent.
    Invalid(&'static str),
    /// A value of a type that creole does not know; boxed, so that the others stay small.
    Other(Box<OtherValue>),
}

/// A value of a type that creole does not know.
///
/// ```
/// use creole::types::{OtherValue, Value, ValueRef};
///
/// let point = ValueRef::Other { type_name: "point", bytes: &[1, 2] }.to_owned();
/// assert!(matches!(point, Value::Other(other) if *other.type_name == *"point"));
/// ```
#[derive(Clone)]
pub struct OtherValue {
    /// The database's name of the type.
    pub type_name: String,
    /// The value as the driver has it.
    pub bytes: Vec<u8>,
}

impl<'a> ValueRef<'a> {
    /// Whether this is SQL NULL.
    ///
    /// ```
    /// use creole::types::ValueRef;
    ///
    /// assert!(ValueRef::Null.is_null());
    /// ```
    pub fn is_null(self) -> bool {
        matches!(self, ValueRef::Null)
    }

    /// Whether it stands, in an automatic key, for a number that the database has not given out yet: 0 or NULL.
    pub(crate) fn is_unnumbered(self) -> bool {
        matches!(self, ValueRef::I64(0) | ValueRef::U64(0) | ValueRef::Null)
    }

    /// The name of the kind, for messages: `text`, `integer`, `NULL`.
    ///
    /// ```
    /// use creole::types::ValueRef;
    ///
    /// assert_eq!(ValueRef::Bytes(&[1, 2]).kind(), "bytes");
    /// ```
    pub fn kind(self) -> &'a str {
        match self {
            ValueRef::Null => "NULL",
            ValueRef::Bool(_) => "bool",
            ValueRef::I64(_) => "integer",
            ValueRef::U64(_) => "unsigned integer",
            ValueRef::F64(_) => "float",
            ValueRef::Text(_) | ValueRef::Display(_) => "text",
            ValueRef::Bytes(_) => "bytes",
            ValueRef::Decimal(_) => "decimal",
            ValueRef::Uuid(_) => "uuid",
            ValueRef::Date(_) => "date",
            ValueRef::Time(_) => "time",
            ValueRef::DateTime(_) => "datetime",
            ValueRef::Instant(_) => "instant",
            ValueRef::Cut(cut) => cut.kept().kind(),
            ValueRef::Json(_) => "json",
            ValueRef::Array(_) => "array",
            ValueRef::List(_) => "list",
            ValueRef::Invalid(_) => "no value",
            ValueRef::Other { type_name, .. } => type_name,
        }
    }

    /// The value as databases keep it: of a time, what is not finer than a microsecond.
    ///
    /// ```
    /// use creole::types::civil::Time;
    /// use creole::types::{CutTime, ValueRef};
    ///
    /// assert_eq!(ValueRef::Cut(CutTime::Time(Time(1))).kept(), ValueRef::Time(Time(1)));
    /// assert_eq!(ValueRef::I64(1).kept(), ValueRef::I64(1));
    /// ```
    #[inline]
    pub fn kept(self) -> ValueRef<'a> {
        match self {
            ValueRef::Cut(cut) => cut.kept(),
            other => other,
        }
    }

    /// The value, owning a copy of what it borrows. Text that is not JSON in a JSON value becomes a JSON string.
    ///
    /// ```
    /// use creole::types::{Value, ValueRef};
    ///
    /// assert_eq!(ValueRef::I64(7).to_owned(), Value::I64(7));
    /// ```
    pub fn to_owned(self) -> Value {
        match self {
            ValueRef::Null => Value::Null,
            ValueRef::Bool(value) => Value::Bool(value),
            ValueRef::I64(value) => Value::I64(value),
            ValueRef::U64(value) => Value::U64(value),
            ValueRef::F64(value) => Value::F64(value),
            ValueRef::Text(value) => Value::Text(value.into()),
            ValueRef::Display(value) => Value::Text(value.to_string()),
            ValueRef::Bytes(value) => Value::Bytes(value.into()),
            ValueRef::Decimal(value) => Value::Decimal(value),
            ValueRef::Uuid(value) => Value::Uuid(value),
            ValueRef::Date(value) => Value::Date(value),
            ValueRef::Time(value) => Value::Time(value),
            ValueRef::DateTime(value) => Value::DateTime(value),
            ValueRef::Instant(value) => Value::Instant(value),
            ValueRef::Cut(cut) => Value::Cut(cut),
            ValueRef::Json(JsonRef::Tree(tree)) => Value::Json(Box::new(tree.clone())),
            ValueRef::Json(JsonRef::Text(text)) => {
                Value::Json(Box::new(serde_json::from_str(text).unwrap_or_else(|_| text.into())))
            }
            ValueRef::Json(JsonRef::Typed(source)) => match source.tree() {
                Ok(tree) => Value::Json(Box::new(tree)),
                Err(reason) => Value::Invalid(reason),
            },
            ValueRef::Array(array) => {
                array.values().map_or(Value::Invalid("it is no array of one dimension"), Value::Array)
            }
            ValueRef::List(list) => Value::Array(list.values()),
            ValueRef::Invalid(reason) => Value::Invalid(reason),
            ValueRef::Other { type_name, bytes } => {
                Value::Other(Box::new(OtherValue { type_name: type_name.into(), bytes: bytes.into() }))
            }
        }
    }
}

impl<'a> JsonRef<'a> {
    /// The document as JSON text, in the one form in which documents are sent.
    ///
    /// ```
    /// use creole::types::JsonRef;
    ///
    /// assert_eq!(JsonRef::Tree(&creole::json!({"a": 1})).text()?, r#"{"a":1}"#);
    /// # Ok::<(), creole::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue) if JSON has no form for the value.
    pub fn text(self) -> Result<Cow<'a, str>> {
        if let JsonRef::Text(text) = self {
            return Ok(Cow::Borrowed(text));
        }
        let mut text = Vec::new();
        self.write(&mut text)?;
        match String::from_utf8(text) {
            Ok(text) => Ok(Cow::Owned(text)),
            Err(_) => Err(Error::new(ErrorKind::InvalidValue, "the JSON document is not UTF-8")),
        }
    }

    /// How deeply the document nests; a text or a number alone has no depth.
    ///
    /// ```
    /// use creole::types::JsonRef;
    ///
    /// assert_eq!(JsonRef::Tree(&creole::json!({"a": [1]})).depth()?, 2);
    /// # Ok::<(), creole::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue) if JSON has no form for the value.
    pub fn depth(self) -> Result<usize> {
        Ok(match self {
            JsonRef::Text(text) => depth::of_text(text),
            JsonRef::Tree(tree) => depth::of_tree(tree),
            JsonRef::Typed(source) => depth::of_tree(&source.tree().map_err(invalid)?),
        })
    }

    /// Appends the document as JSON text.
    ///
    /// ```
    /// use creole::types::JsonRef;
    ///
    /// let mut text = Vec::new();
    /// JsonRef::Tree(&creole::json!([1, 2])).write(&mut text)?;
    /// assert_eq!(text, b"[1,2]");
    /// # Ok::<(), creole::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue) if JSON has no form for the value.
    pub fn write(self, buffer: &mut Vec<u8>) -> Result<()> {
        match self {
            JsonRef::Text(text) => buffer.extend_from_slice(text.as_bytes()),
            JsonRef::Tree(tree) => write_tree(tree, buffer)?,
            JsonRef::Typed(source) => write_typed(source, buffer)?,
        }
        Ok(())
    }
}

impl Value {
    /// The value, borrowed.
    ///
    /// ```
    /// use creole::types::{Value, ValueRef};
    ///
    /// assert_eq!(Value::Text("Ada".into()).as_ref(), ValueRef::Text("Ada"));
    /// ```
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Value::Null => ValueRef::Null,
            Value::Bool(value) => ValueRef::Bool(*value),
            Value::I64(value) => ValueRef::I64(*value),
            Value::U64(value) => ValueRef::U64(*value),
            Value::F64(value) => ValueRef::F64(*value),
            Value::Text(value) => ValueRef::Text(value),
            Value::Bytes(value) => ValueRef::Bytes(value),
            Value::Decimal(value) => ValueRef::Decimal(*value),
            Value::Uuid(value) => ValueRef::Uuid(*value),
            Value::Date(value) => ValueRef::Date(*value),
            Value::Time(value) => ValueRef::Time(*value),
            Value::DateTime(value) => ValueRef::DateTime(*value),
            Value::Instant(value) => ValueRef::Instant(*value),
            Value::Cut(cut) => ValueRef::Cut(*cut),
            Value::Json(value) => ValueRef::Json(JsonRef::Tree(value)),
            Value::Array(elements) => ValueRef::Array(ArrayRef::Elements(elements)),
            Value::Invalid(reason) => ValueRef::Invalid(reason),
            Value::Other(value) => ValueRef::Other { type_name: &value.type_name, bytes: &value.bytes },
        }
    }

    /// Whether this is SQL NULL.
    ///
    /// ```
    /// use creole::types::Value;
    ///
    /// assert!(Value::Null.is_null());
    /// ```
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}

impl PartialEq for ValueRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        use ValueRef::*;
        match (*self, *other) {
            (Null, Null) => true,
            (Bool(a), Bool(b)) => a == b,
            (I64(a), I64(b)) => a == b,
            (U64(a), U64(b)) => a == b,
            (I64(a), U64(b)) | (U64(b), I64(a)) => u64::try_from(a) == Ok(b),
            (F64(a), F64(b)) => a.to_bits() == b.to_bits(),
            (Text(a), Text(b)) => a == b,
            (Display(a), Text(b)) | (Text(b), Display(a)) => a.to_string() == b,
            (Display(a), Display(b)) => a.to_string() == b.to_string(),
            (Bytes(a), Bytes(b)) => a == b,
            (Decimal(a), Decimal(b)) => a == b,
            (Uuid(a), Uuid(b)) => a == b,
            (Date(a), Date(b)) => a == b,
            (Time(a), Time(b)) => a == b,
            (DateTime(a), DateTime(b)) | (Instant(a), Instant(b)) => a == b,
            // A cut time differs from an uncut one: an exact column takes one and refuses the other.
            (Cut(a), Cut(b)) => a == b,
            (Json(JsonRef::Tree(a)), Json(JsonRef::Tree(b))) => a == b,
            (Json(a), Json(b)) => match (Json(a).to_owned(), Json(b).to_owned()) {
                (Value::Json(a), Value::Json(b)) => a == b,
                _ => false,
            },
            (Array(a), Array(b)) => a.values() == b.values(),
            (List(a), List(b)) => a.values() == b.values(),
            (Invalid(a), Invalid(b)) => a == b,
            (Other { type_name: a, bytes: x }, Other { type_name: b, bytes: y }) => a == b && x == y,
            // Values of two kinds. They are listed, so that the compiler asks for a new kind, which would not be equal to itself.
            (
                Null
                | Bool(_)
                | I64(_)
                | U64(_)
                | F64(_)
                | Text(_)
                | Display(_)
                | Bytes(_)
                | Decimal(_)
                | Uuid(_)
                | Date(_)
                | Time(_)
                | DateTime(_)
                | Instant(_)
                | Cut(_)
                | Json(_)
                | Array(_)
                | List(_)
                | Invalid(_)
                | Other { .. },
                _,
            ) => false,
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.as_ref() == other.as_ref()
    }
}

impl fmt::Debug for ValueRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueRef::Null => f.write_str("NULL"),
            other => write!(f, "<{}>", other.kind()),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_ref().fmt(f)
    }
}

impl fmt::Debug for JsonRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            JsonRef::Text(_) => "Text",
            JsonRef::Tree(_) => "Tree",
            JsonRef::Typed(_) => "Typed",
        })
    }
}

impl fmt::Debug for OtherValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtherValue").field("type_name", &self.type_name).finish_non_exhaustive()
    }
}

//! [`Bind`]: a value with the type it is sent as.

use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::sql::check::check_type;
use crate::sql::expr::ListBuf;
use crate::types::{ColumnType, JsonRef, Value, ValueRef, check_kept};

/// From how many bytes on the column of a value is noted: servers take far more.
const LONG: usize = 1 << 14;

/// A value with the type it is sent as. Most are borrowed from the tree; those that a dialect has computed are owned.
#[derive(Debug, Clone)]
pub struct Bind<'a> {
    value: Holder<'a>,
    /// The type. The statement's text determines it: the same text always has binds of the same types.
    pub ty: ColumnType,
}

/// Where the value is.
#[derive(Debug, Clone)]
enum Holder<'a> {
    Borrowed(ValueRef<'a>),
    /// Boxed, so that the others stay small, and are dropped by looking at a tag.
    Owned(Box<Owned>),
}

#[derive(Debug, Clone)]
enum Owned {
    Value(Value),
    /// A JSON document, as the text that it is sent as.
    Document(Box<str>),
    List(ListBuf),
}

impl<'a> Bind<'a> {
    /// A value that is borrowed.
    #[inline]
    pub fn new(value: ValueRef<'a>, ty: ColumnType) -> Bind<'a> {
        Bind { value: Holder::Borrowed(value), ty }
    }

    /// A value of its own.
    pub fn owned(value: Value, ty: ColumnType) -> Bind<'a> {
        Bind { value: Holder::Owned(Box::new(Owned::Value(value))), ty }
    }

    /// The value; NULL has a type too.
    #[inline]
    pub fn value(&self) -> ValueRef<'_> {
        match &self.value {
            Holder::Borrowed(value) => *value,
            Holder::Owned(owned) => owned.value(),
        }
    }

    /// The same, with a copy of what it borrows. A JSON document becomes the text that it is sent as, whatever a parser would make
    /// of it.
    pub fn to_owned(&self) -> Bind<'static> {
        let value = match self.value() {
            ValueRef::List(list) => Owned::List(list.to_buf()),
            ValueRef::Json(document) => match document.text() {
                Ok(text) => Owned::Document(text.into()),
                Err(_) => Owned::Value(self.value().to_owned()),
            },
            other => Owned::Value(other.to_owned()),
        };
        Bind { value: Holder::Owned(Box::new(value)), ty: self.ty }
    }

    /// Whether the value may be one that no server takes; what a document's text comes to is not known before it is sent.
    #[inline]
    pub(in crate::sql) fn is_long(&self) -> bool {
        match self.value() {
            ValueRef::Text(text) => text.len() >= LONG,
            ValueRef::Bytes(bytes) | ValueRef::Other { bytes, .. } => bytes.len() >= LONG,
            ValueRef::Json(_) | ValueRef::Display(_) | ValueRef::Array(_) | ValueRef::List(_) => true,
            ValueRef::Null
            | ValueRef::Bool(_)
            | ValueRef::I64(_)
            | ValueRef::U64(_)
            | ValueRef::F64(_)
            | ValueRef::Decimal(_)
            | ValueRef::Uuid(_)
            | ValueRef::Date(_)
            | ValueRef::Time(_)
            | ValueRef::DateTime(_)
            | ValueRef::Instant(_)
            | ValueRef::Cut(_)
            | ValueRef::Invalid(_) => false,
        }
    }
}

impl Owned {
    #[cold]
    fn value(&self) -> ValueRef<'_> {
        match self {
            Owned::Value(value) => value.as_ref().kept(),
            Owned::Document(text) => ValueRef::Json(JsonRef::Text(text)),
            Owned::List(list) => ValueRef::List(list.as_list()),
        }
    }
}

/// A value that is compared with something of this type, as it is sent.
///
/// # Errors
/// [`ErrorKind::InvalidValue`] where no backend could take the value; [`ErrorKind::Unsupported`] where this one has no such type.
pub(crate) fn compared<'a>(dialect: &dyn Dialect, value: ValueRef<'a>, ty: ColumnType) -> Result<ValueRef<'a>> {
    let value = value.kept();
    check_compared(value)?;
    check_type(dialect, ty)?;
    Ok(value)
}

/// Refuses a value that no backend could take.
pub(super) fn check_compared(value: ValueRef<'_>) -> Result<()> {
    check_kept(value).map_err(|reason| Error::new(ErrorKind::InvalidValue, reason))
}

impl PartialEq for Bind<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.ty == other.ty && self.value() == other.value()
    }
}

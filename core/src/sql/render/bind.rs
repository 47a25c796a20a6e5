//! [`Bind`]: a value with the type it is sent as.

use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::sql::check::check_type;
use crate::types::{ColumnType, ValueRef, check_kept};

/// From how many bytes on the column of a value is noted: servers take far more.
const LONG: usize = 1 << 14;

/// A value with the type it is sent as.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bind<'a> {
    /// The value; NULL has a type too.
    pub value: ValueRef<'a>,
    /// The type. The statement's text determines it: the same text always has binds of the same types.
    pub ty: ColumnType,
}

impl<'a> Bind<'a> {
    /// A value as it is sent by this type.
    #[inline]
    pub fn new(value: ValueRef<'a>, ty: ColumnType) -> Bind<'a> {
        Bind { value, ty }
    }

    /// Whether the value may be one that no server takes; what a document's text comes to is not known before it is sent.
    #[inline]
    pub(in crate::sql) fn is_long(&self) -> bool {
        match self.value {
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

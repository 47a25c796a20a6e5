//! `String`.

use super::sql_type::mismatch;
use super::{ColumnType, SqlValue, ValueRef};
use crate::error::Result;

impl SqlValue for String {
    const TYPE: ColumnType = ColumnType::TEXT;

    #[inline]
    fn bind(&self) -> ValueRef<'_> {
        ValueRef::Text(self)
    }

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<String> {
        match value {
            ValueRef::Text(text) => Ok(text.to_owned()),
            other => Err(mismatch::<String>(other)),
        }
    }
}

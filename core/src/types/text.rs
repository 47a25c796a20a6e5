//! `String`, and what is text.

use super::sql_type::mismatch;
use super::{ColumnType, SqlValue, ValueRef};
use crate::error::Result;

/// A type whose columns hold text, which `like` and the other operators on text need.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not text",
    label = "this operator needs a text column, and this one holds `{Self}`"
)]
pub trait Text: SqlValue {}

impl Text for String {}

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

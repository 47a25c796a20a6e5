//! `bool`.

use super::sql_type::{mismatch, out_of_range};
use super::{ColumnType, SqlValue, ValueRef};
use crate::error::Result;

impl SqlValue for bool {
    const TYPE: ColumnType = ColumnType::Bool;

    fn bind(&self) -> ValueRef<'_> {
        ValueRef::Bool(*self)
    }

    /// Backends without a boolean type hand out 0 and 1; any other number is an error.
    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<bool> {
        match value {
            ValueRef::Bool(value) => Ok(value),
            ValueRef::I64(0) => Ok(false),
            ValueRef::I64(1) => Ok(true),
            ValueRef::I64(_) => Err(out_of_range::<bool>("integer")),
            other => Err(mismatch::<bool>(other)),
        }
    }
}

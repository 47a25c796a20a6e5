//! `Uuid`.

use ::uuid::Uuid;

use super::sql_type::mismatch;
use super::{ColumnType, SqlValue, ValueRef};
use crate::error::Result;

impl SqlValue for Uuid {
    const TYPE: ColumnType = ColumnType::Uuid;

    #[inline]
    fn bind(&self) -> ValueRef<'_> {
        ValueRef::Uuid(*self)
    }

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<Uuid> {
        match value {
            ValueRef::Uuid(id) => Ok(id),
            other => Err(mismatch::<Uuid>(other)),
        }
    }
}

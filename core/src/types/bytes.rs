//! `Vec<u8>`.

use super::sql_type::mismatch;
use super::{ColumnType, SqlValue, ValueRef};
use crate::error::Result;

impl SqlValue for Vec<u8> {
    const TYPE: ColumnType = ColumnType::BYTES;

    #[inline]
    fn bind(&self) -> ValueRef<'_> {
        ValueRef::Bytes(self)
    }

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<Vec<u8>> {
        match value {
            ValueRef::Bytes(bytes) => Ok(bytes.to_owned()),
            other => Err(mismatch::<Vec<u8>>(other)),
        }
    }
}

//! `Decimal`, exact on every backend.

use rust_decimal::Decimal;

use super::sql_type::mismatch;
use super::{ColumnType, SqlValue, ValueRef};
use crate::error::Result;

impl SqlValue for Decimal {
    const TYPE: ColumnType = ColumnType::DECIMAL;

    #[inline]
    fn bind(&self) -> ValueRef<'_> {
        ValueRef::Decimal(*self)
    }

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<Decimal> {
        match value {
            ValueRef::Decimal(number) => Ok(number),
            other => Err(mismatch::<Decimal>(other)),
        }
    }
}

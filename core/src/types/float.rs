//! `f32` and `f64`.

use super::sql_type::{mismatch, out_of_range};
use super::{ColumnType, SqlValue, ValueRef};
use crate::error::Result;

impl SqlValue for f64 {
    const TYPE: ColumnType = ColumnType::F64;

    #[inline]
    fn bind(&self) -> ValueRef<'_> {
        ValueRef::F64(*self)
    }

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<f64> {
        match value {
            ValueRef::F64(number) => Ok(number),
            other => Err(mismatch::<f64>(other)),
        }
    }
}

impl SqlValue for f32 {
    const TYPE: ColumnType = ColumnType::F32;

    #[inline]
    fn bind(&self) -> ValueRef<'_> {
        ValueRef::F64(f64::from(*self))
    }

    /// A number that `f32` would round is an error.
    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<f32> {
        match value {
            ValueRef::F64(number) if number.is_nan() || f64::from(number as f32) == number => Ok(number as f32),
            ValueRef::F64(_) => Err(out_of_range::<f32>("float")),
            other => Err(mismatch::<f32>(other)),
        }
    }
}

//! Integers, signed and unsigned. A number that does not fit is an error and never wraps.

use super::sql_type::{mismatch, out_of_range};
use super::{ColumnType, SqlValue, ValueRef};
use crate::error::Result;

macro_rules! integers {
    ($($rust:ident $kind:ident $variant:ident($wide:ident);)*) => {$(
        impl SqlValue for $rust {
            const TYPE: ColumnType = ColumnType::$kind;

            #[inline]
            fn bind(&self) -> ValueRef<'_> {
                ValueRef::$variant($wide::from(*self))
            }

            #[inline]
            fn from_value(value: ValueRef<'_>) -> Result<$rust> {
                match value {
                    ValueRef::I64(number) => $rust::try_from(number).map_err(|_| out_of_range::<$rust>("integer")),
                    ValueRef::U64(number) => $rust::try_from(number).map_err(|_| out_of_range::<$rust>("unsigned integer")),
                    // Backends without a wide enough integer keep u64 as an exact decimal without a fraction.
                    ValueRef::Decimal(number) if number.is_integer() => {
                        i128::try_from(number).ok().and_then(|number| $rust::try_from(number).ok()).ok_or_else(|| out_of_range::<$rust>("decimal"))
                    }
                    other => Err(mismatch::<$rust>(other)),
                }
            }
        }
    )*};
}

integers! {
    i8 I8 I64(i64);
    i16 I16 I64(i64);
    i32 I32 I64(i64);
    i64 I64 I64(i64);
    u8 U8 I64(i64);
    u16 U16 I64(i64);
    u32 U32 I64(i64);
    u64 U64 U64(u64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_each_range_are_kept_and_one_more_is_an_error() {
        assert_eq!(<i8 as SqlValue>::from_value(ValueRef::I64(-128)).unwrap(), i8::MIN);
        assert!(<i8 as SqlValue>::from_value(ValueRef::I64(128)).is_err());
        assert_eq!(<u64 as SqlValue>::from_value(ValueRef::U64(u64::MAX)).unwrap(), u64::MAX);
        assert_eq!(<u64 as SqlValue>::from_value(ValueRef::Decimal(u64::MAX.into())).unwrap(), u64::MAX);
        assert!(<u64 as SqlValue>::from_value(ValueRef::I64(-1)).is_err());
        let error = <i32 as SqlValue>::from_value(ValueRef::Text("7")).unwrap_err();
        assert_eq!(error.to_string(), "can't read text as i32");
    }
}

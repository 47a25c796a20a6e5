//! The version of a row, which counts its updates: `#[model(version)]`.

use std::iter;

use super::Table;
use crate::error::{Error, ErrorKind, Result};
use crate::types::{ColumnType, Value, ValueRef};

impl Table {
    /// The columns by which a row is found as it was read: those of its primary key, then its version.
    pub(crate) fn matched(&self) -> impl Iterator<Item = u16> {
        self.primary_key.iter().copied().chain(self.version)
    }

    /// The version of a row after an update, given the one before; with its column, where the table has one.
    ///
    /// # Errors
    /// [`InvalidValue`](ErrorKind::InvalidValue) if the column holds no greater number.
    pub(crate) fn next_version<'v>(&self, before: impl FnOnce(u16) -> ValueRef<'v>) -> Result<Option<(u16, Value)>> {
        let Some(column) = self.version else { return Ok(None) };
        let Some(definition) = self.column(column) else { return Ok(None) };
        let next = next(definition.ty, before(column)).ok_or_else(|| {
            let message = "the version of a row is the greatest number that its column holds, and can't be counted up";
            Error::new(ErrorKind::InvalidValue, message).with_table(self.name).with_columns(iter::once(definition.name))
        })?;
        Ok(Some((column, next)))
    }
}

impl ColumnType {
    /// The same type, of the column that counts a row's updates. The derive writes calls to it, which run while the model is
    /// compiled.
    ///
    /// # Panics
    /// If the type is not an integer, or may be NULL.
    #[track_caller]
    pub const fn versioned(self, nullable: bool) -> ColumnType {
        if nullable {
            panic!("a row always has a `version`, so it is no `Option`");
        }
        if self.integer_range().is_some() {
            return self;
        }
        match self {
            ColumnType::DateTime | ColumnType::Instant => panic!(
                "`version` is for integers: two updates may have one time, and clocks are set back. Keep the time in a field of its \
                 own, with `on_update = creole::now()`"
            ),
            _ => panic!("`version` is for integers, and this column holds none"),
        }
    }
}

/// The number after this one, if the column holds it.
fn next(ty: ColumnType, before: ValueRef<'_>) -> Option<Value> {
    let (_, greatest) = ty.integer_range()?;
    match before {
        ValueRef::I64(number) => {
            let next = number.checked_add(1)?;
            u64::try_from(next).map_or(true, |next| next <= greatest).then_some(Value::I64(next))
        }
        ValueRef::U64(number) => number.checked_add(1).filter(|next| *next <= greatest).map(Value::U64),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_ends_with_its_type() {
        assert_eq!(next(ColumnType::I8, ValueRef::I64(126)), Some(Value::I64(127)));
        assert_eq!(next(ColumnType::I8, ValueRef::I64(127)), None);
        assert_eq!(next(ColumnType::I64, ValueRef::I64(-1)), Some(Value::I64(0)));
        assert_eq!(next(ColumnType::I64, ValueRef::I64(i64::MAX)), None);
        assert_eq!(next(ColumnType::U8, ValueRef::I64(255)), None);
        assert_eq!(next(ColumnType::U64, ValueRef::U64(u64::MAX - 1)), Some(Value::U64(u64::MAX)));
        assert_eq!(next(ColumnType::U64, ValueRef::U64(u64::MAX)), None);
    }
}

//! Placeholder values: what a unique column holds for a moment, so that rows can exchange what they hold.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use rust_decimal::Decimal;

use crate::error::{Error, ErrorKind};
use crate::schema::{ColumnDef, Table, TableKey, Written};
use crate::types::civil::{Date, DateTime, Time};
use crate::types::{ColumnType, Value};

/// Enough letters that practically no row has the same text.
const FEWEST_LETTERS: u32 = 8;

/// Enough digits that most likely no row has the same number.
const FEWEST_DIGITS: u32 = 4;

/// How many more values are tried if one is taken.
const TRIES: usize = 32;

/// The first day of the year 9000.
const FAR_OUT: i64 = 2_567_655;

/// At least this many days follow that every database has.
const DAYS: u64 = 365_000;

const MICROSECONDS_PER_DAY: u64 = 86_400_000_000;

/// A column of a key whose value can be freed, and what it holds meanwhile; `None` if there is none. NULL is in nobody's way;
/// else it is a value that is made up, which nothing must refer to, and which no row holds that is known of.
pub(super) fn parked(
    table: &'static Table,
    key: &TableKey,
    is_held: impl Fn(u16, &Value) -> bool,
) -> Option<(u16, Value)> {
    // What only the INSERT of a row writes stays as it is.
    let is_rewritten = |(_, definition): &(u16, &ColumnDef)| definition.written != Written::Once;
    let columns =
        || key.columns.iter().filter_map(|&column| Some((column, table.column(column)?))).filter(is_rewritten);
    let is_primary = |column: u16| table.primary_key.contains(&column);
    if let Some((column, _)) = columns().find(|(column, definition)| definition.nullable && !is_primary(*column)) {
        return Some((column, Value::Null));
    }
    let (primary, others): (Vec<_>, Vec<_>) =
        columns().filter(|(column, _)| !refers(table, *column)).partition(|(column, _)| is_primary(*column));
    let free = |(column, definition): (u16, &ColumnDef)| {
        let mut values = (0..TRIES).map_while(|_| made_up(definition));
        values.find(|value| !is_held(column, value)).map(|value| (column, value))
    };
    others.into_iter().chain(primary).find_map(free)
}

/// Whether a key is made of foreign keys that are never NULL, so that nothing can be made up for it.
pub(super) fn is_of_references(table: &'static Table, columns: &[u16]) -> bool {
    columns.iter().all(|&column| refers(table, column))
}

/// The error of rows that exchange a key in which no made-up value can stand for a moment.
pub(super) fn exchanged(table: &'static Table, columns: &[u16]) -> Error {
    let names = table.column_names(columns);
    let message = format!(
        "rows of {} exchange what they refer to by {}, which is unique and never NULL, so that no order of writes has a value for it \
         in between: let it be NULL, or have one of them refer to another row first, and flush",
        table.name,
        names.join(", ")
    );
    Error::new(ErrorKind::Unsupported, message).with_table(table.name).with_columns(names)
}

fn refers(table: &'static Table, column: u16) -> bool {
    table.foreign_keys.iter().any(|key| key.columns.contains(&column))
}

/// A random value, if the column's type has enough of them.
fn made_up(column: &ColumnDef) -> Option<Value> {
    let chance = RandomState::new().hash_one(column.name);
    Some(match column.ty {
        // The upper half: counters are seldom that large, and never negative.
        ColumnType::I16 | ColumnType::U16 => Value::I64((1 << 14 | chance & ((1 << 14) - 1)) as i64),
        ColumnType::I32 | ColumnType::U32 => Value::I64((1 << 30 | chance & ((1 << 30) - 1)) as i64),
        ColumnType::I64 | ColumnType::U64 => Value::I64((1 << 62 | chance & ((1 << 62) - 1)) as i64),
        ColumnType::Text { length } if length.is_none_or(|length| length >= FEWEST_LETTERS) => {
            let length = length.map_or(16, |length| length.min(16)) as usize;
            let mut text = format!("{chance:016x}");
            text.truncate(length);
            Value::Text(text)
        }
        ColumnType::Bytes { length } if length.is_none_or(|length| length >= FEWEST_LETTERS) => {
            Value::Bytes(chance.to_be_bytes().to_vec())
        }
        // Of version 4: MariaDB does not keep every one that has no version.
        ColumnType::Uuid => {
            let bytes = uuid::Uuid::from_u64_pair(chance, RandomState::new().hash_one(chance)).into_bytes();
            Value::Uuid(uuid::Builder::from_random_bytes(bytes).into_uuid())
        }
        // Whole numbers, which are exact.
        ColumnType::F32 => Value::F64((1 << 23 | chance & ((1 << 23) - 1)) as f64),
        ColumnType::F64 => Value::F64((1 << 52 | chance & ((1 << 52) - 1)) as f64),
        ColumnType::Decimal { precision, scale } if u32::from(precision) >= FEWEST_DIGITS => {
            let half = 5 * 10_u64.pow(u32::from(precision).min(18) - 1);
            let number = i128::from(half + chance % half);
            Value::Decimal(Decimal::try_from_i128_with_scale(number, scale.into()).ok()?)
        }
        ColumnType::Date => Value::Date(Date(i32::try_from(FAR_OUT + (chance % DAYS) as i64).ok()?)),
        ColumnType::Time => Value::Time(Time((chance % MICROSECONDS_PER_DAY) as i64)),
        ColumnType::DateTime => Value::DateTime(far_out(chance)),
        ColumnType::Instant => Value::Instant(far_out(chance)),
        _ => return None,
    })
}

/// A moment after the year 9000.
fn far_out(chance: u64) -> DateTime {
    DateTime(FAR_OUT * MICROSECONDS_PER_DAY as i64 + (chance % (DAYS * MICROSECONDS_PER_DAY)) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::check;

    #[test]
    fn what_is_made_up_fits_its_column() {
        let decimals = [(4, 0), (4, 4), (10, 2), (20, 6), (28, 28), (38, 10)];
        let decimals = decimals.map(|(precision, scale)| ColumnType::Decimal { precision, scale });
        let times = [ColumnType::Date, ColumnType::Time, ColumnType::DateTime, ColumnType::Instant];
        for ty in decimals.into_iter().chain(times).chain([ColumnType::F32, ColumnType::F64]) {
            for _ in 0..100 {
                let value = made_up(&ColumnDef::new("held", ty)).expect("a value");
                assert!(check(value.as_ref(), ty).is_ok(), "{ty:?}");
            }
        }
        assert_eq!(Date(FAR_OUT as i32).to_string(), "9000-01-01");
        assert!(Date((FAR_OUT + DAYS as i64) as i32).to_string().as_str() < "9999-12-31");
    }

    #[test]
    fn what_is_held_is_not_made_up() {
        let column = ColumnDef::new("held", ColumnType::I16);
        let columns: &'static [ColumnDef] = Box::leak(Box::new([column]));
        let table: &'static Table = Box::leak(Box::new(Table::new("held", columns)));
        let key = TableKey { name: "held".into(), columns: vec![0], filter: None };
        assert!(parked(table, &key, |_, _| true).is_none());
        let even = |_: u16, value: &Value| matches!(value, Value::I64(number) if number % 2 == 0);
        for _ in 0..100 {
            let Some((0, Value::I64(number))) = parked(table, &key, even) else { panic!("no number") };
            assert_eq!(number % 2, 1);
        }
    }

    #[test]
    fn a_uuid_that_is_made_up_is_one_that_every_database_keeps() {
        for _ in 0..100 {
            let Some(Value::Uuid(id)) = made_up(&ColumnDef::new("tag", ColumnType::Uuid)) else { panic!("no UUID") };
            assert_eq!((id.get_version_num(), id.get_variant()), (4, uuid::Variant::RFC4122));
        }
    }
}

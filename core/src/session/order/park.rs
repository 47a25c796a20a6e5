//! Values that keep nobody from anything: what a unique column holds for a moment, so that rows can exchange what they hold.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use crate::schema::{ColumnDef, Table, TableKey};
use crate::types::{ColumnType, Value};

/// As many letters as make it certain enough that no row has the same text.
const FEWEST_LETTERS: u32 = 8;

/// A column of a key whose value can be freed, and what it holds meanwhile; nothing where there is none. NULL is in nobody's way;
/// else it is a value that is made up, which nothing must refer to.
pub(super) fn parked(table: &'static Table, key: &TableKey) -> Option<(u16, Value)> {
    let columns = || key.columns.iter().filter_map(|&column| Some((column, table.column(column)?)));
    let is_primary = |column: u16| table.primary_key.contains(&column);
    if let Some((column, _)) = columns().find(|(column, definition)| definition.nullable && !is_primary(*column)) {
        return Some((column, Value::Null));
    }
    let refers = |column: u16| table.foreign_keys.iter().any(|key| key.columns.contains(&column));
    let (primary, others): (Vec<_>, Vec<_>) =
        columns().filter(|(column, _)| !refers(*column)).partition(|(column, _)| is_primary(*column));
    others.into_iter().chain(primary).find_map(|(column, definition)| Some((column, made_up(definition)?)))
}

/// A value by chance, where a column has room for enough of them.
fn made_up(column: &ColumnDef) -> Option<Value> {
    let chance = RandomState::new().hash_one(column.name);
    Some(match column.ty {
        // The upper half: what counts something is seldom there, and never less than nothing.
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
        // Of version 4: MariaDB keeps not every one that is of none.
        ColumnType::Uuid => {
            let bytes = uuid::Uuid::from_u64_pair(chance, RandomState::new().hash_one(chance)).into_bytes();
            Value::Uuid(uuid::Builder::from_random_bytes(bytes).into_uuid())
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_that_is_made_up_is_one_that_every_database_keeps() {
        for _ in 0..100 {
            let Some(Value::Uuid(id)) = made_up(&ColumnDef::new("tag", ColumnType::Uuid)) else { panic!("no UUID") };
            assert_eq!((id.get_version_num(), id.get_variant()), (4, uuid::Variant::RFC4122));
        }
    }
}

//! The INSERTs of a flush: entities of one table and the same columns, as many in a statement as it takes.

use std::ops::ControlFlow;

use super::entity::columns;
use super::identity_map::IdentityMap;
use super::kept::KnownTexts;
use crate::dialect::{Dialect, Support};
use crate::driver::{Row, RowReader, RowSink};
use crate::error::{Error, ErrorKind, Result};
use crate::pool::Link;
use crate::query::write::{Documents, RowsFrom, Texts, given_out, go_up, in_order_given, select, size, together};
use crate::schema::Table;
use crate::sql::{BindSource, Insert, Returning};
use crate::types::{ColumnType, SqlValue, Value, ValueRef};

/// How many rows one INSERT of a flush has at most.
const ROWS_PER_INSERT: usize = 500;

/// Inserts the entities in these slots: of one table, with values for the same columns.
pub(super) async fn insert(
    map: &mut IdentityMap,
    table: &'static Table,
    columns: &[u16],
    slots: &[usize],
    link: &mut Link,
) -> Result<()> {
    let is_long = |column: &&u16| table.column(**column).is_some_and(|column| column.ty.is_long());
    let long: Vec<u16> = columns.iter().filter(is_long).copied().collect();
    let most = rows_per_insert(link.dialect(), columns.len());
    let mut texts = Texts::new(table);
    let mut from = 0;
    while from < slots.len() {
        let mut source = Documents::with_texts(Slots { map, slots }, texts);
        source.expect((from..slots.len()).take(most));
        let size_of = |row| long.iter().map(|&column| size(source.value(row, column))).sum();
        let rows = together(from..slots.len(), most, size_of);
        let auto = table.auto_column().filter(|column| !columns.contains(column));
        let ids = write(&RowsFrom::new(&source, from), table, columns, auto, rows.len(), link).await?;
        texts = source.into_texts();
        from = rows.end;
        if ids.as_ref().is_some_and(|ids| ids.len() != rows.len()) {
            return Err(too_few_keys(table));
        }
        for (place, row) in rows.enumerate() {
            let Some(&slot) = slots.get(row) else { continue };
            let Some(entry) = map.get_mut(slot) else { continue };
            if let (Some(column), Some(id)) = (auto, ids.as_ref().and_then(|ids| ids.get(place))) {
                entry.entity.assign(column, ValueRef::I64(*id))?;
            }
            map.inserted(slot, KnownTexts::sent(&mut texts, row));
        }
    }
    Ok(())
}

fn rows_per_insert(dialect: &dyn Dialect, columns: usize) -> usize {
    if columns == 0 {
        // A row of nothing but defaults has no place for a second one behind it.
        return 1;
    }
    (dialect.capabilities().max_binds / columns).clamp(1, ROWS_PER_INSERT)
}

/// Writes the rows of one statement; the numbers that the database gave to them, in the order of the rows.
async fn write(
    source: &dyn BindSource,
    table: &'static Table,
    columns: &[u16],
    auto: Option<u16>,
    rows: usize,
    link: &mut Link,
) -> Result<Option<Vec<i64>>> {
    let dialect = link.dialect();
    let mut statement = Insert::rows(table, columns.to_vec(), rows);
    let Some(auto) = auto else {
        let sent = link.execute(&statement.compile(dialect, source)?).await;
        return sent.map(|_| None).map_err(|error| error.unnumbered(table, rows, source));
    };
    if dialect.capabilities().insert_returning != Support::Native {
        let sent = link.execute(&statement.compile(dialect, source)?).await;
        let done = sent.map_err(|error| error.unnumbered(table, rows, source))?;
        return given_out(done.numbers, rows).map(Some);
    }
    statement.returning = Returning::Columns(vec![auto]);
    let mut ids = Ids(Vec::with_capacity(rows));
    let sent = link.fetch(&statement.compile(dialect, source)?, &mut ids).await;
    sent.map_err(|error| error.unnumbered(table, rows, source))?;
    let numbers: Vec<i128> = ids.0.iter().map(|&id| id.into()).collect();
    if go_up(&numbers) {
        return Ok(Some(ids.0));
    }
    let stored = stored(table, auto, &ids.0, link).await?;
    let order = in_order_given(table, &numbers, source, &stored, columns)?;
    Ok(Some(order.into_iter().filter_map(|position| ids.0.get(position).copied()).collect()))
}

/// The rows with these numbers as the database has them, in the order of the numbers.
async fn stored(table: &'static Table, auto: u16, ids: &[i64], link: &mut Link) -> Result<Stored> {
    let select = select(table, &[auto], ids.len(), |row, _| ids.get(row).map_or(Value::Null, |&id| Value::I64(id)));
    let types = columns(table).filter_map(|column| table.column(column)).map(|column| column.ty).collect();
    let mut found = Stored { types, rows: Vec::with_capacity(ids.len()) };
    link.fetch(&select.compile(link.dialect())?, &mut found).await?;
    let auto = usize::from(auto);
    let rows = ids.iter().map(|&id| {
        let has_id = |row: &&Vec<Value>| row.get(auto).is_some_and(|value| *value == Value::I64(id));
        found.rows.iter().find(has_id).cloned().ok_or_else(|| too_few_keys(table))
    });
    let rows = rows.collect::<Result<_>>()?;
    Ok(Stored { rows, ..found })
}

#[cold]
fn too_few_keys(table: &'static Table) -> Error {
    let message = "the database did not return one key for each inserted row";
    Error::new(ErrorKind::Other, message).with_table(table.name)
}

/// The values of the entities in these slots.
struct Slots<'m> {
    map: &'m IdentityMap,
    slots: &'m [usize],
}

impl BindSource for Slots<'_> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let entry = self.slots.get(row).and_then(|&slot| self.map.get(slot));
        entry.map_or(ValueRef::Null, |entry| entry.entity.value(column))
    }
}

/// Collects the keys that the database made.
struct Ids(Vec<i64>);

impl RowSink for Ids {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let value = RowReader::new(row).read_value(ColumnType::I64)?;
        self.0.push(i64::from_value(value)?);
        Ok(ControlFlow::Continue(()))
    }
}

/// Rows as the database has them.
struct Stored {
    types: Vec<ColumnType>,
    rows: Vec<Vec<Value>>,
}

impl RowSink for Stored {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let mut reader = RowReader::new(row);
        let values = self.types.iter().map(|&ty| reader.read_value(ty).map(|value| value.to_owned()));
        self.rows.push(values.collect::<Result<_>>()?);
        Ok(ControlFlow::Continue(()))
    }
}

impl BindSource for Stored {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let value = self.rows.get(row).and_then(|row| row.get(usize::from(column)));
        value.map_or(ValueRef::Null, Value::as_ref)
    }
}

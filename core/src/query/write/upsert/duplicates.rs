//! The same key twice in one upsert: PostgreSQL refuses it, the others would apply both rows in turn. It is refused everywhere.

use super::Given;
use crate::driver::RowReader;
use crate::error::{Error, ErrorKind, Result};
use crate::pool::Link;
use crate::query::run::First;
use crate::query::write::insert::{Batch, Shape};
use crate::query::write::key_index::KeyIndex;
use crate::sql::{BinaryOp, BindSource, ConflictAction, Count, Expr, UnaryOp, holds};
use crate::types::{ColumnType, Value, ValueRef};

/// Refuses a list in which two rows have the same key.
pub(super) fn refuse(batch: &Batch<'_>) -> Result<()> {
    let Some(conflict) = &batch.shape.conflict else { return Ok(()) };
    let known = Known(batch);
    if let [column] = *conflict.target.columns
        && go_up(&known, column, batch.count)
    {
        return Ok(());
    }
    let index = KeyIndex::new(batch.shape.table, &conflict.target.columns, &known, batch.count);
    match index.twins() {
        None => Ok(()),
        Some((first, second)) => Err(same_key(batch, first, second)),
    }
}

/// Whether the values of a column are whole numbers that go up from row to row, as keys often do: none is there twice then.
fn go_up(source: &dyn BindSource, column: u16, rows: usize) -> bool {
    let mut last = None;
    (0..rows).all(|row| {
        let ValueRef::I64(number) = source.value(row, column) else { return false };
        last.replace(number).is_none_or(|last| last < number)
    })
}

/// Asks whether what a SELECT yields has a key twice, and refuses it.
pub(super) async fn refuse_selected(batch: &Batch<'_>, link: &mut Link) -> Result<()> {
    let (Some(conflict), Given::Select { columns, select }) = (&batch.shape.conflict, &batch.shape.given) else {
        return Ok(());
    };
    if conflict.action == ConflictAction::Nothing {
        return Ok(());
    }
    let mut groups = select.as_ref().clone().wrapped("proposed");
    let place = |column: &u16| columns.iter().position(|given| given == column);
    let items = groups.items().to_vec();
    // The tenant is the same in all rows where it is not among the columns.
    let differs = |column: &&u16| batch.shape.table.tenant != Some(**column) || columns.contains(column);
    let target: Vec<u16> = conflict.target.columns.iter().filter(differs).copied().collect();
    let key: Vec<_> = target.iter().filter_map(place).filter_map(|place| items.get(place).cloned()).collect();
    let exprs: Vec<Expr> = key.iter().filter_map(|item| item.expr().cloned()).collect();
    if exprs.is_empty() || exprs.len() != target.len() {
        return Ok(());
    }
    for expr in &exprs {
        groups.add_filter(Expr::unary(UnaryOp::IsNotNull, expr.clone()));
    }
    groups.set_items(key);
    groups.add_groups(exprs);
    groups.add_having(Expr::binary(BinaryOp::Gt, Expr::count_rows(), Expr::value(Value::I64(1), ColumnType::I64)));
    groups.set_limit(Count::Fixed(1));
    let mut first = First::new(present);
    link.fetch(&groups.compile(link.destination())?.within(batch.shape.timeout), &mut first).await?;
    match first.into_row() {
        None => Ok(()),
        Some(()) => Err(twice(batch, "the SELECT of the upsert yields a key twice".into())),
    }
}

/// Whether the key of an upsert is about a row that is to be inserted; `None` where only the database knows.
pub(super) fn is_about(shape: &Shape, rows: &dyn BindSource, row: usize) -> Option<bool> {
    let Some(filter) = shape.conflict.as_ref().and_then(|conflict| conflict.target.filter.as_ref()) else {
        return Some(true);
    };
    let numbered = shape.numbered(rows, row);
    let is_unknown = |column: u16| !shape.is_known(column) || Some(column) == numbered;
    if filter.any(&mut |part| matches!(part, Expr::Column(column) if is_unknown(column.index))) {
        return None;
    }
    holds(filter, &|column| rows.value(row, column).kept().to_owned())
}

/// The error of two rows that have the same key.
pub(super) fn same_key(batch: &Batch<'_>, first: usize, second: usize) -> Error {
    twice(batch, format!("rows {first} and {second} of the upsert have the same key")).with_row(second)
}

/// The error of rows that the database found to have the same key.
pub(super) fn some_key(batch: &Batch<'_>) -> Error {
    twice(batch, "two rows of the upsert have the same key".into())
}

fn twice(batch: &Batch<'_>, what: String) -> Error {
    let table = batch.shape.table;
    let columns = batch.shape.conflict.as_ref().map(|conflict| table.column_names(&conflict.target.columns));
    let message = format!("{what}: which one should stay is not defined");
    Error::new(ErrorKind::InvalidValue, message).with_table(table.name).with_columns(columns.unwrap_or_default())
}

fn present(_: &mut RowReader<'_>) -> Result<()> {
    Ok(())
}

/// The rows of a list, where a key that the database makes is NULL, and so is that of a row that the key is not about: it is never
/// the same.
struct Known<'b, 'a>(&'b Batch<'a>);

impl BindSource for Known<'_, '_> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        if is_about(self.0.shape, self.0.source, row) == Some(false) {
            return ValueRef::Null;
        }
        match self.0.shape.numbered(self.0.source, row) {
            Some(numbered) if numbered == column => ValueRef::Null,
            _ => self.0.source.value(row, column),
        }
    }
}

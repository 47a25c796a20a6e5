//! Rows found by their keys, in memory and in the database.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::error::{Error, ErrorKind, Result};
use crate::schema::{Collation, Table};
use crate::sql::{self, BinaryOp, BindSource, ColumnRef, DeletedRows, Expr, Membership, TableRef};
use crate::types::{ColumnType, Value, ValueRef};

/// Rows of a list, found by the values of some columns.
///
/// Values are the same where the database finds them so: a time as it is kept, 0 and -0, and the letters of a column that
/// ignores their case. A row with a NULL among the values is not found, as it clashes with none.
pub(crate) struct KeyIndex<'a> {
    table: &'static Table,
    columns: &'a [u16],
    source: &'a dyn BindSource,
    /// The hash of each row's values, and its position; sorted.
    rows: Vec<(u64, usize)>,
}

impl<'a> KeyIndex<'a> {
    /// An index of the first `rows` rows.
    pub(crate) fn new(
        table: &'static Table,
        columns: &'a [u16],
        source: &'a dyn BindSource,
        rows: usize,
    ) -> KeyIndex<'a> {
        let hashed = |row| Some((hash(table, columns, source, row)?, row));
        let mut rows: Vec<(u64, usize)> = (0..rows).filter_map(hashed).collect();
        rows.sort_unstable();
        KeyIndex { table, columns, source, rows }
    }

    /// The first row with the values that a row of another list has.
    pub(crate) fn find(&self, other: &dyn BindSource, row: usize) -> Option<usize> {
        let wanted = hash(self.table, self.columns, other, row)?;
        let from = self.rows.partition_point(|(hash, _)| *hash < wanted);
        let alike = self.rows.get(from..)?.iter().take_while(|(hash, _)| *hash == wanted);
        alike.map(|(_, place)| *place).find(|&place| self.is_same(place, other, row))
    }

    /// The first row whose values an earlier one has, after that one.
    pub(crate) fn twins(&self) -> Option<(usize, usize)> {
        let mut twins: Option<(usize, usize)> = None;
        let mut rest = self.rows.as_slice();
        while let [(hash, first), later @ ..] = rest {
            // A hash may be that of several values, so all rows that have it are compared.
            let alike = later.iter().take_while(|(other, _)| other == hash);
            let second = alike.map(|(_, place)| *place).find(|&place| self.is_same(place, self.source, *first));
            if let Some(second) = second.filter(|second| twins.is_none_or(|(_, before)| *second < before)) {
                twins = Some((*first, second));
            }
            rest = later;
        }
        twins
    }

    fn is_same(&self, own: usize, other: &dyn BindSource, row: usize) -> bool {
        self.columns.iter().all(|&column| {
            let (a, b) = (self.source.value(own, column).kept(), other.value(row, column).kept());
            match (text(a), text(b)) {
                (Some(a), Some(b)) => folded(self.table, column, a) == folded(self.table, column, b),
                _ => matches!((a, b), (ValueRef::F64(a), ValueRef::F64(b)) if a == b) || a == b,
            }
        })
    }
}

/// Refuses rows of which two have the same primary key.
///
/// # Errors
/// [`InvalidValue`](ErrorKind::InvalidValue) with the position of the second one.
pub(super) fn refuse_twins(
    table: &'static Table,
    source: &dyn BindSource,
    rows: usize,
    message: &'static str,
) -> Result<()> {
    let Some((_, row)) = KeyIndex::new(table, table.primary_key, source, rows).twins() else { return Ok(()) };
    let error = Error::new(ErrorKind::InvalidValue, message).with_row(row).with_table(table.name);
    Err(error.with_columns(table.column_names(table.primary_key)))
}

/// A SELECT of whole rows, marked as deleted or not, by the values of some columns, which `value` gives for each row.
pub(crate) fn select(
    table: &'static Table,
    columns: &[u16],
    rows: usize,
    value: impl Fn(usize, u16) -> Value,
) -> sql::Select {
    let mut select = sql::Select::all_of(TableRef::new(table));
    select.set_deleted(DeletedRows::Found);
    select.add_filter(among(TableRef::new(table), columns, rows, value));
    select
}

/// The condition that a row of the table has, in these columns, the values of one of the rows.
pub(crate) fn among(table: TableRef, columns: &[u16], rows: usize, value: impl Fn(usize, u16) -> Value) -> Expr {
    let of = |index| Expr::Column(ColumnRef { table, index });
    let ty = |index| table.table.column(index).map_or(ColumnType::TEXT, |definition| definition.ty);
    if let ([column], 1) = (columns, rows) {
        return Expr::binary(BinaryOp::Eq, of(*column), Expr::value(value(0, *column), ty(*column)));
    }
    if let [column] = columns {
        let operand = of(*column);
        let item = |row| Expr::value(value(row, *column), ty(*column)).typed_like(&operand);
        let list = (0..rows).map(item).collect();
        return Expr::InList { membership: Membership::In, operand: Box::new(operand), list };
    }
    let operand = Expr::Row(columns.iter().map(|&column| of(column)).collect());
    let item = |row| {
        let values = columns.iter().map(|&column| Expr::value(value(row, column), ty(column)));
        Expr::Row(values.collect()).typed_like(&operand)
    };
    let list = (0..rows).map(item).collect();
    Expr::InList { membership: Membership::In, operand: Box::new(operand), list }
}

/// Whether the database may take two keys for one that Rust tells apart.
pub(crate) fn keys_fold(table: &'static Table, key: &[u16]) -> bool {
    let key = key.iter().filter_map(|&place| table.column(place));
    let mut texts = key.filter(|column| matches!(column.ty, ColumnType::Text { .. }));
    texts.any(|column| column.collation != Collation::Binary)
}

/// The hash of a row's values; `None` where one of them is NULL.
fn hash(table: &'static Table, columns: &[u16], source: &dyn BindSource, row: usize) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    for &column in columns {
        let value = source.value(row, column).kept();
        if let Some(text) = text(value) {
            folded(table, column, text).hash(&mut hasher);
            continue;
        }
        match value {
            ValueRef::Null => return None,
            ValueRef::Bool(value) => value.hash(&mut hasher),
            ValueRef::I64(number) => i128::from(number).hash(&mut hasher),
            ValueRef::U64(number) => i128::from(number).hash(&mut hasher),
            // 0 and -0 are the same number.
            ValueRef::F64(number) => (number + 0.0).to_bits().hash(&mut hasher),
            ValueRef::Bytes(bytes) => bytes.hash(&mut hasher),
            ValueRef::Decimal(number) => number.hash(&mut hasher),
            ValueRef::Uuid(id) => id.hash(&mut hasher),
            ValueRef::Date(date) => date.0.hash(&mut hasher),
            ValueRef::Time(time) => time.0.hash(&mut hasher),
            ValueRef::DateTime(moment) | ValueRef::Instant(moment) => moment.0.hash(&mut hasher),
            // What is left is compared, which is slow where there are many of them, and they are rarely keys.
            ValueRef::Text(_)
            | ValueRef::Display(_)
            | ValueRef::Cut(_)
            | ValueRef::Json(_)
            | ValueRef::Array(_)
            | ValueRef::List(_)
            | ValueRef::Invalid(_)
            | ValueRef::Other { .. } => {}
        }
    }
    Some(hasher.finish())
}

fn text(value: ValueRef<'_>) -> Option<Cow<'_, str>> {
    match value {
        ValueRef::Text(text) => Some(Cow::Borrowed(text)),
        ValueRef::Display(text) => Some(Cow::Owned(text.to_string())),
        _ => None,
    }
}

/// A text as its column compares it. By which rule a collation of the database's own does is not known.
fn folded<'t>(table: &'static Table, column: u16, text: Cow<'t, str>) -> Cow<'t, str> {
    match table.column(column).map(|definition| definition.collation) {
        Some(Collation::CaseInsensitive) => Cow::Owned(text.to_lowercase()),
        _ => text,
    }
}

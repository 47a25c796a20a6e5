//! Rows by their primary keys, and the parts of an UPDATE or DELETE that are statements of their own where the database can't
//! return what it wrote.

use super::delete::Delete;
use super::deleted::DeletedRows;
use super::lock::{Lock, LockStrength, LockWait};
use super::returning;
use super::select::Select;
use super::select_core::Item;
use super::table::TableRef;
use super::target::Locked;
use super::target::Target;
use super::update::Update;
use crate::error::Result;
use crate::schema::Table;
use crate::sql::expr::{ColumnRef, Expr, Membership};
use crate::sql::render::{Compiled, Destination, SqlWriter, Verb};
use crate::types::{ColumnType, Value};

impl Target {
    /// The rows of a table with these keys.
    pub fn with_keys(table: &'static Table, keys: &[Vec<Value>]) -> Target {
        Target::of(table, Some(have_keys(table, keys)))
    }

    /// Rows of a table as they were read: `rows` has the values of the [matched](Table::matched) columns.
    pub(crate) fn with_matched(table: &'static Table, rows: &[Vec<Value>]) -> Target {
        if table.version.is_none() {
            return Target::with_keys(table, rows);
        }
        let matched: Vec<u16> = table.matched().collect();
        // Not every database looks rows up by a part of what a list has.
        let are_there = Expr::All(vec![have_keys(table, rows), are_among(table, &matched, rows)]);
        Target::of(table, Some(are_there))
    }

    /// The SELECT that locks these rows and finds what `items` say of them.
    ///
    /// # Errors
    /// What rendering its parts says.
    pub fn compile_locking<'a>(
        &'a self,
        to: impl Into<Destination<'a>>,
        items: &'a [Item],
        locked: Locked,
    ) -> Result<Compiled<'a>> {
        self.check()?;
        let mut w = SqlWriter::new(to);
        self.render_locking(&mut w, items, locked)?;
        w.finish(Verb::Select, Some(self.table))
    }
}

impl Update {
    /// The SELECT of the keys of the rows that it is about, which locks them. What is joined is locked where values come
    /// from it, because they are read by another statement.
    ///
    /// # Errors
    /// What rendering its parts says, and what is wrong with what is returned.
    pub fn compile_keys<'a>(&'a self, to: impl Into<Destination<'a>>, keys: &'a [Item]) -> Result<Compiled<'a>> {
        returning::check(&self.rows, &self.returning)?;
        self.check_columns()?;
        if !self.reads_joined() {
            return self.rows.compile_locking(to, keys, Locked::Alone);
        }
        self.rows.check_single()?;
        self.rows.compile_locking(to, keys, Locked::Joined)
    }

    /// The same UPDATE of the rows with these keys.
    pub fn of_keys(&self, keys: &[Vec<Value>]) -> Update {
        let table = self.rows.table;
        let by_key = Target::with_keys(table, keys);
        let has_subquery = self.assignments.iter().any(|assignment| assignment.value.has_subquery());
        let rows = Target {
            with: if has_subquery || self.reads_joined() { self.rows.with.clone() } else { Vec::new() },
            joins: if self.reads_joined() { self.rows.joins.clone() } else { Vec::new() },
            deleted: self.rows.deleted,
            ..by_key
        };
        Update::new(rows, self.assignments.clone())
    }
}

impl Delete {
    /// The SELECT of what is returned, and after it of the keys, which locks the rows.
    ///
    /// # Errors
    /// What rendering its parts says, and what is wrong with what is returned.
    pub fn compile_rows<'a>(&'a self, to: impl Into<Destination<'a>>, items: &'a [Item]) -> Result<Compiled<'a>> {
        returning::check(&self.rows, &self.returning)?;
        self.rows.compile_locking(to, items, Locked::Alone)
    }

    /// A DELETE of the rows with these keys, whether or not they are marked as deleted.
    pub fn of_keys(table: &'static Table, keys: &[Vec<Value>]) -> Delete {
        let mut rows = Target::with_keys(table, keys);
        rows.set_deleted(DeletedRows::Found);
        Delete::new(rows)
    }
}

/// What the rows with these keys have, as they are now: a snapshot that was taken before does not know what others have
/// written to columns that this transaction left alone.
pub(crate) fn select_keys(
    table: &'static Table,
    keys: &[Vec<Value>],
    items: Vec<Item>,
    deleted: DeletedRows,
) -> Select {
    let mut select = Select::of(items);
    select.outer().from = Some(super::source::Source::Table(TableRef::new(table)));
    select.add_filter(have_keys(table, keys));
    select.set_deleted(deleted);
    select.lock = Some(Lock { strength: LockStrength::Update, wait: LockWait::Wait, of: Vec::new() });
    select
}

/// The columns of the primary key.
pub(crate) fn key_items(table: &'static Table) -> Vec<Item> {
    key_columns(table).map(|column| Item::Expr(Expr::Column(column))).collect()
}

/// The types of the columns of the primary key.
pub(crate) fn key_types(table: &'static Table) -> Vec<ColumnType> {
    key_columns(table).filter_map(|column| column.definition()).map(|definition| definition.ty).collect()
}

fn key_columns(table: &'static Table) -> impl Iterator<Item = ColumnRef> {
    table.primary_key.iter().map(move |&index| ColumnRef { table: TableRef::new(table), index })
}

/// The primary key is among these, which may have values of other columns after those of the key.
fn have_keys(table: &'static Table, keys: &[Vec<Value>]) -> Expr {
    are_among(table, table.primary_key, keys)
}

/// These columns have the values of one of the rows.
fn are_among(table: &'static Table, columns: &[u16], rows: &[Vec<Value>]) -> Expr {
    let columns: Vec<ColumnRef> =
        columns.iter().map(|&index| ColumnRef { table: TableRef::new(table), index }).collect();
    let stored = |column: ColumnRef, value: &Value| {
        let ty = column.definition().map_or(ColumnType::TEXT, |definition| definition.ty);
        Expr::stored(value.clone(), ty)
    };
    if let [column] = columns.as_slice() {
        let list = rows.iter().filter_map(|row| row.first()).map(|value| stored(*column, value)).collect();
        return Expr::InList { membership: Membership::In, operand: Box::new(Expr::Column(*column)), list };
    }
    let operand = Expr::Row(columns.iter().map(|column| Expr::Column(*column)).collect());
    let row = |values: &Vec<Value>| {
        Expr::Row(columns.iter().zip(values).map(|(column, value)| stored(*column, value)).collect())
    };
    Expr::InList { membership: Membership::In, operand: Box::new(operand), list: rows.iter().map(row).collect() }
}

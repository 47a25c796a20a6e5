//! What becomes of rows of an INSERT whose key is there already.

use super::insert::Insert;
use super::insert::misuse;
use super::table::TableRef;
use super::update::Assignment;
use crate::error::Result;
use crate::schema::Table;
use crate::sql::check::check_rewritten;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::render::SqlWriter;

/// What databases call the row that an upsert would have inserted.
pub(in crate::sql) const EXCLUDED: &str = "excluded";

/// The mark of that row among the tables of a statement. It is never written, and no table or source can be called so.
const EXCLUDED_ROW: &str = "\0excluded";

/// ON CONFLICT, or what a database has instead.
#[derive(Debug, Clone, PartialEq)]
pub struct OnConflict {
    /// The key that decides whether a row is there.
    pub target: ConflictTarget,
    /// What is done about a row that is.
    pub action: ConflictAction,
    /// Which rows may be there, where that is known: a condition on the row that was to be inserted. One that is there
    /// nevertheless is an error, as if another key had clashed. Only for databases that name no key.
    pub expected: Option<Expr>,
}

/// A key of a table: the primary key, a unique key or a unique index.
#[derive(Debug, Clone, PartialEq)]
pub struct ConflictTarget {
    /// Its columns, by their index in the table.
    pub columns: Vec<u16>,
    /// Which rows the index is about, where that is not all of them.
    pub filter: Option<Expr>,
}

/// What is done about a row whose key is there.
#[derive(Debug, Clone, PartialEq)]
pub enum ConflictAction {
    /// The row that is there stays as it is.
    Nothing,
    /// The row that is there is changed.
    Update {
        /// What is written. Every value sees the row as it was, and the row that was to be inserted as [`excluded`].
        assignments: Vec<Assignment>,
        /// Only where this holds; else the row stays as it is.
        filter: Option<Expr>,
    },
}

impl ConflictAction {
    /// Whether a subquery in it reads rows of this table.
    pub fn selects_from(&self, table: &'static Table) -> bool {
        let ConflictAction::Update { assignments, filter } = self else { return false };
        let mut exprs = assignments.iter().map(|assignment| &assignment.value).chain(filter);
        exprs.any(|expr| expr.selects_from(table))
    }
}

/// A column of the row that an upsert would have inserted.
pub fn excluded(column: ColumnRef) -> Expr {
    Expr::Column(ColumnRef { table: excluded_row(column.table.table), ..column })
}

/// The row that an upsert would have inserted, as a table of the statement.
pub(crate) fn excluded_row(table: &'static Table) -> TableRef {
    TableRef { table, alias: Some(EXCLUDED_ROW) }
}

/// Whether this is the row that an upsert would have inserted.
pub(in crate::sql) fn is_excluded_row(table: TableRef) -> bool {
    table.alias == Some(EXCLUDED_ROW)
}

impl OnConflict {
    /// Says that columns of the row that is there, and of the one that was to be inserted, may follow.
    pub fn enter_rows(&self, w: &mut SqlWriter<'_>, insert: &Insert) {
        w.enter_table(TableRef::new(insert.table));
        w.enter_table(excluded_row(insert.table));
    }

    /// Refuses what could mean something else on each database.
    pub(super) fn check(&self, insert: &Insert) -> Result<()> {
        let table = insert.table;
        let name = |column: u16| table.column(column).map_or("", |definition| definition.name);
        if table.name.eq_ignore_ascii_case(EXCLUDED) {
            let message = format!(
                "an upsert calls the row that it would insert `excluded`, which is the name of the table {table}: look for the \
                 row and insert or update it, or call the table otherwise"
            );
            return Err(misuse(message, table));
        }
        let auto = table.auto_column();
        for &column in &self.target.columns {
            if !insert.columns.contains(&column) && Some(column) != auto {
                let message = format!("the upsert gives no value for {}, by which rows are told apart", name(column));
                return Err(misuse(message, table));
            }
        }
        if let Some(key) = insert.computed.iter().find(|computed| self.target.columns.contains(&computed.column)) {
            let message =
                format!("{} tells the rows of the upsert apart: give it values, and no expression", name(key.column));
            return Err(misuse(message, table));
        }
        let ConflictAction::Update { assignments, filter } = &self.action else { return Ok(()) };
        if assignments.is_empty() {
            let message = "the upsert sets nothing: name columns by `update(…)` or `set(…)`, or use `do_nothing()`";
            return Err(misuse(message.into(), table));
        }
        check_rewritten(table, assignments.iter().map(|assignment| assignment.column))?;
        let mut missing = None;
        let mut is_missing = |expr: &Expr| {
            let Expr::Column(column) = expr else { return false };
            let is_given = || {
                let index = table.place_of(column.index, column.table.table);
                index.is_some_and(|index| insert.columns.contains(&index))
            };
            if is_excluded_row(column.table) && !is_given() {
                missing = column.definition();
            }
            missing.is_some()
        };
        let mut exprs = assignments.iter().map(|assignment| &assignment.value).chain(filter);
        if exprs.any(|expr| expr.any(&mut is_missing))
            && let Some(column) = missing
        {
            let message = format!("`excluded` has no {}: the upsert leaves it to the database", column.name);
            return Err(misuse(message, table));
        }
        Ok(())
    }
}

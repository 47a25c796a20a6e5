//! The rows that others belong to: read together with the keys by which those are found.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::each::LoadEach;
use super::gather::Gather;
use super::joined::is_joined;
use super::keys::{KeyColumns, KeyPositions, value};
use crate::driver::{Row, RowSink};
use crate::error::{Error, ErrorKind, Result};
use crate::query::run::Reading;
use crate::query::select::Select;
use crate::sql::{self, ColumnRef, Expr, Item, TableRef};
use crate::types::{ColumnType, Value};

/// Collects the rows of a SELECT, and what relations need of them.
pub(super) struct Parents<R, G> {
    reading: Reading<R>,
    rows: Vec<R>,
    gathered: G,
    cut: Option<Cut>,
}

/// After how many rows reading ends, and what the last of them is sorted by.
struct Cut {
    rows: usize,
    order: Vec<(usize, ColumnType)>,
    last: Option<Vec<Value>>,
    has_more: bool,
}

impl<R: Send + 'static, G: Gather> Parents<R, G> {
    /// Prepares the SELECT.
    ///
    /// # Errors
    /// [`Syntax`](ErrorKind::Syntax) where the SELECT lacks the columns of a key.
    pub(super) fn of(select: &mut Select<R>, each: &impl LoadEach<R, Gathered = G>) -> Result<Parents<R, G>> {
        if select.tree().is_distinct() && each.hides_keys() {
            let message = "rows that look alike are not the same where other rows belong to them: add the columns of the key to the projection's fields, or leave `distinct` out";
            return Err(Error::new(ErrorKind::Syntax, message));
        }
        let mut tree = Cow::Borrowed(select.tree());
        let gathered = each.gather(&mut tree, None)?;
        if let Cow::Owned(prepared) = tree {
            *select.tree_mut() = prepared;
        }
        Ok(Parents { reading: Reading::of(select), rows: Vec::new(), gathered, cut: None })
    }

    /// Only so many rows, of which the last one's values at these positions are kept.
    pub(super) fn cut_after(self, rows: u64, order: Vec<(usize, ColumnType)>) -> Parents<R, G> {
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        Parents { cut: Some(Cut { rows, order, last: None, has_more: false }), ..self }
    }

    /// What the row is sorted by that it was cut after, if there are so many rows.
    pub(super) fn last(&mut self) -> Option<Vec<Value>> {
        self.cut.as_mut()?.last.take()
    }

    /// Whether there was a row after those.
    pub(super) fn has_more(&self) -> bool {
        self.cut.as_ref().is_some_and(|cut| cut.has_more)
    }

    pub(super) fn into_parts(self) -> (Vec<R>, G) {
        (self.rows, self.gathered)
    }
}

impl<R: Send, G: Gather> RowSink for Parents<R, G> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        if let Some(cut) = &mut self.cut {
            if self.rows.len() == cut.rows {
                cut.has_more = true;
                return Ok(ControlFlow::Break(()));
            }
            if self.rows.len() + 1 == cut.rows {
                let values =
                    cut.order.iter().map(|&(position, ty)| value(row, position, ty).map(|value| value.to_owned()));
                cut.last = Some(values.collect::<Result<_>>()?);
            }
        }
        self.rows.push(self.reading.read(row)?);
        self.gathered.note(row)?;
        Ok(ControlFlow::Continue(()))
    }
}

/// Where the rows of a SELECT have the columns of a key: those of the table under this name, or under the one that it has there.
///
/// # Errors
/// [`Syntax`](ErrorKind::Syntax) where they lack them.
pub(super) fn key_positions(tree: &sql::Select, key: KeyColumns, from: Option<TableRef>) -> Result<KeyPositions> {
    let own = from.unwrap_or(TableRef::new(key.table));
    let alias = if from.is_some() { None } else { only_alias(tree.items(), key) };
    let position = |&index: &u16| {
        let column = |table| Expr::Column(ColumnRef { table, index });
        let found = tree.place_in_all_arms(&column(own));
        let position = found.or_else(|| tree.place_in_all_arms(&column(alias?))).ok_or_else(|| lacking(key, index))?;
        let ty = key.table.column(index).map_or(ColumnType::TEXT, |column| column.ty);
        Ok((usize::from(position), ty))
    };
    Ok(KeyPositions { key, positions: key.columns.iter().map(position).collect::<Result<_>>()? })
}

/// What the table is called in a SELECT: as its key is selected, or else as its columns are, or where none are, by its own name. `None`
/// where it is not there, or where it is selected by several names.
pub(super) fn only_table(tree: &sql::Select, key: KeyColumns) -> Option<TableRef> {
    let own = TableRef::new(key.table);
    let mut columns = key.columns.iter().map(|&index| Expr::Column(ColumnRef { table: own, index }));
    let name = if columns.all(|column| tree.place_in_all_arms(&column).is_some()) {
        own
    } else if selected_names(tree.items(), key).next().is_some() {
        only_alias(tree.items(), key)?
    } else {
        own
    };
    tree.tables().any(|table| table.is_same_source(name)).then_some(name)
}

/// The one name that the table is selected under, beside those that relations were joined by.
fn only_alias(items: &[Item], key: KeyColumns) -> Option<TableRef> {
    let mut tables = selected_names(items, key);
    let first = tables.next()?;
    tables.all(|table| table.is_same_source(first)).then_some(first)
}

/// The names that the table is selected under.
fn selected_names(items: &[Item], key: KeyColumns) -> impl Iterator<Item = TableRef> {
    let tables = items.iter().filter_map(|item| match item {
        Item::Table(table) => Some(*table),
        Item::Expr(Expr::Column(column)) | Item::Labelled(Expr::Column(column), _) => Some(column.table),
        Item::Expr(_) | Item::Labelled(..) => None,
    });
    tables.filter(move |table| table.table.is_same_table(key.table) && !is_joined(*table))
}

#[cold]
fn lacking(key: KeyColumns, index: u16) -> Error {
    let (table, column) = (key.table.name, key.table.column(index).map_or("", |column| column.name));
    let message = format!(
        "what belongs to a row of {table} is found by {table}.{column}, which the statement does not select, or not in every arm: select it, or the model's `ALL`"
    );
    Error::new(ErrorKind::Syntax, message).with_table(table).with_columns([column])
}

//! [`KeyOrder`]: an order in which no two rows are equal, by which pages and batches are cut.

use super::cursor::{Cursor, fingerprint};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{ColumnDef, Table};
use crate::sql::{BinaryOp, ColumnRef, Direction, Expr, OrderTerm, Select, TableRef, UnaryOp};
use crate::types::{ColumnType, Value};

/// The columns that a SELECT of a table is sorted by, and then those of the primary key that are not among them.
pub(in crate::query) struct KeyOrder {
    table: &'static Table,
    terms: Vec<(u16, Direction)>,
}

impl KeyOrder {
    /// The order of a SELECT of this table.
    ///
    /// # Errors
    /// [`Syntax`](ErrorKind::Syntax) where it is not by the table's own columns.
    pub(in crate::query) fn of(tree: &Select, table: &'static Table) -> Result<KeyOrder> {
        if tree.has_distinct_on() {
            let message = "pages of `distinct_on` would begin among the rows that it leaves out: number the rows by `row_number()` in a subquery, and filter by 1";
            return Err(Error::new(ErrorKind::Syntax, message).with_table(table.name));
        }
        // Of a UNION, a column of the subquery that it stands in.
        let columns: Vec<Expr> =
            (0..).zip(table.columns).map(|(index, _)| tree.seen(column_of(table, index))).collect();
        let mut terms = Vec::new();
        for term in tree.order() {
            let position = columns.iter().position(|column| column.is_same_as(&term.expr));
            let Some(index) = position.and_then(|position| u16::try_from(position).ok()) else {
                let message = "pages are cut by the model's own columns: sort by them, and by nothing computed";
                return Err(Error::new(ErrorKind::Syntax, message).with_table(table.name));
            };
            terms.push((index, term.direction));
        }
        let direction = terms.last().map_or(Direction::Ascending, |(_, direction)| *direction);
        for &key in table.primary_key {
            if !terms.iter().any(|(column, _)| *column == key) {
                terms.push((key, direction));
            }
        }
        Ok(KeyOrder { table, terms })
    }

    /// Sorts a SELECT by its key order.
    pub(in crate::query) fn sort(tree: &mut Select, table: &'static Table) {
        match KeyOrder::of(tree, table) {
            Ok(order) => tree.set_order(order.order_terms()),
            Err(error) => tree.misused(error.to_string()),
        }
    }

    /// Sorts a SELECT by its key order, and begins after a position in it.
    pub(in crate::query) fn start_after(tree: &mut Select, table: &'static Table, cursor: &Cursor) {
        match KeyOrder::of(tree, table) {
            Ok(order) if fingerprint(&order.definitions()) == cursor.order => {
                tree.set_order(order.order_terms());
                tree.add_filter(order.after(&cursor.values));
                tree.set_goes_on();
            }
            Ok(_) => tree.misused("the cursor belongs to a SELECT with another order".into()),
            Err(error) => tree.misused(error.to_string()),
        }
    }

    /// The indexes of its columns in the table.
    pub(in crate::query) fn columns(&self) -> impl Iterator<Item = u16> {
        self.terms.iter().map(|&(column, _)| column)
    }

    /// Its columns as expressions, with their types.
    pub(in crate::query) fn exprs(&self) -> impl Iterator<Item = (Expr, ColumnType)> {
        self.columns().map(|index| {
            let ty = self.table.column(index).map_or(ColumnType::TEXT, |column| column.ty);
            (column_of(self.table, index), ty)
        })
    }

    /// The position of the row that has these values in its columns.
    pub(in crate::query) fn cursor(&self, values: Vec<Value>) -> Cursor {
        Cursor { order: fingerprint(&self.definitions()), values }
    }

    /// The position that a text says.
    ///
    /// # Errors
    /// [`InvalidValue`](ErrorKind::InvalidValue) where the text is no position in this order.
    pub(in crate::query) fn parse(&self, token: &str) -> Result<Cursor> {
        Cursor::parse(token, &self.definitions())
    }

    /// Its columns as the table describes them.
    fn definitions(&self) -> Vec<(&'static ColumnDef, Direction)> {
        let definition = |&(column, direction): &(u16, Direction)| Some((self.table.column(column)?, direction));
        self.terms.iter().filter_map(definition).collect()
    }

    fn order_terms(&self) -> Vec<OrderTerm> {
        let term = |&(column, direction): &(u16, Direction)| OrderTerm::new(column_of(self.table, column), direction);
        self.terms.iter().map(term).collect()
    }

    /// The condition that a row comes after these values: it is after them in one column, and equal in those before it.
    fn after(&self, values: &[Value]) -> Expr {
        let mut ways = Vec::new();
        for (position, (&(column, direction), value)) in self.terms.iter().zip(values).enumerate() {
            let Some(further) = further(column_of(self.table, column), direction, value) else { continue };
            let before = self.terms.iter().zip(values).take(position);
            let equal = before.map(|(&(column, _), value)| equals(column_of(self.table, column), value));
            ways.push(Expr::All(equal.chain([further]).collect()));
        }
        Expr::Any(ways)
    }
}

fn column_of(table: &'static Table, index: u16) -> Expr {
    Expr::Column(ColumnRef { table: TableRef::new(table), index })
}

/// The condition that a column is after a value; `None` where none is. NULL stands last going up and first going down.
fn further(column: Expr, direction: Direction, value: &Value) -> Option<Expr> {
    let is_nullable = column.is_nullable();
    match (direction, value) {
        (Direction::Ascending, Value::Null) => None,
        (Direction::Descending, Value::Null) => Some(Expr::unary(UnaryOp::IsNotNull, column)),
        (Direction::Ascending, value) => {
            let greater = Expr::binary(BinaryOp::Gt, column.clone(), bound(&column, value));
            Some(if is_nullable { greater.or(Expr::unary(UnaryOp::IsNull, column)) } else { greater })
        }
        (Direction::Descending, value) => Some(Expr::binary(BinaryOp::Lt, column.clone(), bound(&column, value))),
    }
}

fn equals(column: Expr, value: &Value) -> Expr {
    match value {
        Value::Null => Expr::unary(UnaryOp::IsNull, column),
        value => Expr::binary(BinaryOp::Eq, column.clone(), bound(&column, value)),
    }
}

fn bound(column: &Expr, value: &Value) -> Expr {
    Expr::value(value.clone(), column.ty().unwrap_or(ColumnType::TEXT))
}

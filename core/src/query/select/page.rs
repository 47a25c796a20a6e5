//! Keyset pagination: the rows after a row, in an order.

use super::cursor::Cursor;
use super::cursor::fingerprint;
use super::select::Select;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::schema::ColumnDef;
use crate::sql::{self, BinaryOp, Direction, Expr, OrderTerm, UnaryOp};
use crate::types::Value;

impl<M: Model> Select<M> {
    /// The position of one of its rows, for [`page_after`](Select::page_after).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let by_day = Order::select().order_by(Order::day.desc());
    /// let last = Order::find(2, &engine).await?.expect("it is in the shop");
    /// let after = by_day.clone().page_after(&by_day.cursor(&last)?).all(&engine).await?;
    /// assert_eq!(after[0].id, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Syntax`](ErrorKind::Syntax) where the order is not by the model's own columns.
    pub fn cursor(&self, row: &M) -> Result<Cursor> {
        let order = self.key_order()?;
        let values = order.iter().map(|&(column, _)| row.bind(column).to_owned()).collect();
        Ok(Cursor { order: fingerprint(&definitions::<M>(&order)), values })
    }

    /// Reads what [`Cursor::token`] wrote of a position in the order of this SELECT: a link to the next page.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let query = Order::select().order_by(Order::price);
    /// let last = query.clone().first_page().limit(1).one(&engine).await?;
    /// let token = query.cursor(&last)?.token()?; // Part of the link to the next page.
    ///
    /// let cursor = query.cursor_from(&token)?;
    /// assert_eq!(query.clone().page_after(&cursor).limit(1).one(&engine).await?.price, 3000);
    /// assert_eq!(query.cursor_from("1~nonsense").unwrap_err().kind(), ErrorKind::InvalidValue);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`InvalidValue`](ErrorKind::InvalidValue) where the text is no position in this order: of another SELECT, or changed on its
    /// way; [`Syntax`](ErrorKind::Syntax) as [`cursor`](Select::cursor).
    pub fn cursor_from(&self, token: &str) -> Result<Cursor> {
        Cursor::parse(token, &definitions::<M>(&self.key_order()?))
    }

    /// Only the rows after this position. The order is that of [`order_by`](Select::order_by), and the primary key decides
    /// where rows are equal in it: so each row comes once, whatever is inserted or deleted between two pages.
    ///
    /// The next page begins after the last row of this one:
    /// `query.clone().page_after(&query.cursor(last)?).limit(20)`. Rows of the first page are taken by
    /// [`first_page`](Select::first_page), which sorts alike.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let query = Order::select().order_by(Order::item.desc());
    /// let mut ids = Vec::new();
    /// let mut page = query.clone().first_page().limit(2).all(&engine).await?;
    /// while let Some(last) = page.last() {
    ///     ids.extend(page.iter().map(|order| order.id));
    ///     page = query.clone().page_after(&query.cursor(last)?).limit(2).all(&engine).await?;
    /// }
    /// assert_eq!(ids, [3, 1, 2]); // The key sorts the two lamps, downwards as the column before it.
    /// # Ok(())
    /// # }
    /// ```
    pub fn page_after(mut self, cursor: &Cursor) -> Select<M> {
        match self.key_order() {
            Ok(order) if fingerprint(&definitions::<M>(&order)) == cursor.order => {
                let condition = behind::<M>(&order, &cursor.values);
                self = self.first_page();
                self.tree_mut().add_filter(condition);
            }
            Ok(_) => self.tree_mut().misused("the cursor belongs to a SELECT with another order".into()),
            Err(error) => self.tree_mut().misused(error.to_string()),
        }
        self
    }

    /// Sorted by the primary key as well, where rows are equal in the order given.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let page = Order::select().order_by(Order::item).first_page().limit(2).all(&engine).await?;
    /// assert_eq!(page.iter().map(|order| order.id).collect::<Vec<_>>(), [2, 1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn first_page(mut self) -> Select<M> {
        match self.key_order() {
            Ok(order) => {
                let terms = order.into_iter().map(|(column, direction)| term::<M>(column, direction)).collect();
                let tree = self.tree_mut();
                tree.set_order(terms);
            }
            Err(error) => self.tree_mut().misused(error.to_string()),
        }
        self
    }

    /// The columns it is sorted by, and then those of the primary key that are not among them.
    fn key_order(&self) -> Result<Vec<(u16, Direction)>> {
        let table = M::table();
        if self.tree().has_distinct_on() {
            let message = "pages of `distinct_on` would begin among the rows that it leaves out: number the rows by `row_number()` in a subquery, and filter by 1";
            return Err(Error::new(ErrorKind::Syntax, message).with_table(table.name));
        }
        // Of a UNION, a column of the subquery that it stands in.
        let columns: Vec<Expr> =
            (0..).zip(table.columns).map(|(index, _)| self.tree().seen(column_of::<M>(index))).collect();
        let mut order = Vec::new();
        for term in self.tree().order() {
            let place = columns.iter().position(|column| column.is_same_as(&term.expr));
            let Some(index) = place.and_then(|place| u16::try_from(place).ok()) else {
                let message = "pages are cut by the model's own columns: sort by them, and by nothing computed";
                return Err(Error::new(ErrorKind::Syntax, message).with_table(table.name));
            };
            order.push((index, term.direction));
        }
        let direction = order.last().map_or(Direction::Ascending, |(_, direction)| *direction);
        for &key in table.primary_key {
            if !order.iter().any(|(column, _)| *column == key) {
                order.push((key, direction));
            }
        }
        Ok(order)
    }
}

/// The columns of an order, as the model describes them.
fn definitions<M: Model>(order: &[(u16, Direction)]) -> Vec<(&'static ColumnDef, Direction)> {
    let definition = |&(column, direction): &(u16, Direction)| Some((M::table().column(column)?, direction));
    order.iter().filter_map(definition).collect()
}

fn term<M: Model>(column: u16, direction: Direction) -> OrderTerm {
    OrderTerm::new(column_of::<M>(column), direction)
}

fn column_of<M: Model>(index: u16) -> Expr {
    Expr::Column(sql::ColumnRef { table: sql::TableRef::new(M::table()), index })
}

/// The condition that a row comes after these values: it is after them in one column, and equal in those before it.
fn behind<M: Model>(order: &[(u16, Direction)], values: &[Value]) -> Expr {
    let mut ways = Vec::new();
    for (place, (&(column, direction), value)) in order.iter().zip(values).enumerate() {
        let Some(further) = further::<M>(column, direction, value) else { continue };
        let before = order.iter().zip(values).take(place);
        let mut conditions: Vec<Expr> = before.map(|(&(column, _), value)| equals::<M>(column, value)).collect();
        conditions.push(further);
        ways.push(Expr::All(conditions));
    }
    Expr::Any(ways)
}

/// The condition that a column is after a value; `None` where none is. NULL stands last going up and first going down.
fn further<M: Model>(index: u16, direction: Direction, value: &Value) -> Option<Expr> {
    let column = column_of::<M>(index);
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

fn equals<M: Model>(index: u16, value: &Value) -> Expr {
    let column = column_of::<M>(index);
    match value {
        Value::Null => Expr::unary(UnaryOp::IsNull, column),
        value => Expr::binary(BinaryOp::Eq, column.clone(), bound(&column, value)),
    }
}

fn bound(column: &Expr, value: &Value) -> Expr {
    Expr::value(value.clone(), column.ty().unwrap_or(crate::types::ColumnType::TEXT))
}

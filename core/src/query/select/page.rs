//! Keyset pagination: the rows after a row, in an order.

use super::cursor::Cursor;
use super::key_order::KeyOrder;
use super::select::Select;
use crate::error::Result;
use crate::model::Model;

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
    /// [`Syntax`](crate::ErrorKind::Syntax) where the order is not by the model's own columns.
    pub fn cursor(&self, row: &M) -> Result<Cursor> {
        let order = KeyOrder::of(self.tree(), M::table())?;
        let values = order.columns().map(|column| row.bind(column).to_owned()).collect();
        Ok(order.cursor(values))
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
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue) where the text is no position in this order: of another SELECT, or changed on its
    /// way; [`Syntax`](crate::ErrorKind::Syntax) as [`cursor`](Select::cursor).
    pub fn cursor_from(&self, token: &str) -> Result<Cursor> {
        KeyOrder::of(self.tree(), M::table())?.parse(token)
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
        KeyOrder::start_after(self.tree_mut(), M::table(), cursor);
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
        KeyOrder::sort(self.tree_mut(), M::table());
        self
    }
}

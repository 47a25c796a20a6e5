//! The rows that belong to one row, as a condition.

use crate::model::{Cardinality, Model, Relation};
use crate::query::expr::Expr;
use crate::query::select::equal;
use crate::sql::{self, DeletedRows, Item, Source, TableRef};
use crate::types::ValueRef;

impl<F: Model, T: Model, C: Cardinality> Relation<F, T, C> {
    /// The condition that a row belongs to this one, for any statement about the related table. No row belongs to one whose key is NULL.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let ada = User::find(1, &engine).await?.expect("she is in the shop");
    /// let paid = update::<Order>().set(Order::paid, true).filter(User::orders.of(&ada)).exec(&engine).await?;
    /// assert_eq!(paid, 2);
    /// assert_eq!(delete::<Order>().filter(User::orders.of(&ada)).exec(&engine).await?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn of(self, row: &F) -> Expr<bool> {
        let link = self.link();
        let to = TableRef::new(T::table());
        let values = link.from.iter().map(|&column| row.bind(column));
        if values.clone().any(ValueRef::is_null) {
            return Expr::new(sql::Expr::Any(Vec::new()));
        }
        let equals = |table, columns: &'static [u16]| {
            let pairs = columns.iter().zip(values);
            let all = pairs.map(|(&column, value)| sql::Expr::column_equals(table, column, value.to_owned()));
            all.reduce(sql::Expr::and).unwrap_or(sql::Expr::All(Vec::new()))
        };
        let Some(through) = link.through else { return Expr::new(equals(T::table(), link.to)) };
        let between = TableRef::new((through.table)());
        let mut select = sql::Select::of(vec![Item::Expr(sql::Expr::count_rows())]);
        select.set_deleted(DeletedRows::AsAround);
        select.set_from(Source::Table(between));
        if let Some(misuse) = link.goes_through_an_end(F::table(), T::table()) {
            select.misused(misuse);
        }
        select.add_filter(equal((between, through.to), (to, link.to)));
        select.add_filter(equals((through.table)(), through.from));
        Expr::new(sql::Expr::Exists(Box::new(select)))
    }
}

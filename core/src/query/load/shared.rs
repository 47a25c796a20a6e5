//! Related rows that those share which they belong to.

use std::marker::PhantomData;

use super::related_rows::RelatedRows;
use crate::model::{Cardinality, Model, Relation, Shared, ToOne};

impl<F: Model, T: Model, C: Cardinality> Relation<F, T, C> {
    /// The related row as an `Arc`, which all rows share that it belongs to: it is decoded once, and what is loaded beneath it is
    /// loaded once.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::sync::Arc;
    ///
    /// let orders: Vec<(Order, Arc<User>)> =
    ///     Order::select().order_by(Order::id).with(Order::user.shared()).all(&engine).await?;
    /// assert!(Arc::ptr_eq(&orders[0].1, &orders[1].1)); // Both are Ada's.
    /// # Ok(())
    /// # }
    /// ```
    pub fn shared(self) -> RelatedRows<F, T, Shared<C>>
    where
        C: ToOne,
    {
        RelatedRows::of(self).shared()
    }
}

impl<F: Model, T: Model, C: Cardinality, R: Send + 'static, L> RelatedRows<F, T, C, R, L> {
    /// The related row, with what is loaded beneath it, as an `Arc` which all rows share that it belongs to.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::sync::Arc;
    ///
    /// let names = Order::user.filter(User::age.lt(40)).select(User::name).shared();
    /// let orders: Vec<(Order, Option<Arc<String>>)> =
    ///     Order::select().order_by(Order::id).with(names).all(&engine).await?;
    /// assert_eq!(orders.iter().map(|(_, name)| name.is_some()).collect::<Vec<_>>(), [true, true, false]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn shared(self) -> RelatedRows<F, T, Shared<C>, R, L>
    where
        C: ToOne,
    {
        let RelatedRows { link, rows, several, each, .. } = self;
        RelatedRows { link, rows, several, each, of: PhantomData }
    }
}

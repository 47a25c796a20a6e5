//! The rows of several SELECTs put together.

use super::select::Select;
use crate::sql::{Repeats, SetOp};

impl<R: Send + 'static> Select<R> {
    /// The rows of either SELECT; equal ones count once.
    ///
    /// ```
    /// use creole::prelude::*;
    ///
    /// #[derive(Model)]
    /// #[model(table = "numbers")]
    /// struct Number {
    ///     #[model(primary_key)]
    ///     n: i64,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Number]).await?;
    /// # insert_all(&[1, 2, 3, 4].map(|n| Number { n })).exec(&engine).await?;
    /// let up_to = |most: i64| select(Number::n).filter(Number::n.le(most));
    /// let ends = up_to(1).union(select(Number::n).filter(Number::n.ge(4))).order_by(Number::n);
    /// assert_eq!(ends.all(&engine).await?, [1, 4]);
    /// assert_eq!(up_to(3).except(up_to(2)).all(&engine).await?, [3]);
    /// assert_eq!(up_to(3).union_all(up_to(2)).count(&engine).await?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn union(self, other: Select<R>) -> Select<R> {
        self.combined(SetOp::Union, Repeats::Dropped, other)
    }

    /// The rows of either SELECT.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let (names, items) = (select(User::name), select(Order::item));
    /// assert_eq!(names.union_all(items).count(&engine).await?, 6);
    /// # Ok(())
    /// # }
    /// ```
    pub fn union_all(self, other: Select<R>) -> Select<R> {
        self.combined(SetOp::Union, Repeats::Kept, other)
    }

    /// The rows of both SELECTs; equal ones count once.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let (all, buyers) = (select(User::id), select(Order::user_id));
    /// assert_eq!(all.intersect(buyers).order_by(User::id).all(&engine).await?, [1, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn intersect(self, other: Select<R>) -> Select<R> {
        self.combined(SetOp::Intersect, Repeats::Dropped, other)
    }

    /// The rows of both SELECTs; one that occurs several times in both, as often as in the one where it is rarer. SQLite has
    /// no such operator.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let error = select(User::id).intersect_all(select(Order::user_id)).all(&engine).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Unsupported); // SQLite; the other databases answer 1 and 2.
    /// # Ok(())
    /// # }
    /// ```
    pub fn intersect_all(self, other: Select<R>) -> Select<R> {
        self.combined(SetOp::Intersect, Repeats::Kept, other)
    }

    /// The rows of this SELECT that the other lacks; equal ones count once.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let (all, buyers) = (select(User::id), select(Order::user_id));
    /// assert_eq!(all.except(buyers).all(&engine).await?, [3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn except(self, other: Select<R>) -> Select<R> {
        self.combined(SetOp::Except, Repeats::Dropped, other)
    }

    /// The rows of this SELECT without those of the other, as often as they occur. SQLite has no such operator.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let error = select(Order::user_id).except_all(select(User::id)).all(&engine).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Unsupported); // SQLite; the other databases answer 1, Ada's second order.
    /// # Ok(())
    /// # }
    /// ```
    pub fn except_all(self, other: Select<R>) -> Select<R> {
        self.combined(SetOp::Except, Repeats::Kept, other)
    }
}

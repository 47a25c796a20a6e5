//! Which rows an UPDATE or a DELETE is about, and how long it may run.

use crate::error::{Error, ErrorKind, Result};
use crate::sql::Target;

/// Which rows a statement is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    Filtered,
    All,
}

/// Refuses a statement that would touch every row because somebody forgot a filter.
pub(super) fn check_rows(verb: &str, rows: Rows, target: &Target) -> Result<()> {
    if target.is_filtered() || rows == Rows::All {
        return Ok(());
    }
    let message = format!("the {verb} has no filter: add `.filter(…)`, or `.all_rows()` where every row is meant");
    Err(Error::new(ErrorKind::Syntax, message).with_table(target.table().name))
}

/// The methods that say which rows a statement is about, alike for UPDATE and DELETE: a clause that both have is added here. What a
/// join means for each is said where it is used.
macro_rules! target_methods {
    (
        $Statement:ident,
        join: { $(#[$join:meta])* },
        left_join: { $(#[$left_join:meta])* },
    ) => {
        impl<M: $crate::model::Model> $Statement<M> {
            $(#[$join])*
            pub fn join(mut self, target: impl $crate::query::select::JoinTarget) -> $Statement<M> {
                self.tree.target_mut().add_joins(|select| target.join(select, $crate::sql::JoinKind::Inner));
                self
            }

            $(#[$left_join])*
            pub fn left_join(mut self, target: impl $crate::query::select::JoinTarget) -> $Statement<M> {
                self.tree.target_mut().add_joins(|select| target.join(select, $crate::sql::JoinKind::Left));
                self
            }

            /// With a common table expression, which the statement may then use as a source.
            ///
            /// ```
            /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> creole::Result<()> {
            /// # let engine = shop().await?;
            /// let dear = select(Order::id).filter(Order::price.gt(5000)).cte("dear");
            /// let is_dear = || Order::id.is_in(select(dear.col(Order::id)).from(&dear));
            /// let paid = update::<Order>().set(Order::paid, true).filter(is_dear()).with_cte(&dear);
/// assert_eq!(paid.exec(&engine).await?, 1);
            /// assert_eq!(delete::<Order>().filter(is_dear()).with_cte(&dear).exec(&engine).await?, 1);
            /// # Ok(())
            /// # }
            /// ```
            pub fn with_cte<S>(mut self, cte: &$crate::query::select::Cte<S>) -> $Statement<M> {
                self.tree.target_mut().add_cte(cte.node());
                self
            }

            /// Only rows for which this holds. Several filters must all hold. The table itself may stand in a subquery.
            ///
            /// ```
            /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> creole::Result<()> {
            /// # let engine = shop().await?;
            /// assert_eq!(update::<Order>().set(Order::paid, true).filter(Order::id.eq(2)).exec(&engine).await?, 1);
            /// assert_eq!(delete::<Order>().filter(Order::paid).exec(&engine).await?, 3);
            /// # Ok(())
            /// # }
            /// ```
            pub fn filter(mut self, condition: impl $crate::query::expr::Condition) -> $Statement<M> {
                self.tree.target_mut().add_filter(condition.condition());
                self
            }

            /// Only rows for which `condition` holds, where there is a value to make it from; else as it was. What is left without
            /// any filter is refused.
            ///
            /// ```
            /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> creole::Result<()> {
            /// # let engine = shop().await?;
            /// let only: Option<i64> = Some(2);
            /// let paid = update::<Order>().set(Order::paid, true).filter_some(only, |id| Order::id.eq(id));
            /// assert_eq!(paid.exec(&engine).await?, 1);
            /// let error = delete::<Order>().filter_some(None, |id: i64| Order::id.eq(id)).exec(&engine).await.unwrap_err();
            /// assert_eq!(error.kind(), ErrorKind::Syntax);
            /// # Ok(())
            /// # }
            /// ```
            pub fn filter_some<V, C: $crate::query::expr::Condition>(
                self,
                value: Option<V>,
                condition: impl FnOnce(V) -> C,
            ) -> $Statement<M> {
                match value {
                    Some(value) => self.filter(condition(value)),
                    None => self,
                }
            }

            /// Rows that are marked as deleted too, of the table, of what is joined to it, and in conditions on relations. Else they are
            /// left out. A subquery says it by itself.
            ///
            /// ```
            /// # use creole::prelude::*;
            /// # #[derive(Model, Debug, Clone, PartialEq)]
            /// # #[model(table = "notes")]
            /// # struct Note {
            /// #     #[model(primary_key)]
            /// #     id: i64,
            /// #     #[model(soft_delete)]
            /// #     deleted: bool,
            /// # }
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> creole::Result<()> {
            /// # let engine = Engine::connect("sqlite::memory:").await?;
            /// # engine.create_all(tables![Note]).await?;
            /// insert_all(&[1, 2].map(|id| Note { id, deleted: id == 1 })).exec(&engine).await?;
            /// let back = update::<Note>().set(Note::deleted, false).filter(Note::id.eq(1));
            /// assert_eq!(back.clone().exec(&engine).await?, 0);
            /// assert_eq!(back.with_deleted().exec(&engine).await?, 1);
            /// # Ok(())
            /// # }
            /// ```
            pub fn with_deleted(mut self) -> $Statement<M> {
                self.tree.target_mut().set_deleted($crate::sql::DeletedRows::Shown);
                self
            }

            /// Of the table only rows that are marked as deleted; of what is joined to it, and in conditions on relations, all of them. An
            /// error of kind [`Syntax`](crate::ErrorKind::Syntax) where the model marks none.
            ///
            /// ```
            /// # use creole::prelude::*;
            /// # #[derive(Model, Debug, Clone, PartialEq)]
            /// # #[model(table = "notes")]
            /// # struct Note {
            /// #     #[model(primary_key)]
            /// #     id: i64,
            /// #     #[model(soft_delete)]
            /// #     deleted: bool,
            /// # }
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> creole::Result<()> {
            /// # let engine = Engine::connect("sqlite::memory:").await?;
            /// # engine.create_all(tables![Note]).await?;
            /// insert_all(&[1, 2].map(|id| Note { id, deleted: id == 1 })).exec(&engine).await?;
            /// let back = update::<Note>().set(Note::deleted, false).only_deleted().all_rows();
            /// assert_eq!(back.exec(&engine).await?, 1);
            /// # Ok(())
            /// # }
            /// ```
            pub fn only_deleted(mut self) -> $Statement<M> {
                self.tree.target_mut().set_deleted($crate::sql::DeletedRows::Only(None));
                self
            }

            /// Every row of the table, and not by mistake.
            ///
            /// ```
            /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> creole::Result<()> {
            /// # let engine = shop().await?;
            /// assert_eq!(update::<Order>().set(Order::paid, true).all_rows().exec(&engine).await?, 3);
            /// assert_eq!(delete::<Order>().all_rows().exec(&engine).await?, 3);
            /// # Ok(())
            /// # }
            /// ```
            pub fn all_rows(mut self) -> $Statement<M> {
                self.rows = $crate::query::write::target::Rows::All;
                self
            }

            /// Limits how long the statement may run. One that runs longer is ended in the database too, and its error is
            /// [`StatementTimeout`](crate::ErrorKind::StatementTimeout). The database has then not changed anything, unless the
            /// error says that nobody knows.
            ///
            /// The time is the statement's own; waiting for a connection has a limit of its own,
            /// [`PoolOptions::acquire_timeout`](crate::pool::PoolOptions::acquire_timeout). What has no time left is not sent.
            ///
            /// ```
            /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> creole::Result<()> {
            /// # let engine = shop().await?;
            /// use std::time::Duration;
            ///
            /// let limit = Duration::from_secs(5);
            /// assert_eq!(update::<Order>().set(Order::paid, true).all_rows().timeout(limit).exec(&engine).await?, 3);
            /// assert_eq!(delete::<Order>().all_rows().timeout(limit).exec(&engine).await?, 3);
            /// # Ok(())
            /// # }
            /// ```
            pub fn timeout(mut self, limit: std::time::Duration) -> $Statement<M> {
                self.timeout = Some(limit);
                self
            }
        }

        impl<M> Clone for $Statement<M> {
            fn clone(&self) -> $Statement<M> {
                $Statement {
                    tree: self.tree.clone(),
                    rows: self.rows,
                    timeout: self.timeout,
                    model: std::marker::PhantomData,
                }
            }
        }

        impl<M> std::fmt::Debug for $Statement<M> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.tree.fmt(f)
            }
        }
    };
}

pub(super) use target_methods;

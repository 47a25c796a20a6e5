//! What `group_by` takes.

use crate::model::{Column, Model};
use crate::query::expr::{Expr, Expression};
use crate::sealed::Sealed;
use crate::sql;
use crate::tuples::for_each_tuple;
use crate::types::SqlType;

/// What `group_by` takes: a column, an expression, or a tuple of these.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::count;
///
/// let per_month = select((Order::day.year(), Order::day.month(), count(Order::id)));
/// let groups = per_month.group_by((Order::day.year(), Order::day.month())).all(&engine).await?;
/// assert_eq!(groups, [(2026, 3, 3)]);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "rows can't be grouped by `{Self}`",
    label = "expected a column, an expression or a tuple of these"
)]
pub trait GroupBy: Sealed {
    /// Adds the terms to a list.
    fn groups(self, groups: &mut Vec<sql::Expr>);
}

#[diagnostic::do_not_recommend]
impl<M: Model, T: SqlType> GroupBy for Column<M, T> {
    fn groups(self, groups: &mut Vec<sql::Expr>) {
        groups.push(self.node());
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> GroupBy for Expr<T> {
    fn groups(self, groups: &mut Vec<sql::Expr>) {
        groups.push(self.node());
    }
}

macro_rules! group {
    ($count:literal: $($part:ident $other:ident $place:tt),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: GroupBy),+> GroupBy for ($($part,)+) {
            fn groups(self, groups: &mut Vec<sql::Expr>) {
                $(self.$place.groups(groups);)+
            }
        }
    };
}

for_each_tuple!(group);

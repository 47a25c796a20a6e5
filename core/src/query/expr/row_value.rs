//! Row values: `(User::id, User::email)` compared as one.

use super::operand::Operand;
use super::operators::Base;
use super::operators::Expression;
use super::typed::Expr;
use crate::sealed::Sealed;
use crate::sql::{self, Membership};
use crate::tuples::for_each_tuple;

/// Several expressions side by side, to be looked for in a list of tuples.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::RowValue;
///
/// let wanted = [(1, "desk"), (2, "desk")];
/// assert_eq!(select(Order::id).filter((Order::user_id, Order::item).is_in(wanted)).all(&engine).await?, [2]);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no row value",
    label = "expected a tuple of two to sixteen columns or expressions"
)]
pub trait RowValue: Sealed + Sized {
    /// The nodes, side by side.
    fn nodes(self) -> Vec<sql::Expr>;

    /// Stands in the list, which may be as long as that of [`Expression::is_in`]. Nothing stands in an empty list; a row with a
    /// NULL in it stands in none.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::RowValue;
    ///
    /// let pair = (Order::user_id, Order::price);
    /// assert_eq!(select(Order::id).filter(pair.is_in([(1, 8000), (2, 2500)])).all(&engine).await?, [2, 3]);
    /// # Ok(())
    /// # }
    /// ```
    fn is_in<T: RowOperand<Self>>(self, list: impl IntoIterator<Item = T>) -> Expr<bool> {
        among(Membership::In, self.nodes(), list.into_iter().map(T::operands))
    }

    /// Does not stand in the list. Everything is outside an empty list.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::RowValue;
    ///
    /// let pair = (Order::user_id, Order::price);
    /// assert_eq!(select(Order::id).filter(pair.not_in([(1, 8000), (2, 2500)])).all(&engine).await?, [1]);
    /// # Ok(())
    /// # }
    /// ```
    fn not_in<T: RowOperand<Self>>(self, list: impl IntoIterator<Item = T>) -> Expr<bool> {
        among(Membership::NotIn, self.nodes(), list.into_iter().map(T::operands))
    }
}

/// What may stand in a list beside the row value `R`: a tuple of values of its types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't stand in a list beside this row value",
    label = "expected a tuple of as many values, of the same types"
)]
pub trait RowOperand<R>: Sealed {
    /// The nodes, side by side.
    fn operands(self) -> Vec<sql::Expr>;
}

fn among(membership: Membership, nodes: Vec<sql::Expr>, list: impl Iterator<Item = Vec<sql::Expr>>) -> Expr<bool> {
    let operand = sql::Expr::Row(nodes);
    let list = list.map(|values| sql::Expr::Row(values).typed_like(&operand)).collect();
    Expr::new(sql::Expr::InList { membership, operand: Box::new(operand), list })
}

macro_rules! row_value {
    ($count:literal: $($part:ident $value:ident $place:tt),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: Expression),+> RowValue for ($($part,)+) {
            fn nodes(self) -> Vec<sql::Expr> {
                vec![$(self.$place.node()),+]
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($part: Expression, $value: Operand<Base<$part>>),+> RowOperand<($($part,)+)> for ($($value,)+) {
            fn operands(self) -> Vec<sql::Expr> {
                vec![$(self.$place.operand()),+]
            }
        }
    };
}

for_each_tuple!(row_value from 2);

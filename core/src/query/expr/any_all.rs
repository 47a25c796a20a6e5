//! [`any_of`] and [`all_of`]: a comparison with many values at once.

use std::marker::PhantomData;

use super::operand::Operand;
use super::operators::Expression;
use super::typed::Expr;
use crate::model::{Column, Model};
use crate::query::select::Select;
use crate::sealed::{Seal, Sealed};
use crate::sql::{self, Quantifier};
use crate::types::{Element, Nullable, SqlType, SqlValue};

/// Many values, for the right side of a comparison.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::any_of;
///
/// let prices_of_bob = any_of(select(Order::price).filter(Order::user_id.eq(2)));
/// assert_eq!(select(Order::id).filter(Order::price.eq(prices_of_bob)).all(&engine).await?, [3]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Quantified<B> {
    node: sql::Quantified,
    of: PhantomData<fn() -> B>,
}

/// Makes a comparison hold where it holds for at least one value: `User::age.gt(any_of(select(…)))`. It is false where
/// there are no values, and unknown where it would take a NULL among them to tell.
///
/// The values are those of a SELECT of one column, on PostgreSQL also the elements of an array.
///
/// # Errors
/// A statement in which it stands elsewhere than on the right of `eq`, `ne`, `lt`, `le`, `gt` or `ge` is refused before it is
/// sent. On SQLite, so is an aggregate on the left, but of `eq`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::any_of;
///
/// // Orders that cost more than some lamp.
/// let lamps = select(Order::price).filter(Order::item.eq("lamp"));
/// let dear = select(Order::id).filter(Order::price.gt(any_of(lamps))).order_by(Order::id);
/// assert_eq!(dear.all(&engine).await?, [1, 2]);
/// # Ok(())
/// # }
/// ```
pub fn any_of<S: Several>(values: S) -> Quantified<S::Item> {
    Quantified::new(Quantifier::Any, values)
}

/// Makes a comparison hold where it holds for each value, as it does where there are none. It is unknown where it would take
/// a NULL among them to tell. See [`any_of`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::all_of;
///
/// // Orders that cost more than every lamp.
/// let lamps = select(Order::price).filter(Order::item.eq("lamp"));
/// let dearest = select(Order::id).filter(Order::price.gt(all_of(lamps)));
/// assert_eq!(dearest.all(&engine).await?, [2]);
/// # Ok(())
/// # }
/// ```
pub fn all_of<S: Several>(values: S) -> Quantified<S::Item> {
    Quantified::new(Quantifier::All, values)
}

/// What [`any_of`] and [`all_of`] take: a SELECT of one column, or an array.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not many values",
    label = "expected a SELECT of one column, or an array of the database's",
    note = "a list of values is compared by `is_in` and `not_in`"
)]
pub trait Several: Sealed {
    /// The type of one of them, where it is not NULL.
    type Item: SqlValue;

    /// The values in the untyped tree.
    fn several(self) -> sql::Several;
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Several for Select<T> {
    type Item = T::Base;

    fn several(self) -> sql::Several {
        sql::Several::Select(Box::new(self.into_tree()))
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, A: SqlType<Base = Vec<T>>, T: Element> Several for Column<M, A> {
    type Item = T::Base;

    fn several(self) -> sql::Several {
        sql::Several::Array(self.node())
    }
}

#[diagnostic::do_not_recommend]
impl<A: SqlType<Base = Vec<T>>, T: Element> Several for Expr<A> {
    type Item = T::Base;

    fn several(self) -> sql::Several {
        sql::Several::Array(self.node())
    }
}

impl<B> Quantified<B> {
    fn new(quantifier: Quantifier, values: impl Several) -> Quantified<B> {
        Quantified { node: sql::Quantified { quantifier, of: values.several() }, of: PhantomData }
    }
}

#[diagnostic::do_not_recommend]
impl<B: SqlValue> Operand<B> for Quantified<B> {
    fn seal(_: Seal) {}

    type Null = Nullable;

    fn operand(self) -> sql::Expr {
        sql::Expr::Quantified(Box::new(self.node))
    }
}

//! What `order_by` takes.

use crate::model::{Column, Model};
use crate::query::expr::{Aggregate, Expr, Expression};
use crate::sealed::Sealed;
use crate::sql::{self, Direction, OrderTerm};
use crate::tuples::for_each_tuple;
use crate::types::SqlType;

/// An expression with a direction: `User::id.desc()`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::Order as Sorted;
///
/// /// The order that a user chose.
/// fn sorted(by_age: &str) -> Sorted {
///     if by_age == "desc" { User::age.desc() } else { User::age.asc() }
/// }
///
/// assert_eq!(select(User::name).order_by(sorted("asc")).first(&engine).await?, Some("Ada".to_owned()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Order {
    term: OrderTerm,
}

impl Sealed for Order {}

/// What `order_by` takes: a column, an expression, one with a direction, or a tuple of up to sixteen of these.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let orders = select(Order::id).order_by((Order::item, Order::price.desc(), Order::id));
/// assert_eq!(orders.all(&engine).await?, [2, 1, 3]);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "rows can't be sorted by `{Self}`",
    label = "expected a column, `column.desc()` or a tuple of these"
)]
pub trait OrderBy: Sealed {
    /// Adds the terms to a list.
    fn terms(self, terms: &mut Vec<OrderTerm>);
}

impl Order {
    pub(in crate::query) fn new(expr: sql::Expr, direction: Direction) -> Order {
        Order { term: OrderTerm::new(expr, direction) }
    }

    pub(in crate::query) fn into_term(self) -> OrderTerm {
        self.term
    }
}

#[diagnostic::do_not_recommend]
impl OrderBy for Order {
    fn terms(self, terms: &mut Vec<OrderTerm>) {
        terms.push(self.term);
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, T: SqlType> OrderBy for Column<M, T> {
    fn terms(self, terms: &mut Vec<OrderTerm>) {
        terms.push(self.asc().term);
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> OrderBy for Expr<T> {
    fn terms(self, terms: &mut Vec<OrderTerm>) {
        terms.push(self.asc().term);
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> OrderBy for Aggregate<T> {
    fn terms(self, terms: &mut Vec<OrderTerm>) {
        terms.push(self.asc().term);
    }
}

macro_rules! order {
    ($count:literal: $($part:ident $other:ident $place:tt),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: OrderBy),+> OrderBy for ($($part,)+) {
            fn terms(self, terms: &mut Vec<OrderTerm>) {
                $(self.$place.terms(terms);)+
            }
        }
    };
}

for_each_tuple!(order);

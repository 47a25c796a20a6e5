//! [`Interpolate`]: what may stand in the braces of a raw text.

use std::borrow::Cow;
use std::marker::PhantomData;

use super::raw::Raw;
use crate::model::{All, Column, Model};
use crate::query::expr::{Aggregate, Expr, Expression};
use crate::query::select::AllOf;
use crate::query::select::{Alias, Select};
use crate::sealed::Seal;
use crate::sql::{self, RawPart, TableRef};
use crate::types::{SqlType, SqlValue};

/// What may stand in the braces of `sql!`: a value, an `Option` of one, a column, an expression, a table, `Model::ALL`, a
/// SELECT, a name, or another raw text. `Kind` is found by the compiler.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let (least, of_ada) = (2600, select(Order::id).filter(Order::user_id.eq(1)));
/// let text = sql!("select item from orders where {Order::price} > {least} and id in ({of_ada}) order by id");
/// assert_eq!(text.scalars::<String>().all(&engine).await?, ["lamp", "desk"]);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't stand in the braces of `sql!`",
    label = "expected a value that a column can hold, a column, an expression, a table, `Model::ALL`, a SELECT, an `Ident` or another `sql!`",
    note = "several values take two points: `{{..list}}`"
)]
pub trait Interpolate<Kind> {
    #[doc(hidden)]
    fn seal(_: Seal);

    /// What it is in the untyped tree.
    fn part(&self) -> RawPart;
}

/// The kind of values that are kept as a `B`.
#[derive(Debug)]
pub struct Bound<B>(PhantomData<B>);

/// The kind of what is part of the tree.
#[derive(Debug)]
pub enum Node {}

#[diagnostic::do_not_recommend]
impl<B: SqlValue> Interpolate<Bound<B>> for B {
    fn seal(_: Seal) {}

    fn part(&self) -> RawPart {
        RawPart::Expr(value(self))
    }
}

#[diagnostic::do_not_recommend]
impl<B: SqlValue> Interpolate<Bound<B>> for &B {
    fn seal(_: Seal) {}

    fn part(&self) -> RawPart {
        RawPart::Expr(value(*self))
    }
}

#[diagnostic::do_not_recommend]
impl<B: SqlValue> Interpolate<Bound<B>> for Option<B> {
    fn seal(_: Seal) {}

    fn part(&self) -> RawPart {
        RawPart::Expr(value(self))
    }
}

#[diagnostic::do_not_recommend]
impl<B: SqlValue> Interpolate<Bound<B>> for &Option<B> {
    fn seal(_: Seal) {}

    fn part(&self) -> RawPart {
        RawPart::Expr(value(*self))
    }
}

macro_rules! texts {
    ($($text:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Interpolate<Bound<String>> for $text {
            fn seal(_: Seal) {}

            fn part(&self) -> RawPart {
                RawPart::Expr(value::<String>(&self.to_string()))
            }
        }

        #[diagnostic::do_not_recommend]
        impl Interpolate<Bound<String>> for Option<$text> {
            fn seal(_: Seal) {}

            fn part(&self) -> RawPart {
                RawPart::Expr(value::<Option<String>>(&self.as_ref().map(ToString::to_string)))
            }
        }
    )*};
}

texts!(&str, &&str, Cow<'_, str>);

impl<M: Model, T: SqlType> Interpolate<Node> for Column<M, T> {
    fn seal(_: Seal) {}

    fn part(&self) -> RawPart {
        RawPart::Expr(self.node())
    }
}

impl<T: SqlType> Interpolate<Node> for Expr<T> {
    fn seal(_: Seal) {}

    fn part(&self) -> RawPart {
        RawPart::Expr(self.clone().node())
    }
}

impl<T: SqlType> Interpolate<Node> for Aggregate<T> {
    fn seal(_: Seal) {}

    fn part(&self) -> RawPart {
        RawPart::Expr(self.clone().node())
    }
}

impl<M: Model> Interpolate<Node> for Alias<M> {
    fn seal(_: Seal) {}

    fn part(&self) -> RawPart {
        RawPart::Table(self.table)
    }
}

impl<M: Model> Interpolate<Node> for All<M> {
    fn seal(_: Seal) {}

    fn part(&self) -> RawPart {
        RawPart::Columns(TableRef::new(M::table()))
    }
}

impl<M: Model> Interpolate<Node> for AllOf<M> {
    fn seal(_: Seal) {}

    fn part(&self) -> RawPart {
        RawPart::Columns(self.table())
    }
}

impl<R: Send + 'static> Interpolate<Node> for Select<R> {
    fn seal(_: Seal) {}

    fn part(&self) -> RawPart {
        RawPart::Select(Box::new(self.tree().clone()))
    }
}

impl Interpolate<Node> for Raw {
    fn seal(_: Seal) {}

    fn part(&self) -> RawPart {
        RawPart::Raw(Box::new(self.tree().clone()))
    }
}

/// A value that says its own type, as wide as computing with it takes.
fn value<T: SqlType>(value: &T) -> sql::Expr {
    sql::arithmetic::operand(sql::Expr::value(value.bind().to_owned(), T::TYPE))
}

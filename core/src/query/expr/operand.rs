//! [`Operand`]: what may stand on the right of an operator.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::aggregate::Aggregate;
use super::operators::Expression;
use super::typed::Expr;
use crate::model::{Column, Model};
use crate::sealed::Seal;
use crate::sql;
use crate::types::{NotNull, Nullability, Nullable, SqlType, SqlValue, Value};

/// What may stand beside an expression of type `B`: a value, an `Option` of one, a column or an expression.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// // A value, an expression, a column, and an `Option` that is none.
/// assert!(Order::select().filter(Order::price.eq(2500)).exists(&engine).await?);
/// assert!(Order::select().filter(Order::price.gt(Order::id * 2000)).exists(&engine).await?);
/// assert!(!Order::select().filter(Order::user_id.gt(Order::id)).exists(&engine).await?);
/// assert!(User::select().filter(User::age.eq(None)).exists(&engine).await?);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't stand beside an expression of type `{B}`",
    label = "expected a `{B}` value, `Option<{B}>`, column or expression",
    note = "instead of an `Option<&str>`, pass the `Option<String>` itself, by value or by reference, or `.map(String::from)` of it"
)]
pub trait Operand<B: SqlValue> {
    #[doc(hidden)]
    fn seal(_: Seal);

    /// Whether it can be NULL.
    type Null: Nullability;

    /// The untyped node.
    fn operand(self) -> sql::Expr;
}

#[diagnostic::do_not_recommend]
impl<B: SqlValue> Operand<B> for B {
    fn seal(_: Seal) {}

    type Null = NotNull;

    fn operand(self) -> sql::Expr {
        value(&self)
    }
}

#[diagnostic::do_not_recommend]
impl<B: SqlValue> Operand<B> for &B {
    fn seal(_: Seal) {}

    type Null = NotNull;

    fn operand(self) -> sql::Expr {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<B: SqlValue> Operand<B> for Option<B> {
    fn seal(_: Seal) {}

    type Null = Nullable;

    fn operand(self) -> sql::Expr {
        value(&self)
    }
}

#[diagnostic::do_not_recommend]
impl<B: SqlValue> Operand<B> for &Option<B> {
    fn seal(_: Seal) {}

    type Null = Nullable;

    fn operand(self) -> sql::Expr {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, T: SqlType> Operand<T::Base> for Column<M, T> {
    fn seal(_: Seal) {}

    type Null = T::Null;

    fn operand(self) -> sql::Expr {
        self.node()
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Operand<T::Base> for Expr<T> {
    fn seal(_: Seal) {}

    type Null = T::Null;

    fn operand(self) -> sql::Expr {
        self.into_node()
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Operand<T::Base> for Aggregate<T> {
    fn seal(_: Seal) {}

    type Null = T::Null;

    fn operand(self) -> sql::Expr {
        self.node()
    }
}

macro_rules! texts {
    ($($text:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Operand<String> for $text {
            fn seal(_: Seal) {}

            type Null = NotNull;

            fn operand(self) -> sql::Expr {
                sql::Expr::value(Value::Text(self.to_string()), <String as SqlType>::TYPE)
            }
        }
    )*};
}

texts!(&str, &&str, Cow<'_, str>);

macro_rules! whole_numbers {
    ($($number:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Operand<Decimal> for $number {
            fn seal(_: Seal) {}

            type Null = NotNull;

            fn operand(self) -> sql::Expr {
                value(&Decimal::from(self))
            }
        }
    )*};
}

whole_numbers!(i32, i64, u32, u64);

fn value<T: SqlType>(value: &T) -> sql::Expr {
    sql::Expr::value(value.bind().to_owned(), T::TYPE)
}

//! Functions of several expressions.

use super::operand::Operand;
use super::operators::Base;
use super::operators::Expression;
use super::typed::Expr;
use crate::query::select::Cell;
use crate::sealed::{Seal, Sealed};
use crate::sql::{self, Function};
use crate::tuples::for_each_tuple;
use crate::types::{Nullability, Nullable, Ordered, SqlType, SqlValue};

/// Whether an expression can be NULL, as a type.
type Null<E> = <<E as Expression>::Type as SqlType>::Null;

/// What is read where a value comes from `E` or else from `R`: `Option` only where both may be NULL.
type OrElse<E, R> = <<Null<E> as Nullability>::And<<R as Operand<Base<E>>>::Null> as Nullability>::Sql<Base<E>>;

/// The first of the two that is not NULL.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::coalesce;
///
/// let ages = select(coalesce(User::age, 0)).order_by(User::id).all(&engine).await?;
/// assert_eq!(ages, [36, 41, 0]);
/// # Ok(())
/// # }
/// ```
pub fn coalesce<E: Expression, R: Operand<Base<E>>>(first: E, second: R) -> Expr<OrElse<E, R>> {
    Expr::new(sql::Expr::call(Function::Coalesce, [first.node(), second.operand()]))
}

/// The first, or NULL where it is equal to the second.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::nullif;
///
/// let names = select(nullif(User::name, "Bob")).order_by(User::id).all(&engine).await?;
/// assert_eq!(names[1], None);
/// # Ok(())
/// # }
/// ```
pub fn nullif<E: Expression, R: Operand<Base<E>>>(
    first: E,
    second: R,
) -> Expr<<Nullable as Nullability>::Sql<Base<E>>> {
    Expr::new(sql::Expr::call(Function::NullIf, [first.node(), second.operand()]))
}

/// The greater of the two; where one is NULL, the other.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::greatest;
///
/// let at_least = select(greatest(Order::price, 3000)).order_by(Order::id).all(&engine).await?;
/// assert_eq!(at_least, [3000, 8000, 3000]);
/// # Ok(())
/// # }
/// ```
pub fn greatest<E: Expression, R: Operand<Base<E>>>(first: E, second: R) -> Expr<OrElse<E, R>>
where
    Base<E>: Ordered,
{
    Expr::new(sql::Expr::call(Function::Greatest, [first.node(), second.operand()]))
}

/// The lesser of the two; where one is NULL, the other.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::least;
///
/// assert_eq!(select(least(User::age, 40)).order_by(User::id).all(&engine).await?, [36, 40, 40]);
/// # Ok(())
/// # }
/// ```
pub fn least<E: Expression, R: Operand<Base<E>>>(first: E, second: R) -> Expr<OrElse<E, R>>
where
    Base<E>: Ordered,
{
    Expr::new(sql::Expr::call(Function::Least, [first.node(), second.operand()]))
}

/// The present instant, by the database's clock. All of a statement's are the same.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::database_now;
///
/// let now = select(database_now()).one(&engine).await?;
/// assert!((now - creole::types::now()).num_minutes().abs() < 2);
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "chrono")]
pub fn database_now() -> Expr<::chrono::DateTime<::chrono::Utc>> {
    Expr::new(sql::Expr::call(Function::Now, []))
}

/// A value as an expression: `val(1)`, `val("a")`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::val;
///
/// let rows = select((User::name, val("user"))).filter(User::id.eq(1)).all(&engine).await?;
/// assert_eq!(rows, [("Ada".to_owned(), "user".to_owned())]);
/// # Ok(())
/// # }
/// ```
pub fn val<C: Cell>(value: C) -> Expr<C::Type> {
    Expr::new(sql::arithmetic::operand(sql::Expr::value(value.value(), C::Type::TYPE)))
}

/// A function that only the database knows, by its name: `func::<f64>("pg_catalog.log", (Product::weight,))`. The program
/// answers for the type.
///
/// Nothing but a name gets into the statement's text: letters, digits, `_`, and a point between schema and name.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::func;
///
/// let hexed = select(func::<String>("hex", (User::name,))).filter(User::id.eq(1)).one(&engine).await?;
/// assert_eq!(hexed, "416461");
/// # Ok(())
/// # }
/// ```
pub fn func<T: SqlType>(name: &'static str, arguments: impl Arguments) -> Expr<T> {
    let mut nodes = Vec::new();
    arguments.nodes(&mut nodes);
    let arguments = nodes.into_iter().map(sql::arithmetic::operand).collect();
    Expr::new(sql::Expr::Custom { name, arguments, ty: T::TYPE })
}

/// What [`func`] is given: a tuple of expressions.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{func, val};
///
/// let arguments = (Order::item, "m", val("n"));
/// let items = select(func::<String>("replace", arguments)).filter(Order::id.eq(1)).all(&engine).await?;
/// assert_eq!(items, ["lanp"]);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no arguments",
    label = "expected a tuple of expressions, such as `(User::name,)`",
    note = "a text may stand in it as it is, `(User::name, \"a\")`; another value is made an expression by `val(…)`"
)]
pub trait Arguments: Sealed {
    /// Adds the nodes to a list.
    fn nodes(self, nodes: &mut Vec<sql::Expr>);
}

impl Arguments for () {
    fn nodes(self, _: &mut Vec<sql::Expr>) {}
}

/// What a function is given: an expression, or a `&str`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no argument of a function",
    label = "expected an expression or a `&str`",
    note = "a value is made an expression by `val(…)`"
)]
pub trait Argument {
    #[doc(hidden)]
    fn seal(_: Seal);

    /// The node.
    fn argument(self) -> sql::Expr;
}

#[diagnostic::do_not_recommend]
impl<E: Expression> Argument for E {
    fn seal(_: Seal) {}

    fn argument(self) -> sql::Expr {
        self.node()
    }
}

impl Argument for &str {
    fn seal(_: Seal) {}

    fn argument(self) -> sql::Expr {
        val(self).node()
    }
}

macro_rules! arguments {
    ($count:literal: $($part:ident $other:ident $place:tt),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: Argument),+> Arguments for ($($part,)+) {
            fn nodes(self, nodes: &mut Vec<sql::Expr>) {
                $(nodes.push(self.$place.argument());)+
            }
        }
    };
}

for_each_tuple!(arguments);

/// Says that a value of this type has an exact, or nearest, value of type `T`, the same on every database.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let prices = select(Order::price.cast::<String>()).order_by(Order::id).all(&engine).await?;
/// assert_eq!(prices, ["3000", "8000", "2500"]);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be cast to `{T}` with one meaning on every database",
    label = "no such cast",
    note = "integers cast to i64, f64, Decimal and String; bool to i64; f32 and Decimal to f64; of dates and times there are the parts as numbers, such as `year()` and `hour()`"
)]
pub trait CastTo<T: SqlValue>: SqlValue {}

macro_rules! casts {
    ($($from:ty => $($to:ty),+;)*) => {$($(
        impl CastTo<$to> for $from {}
    )+)*};
}

casts! {
    bool => i64;
    i8 => i64, f64, rust_decimal::Decimal, String;
    i16 => i64, f64, rust_decimal::Decimal, String;
    i32 => i64, f64, rust_decimal::Decimal, String;
    i64 => i64, f64, rust_decimal::Decimal, String;
    u8 => i64, f64, rust_decimal::Decimal, String;
    u16 => i64, f64, rust_decimal::Decimal, String;
    u32 => i64, f64, rust_decimal::Decimal, String;
    f32 => f64;
    rust_decimal::Decimal => f64;
}

/// Types of numbers with digits after the point that can be rounded to fewer, alike on every database.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not rounded alike on every database",
    label = "expected a `Decimal`"
)]
pub trait Fixed: SqlValue {}

impl Fixed for rust_decimal::Decimal {}

/// Types that have a day in them.
#[diagnostic::on_unimplemented(message = "`{Self}` has no day in it", label = "expected a date or a datetime")]
pub trait HasDay: SqlValue {}

/// Types that have a time of day in them.
#[diagnostic::on_unimplemented(message = "`{Self}` has no time of day in it", label = "expected a time or a datetime")]
pub trait HasTime: SqlValue {}

#[cfg(feature = "chrono")]
mod of_chrono {
    use super::{HasDay, HasTime};

    impl HasDay for ::chrono::NaiveDate {}
    impl HasDay for ::chrono::NaiveDateTime {}
    impl HasDay for ::chrono::DateTime<::chrono::Utc> {}
    impl HasTime for ::chrono::NaiveTime {}
    impl HasTime for ::chrono::NaiveDateTime {}
    impl HasTime for ::chrono::DateTime<::chrono::Utc> {}
}

#[cfg(feature = "time")]
mod of_time {
    use super::{HasDay, HasTime};

    impl HasDay for ::time::Date {}
    impl HasDay for ::time::PrimitiveDateTime {}
    impl HasDay for ::time::UtcDateTime {}
    impl HasDay for ::time::OffsetDateTime {}
    impl HasTime for ::time::Time {}
    impl HasTime for ::time::PrimitiveDateTime {}
    impl HasTime for ::time::UtcDateTime {}
    impl HasTime for ::time::OffsetDateTime {}
}

//! [`values`]: rows of the program's own as a source of rows.

use std::marker::PhantomData;

use super::join::JoinOn;
use super::subquery::IntoSource;
use crate::query::expr::{Condition, Expr};
use crate::sealed::{Seal, Sealed};
use crate::sql::{self, Source, ValuesColumn};
use crate::tuples::for_each_tuple;
use crate::types::{SqlType, Value};

/// Rows of the program's own, to join or to select from.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::values;
///
/// let discounts = values("discounts", [("lamp", 10), ("desk", 20)]);
/// let (item, percent) = discounts.columns();
/// let rows = select((Order::id, percent)).join(discounts.on(item.eq(Order::item))).order_by(Order::id);
/// assert_eq!(rows.all(&engine).await?, [(1, 10), (2, 20), (3, 10)]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Values<R> {
    tree: sql::Values,
    of: PhantomData<fn() -> R>,
}

impl<R> Sealed for &Values<R> {}

/// Rows of the program's own as a source of rows under this name: tuples of up to sixteen values, which are bound.
///
/// Without rows it is a table without rows. The text has a placeholder for each value, so that each number of rows is a text
/// of its own; what is in a table already is better joined from there.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::values;
///
/// let offers = values("offers", [(1_i64, "half"), (2, "third")]);
/// let (order, word) = offers.columns();
/// let prices = select((Order::price, word)).join(offers.on(order.eq(Order::id))).order_by(Order::id);
/// assert_eq!(prices.all(&engine).await?, [(3000, "half".to_owned()), (8000, "third".to_owned())]);
/// # Ok(())
/// # }
/// ```
pub fn values<R: ValuesRow>(name: &'static str, rows: impl IntoIterator<Item = R>) -> Values<R> {
    let rows = rows.into_iter().map(R::cells).collect();
    Values { tree: sql::Values { name, columns: R::kinds(), rows }, of: PhantomData }
}

impl<R: ValuesRow> Values<R> {
    /// The columns: a tuple of expressions, one for each value of a row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let numbers = creole::query::values("numbers", [(1, "one"), (2, "two")]);
    /// let (number, word) = numbers.columns();
    /// assert_eq!(select(word).from(&numbers).filter(number.eq(2)).all(&engine).await?, ["two"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn columns(&self) -> R::Columns {
        R::columns(&self.tree)
    }
}

impl<R> Values<R> {
    /// Joined where this holds.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let ages = creole::query::values("ages", [(36, "young"), (41, "old")]);
    /// let (age, word) = ages.columns();
    /// let words = select((User::name, word)).join(ages.on(age.eq(User::age))).order_by(User::id).all(&engine).await?;
    /// assert_eq!(words[0], ("Ada".to_owned(), "young".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn on(&self, condition: impl Condition) -> JoinOn {
        JoinOn { source: self.into_source(), on: Some(condition.condition()) }
    }

    /// Joined with every row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let sizes = creole::query::values("sizes", [("S",), ("L",)]);
    /// assert_eq!(select((Order::id, sizes.columns().0)).join(sizes.cross()).count(&engine).await?, 6);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cross(&self) -> JoinOn {
        JoinOn { source: self.into_source(), on: None }
    }
}

#[diagnostic::do_not_recommend]
impl<R> IntoSource for &Values<R> {
    fn into_source(self) -> Source {
        Source::Values(Box::new(self.tree.clone()))
    }
}

/// A value of a row of [`values`]: what a column can hold, an `Option` of it, or a `&str`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a value of a row",
    label = "expected what a column can hold, an `Option` of it, or a `&str`"
)]
pub trait Cell {
    #[doc(hidden)]
    fn seal(_: Seal);

    /// The type of its column.
    type Type: SqlType;

    /// The value.
    fn value(self) -> Value;
}

impl<T: SqlType> Cell for T {
    fn seal(_: Seal) {}

    type Type = T;

    fn value(self) -> Value {
        self.bind().to_owned()
    }
}

impl Cell for &str {
    fn seal(_: Seal) {}

    type Type = String;

    fn value(self) -> Value {
        self.to_owned().value()
    }
}

/// A row of [`values`]: a tuple of up to sixteen values.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no row of values",
    label = "expected a tuple of one to sixteen values that columns can hold"
)]
pub trait ValuesRow: Sealed {
    /// The columns, as expressions.
    type Columns;

    /// The values.
    fn cells(self) -> Vec<sql::Expr>;

    /// What the columns hold.
    fn kinds() -> Vec<ValuesColumn>;

    /// The columns of such rows.
    fn columns(tree: &sql::Values) -> Self::Columns;
}

fn cell<C: Cell>(cell: C) -> sql::Expr {
    sql::arithmetic::operand(sql::Expr::value(cell.value(), C::Type::TYPE))
}

fn column<C: Cell>(tree: &sql::Values, place: usize) -> Expr<C::Type> {
    Expr::new(sql::Expr::Derived(tree.column(place)))
}

macro_rules! row {
    ($count:literal: $($part:ident $other:ident $place:tt),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: Cell),+> ValuesRow for ($($part,)+) {
            type Columns = ($(Expr<$part::Type>,)+);

            fn cells(self) -> Vec<sql::Expr> {
                vec![$(cell(self.$place)),+]
            }

            fn kinds() -> Vec<ValuesColumn> {
                vec![$(ValuesColumn::new(<$part::Type as SqlType>::TYPE, <$part::Type as SqlType>::NULLABLE)),+]
            }

            fn columns(tree: &sql::Values) -> Self::Columns {
                ($(column::<$part>(tree, $place),)+)
            }
        }
    };
}

for_each_tuple!(row);

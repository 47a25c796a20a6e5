//! SELECTs inside statements: as a value, as a list, as a source of rows.

use std::fmt;
use std::marker::PhantomData;

use super::alias::Alias;
use super::join::JoinOn;
use super::select::Select;
use crate::model::Model;
use crate::query::expr::{Condition, Expr, Expression, Operand};
use crate::sealed::{Seal, Sealed};
use crate::sql::{self, DerivedRef, Source, Wrapper};
use crate::types::{Nullable, SqlType, SqlValue};

/// Whether a SELECT yields any row. It may use columns of the statement around it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::exists;
///
/// let open = exists(Order::select().filter(Order::user_id.eq(User::id)).filter(Order::paid.eq(false)));
/// assert_eq!(select(User::name).filter(open).all(&engine).await?, ["Ada"]);
/// # Ok(())
/// # }
/// ```
pub fn exists<R: Send + 'static>(select: Select<R>) -> Expr<bool> {
    Expr::new(sql::Expr::Exists(Box::new(select.into_tree())))
}

/// The one value that a SELECT yields stands beside an expression: NULL where it yields no row, and an error of the
/// database where it yields several.
#[diagnostic::do_not_recommend]
impl<T: SqlType> Operand<T::Base> for Select<T> {
    fn seal(_: Seal) {}

    type Null = Nullable;

    fn operand(self) -> sql::Expr {
        sql::Expr::Subquery(Box::new(self.into_tree()))
    }
}

impl<T: SqlType> Select<T> {
    /// The one value that this SELECT yields, as an expression.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let dearest = select(creole::query::max(Order::price)).value();
    /// assert_eq!(select(Order::item).filter(Order::price.eq(dearest)).all(&engine).await?, ["desk"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn value(self) -> Expr<Option<T::Base>> {
        Expr::new(self.operand())
    }
}

/// A SELECT as a source of rows for another. [`Select::subquery`] makes one, which is written where its rows come from.
///
/// Its columns are named by what it selects: where it selects `sum(Order::total)`, so does `col(sum(Order::total))`.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "parts")]
/// struct Part {
///     #[model(primary_key)]
///     id: i64,
///     weight: i64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Part]).await?;
/// # insert_all(&[(1, 1), (2, 20), (3, 300)].map(|(id, weight)| Part { id, weight })).exec(&engine).await?;
/// let heavy = select((Part::id, Part::weight)).filter(Part::weight.gt(10)).subquery("heavy");
/// let total = select(sum(heavy.col(Part::weight))).from(&heavy).one(&engine).await?;
/// assert_eq!(total, Some(320));
/// # Ok(())
/// # }
/// ```
pub struct Subquery<R> {
    name: &'static str,
    select: sql::Select,
    written: Written,
    of: PhantomData<fn() -> R>,
}

impl<R> Sealed for &Subquery<R> {}

/// Where the SELECT itself is written.
#[derive(Debug, Clone, Copy)]
enum Written {
    /// Where its rows come from.
    Here,
    /// In front of the statement, which knows it by its name.
    InFront,
}

impl<R: Send + 'static> Select<R> {
    /// A source of rows under this name, to join or to select from.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::sum;
    ///
    /// let spent = select((Order::user_id, sum(Order::price))).group_by(Order::user_id).subquery("spent");
    /// let rows = select((User::name, spent.col(sum(Order::price)))).join(spent.on(spent.col(Order::user_id).eq(User::id)));
    /// assert_eq!(rows.order_by(User::id).first(&engine).await?, Some(("Ada".to_owned(), Some(11_000))));
    /// # Ok(())
    /// # }
    /// ```
    pub fn subquery(self, name: &'static str) -> Subquery<R> {
        Subquery { name, select: self.into_tree().bounded(), written: Written::Here, of: PhantomData }
    }
}

impl<R> Subquery<R> {
    /// The rows of a common table expression, by its name.
    pub(super) fn of_cte(name: &'static str, select: sql::Select) -> Subquery<R> {
        Subquery { name, select: select.bounded(), written: Written::InFront, of: PhantomData }
    }

    /// A column or an expression that it selects.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let lamps = select((Order::id, Order::price)).filter(Order::item.eq("lamp")).subquery("lamps");
    /// let cheap = select(lamps.col(Order::id)).from(&lamps).filter(lamps.col(Order::price).lt(3000));
    /// assert_eq!(cheap.all(&engine).await?, [3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn col<E: Expression>(&self, selected: E) -> Expr<E::Type> {
        let node = selected.node();
        Expr::new(sql::Expr::Derived(DerivedRef {
            source: self.name,
            place: self.select.place_of(&node),
            ty: node.ty().unwrap_or(<E::Type as SqlType>::TYPE),
            nullable: <E::Type as SqlType>::NULLABLE,
            collation: sql::column_collation(&node),
        }))
    }

    /// Joined where this holds.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let lamps = select(Order::user_id).filter(Order::item.eq("lamp")).subquery("lamps");
    /// let names = select(User::name).join(lamps.on(lamps.col(Order::user_id).eq(User::id))).order_by(User::id);
    /// assert_eq!(names.all(&engine).await?, ["Ada", "Bob"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn on(&self, condition: impl Condition) -> JoinOn {
        JoinOn { source: self.source(), on: Some(condition.condition()) }
    }

    /// Joined with every row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::max;
    ///
    /// let dearest = select(max(Order::price)).subquery("dearest");
    /// let missing = select(dearest.col(max(Order::price)) - Order::price).join(dearest.cross()).order_by(Order::id);
    /// assert_eq!(missing.all(&engine).await?, [Some(5000), Some(0), Some(5500)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cross(&self) -> JoinOn {
        JoinOn { source: self.source(), on: None }
    }

    fn source(&self) -> Source {
        match self.written {
            Written::Here => {
                Source::Select { select: Box::new(self.select.clone()), name: self.name, by: Wrapper::Program }
            }
            Written::InFront => Source::Cte { name: self.name },
        }
    }

    /// Its name, and what it selects.
    pub(super) fn parts(&self) -> (&'static str, &sql::Select) {
        (self.name, &self.select)
    }
}

/// What `from` takes: a table, perhaps under another name, a subquery or a common table expression.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let lamps = Order::select().filter(Order::item.eq("lamp")).subquery("lamps");
/// assert_eq!(select(lamps.col(Order::id)).from(&lamps).count(&engine).await?, 2);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "rows don't come from `{Self}`",
    label = "expected `table::<Model>()`, `alias::<Model>(…)`, or a reference to a subquery or a CTE"
)]
pub trait IntoSource: Sealed {
    /// The source in the untyped tree.
    fn into_source(self) -> Source;
}

#[diagnostic::do_not_recommend]
impl<M: Model> IntoSource for Alias<M> {
    fn into_source(self) -> Source {
        Source::Table(self.table)
    }
}

#[diagnostic::do_not_recommend]
impl<R> IntoSource for &Subquery<R> {
    fn into_source(self) -> Source {
        self.source()
    }
}

/// What `is_in` takes: a list of values or expressions, or a SELECT of one column.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// assert_eq!(User::select().filter(User::id.is_in([1, 3])).count(&engine).await?, 2);
/// assert_eq!(User::select().filter(User::id.is_in(select(Order::user_id))).count(&engine).await?, 2);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of `{B}`",
    label = "expected an array, a `Vec` or another iterator of `{B}`, or a SELECT of one such column"
)]
pub trait Among<B: SqlValue> {
    #[doc(hidden)]
    fn seal(_: Seal);

    /// The condition that `operand` is, or is not, among these.
    fn among(self, membership: sql::Membership, operand: sql::Expr) -> sql::Expr;
}

#[diagnostic::do_not_recommend]
impl<B: SqlValue, I: IntoIterator> Among<B> for I
where
    I::Item: Operand<B>,
{
    fn seal(_: Seal) {}

    fn among(self, membership: sql::Membership, operand: sql::Expr) -> sql::Expr {
        crate::query::expr::in_list(membership, operand, self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Among<T::Base> for Select<T> {
    fn seal(_: Seal) {}

    fn among(self, membership: sql::Membership, operand: sql::Expr) -> sql::Expr {
        sql::Expr::InSelect { membership, operand: Box::new(operand), select: Box::new(self.into_tree()) }
    }
}

impl<R> Clone for Subquery<R> {
    fn clone(&self) -> Subquery<R> {
        Subquery { name: self.name, select: self.select.clone(), written: self.written, of: PhantomData }
    }
}

impl<R> fmt::Debug for Subquery<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subquery").field("name", &self.name).field("select", &self.select).finish_non_exhaustive()
    }
}

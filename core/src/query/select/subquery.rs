//! SELECTs inside statements: as a value, as a list, as a source of rows.

use std::fmt;
use std::marker::PhantomData;

use super::alias::Alias;
use super::join::JoinOn;
use super::select::Select;
use crate::model::Model;
use crate::query::expr::{Condition, Expr, Expression, Operand};
use crate::sql::{self, DerivedRef, Repeats, Source, Step, Wrapper};
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

/// A SELECT as a source of rows for another: a subquery, or a common table expression.
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
///     part_of: Option<i64>,
///     weight: i64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Part]).await?;
/// # insert_all(&[(1, None, 1), (2, Some(1), 20), (3, Some(2), 300)].map(|(id, part_of, weight)| Part { id, part_of, weight }))
/// #     .exec(&engine)
/// #     .await?;
/// let heavy = select((Part::id, Part::weight)).filter(Part::weight.gt(10)).subquery("heavy");
/// let total = select(sum(heavy.col(Part::weight))).from(&heavy).one(&engine).await?;
/// assert_eq!(total, Some(320));
///
/// // A part and all that it is made of.
/// let tree = select(Part::id).filter(Part::id.eq(2)).recursive("tree", |tree| {
///     select(Part::id).join(tree.on(Part::part_of.eq(tree.col(Part::id))))
/// });
/// let weight = select(sum(Part::weight)).join(tree.on(tree.col(Part::id).eq(Part::id))).with_cte(&tree);
/// assert_eq!(weight.one(&engine).await?, Some(320));
/// # Ok(())
/// # }
/// ```
pub struct Subquery<R> {
    name: &'static str,
    select: sql::Select,
    place: Place,
    of: PhantomData<fn() -> R>,
}

/// Where the subquery is written.
#[derive(Debug, Clone)]
enum Place {
    /// Where its rows come from.
    From,
    /// Before the statement; perhaps with a part that is repeated.
    With(Option<Box<Step>>),
    /// Elsewhere: this is a reference to one that is being written.
    Elsewhere,
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
        Subquery { name, select: self.into_tree().bounded(), place: Place::From, of: PhantomData }
    }

    /// A common table expression: a source of rows that the statement names first and may use several times.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let paid = Order::select().filter(Order::paid).cte("paid");
    /// let total = select(creole::query::sum(paid.col(Order::price))).from(&paid).with_cte(&paid);
    /// assert_eq!(total.one(&engine).await?, Some(5500));
    /// # Ok(())
    /// # }
    /// ```
    pub fn cte(self, name: &'static str) -> Subquery<R> {
        Subquery { name, select: self.into_tree().bounded(), place: Place::With(None), of: PhantomData }
    }

    /// A common table expression that begins with these rows and adds what `step` selects from the rows added last, until
    /// it adds none. Rows that were there before are added again: where rows can come round in a circle, use
    /// [`recursive_distinct`](Select::recursive_distinct).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// // User 1, and then each next one.
    /// let chain = select(User::id).filter(User::id.eq(1)).recursive("chain", |chain| {
    ///     select(User::id).join(chain.on(User::id.eq(chain.col(User::id) + 1)))
    /// });
    /// let ids = select(chain.col(User::id)).from(&chain).with_cte(&chain).order_by(chain.col(User::id));
    /// assert_eq!(ids.all(&engine).await?, [1, 2, 3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn recursive(self, name: &'static str, step: impl FnOnce(&Subquery<R>) -> Select<R>) -> Subquery<R> {
        self.repeated(name, Repeats::Kept, step)
    }

    /// As [`recursive`](Select::recursive), without rows that are there already.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// // Everybody is reached from everybody: without repeated rows it ends all the same.
    /// let reached = select(User::id).filter(User::id.eq(1)).recursive_distinct("reached", |reached| {
    ///     select(User::id).join(reached.on(User::id.ne(reached.col(User::id))))
    /// });
    /// assert_eq!(select(reached.col(User::id)).from(&reached).with_cte(&reached).count(&engine).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn recursive_distinct(self, name: &'static str, step: impl FnOnce(&Subquery<R>) -> Select<R>) -> Subquery<R> {
        self.repeated(name, Repeats::Dropped, step)
    }

    fn repeated(
        self,
        name: &'static str,
        repeats: Repeats,
        step: impl FnOnce(&Subquery<R>) -> Select<R>,
    ) -> Subquery<R> {
        let itself = Subquery { name, select: self.into_tree().bounded(), place: Place::Elsewhere, of: PhantomData };
        let step = Step { select: step(&itself).into_tree().bounded(), repeats };
        Subquery { place: Place::With(Some(Box::new(step))), ..itself }
    }
}

impl<R> Subquery<R> {
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
        match self.place {
            Place::From => {
                Source::Select { select: Box::new(self.select.clone()), name: self.name, by: Wrapper::Program }
            }
            Place::With(_) | Place::Elsewhere => Source::Cte { name: self.name },
        }
    }

    /// What a statement names before it uses it.
    pub(in crate::query) fn into_cte(self) -> Option<sql::Cte> {
        match self.place {
            Place::With(step) => Some(sql::Cte { name: self.name, select: self.select, step: step.map(|step| *step) }),
            Place::From | Place::Elsewhere => None,
        }
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
    label = "expected `table::<Model>()`, `alias::<Model>(…)` or a subquery"
)]
pub trait IntoSource {
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
    /// The condition that `operand` is, or is not, among these.
    fn among(self, membership: sql::Membership, operand: sql::Expr) -> sql::Expr;
}

#[diagnostic::do_not_recommend]
impl<B: SqlValue, I: IntoIterator> Among<B> for I
where
    I::Item: Operand<B>,
{
    fn among(self, membership: sql::Membership, operand: sql::Expr) -> sql::Expr {
        crate::query::expr::in_list(membership, operand, self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Among<T::Base> for Select<T> {
    fn among(self, membership: sql::Membership, operand: sql::Expr) -> sql::Expr {
        sql::Expr::InSelect { membership, operand: Box::new(operand), select: Box::new(self.into_tree()) }
    }
}

impl<R> Clone for Subquery<R> {
    fn clone(&self) -> Subquery<R> {
        Subquery { name: self.name, select: self.select.clone(), place: self.place.clone(), of: PhantomData }
    }
}

impl<R> fmt::Debug for Subquery<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subquery").field("name", &self.name).field("select", &self.select).finish_non_exhaustive()
    }
}

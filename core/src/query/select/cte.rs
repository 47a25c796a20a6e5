//! [`Cte`].

use std::fmt;

use super::join::JoinOn;
use super::select::Select;
use super::subquery::{IntoSource, Subquery};
use crate::query::expr::{Condition, Expr, Expression};
use crate::sealed::Sealed;
use crate::sql::{self, Repeats, Source, Step};

/// A common table expression: a SELECT that a statement names in front of itself, [`with_cte`](Select::with_cte), and may then use
/// several times as a source of rows. [`Select::cte`] makes one, and [`Select::recursive`] one that repeats itself.
///
/// Its columns are named by what it selects, as those of a [`Subquery`] are.
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
/// let heavy = select(Part::id).filter(Part::weight.gt(10)).cte("heavy");
/// let inside = select(Part::id).join(heavy.on(heavy.col(Part::id).eq(Part::part_of))).with_cte(&heavy);
/// assert_eq!(inside.all(&engine).await?, [3]);
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
pub struct Cte<R> {
    rows: Subquery<R>,
    step: Option<Box<Step>>,
}

impl<R> Sealed for &Cte<R> {}

impl<R: Send + 'static> Select<R> {
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
    pub fn cte(self, name: &'static str) -> Cte<R> {
        Cte { rows: Subquery::of_cte(name, self.into_tree()), step: None }
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
    pub fn recursive(self, name: &'static str, step: impl FnOnce(&Subquery<R>) -> Select<R>) -> Cte<R> {
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
    pub fn recursive_distinct(self, name: &'static str, step: impl FnOnce(&Subquery<R>) -> Select<R>) -> Cte<R> {
        self.repeated(name, Repeats::Dropped, step)
    }

    fn repeated(self, name: &'static str, repeats: Repeats, step: impl FnOnce(&Subquery<R>) -> Select<R>) -> Cte<R> {
        let rows = Subquery::of_cte(name, self.into_tree());
        let step = Step { select: step(&rows).into_tree().bounded(), repeats };
        Cte { rows, step: Some(Box::new(step)) }
    }
}

impl<R> Cte<R> {
    /// A column or an expression that it selects.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let lamps = select((Order::id, Order::price)).filter(Order::item.eq("lamp")).cte("lamps");
    /// let cheap = select(lamps.col(Order::id)).from(&lamps).with_cte(&lamps).filter(lamps.col(Order::price).lt(3000));
    /// assert_eq!(cheap.all(&engine).await?, [3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn col<E: Expression>(&self, selected: E) -> Expr<E::Type> {
        self.rows.col(selected)
    }

    /// Joined where this holds.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let dear = select(Order::user_id).filter(Order::price.gt(2900)).distinct().cte("dear");
    /// let names = select(User::name).join(dear.on(dear.col(Order::user_id).eq(User::id))).with_cte(&dear);
    /// assert_eq!(names.all(&engine).await?, ["Ada"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn on(&self, condition: impl Condition) -> JoinOn {
        self.rows.on(condition)
    }

    /// Joined with every row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let most = select(creole::query::max(Order::price)).cte("most");
    /// let price = most.col(creole::query::max(Order::price));
    /// let dearest = select(Order::item).join(most.cross()).with_cte(&most).filter(Order::price.eq(price));
    /// assert_eq!(dearest.all(&engine).await?, ["desk"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cross(&self) -> JoinOn {
        self.rows.cross()
    }

    /// What a statement names before it uses it.
    pub(in crate::query) fn node(&self) -> sql::Cte {
        let (name, select) = self.rows.parts();
        sql::Cte { name, select: select.clone(), step: self.step.as_deref().cloned() }
    }
}

#[diagnostic::do_not_recommend]
impl<R> IntoSource for &Cte<R> {
    fn into_source(self) -> Source {
        (&self.rows).into_source()
    }
}

impl<R> Clone for Cte<R> {
    fn clone(&self) -> Cte<R> {
        Cte { rows: self.rows.clone(), step: self.step.clone() }
    }
}

impl<R> fmt::Debug for Cte<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cte").field("rows", &self.rows).field("step", &self.step).finish()
    }
}

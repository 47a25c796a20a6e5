//! Windows: `row_number().over(window().partition_by(…).order_by(…))`.

use std::marker::PhantomData;

use super::aggregate::Aggregate;
use super::operators::Base;
use super::operators::Expression;
use super::typed::Expr;
use crate::query::select::{GroupBy, OrderBy};
use crate::sql::{self, Frame, FrameBound, FrameUnit, Over, WindowFunction};
use crate::types::SqlType;

/// Which rows a window has, and in which order; see [`window`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{row_number, window};
///
/// let by_user = window().partition_by(Order::user_id).order_by(Order::id);
/// let numbers = select(row_number().over(by_user)).order_by(Order::id).all(&engine).await?;
/// assert_eq!(numbers, [1, 2, 1]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a window does nothing until a function is computed `.over` it"]
pub struct WindowSpec {
    over: Over,
}

/// A function that needs a window: end it with [`over`](Windowed::over).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{Windowed, rank, window};
///
/// let by_price: Windowed<i64> = rank();
/// let ranks = select(by_price.over(window().order_by(Order::price))).order_by(Order::id).all(&engine).await?;
/// assert_eq!(ranks, [2, 3, 1]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a window function has no value without a window: end it with `.over(window())`"]
pub struct Windowed<T> {
    function: WindowFunction,
    of: PhantomData<fn() -> T>,
}

/// All rows of the statement, as a window.
///
/// ```
/// use creole::prelude::*;
/// use creole::query::{rank, row_number, window};
/// use creole::query::FrameBound::{CurrentRow, UnboundedPreceding};
///
/// #[derive(Model)]
/// #[model(table = "sales")]
/// struct Sale {
///     #[model(primary_key)]
///     day: i64,
///     shop: String,
///     amount: i64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Sale]).await?;
/// # insert_all(&[(1, "a", 5), (2, "b", 7), (3, "a", 4)].map(|(day, shop, amount)| Sale { day, shop: shop.into(), amount }))
/// #     .exec(&engine)
/// #     .await?;
/// let by_day = || window().partition_by(Sale::shop).order_by(Sale::day);
/// let so_far = sum(Sale::amount).over(by_day().rows(UnboundedPreceding, CurrentRow));
/// let rows = select((Sale::day, row_number().over(by_day()), so_far)).order_by(Sale::day).all(&engine).await?;
/// assert_eq!(rows, [(1, 1, Some(5)), (2, 1, Some(7)), (3, 2, Some(9))]);
///
/// let best = select((Sale::day, rank().over(window().order_by(Sale::amount.desc())))).order_by(Sale::day);
/// assert_eq!(best.all(&engine).await?, [(1, 2), (2, 1), (3, 3)]);
/// # Ok(())
/// # }
/// ```
pub fn window() -> WindowSpec {
    WindowSpec::default()
}

/// The row's number in its window, from 1.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{row_number, window};
///
/// let numbers = select(row_number().over(window().order_by(Order::price))).order_by(Order::id).all(&engine).await?;
/// assert_eq!(numbers, [2, 3, 1]);
/// # Ok(())
/// # }
/// ```
pub fn row_number() -> Windowed<i64> {
    Windowed::new(WindowFunction::RowNumber)
}

/// The number of the first row that is equal to this one in the window's order, from 1.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{rank, window};
///
/// let ranks = select(rank().over(window().order_by(Order::item))).order_by(Order::id).all(&engine).await?;
/// assert_eq!(ranks, [2, 1, 2]); // The two lamps share a rank.
/// # Ok(())
/// # }
/// ```
pub fn rank() -> Windowed<i64> {
    Windowed::new(WindowFunction::Rank)
}

/// As [`rank`], without gaps.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{dense_rank, window};
///
/// let ranks = select(dense_rank().over(window().order_by(Order::user_id))).order_by(Order::id).all(&engine).await?;
/// assert_eq!(ranks, [1, 1, 2]);
/// # Ok(())
/// # }
/// ```
pub fn dense_rank() -> Windowed<i64> {
    Windowed::new(WindowFunction::DenseRank)
}

/// Which of `parts` parts of equal size the row is in, from 1.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{ntile, window};
///
/// let halves = select(ntile(2).over(window().order_by(Order::id))).order_by(Order::id).all(&engine).await?;
/// assert_eq!(halves, [1, 1, 2]);
/// # Ok(())
/// # }
/// ```
pub fn ntile(parts: u32) -> Windowed<i64> {
    Windowed::new(WindowFunction::Ntile(parts))
}

/// The value `rows` rows before this one; `None` where there is none.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{lag, window};
///
/// let before = select(lag(Order::price, 1).over(window().order_by(Order::id))).order_by(Order::id).all(&engine).await?;
/// assert_eq!(before, [None, Some(3000), Some(8000)]);
/// # Ok(())
/// # }
/// ```
pub fn lag<E: Expression>(of: E, rows: u32) -> Windowed<Option<Base<E>>> {
    Windowed::new(WindowFunction::Lag(of.node(), rows))
}

/// The value `rows` rows after this one; `None` where there is none.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{lead, window};
///
/// let after = select(lead(Order::price, 1).over(window().order_by(Order::id))).order_by(Order::id).all(&engine).await?;
/// assert_eq!(after, [Some(8000), Some(2500), None]);
/// # Ok(())
/// # }
/// ```
pub fn lead<E: Expression>(of: E, rows: u32) -> Windowed<Option<Base<E>>> {
    Windowed::new(WindowFunction::Lead(of.node(), rows))
}

/// The value in the first row of the frame; `None` where the frame is empty.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{first_value, window};
///
/// let by_user = window().partition_by(Order::user_id).order_by(Order::id);
/// let first = select(first_value(Order::item).over(by_user)).filter(Order::id.eq(2)).one(&engine).await?;
/// assert_eq!(first, Some("desk".to_owned())); // The filter comes before the window.
/// # Ok(())
/// # }
/// ```
pub fn first_value<E: Expression>(of: E) -> Windowed<Option<Base<E>>> {
    Windowed::new(WindowFunction::FirstValue(of.node()))
}

/// The value in the last row of the frame; `None` where the frame is empty.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{last_value, window};
///
/// // Without a frame, a window that has an order ends with the row itself.
/// let last = select(last_value(Order::price).over(window().order_by(Order::id))).order_by(Order::id);
/// assert_eq!(last.all(&engine).await?, [Some(3000), Some(8000), Some(2500)]);
/// # Ok(())
/// # }
/// ```
pub fn last_value<E: Expression>(of: E) -> Windowed<Option<Base<E>>> {
    Windowed::new(WindowFunction::LastValue(of.node()))
}

impl<T> Windowed<T> {
    fn new(function: WindowFunction) -> Windowed<T> {
        Windowed { function, of: PhantomData }
    }

    /// Made over this window.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::{row_number, window};
    ///
    /// let rows = select((Order::id, row_number().over(window().order_by(Order::id.desc())))).order_by(Order::id);
    /// assert_eq!(rows.all(&engine).await?, [(1, 3), (2, 2), (3, 1)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn over(self, window: WindowSpec) -> Expr<T> {
        Expr::new(sql::Expr::Window(Box::new(sql::Window { function: self.function, over: window.over })))
    }
}

impl<T: SqlType> Aggregate<T> {
    /// Made over this window, for each row, instead of once for all.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::{sum, window};
    ///
    /// let of_user = sum(Order::price).over(window().partition_by(Order::user_id));
    /// assert_eq!(select(of_user).order_by(Order::id).all(&engine).await?, [Some(11_000), Some(11_000), Some(2500)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn over(self, window: WindowSpec) -> Expr<T> {
        let function = WindowFunction::Aggregate(self.into_aggregate());
        Expr::new(sql::Expr::Window(Box::new(sql::Window { function, over: window.over })))
    }
}

impl WindowSpec {
    /// Only the rows that are equal to this one in these.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::{max, window};
    ///
    /// let dearest = max(Order::price).over(window().partition_by(Order::item));
    /// assert_eq!(select(dearest).order_by(Order::id).all(&engine).await?, [Some(3000), Some(8000), Some(3000)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn partition_by(mut self, groups: impl GroupBy) -> WindowSpec {
        groups.groups(&mut self.over.partition_by);
        self
    }

    /// In this order. NULLs stand last going up and first going down.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::{row_number, window};
    ///
    /// let numbers = select(row_number().over(window().order_by((Order::item, Order::id.desc())))).order_by(Order::id);
    /// assert_eq!(numbers.all(&engine).await?, [3, 1, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn order_by(mut self, order: impl OrderBy) -> WindowSpec {
        order.terms(&mut self.over.order_by);
        self
    }

    /// Only the rows between two that are counted from this one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::{sum, window};
    /// # use creole_core::sql::FrameBound;
    ///
    /// let two = window().order_by(Order::id).rows(FrameBound::Preceding(1), FrameBound::CurrentRow);
    /// let sums = select(sum(Order::price).over(two)).order_by(Order::id).all(&engine).await?;
    /// assert_eq!(sums, [Some(3000), Some(11_000), Some(10_500)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn rows(self, start: FrameBound, end: FrameBound) -> WindowSpec {
        self.frame(FrameUnit::Rows, start, end)
    }

    /// Only the rows between two positions in the order, where rows that are equal in it share a position. With a number, the
    /// order must be by one number.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::window;
    /// # use creole_core::sql::FrameBound;
    ///
    /// // Orders that cost up to 600 less, or the same.
    /// let near = window().order_by(Order::price).range(FrameBound::Preceding(600), FrameBound::CurrentRow);
    /// assert_eq!(select(count_rows().over(near)).order_by(Order::id).all(&engine).await?, [2, 1, 1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn range(self, start: FrameBound, end: FrameBound) -> WindowSpec {
        self.frame(FrameUnit::Range, start, end)
    }

    /// Only the rows between two groups of rows that are equal in the order. SQLite and PostgreSQL only.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::window;
    /// # use creole_core::sql::FrameBound;
    ///
    /// // The orders of this user and of the one before.
    /// let two = window().order_by(Order::user_id).groups(FrameBound::Preceding(1), FrameBound::CurrentRow);
    /// assert_eq!(select(count_rows().over(two)).order_by(Order::id).all(&engine).await?, [2, 2, 3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn groups(self, start: FrameBound, end: FrameBound) -> WindowSpec {
        self.frame(FrameUnit::Groups, start, end)
    }

    fn frame(mut self, unit: FrameUnit, start: FrameBound, end: FrameBound) -> WindowSpec {
        self.over.frame = Some(Frame { unit, start, end });
        self
    }
}

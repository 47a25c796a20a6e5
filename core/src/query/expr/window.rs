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
#[derive(Debug, Clone, Default)]
#[must_use = "a window does nothing until a function is computed `.over` it"]
pub struct WindowSpec {
    over: Over,
}

/// A function that needs a window: end it with [`over`](Windowed::over).
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
/// use creole::sql::FrameBound::{CurrentRow, UnboundedPreceding};
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
pub fn row_number() -> Windowed<i64> {
    Windowed::new(WindowFunction::RowNumber)
}

/// The number of the first row that is equal to this one in the window's order, from 1.
pub fn rank() -> Windowed<i64> {
    Windowed::new(WindowFunction::Rank)
}

/// As [`rank`], without gaps.
pub fn dense_rank() -> Windowed<i64> {
    Windowed::new(WindowFunction::DenseRank)
}

/// Which of so many parts of equal size the row is in, from 1.
pub fn ntile(parts: u32) -> Windowed<i64> {
    Windowed::new(WindowFunction::Ntile(parts))
}

/// How many rows there are in the frame.
pub fn rows_in_frame() -> Windowed<i64> {
    Windowed::new(WindowFunction::CountRows)
}

/// The value in the row so many rows before this one; `None` where there is none.
pub fn lag<E: Expression>(of: E, rows: u32) -> Windowed<Option<Base<E>>> {
    Windowed::new(WindowFunction::Lag(of.node(), rows))
}

/// The value in the row so many rows behind this one; `None` where there is none.
pub fn lead<E: Expression>(of: E, rows: u32) -> Windowed<Option<Base<E>>> {
    Windowed::new(WindowFunction::Lead(of.node(), rows))
}

/// The value in the first row of the frame; `None` where the frame is empty.
pub fn first_value<E: Expression>(of: E) -> Windowed<Option<Base<E>>> {
    Windowed::new(WindowFunction::FirstValue(of.node()))
}

/// The value in the last row of the frame; `None` where the frame is empty.
pub fn last_value<E: Expression>(of: E) -> Windowed<Option<Base<E>>> {
    Windowed::new(WindowFunction::LastValue(of.node()))
}

impl<T> Windowed<T> {
    fn new(function: WindowFunction) -> Windowed<T> {
        Windowed { function, of: PhantomData }
    }

    /// Made over this window.
    pub fn over(self, window: WindowSpec) -> Expr<T> {
        Expr::new(sql::Expr::Window(Box::new(sql::Window { function: self.function, over: window.over })))
    }
}

impl<T: SqlType> Aggregate<T> {
    /// Made over this window, for each row, instead of once for all.
    pub fn over(self, window: WindowSpec) -> Expr<T> {
        let function = WindowFunction::Aggregate(self.into_aggregate());
        Expr::new(sql::Expr::Window(Box::new(sql::Window { function, over: window.over })))
    }
}

impl WindowSpec {
    /// Only the rows that are equal to this one in these.
    pub fn partition_by(mut self, groups: impl GroupBy) -> WindowSpec {
        groups.groups(&mut self.over.partition_by);
        self
    }

    /// In this order. NULLs stand last going up and first going down.
    pub fn order_by(mut self, order: impl OrderBy) -> WindowSpec {
        order.terms(&mut self.over.order_by);
        self
    }

    /// Only the rows between two that are counted from this one.
    pub fn rows(self, start: FrameBound, end: FrameBound) -> WindowSpec {
        self.frame(FrameUnit::Rows, start, end)
    }

    /// Only the rows between two places in the order, where rows that are equal in it stand in one place. With a number, the
    /// order must be by one number.
    pub fn range(self, start: FrameBound, end: FrameBound) -> WindowSpec {
        self.frame(FrameUnit::Range, start, end)
    }

    /// Only the rows between two groups of rows that are equal in the order. SQLite and PostgreSQL only.
    pub fn groups(self, start: FrameBound, end: FrameBound) -> WindowSpec {
        self.frame(FrameUnit::Groups, start, end)
    }

    fn frame(mut self, unit: FrameUnit, start: FrameBound, end: FrameBound) -> WindowSpec {
        self.over.frame = Some(Frame { unit, start, end });
        self
    }
}

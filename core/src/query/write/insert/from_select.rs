//! [`insert_from`].

use super::{Given, Insert, Selected, Shape};
use crate::model::{All, Column, Model};
use crate::query::select::Select;
use crate::sealed::Sealed;
use crate::tuples::for_each_tuple;
use crate::types::{Fits, SqlType};

/// Inserts what a SELECT yields, without it passing through the program.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// // Each user orders a lamp as the first one was.
/// let columns = (Order::user_id, Order::item, Order::price, Order::paid, Order::day);
/// let lamps = select((User::id, Order::item, Order::price, Order::paid, Order::day))
///     .join(creole::query::table::<Order>().on(Order::id.eq(1)));
/// assert_eq!(insert_from(columns, lamps).exec(&engine).await?, 3);
/// # Ok(())
/// # }
/// ```
///
/// Columns that are not named are left to the database.
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn insert_from<R: Send + 'static, C: InsertColumns<R>>(
    columns: C,
    select: Select<R>,
) -> Insert<'static, C::Model, Selected> {
    let given = Given::Select { columns: columns.places(), select: Box::new(select.into_tree()) };
    Insert::of(&[], Shape::new(C::Model::table(), given))
}

/// Columns that rows of type `R` fit into: a column, a tuple of up to sixteen of them, or `Model::ALL` for whole models.
#[diagnostic::on_unimplemented(
    message = "rows of type `{R}` do not fit into `{Self}`",
    label = "expected as many columns as the SELECT yields, of the same types"
)]
pub trait InsertColumns<R>: Sealed {
    /// The model whose columns they are.
    type Model: Model;

    /// Their indexes in its table.
    fn places(self) -> Vec<u16>;
}

impl<M: Model> InsertColumns<M> for All<M> {
    type Model = M;

    fn places(self) -> Vec<u16> {
        (0..u16::try_from(M::table().columns.len()).unwrap_or(u16::MAX)).collect()
    }
}

impl<M: Model, T: SqlType, R: SqlType<Base = T::Base>> InsertColumns<R> for Column<M, T>
where
    R::Null: Fits<T::Null>,
{
    type Model = M;

    fn places(self) -> Vec<u16> {
        vec![self.index()]
    }
}

macro_rules! columns {
    ($count:literal: $($column:ident $row:ident $place:tt),+) => {
        #[diagnostic::do_not_recommend]
        impl<M: Model, $($column: SqlType, $row: SqlType<Base = $column::Base>),+> InsertColumns<($($row,)+)>
            for ($(Column<M, $column>,)+)
        where
            $($row::Null: Fits<$column::Null>,)+
        {
            type Model = M;

            fn places(self) -> Vec<u16> {
                vec![$(self.$place.index()),+]
            }
        }
    };
}

for_each_tuple!(columns);

//! [`Selection`]: what a SELECT lists, and what its rows are read as.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::slice;

use crate::driver::RowReader;
use crate::error::{Error, Result};
use crate::model::{All, Column, Model};
use crate::query::expr::{Aggregate, Expr, Expression};
use crate::schema::Table;
use crate::sealed::Sealed;
use crate::sql::{self, Item, TableRef};
use crate::tuples::for_each_tuple;
use crate::types::SqlType;

/// What a SELECT lists: a column, an expression, a whole model (`User::ALL`), or a tuple of up to sixteen of these.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// // A column, an expression, a whole model: a row is a tuple of what they hold.
/// let rows = select((Order::item, Order::price * 2, User::ALL)).join(Order::user).filter(Order::id.eq(3));
/// let (item, price, user): (String, i64, User) = rows.one(&engine).await?;
/// assert_eq!((&*item, price, &*user.name), ("lamp", 5000, "Bob"));
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be selected",
    label = "expected a column, an expression, `Model::ALL` or a tuple of these",
    note = "raw text says its type: `sql!(\"…\").expr::<i64>()`"
)]
pub trait Selection: Sealed {
    /// What a row is read as.
    type Row: Send + 'static;

    /// Adds what is selected to a list.
    fn items(self, items: &mut Vec<Item>);

    /// Says of each item whether it can be NULL, in the order of [`items`](Selection::items).
    fn presence(say: &mut dyn FnMut(Presence)) {
        say(Presence::Perhaps);
    }

    /// Reads it from a row.
    ///
    /// # Errors
    /// [`Decode`](crate::ErrorKind::Decode), naming the column, where a value does not fit.
    fn decode(row: &mut RowReader<'_>) -> Result<Self::Row>;
}

/// Whether something selected can be NULL, or be a model without a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is read as a type without NULL.
    Always,
    /// It may be NULL.
    Perhaps,
}

impl Presence {
    /// Whether a value of this type can be NULL.
    pub fn of<T: SqlType>() -> Presence {
        if T::NULLABLE { Presence::Perhaps } else { Presence::Always }
    }
}

/// Every column of a model's table under some name.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let user = creole::query::alias::<User>("u");
/// let buyers = select((Order::id, user.all())).join(user.on(user.col(User::id).eq(Order::user_id)));
/// let buyers: Vec<(i64, User)> = buyers.order_by(Order::id).all(&engine).await?;
/// assert_eq!(buyers[2].1.name, "Bob");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct AllOf<M> {
    table: TableRef,
    model: PhantomData<fn() -> M>,
}

impl<M> Sealed for AllOf<M> {}

/// Every column of a model's table that an outer join may leave without a row.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let order = creole::query::alias::<Order>("o");
/// let rows: Vec<(User, Option<Order>)> = select((User::ALL, order.optional()))
///     .left_join(order.on(order.col(Order::user_id).eq(User::id)))
///     .order_by(User::id)
///     .all(&engine)
///     .await?;
/// assert!(rows.last().is_some_and(|(user, order)| user.name == "Cleo" && order.is_none()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct OptionalOf<M> {
    table: TableRef,
    model: PhantomData<fn() -> M>,
}

impl<M> Sealed for OptionalOf<M> {}

impl<M> AllOf<M> {
    pub(super) fn new(table: TableRef) -> AllOf<M> {
        AllOf { table, model: PhantomData }
    }

    pub(in crate::query) fn table(&self) -> TableRef {
        self.table
    }
}

impl<M> OptionalOf<M> {
    pub(super) fn new(table: TableRef) -> OptionalOf<M> {
        OptionalOf { table, model: PhantomData }
    }
}

impl<M: Model> All<M> {
    /// The same, where an outer join may leave the table without a row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let rows = select((User::name, Order::ALL.optional())).left_join(User::orders).filter(User::id.eq(3));
    /// assert_eq!(rows.one(&engine).await?, ("Cleo".to_owned(), None));
    /// # Ok(())
    /// # }
    /// ```
    pub fn optional(self) -> OptionalOf<M> {
        OptionalOf::new(TableRef::new(M::table()))
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> Selection for AllOf<M> {
    type Row = M;

    fn items(self, items: &mut Vec<Item>) {
        items.push(Item::Table(self.table));
    }

    fn presence(say: &mut dyn FnMut(Presence)) {
        say(Presence::Always);
    }

    fn decode(row: &mut RowReader<'_>) -> Result<M> {
        M::decode(row).map_err(about::<M>)
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> Selection for OptionalOf<M> {
    type Row = Option<M>;

    fn items(self, items: &mut Vec<Item>) {
        items.push(Item::Table(self.table));
    }

    /// A row that is there has a primary key.
    fn decode(row: &mut RowReader<'_>) -> Result<Option<M>> {
        let table = M::table();
        for &key in table.primary_key {
            let Some(column) = table.column(key) else { continue };
            if row.is_null_at(usize::from(key), column.ty).map_err(about::<M>)? {
                row.skip(table.columns.len());
                return Ok(None);
            }
        }
        M::decode(row).map(Some).map_err(about::<M>)
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> Selection for All<M> {
    type Row = M;

    fn items(self, items: &mut Vec<Item>) {
        items.push(Item::Table(TableRef::new(M::table())));
    }

    fn presence(say: &mut dyn FnMut(Presence)) {
        say(Presence::Always);
    }

    fn decode(row: &mut RowReader<'_>) -> Result<M> {
        M::decode(row).map_err(about::<M>)
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, T: SqlType> Selection for Column<M, T> {
    type Row = T;

    fn items(self, items: &mut Vec<Item>) {
        items.push(Item::Expr(self.node()));
    }

    fn presence(say: &mut dyn FnMut(Presence)) {
        say(Presence::of::<T>());
    }

    fn decode(row: &mut RowReader<'_>) -> Result<T> {
        T::decode(row).map_err(about::<M>)
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Selection for Expr<T> {
    type Row = T;

    fn items(self, items: &mut Vec<Item>) {
        items.push(Item::Expr(self.node()));
    }

    fn presence(say: &mut dyn FnMut(Presence)) {
        say(Presence::of::<T>());
    }

    fn decode(row: &mut RowReader<'_>) -> Result<T> {
        T::decode(row)
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Selection for Aggregate<T> {
    type Row = T;

    fn items(self, items: &mut Vec<Item>) {
        items.push(Item::Expr(self.node()));
    }

    fn decode(row: &mut RowReader<'_>) -> Result<T> {
        T::decode(row)
    }
}

/// The sources that each row must have one of, because what is selected of them can't be NULL.
///
/// Most selections are of one table under its own name, whose list is borrowed from it.
pub(in crate::query) fn required_sources<S: Selection>(items: &[Item]) -> Cow<'static, [&'static str]> {
    let mut names: Cow<'static, [&'static str]> = Cow::Borrowed(&[]);
    let mut items = items.iter();
    S::presence(&mut |presence| {
        let Some(item) = items.next() else { return };
        let Some((name, table)) = source(item).filter(|_| presence == Presence::Always) else { return };
        match table {
            _ if names.contains(&name) => {}
            Some(table) if names.is_empty() => names = Cow::Borrowed(slice::from_ref(&table.name)),
            _ => names.to_mut().push(name),
        }
    });
    names
}

/// The name of the source that an item is read from, and the table whose own name it is.
fn source(item: &Item) -> Option<(&'static str, Option<&'static Table>)> {
    let table = |table: &TableRef| (table.name(), table.alias.is_none().then_some(table.table));
    match item {
        Item::Table(named) => Some(table(named)),
        Item::Expr(sql::Expr::Column(column)) | Item::Labelled(sql::Expr::Column(column), _) => {
            Some(table(&column.table))
        }
        Item::Expr(sql::Expr::Derived(column)) | Item::Labelled(sql::Expr::Derived(column), _) => {
            Some((column.source, None))
        }
        // Whether what is computed is NULL where there is no row, the functions in it decide.
        _ => None,
    }
}

/// Of which table the column is that could not be read: others of the statement may have one of that name.
#[cold]
fn about<M: Model>(error: Error) -> Error {
    error.with_table(M::table().name)
}

macro_rules! selection {
    ($count:literal: $($part:ident $other:ident $place:tt),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: Selection),+> Selection for ($($part,)+) {
            type Row = ($($part::Row,)+);

            fn items(self, items: &mut Vec<Item>) {
                $(self.$place.items(items);)+
            }

            fn presence(say: &mut dyn FnMut(Presence)) {
                $($part::presence(say);)+
            }

            fn decode(row: &mut RowReader<'_>) -> Result<Self::Row> {
                Ok(($($part::decode(row)?,)+))
            }
        }
    };
}

for_each_tuple!(selection);

//! [`Select`].

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::OnceLock;
use std::time::Duration;

use futures_core::future::BoxFuture;

use super::cte::Cte;
use super::group_by::GroupBy;
use super::join::JoinTarget;
use super::order_by::OrderBy;
use super::selection;
use super::selection::Selection;
use super::subquery::IntoSource;
use crate::driver::Compiled;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::Executor;
use crate::model::Model;
use crate::pool::Access;
use crate::query::expr::Condition;
use crate::query::run::Decode;
use crate::query::run::{Columns, row_reading};
use crate::query::run::{FromRow, Query};
use crate::query::run::{RowStream, stream};
use crate::schema::Table;
use crate::sealed::Sealed;
use crate::sql::{
    self, ColumnRef, Count, DeletedRows, Destination, Direction, JoinKind, OrderTerm, Repeats, SetOp, TableRef,
};
use crate::types::SqlType;

/// Selects columns, expressions and whole models; a tuple of them is read as a tuple.
///
/// Rows come from the table of the first column, or from the one that [`from`](Select::from) names. Where nothing selected is a
/// column there is one row, which reads no table: `select(database_now())`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let names = select(User::name).order_by(User::id).all(&engine).await?;
/// assert_eq!(names, ["Ada", "Bob", "Cleo"]);
///
/// let pair: (String, Option<i32>) = select((User::name, User::age)).filter(User::id.eq(1)).one(&engine).await?;
/// assert_eq!(pair, ("Ada".to_owned(), Some(36)));
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.all(&engine).await`, or another end"]
pub fn select<S: Selection>(selection: S) -> Select<S::Row> {
    let mut items = Vec::new();
    selection.items(&mut items);
    let required = selection::required_sources::<S>(&items);
    let mut tree = sql::Select::of(items);
    tree.set_required(required);
    Select::new(tree, S::decode)
}

/// A SELECT whose rows are read as `R`.
///
/// Clauses may be added in any order, and nothing is sent before one of the ends: [`all`](Query::all), [`one`](Query::one),
/// [`optional`](Query::optional), [`first`](Query::first), [`stream`](Select::stream), [`count`](Select::count) or
/// [`exists`](Select::exists).
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, PartialEq)]
/// #[model(table = "users")]
/// struct User {
///     #[model(primary_key)]
///     id: i64,
///     name: String,
/// }
///
/// #[derive(Model, Debug, PartialEq)]
/// #[model(table = "orders")]
/// struct Order {
///     #[model(primary_key)]
///     id: i64,
///     #[model(references = User::id)]
///     user_id: i64,
///     total: i64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![User, Order]).await?;
/// # insert_all(&[(1, "Ada"), (2, "Grace"), (3, "Joan")].map(|(id, name)| User { id, name: name.into() }))
/// #     .exec(&engine)
/// #     .await?;
/// # insert_all(&[(1, 1, 30), (2, 1, 12), (3, 2, 5)].map(|(id, user_id, total)| Order { id, user_id, total }))
/// #     .exec(&engine)
/// #     .await?;
/// // A join finds the foreign key by itself.
/// let large = select((User::name, Order::total))
///     .join(table::<Order>())
///     .filter(Order::total.ge(10))
///     .order_by((User::name, Order::total.desc()))
///     .all(&engine)
///     .await?;
/// assert_eq!(large, [("Ada".to_owned(), 30), ("Ada".to_owned(), 12)]);
///
/// // With `left_join`, what may lack a partner is read as an `Option`.
/// let spent = select((User::name, sum(Order::total)))
///     .left_join(table::<Order>())
///     .group_by((User::id, User::name))
///     .order_by(User::name)
///     .all(&engine)
///     .await?;
/// assert_eq!(spent.last(), Some(&("Joan".to_owned(), None)));
///
/// let often = select(Order::user_id).group_by(Order::user_id).having(count(Order::id).gt(1)).all(&engine).await?;
/// assert_eq!(often, [1]);
///
/// let by_name = || User::select().order_by(User::name.desc());
/// assert_eq!(by_name().first(&engine).await?.map(|user| user.id), Some(3));
/// assert_eq!(by_name().limit(1).offset(1).one(&engine).await?.id, 2);
/// assert_eq!(User::select().count(&engine).await?, 3);
/// assert!(!User::select().filter(User::name.eq("Alan")).exists(&engine).await?);
///
/// let mut users = by_name().stream(&engine);
/// while let Some(user) = users.try_next().await? {
///     assert!(!user.name.is_empty());
/// }
/// # Ok(())
/// # }
/// ```
pub struct Select<R> {
    tree: sql::Select,
    decode: Decode<R>,
    columns: Columns,
    /// The tree in the shape in which it is rendered, where that is another.
    rearranged: OnceLock<Box<sql::Select>>,
    timeout: Option<Duration>,
}

impl<R> Sealed for Select<R> {}

impl<M: Model> Select<M> {
    /// Every row of a model's table.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::Select;
    ///
    /// assert_eq!(Select::<User>::all_of_model().count(&engine).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn all_of_model() -> Select<M> {
        let mut tree = sql::Select::all_of(TableRef::new(M::table()));
        tree.set_required(Cow::Borrowed(std::slice::from_ref(&M::table().name)));
        Select::new(tree, M::decode)
    }
}

impl<R> Select<R> {
    /// Whether the rows that it finds are locked.
    pub(crate) fn locks(&self) -> bool {
        self.tree.lock().is_some()
    }

    /// Whether it selects the columns of one model only.
    pub(crate) fn is_of_whole_models(&self) -> bool {
        self.columns == Columns::InOrder && matches!(self.tree.items(), [sql::Item::Table(_)])
    }

    /// The same SELECT, its rows read in another way.
    pub(crate) fn read_by<T>(self, decode: Decode<T>) -> Select<T> {
        let Select { tree, columns, timeout, .. } = self;
        Select { columns, timeout, ..Select::new(tree, decode) }
    }

    fn new(tree: sql::Select, decode: Decode<R>) -> Select<R> {
        Select { tree, decode, columns: Columns::InOrder, rearranged: OnceLock::new(), timeout: None }
    }
}

impl<R: Send + 'static> Select<R> {
    /// Only rows for which this holds. Several filters must all hold.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let orders = Order::select().filter(Order::user_id.eq(1)).filter(Order::paid).all(&engine).await?;
    /// assert_eq!(orders[0].item, "lamp");
    /// # Ok(())
    /// # }
    /// ```
    pub fn filter(mut self, condition: impl Condition) -> Select<R> {
        self.tree.add_filter(condition.condition());
        self
    }

    /// Only rows for which `condition` holds, where there is a value to make it from; else as it was.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// async fn search(name: Option<&str>, db: &Engine) -> creole::Result<u64> {
    ///     User::select().filter_some(name, |name| User::name.starts_with(name)).count(db).await
    /// }
    ///
    /// assert_eq!(search(Some("A"), &engine).await?, 1);
    /// assert_eq!(search(None, &engine).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn filter_some<V, C: Condition>(self, value: Option<V>, condition: impl FnOnce(V) -> C) -> Select<R> {
        match value {
            Some(value) => self.filter(condition(value)),
            None => self,
        }
    }

    /// Rows come from here: `from(table::<User>())`, or a subquery.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::{count_rows, table};
    ///
    /// assert_eq!(select(count_rows()).from(table::<User>()).one(&engine).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn from(mut self, source: impl IntoSource) -> Select<R> {
        self.tree.set_from(source.into_source());
        self
    }

    /// Together with the rows of another table that belong to each; rows without a partner are left out.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let buyers = select((User::name, Order::item)).join(User::orders).order_by(Order::id).all(&engine).await?;
    /// assert_eq!(buyers.len(), 3); // Ada twice, Bob once.
    /// # Ok(())
    /// # }
    /// ```
    pub fn join(self, target: impl JoinTarget) -> Select<R> {
        self.joined(target, JoinKind::Inner)
    }

    /// As [`join`](Select::join); rows without a partner stay, with NULLs for the other table.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let rows = select((User::name, Order::item.optional())).left_join(User::orders).order_by(User::id);
    /// assert_eq!(rows.all(&engine).await?.last(), Some(&("Cleo".to_owned(), None)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn left_join(self, target: impl JoinTarget) -> Select<R> {
        self.joined(target, JoinKind::Left)
    }

    /// As [`join`](Select::join); rows of the other table without a partner stay, with NULLs for the ones before.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::table;
    ///
    /// let rows = select((Order::item.optional(), User::name)).from(table::<Order>()).right_join(Order::user);
    /// assert_eq!(rows.order_by(User::id).all(&engine).await?.last(), Some(&(None, "Cleo".to_owned())));
    /// # Ok(())
    /// # }
    /// ```
    pub fn right_join(self, target: impl JoinTarget) -> Select<R> {
        self.joined(target, JoinKind::Right)
    }

    /// As [`join`](Select::join); rows of either side without a partner stay. MySQL and MariaDB have no such join.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let rows = select((User::name.optional(), Order::item.optional())).full_join(User::orders);
    /// assert_eq!(rows.count(&engine).await?, 4);
    /// # Ok(())
    /// # }
    /// ```
    pub fn full_join(self, target: impl JoinTarget) -> Select<R> {
        self.joined(target, JoinKind::Full)
    }

    fn joined(mut self, target: impl JoinTarget, kind: JoinKind) -> Select<R> {
        target.join(&mut self.tree, kind);
        self
    }

    /// Rows that are marked as deleted too, where a model has `#[model(soft_delete)]`: of every table that this SELECT reads or joins, and
    /// in conditions on relations. Else they are left out. Subqueries, common table expressions and loaded relations say it by
    /// themselves.
    ///
    /// ```
    /// # use creole::prelude::*;
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # #[model(table = "notes")]
    /// # struct Note {
    /// #     #[model(primary_key)]
    /// #     id: i64,
    /// #     #[model(soft_delete)]
    /// #     deleted_at: Option<DateTime<Utc>>,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Note]).await?;
    /// # insert_all(&[1, 2, 3].map(|id| Note { id, deleted_at: None })).exec(&engine).await?;
    /// delete::<Note>().filter(Note::id.eq(1)).exec(&engine).await?;
    /// assert_eq!(Note::select().count(&engine).await?, 2);
    /// assert_eq!(Note::select().with_deleted().count(&engine).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_deleted(mut self) -> Select<R> {
        self.tree.set_deleted(DeletedRows::Shown);
        self
    }

    /// Of the first table only rows that are marked as deleted; of the others, and in conditions on relations, all of them. An error of
    /// kind [`Syntax`](ErrorKind::Syntax) where that table's model marks none.
    ///
    /// ```
    /// # use creole::prelude::*;
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # #[model(table = "notes")]
    /// # struct Note {
    /// #     #[model(primary_key)]
    /// #     id: i64,
    /// #     #[model(soft_delete)]
    /// #     deleted_at: Option<DateTime<Utc>>,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Note]).await?;
    /// # insert_all(&[1, 2, 3].map(|id| Note { id, deleted_at: None })).exec(&engine).await?;
    /// delete::<Note>().filter(Note::id.eq(1)).exec(&engine).await?;
    /// assert_eq!(select(Note::id).only_deleted().all(&engine).await?, [1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn only_deleted(mut self) -> Select<R> {
        self.tree.set_deleted(DeletedRows::Only(None));
        self
    }

    /// With a common table expression, which the statement may then use as a source.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let dear = select((Order::user_id, Order::price)).filter(Order::price.gt(2900)).cte("dear");
    /// let names = select(User::name).join(dear.on(dear.col(Order::user_id).eq(User::id))).with_cte(&dear);
    /// assert_eq!(names.all(&engine).await?, ["Ada", "Ada"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_cte<S>(mut self, cte: &Cte<S>) -> Select<R> {
        self.tree.add_cte(cte.node());
        self
    }

    /// Rows that are equal in everything selected count once.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let items = select(Order::item).distinct().order_by(Order::item).all(&engine).await?;
    /// assert_eq!(items, ["desk", "lamp"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn distinct(mut self) -> Select<R> {
        self.tree.set_distinct();
        self
    }

    /// Of the rows that are equal in these, the first one in the order of the SELECT, which must begin with them. On
    /// PostgreSQL; elsewhere, number the rows by [`row_number`](crate::query::expr::row_number) in a subquery and filter by 1.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// // The dearest order of each user.
    /// let dearest = Order::select().distinct_on(Order::user_id).order_by((Order::user_id, Order::price.desc()));
    /// let error = dearest.all(&engine).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Unsupported); // On SQLite.
    /// # Ok(())
    /// # }
    /// ```
    pub fn distinct_on(mut self, equal: impl GroupBy) -> Select<R> {
        let mut columns = Vec::new();
        equal.groups(&mut columns);
        self.tree.add_distinct_on(columns);
        self
    }

    /// One row for each group of rows that are equal in these, after any groups given before.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::sum;
    ///
    /// let spent = select((Order::user_id, sum(Order::price))).group_by(Order::user_id).order_by(Order::user_id);
    /// assert_eq!(spent.all(&engine).await?, [(1, Some(11_000)), (2, Some(2500))]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn group_by(mut self, groups: impl GroupBy) -> Select<R> {
        let mut columns = Vec::new();
        groups.groups(&mut columns);
        self.tree.add_groups(columns);
        self
    }

    /// Only groups for which this holds. Several conditions must all hold.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::count;
    ///
    /// let often = select(Order::user_id).group_by(Order::user_id).having(count(Order::id).gt(1)).all(&engine).await?;
    /// assert_eq!(often, [1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn having(mut self, condition: impl Condition) -> Select<R> {
        self.tree.add_having(condition.condition());
        self
    }

    /// In the order of one of the model's columns, by its name in the database: for an order that a user chose. No name
    /// becomes part of the statement but a column's.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # use creole_core::sql::Direction;
    /// let users = User::select().order_by_name::<User>("name", Direction::Descending)?.all(&engine).await?;
    /// assert_eq!(users[0].name, "Cleo");
    /// let error = User::select().order_by_name::<User>("name; drop table users", Direction::Ascending).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::UndefinedColumn);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`UndefinedColumn`](crate::ErrorKind::UndefinedColumn) where the table has no such column.
    pub fn order_by_name<M: Model>(mut self, column: &str, direction: Direction) -> Result<Select<R>> {
        let table = M::table();
        let place = table.columns.iter().position(|definition| definition.name == column);
        let Some(index) = place.and_then(|place| u16::try_from(place).ok()) else {
            let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            let message = format!("there is no column of this name to sort by; there are {}", names.join(", "));
            return Err(Error::new(ErrorKind::UndefinedColumn, message).with_table(table.name));
        };
        let expr = sql::Expr::Column(ColumnRef { table: TableRef::new(table), index });
        self.tree.add_order(vec![OrderTerm::new(expr, direction)]);
        Ok(self)
    }

    /// In this order, after any order given before. NULLs stand last going up and first going down.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let orders = select(Order::id).order_by((Order::item, Order::price.desc())).all(&engine).await?;
    /// assert_eq!(orders, [2, 1, 3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn order_by(mut self, order: impl OrderBy) -> Select<R> {
        let mut terms = Vec::new();
        order.terms(&mut terms);
        self.tree.add_order(terms);
        self
    }

    /// At most this many rows.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let oldest = select(User::name).filter(User::age.is_not_null()).order_by(User::age.desc()).limit(1);
    /// assert_eq!(oldest.all(&engine).await?, ["Bob"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn limit(mut self, rows: u64) -> Select<R> {
        self.tree.set_limit(Count::Bound(rows));
        self
    }

    /// Skips this many rows.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(User::name).order_by(User::id).offset(2).all(&engine).await?, ["Cleo"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn offset(mut self, rows: u64) -> Select<R> {
        self.tree.set_offset(rows);
        self
    }

    /// Reads each row as a struct of the program's own, whose fields are found by name: a column's, or its label. Where a
    /// field has no column, or several, running the statement is an error that names it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// #[derive(FromRow, Debug, PartialEq)]
    /// struct Summary {
    ///     name: String,
    ///     orders: i64,
    /// }
    ///
    /// let summaries = select((User::name, User::orders.count().label("orders"))).order_by(User::id).read_as::<Summary>();
    /// assert_eq!(summaries.first(&engine).await?, Some(Summary { name: "Ada".into(), orders: 2 }));
    /// # Ok(())
    /// # }
    /// ```
    pub fn read_as<T: FromRow>(mut self) -> Select<T> {
        match row_reading::places(&self.tree.names(), &T::columns("")) {
            Ok(places) => {
                // Whether a field may be NULL, the struct says.
                self.tree.set_required(Cow::Borrowed(&[]));
                self.columns = Columns::At(places);
            }
            Err(reason) => self.tree.misused(format!("{reason}; a column is labelled by `.label(\"…\")`")),
        }
        Select { columns: self.columns, timeout: self.timeout, ..Select::new(self.tree, T::decode) }
    }

    /// Limits how long the statement may run. One that runs longer is ended in the database too, and its error is
    /// [`StatementTimeout`](crate::ErrorKind::StatementTimeout).
    ///
    /// The time is the statement's own, from when it is sent to its last row, and of a stream also that in which nobody reads
    /// on; waiting for a connection has a limit of its own, [`PoolOptions::acquire_timeout`](crate::pool::PoolOptions::acquire_timeout). What has no
    /// time left is not sent. Of a SELECT within a statement only that statement's limit counts.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::time::Duration;
    ///
    /// assert_eq!(User::select().timeout(Duration::from_secs(5)).all(&engine).await?.len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, limit: Duration) -> Select<R> {
        self.timeout = Some(limit);
        self
    }

    /// The rows of this SELECT and of another.
    /// The same rows, of which what another SELECT lists is read.
    pub(in crate::query) fn selecting<T>(mut self, other: Select<T>) -> Select<T> {
        self.tree.set_items(other.tree.items().to_vec());
        self.tree.set_required(other.tree.required().clone());
        Select { columns: other.columns, timeout: self.timeout, ..Select::new(self.tree, other.decode) }
    }

    /// How long the statement may take.
    pub(in crate::query) fn time_limit(&self) -> Option<Duration> {
        self.timeout
    }

    pub(super) fn combined(self, op: SetOp, repeats: Repeats, other: Select<R>) -> Select<R> {
        let (decode, columns, timeout) = (self.decode, self.columns.clone(), self.timeout);
        Select { columns, timeout, ..Select::new(self.into_tree().combined(op, repeats, other.into_tree()), decode) }
    }

    /// About these of the rows that are marked as deleted.
    pub(crate) fn about(mut self, rows: DeletedRows) -> Select<R> {
        self.tree.set_deleted(rows);
        self
    }

    pub(in crate::query) fn tree(&self) -> &sql::Select {
        &self.tree
    }

    pub(in crate::query) fn tree_mut(&mut self) -> &mut sql::Select {
        &mut self.tree
    }

    /// The untyped tree.
    pub(in crate::query) fn into_tree(self) -> sql::Select {
        if self.tree.is_out_of_order() { self.tree.rearranged() } else { self.tree }
    }

    /// The tree as it is rendered.
    fn sent(&self) -> &sql::Select {
        if !self.tree.is_out_of_order() {
            return &self.tree;
        }
        self.rearranged.get_or_init(|| Box::new(self.tree.clone().rearranged()))
    }

    /// How many rows there are.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(Order::select().filter(Order::paid).count(&engine).await?, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Query::all).
    #[track_caller]
    pub fn count<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>> {
        Numbers { tree: self.tree, end: End::Count, timeout: self.timeout }.fetch_number(db)
    }

    /// Whether there is any row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert!(User::select().filter(User::name.eq("Ada")).exists(&engine).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Query::all).
    #[track_caller]
    pub fn exists<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<bool>> {
        let number = Numbers { tree: self.tree, end: End::Exists, timeout: self.timeout }.first(db);
        Box::pin(async move { Ok(number.await?.is_some()) })
    }

    /// The rows one after the other, in bounded memory. A stream may be dropped before its end:
    /// see [`RowStream`].
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let mut total = 0;
    /// let mut orders = Order::select().stream(&engine);
    /// while let Some(order) = orders.try_next().await? {
    ///     total += order.price;
    /// }
    /// assert_eq!(total, 13_500);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn stream<'e>(self, db: impl Executor + 'e) -> RowStream<'e, R> {
        stream(self, db, BATCH)
    }

    /// As [`stream`](Select::stream), with `rows` rows fetched at a time.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::num::NonZeroUsize;
    ///
    /// let batch = NonZeroUsize::new(2).expect("it is not zero");
    /// let mut orders = Order::select().order_by(Order::id).stream_batches(&engine, batch);
    /// assert_eq!(orders.try_next().await?.map(|order| order.id), Some(1));
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn stream_batches<'e>(self, db: impl Executor + 'e, rows: NonZeroUsize) -> RowStream<'e, R> {
        stream(self, db, rows.get())
    }
}

/// How many rows a stream fetches at a time.
pub(in crate::query) const BATCH: usize = 256;

impl<R: Send + 'static> Query for Select<R> {
    type Row = R;

    fn compile<'q>(&'q self, to: impl Into<Destination<'q>>) -> Result<Compiled<'q>> {
        let statement = self.sent().compile(to)?.within(self.timeout);
        Ok(Compiled { goes_on: self.tree.goes_on(), ..statement })
    }

    fn decode(&self) -> Decode<R> {
        self.decode
    }

    fn columns(&self) -> Columns {
        self.columns.clone()
    }

    fn table(&self) -> Option<&'static Table> {
        self.tree.table()
    }

    /// A lock is for whoever writes next: where one connection writes, it is that one's.
    fn access(&self) -> Access {
        if self.tree.lock().is_some() { Access::Write } else { Access::Read }
    }

    fn at_most(mut self, rows: u64) -> Select<R> {
        self.tree.set_at_most(rows);
        self
    }
}

impl<R> Clone for Select<R> {
    fn clone(&self) -> Select<R> {
        Select { columns: self.columns.clone(), timeout: self.timeout, ..Select::new(self.tree.clone(), self.decode) }
    }
}

impl<R> fmt::Debug for Select<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}

/// A SELECT of which only a number is wanted.
struct Numbers {
    tree: sql::Select,
    end: End,
    timeout: Option<Duration>,
}

enum End {
    Count,
    Exists,
}

impl Numbers {
    #[track_caller]
    fn fetch_number<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>> {
        let count = self.one(db);
        Box::pin(async move { Ok(u64::try_from(count.await?).unwrap_or_default()) })
    }
}

impl Query for Numbers {
    type Row = i64;

    fn compile<'q>(&'q self, to: impl Into<Destination<'q>>) -> Result<Compiled<'q>> {
        let statement = match self.end {
            End::Count => self.tree.compile_count(to),
            End::Exists => self.tree.compile_exists(to),
        }?;
        Ok(statement.within(self.timeout))
    }

    fn decode(&self) -> Decode<i64> {
        <i64 as SqlType>::decode
    }

    fn table(&self) -> Option<&'static Table> {
        self.tree.table()
    }

    fn access(&self) -> Access {
        Access::Read
    }
}

//! Upserts: `insert(&row).on_conflict(key)`.

mod target;
mod outcome;
mod duplicates;
mod write;
mod owners;
mod refusals;

use std::fmt;

use futures_core::future::BoxFuture;

use super::failed_row::Guard;
use super::insert::{Batch, Given, TRIES, clash_of_select, is_overtaken, overtaken};
use super::{Insert, ManyRows, OneRow, Selected, atomic::Atomic};
use crate::dialect::{Dialect, Support};
use crate::driver::Compiled;
use crate::error::Result;
use crate::exec::Executor;
use crate::model::{Column, Model};
use crate::pool::{Access, Link};
use crate::query::expr::{Condition, Expr, Operand};
use crate::query::run::Execute;
use crate::schema::{ColumnDef, Table, Written};
use crate::sealed::Sealed;
use crate::sql::{self, Assignment, ConflictAction, ConflictTarget, Destination, OnConflict};
use crate::types::{Fits, SqlType, Value};

pub use outcome::{Outcome, Upserted};
pub use target::{ColumnList, ConflictKey, PrimaryKey, UniqueKey, unique_key};

/// A column of the row that an upsert would have inserted, for [`Upsert::set`] and [`Upsert::filter`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let user = User { email: "ada@example.com".into(), age: Some(40), ..Default::default() };
/// let older = insert(&user).on_conflict(User::email).update(User::age).filter(User::age.lt(excluded(User::age)));
/// assert_eq!(older.upserted(&engine).await?.row.age, Some(40));
/// # Ok(())
/// # }
/// ```
pub fn excluded<M: Model, T: SqlType>(column: Column<M, T>) -> Expr<T> {
    Expr::new(sql::excluded(column.column_ref()))
}

/// An INSERT that is to be told what becomes of rows whose key is there already.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::Conflict;
///
/// let user = User { email: "ada@example.com".into(), ..Default::default() };
/// let conflict: Conflict<'_, User, _> = insert(&user).on_conflict(User::email);
/// assert_eq!(conflict.do_nothing().exec(&engine).await?, 1);
/// # Ok(())
/// # }
/// ```
#[must_use = "say what becomes of such rows: `update(…)`, `update_all()`, `set(…)` or `do_nothing()`"]
pub struct Conflict<'a, M, N> {
    insert: Insert<'a, M, N>,
    target: ConflictTarget,
}

/// An INSERT that updates the rows whose key is there already, or leaves them alone.
///
/// Natively on each backend: ON CONFLICT on SQLite and PostgreSQL, ON DUPLICATE KEY UPDATE on MySQL and MariaDB, there with a
/// guard that keeps it to the key. What [`exec`](Execute::exec) counts are the rows that were given, each of which is in the
/// table afterwards.
///
/// An import that can be run again writes only what differs:
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "products", default)]
/// struct Product {
///     #[model(primary_key, auto)]
///     id: i64,
///     #[model(unique, length = 20)]
///     sku: String,
///     title: String,
///     price: Decimal,
/// }
///
/// # #[tokio::main]
/// # async fn main() -> creole::Result<()> {
/// let engine = Engine::connect("sqlite::memory:").await?;
/// engine.create_all(tables![Product]).await?;
/// let rows = [Product { sku: "a1".into(), title: "Anvil".into(), price: dec!(30), ..Default::default() }];
/// let import = || {
///     insert_all(&rows)
///         .on_conflict(Product::sku)
///         .update((Product::title, Product::price))
///         .filter(Product::title.ne(excluded(Product::title)).or(Product::price.ne(excluded(Product::price))))
/// };
/// assert_eq!(import().upserted(&engine).await?[0].outcome, Outcome::Inserted);
/// assert_eq!(import().upserted(&engine).await?[0].outcome, Outcome::Unchanged);
/// # Ok(())
/// # }
/// ```
///
/// A subquery in it sees the table as it was before the statement.
///
/// The same key twice in one call is refused before anything is sent. A row that clashes with two rows at once, by the key and by
/// another one, updates the first on SQLite and PostgreSQL; MySQL and MariaDB take the key that stands first in the table, and
/// where that is the other one, it is a [`UniqueViolation`](crate::ErrorKind::UniqueViolation).
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub struct Upsert<'a, M, N = OneRow> {
    insert: Insert<'a, M, N>,
}

impl<M, N> Sealed for Upsert<'_, M, N> {}

impl<'a, M: Model, N> Conflict<'a, M, N> {
    pub(super) fn new(mut insert: Insert<'a, M, N>, key: impl ConflictKey<M>) -> Conflict<'a, M, N> {
        let target = key.target().unwrap_or_else(|misuse| {
            insert.shape.misused(misuse);
            ConflictTarget { columns: Vec::new(), filter: None }
        });
        Conflict { insert, target }
    }

    /// These columns get the values that were to be inserted: a column, or a tuple of them. One of the key's own is written anew
    /// where it has other letters, as "Rust" for "rust" where case is ignored.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let user = User { email: "ada@example.com".into(), name: "Lady Ada".into(), ..Default::default() };
    /// let upserted = insert(&user).on_conflict(User::email).update((User::name,)).upserted(&engine).await?;
    /// assert_eq!((&*upserted.row.name, upserted.row.age), ("Lady Ada", Some(36)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(self, columns: impl ColumnList<M>) -> Upsert<'a, M, N> {
        let places = columns.places();
        self.updating(places)
    }

    /// Every column gets the value that was to be inserted, but for those of this key and of the primary key, those that are left
    /// to the database, those with `#[model(on_update = …)]`, which get that, and the `#[model(version)]`, which is counted up. The
    /// version of the row is not asked for, but by [`filter`](Upsert::filter): `Account::version.eq(excluded(Account::version))`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let user = User { email: "ada@example.com".into(), name: "Lady Ada".into(), ..Default::default() };
    /// let upserted = insert(&user).on_conflict(User::email).update_all().upserted(&engine).await?;
    /// assert_eq!((&*upserted.row.name, upserted.row.age), ("Lady Ada", None));
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_all(self) -> Upsert<'a, M, N> {
        let (table, shape) = (M::table(), &self.insert.shape);
        let is_updated = |&column: &u16| {
            let is_key = self.target.columns.contains(&column) || table.primary_key.contains(&column);
            let is_given = |column: &ColumnDef| column.on_update.is_none() && column.written == Written::Always;
            let is_version = table.version == Some(column);
            !is_key && !is_version && table.column(column).is_some_and(is_given) && !shape.omits(column)
        };
        let places: Vec<u16> = shape.all_columns().into_iter().filter(is_updated).collect();
        self.updating(places)
    }

    /// Writes an expression to a column, which sees the row that is there, and with [`excluded`] the one that was to be inserted:
    /// `set(Visit::hits, Visit::hits + excluded(Visit::hits))`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let user = User { email: "ada@example.com".into(), ..Default::default() };
    /// let upsert = insert(&user).on_conflict(User::email).set(User::age, User::age + 1);
    /// assert_eq!(upsert.upserted(&engine).await?.row.age, Some(37));
    /// # Ok(())
    /// # }
    /// ```
    pub fn set<T: SqlType, V: Operand<T::Base>>(self, column: Column<M, T>, value: V) -> Upsert<'a, M, N>
    where
        V::Null: Fits<T::Null>,
    {
        self.updating(Vec::new()).set(column, value)
    }

    /// The row that is there stays as it is. On MySQL and MariaDB its UPDATE triggers fire, and automatic numbers are used up.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let user = User { email: "ada@example.com".into(), name: "Somebody".into(), ..Default::default() };
    /// let upserted = insert(&user).on_conflict(User::email).do_nothing().upserted(&engine).await?;
    /// assert_eq!((&*upserted.row.name, upserted.outcome), ("Ada", Outcome::Unchanged));
    /// # Ok(())
    /// # }
    /// ```
    pub fn do_nothing(self) -> Upsert<'a, M, N> {
        self.acting(ConflictAction::Nothing)
    }

    fn updating(self, columns: Vec<u16>) -> Upsert<'a, M, N> {
        let table = M::table();
        let is_set_here = |column: u16| columns.contains(&column) || self.target.columns.contains(&column);
        let mut assignments = Assignment::defaults(table);
        assignments.retain(|default| !is_set_here(default.column));
        assignments.extend(columns.iter().map(|&index| excluded_value(table, index)));
        assignments.extend(self.revival(&columns));
        self.acting(ConflictAction::Update { assignments, filter: None })
    }

    /// What makes a row that is marked as deleted as alive as the one that would have been inserted, where nothing else is said of it.
    fn revival(&self, columns: &[u16]) -> Option<Assignment> {
        let table = M::table();
        let column = table.soft_delete?.column;
        if columns.contains(&column) || self.target.columns.contains(&column) {
            return None;
        }
        if !self.insert.shape.omits(column) {
            return Some(excluded_value(table, column));
        }
        let definition = table.column(column)?;
        let alive = if definition.nullable { Value::Null } else { Value::Bool(false) };
        Some(Assignment { column, value: sql::Expr::stored(alive, definition.ty) })
    }

    fn acting(mut self, action: ConflictAction) -> Upsert<'a, M, N> {
        self.insert.shape.conflict = Some(OnConflict { target: self.target, action, expected: None });
        Upsert { insert: self.insert }
    }
}

impl<'a, M: Model, N> Upsert<'a, M, N> {
    /// Writes an expression to one more column, as [`Conflict::set`] does.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let user = User { email: "ada@example.com".into(), name: "Lady Ada".into(), ..Default::default() };
    /// let upsert = insert(&user).on_conflict(User::email).update(User::name).set(User::age, User::age + 1);
    /// let row = upsert.upserted(&engine).await?.row;
    /// assert_eq!((&*row.name, row.age), ("Lady Ada", Some(37)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn set<T: SqlType, V: Operand<T::Base>>(mut self, column: Column<M, T>, value: V) -> Upsert<'a, M, N>
    where
        V::Null: Fits<T::Null>,
    {
        let target = sql::Expr::Column(column.column_ref());
        let assignment = Assignment { column: column.index(), value: value.operand().typed_like(&target) };
        match self.insert.shape.conflict.as_mut().map(|conflict| &mut conflict.action) {
            Some(ConflictAction::Update { assignments, .. }) => {
                assignments.retain(|earlier| earlier.column != assignment.column);
                assignments.push(assignment);
            }
            _ => self.insert.shape.misused("`do_nothing` sets no columns: leave it off, or leave `set` off"),
        }
        self
    }

    /// Updates the row that is there only where this holds; else it stays as it is. Several filters must all hold. They see both
    /// rows, as [`set`](Upsert::set) does.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let user = User { email: "ada@example.com".into(), name: "Lady Ada".into(), ..Default::default() };
    /// let upsert = insert(&user).on_conflict(User::email).update(User::name).filter(User::age.gt(40));
    /// assert_eq!(upsert.upserted(&engine).await?.outcome, Outcome::Unchanged);
    /// # Ok(())
    /// # }
    /// ```
    pub fn filter(mut self, condition: impl Condition) -> Upsert<'a, M, N> {
        let condition = condition.condition();
        match self.insert.shape.conflict.as_mut().map(|conflict| &mut conflict.action) {
            Some(ConflictAction::Update { filter, .. }) => {
                *filter = Some(match filter.take() {
                    Some(filter) => filter.and(condition),
                    None => condition,
                });
            }
            _ => self
                .insert
                .shape
                .misused("`do_nothing` updates no rows that could be filtered: leave one of the two off"),
        }
        self
    }

    /// Limits how long each statement may run, as [`Insert::timeout`] says.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::time::Duration;
    ///
    /// let user = User { email: "ada@example.com".into(), ..Default::default() };
    /// let upsert = insert(&user).on_conflict(User::email).do_nothing().timeout(Duration::from_secs(5));
    /// assert_eq!(upsert.exec(&engine).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, limit: std::time::Duration) -> Upsert<'a, M, N> {
        self.insert = self.insert.timeout(limit);
        self
    }
}

impl<M: Model> Upsert<'_, M, OneRow> {
    /// Runs it and returns the row as the database then has it, with what became of it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let user = User { email: "dora@example.com".into(), ..Default::default() };
    /// let upserted = insert(&user).on_conflict(User::email).do_nothing().upserted(&engine).await?;
    /// assert_eq!((upserted.row.id, upserted.outcome), (4, Outcome::Inserted));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`exec`](Execute::exec).
    #[track_caller]
    pub fn upserted<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<Upserted<M>>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            let mut link = db.connection(Access::Write).await?;
            let mut rows = write::upserted::<M>(&self.insert.batch(link.destination().tenants()), &mut link).await?;
            rows.pop().ok_or_else(write::missing::<M>)
        })
    }
}

impl<M: Model> Upsert<'_, M, ManyRows> {
    /// Runs it and returns each row as the database then has it, with what became of it, in the order in which they were given.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let users = ["ada@example.com", "dora@example.com"].map(|email| User { email: email.into(), ..Default::default() });
    /// let upserted = insert_all(&users).on_conflict(User::email).do_nothing().upserted(&engine).await?;
    /// let outcomes: Vec<Outcome> = upserted.iter().map(|upserted| upserted.outcome).collect();
    /// assert_eq!(outcomes, [Outcome::Unchanged, Outcome::Inserted]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`exec`](Execute::exec).
    #[track_caller]
    pub fn upserted<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<Vec<Upserted<M>>>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            let batch = self.insert.batch(db.tenants());
            if batch.count == 0 {
                return Ok(Vec::new());
            }
            let mut link = db.connection(Access::Write).await?;
            write::upserted::<M>(&batch, &mut link).await
        })
    }
}

impl<M: Model> Execute for Upsert<'_, M, OneRow> {
    fn compile<'q>(&'q self, to: impl Into<Destination<'q>>) -> Result<Compiled<'q>> {
        self.insert.compile(to)
    }

    #[track_caller]
    fn exec<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move { exec(&self.insert.batch(db.destination().tenants()), &mut db).await })
    }
}

impl<M: Model> Execute for Upsert<'_, M, ManyRows> {
    fn compile<'q>(&'q self, to: impl Into<Destination<'q>>) -> Result<Compiled<'q>> {
        self.insert.compile(to)
    }

    #[track_caller]
    fn exec<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move { exec(&self.insert.batch(db.destination().tenants()), &mut db).await })
    }
}

/// Of the rows that a SELECT yields nobody counts on every backend how many were there already, so no number comes back.
impl<M: Model> Upsert<'_, M, Selected> {
    /// The SQL text for a dialect, without a connection.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let users = select((User::email, User::name)).filter(User::id.eq(1));
    /// let upsert = insert_from((User::email, User::name), users).on_conflict(User::email).do_nothing();
    /// assert!(upsert.sql(&Sqlite)?.ends_with("DO NOTHING"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Execute::compile`].
    pub fn sql(&self, dialect: &dyn Dialect) -> Result<String> {
        self.insert.sql(dialect)
    }

    /// Runs it. Where rows are updated, the SELECT is asked first whether it yields a key twice.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let shouted = select((User::email, User::name.upper()));
    /// insert_from((User::email, User::name), shouted).on_conflict(User::email).update(User::name).exec(&engine).await?;
    /// assert_eq!(select(User::name).order_by(User::id).all(&engine).await?, ["ADA", "BOB", "CLEO"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`exec`](Execute::exec) of other upserts.
    #[track_caller]
    pub fn exec<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<()>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            let statement = self.insert.compile(db.destination())?;
            let batch = self.insert.batch(db.tenants());
            let mut link = db.connection(Access::Write).await?;
            let atomic = Atomic::begin(&mut link).await?;
            let result = match duplicates::refuse_selected(&batch, &mut link).await {
                Ok(()) => match send(&mut link, &statement).await {
                    Ok(()) => Ok(()),
                    Err(error) => Err(clash_of_select(&batch, &link, error)),
                },
                Err(error) => Err(error),
            };
            atomic.end(&mut link, result).await
        })
    }
}

/// What an upsert writes to a column whose value is that of the row it would insert.
fn excluded_value(table: &'static Table, index: u16) -> Assignment {
    let column = sql::ColumnRef { table: sql::TableRef::new(table), index };
    Assignment { column: index, value: sql::excluded(column) }
}

/// Sends an upsert of what a SELECT yields, once more where somebody else was quicker.
async fn send(link: &mut Link, statement: &Compiled<'_>) -> Result<()> {
    let mut guard = match link.dialect().capabilities().conflict_target {
        Support::Native => Guard::None,
        Support::Absent => Guard::set(link).await?,
    };
    let mut tries = 0;
    loop {
        tries += 1;
        match link.execute(statement).await {
            Ok(_) => return guard.release(link).await,
            Err(error) if !is_overtaken(link, &error) => return Err(error),
            Err(error) if tries == TRIES => return Err(overtaken(error)),
            Err(_) => guard = guard.again(link).await?,
        }
    }
}

async fn exec(batch: &Batch<'_>, db: &mut crate::exec::Handle<'_>) -> Result<u64> {
    batch.shape.check()?;
    if batch.count == 0 {
        return Ok(0);
    }
    if let Given::Many = batch.shape.given {
        duplicates::refuse(batch)?;
    }
    let mut link = db.connection(Access::Write).await?;
    batch.write(&mut link, None).await.map(|_| batch.count as u64)
}

impl<M, N> Clone for Upsert<'_, M, N> {
    fn clone(&self) -> Self {
        Upsert { insert: self.insert.clone() }
    }
}

/// Shows what is inserted where, and none of the rows' values.
impl<M, N> fmt::Debug for Upsert<'_, M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.insert.fmt(f)
    }
}

impl<M, N> fmt::Debug for Conflict<'_, M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.insert.fmt(f)
    }
}

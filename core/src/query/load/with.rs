//! [`With`]: a SELECT whose rows come with what belongs to them.

use std::fmt;

use futures_core::future::BoxFuture;

use super::each::{LoadEach, PushLoad};
use super::load::{Load, LoadOn};
use super::parents::Parents;
use super::rows_of::RowsOf;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::exec::{Executor, Handle};
use crate::query::run::{Query, more_than_one, not_found};
use crate::query::select::Select;

/// A SELECT whose rows come together with what belongs to them, made by [`Select::with`].
///
/// A row is read as a tuple: the row itself, and then what each relation leads to, a `Vec`, an `Option`, or the row that it
/// must have. Its ends are those of a SELECT; clauses may be added after `with` as before it. A `limit` counts the rows of
/// the SELECT.
///
/// Each relation is one statement more, on the same connection, however many rows there are. All of them see one state of the
/// database where the program is in a transaction that does so; else rows that are written meanwhile may be in a later
/// statement and not in the one before.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let users: Vec<(User, Vec<Order>)> =
///     User::select().order_by(User::id).with(User::orders).all(&engine).await?;
/// assert_eq!(users.iter().map(|(_, orders)| orders.len()).collect::<Vec<_>>(), [2, 1, 0]);
///
/// let orders: Vec<(Order, User)> = Order::select().order_by(Order::id).with(Order::user).all(&engine).await?;
/// assert_eq!(orders[2].1.name, "Bob");
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.all(&engine).await`, or another end"]
pub struct With<R, L> {
    pub(in crate::query) select: Select<R>,
    pub(in crate::query) each: L,
}

impl<R: Send + 'static> Select<R> {
    /// The rows together with what belongs to each of them.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let paid = User::orders.filter(Order::paid);
    /// let (ada, orders) = User::select().filter(User::name.eq("Ada")).with(paid).one(&engine).await?;
    /// assert_eq!((ada.id, orders.len()), (1, 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn with<N: Load>(self, relation: N) -> With<R, (N,)>
    where
        R: RowsOf<N::From>,
    {
        With { select: self, each: (relation,) }
    }
}

impl<R: Send + 'static, L> With<R, L> {
    /// One relation more, side by side with those before.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let (paid, open) = (User::orders.filter(Order::paid), User::orders.filter(not(Order::paid)));
    /// let (_, paid, open): (User, Vec<Order>, Vec<Order>) =
    ///     User::select().filter(User::id.eq(1)).with(paid).with(open).one(&engine).await?;
    /// assert_eq!((paid[0].item.as_str(), open[0].item.as_str()), ("lamp", "desk"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn with<N: Load>(self, relation: N) -> With<R, L::Pushed>
    where
        R: RowsOf<N::From>,
        L: PushLoad<N>,
    {
        With { select: self.select, each: self.each.push(relation) }
    }
}

impl<R, L> With<R, L> {
    /// The SELECT, and the relations.
    pub(crate) fn into_parts(self) -> (Select<R>, L) {
        (self.select, self.each)
    }
}

impl<R: Send + 'static, L: LoadEach<R>> With<R, L> {
    /// The statements in a dialect's SQL: that of the rows, and one for each relation, as it finds what belongs to one row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # fn main() -> creole::Result<()> {
    /// let statements = User::select().with(User::orders.with(Order::user)).sql(&Sqlite)?;
    /// assert_eq!(statements.lines().count(), 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Query::compile`].
    pub fn sql(&self, dialect: &dyn Dialect) -> Result<String> {
        let mut select = self.select.clone();
        Parents::of(&mut select, &self.each)?;
        let mut texts = select.sql(dialect)?;
        self.each.statements(dialect, &mut |text| {
            texts.push_str(";\n");
            texts.push_str(text);
        })?;
        Ok(texts)
    }

    /// Every row, with what belongs to it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let users = User::select().with(User::orders).all(&engine).await?;
    /// assert_eq!(users.iter().map(|(_, orders)| orders.len()).sum::<usize>(), 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Query::all`]. [`NotFound`](crate::ErrorKind::NotFound) where a row refers to one that is not there, and the relation says that
    /// there is one; [`MultipleFound`](crate::ErrorKind::MultipleFound) where several rows belong to a row that has one at most; both name
    /// the relation. [`Syntax`](crate::ErrorKind::Syntax) where the SELECT lacks the columns that a relation goes by.
    #[track_caller]
    pub fn all<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<Vec<L::Row>>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move { self.fetch(&mut db, Wanted::All).await })
    }

    /// The one row there is, with what belongs to it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let (lamp, user) = Order::select().filter(Order::id.eq(1)).with(Order::user).one(&engine).await?;
    /// assert_eq!((lamp.item.as_str(), user.name.as_str()), ("lamp", "Ada"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Query::one`] and [`all`](With::all).
    #[track_caller]
    pub fn one<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<L::Row>>
    where
        Self: 'e,
    {
        let table = self.select.table();
        let optional = self.optional(db);
        Box::pin(async move { optional.await?.ok_or_else(|| not_found(table)) })
    }

    /// The row, if there is one, with what belongs to it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let nobody = User::select().filter(User::name.eq("Zoe")).with(User::orders).optional(&engine).await?;
    /// assert_eq!(nobody, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Query::optional`] and [`all`](With::all).
    #[track_caller]
    pub fn optional<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<Option<L::Row>>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move { Ok(self.fetch(&mut db, Wanted::Only).await?.into_iter().next()) })
    }

    /// The first row in the order asked for, if there is any, with what belongs to it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let last = User::select().order_by(User::id.desc()).with(User::orders).first(&engine).await?;
    /// assert_eq!(last.map(|(user, orders)| (user.name, orders.len())), Some(("Cleo".to_owned(), 0)));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](With::all).
    #[track_caller]
    pub fn first<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<Option<L::Row>>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move { Ok(self.fetch(&mut db, Wanted::First).await?.into_iter().next()) })
    }

    pub(super) async fn fetch(self, db: &mut Handle<'_>, wanted: Wanted) -> Result<Vec<L::Row>> {
        let With { select, each } = self;
        let mut select = match wanted {
            Wanted::All => select,
            Wanted::First => select.at_most(1),
            // A second row is asked for only to know that there is one.
            Wanted::Only => select.at_most(2),
        };
        let mut parents = Parents::of(&mut select, &each)?;
        each.check(db.dialect())?;
        let statement = select.compile(db.destination())?;
        db.note_read(&statement);
        let mut conn = db.connection(select.access()).await?;
        conn.fetch(&statement, &mut parents).await?;
        let (rows, gathered) = parents.into_parts();
        if let (Wanted::Only, 2..) = (wanted, rows.len()) {
            return Err(more_than_one(select.table()));
        }
        each.load(rows, gathered, &mut LoadOn { link: &mut conn, timeout: select.time_limit() }).await
    }
}

/// Which rows of a SELECT an end asks for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted {
    All,
    First,
    Only,
}

impl<R, L: Clone> Clone for With<R, L> {
    fn clone(&self) -> With<R, L> {
        With { select: self.select.clone(), each: self.each.clone() }
    }
}

impl<R, L: fmt::Debug> fmt::Debug for With<R, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("With").field("select", &self.select).field("each", &self.each).finish()
    }
}

//! [`Raw`]: SQL text of the program's own, with its values bound.

use std::borrow::Cow;
use std::num::NonZeroUsize;
use std::time::Duration;

use futures_core::future::BoxFuture;

use super::interpolate::{Bound, Interpolate};
use crate::driver::Compiled;
use crate::error::Result;
use crate::exec::Executor;
use crate::model::Model;
use crate::pool::Access;
use crate::query::expr::Expr;
use crate::query::run::Columns;
use crate::query::run::Decode;
use crate::query::run::{Execute, FromColumns, FromRow, Query};
use crate::query::run::{RowStream, stream};
use crate::query::select::BATCH;
use crate::schema::Table;
use crate::sealed::Sealed;
use crate::sql::{self, Destination, RawPart};
use crate::types::{SqlType, SqlValue};

/// SQL text of the program's own, with its values bound: what the macro `sql!` makes.
///
/// It is a whole statement, read by [`models`](Raw::models), [`scalars`](Raw::scalars), [`rows`](Raw::rows) or
/// [`read_as`](Raw::read_as), or run for its effect by [`exec`](Execute::exec); or it is a fragment, made an expression by
/// [`expr`](Raw::expr) or put into the braces of another text.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let name = "Ada' or '1' = '1"; // A value, whatever it looks like.
/// assert!(sql!("select id from users where name = {name}").scalars::<i64>().all(&engine).await?.is_empty());
///
/// let changed = sql!("update users set age = age + 1 where id = {1}").exec(&engine).await?;
/// assert_eq!(changed, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`, or another end"]
pub struct Raw {
    tree: sql::Raw,
    timeout: Option<Duration>,
}

impl Sealed for Raw {}

impl Raw {
    /// An empty text. The macro `sql!` writes calls to this and what follows.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::Raw;
    ///
    /// let text = Raw::new().text("select name from users where id = ").part(&2_i64);
    /// assert_eq!(text.scalars::<String>().one(&engine).await?, "Bob");
    /// # Ok(())
    /// # }
    /// ```
    pub fn new() -> Raw {
        Raw::default()
    }

    /// A text that the program has from elsewhere: a file of its own, its configuration, another program's output. It is sent
    /// as it is, braces and all; nothing in it is quoted, bound or checked. **Whoever can write into it can do whatever
    /// the database allows**, so nothing of a user's may be part of it: values and names stand in the braces of a `sql!` around
    /// it, or are added by [`part`](Raw::part).
    ///
    /// ```
    /// use creole::query::Raw;
    ///
    /// let report = std::fs::read_to_string("report.sql").unwrap_or_else(|_| "select 1 where 1 < ".into());
    /// let statement = Raw::trusted(report).part(&2_i64);
    /// ```
    pub fn trusted(text: impl Into<String>) -> Raw {
        Raw { tree: sql::Raw { parts: vec![RawPart::Text(Cow::Owned(text.into()))] }, timeout: None }
    }

    /// Adds text that stands in the program's source, and is left alone.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::Raw;
    ///
    /// assert_eq!(Raw::new().text("select 1").scalars::<i64>().one(&engine).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn text(mut self, text: &'static str) -> Raw {
        self.tree.parts.push(RawPart::Text(Cow::Borrowed(text)));
        self
    }

    /// Adds a value, which is bound, or a part of the tree, which the dialect writes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::Raw;
    ///
    /// let text = Raw::new().text("select count(*) from orders where ").part(&Order::price).text(" < ").part(&2600_i64);
    /// assert_eq!(text.scalars::<i64>().one(&engine).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn part<Kind>(mut self, part: &impl Interpolate<Kind>) -> Raw {
        self.tree.parts.push(part.part().bounded());
        self
    }

    /// Adds values with commas between.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::Raw;
    ///
    /// let text = Raw::new().text("select name from users where id in (").list([1_i64, 3]).text(") order by id");
    /// assert_eq!(text.scalars::<String>().all(&engine).await?, ["Ada", "Cleo"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list<B: SqlValue, I>(mut self, list: I) -> Raw
    where
        I: IntoIterator,
        I::Item: Interpolate<Bound<B>>,
    {
        let parts = list.into_iter().map(|value| value.part());
        // Values are expressions; whatever else there is stands in the list as a text of its own.
        let values = parts.map(|part| match part {
            RawPart::Expr(value) => value,
            RawPart::Raw(raw) => sql::Expr::Raw { raw, ty: B::TYPE },
            part => sql::Expr::Raw { raw: Box::new(sql::Raw { parts: vec![part] }), ty: B::TYPE },
        });
        self.tree.parts.push(RawPart::List { values: values.collect(), ty: B::TYPE });
        self
    }

    /// Reads each row as a model, whose columns are found by their names; others are not looked at.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let users = sql!("select * from users where age > {40}").models::<User>().all(&engine).await?;
    /// assert_eq!(users[0].name, "Bob");
    /// # Ok(())
    /// # }
    /// ```
    pub fn models<M: Model>(self) -> RawQuery<M> {
        self.read_as::<M>()
    }

    /// Reads the one column of each row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(sql!("select max(price) from orders").scalars::<Option<i64>>().one(&engine).await?, Some(8000));
    /// # Ok(())
    /// # }
    /// ```
    pub fn scalars<T: SqlType>(self) -> RawQuery<T> {
        RawQuery::new(self, T::decode, Columns::Exactly(1))
    }

    /// Reads each row as a tuple of as many columns.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let rows = sql!("select item, count(*) from orders group by item order by item").rows::<(String, i64)>();
    /// assert_eq!(rows.all(&engine).await?, [("desk".to_owned(), 1), ("lamp".to_owned(), 2)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn rows<T: FromColumns>(self) -> RawQuery<T> {
        RawQuery::new(self, T::decode, Columns::Exactly(T::COUNT))
    }

    /// Reads each row as a struct, whose columns are found by their names; others are not looked at.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// #[derive(FromRow)]
    /// struct Spent {
    ///     name: String,
    ///     cents: i64,
    /// }
    ///
    /// let spent = sql!("select name, sum(price) as cents from users join orders on user_id = users.id where users.id = {1}");
    /// let spent = spent.read_as::<Spent>().one(&engine).await?;
    /// assert_eq!((&*spent.name, spent.cents), ("Ada", 11_000));
    /// # Ok(())
    /// # }
    /// ```
    pub fn read_as<T: FromRow>(self) -> RawQuery<T> {
        RawQuery::new(self, T::decode, Columns::Named(T::columns("")))
    }

    /// The text as an expression of type `T`, for which the program answers. As a bool it is a condition.
    ///
    /// Its columns must be of tables of the statement around it, or of those that stand in braces in the text.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let shout = sql!("{User::name} || '!'").expr::<String>();
    /// assert_eq!(select(shout).from(creole::query::table::<User>()).limit(1).all(&engine).await?, ["Ada!"]);
    /// assert_eq!(User::select().filter(sql!("age % 2 = 0").expr::<bool>()).count(&engine).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn expr<T: SqlType>(self) -> Expr<T> {
        Expr::new(sql::Expr::Raw { raw: Box::new(self.tree), ty: T::TYPE })
    }

    /// How long the text may run as a statement of its own; see [`Select::timeout`](crate::query::Select::timeout). Of a text within
    /// another statement only that statement's limit counts.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::time::Duration;
    ///
    /// sql!("update users set age = null").timeout(Duration::from_secs(5)).exec(&engine).await?;
    /// assert_eq!(User::select().filter(User::age.is_null()).count(&engine).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, limit: Duration) -> Raw {
        self.timeout = Some(limit);
        self
    }

    pub(super) fn tree(&self) -> &sql::Raw {
        &self.tree
    }
}

impl Execute for Raw {
    fn compile<'q>(&'q self, to: impl Into<Destination<'q>>) -> Result<Compiled<'q>> {
        self.tree.compile(to).map(|statement| statement.within(self.timeout))
    }

    /// Runs it. The number of rows that were inserted, changed or deleted comes back, which is 0 for a text that only reads:
    /// its rows are read by [`rows`](Raw::rows) and its like.
    ///
    /// # Errors
    /// As [`compile`](Execute::compile), and what the database answers.
    #[track_caller]
    fn exec<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            let statement = self.compile(db.destination())?;
            let done = db.connection(Access::Write).await?.execute(&statement).await?;
            Ok(if self.tree.reads() { 0 } else { done.rows_affected })
        })
    }
}

/// A raw statement whose rows are read as `R`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::RawQuery;
///
/// let names: RawQuery<String> = sql!("select name from users order by id").scalars();
/// assert_eq!(names.first(&engine).await?, Some("Ada".to_owned()));
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.all(&engine).await`, or another end"]
pub struct RawQuery<R> {
    tree: sql::Raw,
    decode: Decode<R>,
    columns: Columns,
    timeout: Option<Duration>,
}

impl<R> RawQuery<R> {
    fn new(text: Raw, decode: Decode<R>, columns: Columns) -> RawQuery<R> {
        RawQuery { tree: text.tree, decode, columns, timeout: text.timeout }
    }
}

impl<R: Send + 'static> RawQuery<R> {
    /// How long the statement may run; see [`Select::timeout`](crate::query::Select::timeout).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::time::Duration;
    ///
    /// let names = sql!("select name from users").scalars::<String>().timeout(Duration::from_secs(5));
    /// assert_eq!(names.all(&engine).await?.len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, limit: Duration) -> RawQuery<R> {
        self.timeout = Some(limit);
        self
    }

    /// The rows one after the other, in bounded memory. A stream may be dropped before its end:
    /// see [`RowStream`].
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let mut names = sql!("select name from users order by id").scalars::<String>().stream(&engine);
    /// assert_eq!(names.try_next().await?, Some("Ada".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn stream<'e>(self, db: impl Executor + 'e) -> RowStream<'e, R> {
        stream(self, db, BATCH)
    }

    /// As [`stream`](RawQuery::stream), with `rows` rows fetched at a time.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::num::NonZeroUsize;
    ///
    /// let batch = NonZeroUsize::new(2).expect("it is not zero");
    /// let mut names = sql!("select name from users order by id").scalars::<String>().stream_batches(&engine, batch);
    /// assert_eq!(names.try_next().await?, Some("Ada".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn stream_batches<'e>(self, db: impl Executor + 'e, rows: NonZeroUsize) -> RowStream<'e, R> {
        stream(self, db, rows.get())
    }
}

impl<R: Send + 'static> Query for RawQuery<R> {
    type Row = R;

    fn compile<'q>(&'q self, to: impl Into<Destination<'q>>) -> Result<Compiled<'q>> {
        self.tree.compile(to).map(|statement| statement.within(self.timeout))
    }

    fn decode(&self) -> Decode<R> {
        self.decode
    }

    fn columns(&self) -> Columns {
        self.columns.clone()
    }

    fn table(&self) -> Option<&'static Table> {
        None
    }

    fn access(&self) -> Access {
        if self.tree.reads() { Access::Read } else { Access::Write }
    }
}

impl<R> Clone for RawQuery<R> {
    fn clone(&self) -> RawQuery<R> {
        RawQuery { tree: self.tree.clone(), decode: self.decode, columns: self.columns.clone(), timeout: self.timeout }
    }
}

impl<R> std::fmt::Debug for RawQuery<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.tree.fmt(f)
    }
}

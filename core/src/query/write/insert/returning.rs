//! An INSERT that returns what it wrote.

use std::time::Duration;

use futures_core::future::BoxFuture;

use super::batch::Take;
use super::{Chunk, Insert, ManyRows, OneRow, Shape, Slice};
use crate::dialect::{Dialect, Support};
use crate::driver::{Compiled, RowSink};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::{Executor, Handle};
use crate::model::Model;
use crate::pool::Access;
use crate::query::run::Collect;
use crate::query::run::Decode;
use crate::query::run::{Execute, Query};
use crate::query::write::key_index;
use crate::query::write::key_index::KeyIndex;
use crate::query::write::numbered::{go_up, in_order_given};
use crate::schema::Table;
use crate::sql::{self, BindSource, Destination, Tenants};
use crate::types::ValueRef;

/// An INSERT that returns the row as the database has it.
///
/// Where the database has no RETURNING, the row is inserted and then read by its key, in one transaction.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::Returning;
///
/// let order = Order { user_id: 3, item: "sofa".into(), ..Default::default() };
/// let statement: Returning<'_, Order> = insert(&order).returning();
/// assert_eq!(statement.one(&engine).await?, Order { id: 4, ..order.clone() });
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a statement does nothing until it is run: end it with `.one(&engine).await`"]
pub struct Returning<'a, M> {
    insert: Insert<'a, M, OneRow>,
    tree: std::sync::OnceLock<sql::Insert>,
}

impl<'a, M: Model> Returning<'a, M> {
    pub(super) fn new(insert: Insert<'a, M, OneRow>) -> Returning<'a, M> {
        Returning { insert, tree: std::sync::OnceLock::new() }
    }

    /// Limits how long the statement may run. One that runs longer is ended in the database too, and its error is
    /// [`StatementTimeout`](crate::ErrorKind::StatementTimeout). The database has then not changed anything, unless the
    /// error says that nobody knows.
    ///
    /// The time is the statement's own; waiting for a connection has a limit of its own,
    /// [`PoolOptions::acquire_timeout`](crate::pool::PoolOptions::acquire_timeout). What has no time left is not sent.
    /// Where the row is inserted and then read, each of the two has the whole limit.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::time::Duration;
    ///
    /// let order = Order { user_id: 3, item: "sofa".into(), ..Default::default() };
    /// assert_eq!(insert(&order).returning().timeout(Duration::from_secs(5)).one(&engine).await?.id, 4);
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, limit: Duration) -> Returning<'a, M> {
        self.insert = self.insert.timeout(limit);
        self
    }

    fn tree(&self, tenants: &Tenants) -> &sql::Insert {
        self.insert.source.write_for(tenants);
        self.tree.get_or_init(|| {
            let columns = (0..u16::try_from(M::table().columns.len()).unwrap_or(u16::MAX)).collect();
            let mut insert = self.insert.whole(tenants);
            insert.set_returning(sql::Returning::Columns(columns));
            insert
        })
    }
}

fn returns_rows(dialect: &dyn Dialect) -> bool {
    dialect.capabilities().insert_returning == Support::Native
}

impl<M: Model> Query for Returning<'_, M> {
    type Row = M;

    /// On a dialect without RETURNING the INSERT alone, which is the first of two statements.
    fn compile<'q>(&'q self, to: impl Into<Destination<'q>>) -> Result<Compiled<'q>> {
        let to = to.into();
        if !returns_rows(to.dialect()) {
            return self.insert.compile(to);
        }
        let compiled = self.tree(to.tenants()).compile(to.clone(), &self.insert);
        let compiled = compiled.map_err(|error| self.insert.shape.locate(error, |row| row))?;
        Ok(compiled.within(self.insert.shape.timeout))
    }

    /// On a dialect without RETURNING both statements, with a semicolon between.
    fn sql(&self, dialect: &dyn Dialect) -> Result<String> {
        let insert = self.compile(dialect)?.sql;
        if returns_rows(dialect) {
            return Ok(String::from(&*insert));
        }
        let select = key_index::select(M::table(), M::table().primary_key, 1, |row, column| {
            self.insert.source.value(row, column).kept().to_owned()
        });
        Ok(format!("{insert};\n{}", select.compile(dialect)?.sql))
    }

    fn decode(&self) -> Decode<M> {
        M::decode
    }

    fn table(&self) -> Option<&'static Table> {
        Some(M::table())
    }

    fn access(&self) -> Access {
        Access::Write
    }

    fn run<'r>(&'r self, db: &'r mut Handle<'_>, sink: &'r mut dyn RowSink) -> BoxFuture<'r, Result<()>> {
        Box::pin(async move {
            let dialect = db.dialect();
            let mut link = db.connection(Access::Write).await?;
            if returns_rows(dialect) {
                let statement = self.compile(link.destination())?;
                let sent = link.fetch(&statement, sink).await;
                let (table, rows) = (self.insert.shape.table, self.insert.source.count());
                return sent.map_err(|error| error.unnumbered(table, rows, &self.insert.source));
            }
            let batch = self.insert.batch(link.destination().tenants());
            batch.write(&mut link, Some(&mut Straight(sink))).await.map(|_| ())
        })
    }
}

/// Hands rows on as they come.
struct Straight<'s>(&'s mut dyn RowSink);

impl Take for Straight<'_> {
    fn rows(&mut self) -> &mut dyn RowSink {
        self.0
    }

    fn chunk(&mut self, _: &Chunk<'_>, _: &Shape) -> Result<()> {
        Ok(())
    }
}

/// An INSERT that returns its rows as the database has them, in the order in which they were given.
///
/// Where the database has no RETURNING, the rows are inserted and then read by their keys, in one transaction.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::ReturningAll;
///
/// let orders = ["sofa", "chair"].map(|item| Order { user_id: 3, item: item.into(), ..Default::default() });
/// let statement: ReturningAll<'_, Order> = insert_all(&orders).returning();
/// assert_eq!(statement.all(&engine).await?[1].item, "chair");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a statement does nothing until it is run: end it with `.all(&engine).await`"]
pub struct ReturningAll<'a, M> {
    insert: Insert<'a, M, ManyRows>,
}

impl<'a, M: Model> ReturningAll<'a, M> {
    pub(super) fn new(insert: Insert<'a, M, ManyRows>) -> ReturningAll<'a, M> {
        ReturningAll { insert }
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
    /// let orders = ["sofa", "chair"].map(|item| Order { user_id: 3, item: item.into(), ..Default::default() });
    /// let orders = insert_all(&orders).returning().timeout(Duration::from_secs(5)).all(&engine).await?;
    /// assert_eq!(orders.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, limit: Duration) -> ReturningAll<'a, M> {
        self.insert = self.insert.timeout(limit);
        self
    }

    /// Every row, in the order in which they were given.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let orders = ["sofa", "chair"].map(|item| Order { user_id: 3, item: item.into(), ..Default::default() });
    /// let written = insert_all(&orders).returning().all(&engine).await?;
    /// assert!(written.iter().zip(&orders).all(|(written, given)| written.item == given.item));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`exec`](Execute::exec) of the INSERT; [`Unsupported`](ErrorKind::Unsupported) where the database makes the key of
    /// rows and does not tell which, or numbers them downwards while a trigger changes their values: the rows are written then, unless
    /// a transaction is open.
    #[track_caller]
    pub fn all<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<Vec<M>>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            let batch = self.insert.batch(db.tenants());
            let mut placed = Placed::new(batch.count);
            if batch.count > 0 {
                let mut link = db.connection(Access::Write).await?;
                batch.write(&mut link, Some(&mut placed)).await?;
            }
            placed.into_rows()
        })
    }
}

/// Puts the rows that come back where the ones that were given stand.
pub(in crate::query::write) struct Placed<M> {
    incoming: Collect<M>,
    rows: Vec<Option<M>>,
}

impl<M: Model> Placed<M> {
    pub(in crate::query::write) fn new(count: usize) -> Placed<M> {
        Placed { incoming: Collect::new(M::decode), rows: (0..count).map(|_| None).collect() }
    }

    pub(in crate::query::write) fn into_rows(self) -> Result<Vec<M>> {
        self.rows.into_iter().collect::<Option<Vec<M>>>().ok_or_else(missing::<M>)
    }

    /// Those that have come so far, with their positions.
    pub(in crate::query::write) fn into_placed(self) -> impl Iterator<Item = (usize, M)> {
        self.rows.into_iter().enumerate().filter_map(|(place, row)| Some((place, row?)))
    }

    fn put(&mut self, place: usize, row: M) {
        if let Some(slot) = self.rows.get_mut(place) {
            *slot = Some(row);
        }
    }
}

impl<M: Model> Take for Placed<M> {
    fn rows(&mut self) -> &mut dyn RowSink {
        &mut self.incoming
    }

    fn chunk(&mut self, chunk: &Chunk<'_>, shape: &Shape) -> Result<()> {
        let rows = std::mem::replace(&mut self.incoming, Collect::new(M::decode)).into_rows();
        if rows.len() != chunk.len() {
            return Err(missing::<M>());
        }
        if let Some(auto) = chunk.numbered {
            let numbers: Vec<i128> = rows.iter().map(|row| number(row.bind(auto))).collect();
            if !go_up(&numbers) {
                let stored: Vec<u16> = chunk.columns.iter().copied().filter(|&column| shape.is_known(column)).collect();
                let order = in_order_given(M::table(), &numbers, chunk, &Slice(rows.as_slice()), &stored)?;
                let mut rows: Vec<Option<M>> = rows.into_iter().map(Some).collect();
                for (row, position) in order.into_iter().enumerate() {
                    let back = rows.get_mut(position).and_then(Option::take).ok_or_else(missing::<M>)?;
                    self.put(chunk.place(row), back);
                }
                return Ok(());
            }
        } else if rows.len() > 1 {
            let given = Slice(rows.as_slice());
            let index = KeyIndex::new(M::table(), M::table().primary_key, chunk, chunk.len());
            let places: Option<Vec<usize>> = (0..rows.len()).map(|row| index.find(&given, row)).collect();
            let places = places.ok_or_else(missing::<M>)?;
            for (place, row) in places.into_iter().zip(rows) {
                self.put(chunk.place(place), row);
            }
            return Ok(());
        }
        for (place, row) in chunk.places().zip(rows) {
            self.put(place, row);
        }
        Ok(())
    }
}

fn number(value: ValueRef<'_>) -> i128 {
    match value {
        ValueRef::I64(number) => number.into(),
        ValueRef::U64(number) => number.into(),
        _ => 0,
    }
}

#[cold]
fn missing<M: Model>() -> Error {
    let message = "the database did not return each inserted row with the key it was given";
    Error::new(ErrorKind::Other, message).with_table(M::table().name)
}

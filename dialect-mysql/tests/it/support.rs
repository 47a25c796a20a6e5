//! What the tests share: connections to each server, statements made by hand, sinks that keep what they are given.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use creole_core::driver::{BatchSink, Bind, Compiled, Connection, Done, Driver, Role, Row, RowReader, RowSink};
use creole_core::schema::Table;
use creole_core::sql::{BindSource, Insert, Select, TableRef, create_table, drop_table};
use creole_core::types::{ColumnType, Value, ValueRef};
use creole_core::{Error, Result};
use futures_core::future::BoxFuture;

/// A server under test.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) driver: Arc<dyn Driver>,
}

/// The servers that are named in the environment.
pub(crate) async fn servers() -> Vec<Server> {
    let mut servers = Vec::new();
    for (variable, name) in [("CREOLE_TEST_MYSQL", "mysql"), ("CREOLE_TEST_MARIADB", "mariadb")] {
        let Ok(urls) = std::env::var(variable) else {
            eprintln!("ignored: {variable} is not set");
            continue;
        };
        for url in urls.split_whitespace() {
            let driver = creole_mysql::open(url).await.unwrap();
            assert_eq!(driver.dialect().name(), name, "{variable} names another server");
            servers.push(Server { url: url.to_owned(), driver });
        }
    }
    servers
}

impl Server {
    pub(crate) fn is_mysql(&self) -> bool {
        self.driver.dialect().name() == "mysql"
    }

    pub(crate) async fn connect(&self) -> Client {
        Client { connection: self.driver.connect(Role::Writer).await.unwrap(), driver: self.driver.clone() }
    }

    /// The server's URL with another user, password or database and with options.
    pub(crate) fn url_of(&self, user: &str, password: &str, database: &str, options: &str) -> String {
        let (_, rest) = self.url.split_once('@').unwrap();
        let (address, _) = rest.split_once('/').unwrap();
        format!("mysql://{user}:{password}@{address}/{database}?{options}")
    }
}

/// A connection with short ways to use it.
pub(crate) struct Client {
    pub(crate) connection: Box<dyn Connection>,
    driver: Arc<dyn Driver>,
}

impl Client {
    pub(crate) async fn command(&mut self, sql: &str) {
        self.connection.command(sql).await.unwrap_or_else(|error| panic!("{error}: {:?}", error.server_message()));
    }

    pub(crate) async fn create(&mut self, tables: &[&'static Table]) {
        for table in tables.iter().rev() {
            self.command(&drop_table(self.driver.dialect(), table).unwrap()).await;
        }
        for table in tables {
            for statement in create_table(self.driver.dialect(), table).unwrap() {
                self.command(&statement).await;
                // What is there already is left alone.
                self.command(&statement).await;
            }
        }
    }

    pub(crate) async fn drop(&mut self, tables: &[&'static Table]) {
        for table in tables.iter().rev() {
            self.command(&drop_table(self.driver.dialect(), table).unwrap()).await;
        }
    }

    pub(crate) async fn execute(&mut self, sql: &str, binds: &[Bind<'_>]) -> Result<Done> {
        self.connection.execute(&compiled(sql, binds)).await
    }

    pub(crate) async fn fetch(
        &mut self,
        sql: &str,
        binds: &[Bind<'_>],
        types: &[ColumnType],
    ) -> Result<Vec<Vec<Value>>> {
        let mut sink = Collect::new(types);
        self.connection.fetch(&compiled(sql, binds), &mut sink).await?;
        Ok(sink.rows)
    }

    /// The one value a query answers.
    pub(crate) async fn value(&mut self, sql: &str, ty: ColumnType) -> Result<Value> {
        let mut rows = self.fetch(sql, &[], &[ty]).await?;
        assert_eq!(rows.len(), 1);
        Ok(rows.remove(0).remove(0))
    }

    pub(crate) async fn number(&mut self, sql: &str) -> i64 {
        match self.value(sql, ColumnType::I64).await.unwrap() {
            Value::I64(number) => number,
            Value::U64(number) => number.try_into().unwrap(),
            other => panic!("{other:?} is no number"),
        }
    }

    pub(crate) async fn text(&mut self, sql: &str) -> String {
        match self.value(sql, ColumnType::TEXT).await.unwrap() {
            Value::Text(text) => text,
            other => panic!("{other:?} is no text"),
        }
    }

    /// Inserts rows that give every column of a table but the automatic one.
    pub(crate) async fn insert(&mut self, table: &'static Table, rows: Vec<Vec<Value>>) -> Result<Done> {
        let auto = table.auto_column();
        let columns: Vec<u16> = (0..table.columns.len() as u16).filter(|index| Some(*index) != auto).collect();
        let insert = Insert::new(table, columns.clone(), rows.len());
        let given = Given { columns, rows };
        let compiled = insert.compile(self.driver.dialect(), &given)?;
        self.connection.execute(&compiled).await
    }

    /// Every row of a table, by its model's types.
    pub(crate) async fn all(&mut self, table: &'static Table) -> Result<Vec<Vec<Value>>> {
        let types: Vec<ColumnType> = table.columns.iter().map(|column| column.ty).collect();
        let mut sink = Collect::new(&types);
        let select = Select::all_of(TableRef::new(table));
        self.connection.fetch(&select.compile(self.driver.dialect())?, &mut sink).await?;
        Ok(sink.rows)
    }
}

pub(crate) fn bind(value: ValueRef<'_>, ty: ColumnType) -> Bind<'_> {
    Bind::new(value, ty)
}

pub(crate) fn compiled<'a>(sql: &str, binds: &[Bind<'a>]) -> Compiled<'a> {
    Compiled::from_text(sql, binds.to_vec())
}

struct Given {
    columns: Vec<u16>,
    rows: Vec<Vec<Value>>,
}

impl BindSource for Given {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let place = self.columns.iter().position(|index| *index == column).unwrap();
        self.rows[row][place].as_ref()
    }
}

/// Keeps rows; breaks off after some of them, or fails.
pub(crate) struct Collect {
    pub(crate) types: Vec<ColumnType>,
    pub(crate) rows: Vec<Vec<Value>>,
    pub(crate) most: usize,
    pub(crate) fail_at: usize,
}

impl Collect {
    pub(crate) fn new(types: &[ColumnType]) -> Collect {
        Collect { types: types.to_vec(), rows: Vec::new(), most: usize::MAX, fail_at: usize::MAX }
    }
}

impl RowSink for Collect {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        assert_eq!(row.len(), self.types.len());
        if self.rows.len() == self.fail_at {
            return Err(Error::decode("a test", "a row"));
        }
        let mut reader = RowReader::new(row);
        let values = self.types.iter().map(|ty| reader.read_value(*ty).map(ValueRef::to_owned));
        self.rows.push(values.collect::<Result<_>>()?);
        Ok(if self.rows.len() >= self.most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

/// Hands numbers over in batches, as far as somebody wants them.
pub(crate) struct Batches {
    pub(crate) batch: Vec<i64>,
    pub(crate) size: usize,
    pub(crate) wanted: usize,
    pub(crate) fail_at: i64,
    pub(crate) sent: Arc<Mutex<Vec<Vec<i64>>>>,
}

impl RowSink for Batches {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let number: i64 = RowReader::new(row).read()?;
        if number == self.fail_at {
            return Err(Error::decode("a test", "a row"));
        }
        self.batch.push(number);
        Ok(if self.batch.len() == self.size { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

impl BatchSink for Batches {
    fn send(&mut self) -> BoxFuture<'_, ControlFlow<()>> {
        Box::pin(async {
            tokio::task::yield_now().await;
            self.send_blocking()
        })
    }

    fn send_blocking(&mut self) -> ControlFlow<()> {
        let mut sent = self.sent.lock().unwrap();
        sent.push(std::mem::take(&mut self.batch));
        if sent.len() >= self.wanted { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

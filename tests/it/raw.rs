//! Looking at a database past the engine that is being tested: connections of our own, and what the server knows.

use std::ops::ControlFlow;
use std::sync::Arc;

use creole::driver::{Compiled, Connection, Driver, Role, Row, RowReader, RowSink};

/// The driver of a URL, to be opened with other options or wrapped.
pub(crate) async fn driver(url: &str) -> creole::Result<Arc<dyn Driver>> {
    match url.split_once(':').map_or("", |(scheme, _)| scheme) {
        #[cfg(feature = "sqlite")]
        "sqlite" => creole_sqlite::open(url).await,
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => creole_postgres::open(url).await,
        #[cfg(feature = "mysql")]
        "mysql" | "mariadb" => creole_mysql::open(url).await,
        other => panic!("no driver for `{other}:`"),
    }
}

/// A connection that no pool knows of.
pub(crate) struct Raw {
    connection: Box<dyn Connection>,
    backend: &'static str,
}

impl Raw {
    /// Connects to the database of a URL.
    pub(crate) async fn open(url: &str) -> creole::Result<Raw> {
        let driver = driver(url).await?;
        let connection = driver.connect(Role::Writer).await?;
        Ok(Raw { connection, backend: driver.dialect().name() })
    }

    /// Runs a statement that returns no rows.
    pub(crate) async fn run(&mut self, sql: &str) -> creole::Result<()> {
        self.connection.command(sql).await
    }

    /// The first column of every row, which must be an integer.
    pub(crate) async fn numbers(&mut self, sql: &str) -> creole::Result<Vec<i64>> {
        let mut numbers = Numbers(Vec::new());
        let statement = Compiled::from_text(sql, Vec::new());
        self.connection.fetch(&statement, &mut numbers).await?;
        Ok(numbers.0)
    }

    /// The one number that a statement returns.
    pub(crate) async fn number(&mut self, sql: &str) -> creole::Result<i64> {
        let numbers = self.numbers(sql).await?;
        assert_eq!(numbers.len(), 1, "{sql}");
        Ok(numbers[0])
    }

    /// How many transactions others have open in this database.
    pub(crate) async fn open_transactions(&mut self) -> creole::Result<i64> {
        let sql = match self.backend {
            "postgres" => {
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                 AND pid <> pg_backend_pid() AND (xact_start IS NOT NULL OR state LIKE 'idle in transaction%')"
            }
            "mysql" | "mariadb" => {
                "SELECT count(*) FROM information_schema.innodb_trx t \
                 JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id \
                 WHERE p.db = database() AND p.id <> connection_id()"
            }
            other => panic!("{other} can't be asked"),
        };
        self.number(sql).await
    }

    /// How many connections of others are at work in this database.
    pub(crate) async fn running(&mut self) -> creole::Result<i64> {
        let sql = match self.backend {
            "postgres" => {
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                 AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state = 'active'"
            }
            "mysql" | "mariadb" => {
                "SELECT count(*) FROM information_schema.processlist \
                 WHERE db = database() AND id <> connection_id() AND command <> 'Sleep'"
            }
            other => panic!("{other} can't be asked"),
        };
        self.number(sql).await
    }

    /// The connections of others to this database, as the server numbers them, in ascending order.
    pub(crate) async fn connections(&mut self) -> creole::Result<Vec<i64>> {
        let sql = match self.backend {
            "postgres" => {
                "SELECT pid::int8 FROM pg_stat_activity WHERE datname = current_database() \
                 AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY pid"
            }
            "mysql" | "mariadb" => {
                "SELECT CAST(id AS SIGNED) FROM information_schema.processlist \
                 WHERE db = database() AND id <> connection_id() ORDER BY id"
            }
            other => panic!("{other} can't be asked"),
        };
        self.numbers(sql).await
    }

    /// Ends another connection, whatever it is doing.
    pub(crate) async fn kill(&mut self, connection: i64) -> creole::Result<()> {
        match self.backend {
            "postgres" => self.number(&format!("SELECT pg_terminate_backend({connection})::int::int8")).await.map(drop),
            _ => self.run(&format!("KILL {connection}")).await,
        }
    }
}

/// Collects the integers in the first column.
struct Numbers(Vec<i64>);

impl RowSink for Numbers {
    fn row(&mut self, row: &dyn Row) -> creole::Result<ControlFlow<()>> {
        self.0.push(RowReader::new(row).read()?);
        Ok(ControlFlow::Continue(()))
    }
}

//! [`Engine`].

use std::fmt;
use std::sync::Arc;

use crate::dialect::{Dialect, Support, TxOptions};
use crate::driver::{Compiled, Driver};
use crate::error::{BrokenReference, Error, ErrorKind, Result};
use crate::inspect::{Differences, Inspector, TableInfo, TableName, compare, compare_names, expected};
use crate::model::Model;
use crate::pool::{Access, Lease, Pool, PoolOptions, PoolStatus};
use crate::query::{Collect, Finds};
use crate::schema::{Ddl, Table, TableChange, creation_order, each_once, statements};
use crate::session::Session;
use crate::sql;
use crate::types::SqlType;

/// A database: its connections and its dialect. Cheap to clone; every clone is the same engine.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    pool: Pool,
    dialect: &'static dyn Dialect,
    finds: Finds,
}

impl Engine {
    /// Opens an engine on a driver, and one connection, so that a wrong address or password is known at once.
    ///
    /// This is for drivers outside creole. With the `creole` crate, `Engine::connect(url)` chooses the driver by the URL.
    ///
    /// # Errors
    /// What the driver says of connecting; [`Config`](crate::ErrorKind::Config) where the options contradict each other.
    pub async fn open(driver: Arc<dyn Driver>, options: PoolOptions) -> Result<Engine> {
        let dialect = driver.dialect();
        let pool = Pool::open(driver, options).await?;
        Ok(Engine { inner: Arc::new(Inner { pool, dialect, finds: Finds::default() }) })
    }

    /// As [`open`](Engine::open), for a driver that must ask the database before it is one. That counts as waiting for a
    /// connection.
    ///
    /// # Errors
    /// As those of `open`, and [`PoolTimeout`](crate::ErrorKind::PoolTimeout) where the database does not answer within
    /// [`acquire_timeout`](PoolOptions::acquire_timeout).
    pub async fn open_by(
        driver: impl Future<Output = Result<Arc<dyn Driver>>>,
        options: PoolOptions,
    ) -> Result<Engine> {
        let driver = options.find(driver).await?;
        Engine::open(driver, options).await
    }

    /// The dialect of the database.
    pub fn dialect(&self) -> &'static dyn Dialect {
        self.inner.dialect
    }

    /// A new session. It asks for a connection when it first needs one.
    pub fn session(&self) -> Session {
        Session::new(self.clone(), TxOptions::new())
    }

    /// A new session whose transactions are begun with these options, each of them.
    ///
    /// What the backend can't have is [`Unsupported`](crate::ErrorKind::Unsupported) when the session first needs its
    /// connection, and [`retries`](TxOptions::retries) are refused with [`Config`](crate::ErrorKind::Config): a session can't run
    /// a program's work again.
    ///
    /// ```
    /// use creole::prelude::*;
    ///
    /// #[derive(Model, Debug)]
    /// #[model(table = "accounts")]
    /// struct Account {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     balance: i64,
    /// }
    ///
    /// # #[tokio::main]
    /// # async fn main() -> creole::Result<()> {
    /// let engine = Engine::connect("sqlite::memory:").await?;
    /// engine.create_all(tables![Account]).await?;
    /// let mut session = engine.session_with(TxOptions::serializable());
    /// let account = session.add(Account { id: 1, balance: 5 });
    /// session.flush().await?;
    /// session[account].balance -= 3;
    /// session.commit().await?;
    ///
    /// let mut report = engine.session_with(TxOptions::serializable().read_only());
    /// assert_eq!(Account::find(1, &mut report).await?.map(|account| account.balance), Some(2));
    /// # Ok(())
    /// # }
    /// ```
    pub fn session_with(&self, options: TxOptions) -> Session {
        Session::new(self.clone(), options)
    }

    /// Creates the tables that are not there yet, with their keys, checks and indexes; those that are referred to first.
    /// Tables that are there are left alone, also where somebody else creates them at the same time. Where several
    /// models describe one table, the first of them says what it is.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported), before anything is created, where a table can't be had on this
    /// backend, foreign keys form a circle, the first model of a table lacks a column of another one, or the name of an index is
    /// another table's;
    /// [`UndefinedTable`](crate::ErrorKind::UndefinedTable), likewise, where one refers to a table that is neither in the list
    /// nor in the database; what the database answers, in its own words.
    pub async fn create_all(&self, tables: &[&'static Table]) -> Result<()> {
        let home = self.home(tables).await?;
        // Everything that can't be had is refused before anything is created.
        let all = statements(self.dialect(), tables, home.as_deref())?;
        if self.dialect().catalog().is_none() {
            return self.run_ddl(&all).await;
        }
        let mut missing = self.missing(tables).await?;
        loop {
            self.check_referred(&missing, tables).await?;
            let Err(error) = self.run_ddl(&statements(self.dialect(), &missing, home.as_deref())?).await else {
                return Ok(());
            };
            // Somebody else who creates the same tables may have come first, which databases report in many ways.
            let still_missing = self.missing(tables).await?;
            if still_missing.len() >= missing.len() {
                return Err(error);
            }
            missing = still_missing;
        }
    }

    /// Creates the table of one model, as [`create_all`](Engine::create_all) does for a list. Tables that it refers to must
    /// be there.
    ///
    /// # Errors
    /// As those of `create_all`.
    pub async fn create_table<M: Model>(&self) -> Result<()> {
        self.create_all(&[M::table()]).await
    }

    /// Lets the numbers that the database gives out go on after the largest one that a row of these tables has. To be called
    /// after rows were inserted with numbers of their own, an import for example, where the database counts apart from what
    /// is in the table, as PostgreSQL does: its next number would be taken already. The others look at the rows themselves,
    /// and this does nothing on them. Numbers never go back, and tables without a numbered column are passed over.
    ///
    /// Rows with numbers of their own that are being inserted at the same time may be overlooked.
    ///
    /// # Errors
    /// What the database answers.
    pub async fn sync_sequences(&self, tables: &[&'static Table]) -> Result<()> {
        for table in tables {
            let Some(sql) = self.dialect().sync_sequence(table) else { continue };
            let statement = Compiled::from_text(sql, Vec::new());
            let mut ignored = Collect::new(|_| Ok(()));
            self.pool().acquire(Access::Write).await?.fetch(&statement, &mut ignored).await?;
        }
        Ok(())
    }

    /// Asks the database what is in it: `engine.inspect().columns("users")`.
    pub fn inspect(&self) -> Inspector<'_> {
        Inspector::new(self)
    }

    /// Compares models with the database and lists every difference: tables, columns, keys, indexes and checks that only one
    /// of the two has, and those that both have and not alike. Tables that no model in the list describes are differences
    /// too, if they are where the models' tables are. Nothing is changed.
    ///
    /// ```
    /// # use creole::prelude::*;
    /// # #[derive(Model)]
    /// # #[model(table = "users")]
    /// # struct User {
    /// #     #[model(primary_key)]
    /// #     id: i64,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// engine.create_all(tables![User]).await?;
    /// let differences = engine.check(tables![User]).await?;
    /// assert!(differences.is_empty(), "{differences}");
    ///
    /// sql!("ALTER TABLE users ADD COLUMN age integer").exec(&engine).await?;
    /// assert_eq!(engine.check(tables![User]).await?.iter().count(), 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where a table can't be had on this backend; what the database answers.
    pub async fn check(&self, tables: &[&'static Table]) -> Result<Differences> {
        let catalog = self.inspect().catalog()?;
        let mut differences = Differences::default();
        let (mut names, mut schemas) = (Vec::new(), Vec::new());
        for table in tables {
            let name = TableName::from(*table);
            if names.contains(&name) {
                continue;
            }
            let mut expected = expected(self.dialect(), catalog, table)?;
            self.leave_home_out(&mut expected).await?;
            let found = self.inspect().find(&name).await?;
            compare(&expected, found.as_ref(), catalog, &mut differences);
            if !schemas.contains(&table.schema) {
                schemas.push(table.schema);
            }
            names.push(name);
        }
        for schema in schemas {
            compare_names(&names, &self.inspect().list(schema).await?, &mut differences);
        }
        Ok(differences)
    }

    /// Drops the tables that are there, those that refer to others first.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where foreign keys form a circle; what the database answers, as when
    /// a table that is not in the list still refers to one that is.
    pub async fn drop_all(&self, tables: &[&'static Table]) -> Result<()> {
        let ordered = creation_order(tables)?;
        self.check_unreferred(&ordered).await?;
        let drop = |table: &'static Table, sql| Ddl { table, change: TableChange::Drop, sql };
        let mut statements = each_once(ordered.iter().rev())
            .into_iter()
            .map(|table| Ok(drop(table, sql::drop_table(self.dialect(), table)?)))
            .collect::<Result<Vec<Ddl>>>()?;
        for &table in &ordered {
            for sql in self.dialect().after_drop(table) {
                if !statements.iter().any(|other| other.sql == sql) {
                    statements.push(drop(table, sql));
                }
            }
        }
        self.run_ddl(&statements).await
    }

    /// Lends nothing out any more, waits for what is lent out, and says goodbye to the server; all within the release
    /// timeout.
    pub async fn close(&self) {
        self.inner.pool.close().await;
    }

    /// How many connections there are and what they do.
    pub fn status(&self) -> PoolStatus {
        self.inner.pool.status()
    }

    pub(crate) fn finds(&self) -> &Finds {
        &self.inner.finds
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.inner.pool
    }

    /// The tables that are not there yet. Refuses those whose indexes would be left out, because others have their names.
    async fn missing(&self, tables: &[&'static Table]) -> Result<Vec<&'static Table>> {
        let (mut schemas, mut taken, mut there) = (Vec::new(), Vec::new(), Vec::new());
        for table in tables {
            if !schemas.contains(&table.schema) {
                schemas.push(table.schema);
                // Asked before the tables: who creates the same at the same time has both, or neither.
                let names = self.inspect().index_names(table.schema).await?;
                taken.extend(names.into_iter().map(|name| (table.schema, name.to_lowercase())));
                there.extend(self.inspect().list(table.schema).await?);
            }
        }
        let missing: Vec<_> =
            tables.iter().copied().filter(|table| !there.contains(&TableName::from(*table))).collect();
        for table in &missing {
            let names = table.indexes.iter().map(|index| index.name(table));
            for name in names {
                if taken.contains(&(table.schema, name.to_lowercase())) {
                    let message =
                        format!("{table} can't be created: another table has an index called {name}; rename one");
                    let error = Error::new(ErrorKind::Unsupported, message).on(self.dialect().name());
                    return Err(error.with_table(table.name).with_constraint(name));
                }
            }
        }
        Ok(missing)
    }

    /// The namespace of tables that name none, asked for where a foreign key leads there from a table that names one.
    async fn home(&self, tables: &[&'static Table]) -> Result<Option<String>> {
        let with_schema = tables.iter().filter(|table| table.schema.is_some());
        let mut targets = with_schema.flat_map(|table| table.foreign_keys.iter().map(|key| (key.table)()));
        match targets.find(|target| target.schema.is_none()) {
            Some(target) if self.dialect().catalog().is_some() => self.inspect().home(target.name).await,
            _ => Ok(None),
        }
    }

    /// Leaves the namespace of a referenced table out where the connection would look for it there anyway, as what is found is
    /// described.
    async fn leave_home_out(&self, expected: &mut TableInfo) -> Result<()> {
        for key in &mut expected.foreign_keys {
            if key.table.schema.is_some() && self.inspect().home(&key.table.name).await? == key.table.schema {
                key.table.schema = None;
            }
        }
        Ok(())
    }

    /// Refuses tables that refer to one that is neither in the list nor there.
    async fn check_referred(&self, missing: &[&'static Table], tables: &[&'static Table]) -> Result<()> {
        for table in missing {
            for key in table.foreign_keys {
                let target = (key.table)();
                if tables.iter().any(|table| table.is_same_table(target))
                    || self.inspect().find(&target.into()).await?.is_some()
                {
                    continue;
                }
                let message = format!(
                    "{table} refers to {target}, which is neither in the list nor in the database: add it to the list"
                );
                let error = Error::new(ErrorKind::UndefinedTable, message).on(self.dialect().name());
                return Err(error.with_table(target.name));
            }
        }
        Ok(())
    }

    /// Refuses to drop a table that one outside the list refers to, where the database itself would not.
    async fn check_unreferred(&self, tables: &[&'static Table]) -> Result<()> {
        for table in tables {
            let Some(sql) = self.dialect().referring_tables(table) else { continue };
            let statement = Compiled::from_text(sql, Vec::new());
            let mut names = Collect::new(<String as SqlType>::decode);
            self.pool().acquire(Access::Read).await?.fetch(&statement, &mut names).await?;
            let names = names.into_rows();
            if let Some(name) = names.iter().find(|name| !tables.iter().any(|dropped| dropped.name == name.as_str())) {
                let message = format!("the table {table} can't be dropped: {name} refers to it; drop that one as well");
                let error = Error::new(ErrorKind::ForeignKeyViolation, message).with_table(table.name);
                return Err(error.with_reference(BrokenReference::StillReferredTo));
            }
        }
        Ok(())
    }

    /// Runs statements on one connection, in one transaction where the database can roll DDL back.
    async fn run_ddl(&self, statements: &[Ddl]) -> Result<()> {
        let mut lease = self.pool().acquire(Access::Write).await?;
        if self.dialect().capabilities().transactional_ddl == Support::Absent {
            return run_each(&mut lease, statements).await;
        }
        lease.begin(&TxOptions::default()).await?;
        match run_each(&mut lease, statements).await {
            Ok(()) => lease.commit().await,
            Err(error) => {
                lease.rollback().await;
                Err(error)
            }
        }
    }
}

async fn run_each(lease: &mut Lease, statements: &[Ddl]) -> Result<()> {
    for statement in statements {
        lease.ddl(&statement.sql).await.map_err(|error| statement.explain(error))?;
    }
    Ok(())
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("dialect", &self.dialect().name())
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

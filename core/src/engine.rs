//! [`Engine`].

use std::fmt;
use std::sync::Arc;

use crate::dialect::{Dialect, Support, TxOptions};
use crate::driver::{Compiled, Driver};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::pool::{Access, Lease, Pool, PoolOptions, PoolStatus};
use crate::query::{Collect, Finds};
use crate::schema::{Table, creation_order, statements};
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

    /// The dialect of the database.
    pub fn dialect(&self) -> &'static dyn Dialect {
        self.inner.dialect
    }

    /// A new session. It asks for a connection when it first needs one.
    pub fn session(&self) -> Session {
        Session::new(self.clone(), TxOptions::default())
    }

    /// Creates the tables that are not there yet, with their keys, checks and indexes; those that are referred to first.
    /// Tables that are there are left alone.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported), before anything is created, where a table can't be had on this
    /// backend or foreign keys form a circle; what the database answers.
    pub async fn create_all(&self, tables: &[&'static Table]) -> Result<()> {
        self.run_ddl(&statements(self.dialect(), tables)?).await
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

    /// Drops the tables that are there, those that refer to others first.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where foreign keys form a circle; what the database answers, as when
    /// a table that is not in the list still refers to one that is.
    pub async fn drop_all(&self, tables: &[&'static Table]) -> Result<()> {
        let ordered = creation_order(tables)?;
        self.check_unreferred(&ordered).await?;
        let mut statements: Vec<String> =
            ordered.iter().rev().map(|table| sql::drop_table(self.dialect(), table)).collect();
        statements.extend(ordered.iter().flat_map(|table| self.dialect().after_drop(table)));
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

    /// Refuses to drop a table that one outside the list refers to, where the database itself would not.
    async fn check_unreferred(&self, tables: &[&'static Table]) -> Result<()> {
        for table in tables {
            let Some(sql) = self.dialect().referring_tables(table) else { continue };
            let statement = Compiled::from_text(sql, Vec::new());
            let mut names = Collect::new(<String as SqlType>::decode);
            self.pool().acquire(Access::Read).await?.fetch(&statement, &mut names).await?;
            let names = names.into_rows();
            if let Some(name) = names.iter().find(|name| !tables.iter().any(|dropped| dropped.name == name.as_str())) {
                let message = format!("the table can't be dropped: {name} refers to it; drop that one as well");
                return Err(Error::new(ErrorKind::ForeignKeyViolation, message).with_table(table.name));
            }
        }
        Ok(())
    }

    /// Runs statements on one connection, in one transaction where the database can roll DDL back.
    async fn run_ddl(&self, statements: &[String]) -> Result<()> {
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

async fn run_each(lease: &mut Lease, statements: &[String]) -> Result<()> {
    for sql in statements {
        lease.ddl(sql).await?;
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

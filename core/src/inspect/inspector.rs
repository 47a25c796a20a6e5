//! [`Inspector`].

use super::{Answer, Catalog, CheckInfo, ColumnInfo, ForeignKeyInfo, IndexInfo, KeyInfo, TableInfo, TableName};
use crate::driver::RowReader;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::Engine;
use crate::pool::Access;
use crate::query::Collect;
use crate::sql::Compiled;

/// Asks a database what is in it: `engine.inspect().columns("users")`. Views are not tables.
///
/// Each call is a few queries, one after the other: a table that is changed at the same time may be described half and half.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let names: Vec<String> = engine.inspect().tables().await?.into_iter().map(|table| table.name).collect();
/// assert_eq!(names, ["orders", "users"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Inspector<'e> {
    engine: &'e Engine,
}

impl<'e> Inspector<'e> {
    pub(crate) fn new(engine: &'e Engine) -> Inspector<'e> {
        Inspector { engine }
    }

    /// The tables in the namespace where new ones go, by name: on PostgreSQL the first schema of the search path, on MySQL and
    /// MariaDB the database of the connection.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(engine.inspect().tables().await?.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the database answers.
    pub async fn tables(self) -> Result<Vec<TableName>> {
        self.list(None).await
    }

    /// The tables in this namespace, by name. There are none in one that does not exist.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let error = engine.inspect().tables_in("archive").await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Unsupported); // SQLite has no namespaces.
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the database answers; [`Unsupported`](ErrorKind::Unsupported) if the database has no namespaces.
    pub async fn tables_in(self, schema: &str) -> Result<Vec<TableName>> {
        self.list(Some(schema)).await
    }

    /// Everything about a table.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let orders = engine.inspect().table("orders").await?;
    /// assert_eq!(orders.foreign_keys[0].table.name, "users");
    /// assert!(engine.inspect().table("invoices").await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`UndefinedTable`](ErrorKind::UndefinedTable) if it does not exist; what the database answers.
    pub async fn table(self, name: impl Into<TableName>) -> Result<TableInfo> {
        let name = name.into();
        self.find(&name).await?.ok_or_else(|| {
            let error = Error::new(ErrorKind::UndefinedTable, format!("there is no table {name}"));
            error.on(self.engine.dialect().name()).with_table(name.name)
        })
    }

    /// Everything about a table; `None` if it does not exist.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert!(engine.inspect().find(&"users".into()).await?.is_some());
    /// assert!(engine.inspect().find(&"invoices".into()).await?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the database answers.
    pub async fn find(self, name: &TableName) -> Result<Option<TableInfo>> {
        let catalog = self.catalog()?;
        let mut answers = Vec::new();
        for question in catalog.questions(name)? {
            answers.push(self.ask(&question).await?);
        }
        catalog.describe(name, answers)
    }

    /// The columns of a table, in their order.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let columns = engine.inspect().columns("users").await?;
    /// let nullable: Vec<&str> = columns.iter().filter(|column| column.nullable).map(|column| &*column.name).collect();
    /// assert_eq!(nullable, ["age"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As those of [`table`](Inspector::table).
    pub async fn columns(self, table: impl Into<TableName>) -> Result<Vec<ColumnInfo>> {
        Ok(self.table(table).await?.columns)
    }

    /// The indexes of a table, but for those that serve its keys.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert!(engine.inspect().indexes("users").await?.is_empty()); // The index of the unique key is that key's.
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As those of [`table`](Inspector::table).
    pub async fn indexes(self, table: impl Into<TableName>) -> Result<Vec<IndexInfo>> {
        Ok(self.table(table).await?.indexes)
    }

    /// The foreign keys of a table.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let keys = engine.inspect().foreign_keys("orders").await?;
    /// assert_eq!(keys[0].columns, ["user_id"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As those of [`table`](Inspector::table).
    pub async fn foreign_keys(self, table: impl Into<TableName>) -> Result<Vec<ForeignKeyInfo>> {
        Ok(self.table(table).await?.foreign_keys)
    }

    /// The primary key of a table, if it has one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let key = engine.inspect().primary_key("users").await?;
    /// assert_eq!(key.map(|key| key.columns), Some(vec!["id".to_owned()]));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As those of [`table`](Inspector::table).
    pub async fn primary_key(self, table: impl Into<TableName>) -> Result<Option<KeyInfo>> {
        Ok(self.table(table).await?.primary_key)
    }

    /// The unique keys of a table.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let uniques = engine.inspect().uniques("users").await?;
    /// assert_eq!(uniques[0].columns, ["email"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As those of [`table`](Inspector::table).
    pub async fn uniques(self, table: impl Into<TableName>) -> Result<Vec<KeyInfo>> {
        Ok(self.table(table).await?.uniques)
    }

    /// The check constraints of a table, but for those that belong to the type of a column.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// sql!("create table pets (legs integer, constraint ck_legs check (legs > 1))").exec(&engine).await?;
    /// assert_eq!(engine.inspect().checks("pets").await?[0].name.as_deref(), Some("ck_legs"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As those of [`table`](Inspector::table).
    pub async fn checks(self, table: impl Into<TableName>) -> Result<Vec<CheckInfo>> {
        Ok(self.table(table).await?.checks)
    }

    pub(crate) fn catalog(self) -> Result<&'static dyn Catalog> {
        let dialect = self.engine.dialect();
        dialect.catalog().ok_or_else(|| {
            Error::unsupported(dialect.name(), "looking at the database", "its dialect has no catalogue; ask it by SQL")
        })
    }

    pub(crate) async fn list(self, schema: Option<&str>) -> Result<Vec<TableName>> {
        let names = self.names(&self.catalog()?.tables(schema)?).await?;
        Ok(names.into_iter().map(|name| TableName { schema: schema.map(Into::into), name }).collect())
    }

    /// The names that are taken for an index of a new table.
    pub(crate) async fn index_names(self, schema: Option<&str>) -> Result<Vec<String>> {
        match self.catalog()?.index_names(schema)? {
            Some(question) => self.names(&question).await,
            None => Ok(Vec::new()),
        }
    }

    /// The namespace in which the connection finds a table of this name, or would create it; `None` if there are none.
    pub(crate) async fn home(self, table: &str) -> Result<Option<String>> {
        match self.catalog()?.home(table)? {
            Some(question) => Ok(self.names(&question).await?.pop()),
            None => Ok(None),
        }
    }

    async fn names(self, question: &Compiled<'_>) -> Result<Vec<String>> {
        let rows = self.ask(question).await?;
        Ok(rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect())
    }

    async fn ask(self, question: &Compiled<'_>) -> Result<Answer> {
        let mut rows = Collect::new(texts);
        self.engine.acquire(Access::Read).await?.fetch(question, &mut rows).await?;
        Ok(rows.into_rows())
    }
}

/// A whole row, every column of which is text or NULL.
fn texts(row: &mut RowReader<'_>) -> Result<Vec<Option<String>>> {
    let mut texts = Vec::with_capacity(row.len());
    while row.position() < row.len() {
        texts.push(row.read()?);
    }
    Ok(texts)
}

//! [`Tables`]: the DDL of a list of tables, without a database.

use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::schema::{Table, check_models, check_names, creation_order, each_once};
use crate::sealed::Sealed;
use crate::sql;

/// A list of tables, as `tables![User, Order]` makes one.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "books")]
/// struct Book {
///     #[model(primary_key)]
///     id: i64,
///     title: String,
/// }
///
/// let ddl = tables![Book].ddl(&Sqlite)?;
/// assert!(ddl.starts_with("CREATE TABLE"), "{ddl}");
/// # Ok::<(), creole::Error>(())
/// ```
pub trait Tables: Sealed {
    /// The statements that create the tables with their keys and indexes on this dialect's database, as text: those that are
    /// referred to first, each ended by `;`. No connection is made. If several models describe one table, the first of them
    /// says what it is.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) if a table can't be had there, foreign keys form a circle, the first model
    /// of a table lacks a column of another one, or a foreign key leads out of a schema into the connection's own, which MySQL
    /// and MariaDB must have by its name.
    fn ddl(&self, dialect: &dyn Dialect) -> Result<String>;
}

impl Sealed for [&'static Table] {}

impl Tables for [&'static Table] {
    fn ddl(&self, dialect: &dyn Dialect) -> Result<String> {
        let mut text = String::new();
        for statement in statements(dialect, self, None)? {
            text.push_str(&statement.sql);
            text.push_str(";\n");
        }
        Ok(text)
    }
}

impl Table {
    /// The statements that create the table, as [`Tables::ddl`] writes them for a list.
    ///
    /// ```
    /// use creole::prelude::*;
    ///
    /// #[derive(Model)]
    /// #[model(table = "books")]
    /// struct Book {
    ///     #[model(primary_key)]
    ///     id: i64,
    /// }
    ///
    /// assert!(Book::table().ddl(&Sqlite)?.contains(r#""books""#));
    /// # Ok::<(), creole::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) if the table can't be had there.
    pub fn ddl(&'static self, dialect: &dyn Dialect) -> Result<String> {
        [self].ddl(dialect)
    }
}

/// A statement of DDL, and the table that it is about.
#[derive(Debug)]
pub(super) struct Ddl {
    pub(super) table: &'static Table,
    pub(super) change: TableChange,
    pub(super) sql: String,
}

/// The purpose of a statement of DDL.
#[derive(Debug, Clone, Copy)]
pub(super) enum TableChange {
    Create,
    Drop,
}

impl Ddl {
    /// Explains the outcome of the statement. DDL has no bound values, so the server's own words may be shown.
    pub(super) fn explain(&self, error: Error) -> Error {
        let Some(said) = error.server_message().filter(|_| error.code().is_some()) else { return error };
        let change = match self.change {
            TableChange::Create => "created",
            TableChange::Drop => "dropped",
        };
        let message = format!("the table {} can't be {change}: {said}", self.table);
        let is_named = error.table().is_some();
        let error = error.with_message(message);
        if is_named { error } else { error.with_table(self.table.name) }
    }
}

/// The statements that create the tables, each once. `home` is the namespace of tables that name none, where it is known.
pub(super) fn statements(dialect: &dyn Dialect, tables: &[&'static Table], home: Option<&str>) -> Result<Vec<Ddl>> {
    check_models(tables)?;
    check_names(tables)?;
    let mut statements: Vec<Ddl> = Vec::new();
    for table in creation_order(&each_once(tables))? {
        for sql in sql::create_table_from(dialect, table, home)? {
            // What several tables need is created for the first of them.
            if !statements.iter().any(|other| other.sql == sql) {
                statements.push(Ddl { table, change: TableChange::Create, sql });
            }
        }
    }
    Ok(statements)
}

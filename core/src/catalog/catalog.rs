//! [`Catalog`]: a database's own part of inspecting it.

use std::fmt;

use super::normal::{Strings, normal_form};
use super::{TableInfo, TableName};
use crate::dialect::Support;
use crate::error::Result;
use crate::schema::{ColumnDef, Table};
use crate::sql::Compiled;

/// The rows that a query of a [`Catalog`] yields. Every column of such a query is text or NULL.
pub type Answer = Vec<Vec<Option<String>>>;

/// How to inspect a database: the queries to ask, and how to read their answers. Like a dialect, it
/// does no I/O.
pub trait Catalog: fmt::Debug + Send + Sync + 'static {
    /// The query for the tables of a namespace, or of the one where new tables go: a row for each, with its name.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a namespace where the database has none.
    fn tables<'a>(&self, schema: Option<&'a str>) -> Result<Compiled<'a>>;

    /// The query for the names of a namespace's indexes, where an index can't have the name of another table's: a row for
    /// each. `None` if names of indexes are each table's own.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a namespace where the database has none.
    fn index_names<'a>(&self, _schema: Option<&'a str>) -> Result<Option<Compiled<'a>>> {
        Ok(None)
    }

    /// The query for the namespace in which the connection finds a table of this name that is looked for without one, or would
    /// create it: one row. `None` if the database has no namespaces.
    ///
    /// # Errors
    /// What binding the name says.
    fn home<'a>(&self, _table: &'a str) -> Result<Option<Compiled<'a>>> {
        Ok(None)
    }

    /// The queries whose answers describe a table.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a namespace where the database has none.
    fn questions<'a>(&self, table: &'a TableName) -> Result<Vec<Compiled<'a>>>;

    /// The table that the answers to [`questions`](Catalog::questions) describe; `None` if there is no such table.
    ///
    /// # Errors
    /// [`Decode`](crate::ErrorKind::Decode) if an answer is not of the form that was asked for.
    fn describe(&self, table: &TableName, answers: Vec<Answer>) -> Result<Option<TableInfo>>;

    /// How the catalogue would describe the type of a model's column.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a type this database can't hold.
    fn column(&self, table: &'static Table, column: &'static ColumnDef) -> Result<NativeColumn>;

    /// Whether the database keeps comments.
    fn comments(&self) -> Support {
        Support::Native
    }

    /// How texts are quoted in the SQL that it hands out.
    fn strings(&self) -> Strings {
        Strings::Doubled
    }

    /// The form in which two pieces of SQL are compared, one of which is the catalogue's.
    fn normal_form(&self, sql: &str) -> String {
        normal_form(sql, self.strings())
    }

    /// The same for the default of a column whose type the catalogue calls so: a database may write a value in the form of its type.
    fn default_form(&self, _type_name: &str, sql: &str) -> String {
        self.normal_form(sql)
    }
}

/// The type of a column, as a database describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeColumn {
    /// The database's own name for the type.
    pub type_name: String,
    /// The condition that keeps the column to what its type holds, where a check does that.
    pub value_check: Option<String>,
    /// The collation of its text, where it is not the database's default.
    pub collation: Option<String>,
}

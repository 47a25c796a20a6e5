//! [`Tables`]: what can be said of a list of tables without a database.

use super::{Table, check_names, creation_order};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::sql;

/// A list of tables, as `tables![User, Order]` makes one.
pub trait Tables {
    /// The statements that create the tables with their keys and indexes on this dialect's database, as text: those that are
    /// referred to first, each ended by `;`. Nothing is connected to.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where a table can't be had there or foreign keys form a circle.
    fn ddl(&self, dialect: &dyn Dialect) -> Result<String>;
}

impl Tables for [&'static Table] {
    fn ddl(&self, dialect: &dyn Dialect) -> Result<String> {
        let mut text = String::new();
        for statement in statements(dialect, self)? {
            text.push_str(&statement);
            text.push_str(";\n");
        }
        Ok(text)
    }
}

impl Table {
    /// The statements that create the table, as [`Tables::ddl`] writes them for a list.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the table can't be had there.
    pub fn ddl(&'static self, dialect: &dyn Dialect) -> Result<String> {
        [self].ddl(dialect)
    }
}

/// The statements that create the tables, each once.
pub(crate) fn statements(dialect: &dyn Dialect, tables: &[&'static Table]) -> Result<Vec<String>> {
    check_names(tables)?;
    let mut statements: Vec<String> = Vec::new();
    for table in creation_order(tables)? {
        for statement in sql::create_table(dialect, table)? {
            // What several tables need is created for the first of them.
            if !statements.contains(&statement) {
                statements.push(statement);
            }
        }
    }
    Ok(statements)
}

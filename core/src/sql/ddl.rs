//! CREATE and DROP: what a [`Table`] becomes in a database.

use super::{SqlWriter, standard};
use crate::dialect::{Dialect, IndexPlacement};
use crate::error::Result;
use crate::schema::Table;

/// The statements that create a table with its keys, checks and indexes, and leave alone what is there already.
///
/// # Errors
/// [`Unsupported`](crate::ErrorKind::Unsupported) where the dialect has no such column or key.
pub fn create_table(dialect: &dyn Dialect, table: &'static Table) -> Result<Vec<String>> {
    let mut statements = dialect.before_table(table);
    let mut w = SqlWriter::for_ddl(dialect);
    dialect.create_table(&mut w, table)?;
    statements.push(w.into_text());
    if dialect.capabilities().indexes == IndexPlacement::Separate {
        for index in table.indexes {
            let mut w = SqlWriter::for_ddl(dialect);
            standard::create_index(&mut w, table, index);
            statements.push(w.into_text());
        }
    }
    Ok(statements)
}

/// The statement that drops a table, if it is there.
pub fn drop_table(dialect: &dyn Dialect, table: &'static Table) -> String {
    let mut w = SqlWriter::for_ddl(dialect);
    standard::drop_table(&mut w, table);
    w.into_text()
}

//! CREATE and DROP: what a [`Table`] becomes in a database.

use super::writer::SqlWriter;
use crate::dialect::{Dialect, IndexPlacement, Support};
use crate::error::Result;
use crate::schema::{Check, Table, check_foreign_keys};
use crate::sql::expr::{BinaryOp, Expr};
use crate::sql::standard;
use crate::types::{ColumnType, Value};

/// The statements that create a table with its keys, checks and indexes, and leave alone what is there already.
///
/// # Errors
/// [`Unsupported`](crate::ErrorKind::Unsupported) where the dialect has no such column or key.
pub fn create_table(dialect: &dyn Dialect, table: &'static Table) -> Result<Vec<String>> {
    create_table_from(dialect, table, None)
}

/// The same on a connection that looks for tables without a schema in `home`, where that is known.
pub(crate) fn create_table_from(
    dialect: &dyn Dialect,
    table: &'static Table,
    home: Option<&str>,
) -> Result<Vec<String>> {
    check_foreign_keys(table)?;
    let mut statements = dialect.ddl().before_table(table);
    let mut w = SqlWriter::for_ddl(dialect);
    w.set_home(home);
    dialect.ddl().create_table(&mut w, table)?;
    statements.push(w.finish_text()?);
    if dialect.capabilities().indexes == IndexPlacement::Separate {
        for index in table.indexes {
            let mut w = SqlWriter::for_ddl(dialect);
            standard::create_index(&mut w, table, index)?;
            statements.push(w.finish_text()?);
        }
    }
    if dialect.capabilities().comment_on == Support::Native {
        statements.extend(standard::comments(dialect, table)?);
    }
    Ok(statements)
}

/// The statement that drops a table, if it is there.
///
/// # Errors
/// [`Unsupported`](crate::ErrorKind::Unsupported) where no table can have this name there.
pub fn drop_table(dialect: &dyn Dialect, table: &'static Table) -> Result<String> {
    let mut w = SqlWriter::for_ddl(dialect);
    standard::drop_table(&mut w, table);
    w.finish_text()
}

/// The condition of a check. A bool column alone is compared with TRUE, because not every database takes it for a condition.
pub(crate) fn check_condition(check: &Check) -> Expr {
    match (check.condition)() {
        column @ Expr::Column(_) => {
            Expr::binary(BinaryOp::Eq, column, Expr::value(Value::Bool(true), ColumnType::Bool))
        }
        condition => condition,
    }
}

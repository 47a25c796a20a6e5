//! [`Ddl`]: how one database spells tables, and what else it does about them.

use std::borrow::Cow;

use crate::error::Result;
use crate::schema::{ColumnDef, ForeignKey, ServerDefault, Table};
use crate::sql::{SqlWriter, standard};
use crate::types::{ColumnType, ValueRef};

/// How one database spells tables, and what else it does about them.
///
/// What databases differ in most: [`literal`](Ddl::literal), [`create_table`](Ddl::create_table) and
/// [`column_definition`](Ddl::column_definition).
pub trait Ddl: Send + Sync {
    /// Writes a column type.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a type this database can't hold.
    fn column_type(&self, w: &mut SqlWriter<'_>, ty: ColumnType) -> Result<()>;

    /// Writes the collation of a column after its type, ` COLLATE "C"`, unless the database compares it so by itself.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a collation that this database can't have.
    fn collation(&self, w: &mut SqlWriter<'_>, column: &ColumnDef) -> Result<()> {
        standard::collation(w, column)
    }

    /// Writes a value into the text of a DDL statement.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a kind of value that has no literal.
    fn literal(&self, w: &mut SqlWriter<'_>, value: ValueRef<'_>, ty: ColumnType) -> Result<()> {
        standard::literal(w, value, ty)
    }

    /// Writes the statement that creates a table and its keys, and leaves alone what is there. Where
    /// [`Capabilities::indexes`](super::Capabilities::indexes) is [`IndexPlacement::Inline`](super::IndexPlacement::Inline), its indexes too.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the database has no such column or key.
    fn create_table(&self, w: &mut SqlWriter<'_>, table: &'static Table) -> Result<()> {
        standard::create_table(w, table)
    }

    /// Writes one column of CREATE TABLE.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the database has no such column type.
    fn column_definition(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
    ) -> Result<()> {
        standard::column_definition(w, table, column)
    }

    /// Writes what the DEFAULT clause of a column says, within its parentheses.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for what the database can't make, and for SQL whose value creole would not
    /// read back; [`InvalidValue`](crate::ErrorKind::InvalidValue) where the value does not fit the column.
    fn column_default(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
        default: ServerDefault,
    ) -> Result<()> {
        standard::column_default(w, table, column, default)
    }

    /// Writes, after REFERENCES, the table that a foreign key of `table` leads to. Where the database looks for a name without
    /// a schema elsewhere than the connection does, the schema is [`SqlWriter::home`].
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the key can't lead there.
    fn referenced_table(&self, w: &mut SqlWriter<'_>, _table: &'static Table, key: &ForeignKey) -> Result<()> {
        standard::referenced_table(w, key);
        Ok(())
    }

    /// The name by which the database knows a table's primary key.
    fn primary_key_name(&self, table: &'static Table) -> Cow<'static, str> {
        table.primary_key_name()
    }

    /// The statements that create what the table needs and is not part of it, and leave alone what is there.
    fn before_table(&self, _table: &'static Table) -> Vec<String> {
        Vec::new()
    }

    /// The statements that drop, once the table is gone, what [`before_table`](Ddl::before_table) created for it and
    /// nothing else uses.
    fn after_drop(&self, _table: &'static Table) -> Vec<String> {
        Vec::new()
    }

    /// A query that lets the numbers of the table's numbered column go on after the largest one in it; `None` where they do by
    /// themselves, or where the table has no such column.
    fn sync_sequence(&self, _table: &'static Table) -> Option<String> {
        None
    }

    /// A query for the names of the tables that refer to this one, where the database would drop it all the same.
    fn referring_tables(&self, _table: &'static Table) -> Option<String> {
        None
    }
}

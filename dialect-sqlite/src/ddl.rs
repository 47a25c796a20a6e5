//! How SQLite spells tables.

use creole_core::dialect::Ddl;
use creole_core::schema::{ColumnDef, ForeignKey, Generated, ServerDefault, Table};
use creole_core::sql::{SqlWriter, standard};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, Result, write_sql};

use crate::dialect::{NAME, Sqlite};
use crate::{collation, default, types};

impl Ddl for Sqlite {
    fn column_type(&self, w: &mut SqlWriter<'_>, ty: ColumnType) -> Result<()> {
        w.push(types::declaration(ty)?);
        Ok(())
    }

    fn collation(&self, w: &mut SqlWriter<'_>, column: &ColumnDef) -> Result<()> {
        collation::write(w, column)
    }

    fn literal(&self, w: &mut SqlWriter<'_>, value: ValueRef<'_>, ty: ColumnType) -> Result<()> {
        types::literal(w, value, ty)
    }

    /// A STRICT table: SQLite then refuses a value of another type than its column's, whoever writes it.
    fn create_table(&self, w: &mut SqlWriter<'_>, table: &'static Table) -> Result<()> {
        if let Some(schema) = table.schema {
            let feature = format!("the schema {schema} of table {}", table.name);
            return Err(Error::unsupported(NAME, &feature, "a SQLite file has one namespace; leave the schema off"));
        }
        standard::open_table(w, table);
        standard::columns(w, table)?;
        if table.auto_column().is_none() {
            w.push(",\n  ");
            standard::primary_key(w, table);
        }
        write_sql!(w, standard::constraints(w, table), "\n) STRICT")
    }

    fn column_definition(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
    ) -> Result<()> {
        w.ident(column.name).push(" ");
        types::column_type(w, column)?;
        self.collation(w, column)?;
        if column.generated == Generated::Auto {
            auto_key(w, table, column)?;
        }
        standard::default_clause(w, table, column)?;
        // SQLite takes NULL in a primary key unless it is told not to.
        if !column.nullable || is_key(table, column) {
            w.push(" NOT NULL");
        }
        types::value_check(w, column)
    }

    fn column_default(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
        default: ServerDefault,
    ) -> Result<()> {
        default::column_default(w, table, column, default)
    }

    /// Not even an attached file can be referred to.
    fn referenced_table(&self, w: &mut SqlWriter<'_>, table: &'static Table, key: &ForeignKey) -> Result<()> {
        let target = (key.table)();
        if let Some(schema) = target.schema {
            let feature = format!("the foreign key {} of {table} into the schema {schema}", key.name(table));
            let way_out = format!("a SQLite file has one namespace; leave the schema of {} off", target.name);
            return Err(Error::unsupported(NAME, &feature, &way_out).with_table(table.name));
        }
        standard::referenced_table(w, key);
        Ok(())
    }

    /// SQLite would delete the rows first, and with them, or in vain, those that refer to them.
    fn referring_tables(&self, table: &'static Table) -> Option<String> {
        let mut w = SqlWriter::for_ddl(self);
        w.push("SELECT m.name FROM sqlite_schema AS m JOIN pragma_foreign_key_list(m.name) AS k ");
        w.push("WHERE m.type = 'table' AND lower(k.\"table\") = lower(").text_literal(table.name).push(")");
        Some(w.into_text())
    }
}

/// ` CONSTRAINT "pk_users" PRIMARY KEY AUTOINCREMENT`: as on the servers, the number of a deleted row is not given out
/// again.
fn auto_key(w: &mut SqlWriter<'_>, table: &'static Table, column: &'static ColumnDef) -> Result<()> {
    let is_the_key = table.primary_key.len() == 1 && is_key(table, column);
    if !is_the_key || !column.ty.is_integer() {
        let feature = format!("the automatic number {}.{}", table.name, column.name);
        return Err(Error::unsupported(NAME, &feature, "SQLite numbers only an integer that is the whole primary key"));
    }
    w.push(" CONSTRAINT ").ident(&table.primary_key_name()).push(" PRIMARY KEY AUTOINCREMENT");
    Ok(())
}

fn is_key(table: &'static Table, column: &'static ColumnDef) -> bool {
    table.column_names(table.primary_key).contains(&column.name)
}

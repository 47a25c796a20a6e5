//! Enums of the database's own: types that are made before the first table that uses them and go after the last.

use creole_core::Dialect;
use creole_core::schema::Table;
use creole_core::sql::SqlWriter;
use creole_core::types::EnumType;

/// Writes the type's name, with its schema.
pub(crate) fn name(w: &mut SqlWriter<'_>, of: &EnumType) {
    let Some(native) = of.native else { return };
    if let Some(schema) = native.schema {
        w.ident(schema).push(".");
    }
    w.ident(native.name);
}

/// Creates the types that a table uses. CREATE TYPE can't leave alone what is there, so the error is caught; two programs
/// that create it at once can also meet at the catalogue's own key.
pub(crate) fn create(dialect: &dyn Dialect, table: &'static Table) -> Vec<String> {
    let create = |of: &EnumType| {
        let mut w = SqlWriter::for_ddl(dialect);
        w.push("CREATE TYPE ");
        name(&mut w, of);
        w.push(" AS ENUM (");
        for (index, label) in of.labels.iter().enumerate() {
            w.push(if index > 0 { ", " } else { "" }).text_literal(label);
        }
        w.push(")");
        unless(dialect, &w.into_text(), "duplicate_object OR unique_violation")
    };
    of_table(table).into_iter().map(create).collect()
}

/// Drops the types that a table used, unless another table still does.
pub(crate) fn drop(dialect: &dyn Dialect, table: &'static Table) -> Vec<String> {
    let drop = |of: &EnumType| {
        let mut w = SqlWriter::for_ddl(dialect);
        w.push("DROP TYPE IF EXISTS ");
        name(&mut w, of);
        unless(dialect, &w.into_text(), "dependent_objects_still_exist")
    };
    of_table(table).into_iter().map(drop).collect()
}

fn of_table(table: &'static Table) -> Vec<&'static EnumType> {
    let mut types = Vec::new();
    for of in table.columns.iter().filter_map(|column| column.ty.native_enum()) {
        if !types.contains(&of) {
            types.push(of);
        }
    }
    types
}

/// A statement whose error of this kind is none. The body of DO is text, so that no label can end it.
fn unless(dialect: &dyn Dialect, statement: &str, condition: &str) -> String {
    let mut w = SqlWriter::for_ddl(dialect);
    w.push("DO ").text_literal(&format!("BEGIN {statement}; EXCEPTION WHEN {condition} THEN NULL; END"));
    w.into_text()
}

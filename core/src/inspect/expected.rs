//! A model's table as the catalogue would describe it.

use super::{Catalog, CheckInfo, ColumnInfo, ForeignKeyInfo, IndexInfo, IndexPartInfo, KeyInfo, TableInfo, TableName};
use crate::dialect::{Dialect, Support};
use crate::error::Result;
use crate::schema::{ColumnDef, ForeignKey, Generated, Index, IndexPart, Table};
use crate::sql::{OrderTerm, SqlWriter, check_condition, standard};

/// The table that results from creating it from its model.
pub(super) fn expected(dialect: &dyn Dialect, catalog: &dyn Catalog, table: &'static Table) -> Result<TableInfo> {
    let names = |indexes: &[u16]| table.column_names(indexes).into_iter().map(String::from).collect::<Vec<_>>();
    let kept = |comment: Option<&str>| comment.filter(|_| catalog.comments() == Support::Native).map(String::from);
    let mut info = TableInfo::new(TableName::from(table));
    info.comment = kept(table.comment);
    for definition in table.columns {
        let mut column = column(dialect, catalog, table, definition)?;
        column.comment = kept(definition.comment);
        info.columns.push(column);
    }
    let name = dialect.ddl().primary_key_name(table).into_owned();
    info.primary_key = Some(KeyInfo { name: Some(name), columns: names(table.primary_key) });
    for key in table.uniques {
        info.uniques.push(KeyInfo { name: Some(key.name(table).into_owned()), columns: names(key.columns) });
    }
    for each in table.indexes {
        info.indexes.push(index(dialect, table, each)?);
    }
    info.foreign_keys.extend(table.foreign_keys.iter().map(|key| foreign_key(table, key)));
    for check in table.checks {
        let condition = standard::expression(dialect, table, &check_condition(check))?;
        info.checks.push(CheckInfo { name: Some(check.name(table).into_owned()), condition });
    }
    Ok(info)
}

fn column(
    dialect: &dyn Dialect,
    catalog: &dyn Catalog,
    table: &'static Table,
    definition: &'static ColumnDef,
) -> Result<ColumnInfo> {
    let native = catalog.column(table, definition)?;
    Ok(ColumnInfo {
        ty: Some(definition.ty),
        value_check: native.value_check,
        nullable: definition.nullable,
        default: match definition.generated {
            Generated::ServerDefault(default) => {
                let mut w = SqlWriter::for_ddl(dialect);
                dialect.ddl().column_default(&mut w, table, definition, default)?;
                Some(w.into_text())
            }
            Generated::No | Generated::Auto => None,
        },
        auto: definition.generated == Generated::Auto,
        collation: native.collation,
        ..ColumnInfo::new(definition.name, native.type_name)
    })
}

fn index(dialect: &dyn Dialect, table: &'static Table, index: &Index) -> Result<IndexInfo> {
    let mut parts = Vec::with_capacity(index.parts.len());
    for part in index.parts {
        match part {
            IndexPart::Column(column, direction) => {
                parts.extend(table.column(*column).map(|column| IndexPartInfo::column(column.name, *direction)));
            }
            IndexPart::Expr(term) => {
                let OrderTerm { expr, direction, .. } = term();
                parts.push(IndexPartInfo::expr(standard::expression(dialect, table, expr)?, *direction));
            }
        }
    }
    let filter = index.filter.map(|filter| standard::expression(dialect, table, &filter())).transpose()?;
    Ok(IndexInfo { name: index.name(table).into_owned(), unique: index.unique, parts, filter })
}

fn foreign_key(table: &'static Table, key: &ForeignKey) -> ForeignKeyInfo {
    let target = (key.table)();
    let names = |table: &'static Table, indexes: &[u16]| {
        table.column_names(indexes).into_iter().map(String::from).collect::<Vec<_>>()
    };
    ForeignKeyInfo {
        name: Some(key.name(table).into_owned()),
        columns: names(table, key.columns),
        table: TableName::from(target),
        references: names(target, key.references),
        on_delete: key.on_delete,
        on_update: key.on_update,
    }
}

//! [`SqliteCatalog`]: what SQLite keeps about its tables.
//!
//! SQLite keeps the text of CREATE TABLE. Names of constraints, checks, collations and AUTOINCREMENT stand nowhere else, so
//! that text is read ([`definition`](crate::definition)); for the rest there are pragmas. What a model's table would look
//! like is found out by the same reading of the text that creates it.

use creole_core::dialect::Ddl as _;
use creole_core::dialect::Support;
use creole_core::inspect::{
    Answer, AnswerRow, Catalog, ForeignKeyInfo, IndexInfo, IndexPartInfo, KeyInfo, NativeColumn, TableInfo, TableName,
};
use creole_core::schema::{Action, ColumnDef, Table};
use creole_core::sql::{Compiled, Direction, SqlWriter, Typing, Verb};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, Result, write_sql};

use crate::definition::{self, Definition};
use crate::dialect::{NAME, Sqlite};
use crate::native;

/// What SQLite keeps about its tables.
#[derive(Debug)]
pub(crate) struct SqliteCatalog;

/// Without the tables in which a virtual table keeps what is its own.
const TABLES: &str = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') \
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";

const TABLE: &str = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(";

const COLUMNS: &str = "SELECT name, CAST(\"notnull\" AS TEXT), dflt_value, CAST(pk AS TEXT), CAST(hidden AS TEXT) \
    FROM pragma_table_xinfo(";

/// A row for each part of an index, with what the index is for and, where it was created by itself, its text.
const INDEXES: &str = "SELECT l.name, CAST(l.\"unique\" AS TEXT), l.origin, x.name, CAST(x.\"desc\" AS TEXT), s.sql \
    FROM pragma_index_list(";

const INDEX_PARTS: &str = ") AS l JOIN pragma_index_xinfo(l.name) AS x \
    LEFT JOIN sqlite_schema AS s ON s.type = 'index' AND s.name = l.name WHERE x.\"key\" ORDER BY l.seq DESC, x.seqno";

/// A row for each column of a foreign key.
const FOREIGN_KEYS: &str = "SELECT CAST(id AS TEXT), \"table\", \"from\", \"to\", on_update, on_delete \
    FROM pragma_foreign_key_list(";

impl Catalog for SqliteCatalog {
    fn tables<'a>(&self, schema: Option<&'a str>) -> Result<Compiled<'a>> {
        check_schema(schema)?;
        Ok(Compiled::from_text(TABLES, Vec::new()))
    }

    fn index_names<'a>(&self, schema: Option<&'a str>) -> Result<Option<Compiled<'a>>> {
        check_schema(schema)?;
        Ok(Some(Compiled::from_text("SELECT name FROM sqlite_schema WHERE type = 'index'", Vec::new())))
    }

    fn questions<'a>(&self, table: &'a TableName) -> Result<Vec<Compiled<'a>>> {
        check_schema(table.schema.as_deref())?;
        let ask = |before: &str, after: &str| {
            let mut w = SqlWriter::new(&Sqlite);
            w.push(before);
            w.bind(ValueRef::Text(&table.name), ColumnType::TEXT, Typing::Cast)?;
            w.push(after);
            w.finish(Verb::Select, None)
        };
        Ok(vec![
            ask(TABLE, ")")?,
            ask(COLUMNS, ") ORDER BY cid")?,
            ask(INDEXES, INDEX_PARTS)?,
            ask(FOREIGN_KEYS, ") ORDER BY id DESC, seq")?,
        ])
    }

    fn describe(&self, table: &TableName, answers: Vec<Answer>) -> Result<Option<TableInfo>> {
        let mut answers = answers.into_iter();
        let mut next = || answers.next().unwrap_or_default();
        let (definitions, columns, indexes, foreign_keys) = (next(), next(), next(), next());
        let Some(sql) = definitions.into_iter().next().and_then(|row| row.into_iter().next()).flatten() else {
            return Ok(None);
        };
        let definition = definition::read(&sql);
        let mut info = TableInfo::new(table.clone());
        info.checks = definition.checks.clone();
        let mut key: Vec<(u32, String)> = Vec::new();
        for row in columns {
            let mut row = AnswerRow::new(row);
            let (name, not_null) = (row.text(), row.is_set());
            let (default, key_position, hidden) = (row.value(), row.number(), row.number());
            let mut column = definition.column(&name);
            column.nullable = !not_null;
            // 2 and 3 are columns that are computed, whose expression stands in the text only.
            column.default = default.filter(|_| hidden == 0);
            if key_position > 0 {
                key.push((key_position, name));
            }
            column.ty = native::column_type(&column);
            info.columns.push(column);
        }
        key.sort_unstable();
        let columns: Vec<String> = key.into_iter().map(|(_, name)| name).collect();
        if !columns.is_empty() {
            info.primary_key = Some(KeyInfo::new(definition.primary_key.clone(), columns));
        }
        read_indexes(indexes, &definition, &mut info);
        read_foreign_keys(foreign_keys, &definition, &mut info);
        Ok(Some(info))
    }

    fn column(&self, table: &'static Table, column: &'static ColumnDef) -> Result<NativeColumn> {
        let mut w = SqlWriter::for_ddl(&Sqlite);
        write_sql!(w, "CREATE TABLE t (", Sqlite.column_definition(&mut w, table, column), ")")?;
        let column = definition::read(&w.into_text()).column(column.name);
        Ok(NativeColumn { type_name: column.type_name, value_check: column.value_check, collation: column.collation })
    }

    fn comments(&self) -> Support {
        Support::Absent
    }
}

fn check_schema(schema: Option<&str>) -> Result<()> {
    match schema {
        None => Ok(()),
        Some(schema) => {
            let feature = format!("the schema {schema}");
            Err(Error::unsupported(NAME, &feature, "a SQLite file has one namespace; leave the schema off"))
        }
    }
}

/// The indexes; those that serve a key are listed with it.
fn read_indexes(answer: Answer, definition: &Definition, info: &mut TableInfo) {
    let mut origins: Vec<(String, IndexInfo, Option<String>)> = Vec::new();
    for row in answer {
        let mut row = AnswerRow::new(row);
        let (name, unique, origin) = (row.text(), row.is_set(), row.text());
        let (column, descending, sql) = (row.value(), row.is_set(), row.value());
        let direction = if descending { Direction::Descending } else { Direction::Ascending };
        let part = IndexPartInfo::new(column, None, direction);
        match origins.last_mut() {
            Some((_, index, _)) if index.name == name => index.parts.push(part),
            _ => {
                let mut index = IndexInfo::new(name, vec![part]);
                index.unique = unique;
                origins.push((origin, index, sql));
            }
        }
    }
    for (origin, mut index, sql) in origins {
        let columns = || index.parts.iter().filter_map(|part| part.column.clone()).collect::<Vec<_>>();
        match origin.as_str() {
            "pk" => {}
            "u" => {
                let columns = columns();
                info.uniques.push(KeyInfo::new(definition.unique_name(&columns), columns));
            }
            _ => {
                definition::read_index(sql.as_deref().unwrap_or_default(), &mut index);
                info.indexes.push(index);
            }
        }
    }
}

fn read_foreign_keys(answer: Answer, definition: &Definition, info: &mut TableInfo) {
    let mut current = None;
    for row in answer {
        let mut row = AnswerRow::new(row);
        let (id, table, from, to) = (row.text(), row.text(), row.text(), row.value());
        let (on_update, on_delete) = (action(&row.text()), action(&row.text()));
        if current.as_ref() != Some(&id) {
            let (columns, references) = (Vec::new(), Vec::new());
            let table = TableName::from(table);
            info.foreign_keys.push(ForeignKeyInfo::new(None, columns, table, references).acting(on_delete, on_update));
            current = Some(id);
        }
        if let Some(key) = info.foreign_keys.last_mut() {
            key.columns.push(from);
            key.references.extend(to);
        }
    }
    for key in &mut info.foreign_keys {
        key.name = definition.foreign_key_name(&key.columns, &key.table.name);
    }
}

/// SQLite's NO ACTION and RESTRICT both refuse.
fn action(name: &str) -> Action {
    match name {
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        _ => Action::Restrict,
    }
}

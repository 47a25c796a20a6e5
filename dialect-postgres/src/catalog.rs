//! [`PostgresCatalog`]: what PostgreSQL keeps about its tables.

use creole_core::inspect::{
    Answer, AnswerRow, Catalog, CheckInfo, ColumnInfo, ForeignKeyInfo, IndexInfo, IndexPartInfo, KeyInfo, NativeColumn,
    TableInfo, TableName,
};
use creole_core::schema::{Action, ColumnDef, Table};
use creole_core::sql::{Compiled, Direction, SqlWriter, Typing, Verb};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, Result, write_sql};

use crate::dialect::{NAME, Postgres};
use crate::{collation, native, types};

/// What PostgreSQL keeps about its tables.
#[derive(Debug)]
pub(crate) struct PostgresCatalog;

/// Partitioned tables are tables, partitions are parts of them.
const TABLES: &str = "SELECT c.relname::text FROM pg_class AS c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition \
    AND c.relnamespace = ";

const INDEX_NAMES: &str =
    "SELECT c.relname::text FROM pg_class AS c WHERE c.relkind IN ('i', 'I') AND c.relnamespace = ";

const TABLE: &str = "SELECT n.nspname::text, obj_description(c.oid, 'pg_class') FROM pg_class AS c \
    JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND c.oid = ";

/// An enum is told by its name and its labels.
const COLUMNS: &str = "SELECT a.attname::text, CASE t.typtype WHEN 'e' THEN (SELECT \
    t.typname || ' enum(' || string_agg('''' || replace(e.enumlabel, '''', '''''') || '''', ',' ORDER BY e.enumsortorder) || ')' \
    FROM pg_enum AS e WHERE e.enumtypid = t.oid) ELSE format_type(a.atttypid, a.atttypmod) END, a.attnotnull::text, \
    pg_get_expr(d.adbin, d.adrelid), (a.attidentity <> '')::text, (a.attgenerated <> '')::text, \
    (SELECT o.collname::text FROM pg_collation AS o WHERE o.oid = a.attcollation AND a.attcollation <> t.typcollation), \
    col_description(a.attrelid, a.attnum) \
    FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid \
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = ";

/// A row for each column of a key, but not of what a key to a partitioned table makes for each partition; a foreign key's has the table and the column that it refers to.
const KEYS: &str = "SELECT k.conname::text, k.contype::text, a.attname::text, \
    CASE WHEN pg_table_is_visible(f.oid) THEN NULL ELSE n.nspname::text END, f.relname::text, fa.attname::text, k.confdeltype::text, k.confupdtype::text \
    FROM pg_constraint AS k CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS c(own, other, place) \
    JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = c.own \
    LEFT JOIN pg_class AS f ON f.oid = k.confrelid LEFT JOIN pg_namespace AS n ON n.oid = f.relnamespace \
    LEFT JOIN pg_attribute AS fa ON fa.attrelid = k.confrelid AND fa.attnum = c.other \
    WHERE k.contype IN ('p', 'u', 'f') \
    AND NOT EXISTS (SELECT FROM pg_constraint AS whole WHERE whole.oid = k.conparentid AND whole.conrelid = k.conrelid) \
    AND k.conrelid = ";

/// A check, with the column that it is about where that is only one.
const CHECKS: &str = "SELECT k.conname::text, pg_get_expr(k.conbin, k.conrelid), (SELECT a.attname::text \
    FROM pg_attribute AS a WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1] AND cardinality(k.conkey) = 1) \
    FROM pg_constraint AS k \
    WHERE k.contype = 'c' AND k.conrelid = ";

/// A row for each part of an index that serves no key.
const INDEXES: &str = "SELECT c.relname::text, i.indisunique::text, pg_get_expr(i.indpred, i.indrelid), a.attname::text, \
    pg_get_indexdef(i.indexrelid, p.place, false), (i.indoption[p.place - 1] & 1 = 1)::text \
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid \
    CROSS JOIN LATERAL generate_series(1, i.indnkeyatts::int) AS p(place) \
    LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[p.place - 1] \
    WHERE NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) \
    AND i.indrelid = ";

impl Catalog for PostgresCatalog {
    fn tables<'a>(&self, schema: Option<&'a str>) -> Result<Compiled<'a>> {
        relations(TABLES, schema)
    }

    fn index_names<'a>(&self, schema: Option<&'a str>) -> Result<Option<Compiled<'a>>> {
        relations(INDEX_NAMES, schema).map(Some)
    }

    fn home<'a>(&self, table: &'a str) -> Result<Option<Compiled<'a>>> {
        let mut w = SqlWriter::new(&Postgres);
        w.push(
            "SELECT coalesce((SELECT n.nspname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace ",
        );
        write_sql!(w, "WHERE c.oid = to_regclass(quote_ident(", name(&mut w, table), "))), current_schema())::text")?;
        w.finish(Verb::Select, None).map(Some)
    }

    fn questions<'a>(&self, table: &'a TableName) -> Result<Vec<Compiled<'a>>> {
        let ask = |before: &str, after: &str| {
            let mut w = SqlWriter::new(&Postgres);
            w.push(before).push("to_regclass(");
            if let Some(schema) = &table.schema {
                write_sql!(w, "quote_ident(", name(&mut w, schema), ") || '.' || ")?;
            }
            write_sql!(w, "quote_ident(", name(&mut w, &table.name), "))", after)?;
            w.finish(Verb::Select, None)
        };
        Ok(vec![
            ask(TABLE, "")?,
            ask(COLUMNS, " ORDER BY a.attnum")?,
            ask(KEYS, " ORDER BY k.oid, c.place")?,
            ask(CHECKS, " ORDER BY k.oid")?,
            ask(INDEXES, " ORDER BY i.indexrelid, p.place")?,
        ])
    }

    fn describe(&self, table: &TableName, answers: Vec<Answer>) -> Result<Option<TableInfo>> {
        let mut answers = answers.into_iter();
        let mut next = || answers.next().unwrap_or_default();
        let (tables, columns, keys, checks, indexes) = (next(), next(), next(), next(), next());
        let Some(row) = tables.into_iter().next() else { return Ok(None) };
        let mut row = AnswerRow::new(row);
        let mut info = TableInfo::new(TableName { schema: row.value(), name: table.name.clone() });
        info.comment = row.value();
        info.columns = columns.into_iter().map(|row| column(AnswerRow::new(row))).collect();
        read_keys(keys, &mut info)?;
        for row in checks {
            let mut row = AnswerRow::new(row);
            let (name, condition, about) = (row.text(), row.text(), row.value());
            // A column that was renamed has a check with its old name.
            let is_value_check = types::is_value_check(&name);
            let is_of_type = |column: &&mut ColumnInfo| is_value_check && about.as_ref() == Some(&column.name);
            match info.columns.iter_mut().find(is_of_type) {
                Some(column) => column.value_check = Some(condition),
                None => info.checks.push(CheckInfo::new(Some(name), condition)),
            }
        }
        for column in &mut info.columns {
            column.ty = native::column_type(column);
        }
        read_indexes(indexes, &mut info);
        Ok(Some(info))
    }

    fn column(&self, table: &'static Table, column: &'static ColumnDef) -> Result<NativeColumn> {
        let is_text = types::is_text(column.ty);
        Ok(NativeColumn {
            type_name: native::type_name(table, column)?,
            value_check: types::value_condition(column)?,
            collation: collation::name(column.collation).filter(|_| is_text).map(Into::into),
        })
    }

    /// The bytes of a text are shown in hexadecimal digits.
    fn default_form(&self, type_name: &str, sql: &str) -> String {
        let bytes = (type_name == "bytea").then(|| native::bytes(sql)).flatten();
        bytes.unwrap_or_else(|| self.normal_form(sql))
    }
}

/// The name of something, as a text to be compared with.
fn name<'a>(w: &mut SqlWriter<'a>, name: &'a str) -> Result<()> {
    w.bind(ValueRef::Text(name), ColumnType::TEXT, Typing::Cast)
}

/// The names of some kind of relation in a schema, or in the one where new ones go.
fn relations<'a>(select: &str, schema: Option<&'a str>) -> Result<Compiled<'a>> {
    let mut w = SqlWriter::new(&Postgres);
    w.push(select);
    match schema {
        Some(schema) => {
            write_sql!(w, "(SELECT n.oid FROM pg_namespace AS n WHERE n.nspname = ", name(&mut w, schema), ")")?;
        }
        None => {
            w.push("to_regnamespace(quote_ident(current_schema()))");
        }
    }
    w.push(" ORDER BY c.relname");
    w.finish(Verb::Select, None)
}

fn column(mut row: AnswerRow) -> ColumnInfo {
    let mut column = ColumnInfo::new(row.text(), row.text());
    column.nullable = !row.is_set();
    let default = row.value();
    let is_identity = row.is_set();
    let is_computed = row.is_set();
    // `serial` is an older way to number rows.
    let is_serial = default.as_ref().is_some_and(|sql| sql.starts_with("nextval("));
    column.auto = is_identity || is_serial;
    if is_computed {
        column.computed = default;
    } else if !is_serial {
        column.default = default;
    }
    column.collation = row.value();
    column.comment = row.value();
    column
}

fn read_keys(answer: Answer, info: &mut TableInfo) -> Result<()> {
    for row in answer {
        let mut row = AnswerRow::new(row);
        let (name, kind, column) = (row.text(), row.text(), row.text());
        match kind.as_str() {
            "p" => {
                let key = info.primary_key.get_or_insert(KeyInfo::new(Some(name), Vec::new()));
                key.columns.push(column);
            }
            "u" => match info.uniques.last_mut() {
                Some(key) if key.name.as_ref() == Some(&name) => key.columns.push(column),
                _ => info.uniques.push(KeyInfo::new(Some(name), vec![column])),
            },
            "f" => {
                let table = TableName { schema: row.value(), name: row.text() };
                let reference = row.text();
                let (on_delete, on_update) = (action(&row.text()), action(&row.text()));
                match info.foreign_keys.last_mut() {
                    Some(key) if key.name.as_ref() == Some(&name) => {
                        key.columns.push(column);
                        key.references.push(reference);
                    }
                    _ => {
                        let key = ForeignKeyInfo::new(Some(name), vec![column], table, vec![reference]);
                        info.foreign_keys.push(key.acting(on_delete, on_update));
                    }
                }
            }
            _ => return Err(Error::decode("a kind of key", "another letter").on(NAME)),
        }
    }
    Ok(())
}

fn read_indexes(answer: Answer, info: &mut TableInfo) {
    for row in answer {
        let mut row = AnswerRow::new(row);
        let (name, unique, filter, column) = (row.text(), row.is_set(), row.value(), row.value());
        let expr = row.value().filter(|_| column.is_none());
        let direction = if row.is_set() { Direction::Descending } else { Direction::Ascending };
        let part = IndexPartInfo::new(column, expr, direction);
        match info.indexes.last_mut() {
            Some(index) if index.name == name => index.parts.push(part),
            _ => {
                let mut index = IndexInfo::new(name, vec![part]);
                (index.unique, index.filter) = (unique, filter);
                info.indexes.push(index);
            }
        }
    }
}

/// NO ACTION and RESTRICT both refuse, the one at the end of the statement and the other at once.
fn action(letter: &str) -> Action {
    match letter {
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::Restrict,
    }
}

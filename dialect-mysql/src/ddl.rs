//! How MySQL and MariaDB spell tables.

use std::borrow::Cow;

use creole_core::dialect::Ddl;
use creole_core::inspect::normal::{Span, Strings, Token, normal_form, tokens};
use creole_core::schema::{Action, ColumnDef, ForeignKey, Generated, ServerDefault, Table};
use creole_core::sql::{Ident, SqlWriter, standard};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, Result, write_sql};

use crate::dialect::Flavor;
use crate::types::{self, key_bytes};

/// What the servers call every primary key.
pub(crate) const PRIMARY: &str = "PRIMARY";

/// A random UUID as hexadecimal digits. It is of version 4, which its third and fourth groups begin with.
const RANDOM_UUID: &str = "concat(hex(random_bytes(6)), '4', substr(hex(random_bytes(2)), 2), \
    substr('89AB', 1 + (ord(random_bytes(1)) & 3), 1), substr(hex(random_bytes(2)), 2), hex(random_bytes(6)))";

/// The clocks that are of whole seconds where no digits are asked for.
const CLOCKS: [&str; 9] = [
    "current_timestamp",
    "now",
    "localtime",
    "localtimestamp",
    "sysdate",
    "curtime",
    "current_time",
    "utc_timestamp",
    "utc_time",
];

/// How many bytes a key of InnoDB holds.
const LONGEST_KEY: u32 = 3_072;

impl Ddl for Flavor {
    fn column_type(&self, w: &mut SqlWriter<'_>, ty: ColumnType) -> Result<()> {
        self.write_type(w, ty)
    }

    fn collation(&self, w: &mut SqlWriter<'_>, column: &ColumnDef) -> Result<()> {
        self.write_collation(w, column);
        Ok(())
    }

    fn literal(&self, w: &mut SqlWriter<'_>, value: ValueRef<'_>, ty: ColumnType) -> Result<()> {
        self.write_literal(w, value, ty)
    }

    /// The table with its keys, checks and indexes. Indexes stand within it, because MySQL has no CREATE INDEX that leaves an
    /// index alone which is there.
    fn create_table(&self, w: &mut SqlWriter<'_>, table: &'static Table) -> Result<()> {
        self.check_features(table)?;
        check_keys(w, table)?;
        standard::open_table(w, table);
        standard::columns(w, table)?;
        w.push(",\n  ");
        standard::primary_key(w, table);
        standard::constraints(w, table)?;
        for column in table.columns {
            if let Some(condition) = types::value_condition(w.dialect(), column)? {
                let name = types::value_check_name(table.name, column.name);
                write_sql!(w, ",\n  CONSTRAINT ", Ident(&name), " CHECK (", &condition, ")")?;
            }
        }
        for index in table.indexes {
            w.push(if index.unique { ",\n  UNIQUE KEY " } else { ",\n  KEY " }).ident(&index.name(table)).push(" ");
            standard::index_parts(w, table, index)?;
        }
        w.push("\n) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ").push(self.binary_collation());
        comment(w, " COMMENT=", table.comment)
    }

    fn column_definition(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
    ) -> Result<()> {
        if column.generated == Generated::Auto {
            write_sql!(w, Ident(column.name), " ", self.column_type(w, column.ty), " NOT NULL AUTO_INCREMENT")?;
        } else {
            standard::column_definition(w, table, column)?;
        }
        comment(w, " COMMENT ", column.comment)
    }

    /// The time is in UTC, whatever the session's time zone.
    fn column_default(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
        default: ServerDefault,
    ) -> Result<()> {
        let sql = match (default, column.ty, self) {
            (ServerDefault::Now, ColumnType::Date, _) => "utc_date()",
            (ServerDefault::Now, ColumnType::Time, _) => "utc_time(6)",
            (ServerDefault::Now, _, _) => "utc_timestamp(6)",
            (ServerDefault::Uuid, _, Flavor::MySql) => {
                return write_sql!(w, "unhex(", RANDOM_UUID, ")");
            }
            (ServerDefault::Uuid, _, Flavor::MariaDb) => RANDOM_UUID,
            (ServerDefault::Sql(_) | ServerDefault::SqlOf(_), _, _) => {
                let sql = standard::default_sql(w.dialect(), table, column, default)?;
                self.check_clock(table, column, sql)?;
                sql
            }
            _ => return standard::column_default(w, table, column, default),
        };
        w.push(sql);
        Ok(())
    }

    /// The servers look for a table without a database in that of the referring table, not in the connection's, so there its
    /// name is written.
    fn referenced_table(&self, w: &mut SqlWriter<'_>, table: &'static Table, key: &ForeignKey) -> Result<()> {
        if table.schema.is_none() || (key.table)().schema.is_some() {
            standard::referenced_table(w, key);
            return Ok(());
        }
        let Some(home) = w.home().map(str::to_owned) else {
            let target = (key.table)();
            let what = format!("the foreign key {} of {table} to {target}, which names no schema,", key.name(table));
            let way_out = format!(
                "the server would look for {target} beside {table}: give its model a `schema`, or create the tables by \
                 `create_all`, which asks the connection"
            );
            return Err(Error::unsupported(self.name(), &what, &way_out).with_table(table.name));
        };
        w.ident(&home).push(".");
        standard::referenced_table(w, key);
        Ok(())
    }

    fn primary_key_name(&self, _table: &'static Table) -> Cow<'static, str> {
        Cow::Borrowed(PRIMARY)
    }
}

impl Flavor {
    /// Refuses clocks of whole seconds in columns of microseconds.
    fn check_clock(self, table: &'static Table, column: &'static ColumnDef, sql: &str) -> Result<()> {
        if !matches!(column.ty, ColumnType::Time | ColumnType::DateTime | ColumnType::Instant) {
            return Ok(());
        }
        // MariaDB makes this one, alone, as fine as its column.
        if self == Flavor::MariaDb && normal_form(sql, Strings::Backslash) == "(now)" {
            return Ok(());
        }
        let spans = tokens(sql, Strings::Backslash);
        let is_whole = |(index, span): (usize, &Span<'_>)| {
            let Token::Word(word) = span.token else { return false };
            let digits =
                spans.get(index + 1..index + 4).map(|next| next.iter().map(|span| &span.token).collect::<Vec<_>>());
            let is_fine = matches!(digits.as_deref(), Some([Token::Sign("("), Token::Number("6"), Token::Sign(")")]));
            !is_fine && CLOCKS.iter().any(|clock| word.eq_ignore_ascii_case(clock))
        };
        if !spans.iter().enumerate().any(is_whole) {
            return Ok(());
        }
        let backend = self.name();
        let what = format!("the default {sql} of {table}.{}, which is of whole seconds,", column.name);
        let way_out = format!(
            "write `server_default = now`, or the clock with its digits, now(6), in an SQL for this database: \
             `server_default({backend} = \"…\", …)`"
        );
        Err(Error::unsupported(backend, &what, &way_out).with_table(table.name).with_columns([column.name]))
    }

    /// Refuses what an index or a key can't be on these servers.
    fn check_features(self, table: &'static Table) -> Result<()> {
        let backend = self.name();
        for index in table.indexes {
            let name = index.name(table);
            if index.filter.is_some() {
                let what = format!("the index {name} of {table}, which holds only some of the rows,");
                let way_out = "index all rows; for a unique index, a column that is NULL in the other rows";
                return Err(Error::unsupported(backend, &what, way_out).with_table(table.name));
            }
            let has_expression = index.parts.iter().any(|part| part.column_place().is_none());
            if has_expression && self == Flavor::MariaDb {
                let what = format!("the index {name} of {table}, which is over an expression,");
                let way_out = "add a column with the value, filled in by the program or GENERATED ALWAYS AS (…) in a migration, index it and filter by it";
                return Err(Error::unsupported(backend, &what, way_out).with_table(table.name));
            }
        }
        for key in table.foreign_keys {
            if [key.on_delete, key.on_update].contains(&Action::SetDefault) {
                let what = format!("SET DEFAULT of the foreign key {}", key.name(table));
                let way_out = "the servers take it and then refuse the change: use set_null, or restrict";
                return Err(Error::unsupported(backend, &what, way_out).with_table(table.name));
            }
            check_changed_labels(backend, table, key)?;
        }
        Ok(())
    }
}

/// A comment, if there is one, with the words before it.
fn comment(w: &mut SqlWriter<'_>, clause: &str, comment: Option<&'static str>) -> Result<()> {
    let Some(comment) = comment else { return Ok(()) };
    // The catalogue's own text is of three bytes per character, and the servers would keep a question mark.
    if let Some(large) = comment.chars().find(|character| character.len_utf8() > 3) {
        let what = format!("the character {large:?} in a comment");
        return Err(Error::unsupported(
            w.dialect().name(),
            &what,
            "comments hold characters up to U+FFFF: leave it out",
        ));
    }
    w.push(clause);
    w.ddl().literal(w, ValueRef::Text(comment), ColumnType::TEXT)
}

/// A column that a foreign key changes can't be part of a check, and the labels of an enum are one.
fn check_changed_labels(backend: &'static str, table: &'static Table, key: &ForeignKey) -> Result<()> {
    let is_changed = key.on_update != Action::Restrict || key.on_delete == Action::SetNull;
    let labels = |column: &&ColumnDef| matches!(column.ty, ColumnType::Enum(_)) && column.ty.native_enum().is_none();
    let column = key.columns.iter().filter_map(|&index| table.column(index)).find(labels);
    let Some(column) = column.filter(|_| is_changed) else { return Ok(()) };
    let what = format!("the foreign key {}, which changes the enum {},", key.name(table), column.name);
    let way_out = "use restrict, or for what is deleted cascade; or make the enum `native`";
    Err(Error::unsupported(backend, &what, way_out).with_table(table.name).with_columns([column.name]))
}

fn check_keys(w: &SqlWriter<'_>, table: &'static Table) -> Result<()> {
    let backend = w.dialect().name();
    check_key(backend, table, &table.primary_key_name(), table.primary_key)?;
    for key in table.uniques {
        check_key(backend, table, &key.name(table), key.columns)?;
    }
    for index in table.indexes {
        check_key(backend, table, &index.name(table), &index.columns())?;
    }
    for key in table.foreign_keys {
        check_key(backend, table, &key.name(table), key.columns)?;
    }
    check_auto(backend, table)
}

fn check_key(backend: &'static str, table: &'static Table, key: &str, columns: &[u16]) -> Result<()> {
    let mut bytes = 0_u32;
    for column in columns.iter().filter_map(|&index| table.column(index)) {
        let Some(more) = key_bytes(column.ty) else {
            let what = format!("the column {} of {table}, of type {}, in the key {key}", column.name, column.ty);
            let way_out = match column.ty {
                ColumnType::Json => "index a value taken out of the document",
                _ => "give it a length with `#[model(length = n)]`, at most 768 for text",
            };
            return Err(Error::unsupported(backend, &what, way_out).with_table(table.name).with_columns([column.name]));
        };
        bytes = bytes.saturating_add(more);
    }
    if bytes <= LONGEST_KEY {
        return Ok(());
    }
    let what = format!("the key {key} of {table}, with up to {bytes} bytes");
    let way_out = "keys hold 3072 bytes, and a character takes four: shorten a column with `#[model(length = n)]`";
    Err(Error::unsupported(backend, &what, way_out).with_table(table.name).with_columns(table.column_names(columns)))
}

/// A column is numbered by the largest number there is, which takes a key that begins with it.
fn check_auto(backend: &'static str, table: &'static Table) -> Result<()> {
    let begins_with = |columns: &[u16], auto| columns.first() == Some(&auto);
    for (index, column) in (0_u16..).zip(table.columns) {
        if column.generated != Generated::Auto {
            continue;
        }
        let is_key = begins_with(table.primary_key, index)
            || table.uniques.iter().any(|key| begins_with(key.columns, index))
            || table.indexes.iter().any(|other| begins_with(&other.columns(), index));
        if !is_key {
            let what = format!("the automatic column {} of {table} without a key that begins with it", column.name);
            let way_out = "put it first in the primary key, or index it";
            return Err(Error::unsupported(backend, &what, way_out).with_table(table.name).with_columns([column.name]));
        }
    }
    Ok(())
}

//! DEFAULT clauses, in the form in which creole keeps values: SQLite does not make it of another one.

use creole_core::inspect::normal::{Strings, Token, tokens};
use creole_core::schema::{ColumnDef, ServerDefault, Table};
use creole_core::sql::{SqlWriter, standard};
use creole_core::types::ColumnType;
use creole_core::{Error, Result, write_sql};

use crate::dialect::NAME;
use crate::storage::StoredForm;
use crate::text;

/// A random UUID as hexadecimal digits, group by group. It is of version 4, which its third and fourth groups begin with.
const UUID: [&str; 5] = [
    "hex(randomblob(4))",
    "hex(randomblob(2))",
    "'4' || substr(hex(randomblob(2)), 2)",
    "substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2)",
    "hex(randomblob(6))",
];

/// Writes what a DEFAULT clause says.
pub(crate) fn column_default(
    w: &mut SqlWriter<'_>,
    table: &'static Table,
    column: &'static ColumnDef,
    default: ServerDefault,
) -> Result<()> {
    match default {
        ServerDefault::Now => write_sql!(w, "strftime('", now(column.ty), "', 'now')"),
        ServerDefault::Uuid if StoredForm::of(column) == Some(StoredForm::Text) => {
            write_sql!(w, "lower(", &UUID.join(" || '-' || "), ")")
        }
        ServerDefault::Uuid => write_sql!(w, "unhex(", &UUID.join(" || "), ")"),
        ServerDefault::Sql(_) | ServerDefault::SqlOf(_) => {
            let sql = standard::default_sql(w.dialect(), table, column, default)?;
            check_time(table, column, sql)?;
            w.write(sql)
        }
        _ => standard::column_default(w, table, column, default),
    }
}

/// The form of a time in UTC, to the millisecond, which is as fine as SQLite's clock is.
fn now(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Date => "%Y-%m-%d",
        ColumnType::Time => "%H:%M:%f000",
        ColumnType::DateTime => "%Y-%m-%dT%H:%M:%f000",
        _ => "%Y-%m-%dT%H:%M:%f000Z",
    }
}

/// Refuses SQL that would fill a column of times with texts of another form than creole's: they would be compared as other
/// texts. `strftime` takes its form from the program.
fn check_time(table: &'static Table, column: &'static ColumnDef, sql: &str) -> Result<()> {
    if !matches!(column.ty, ColumnType::Date | ColumnType::Time | ColumnType::DateTime | ColumnType::Instant) {
        return Ok(());
    }
    let spans = tokens(sql, Strings::Doubled);
    let mut words = spans.iter().map(|span| &span.token).filter(|token| !matches!(token, Token::Sign("(" | ")")));
    let is_word = |token: &Token<'_>, name: &str| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(name));
    let is_date = column.ty == ColumnType::Date;
    let is_right = match (words.next(), words.next()) {
        (Some(Token::Text(text)), None) => text::is_kept_form(text, column.ty),
        (Some(word), None) => is_word(word, "null") || (is_date && is_word(word, "current_date")),
        (Some(word), Some(_)) if is_date && is_word(word, "date") => true,
        _ => spans.iter().any(|span| is_word(&span.token, "strftime")),
    };
    if is_right {
        return Ok(());
    }
    let feature = format!("the default {sql} of {table}.{}, whose text is of another form than creole's,", column.name);
    let way_out = "write `server_default = now`, or give SQLite an SQL of its own with `strftime`: \
                   `server_default(sqlite = \"…\", …)`";
    Err(Error::unsupported(NAME, &feature, way_out).with_table(table.name).with_columns([column.name]))
}

//! What an error says of a statement and its table that the server did not.

use std::borrow::Cow;
use std::sync::Arc;

use super::Dialect;
use crate::error::{BrokenReference, Error, ErrorKind, Inner, Names, OUT_OF_NUMBERS};
use crate::schema::{Generated, Table};
use crate::sql::{BindSource, Compiled, Selected, SqlWriter, Verb, raw_text};
use crate::types::ValueRef;

impl Error {
    /// Fills in what the server did not say of this statement, and takes back what may not be about it.
    pub(crate) fn of(self, statement: &Compiled<'_>, dialect: &dyn Dialect) -> Error {
        let mut error = self.check_names(statement, dialect).find_column(statement);
        if let Some(table) = statement.table {
            error = error.about(table, statement, dialect).numbered(table, statement, dialect);
        }
        let inner = &mut *error.0;
        if inner.kind == ErrorKind::Other && is_definition(statement) {
            inner.words = inner.server_message.as_deref().and_then(|said| said.lines().next()).map(str::to_owned);
        }
        inner.words = inner.words.take().filter(|words| quotes_only(words, &statement.sql));
        inner.statement = Some(Arc::clone(&statement.sql));
        error
    }

    /// The same for a statement of DDL, which has no values.
    pub(crate) fn of_ddl(mut self, sql: &str) -> Error {
        self.0.statement = Some(sql.into());
        self
    }

    /// Where a row that was inserted refers to number 0 of a key that the database numbers: says that its parent has none yet.
    pub(crate) fn unnumbered(self, table: &'static Table, rows: usize, source: &dyn BindSource) -> Error {
        if self.0.reference != Some(BrokenReference::Missing) || self.0.table.as_deref() != Some(table.name) {
            return self;
        }
        for key in table.foreign_keys {
            let ([column], [referred]) = (key.columns, key.references) else { continue };
            let target = (key.table)();
            let is_numbered =
                target.column(*referred).is_some_and(|referred| matches!(referred.generated, Generated::Auto));
            let is_zero = |row| matches!(source.value(row, *column), ValueRef::I64(0) | ValueRef::U64(0));
            if let (true, true, Some(column)) = (is_numbered, (0..rows).any(is_zero), table.column(*column)) {
                let message = format!(
                    "{} is 0, and no row of {} has that number: one that was added has its number after a flush, so flush \
                     the parent first and take its key then",
                    column.name, target.name
                );
                return self.into_kind(ErrorKind::ForeignKeyViolation, message).with_columns([column.name]);
            }
        }
        self
    }

    /// Tells apart the end of a key's numbers: where the database gave out a number that the key has no room for, it reports what
    /// it would of a number of the program's own.
    fn numbered(self, table: &'static Table, statement: &Compiled<'_>, dialect: &dyn Dialect) -> Error {
        let ([key], Verb::Insert | Verb::Upsert) = (table.primary_key, statement.verb) else { return self };
        let Some(key) = table.column(*key).filter(|key| matches!(key.generated, Generated::Auto)) else { return self };
        if self.message() == OUT_OF_NUMBERS {
            return self.with_table(table.name).with_columns([key.name]);
        }
        let inner = &*self.0;
        let is_about_key = inner.table.as_deref() == Some(table.name) && inner.columns == [key.name];
        let is_largest =
            |said: &str| key.ty.integer_range().is_some_and(|(_, most)| said.contains(&format!("'{most}'")));
        let is_end = match inner.kind {
            ErrorKind::InvalidValue => is_about_key,
            // MySQL gives the largest number out again.
            ErrorKind::UniqueViolation => is_about_key && inner.server_message.as_deref().is_some_and(is_largest),
            _ => false,
        };
        let mut name = SqlWriter::for_ddl(dialect);
        name.ident(key.name);
        let columns = statement.sql.split_once(')').map_or("", |(columns, _)| columns);
        if !is_end || columns.contains(name.text()) {
            return self;
        }
        self.into_kind(ErrorKind::Limit, OUT_OF_NUMBERS)
    }

    /// Holds names that may be parts of a value, or not cut rightly, against what is known.
    fn check_names(mut self, statement: &Compiled<'_>, dialect: &dyn Dialect) -> Error {
        let inner = &mut *self.0;
        if inner.names == Names::Sure {
            return self;
        }
        if let Some(table) = statement.table {
            inner.cut_names(table);
        }
        let is_in_text = inner.kind == ErrorKind::UndefinedColumn;
        if is_in_text {
            inner.cut_column(&statement.sql, dialect);
        }
        inner.columns.retain(|name| {
            let is_column = statement.table.is_some_and(|table| table.columns.iter().any(|column| column.name == name));
            is_column || (is_in_text && statement.sql.contains(&**name))
        });
        self
    }

    /// Names the column that could not be read as the model does: a result has names of columns, and not of their tables. What
    /// a server calls something computed is the name of nothing.
    fn find_column(mut self, statement: &Compiled<'_>) -> Error {
        let inner = &mut *self.0;
        let Some(position) = inner.position else { return self };
        match statement.selected_at(position) {
            Some(Selected::Column(table, column)) => {
                inner.table = Some(table.name.into());
                inner.columns = vec![column.name.into()];
            }
            Some(Selected::Label(label)) => {
                inner.columns = vec![label.into()];
                inner.refuse_computed();
            }
            Some(Selected::Computed) => {
                inner.refuse_computed();
                inner.columns.clear();
                inner.message = format!("{} in column {} of the result", inner.message, position + 1).into();
            }
            None => {}
        }
        self
    }

    /// Fills in, from the model's own metadata, what the server did not say of a statement on `table`.
    fn about(mut self, table: &'static Table, statement: &Compiled<'_>, dialect: &dyn Dialect) -> Error {
        let verb = statement.verb;
        let inner = &mut *self.0;
        if inner.kind == ErrorKind::ForeignKeyViolation && inner.reference.is_none() {
            inner.reference = broken_reference(inner.table.as_deref(), table, statement, dialect);
            if let Some(reference) = inner.reference {
                inner.message = reference.description().into();
            }
        }
        // The table with the foreign key: another one where the row is still referred to, and perhaps where nobody knows.
        let is_elsewhere =
            inner.kind == ErrorKind::ForeignKeyViolation && inner.reference != Some(BrokenReference::Missing);
        // A SELECT that reads several tables may compute from all of them.
        let is_unknown = inner.kind == ErrorKind::Decode && verb == Verb::Select && !statement.is_of_one_table;
        if inner.table.is_none() && inner.kind.concerns_a_table() && !is_elsewhere && !is_unknown {
            inner.table = Some(table.name.into());
        }
        if inner.table.as_deref() != Some(table.name) {
            return self;
        }
        let found = match inner.kind {
            ErrorKind::UniqueViolation => {
                let primary = dialect.ddl().primary_key_name(table);
                table.unique_key(&primary, inner.constraint.as_deref(), &inner.columns)
            }
            // Without a name it may as well be a foreign key that refers to this table, but not where a row is new.
            ErrorKind::ForeignKeyViolation
                if inner.constraint.is_some() || matches!(verb, Verb::Insert | Verb::Upsert) =>
            {
                table.foreign_key(inner.constraint.as_deref())
            }
            _ => None,
        };
        if let Some((name, columns)) = found {
            // The model's name for it, also where the database calls every primary key alike.
            inner.constraint = Some(name);
            if inner.columns.is_empty() {
                inner.columns = columns.into_iter().map(Cow::Borrowed).collect();
            }
        }
        if inner.kind == ErrorKind::UndefinedColumn && inner.columns.is_empty() {
            let message = inner.server_message.as_deref().unwrap_or_default();
            inner.columns.extend(only_column_in(message, table).map(Cow::Borrowed));
        }
        self
    }
}

impl Inner {
    /// A value for which there is no room does not fit, whether the database has none for it or the program: so servers that compute
    /// with more digits say the same as one that does not.
    fn refuse_computed(&mut self) {
        if self.exceeds && self.kind == ErrorKind::Decode {
            self.kind = ErrorKind::InvalidValue;
        }
    }

    /// A message that puts a point between a table and a constraint, or between a schema and a table, does not say which of
    /// several points it is: the name of the statement's table does.
    fn cut_names(&mut self, table: &'static Table) {
        let Some(found) = self.table.as_deref().filter(|found| *found != table.name) else { return };
        match &self.constraint {
            Some(constraint) => {
                let whole = format!("{found}.{constraint}");
                let rest = whole.strip_prefix(table.name).and_then(|rest| rest.strip_prefix('.'));
                if let Some(rest) = rest {
                    self.constraint = Some(rest.to_owned().into());
                    self.table = Some(table.name.into());
                }
            }
            None => {
                if found.strip_suffix(table.name).is_some_and(|before| before.ends_with('.')) {
                    self.table = Some(table.name.into());
                }
            }
        }
    }
}

impl Inner {
    /// A message that puts a point between a table and a column does not say which of several points it is: the text of the
    /// statement does, where the column's name stands in quotes.
    fn cut_column(&mut self, sql: &str, dialect: &dyn Dialect) {
        let Some(column) = self.columns.first() else { return };
        let whole = match &self.table {
            Some(table) => format!("{table}.{column}"),
            None => column.clone().into_owned(),
        };
        let is_quoted = |name: &str| {
            let mut quoted = SqlWriter::for_ddl(dialect);
            quoted.ident(name);
            sql.contains(quoted.text())
        };
        let points = || whole.match_indices('.').map(|(point, _)| point);
        let mut starts = std::iter::once(0).chain(points().map(|point| point + 1));
        let found = starts.find(|&start| whole.get(start..).is_some_and(is_quoted));
        let Some(start) = found.or_else(|| points().next_back().map(|point| point + 1)) else { return };
        let (before, column) = whole.split_at(start);
        if self.table.is_some() {
            self.table = before.strip_suffix('.').map(|table| table.to_owned().into());
        }
        self.columns = vec![column.to_owned().into()];
    }
}

/// Whether it defines something and has no values, so that no error of it is about one.
fn is_definition(statement: &Compiled<'_>) -> bool {
    let defines = |words: &Vec<String>| {
        matches!(words.first().map(String::as_str), Some("CREATE" | "ALTER" | "DROP" | "RENAME" | "TRUNCATE"))
    };
    statement.verb == Verb::Other
        && statement.binds.is_empty()
        && raw_text::first_words(&statement.sql, 1).iter().all(defines)
}

/// How a statement violated a foreign key, as far as what it does says it.
fn broken_reference(
    named: Option<&str>,
    table: &'static Table,
    statement: &Compiled<'_>,
    dialect: &dyn Dialect,
) -> Option<BrokenReference> {
    match statement.verb {
        Verb::Insert => Some(BrokenReference::Missing),
        Verb::Delete => Some(BrokenReference::StillReferredTo),
        _ if named.is_some_and(|named| named != table.name) => Some(BrokenReference::StillReferredTo),
        Verb::Update => broken_by_update(table, &statement.sql, dialect),
        _ => None,
    }
}

/// An UPDATE that writes no column of a foreign key breaks one that refers to the row, and one that writes no column of a key
/// breaks one of the row's own.
fn broken_by_update(table: &'static Table, sql: &str, dialect: &dyn Dialect) -> Option<BrokenReference> {
    let (_, assignments) = sql.split_once(" SET ")?;
    let assignments = assignments.split_once(" WHERE ").map_or(assignments, |(before, _)| before);
    let may_write = |columns: &[u16]| {
        columns.iter().filter_map(|column| table.column(*column)).any(|column| {
            let mut name = SqlWriter::for_ddl(dialect);
            name.ident(column.name);
            assignments.contains(name.text())
        })
    };
    let refers = table.foreign_keys.iter().any(|key| may_write(key.columns));
    let is_referred_to = may_write(table.primary_key) || table.uniques.iter().any(|key| may_write(key.columns));
    match (refers, is_referred_to) {
        (true, false) => Some(BrokenReference::Missing),
        (false, _) => Some(BrokenReference::StillReferredTo),
        (true, true) => None,
    }
}

/// Whether all that a server's message quotes stands in the statement's text, or is a part of a statement.
fn quotes_only(message: &str, sql: &str) -> bool {
    const PARTS: [&str; 4] = ["clause", "list", "statement", "function"];
    let plain = |text: &str| text.replace(['"', '`', '\'', ' ', '\n', '\r', '\t'], "").to_lowercase();
    let sql = plain(sql);
    let stands_there = |quoted: &str| {
        let whole = plain(quoted);
        // A server may put the schema before a name.
        let last = whole.rsplit('.').next().unwrap_or_default();
        sql.contains(&whole) || sql.contains(last) || PARTS.iter().any(|part| quoted.ends_with(part))
    };
    let quotes = ['"', '\'', '`'];
    // An apostrophe is no quote; in the text there are none either, as they are compared.
    let message = message.replace("n't", "nt");
    match (message.find(quotes), message.rfind(quotes)) {
        (Some(first), Some(last)) if first < last => {
            let all = message.get(first..last).unwrap_or_default();
            sql.contains(&plain(all)) || message.split(quotes).skip(1).step_by(2).all(stands_there)
        }
        // `no such column: name`
        _ => message.rsplit_once(": ").is_none_or(|(_, named)| stands_there(named)),
    }
}

/// The column of `table` that a server's message speaks of, in whatever language it is, where it is only one. Names that are
/// parts of a longer one are not spoken of.
fn only_column_in(message: &str, table: &'static Table) -> Option<&'static str> {
    let spoken_of = table.columns.iter().map(|column| column.name).filter(|name| {
        let is_apart = |sign: Option<char>| sign.is_none_or(|sign| !sign.is_alphanumeric() && sign != '_');
        message.match_indices(name).any(|(at, _)| {
            let (before, rest) = message.split_at(at);
            is_apart(before.chars().next_back()) && is_apart(rest.chars().nth(name.chars().count()))
        })
    });
    let spoken_of: Vec<_> = spoken_of.collect();
    let longest = spoken_of.iter().max_by_key(|name| name.len())?;
    spoken_of.iter().all(|name| longest.contains(name)).then_some(*longest)
}

#[cfg(test)]
mod tests {
    use super::quotes_only;

    #[test]
    fn words_that_quote_what_is_not_in_the_text_are_found() {
        for (message, sql) in [
            ("syntax error at or near \"frm\"", "select 1 frm a"),
            ("near \"frm\": syntax error", "select 1 frm a"),
            ("You have an error; check it near 'frm a where b = 'c'' at line 1", "select 1 frm a where b = 'c'"),
            ("Unknown column 'b.c' in 'where clause'", "select 1 from a where `b`.`c` = ?"),
            ("Table 'db.a' doesn't exist", "select * from a"),
            ("no such column: b.c", "select \"b\".\"c\""),
            ("wrong number of arguments to function lower()", "select lower(1, 2)"),
            ("FOR UPDATE is not allowed with DISTINCT clause", "select distinct 1 for update"),
        ] {
            assert!(quotes_only(message, sql), "{message}");
        }
        for (message, sql) in [
            ("syntax error at or near \"secret\"", "select f($1)"),
            ("no such column: secret", "select 1 from docs where docs match ?1"),
            ("You have an error; check it near 'secret'' at line 1", "call f(?)"),
        ] {
            assert!(!quotes_only(message, sql), "{message}");
        }
    }
}

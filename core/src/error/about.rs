//! What an error says of a table that the server did not.

use std::borrow::Cow;

use super::{Error, ErrorKind};
use crate::dialect::Dialect;
use crate::schema::Table;
use crate::sql::Verb;

impl Error {
    /// Fills in, from the model's own metadata, what the server did not say of a statement on `table`.
    pub(crate) fn about(mut self, table: &'static Table, verb: Verb, dialect: &dyn Dialect) -> Error {
        let inner = &mut *self.0;
        if inner.table.is_none() && inner.kind.concerns_a_table() {
            inner.table = Some(table.name.into());
        }
        if inner.table.as_deref() != Some(table.name) {
            return self;
        }
        let found = match inner.kind {
            ErrorKind::UniqueViolation => {
                let primary = dialect.primary_key_name(table);
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

/// The column of `table` that a server's message speaks of, in whatever language it is, where it is only one.
fn only_column_in(message: &str, table: &'static Table) -> Option<&'static str> {
    let mut spoken_of = table.columns.iter().map(|column| column.name).filter(|name| {
        let is_apart = |sign: Option<char>| sign.is_none_or(|sign| !sign.is_alphanumeric() && sign != '_');
        message.match_indices(name).any(|(place, _)| {
            let (before, rest) = message.split_at(place);
            is_apart(before.chars().next_back()) && is_apart(rest.chars().nth(name.chars().count()))
        })
    });
    spoken_of.next().filter(|_| spoken_of.next().is_none())
}

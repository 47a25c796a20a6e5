//! [`Compiled`]: what rendering makes of a statement.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::binds::Binds;
use crate::error::{Error, ErrorKind};
use crate::schema::{ColumnDef, Table};
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::tree::{Item, TableRef};

/// A statement ready to be sent: its text and its values.
#[non_exhaustive]
pub struct Compiled<'a> {
    /// The SQL text, with the dialect's placeholders; shared, because some texts are kept and drivers keep theirs too.
    pub sql: Arc<str>,
    /// The values, in the order of the placeholders.
    pub binds: Binds<'a>,
    /// The table it is about, for naming things in errors.
    pub table: Option<&'static Table>,
    /// Whether its rows are of that table alone.
    pub is_of_one_table: bool,
    /// What it does.
    pub verb: Verb,
    /// Whether the program wrote a part of the text, or called a function that creole does not know.
    pub own_text: bool,
    /// Whether it reads on where an earlier statement ended, as a page after another does.
    pub goes_on: bool,
    /// The tables whose rows it locks while it reads them; empty where it locks none.
    pub locks: Vec<&'static Table>,
    /// How long it may run; without a limit where it is `None`.
    pub timeout: Option<Duration>,
    /// The long values that are written to columns: the position of each in `binds`, and its column.
    pub long: Vec<(usize, &'static ColumnDef)>,
    /// What the columns of its rows are, from the first one on, for naming those that can't be read; empty where nobody knows.
    pub items: &'a [Item],
    /// Whether it has NULL where a tenant belongs, because it was compiled only to be looked at.
    pub(crate) is_shown: bool,
}

/// What a column of a statement's rows is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Selected {
    /// A model's column.
    Column(&'static Table, &'static ColumnDef),
    /// Something computed under this name.
    Label(&'static str),
    /// Something computed without a name of the program's own.
    Computed,
}

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verb {
    /// It reads.
    Select,
    /// It adds rows.
    Insert,
    /// It adds rows, or changes those that have the same key.
    Upsert,
    /// It changes rows.
    Update,
    /// It takes rows away.
    Delete,
    /// Something else, or nobody knows.
    Other,
}

impl Verb {
    /// Whether it is known to change rows.
    pub(crate) fn writes(self) -> bool {
        matches!(self, Verb::Insert | Verb::Upsert | Verb::Update | Verb::Delete)
    }
}

impl<'a> Compiled<'a> {
    /// A text that was not rendered from the tree, with its values.
    pub fn from_text(sql: impl Into<Arc<str>>, binds: impl Into<Binds<'a>>) -> Compiled<'a> {
        Compiled {
            sql: sql.into(),
            binds: binds.into(),
            table: None,
            is_of_one_table: false,
            verb: Verb::Other,
            own_text: false,
            goes_on: false,
            locks: Vec::new(),
            timeout: None,
            long: Vec::new(),
            items: &[],
            is_shown: false,
        }
    }

    /// What stands at this position of its rows. `None` where nobody knows.
    pub(crate) fn selected_at(&self, position: usize) -> Option<Selected> {
        let mut first = 0;
        for item in self.items {
            match item {
                Item::Table(TableRef { table, .. }) => {
                    if let Some(column) = table.columns.get(position - first) {
                        return Some(Selected::Column(table, column));
                    }
                    first += table.columns.len();
                }
                Item::Expr(expr) | Item::Labelled(expr, _) => {
                    if position == first {
                        return Some(item.selected(expr));
                    }
                    first += 1;
                }
            }
        }
        None
    }

    /// The error of a statement that is larger than what the server takes at once, `most` bytes by its setting. `bind` is the
    /// position of the value with which it became so, where it was a value.
    pub fn too_large(&self, backend: &'static str, bind: Option<usize>, most: usize, setting: &str) -> Error {
        let column = self.long.iter().find(|(position, _)| Some(*position) == bind).map(|(_, column)| column.name);
        let what = match (column, bind) {
            (Some(column), _) => format!("the value of {column} is too large"),
            (None, Some(_)) => "the values of the statement are too large".to_owned(),
            (None, None) => "the text of the statement is too large".to_owned(),
        };
        let message = format!("{what}: the server takes at most {most} bytes at once ({setting})");
        let error = Error::new(ErrorKind::Limit, message).on(backend).with_columns(column);
        match self.table {
            Some(table) => error.with_table(table.name),
            None => error,
        }
    }

    /// The same, with a copy of what it borrows. What its columns are is left out: it is told of rows where they are read.
    pub fn to_owned(&self) -> Compiled<'static> {
        Compiled {
            sql: Arc::clone(&self.sql),
            binds: self.binds.to_owned(),
            locks: self.locks.clone(),
            long: self.long.clone(),
            items: &[],
            ..*self
        }
    }

    /// The same, which may run for so long.
    pub fn within(mut self, timeout: Option<Duration>) -> Compiled<'a> {
        self.timeout = timeout;
        self
    }
}

impl Item {
    fn selected(&self, expr: &Expr) -> Selected {
        if let Expr::Column(ColumnRef { table: TableRef { table, .. }, index }) = expr
            && let Some(column) = table.column(*index)
        {
            return Selected::Column(table, column);
        }
        match self {
            Item::Labelled(_, label) => Selected::Label(label),
            _ => Selected::Computed,
        }
    }
}

/// Shows the text and the types, never the values.
impl fmt::Debug for Compiled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let types: Vec<String> = self.binds.types().map(|ty| ty.to_string()).collect();
        f.debug_struct("Compiled").field("sql", &self.sql).field("binds", &types).finish()
    }
}

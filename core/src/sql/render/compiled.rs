//! [`Compiled`]: what rendering makes of a statement.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{ColumnDef, Table};
use crate::sql::check::check_type;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::tree::{Item, TableRef};
use crate::types::{ColumnType, ValueRef, check_kept};

/// From how many bytes on the column of a value is noted: servers take far more.
const LONG: usize = 1 << 14;

/// A statement ready to be sent: its text and its values.
pub struct Compiled<'a> {
    /// The SQL text, with the dialect's placeholders; shared, because some texts are kept and drivers keep theirs too.
    pub sql: Arc<str>,
    /// The values, in the order of the placeholders.
    pub binds: Vec<Bind<'a>>,
    /// The table it is about, for naming things in errors.
    pub table: Option<&'static Table>,
    /// Whether its rows are of that table alone.
    pub is_of_one_table: bool,
    /// What it does.
    pub verb: Verb,
    /// Whether the program wrote a part of the text, or called a function that creole does not know.
    pub own_text: bool,
    /// The tables whose rows it locks while it reads them; empty where it locks none.
    pub locks: Vec<&'static Table>,
    /// How long it may run; as long as it likes where there is nothing.
    pub timeout: Option<Duration>,
    /// The long values that are written to columns: the position of each in `binds`, and its column.
    pub long: Vec<(usize, &'static ColumnDef)>,
    /// What the columns of its rows are, from the first one on, for naming those that can't be read; empty where nobody knows.
    pub items: &'a [Item],
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

/// A value with the type it is sent as.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bind<'a> {
    /// The value; NULL has a type too.
    pub value: ValueRef<'a>,
    /// The type. The statement's text determines it: the same text always has binds of the same types.
    pub ty: ColumnType,
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
    pub fn from_text(sql: impl Into<Arc<str>>, binds: Vec<Bind<'a>>) -> Compiled<'a> {
        Compiled {
            sql: sql.into(),
            binds,
            table: None,
            is_of_one_table: false,
            verb: Verb::Other,
            own_text: false,
            locks: Vec::new(),
            timeout: None,
            long: Vec::new(),
            items: &[],
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

impl<'a> Bind<'a> {
    /// Whether the value may be one that no server takes; what a document's text comes to is not known before it is sent.
    #[inline]
    pub(in crate::sql) fn is_long(&self) -> bool {
        match self.value {
            ValueRef::Text(text) => text.len() >= LONG,
            ValueRef::Bytes(bytes) | ValueRef::Other { bytes, .. } => bytes.len() >= LONG,
            ValueRef::Json(_) | ValueRef::Display(_) | ValueRef::Array(_) | ValueRef::List(_) => true,
            ValueRef::Null
            | ValueRef::Bool(_)
            | ValueRef::I64(_)
            | ValueRef::U64(_)
            | ValueRef::F64(_)
            | ValueRef::Decimal(_)
            | ValueRef::Uuid(_)
            | ValueRef::Date(_)
            | ValueRef::Time(_)
            | ValueRef::DateTime(_)
            | ValueRef::Instant(_)
            | ValueRef::Cut(_)
            | ValueRef::Invalid(_) => false,
        }
    }

    /// A value that is compared with something of this type.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidValue`] where no backend could take the value; [`ErrorKind::Unsupported`] where this one has no
    /// such type.
    pub(crate) fn compared(dialect: &dyn Dialect, value: ValueRef<'a>, ty: ColumnType) -> Result<Bind<'a>> {
        let value = value.kept();
        check_compared(value)?;
        check_type(dialect, ty)?;
        Ok(Bind { value, ty })
    }
}

/// Refuses a value that no backend could take.
pub(super) fn check_compared(value: ValueRef<'_>) -> Result<()> {
    check_kept(value).map_err(|reason| Error::new(ErrorKind::InvalidValue, reason))
}

/// Shows the text and the types, never the values.
impl fmt::Debug for Compiled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let types: Vec<String> = self.binds.iter().map(|bind| bind.ty.to_string()).collect();
        f.debug_struct("Compiled").field("sql", &self.sql).field("binds", &types).finish()
    }
}

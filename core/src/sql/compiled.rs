//! [`Compiled`]: what rendering makes of a statement.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::stored::check_type;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Table;
use crate::types::{ColumnType, ValueRef, check_kept};

/// A statement ready to be sent: its text and its values.
pub struct Compiled<'a> {
    /// The SQL text, with the dialect's placeholders; shared, because some texts are kept and drivers keep theirs too.
    pub sql: Arc<str>,
    /// The values, in the order of the placeholders.
    pub binds: Vec<Bind<'a>>,
    /// The table it is about, for naming things in errors.
    pub table: Option<&'static Table>,
    /// What it does.
    pub verb: Verb,
    /// The tables whose rows it locks while it reads them; empty where it locks none.
    pub locks: Vec<&'static Table>,
    /// How long it may run; as long as it likes where there is nothing.
    pub timeout: Option<Duration>,
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
        Compiled { sql: sql.into(), binds, table: None, verb: Verb::Other, locks: Vec::new(), timeout: None }
    }

    /// The same, which may run for so long.
    pub fn within(mut self, timeout: Option<Duration>) -> Compiled<'a> {
        self.timeout = timeout;
        self
    }
}

impl<'a> Bind<'a> {
    /// A value that is compared with something of this type.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidValue`] where no backend could take the value; [`ErrorKind::Unsupported`] where this one has no
    /// such type.
    pub(crate) fn compared(dialect: &dyn Dialect, value: ValueRef<'a>, ty: ColumnType) -> Result<Bind<'a>> {
        let value = value.kept();
        check_kept(value).map_err(|reason| Error::new(ErrorKind::InvalidValue, reason))?;
        check_type(dialect, ty)?;
        Ok(Bind { value, ty })
    }
}

/// Shows the text and the types, never the values.
impl fmt::Debug for Compiled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let types: Vec<String> = self.binds.iter().map(|bind| bind.ty.to_string()).collect();
        f.debug_struct("Compiled").field("sql", &self.sql).field("binds", &types).finish()
    }
}

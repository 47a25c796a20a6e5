//! [`Sqlite`]: what SQLite can do, and how its transactions begin.

use creole_core::Result;
use creole_core::dialect::{
    AssignmentOrder, Capabilities, Ddl, Diagnosis, Dialect, RawError, Support, Syntax, TxOptions,
};
use creole_core::inspect::Catalog;
use creole_core::schema::ColumnDef;
use creole_core::sql::Bind;
use creole_core::types::{ColumnType, ValueRef};

use crate::catalog::SqliteCatalog;
use crate::storage::StoredForm;
use crate::{error, types};

/// SQLite.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sqlite;

/// The name of the dialect.
pub(crate) const NAME: &str = "sqlite";

static CAPABILITIES: Capabilities = {
    let mut these = Capabilities::STANDARD;
    these.assignment = AssignmentOrder::RowByRow;
    these.intersect_all = Support::Absent;
    // SQLite keeps no comments at all.
    these.comment_on = Support::Absent;
    // Its indexes hold the primary key after their own columns.
    these.index_order = Support::Native;
    these.spelling_cascades = Support::Absent;
    these.words.code_points = "BINARY";
    these
};

impl Dialect for Sqlite {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> &Capabilities {
        &CAPABILITIES
    }

    fn syntax(&self) -> &dyn Syntax {
        self
    }

    fn ddl(&self) -> &dyn Ddl {
        self
    }

    fn catalog(&self) -> Option<&'static dyn Catalog> {
        Some(&SqliteCatalog)
    }

    fn classify(&self, raw: &RawError<'_>) -> Diagnosis {
        error::classify(raw)
    }

    fn check(&self, value: ValueRef<'_>, _ty: ColumnType) -> Result<(), String> {
        types::check(value)
    }

    fn stored<'a>(&self, column: &ColumnDef, value: ValueRef<'a>) -> Option<Bind<'a>> {
        match StoredForm::of(column) {
            Some(kept) => kept.value(value).map(|(value, ty)| Bind::new(value, ty)),
            None => Some(Bind::new(value, column.ty)),
        }
    }

    /// A transaction that may write takes the writer's lock at once: one that only tried at its first write would fail,
    /// whatever the time limit, where somebody had written in between. Every isolation asked for is granted, since
    /// SQLite's transactions are serializable, and a deferrable one too, since those that only read fail for nobody.
    fn begin(&self, options: &TxOptions) -> Result<Vec<String>> {
        let sql = if options.is_read_only() { "BEGIN" } else { "BEGIN IMMEDIATE" };
        Ok(vec![sql.into()])
    }
}

//! [`MySql`] and [`MariaDb`]: what the two can do, and what their errors mean.
//!
//! They are one family. What is written is written by [`Flavor`], which is one or the other, so that whatever one of them has, the
//! other has too: where they differ, an arm says how.

use creole_core::dialect::{
    AssignmentOrder, Capabilities, Ddl, Diagnosis, Dialect, EndsTransaction, IndexPlacement, JoinedWrites, OwnText,
    RawError, Support, Syntax, TxOptions, UpsertFailure,
};
use creole_core::inspect::Catalog;
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, Result};

use crate::catalog::MySqlCatalog;
use crate::{commits, upsert};

/// MySQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MySql;

/// MariaDB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MariaDb;

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavor {
    MySql,
    MariaDb,
}

const MYSQL: Capabilities = {
    let mut these = Capabilities::STANDARD;
    these.max_binds = 65_535;
    these.insert_returning = Support::Absent;
    these.conflict_target = Support::Absent;
    these.assignment = AssignmentOrder::LeftToRight;
    these.update_returning = Support::Absent;
    these.delete_returning = Support::Absent;
    these.joined_writes = JoinedWrites::Join;
    these.transactional_ddl = Support::Absent;
    // Both servers do in a subquery inside another one.
    these.reads_changed_table = Support::Absent;
    these.full_join = Support::Absent;
    these.aggregate_filter = Support::Absent;
    these.indexes = IndexPlacement::Inline;
    these.comment_on = Support::Absent;
    these.words.code_points = Flavor::MySql.binary_collation();
    // A WHERE needs a FROM on older servers.
    these.words.no_source = " FROM DUAL";
    these.words.default_row = " () VALUES ()";
    these
};

static MARIADB: Capabilities = {
    let mut these = MYSQL;
    these.insert_returning = Support::Native;
    // The connection sets SIMULTANEOUS_ASSIGNMENT.
    these.assignment = AssignmentOrder::AtOnce;
    these.delete_returning = Support::Native;
    these.with_in_writes = Support::Absent;
    these.words.code_points = Flavor::MariaDb.binary_collation();
    these
};

/// Both dialects at once, so that neither can lack what the other has.
macro_rules! dialects {
    ($($dialect:ident)*) => {
        $(impl Dialect for $dialect {
            fn name(&self) -> &'static str {
                Flavor::$dialect.name()
            }

            fn capabilities(&self) -> &Capabilities {
                Flavor::$dialect.capabilities()
            }

            fn syntax(&self) -> &dyn Syntax {
                &Flavor::$dialect
            }

            fn ddl(&self) -> &dyn Ddl {
                &Flavor::$dialect
            }

            fn catalog(&self) -> Option<&'static dyn Catalog> {
                Some(&MySqlCatalog(Flavor::$dialect))
            }

            fn classify(&self, raw: &RawError<'_>) -> Diagnosis {
                Flavor::$dialect.diagnosis(raw)
            }

            fn check(&self, value: ValueRef<'_>, _ty: ColumnType) -> Result<(), String> {
                Flavor::$dialect.check_value(value)
            }

            fn upsert_failure(&self, error: &Error) -> Option<UpsertFailure> {
                Flavor::$dialect.upsert_failure(error)
            }

            fn begin(&self, options: &TxOptions) -> Result<Vec<String>> {
                Flavor::$dialect.begin(options)
            }

            fn ends_transaction(&self, text: OwnText<'_>) -> EndsTransaction {
                commits::ends_transaction(text)
            }

            fn leaves_traces(&self, text: OwnText<'_>) -> bool {
                commits::leaves_traces(text)
            }
        })*
    };
}

dialects! { MySql MariaDb }

impl Flavor {
    pub(crate) fn dialect(self) -> &'static dyn Dialect {
        match self {
            Flavor::MySql => &MySql,
            Flavor::MariaDb => &MariaDb,
        }
    }

    /// The name in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Flavor::MySql => "mysql",
            Flavor::MariaDb => "mariadb",
        }
    }

    fn capabilities(self) -> &'static Capabilities {
        match self {
            Flavor::MySql => &MYSQL,
            Flavor::MariaDb => &MARIADB,
        }
    }

    fn upsert_failure(self, error: &Error) -> Option<UpsertFailure> {
        match error.code()? {
            upsert::TWO_VALUES => Some(UpsertFailure::OtherKey),
            code if code == self.overtaken() => Some(UpsertFailure::Overtaken),
            _ => None,
        }
    }

    /// The statements that begin a transaction; its isolation is set by one before it.
    fn begin(self, options: &TxOptions) -> Result<Vec<String>> {
        if options.is_deferrable() {
            let way_out = "begin one without TxOptions::deferrable(), which may have to wait for those that write";
            return Err(Error::unsupported(self.name(), "a deferrable transaction", way_out));
        }
        let mut statements = Vec::with_capacity(2);
        if let Some(isolation) = options.isolation {
            statements.push(format!("SET TRANSACTION ISOLATION LEVEL {}", isolation.sql()));
        }
        let start = if options.is_read_only() { "START TRANSACTION READ ONLY" } else { "START TRANSACTION" };
        statements.push(start.into());
        Ok(statements)
    }
}

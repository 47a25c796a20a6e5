//! [`Postgres`]: what PostgreSQL can do, and what its errors mean.

use creole_core::dialect::{Capabilities, Ddl, Diagnosis, Dialect, OwnText, RawError, Support, Syntax};
use creole_core::inspect::Catalog;
use creole_core::types::{ColumnType, ValueRef};

use crate::catalog::PostgresCatalog;
use crate::{bind, error, traces, types};

/// PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Postgres;

/// The name in messages.
pub(crate) const NAME: &str = "postgres";

static CAPABILITIES: Capabilities = {
    let mut these = Capabilities::STANDARD;
    these.max_binds = bind::MOST_BINDS;
    // A row that was there bears the mark of the transaction that locked it to be updated.
    these.new_row_mark = Some("(xmax = 0)");
    these.distinct_on = Support::Native;
    these.words.code_points = "\"C\"";
    these
};

impl Dialect for Postgres {
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
        Some(&PostgresCatalog)
    }

    fn classify(&self, raw: &RawError<'_>) -> Diagnosis {
        error::classify(raw)
    }

    /// A `real` would round what is not exact in 32 bits.
    fn check(&self, value: ValueRef<'_>, ty: ColumnType) -> Result<(), String> {
        match (value, ty) {
            (ValueRef::F64(number), ColumnType::F32) => bind::exact_f32(number).map(|_| ()),
            _ => Ok(()),
        }
    }

    fn has_arrays_of(&self, ty: ColumnType) -> bool {
        types::has_arrays(ty)
    }

    fn leaves_traces(&self, text: OwnText<'_>) -> bool {
        traces::leaves_traces(text)
    }
}

#[cfg(test)]
mod tests;

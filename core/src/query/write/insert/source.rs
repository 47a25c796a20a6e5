//! The rows of an INSERT.

use std::sync::{Arc, OnceLock};

use super::Slice;
use crate::model::Model;
use crate::sql::{BindSource, Tenants, is_left_out};
use crate::types::{Value, ValueRef};

/// The rows of an INSERT as they are written: where a row does not say whose it is, it is that of the tenant for whom it is written.
pub(in crate::query::write) struct Source<'a, M> {
    rows: &'a [M],
    /// The tenant for whom they are written, and the column that says so.
    tenant: OnceLock<(u16, Arc<Value>)>,
}

impl<'a, M: Model> Source<'a, M> {
    /// These rows, of which is not known yet for whom they are written.
    pub(super) fn new(rows: &'a [M]) -> Source<'a, M> {
        Source { rows, tenant: OnceLock::new() }
    }

    /// The same, written for these.
    pub(super) fn written_for(rows: &'a [M], tenants: &Tenants) -> Source<'a, M> {
        let source = Source::new(rows);
        source.write_for(tenants);
        source
    }

    /// They are written for these. The first time counts: whoever writes them for others is refused.
    pub(super) fn write_for(&self, tenants: &Tenants) {
        if let Some((column, tenant)) = tenants.of(M::table()) {
            self.tenant.get_or_init(|| (column, Arc::clone(tenant)));
        }
    }
}

impl<'a, M> Source<'a, M> {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.rows.len()
    }

    /// The same rows, of which is not known for whom they are written.
    pub(super) fn anew(&self) -> Source<'a, M> {
        Source { rows: self.rows, tenant: OnceLock::new() }
    }
}

impl<M: Model> BindSource for Source<'_, M> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let value = Slice(self.rows).into_value(row, column);
        match self.tenant.get() {
            Some((own, tenant)) if *own == column && is_left_out(value) => tenant.as_ref().as_ref(),
            _ => value,
        }
    }
}

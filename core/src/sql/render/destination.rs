//! [`Destination`]: what a statement is compiled for.

use std::fmt;

use super::tenants::Tenants;
use crate::dialect::Dialect;

/// What a statement is compiled for: a dialect, and whose rows it is about where tables keep those of several
/// [tenants](crate::schema::Table::tenant).
///
/// A dialect becomes one by itself. What is compiled for a dialect alone is there to be looked at: it has NULL where the tenant stands,
/// and no engine sends it.
#[derive(Clone)]
pub struct Destination<'a> {
    dialect: &'a dyn Dialect,
    tenants: Tenants,
}

impl<'a> Destination<'a> {
    /// This dialect, and the rows of these tenants.
    pub(crate) fn new(dialect: &'a dyn Dialect, tenants: Tenants) -> Destination<'a> {
        Destination { dialect, tenants }
    }

    /// The dialect.
    pub fn dialect(&self) -> &'a dyn Dialect {
        self.dialect
    }

    /// Whose rows.
    pub(crate) fn tenants(&self) -> &Tenants {
        &self.tenants
    }

    pub(super) fn into_parts(self) -> (&'a dyn Dialect, Tenants) {
        (self.dialect, self.tenants)
    }
}

impl<'a> From<&'a dyn Dialect> for Destination<'a> {
    fn from(dialect: &'a dyn Dialect) -> Destination<'a> {
        Destination::new(dialect, Tenants::Shown)
    }
}

impl<'a, D: Dialect> From<&'a D> for Destination<'a> {
    fn from(dialect: &'a D) -> Destination<'a> {
        Destination::new(dialect, Tenants::Shown)
    }
}

impl fmt::Debug for Destination<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Destination").field("dialect", &self.dialect.name()).field("tenants", &self.tenants).finish()
    }
}

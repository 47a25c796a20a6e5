//! Collations: "C" for what is compared by code point, and one of ICU's that ignores case.

use creole_core::schema::{Collation, ColumnDef, Table};
use creole_core::sql::SqlWriter;

use crate::types;

/// The collation that ignores case, which [`create`] makes in the database.
pub(crate) const CASE_INSENSITIVE: &str = "creole_nocase";

/// The root of Unicode's collation with differences of letters and accents and none of case. Equal texts need not be the
/// same bytes, which is what "not deterministic" says.
const CREATE: &str = "CREATE COLLATION IF NOT EXISTS \"creole_nocase\" \
    (provider = icu, locale = 'und-u-ks-level2', deterministic = false)";

/// Writes a column's collation after its type.
pub(crate) fn write(w: &mut SqlWriter<'_>, column: &ColumnDef) {
    if let Some(name) = name(column.collation).filter(|_| types::is_text(column.ty)) {
        w.push(" COLLATE ").ident(name);
    }
}

/// The statement that makes the collations of a table, where it needs one of ours.
pub(crate) fn create(table: &'static Table) -> Vec<String> {
    let is_needed = table.columns.iter().any(|column| column.collation == Collation::CaseInsensitive);
    if is_needed { vec![CREATE.into()] } else { Vec::new() }
}

/// The name of a collation; `None` for one that this crate does not know.
pub(crate) fn name(collation: Collation) -> Option<&'static str> {
    match collation {
        Collation::Binary => Some("C"),
        Collation::CaseInsensitive => Some(CASE_INSENSITIVE),
        Collation::Named(name) => Some(name),
        _ => None,
    }
}

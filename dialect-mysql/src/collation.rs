//! Collations. The two servers have none of use in common.

use creole_core::schema::{Collation, ColumnDef};
use creole_core::sql::SqlWriter;
use creole_core::types::ColumnType;

use crate::dialect::Flavor;

/// Writes a column's collation behind its type, unless it is that of the table.
pub(crate) fn write(w: &mut SqlWriter<'_>, column: &ColumnDef, flavor: Flavor) {
    let is_text = matches!(column.ty, ColumnType::Text { .. });
    if let Some(name) = name(column.collation, flavor).filter(|_| is_text && column.collation != Collation::Binary) {
        w.push(" COLLATE ").ident(name);
    }
}

/// The name of a collation; nothing for one that this crate does not know. The one that ignores case tells letters and
/// accents apart, and counts the space at the end.
pub(crate) fn name(collation: Collation, flavor: Flavor) -> Option<&'static str> {
    match collation {
        Collation::Binary => Some(flavor.collation()),
        Collation::CaseInsensitive => Some(match flavor {
            Flavor::MySql => "utf8mb4_0900_as_ci",
            Flavor::MariaDb => "utf8mb4_uca1400_nopad_as_ci",
        }),
        Collation::Named(name) => Some(name),
        _ => None,
    }
}

//! Collations. The two servers have none of use in common.

use creole_core::schema::{Collation, ColumnDef};
use creole_core::sql::SqlWriter;
use creole_core::types::ColumnType;

use crate::dialect::Flavor;

impl Flavor {
    /// The collation that compares text by code point, trailing spaces included.
    pub(crate) const fn binary_collation(self) -> &'static str {
        match self {
            Flavor::MySql => "utf8mb4_0900_bin",
            Flavor::MariaDb => "utf8mb4_nopad_bin",
        }
    }

    /// The name of a collation; `None` for one that this crate does not know. The one that ignores case tells letters and
    /// accents apart, and counts the space at the end.
    pub(crate) fn collation_name(self, collation: Collation) -> Option<&'static str> {
        match collation {
            Collation::Binary => Some(self.binary_collation()),
            Collation::CaseInsensitive => Some(match self {
                Flavor::MySql => "utf8mb4_0900_as_ci",
                Flavor::MariaDb => "utf8mb4_uca1400_nopad_as_ci",
            }),
            Collation::Named(name) => Some(name),
            _ => None,
        }
    }

    /// Writes a column's collation after its type, unless it is that of the table.
    pub(crate) fn write_collation(self, w: &mut SqlWriter<'_>, column: &ColumnDef) {
        let has_own = matches!(column.ty, ColumnType::Text { .. }) && column.collation != Collation::Binary;
        if let Some(name) = self.collation_name(column.collation).filter(|_| has_own) {
            w.push(" COLLATE ").ident(name);
        }
    }
}

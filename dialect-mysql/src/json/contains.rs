//! Whether a document is part of another, as PostgreSQL's `@>` has it. The servers' own JSON_CONTAINS looks for single values
//! in arrays at every depth, so it would hold more.

use creole_core::sql::SqlWriter;
use creole_core::{Result, write_sql};
use serde_json::Value as Tree;

use super::equal;
use super::path::Place;

/// Whether the value holds the other document; unknown where there is no value.
pub(super) fn contains<'a>(w: &mut SqlWriter<'a>, place: &Place<'a>, part: &'a Tree) -> Result<()> {
    write_sql!(w, "CASE WHEN ", place.value(w), " IS NOT NULL THEN (")?;
    let mut writer = Writer { elements: 0 };
    match part {
        Tree::Array(_) | Tree::Object(_) => writer.holds(w, place, part)?,
        single => write_sql!(w, equal::to_tree(w, place, single), " OR ", writer.has_element(w, place, single))?,
    }
    w.write(") IS TRUE END")
}

/// Counts the subqueries, each of which has a name of its own.
struct Writer {
    elements: u64,
}

impl Writer {
    fn holds<'a>(&mut self, w: &mut SqlWriter<'a>, place: &Place<'a>, part: &'a Tree) -> Result<()> {
        match part {
            Tree::Array(items) => {
                place.raw_kind(w)?;
                w.push(" = 'ARRAY'");
                items.iter().try_for_each(|item| {
                    w.push(" AND ");
                    self.has_element(w, place, item)
                })
            }
            Tree::Object(entries) => {
                place.raw_kind(w)?;
                w.push(" = 'OBJECT'");
                entries.iter().try_for_each(|(key, value)| {
                    w.push(" AND ");
                    self.holds(w, &place.key(key), value)
                })
            }
            single => equal::to_tree(w, place, single),
        }
    }

    /// Whether one of the elements holds the other document.
    fn has_element<'a>(&mut self, w: &mut SqlWriter<'a>, place: &Place<'a>, item: &'a Tree) -> Result<()> {
        self.elements += 1;
        let number = self.elements;
        write_sql!(
            w,
            "EXISTS (SELECT 1 FROM JSON_TABLE(",
            place.value(w),
            ", '$[*]' COLUMNS (v JSON PATH '$')) AS e",
            number,
            " WHERE ",
            self.holds(w, &Place::element(number, place.flavor), item),
            ")"
        )
    }
}

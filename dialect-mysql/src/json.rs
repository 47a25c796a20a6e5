//! Looking into JSON documents, on both servers. To MariaDB a document is a text.

mod path;
mod views;
mod equal;
mod contains;
mod change;

use creole_core::sql::{ElementPart, ElementRef, JsonElements, JsonExpr, JsonOp, SqlWriter, standard};
use creole_core::{Result, write_sql};

use self::change::Change;
use self::path::Place;
use crate::dialect::Flavor;

impl Flavor {
    /// Writes something about a value inside a document.
    pub(crate) fn write_json<'a>(self, w: &mut SqlWriter<'a>, json: &'a JsonExpr) -> Result<()> {
        let place = Place::new(&json.document, &json.path, self);
        match &json.op {
            JsonOp::Value => place.value(w),
            JsonOp::Text => place.text(w),
            JsonOp::TextKey => place.text_key(w),
            JsonOp::Integer => place.integer(w),
            JsonOp::Float => place.float(w),
            JsonOp::Decimal => place.decimal(w),
            JsonOp::Bool => place.boolean(w),
            JsonOp::Type => place.kind(w),
            JsonOp::Length => place.of_kind(w, "ARRAY", "JSON_LENGTH"),
            JsonOp::Keys => place.of_kind(w, "OBJECT", "JSON_KEYS"),
            JsonOp::Equals(value) => equal::to_literal(w, &place, value),
            JsonOp::Differs(value) => write_sql!(w, "(", equal::to_literal(w, &place, value), ") IS NOT TRUE"),
            JsonOp::Contains(part) => contains::contains(w, &place, &part.0),
            JsonOp::Change(changes) => Change::new(&json.document, self).write(w, changes),
        }
    }

    /// Writes it where it decides whether a row is meant. MariaDB has no indexes that would be found.
    pub(crate) fn write_json_condition<'a>(self, w: &mut SqlWriter<'a>, json: &'a JsonExpr) -> Result<()> {
        match (&json.op, self) {
            (JsonOp::Equals(value), Flavor::MySql) => {
                equal::condition(w, &Place::new(&json.document, &json.path, self), value)
            }
            _ => self.write_json(w, json),
        }
    }

    /// Writes the elements of arrays as rows.
    pub(crate) fn write_json_elements<'a>(self, w: &mut SqlWriter<'a>, elements: &'a JsonElements) -> Result<()> {
        let place = Place::new(&elements.document, &elements.path, self);
        write_sql!(w, "JSON_TABLE(", place.value(w), ", '$[*]' COLUMNS (c1 JSON PATH '$', c2 FOR ORDINALITY)) AS ")?;
        w.ident(elements.name);
        Ok(())
    }

    /// Writes something about the element that a row is. Of JSON's null MySQL makes an SQL one, which is told from a missing row
    /// by the place.
    pub(crate) fn write_json_element(self, w: &mut SqlWriter<'_>, element: ElementRef) -> Result<()> {
        let index = ElementRef { part: ElementPart::Index, ..element };
        match (element.part, self) {
            (ElementPart::Value, Flavor::MariaDb) => standard::json_element(w, element),
            (ElementPart::Value, Flavor::MySql) => write_sql!(
                w,
                "CASE WHEN ",
                standard::json_element(w, index),
                " IS NOT NULL THEN coalesce(",
                standard::json_element(w, element),
                ", CAST('null' AS JSON)) END"
            ),
            (ElementPart::Index, _) => write_sql!(w, "(CAST(", standard::json_element(w, element), " AS SIGNED) - 1)"),
        }
    }
}

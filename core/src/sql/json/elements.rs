//! The elements of arrays as rows.

use super::JsonStep;
use crate::error::Result;
use crate::sql::expr::Expr;
use crate::sql::render::SqlWriter;
use crate::types::ColumnType;

/// The elements of an array inside a document, as rows. What is no array has none.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonElements {
    /// The name by which expressions refer to them.
    pub name: &'static str,
    /// The document.
    pub document: Expr,
    /// The way to the array.
    pub path: Vec<JsonStep>,
}

/// Something about the element that a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ElementRef {
    /// The name that the elements have in the statement.
    pub source: &'static str,
    /// What of it.
    pub part: ElementPart,
}

/// What there is about an element of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElementPart {
    /// The element, as a document.
    Value,
    /// Its index, from 0.
    Index,
}

impl ElementRef {
    /// The type of its values.
    pub fn ty(self) -> ColumnType {
        match self.part {
            ElementPart::Value => ColumnType::Json,
            ElementPart::Index => ColumnType::I64,
        }
    }

    pub(in crate::sql) fn render(self, w: &mut SqlWriter<'_>) -> Result<()> {
        w.check_source(self.source)?;
        w.syntax().json_element(w, self)
    }
}

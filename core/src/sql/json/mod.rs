//! Values inside JSON documents.

mod literal;
mod path;
mod patch;
mod change;
mod index;
mod elements;

pub use change::{Container, JsonChange, JsonChangeKind, JsonPlan};
pub use elements::{ElementPart, ElementRef, JsonElements};
pub use index::has_json_index;
pub use literal::{JsonLiteral, JsonPart};
pub use patch::{JsonPatch, PatchLevel};
pub use path::{JsonStep, is_plain_key};

use crate::error::Result;
use crate::sql::expr::{Expr, Precedence};
use crate::sql::render::SqlWriter;
use crate::types::ColumnType;

/// Something about a value inside a document.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonExpr {
    /// The document.
    pub document: Expr,
    /// The way to the value from the document's root; no step at all is the document itself.
    pub path: Vec<JsonStep>,
    /// What is done with it.
    pub op: JsonOp,
}

/// What can be done with a value inside a document. All of it is NULL where the value is missing, unless said otherwise.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonOp {
    /// The value as a document. JSON's null is one.
    Value,
    /// The text that a string holds; NULL for what is no string.
    Text,
    /// What an index over texts is made of, in whichever form the database finds a text by it. It stands in indexes only.
    TextKey,
    /// The whole number, however it is written; NULL for what is none or beyond 64 bits with a sign.
    Integer,
    /// The nearest float to a number; NULL for what is no number or beyond all floats.
    Float,
    /// The number, exactly; NULL for what is no number or has more digits than [`ColumnType::DECIMAL`].
    Decimal,
    /// NULL for what is neither true nor false.
    Bool,
    /// `object`, `array`, `string`, `number`, `boolean` or `null`.
    Type,
    /// How many elements an array has; NULL for what is no array.
    Length,
    /// An array of the keys of an object, in any order; NULL for what is no object.
    Keys,
    /// Whether it is equal, by JSON type and value.
    Equals(JsonLiteral),
    /// Whether it is missing, or not equal by JSON type and value. Never NULL.
    Differs(JsonLiteral),
    /// Whether the other document is part of it, as PostgreSQL's `@>` has it.
    Contains(JsonPart),
    /// The document with these changes made to it. The path is empty.
    Change(Vec<JsonChange>),
}

impl JsonExpr {
    /// Something about the value at a path.
    pub fn expr(document: Expr, path: Vec<JsonStep>, op: JsonOp) -> Expr {
        Expr::Json(Box::new(JsonExpr { document, path, op }))
    }

    /// The type of its values.
    pub fn ty(&self) -> ColumnType {
        match self.op {
            JsonOp::Value | JsonOp::Keys | JsonOp::Change(_) => ColumnType::Json,
            JsonOp::Text | JsonOp::TextKey | JsonOp::Type => ColumnType::TEXT,
            JsonOp::Integer | JsonOp::Length => ColumnType::I64,
            JsonOp::Float => ColumnType::F64,
            JsonOp::Decimal => ColumnType::DECIMAL,
            JsonOp::Bool | JsonOp::Equals(_) | JsonOp::Differs(_) | JsonOp::Contains(_) => ColumnType::Bool,
        }
    }

    /// Whether values are bound for it: those that it is compared with, and keys that are no plain words.
    pub(super) fn has_value(&self) -> bool {
        let is_bound = |step: &JsonStep| matches!(step, JsonStep::Key(_)) && step.plain_key().is_none();
        self.path.iter().any(is_bound)
            || matches!(self.op, JsonOp::Equals(_) | JsonOp::Differs(_) | JsonOp::Contains(_) | JsonOp::Change(_))
    }

    pub(super) fn is_nullable(&self) -> bool {
        match self.op {
            JsonOp::Differs(_) => false,
            // The document itself is as nullable as it is.
            JsonOp::Value if self.path.is_empty() => self.document.is_nullable(),
            _ => true,
        }
    }

    pub(super) fn precedence(&self) -> Precedence {
        match self.op {
            JsonOp::Equals(_) | JsonOp::Contains(_) => Precedence::And,
            JsonOp::Differs(_) => Precedence::Comparison,
            _ => Precedence::Atom,
        }
    }

    pub(super) fn render<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        // The document itself is there already.
        if self.path.is_empty() && self.op == JsonOp::Value {
            return w.expr(&self.document, Precedence::Atom);
        }
        w.syntax().json(w, self)
    }
}

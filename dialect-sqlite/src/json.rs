//! Looking into JSON documents, by SQLite's own functions as far as they are exact.

mod change;

use creole_core::sql::{
    BinaryOp, ElementPart, ElementRef, Expr, Ident, JsonElements, JsonExpr, JsonLiteral, JsonOp, JsonStep, Precedence,
    SqlWriter, Typing, has_json_index,
};
use creole_core::types::{ColumnType, JsonRef, ValueRef};
use creole_core::{Error, Result, write_sql};

use crate::dialect::NAME;

/// A value inside a document.
#[derive(Clone, Copy)]
struct Place<'a> {
    document: &'a Expr,
    path: &'a [JsonStep],
}

/// Writes something about a value inside a document.
pub(crate) fn json<'a>(w: &mut SqlWriter<'a>, json: &'a JsonExpr) -> Result<()> {
    let place = Place { document: &json.document, path: &json.path };
    match &json.op {
        JsonOp::Value => place.value(w),
        JsonOp::Text | JsonOp::TextKey => place.text(w),
        JsonOp::Integer => place.integer(w),
        JsonOp::Float => place.of_value(w, "creole_json_float"),
        JsonOp::Decimal => place.of_value(w, "creole_json_decimal"),
        JsonOp::Bool => place.boolean(w),
        JsonOp::Type => place.kind(w),
        JsonOp::Length => place.of_kind(w, "array", "json_array_length"),
        JsonOp::Keys => {
            let rows = |w: &mut SqlWriter<'a>| {
                // A bare name would be that of a column of `json_each`, where there is one.
                w.begin_qualified();
                place.call(w, "json_each")?;
                w.end_qualified();
                Ok(())
            };
            write_sql!(
                w,
                "CASE ",
                place.call(w, "json_type"),
                " WHEN 'object' THEN (SELECT json_group_array(key) FROM ",
                rows(w),
                ") END"
            )
        }
        JsonOp::Equals(value) => place.equals(w, value),
        JsonOp::Differs(value) => write_sql!(w, "(", place.equals(w, value), ") IS NOT TRUE"),
        JsonOp::Contains(part) => {
            write_sql!(
                w,
                "creole_json_contains(",
                place.value(w),
                ", ",
                w.bind(ValueRef::Json(JsonRef::Tree(&part.0)), ColumnType::Json, Typing::Cast),
                ")"
            )
        }
        JsonOp::Change(changes) => change::change(w, &json.document, changes),
    }
}

/// Writes it where it decides whether a row is meant. What an index is over is then compared by that alone.
pub(crate) fn condition<'a>(w: &mut SqlWriter<'a>, json: &'a JsonExpr) -> Result<()> {
    let place = Place { document: &json.document, path: &json.path };
    match &json.op {
        JsonOp::Equals(JsonLiteral::Text(text)) if place.has_index(&JsonOp::TextKey) => place.text_equals(w, text),
        JsonOp::Equals(JsonLiteral::Bool(value)) if place.has_index(&JsonOp::Bool) => place.bool_equals(w, *value),
        _ => self::json(w, json),
    }
}

/// Whether this is part of a document, as a document.
pub(crate) fn is_part(expr: &Expr) -> bool {
    matches!(expr, Expr::Json(json) if expr.ty() == Some(ColumnType::Json) && json.op == JsonOp::Value)
}

/// Compares parts of documents: SQLite itself would compare their texts.
pub(crate) fn compare<'a>(w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
    let equal = |w: &mut SqlWriter<'a>| write_sql!(w, "creole_json_equal(", left, ", ", right, ")");
    match op {
        BinaryOp::Eq => equal(w),
        BinaryOp::Ne => write_sql!(w, equal(w), " = 0"),
        // Both NULL, or equal, is the same.
        BinaryOp::IsDistinctFrom => write_sql!(
            w,
            "coalesce(",
            equal(w),
            ", ",
            w.expr(left, Precedence::Operand),
            " IS ",
            w.expr(right, Precedence::Operand),
            ") = 0"
        ),
        other => {
            let what = format!("{} on JSON documents", other.symbol());
            Err(Error::unsupported(NAME, &what, "compare a value taken out of the document"))
        }
    }
}

/// Writes the elements of arrays as rows.
pub(crate) fn elements<'a>(w: &mut SqlWriter<'a>, elements: &'a JsonElements) -> Result<()> {
    let place = Place { document: &elements.document, path: &elements.path };
    write_sql!(
        w,
        "json_each(CASE ",
        place.call(w, "json_type"),
        " WHEN 'array' THEN ",
        place.value(w),
        " END) AS ",
        Ident(elements.name)
    )
}

/// Writes something about the element that a row is. Its value is taken from the array, since as `json_each` has it, it is
/// no document.
pub(crate) fn element(w: &mut SqlWriter<'_>, element: ElementRef) {
    match element.part {
        ElementPart::Value => {
            w.push("(").ident(element.source).push(".json -> ").ident(element.source).push(".fullkey)");
        }
        ElementPart::Index => {
            w.ident(element.source).push(".key");
        }
    }
}

impl<'a> Place<'a> {
    /// `("settings" -> '$.theme')`
    fn value(self, w: &mut SqlWriter<'a>) -> Result<()> {
        if self.path.is_empty() {
            return w.expr(self.document, Precedence::Atom);
        }
        write_sql!(w, "(", w.expr(self.document, Precedence::Atom), " -> ", path(w, self.path), ")")
    }

    /// `json_type("settings", '$.theme')`
    fn call(self, w: &mut SqlWriter<'a>, function: &str) -> Result<()> {
        write_sql!(w, function, "(", self.document, ", ", path(w, self.path), ")")
    }

    /// `creole_json_float("settings" -> '$.theme')`
    fn of_value(self, w: &mut SqlWriter<'a>, function: &str) -> Result<()> {
        write_sql!(w, function, "(", self.value(w), ")")
    }

    /// What a function makes of a value of one type.
    fn of_kind(self, w: &mut SqlWriter<'a>, kind: &str, function: &str) -> Result<()> {
        write_sql!(w, "CASE ", self.call(w, "json_type"), " WHEN '", kind, "' THEN ", self.call(w, function), " END")
    }

    fn text(self, w: &mut SqlWriter<'a>) -> Result<()> {
        self.of_kind(w, "text", "json_extract")
    }

    /// Of an integer beyond 64 bits `json_extract` makes a float.
    fn integer(self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(
            w,
            "CASE ",
            self.call(w, "json_type"),
            " WHEN 'integer' THEN CASE typeof(",
            self.call(w, "json_extract"),
            ") WHEN 'integer' THEN ",
            self.call(w, "json_extract"),
            " END WHEN 'real' THEN CASE WHEN ",
            self.call(w, "json_extract"),
            " = CAST(",
            self.call(w, "json_extract"),
            " AS INTEGER) THEN CAST(",
            self.call(w, "json_extract"),
            " AS INTEGER) END END"
        )
    }

    fn boolean(self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(w, "CASE ", self.call(w, "json_type"), " WHEN 'true' THEN 1 WHEN 'false' THEN 0 END")
    }

    fn kind(self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(
            w,
            "CASE ",
            self.call(w, "json_type"),
            " WHEN 'text' THEN 'string' WHEN 'integer' THEN 'number' WHEN 'real' THEN 'number'",
            " WHEN 'true' THEN 'boolean' WHEN 'false' THEN 'boolean' ELSE ",
            self.call(w, "json_type"),
            " END"
        )
    }

    fn is_kind(self, w: &mut SqlWriter<'a>, kind: &str) -> Result<()> {
        self.call(w, "json_type")?;
        w.push(" = '").push(kind).push("'");
        Ok(())
    }

    /// Where there is an index over a view of the value, the view is compared too: the index is found by it.
    fn equals(self, w: &mut SqlWriter<'a>, value: &'a JsonLiteral) -> Result<()> {
        value.check()?;
        match value {
            JsonLiteral::Null => self.is_kind(w, "null"),
            JsonLiteral::Bool(value) => {
                if self.has_index(&JsonOp::Bool) {
                    self.bool_equals(w, *value)?;
                    w.push(" AND ");
                }
                self.is_kind(w, if *value { "true" } else { "false" })
            }
            JsonLiteral::Text(text) => {
                if self.has_index(&JsonOp::TextKey) {
                    self.text_equals(w, text)?;
                } else {
                    self.call(w, "json_extract")?;
                    equal_to(w, ValueRef::Text(text), ColumnType::TEXT)?;
                }
                w.push(" AND ");
                self.is_kind(w, "text")
            }
            JsonLiteral::Number(digits) => {
                if let (true, Ok(number)) = (self.has_index(&JsonOp::Integer), digits.parse()) {
                    self.integer(w)?;
                    indexed_equal_to(w, ValueRef::I64(number), ColumnType::I64)?;
                    w.push(" AND ");
                } else if let (true, Ok(number)) = (self.has_index(&JsonOp::Float), digits.parse()) {
                    self.of_value(w, "creole_json_float")?;
                    indexed_equal_to(w, ValueRef::F64(number), ColumnType::F64)?;
                    w.push(" AND ");
                }
                // Numbers are equal by value here, and what is no number to none.
                self.value(w)?;
                w.push(" COLLATE decimal");
                equal_to(w, ValueRef::Json(JsonRef::Text(digits)), ColumnType::Json)
            }
            JsonLiteral::Document(tree) => {
                write_sql!(
                    w,
                    "creole_json_equal(",
                    self.value(w),
                    ", ",
                    w.bind(ValueRef::Json(JsonRef::Tree(tree)), ColumnType::Json, Typing::Cast),
                    ")"
                )
            }
            // Refused by the check.
            JsonLiteral::Invalid(_) => Ok(()),
        }
    }

    /// By the view of texts. Unknown for what is none.
    fn text_equals(self, w: &mut SqlWriter<'a>, text: &'a str) -> Result<()> {
        self.text(w)?;
        indexed_equal_to(w, ValueRef::Text(text), ColumnType::TEXT)
    }

    /// By the view of bools. Unknown for what is none.
    fn bool_equals(self, w: &mut SqlWriter<'a>, value: bool) -> Result<()> {
        self.boolean(w)?;
        indexed_equal_to(w, ValueRef::Bool(value), ColumnType::Bool)
    }

    fn has_index(self, view: &JsonOp) -> bool {
        has_json_index(self.document, self.path, view)
    }
}

fn equal_to<'a>(w: &mut SqlWriter<'a>, value: ValueRef<'a>, ty: ColumnType) -> Result<()> {
    w.push(" = ");
    w.bind(value, ty, Typing::Cast)
}

/// With a plus, which does not change it: without it SQLite looks each value up in the statistics that ANALYZE has made of the index,
/// and prepares the statement anew for it, which takes several times as long as to look up the row.
fn indexed_equal_to<'a>(w: &mut SqlWriter<'a>, value: ValueRef<'a>, ty: ColumnType) -> Result<()> {
    w.push(" = +");
    w.bind(value, ty, Typing::Cast)
}

/// `'$.ui.scale'`; with keys that are no plain words `('$.ui.' || json_quote(?1))`.
fn path<'a>(w: &mut SqlWriter<'a>, steps: &'a [JsonStep]) -> Result<()> {
    let is_plain = steps.iter().all(|step| matches!(step, JsonStep::Index(_)) || step.plain_key().is_some());
    w.push(if is_plain { "'$" } else { "('$" });
    for step in steps {
        match (step, step.plain_key()) {
            (_, Some(key)) => {
                w.push(".").push(key);
            }
            (JsonStep::Index(index), _) => {
                w.push(if *index < 0 { "[#-" } else { "[" }).number(index.unsigned_abs().into()).push("]");
            }
            (JsonStep::Key(_), None) => {
                write_sql!(w, ".' || json_quote(", step.write_key(w), ") || '")?;
            }
        }
    }
    w.push(if is_plain { "'" } else { "')" });
    Ok(())
}

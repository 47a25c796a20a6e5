//! Looking into JSON documents. A path is a chain of `->`, in which a text is a key of an object and a number an index of
//! an array: the operators that take a whole path would take one for the other.

mod change;
mod merge;

use creole_core::sql::{
    ElementPart, ElementRef, Expr, Ident, JsonElements, JsonExpr, JsonLiteral, JsonOp, JsonStep, Precedence, SqlWriter,
    Typing, has_json_index, standard,
};
use creole_core::types::{ColumnType, JsonRef, ValueRef};
use creole_core::{Result, write_sql};

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
        JsonOp::Float => place.float(w),
        JsonOp::Decimal => place.decimal(w),
        JsonOp::Bool => place.view(w, "boolean", "bool"),
        JsonOp::Type => place.kind(w),
        JsonOp::Length => {
            write_sql!(w, place.of_kind(w, "array"), "jsonb_array_length(", place.value(w), ")::int8 END")
        }
        JsonOp::Keys => {
            write_sql!(
                w,
                place.of_kind(w, "object"),
                "jsonb_path_query_array(",
                place.value(w),
                ", '$.keyvalue().key') END"
            )
        }
        JsonOp::Equals(value) => place.equals(w, value),
        JsonOp::Differs(value) => {
            place.value(w)?;
            w.push(" IS DISTINCT FROM ");
            literal(w, value)
        }
        JsonOp::Contains(part) => {
            place.value(w)?;
            w.push(" @> ");
            w.bind(ValueRef::Json(JsonRef::Tree(&part.0)), ColumnType::Json, Typing::Cast)
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

/// Makes a document of another's table or text a `jsonb`, which is the one of PostgreSQL's two types that can be compared. What is
/// one already stays as it is, also for an index.
pub(crate) fn as_jsonb(w: &mut SqlWriter<'_>, ty: Option<ColumnType>) {
    if ty == Some(ColumnType::Json) {
        w.push("::jsonb");
    }
}

/// Writes the elements of arrays as rows. A function sees the sources before it.
pub(crate) fn elements<'a>(w: &mut SqlWriter<'a>, elements: &'a JsonElements) -> Result<()> {
    let place = Place { document: &elements.document, path: &elements.path };
    write_sql!(
        w,
        "jsonb_array_elements(",
        place.of_kind(w, "array"),
        place.value(w),
        " END) WITH ORDINALITY AS ",
        Ident(elements.name),
        "(c1, c2)"
    )
}

/// Writes something about the element that a row is.
pub(crate) fn element(w: &mut SqlWriter<'_>, element: ElementRef) -> Result<()> {
    match element.part {
        ElementPart::Value => standard::json_element(w, element),
        ElementPart::Index => write_sql!(w, "(", standard::json_element(w, element), " - 1)"),
    }
}

impl<'a> Place<'a> {
    /// `("settings" -> 'theme')`
    fn value(self, w: &mut SqlWriter<'a>) -> Result<()> {
        self.by(w, "->")
    }

    /// `("settings" ->> 'theme')`: of a string its text, of anything else another one.
    fn plain_text(self, w: &mut SqlWriter<'a>) -> Result<()> {
        if !self.path.is_empty() {
            return self.by(w, "->>");
        }
        write_sql!(w, "(", w.expr(self.document, Precedence::Atom), " #>> '{}')")
    }

    /// The value, with this arrow before the last step.
    fn by(self, w: &mut SqlWriter<'a>, last: &str) -> Result<()> {
        if !self.open_guards(w)? {
            return self.steps(w, last);
        }
        write_sql!(w, " THEN ", self.steps(w, last), " END")
    }

    /// The first and the last element of what is no array would be the value itself.
    fn open_guards(self, w: &mut SqlWriter<'a>) -> Result<bool> {
        let mut is_open = false;
        for (depth, step) in self.path.iter().enumerate() {
            if !step.is_at_an_end() {
                continue;
            }
            w.push(if is_open { " AND " } else { "CASE WHEN " });
            is_open = true;
            write_sql!(
                w,
                "jsonb_typeof(",
                Place { path: self.path.get(..depth).unwrap_or_default(), ..self }.steps(w, "->"),
                ") = 'array'"
            )?;
        }
        Ok(is_open)
    }

    fn steps(self, w: &mut SqlWriter<'a>, last: &str) -> Result<()> {
        if self.path.is_empty() {
            return w.expr(self.document, Precedence::Atom);
        }
        let step = |w: &mut SqlWriter<'a>, step: &'a JsonStep| match step {
            JsonStep::Key(_) => step.write_key(w),
            JsonStep::Index(index) => write_sql!(w, array_index(w, *index)),
        };
        let steps = |w: &mut SqlWriter<'a>| {
            (1..).zip(self.path).try_for_each(|(depth, next)| {
                write_sql!(w, " ", if depth == self.path.len() { last } else { "->" }, " ", step(w, next))
            })
        };
        write_sql!(w, "(", w.expr(self.document, Precedence::Atom), steps(w), ")")
    }

    /// `jsonb_typeof(…)`
    fn kind(self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(w, "jsonb_typeof(", self.value(w), ")")
    }

    /// `CASE jsonb_typeof(…) WHEN 'array' THEN `
    fn of_kind(self, w: &mut SqlWriter<'a>, kind: &str) -> Result<()> {
        write_sql!(w, "CASE ", self.kind(w), " WHEN '", kind, "' THEN ")
    }

    fn text(self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(w, "(", self.of_kind(w, "string"), self.plain_text(w), " END COLLATE \"C\")")
    }

    /// A value of one of JSON's types as one of PostgreSQL's.
    fn view(self, w: &mut SqlWriter<'a>, kind: &str, ty: &str) -> Result<()> {
        write_sql!(w, self.of_kind(w, kind), self.value(w), "::", ty, " END")
    }

    /// Only CASE says what is computed first.
    fn integer(self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(
            w,
            self.of_kind(w, "number"),
            "CASE WHEN ",
            self.value(w),
            "::numeric BETWEEN -9223372036854775808 AND 9223372036854775807 AND ",
            self.value(w),
            "::numeric % 1 = 0 THEN ",
            self.value(w),
            "::int8 END END"
        )
    }

    fn float(self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(
            w,
            self.of_kind(w, "number"),
            "CASE WHEN abs(",
            self.value(w),
            "::numeric) <= 1.7976931348623157e308 THEN ",
            self.value(w),
            "::float8 END END"
        )
    }

    fn decimal(self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(
            w,
            self.of_kind(w, "number"),
            "CASE WHEN abs(",
            self.value(w),
            "::numeric) < 1e18 AND scale(trim_scale(",
            self.value(w),
            "::numeric)) <= 10 THEN ",
            self.value(w),
            "::numeric END END"
        )
    }

    /// Where there is an index over a view of the value, the view is compared too: the index is found by it.
    fn equals(self, w: &mut SqlWriter<'a>, value: &'a JsonLiteral) -> Result<()> {
        match value {
            JsonLiteral::Text(text) => return self.equals_text(w, text),
            JsonLiteral::Bool(value) if self.has_index(&JsonOp::Bool) => {
                self.bool_equals(w, *value)?;
                w.push(" AND ");
            }
            JsonLiteral::Number(digits) => self.number_in_index(w, digits)?,
            _ => {}
        }
        self.value(w)?;
        w.push(" = ");
        literal(w, value)
    }

    /// By the text, and whether it is a string's, which is quicker than to make a document of it.
    fn equals_text(self, w: &mut SqlWriter<'a>, text: &'a str) -> Result<()> {
        if self.has_index(&JsonOp::TextKey) {
            self.text_equals(w, text)?;
        } else {
            write_sql!(w, "(", self.plain_text(w), " COLLATE \"C\") = ", bind_text(w, text))?;
        }
        w.push(" AND ");
        self.kind(w)?;
        w.push(" = 'string'");
        Ok(())
    }

    /// By the view of texts. Unknown for what is none.
    fn text_equals(self, w: &mut SqlWriter<'a>, text: &'a str) -> Result<()> {
        self.text(w)?;
        w.push(" = ");
        bind_text(w, text)
    }

    /// By the view of bools. Unknown for what is none.
    fn bool_equals(self, w: &mut SqlWriter<'a>, value: bool) -> Result<()> {
        self.view(w, "boolean", "bool")?;
        w.push(" = ");
        w.bind(ValueRef::Bool(value), ColumnType::Bool, Typing::Cast)
    }

    fn number_in_index(self, w: &mut SqlWriter<'a>, digits: &str) -> Result<()> {
        let (bind, ty) = if let (true, Ok(number)) = (self.has_index(&JsonOp::Integer), digits.parse()) {
            self.integer(w)?;
            (ValueRef::I64(number), ColumnType::I64)
        } else if let (true, Ok(number)) = (self.has_index(&JsonOp::Float), digits.parse()) {
            self.float(w)?;
            (ValueRef::F64(number), ColumnType::F64)
        } else {
            return Ok(());
        };
        w.push(" = ");
        w.bind(bind, ty, Typing::Cast)?;
        w.push(" AND ");
        Ok(())
    }

    fn has_index(self, view: &JsonOp) -> bool {
        has_json_index(self.document, self.path, view)
    }
}

/// A value of a document, as a document.
fn literal<'a>(w: &mut SqlWriter<'a>, value: &'a JsonLiteral) -> Result<()> {
    let constant = match value {
        JsonLiteral::Null => "'null'::jsonb",
        JsonLiteral::Bool(true) => "'true'::jsonb",
        JsonLiteral::Bool(false) => "'false'::jsonb",
        JsonLiteral::Text(_) | JsonLiteral::Number(_) | JsonLiteral::Document(_) | JsonLiteral::Invalid(_) => {
            return value.bind(w);
        }
    };
    w.push(constant);
    Ok(())
}

fn bind_text<'a>(w: &mut SqlWriter<'a>, text: &'a str) -> Result<()> {
    w.bind(ValueRef::Text(text), ColumnType::TEXT, Typing::Cast)
}

fn array_index(w: &mut SqlWriter<'_>, index: i32) {
    w.push(if index < 0 { "-" } else { "" }).number(index.unsigned_abs().into());
}

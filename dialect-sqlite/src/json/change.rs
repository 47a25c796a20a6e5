//! Changing parts of documents.

use creole_core::sql::{
    Container, Expr, JsonChange, JsonChangeKind, JsonLiteral, JsonPatch, JsonPlan, Precedence, SqlWriter, Typing,
};
use creole_core::types::{ColumnType, JsonRef, ValueRef};
use creole_core::{Error, Result, write_sql};

use super::{Place, path};

/// The document with changes made to it.
pub(super) fn change<'a>(w: &mut SqlWriter<'a>, document: &'a Expr, changes: &'a [JsonChange]) -> Result<()> {
    let plan = JsonPlan::new(changes)?;
    let place = |path| Place { document, path };
    let is_checked = open_checks(w, document, &plan)?;
    for change in plan.changes.iter().rev().filter(|change| !change.path.is_empty()) {
        w.push(match change.kind {
            JsonChangeKind::Set(_) | JsonChangeKind::Append(_) | JsonChangeKind::Merge(_) => "json_set(",
            JsonChangeKind::Insert(_) => "json_insert(",
            JsonChangeKind::Remove => "json_remove(",
        });
    }
    let mut inner = plan.parents.iter().filter(|(path, _)| !path.is_empty());
    for _ in inner.clone() {
        w.push("json_set(");
    }
    match (changes, plan.parents.first()) {
        ([JsonChange { path, kind }], _) if path.is_empty() => whole(w, document, kind)?,
        (_, Some(([], container))) => container_at(w, place(&[]), *container)?,
        _ => w.expr(document, Precedence::Lowest)?,
    }
    inner.try_for_each(|(steps, container)| {
        write_sql!(w, ", ", path(w, steps), ", json(", container_at(w, place(steps), *container), "))")?;
        Ok::<_, Error>(())
    })?;
    for change in plan.changes.iter().filter(|change| !change.path.is_empty()) {
        write_sql!(w, ", ", path(w, &change.path))?;
        match &change.kind {
            JsonChangeKind::Set(value) | JsonChangeKind::Insert(value) => {
                write_sql!(w, ", ", literal(w, value), ")")?;
            }
            JsonChangeKind::Append(value) => write_sql!(w, ", ", appended(w, place(&change.path), value), ")")?,
            JsonChangeKind::Merge(patch) => write_sql!(w, ", ", merged(w, place(&change.path), patch), ")")?,
            JsonChangeKind::Remove => w.write(")")?,
        }
    }
    w.write(if is_checked { " END" } else { "" })
}

/// The document itself after a change.
fn whole<'a>(w: &mut SqlWriter<'a>, document: &'a Expr, kind: &'a JsonChangeKind) -> Result<()> {
    match kind {
        JsonChangeKind::Set(value) => literal(w, value),
        JsonChangeKind::Insert(value) => write_sql!(w, "coalesce(", document, ", ", literal(w, value), ")"),
        JsonChangeKind::Append(value) => appended(w, Place { document, path: &[] }, value),
        JsonChangeKind::Merge(patch) => merged(w, Place { document, path: &[] }, patch),
        JsonChangeKind::Remove => Ok(()),
    }
}

/// Where something is in the way of a change, a function says so.
fn open_checks<'a>(w: &mut SqlWriter<'a>, document: &'a Expr, plan: &JsonPlan<'a>) -> Result<bool> {
    let mut separator = "CASE WHEN ";
    for (path, container) in &plan.containers {
        w.push(separator);
        Place { document, path }.call(w, "json_type")?;
        w.push(match container {
            Container::Object => " NOT IN ('object', 'null')",
            Container::Array => " NOT IN ('array', 'null')",
        });
        separator = " OR ";
    }
    for (path, index) in &plan.elements {
        write_sql!(
            w,
            separator,
            "coalesce(",
            Place { document, path }.call(w, "json_array_length"),
            ", 0) < ",
            index.unsigned_abs()
        )?;
        separator = " OR ";
    }
    let is_checked = separator == " OR ";
    if is_checked {
        write_sql!(w, " THEN creole_json_no_place(", document, ") ELSE ")?;
    }
    Ok(is_checked)
}

/// The container at a path, or an empty one.
fn container_at<'a>(w: &mut SqlWriter<'a>, place: Place<'a>, container: Container) -> Result<()> {
    let empty = match container {
        Container::Object => "'{}'",
        Container::Array => "'[]'",
    };
    write_sql!(w, "CASE coalesce(", place.call(w, "json_type"), ", 'null') WHEN 'null' THEN ", empty)?;
    write_sql!(w, " ELSE ", place.value(w), " END")
}

fn appended<'a>(w: &mut SqlWriter<'a>, place: Place<'a>, value: &'a JsonLiteral) -> Result<()> {
    write_sql!(w, "json_insert(", container_at(w, place, Container::Array), ", '$[#]', ", literal(w, value), ")")
}

/// What is at a path after a merge. SQLite takes anything but an object for an empty one, and makes NULL of NULL only.
fn merged<'a>(w: &mut SqlWriter<'a>, place: Place<'a>, patch: &'a JsonPatch) -> Result<()> {
    write_sql!(
        w,
        "json_patch(coalesce(",
        place.value(w),
        ", '{}'), ",
        w.bind(ValueRef::Json(JsonRef::Tree(patch.tree())), ColumnType::Json, Typing::Cast),
        ")"
    )
}

/// A value of a document, as a document.
fn literal<'a>(w: &mut SqlWriter<'a>, value: &'a JsonLiteral) -> Result<()> {
    let constant = match value {
        JsonLiteral::Null => "json('null')",
        JsonLiteral::Bool(true) => "json('true')",
        JsonLiteral::Bool(false) => "json('false')",
        JsonLiteral::Text(_) | JsonLiteral::Number(_) | JsonLiteral::Document(_) | JsonLiteral::Invalid(_) => {
            return write_sql!(w, "json(", value.bind(w), ")");
        }
    };
    w.push(constant);
    Ok(())
}

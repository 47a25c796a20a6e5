//! Changing parts of documents.

use creole_core::sql::{Container, Expr, JsonChange, JsonChangeKind, JsonPlan, JsonStep, Precedence, SqlWriter};
use creole_core::{Error, Result, write_sql};

use super::merge::merged;
use super::{Place, literal};

/// The document with changes made to it. What the checks let pass can be made by PostgreSQL's own functions, which take a
/// path as an array of texts.
pub(super) fn change<'a>(w: &mut SqlWriter<'a>, document: &'a Expr, changes: &'a [JsonChange]) -> Result<()> {
    let plan = JsonPlan::new(changes)?;
    let place = |path| Place { document, path };
    let is_checked = open_checks(w, document, &plan)?;
    // Looking for a path in a single value is an error.
    let removes_only = plan.changes.iter().all(|change| change.kind == JsonChangeKind::Remove);
    if removes_only {
        write_sql!(w, "CASE WHEN ", place(&[]).kind(w), " IN ('object', 'array') THEN ")?;
    }
    for change in plan.changes.iter().rev() {
        if !change.path.is_empty() {
            w.push(if change.kind == JsonChangeKind::Remove { "(" } else { "jsonb_set(" });
        }
    }
    let mut inner = plan.parents.iter().filter(|(path, _)| !path.is_empty());
    for _ in inner.clone() {
        w.push("jsonb_set(");
    }
    match (changes, plan.parents.first()) {
        ([JsonChange { path, kind }], _) if path.is_empty() => value_of(w, place(path), kind)?,
        (_, Some(([], container))) => container_at(w, place(&[]), *container)?,
        _ => w.expr(document, Precedence::Atom)?,
    }
    inner.try_for_each(|(path, container)| {
        write_sql!(w, ", ", text_array(w, path), ", ", container_at(w, place(path), *container), ")")?;
        Ok::<_, Error>(())
    })?;
    for change in plan.changes.iter().filter(|change| !change.path.is_empty()) {
        if change.kind == JsonChangeKind::Remove {
            // In an array a key would be an index.
            write_sql!(
                w,
                " #- CASE WHEN ",
                place(&change.path).value(w),
                " IS NOT NULL THEN ",
                text_array(w, &change.path),
                " ELSE ARRAY[]::text[] END)"
            )?;
            continue;
        }
        write_sql!(w, ", ", text_array(w, &change.path), ", ", value_of(w, place(&change.path), &change.kind), ")")?;
    }
    if removes_only {
        write_sql!(w, " ELSE ", document)?;
    }
    w.push(if removes_only || is_checked { " END" } else { "" });
    Ok(())
}

/// Where something is in the way of a change, a text is read as a document, which it is not.
fn open_checks<'a>(w: &mut SqlWriter<'a>, document: &'a Expr, plan: &JsonPlan<'a>) -> Result<bool> {
    let mut separator = "CASE WHEN ";
    for (path, container) in &plan.containers {
        w.push(separator);
        Place { document, path }.kind(w)?;
        w.push(match container {
            Container::Object => " NOT IN ('object', 'null')",
            Container::Array => " NOT IN ('array', 'null')",
        });
        separator = " OR ";
    }
    for (path, index) in &plan.elements {
        let array = Place { document, path };
        write_sql!(
            w,
            separator,
            "coalesce(jsonb_array_length(CASE ",
            array.kind(w),
            " WHEN 'array' THEN ",
            array.value(w),
            " END), 0) < ",
            index.unsigned_abs()
        )?;
        separator = " OR ";
    }
    let is_checked = separator == " OR ";
    if is_checked {
        write_sql!(
            w,
            " THEN ('creole: no place for a change in the document: ' || coalesce(jsonb_typeof(",
            document,
            "), ''))::jsonb ELSE "
        )?;
    }
    Ok(is_checked)
}

/// The container at a path, or an empty one.
fn container_at<'a>(w: &mut SqlWriter<'a>, place: Place<'a>, container: Container) -> Result<()> {
    let empty = match container {
        Container::Object => "'{}'",
        Container::Array => "'[]'",
    };
    write_sql!(w, "coalesce(nullif(", place.value(w), ", 'null'), ", empty, ")")
}

/// What is at a path after a change.
fn value_of<'a>(w: &mut SqlWriter<'a>, place: Place<'a>, kind: &'a JsonChangeKind) -> Result<()> {
    match kind {
        JsonChangeKind::Set(value) => literal(w, value),
        JsonChangeKind::Insert(value) => write_sql!(w, "coalesce(", place.value(w), ", ", literal(w, value), ")"),
        JsonChangeKind::Append(value) => {
            write_sql!(
                w,
                "(",
                container_at(w, place, Container::Array),
                " || jsonb_build_array(",
                literal(w, value),
                "))"
            )
        }
        JsonChangeKind::Merge(patch) => merged(w, patch.level(), &|w| place.value(w)),
        JsonChangeKind::Remove => Ok(()),
    }
}

/// `ARRAY['ui', 'scale']`
fn text_array<'a>(w: &mut SqlWriter<'a>, path: &'a [JsonStep]) -> Result<()> {
    write_sql!(
        w,
        "ARRAY[",
        w.commas(path, |w, step| match step {
            JsonStep::Key(_) => step.write_key(w),
            JsonStep::Index(index) => {
                w.text_literal(&index.to_string());
                Ok(())
            }
        }),
        "]"
    )
}

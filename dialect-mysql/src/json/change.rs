//! Changing parts of documents.

use creole_core::sql::{
    Container, Expr, JsonChange, JsonChangeKind, JsonLiteral, JsonPatch, JsonPlan, JsonStep, Precedence, SqlWriter,
    Typing,
};
use creole_core::types::{ColumnType, JsonRef, Value, ValueRef};
use creole_core::{Error, Result, write_sql};

use super::path::Place;
use crate::dialect::Flavor;

/// A document that is changed.
#[derive(Clone, Copy)]
pub(super) struct Change<'a> {
    document: &'a Expr,
    flavor: Flavor,
}

impl<'a> Change<'a> {
    pub(super) fn new(document: &'a Expr, flavor: Flavor) -> Change<'a> {
        Change { document, flavor }
    }

    /// Writes the document with changes made to it.
    pub(super) fn write(self, w: &mut SqlWriter<'a>, changes: &'a [JsonChange]) -> Result<()> {
        let plan = JsonPlan::new(changes)?;
        // MariaDB would make NULL of a document that nests too deeply.
        changes.iter().try_for_each(|change| change.check_depth(self.flavor.deepest_json()))?;
        let is_checked = self.open_checks(w, &plan)?;
        for change in plan.changes.iter().rev().filter(|change| !change.path.is_empty()) {
            w.push(match change.kind {
                JsonChangeKind::Set(_) | JsonChangeKind::Append(_) | JsonChangeKind::Merge(_) => "JSON_SET(",
                JsonChangeKind::Insert(_) => "JSON_INSERT(",
                JsonChangeKind::Remove => "JSON_REMOVE(",
            });
        }
        let mut inner = plan.parents.iter().filter(|(path, _)| !path.is_empty());
        for _ in inner.clone() {
            w.push("JSON_SET(");
        }
        match (changes, plan.parents.first()) {
            ([JsonChange { path, kind }], _) if path.is_empty() => self.whole(w, kind)?,
            (_, Some(([], container))) => container_at(w, &self.at(&[]), *container)?,
            _ => w.expr(self.document, Precedence::Operand)?,
        }
        inner.try_for_each(|(path, container)| {
            let place = self.at(path);
            write_sql!(w, ", ", place.path(w), ", ", container_at(w, &place, *container), ")")?;
            Ok::<_, Error>(())
        })?;
        for change in plan.changes.iter().filter(|change| !change.path.is_empty()) {
            let place = self.at(&change.path);
            w.push(", ");
            match &change.kind {
                JsonChangeKind::Set(value) | JsonChangeKind::Insert(value) => {
                    write_sql!(w, place.path(w), ", ", self.flavor.write_json_literal(w, value), ")")?;
                }
                JsonChangeKind::Append(value) => write_sql!(w, place.path(w), ", ", appended(w, &place, value), ")")?,
                JsonChangeKind::Merge(patch) => write_sql!(w, place.path(w), ", ", merged(w, &place, patch), ")")?,
                JsonChangeKind::Remove => write_sql!(w, removed(w, &place), ")")?,
            }
        }
        w.write(if is_checked { " END" } else { "" })
    }

    /// The document itself after a change.
    fn whole(self, w: &mut SqlWriter<'a>, kind: &'a JsonChangeKind) -> Result<()> {
        match kind {
            JsonChangeKind::Set(value) => self.flavor.write_json_literal(w, value),
            JsonChangeKind::Insert(value) => {
                write_sql!(w, "coalesce(", self.document, ", ", self.flavor.write_json_literal(w, value), ")")
            }
            JsonChangeKind::Append(value) => appended(w, &self.at(&[]), value),
            JsonChangeKind::Merge(patch) => merged(w, &self.at(&[]), patch),
            JsonChangeKind::Remove => Ok(()),
        }
    }

    /// Where something is in the way of a change, a number becomes larger than there are numbers.
    fn open_checks(self, w: &mut SqlWriter<'a>, plan: &JsonPlan<'a>) -> Result<bool> {
        let mut separator = "CASE WHEN ";
        for (path, container) in &plan.containers {
            w.push(separator);
            self.at(path).raw_kind(w)?;
            w.push(match container {
                Container::Object => " NOT IN ('OBJECT', 'NULL')",
                Container::Array => " NOT IN ('ARRAY', 'NULL')",
            });
            separator = " OR ";
        }
        for (path, index) in &plan.elements {
            let array = self.at(path);
            write_sql!(
                w,
                separator,
                "coalesce(",
                array.of_kind(w, "ARRAY", "JSON_LENGTH"),
                ", 0) < ",
                index.unsigned_abs()
            )?;
            separator = " OR ";
        }
        let is_checked = separator == " OR ";
        if is_checked {
            write_sql!(
                w,
                if self.flavor == Flavor::MySql { " THEN CAST(" } else { " THEN " },
                "18446744073709551615 + (",
                w.expr(self.document, Precedence::Operand),
                " IS NULL) + (",
                w.expr(self.document, Precedence::Operand),
                " IS NOT NULL)",
                if self.flavor == Flavor::MySql { " AS JSON) ELSE " } else { " ELSE " }
            )?;
        }
        Ok(is_checked)
    }

    fn at(self, path: &'a [JsonStep]) -> Place<'a> {
        Place::new(self.document, path, self.flavor)
    }
}

/// The path of what is removed. The first and the last element of what is no array would be the value itself, so where
/// there is none the path leads nowhere.
fn removed<'a>(w: &mut SqlWriter<'a>, place: &Place<'a>) -> Result<()> {
    place.sure_path(w, " ELSE '$[2147483647]'")
}

/// The container at a path, or an empty one. To MariaDB what comes of CASE is a text, and what comes of JSON_EXTRACT a
/// document.
fn container_at<'a>(w: &mut SqlWriter<'a>, place: &Place<'a>, container: Container) -> Result<()> {
    write_sql!(
        w,
        if place.flavor == Flavor::MariaDb { "JSON_EXTRACT(" } else { "" },
        "CASE coalesce(",
        place.raw_kind(w)
    )?;
    w.push(match container {
        Container::Object => ", 'NULL') WHEN 'NULL' THEN JSON_OBJECT() ELSE ",
        Container::Array => ", 'NULL') WHEN 'NULL' THEN JSON_ARRAY() ELSE ",
    });
    write_sql!(w, place.value(w), " END", if place.flavor == Flavor::MariaDb { ", '$')" } else { "" })
}

fn appended<'a>(w: &mut SqlWriter<'a>, place: &Place<'a>, value: &'a JsonLiteral) -> Result<()> {
    write_sql!(
        w,
        "JSON_ARRAY_APPEND(",
        container_at(w, place, Container::Array),
        ", '$', ",
        place.flavor.write_json_literal(w, value),
        ")"
    )
}

/// What is at a path after a merge. MariaDB loses keys where a patch takes one out beside others, so there each is taken out
/// by a patch of its own.
fn merged<'a>(w: &mut SqlWriter<'a>, place: &Place<'a>, patch: &'a JsonPatch) -> Result<()> {
    let patches = |w: &mut SqlWriter<'a>| match place.flavor {
        Flavor::MySql => {
            write_sql!(w, ", ", w.bind(ValueRef::Json(JsonRef::Tree(patch.tree())), ColumnType::Json, Typing::Cast))
        }
        Flavor::MariaDb => patch.steps().into_iter().try_for_each(|step| {
            write_sql!(w, ", ", w.bind_owned(Value::Json(Box::new(step)), ColumnType::Json, Typing::Cast))
        }),
    };
    write_sql!(w, "JSON_MERGE_PATCH(coalesce(", place.value(w), ", JSON_OBJECT())", patches(w), ")")
}

impl Flavor {
    /// A value of a document, as a document.
    fn write_json_literal<'a>(self, w: &mut SqlWriter<'a>, value: &'a JsonLiteral) -> Result<()> {
        let (open, close) = match self {
            Flavor::MySql => ("CAST(", " AS JSON)"),
            Flavor::MariaDb => ("JSON_EXTRACT(", ", '$')"),
        };
        match value {
            JsonLiteral::Null => write_sql!(w, open, "'null'", close),
            JsonLiteral::Bool(true) => write_sql!(w, open, "'true'", close),
            JsonLiteral::Bool(false) => write_sql!(w, open, "'false'", close),
            JsonLiteral::Text(_) | JsonLiteral::Number(_) | JsonLiteral::Document(_) | JsonLiteral::Invalid(_) => {
                match self {
                    Flavor::MySql => value.bind(w),
                    Flavor::MariaDb => write_sql!(w, open, value.bind(w), close),
                }
            }
        }
    }
}
